import type { Command } from './command.ts'
import { parseChoice, usageError } from './command.ts'

const names = 'run explain bench completion'
const runOptions = '--set --var --format --parallelism --limit --summary --verbose --help'

const scripts = {
  bash: `_rheo() {
  local word="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "${names}" -- "$word"))
  elif [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W "${runOptions}" -- "$word"))
  elif [ "\${COMP_WORDS[COMP_CWORD-1]}" = "--format" ]; then COMPREPLY=($(compgen -W "table changelog json csv" -- "$word"))
  else COMPREPLY=($(compgen -f -- "$word")); fi
}
complete -o filenames -F _rheo rheo
`,
  zsh: `#compdef rheo
_rheo() {
  if (( CURRENT == 2 )); then compadd ${names}
  elif [[ $words[CURRENT] == -* ]]; then compadd -- ${runOptions}
  elif [[ $words[CURRENT-1] == --format ]]; then compadd table changelog json csv
  else _files; fi
}
compdef _rheo rheo
`,
  fish: `complete -c rheo -n __fish_use_subcommand -f -a "${names}"
complete -c rheo -l format -x -a "table changelog json csv"
complete -c rheo -l set -x
complete -c rheo -l var -x
complete -c rheo -l parallelism -x
`,
} as const

export const completionCommand: Command = {
  name: 'completion',
  operands: 'bash|zsh|fish',
  summary: 'prints a script that completes rheo in a shell',
  options: {},
  examples: ['source <(rheo completion bash)'],
  run({ operands }) {
    const [shell] = operands
    if (shell === undefined) throw usageError('Cannot print a completion script: the shell is missing, wanted is bash, zsh or fish')
    process.stdout.write(scripts[parseChoice('completion', shell, ['bash', 'zsh', 'fish'])])
    return Promise.resolve(0)
  },
}

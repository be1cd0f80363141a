import type { Command } from './command.ts'
import { parseChoice, usageError } from './command.ts'

const shells = ['bash', 'zsh', 'fish'] as const

/** The command that prints a completion script for the given commands and itself. */
export function completionOf(commands: readonly Command[]): Command {
  return {
    name: 'completion',
    operands: shells.join('|'),
    summary: 'prints a script that completes rheo in a shell',
    options: {},
    examples: ['source <(rheo completion bash)', 'rheo completion fish > ~/.config/fish/completions/rheo.fish'],
    run({ operands }) {
      const [shell] = operands
      if (shell === undefined) throw usageError('Cannot print a completion script: the shell is missing, wanted is bash, zsh or fish')
      process.stdout.write(scripts[parseChoice('completion', shell, shells)](commands))
      return Promise.resolve(0)
    },
  }
}

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const

const namesOf = (commands: readonly Command[]): string => [...commands.map(({ name }) => name), 'completion'].join(' ')

const optionsOf = (command: Command): string => [...Object.keys(command.options), 'help'].map((name) => `--${name}`).join(' ')

/** The words that may follow an option: those of `table|csv`, nothing for a free value. */
function choicesOf(commands: readonly Command[]): readonly (readonly [string, string])[] {
  const choices = new Map<string, string>()
  for (const { options } of commands)
    for (const [name, { value }] of Object.entries(options))
      if (value !== undefined && /^[a-z]+(?:\|[a-z]+)+$/.test(value)) choices.set(`--${name}`, value.replaceAll('|', ' '))
  return [...choices]
}

function bashScript(commands: readonly Command[]): string {
  const choices = choicesOf(commands).map(([option, words]) => `    ${option}) COMPREPLY=($(compgen -W "${words}" -- "$word")); return ;;`)
  const options = commands.map((command) => `      ${command.name}) COMPREPLY=($(compgen -W "${optionsOf(command)}" -- "$word")) ;;`)
  return `_rheo() {
  local word="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "${namesOf(commands)}" -- "$word")); return; fi
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
${choices.join('\n')}
    completion) COMPREPLY=($(compgen -W "${shells.join(' ')}" -- "$word")); return ;;
  esac
  if [[ "$word" == -* ]]; then
    case "\${COMP_WORDS[1]}" in
${options.join('\n')}
    esac
  else COMPREPLY=($(compgen -f -- "$word")); fi
}
complete -o filenames -F _rheo rheo
`
}

function zshScript(commands: readonly Command[]): string {
  const choices = choicesOf(commands).map(([option, words]) => `    ${option}) compadd ${words}; return ;;`)
  const options = commands.map((command) => `      ${command.name}) compadd -- ${optionsOf(command)} ;;`)
  return `#compdef rheo
_rheo() {
  if (( CURRENT == 2 )); then compadd ${namesOf(commands)}; return; fi
  case $words[CURRENT-1] in
${choices.join('\n')}
    completion) compadd ${shells.join(' ')}; return ;;
  esac
  if [[ $words[CURRENT] == -* ]]; then
    case $words[2] in
${options.join('\n')}
    esac
  else _files; fi
}
compdef _rheo rheo
`
}

function fishScript(commands: readonly Command[]): string {
  const choices = new Map(choicesOf(commands))
  const quote = (text: string): string => `'${text.replaceAll("'", "\\'")}'`
  const lines = commands.flatMap((command) => [
    `complete -c rheo -n __fish_use_subcommand -f -a ${command.name} -d ${quote(command.summary)}`,
    ...Object.entries(command.options).map(([name, { type, doc }]) => {
      const words = choices.get(`--${name}`)
      const value = type === 'boolean' ? '' : words === undefined ? ' -x' : ` -x -a ${quote(words)}`
      return `complete -c rheo -n '__fish_seen_subcommand_from ${command.name}' -l ${name}${value} -d ${quote(doc)}`
    }),
  ])
  return [
    ...lines,
    'complete -c rheo -n __fish_use_subcommand -f -a completion',
    `complete -c rheo -n '__fish_seen_subcommand_from completion' -f -a ${quote(shells.join(' '))}`,
    '',
  ].join('\n')
}

import { type Command, type CommandArguments, parseChoice, parsePairs, usageError } from './command.ts'
import { formats, scriptOptions, settingsOf } from './run.ts'

export const sqlCommand: Command = {
  name: 'sql',
  operands: '',
  summary: 'an interactive shell; runs standard input when that is no terminal',
  options: {
    format: { type: 'string', value: formats.join('|'), doc: 'how rows are shown; default: tables, live where a query has no end' },
    init: { type: 'string', value: 'FILE', doc: 'a script that runs first' },
    history: { type: 'string', value: 'FILE|none', doc: 'where statements are kept (default: rheo/history below XDG_STATE_HOME)' },
    set: { type: 'string', multiple: true, value: 'KEY=VALUE', doc: 'a setting, as SET' },
    var: { type: 'string', multiple: true, value: 'NAME=VALUE', doc: 'replaces ${NAME}' },
    parallelism: scriptOptions.parallelism,
    verbose: scriptOptions.verbose,
  },
  topics: [
    {
      title: 'in the shell',
      rows: [
        ['statement;', 'runs; an open quote, parenthesis or missing ; goes on in the next line'],
        ['\\help', 'lists the commands: \\d tables, \\f functions, \\timing, \\o file, \\watch, \\chart, \\i file, \\q'],
        ['Tab, Ctrl-R', 'completes; searches older statements'],
        ['q, Ctrl-C', 'leaves a live table; c shows its changes'],
      ],
    },
    {
      title: 'exit status without a terminal',
      rows: [
        ['0', 'all went well'],
        ['1, 2, 3', 'as of rheo run, at the first mistake, which ends it unless \\set on-error continue'],
      ],
    },
  ],
  examples: ['rheo sql', 'rheo sql --init tables.sql --var DATA=./data', 'echo "SELECT 1;" | rheo sql --format json'],
  run,
}

async function run(args: CommandArguments): Promise<number> {
  const [operand] = args.operands
  if (operand !== undefined)
    throw usageError(`Cannot open "${operand}": rheo sql takes no file, wanted is --init ${operand}, or rheo run ${operand}`)
  const history = args.text('history')
  const format = args.text('format')
  // Loaded only here: other commands start without it.
  const { runInteractively, runStandardInput } = await import('./shell/start-shell.ts')
  const { defaultHistoryPath } = await import('./shell/history.ts')
  const isInteractive = process.stdin.isTTY && process.stdout.isTTY && process.env['TERM'] !== 'dumb'
  const start = isInteractive ? runInteractively : runStandardInput
  return start({
    settings: settingsOf(args),
    variables: parsePairs('--var', args.list('var')),
    format: format === undefined ? undefined : parseChoice('--format', format, formats),
    init: args.text('init'),
    historyPath: history === 'none' ? undefined : (history ?? defaultHistoryPath()),
    isVerbose: args.flag('verbose'),
  })
}

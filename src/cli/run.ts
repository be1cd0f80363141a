import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { suggestion } from '../base/nearest.ts'
import { externalError, RheoError, userError } from '../base/errors.ts'
import { engineSettings } from '../api/engine-settings.ts'
import { runScript, type ScriptQuery } from '../api/script.ts'
import { type Command, type CommandArguments, parseChoice, parsePairs, parseWholeNumber, usageError } from './command.ts'
import { exitStatus, nearPath, placeText, reportError } from './report-error.ts'
import { type ResultFormat, type ResultWriter, resultWriter } from './result-writer.ts'
import { StatusLine } from './status-line.ts'
import { statusText, summaryJson, summaryText } from './summary.ts'
import { expandVariables } from './variables.ts'

/** Of a terminal that does not tell its width. */
const DEFAULT_WIDTH = 80

export const formats = ['table', 'changelog', 'json', 'csv'] as const

export const scriptOptions = {
  set: { type: 'string', multiple: true, value: 'KEY=VALUE', doc: 'a setting, as SET in the script' },
  var: { type: 'string', multiple: true, value: 'NAME=VALUE', doc: 'replaces ${NAME} in the script' },
  parallelism: { type: 'string', value: 'N', doc: 'subtasks of an operator (parallelism.default)' },
  engine: { type: 'string', value: 'local', doc: 'where the job runs' },
  verbose: { type: 'boolean', doc: 'errors with their stack' },
} as const

export const runCommand: Command = {
  name: 'run',
  operands: 'FILE.sql|-',
  summary: 'runs the statements of a script; - reads it from standard input',
  options: {
    format: { type: 'string', value: formats.join('|'), doc: 'how rows are printed; default: table for a bounded query, else changelog' },
    limit: { type: 'string', value: 'N', doc: 'rows that a table on a terminal shows; 0: all (default 40)' },
    summary: { type: 'string', value: 'text|json|none', doc: 'the last line on standard error (default text)' },
    'checkpoint-dir': { type: 'string', value: 'DIR', doc: 'not there yet' },
    restore: { type: 'string', value: 'DIR|latest', doc: 'not there yet' },
    ...scriptOptions,
  },
  topics: [
    { title: 'keys of --set, besides those of Flink that SET takes', rows: engineSettings() },
    {
      title: 'exit status',
      rows: [
        ['0', 'done, or stopped by Ctrl-C'],
        ['1', 'a fault of Rheo'],
        ['2', 'a mistake in the script or the command line'],
        ['3', 'a failure outside: bad data, a missing file, a full disk'],
      ],
    },
  ],
  examples: [
    'rheo run examples/flights.sql',
    'rheo run job.sql --var DATA=./data --format json > changes.jsonl',
    'echo "SELECT UPPER(\'hello\') AS greeting" | rheo run -',
  ],
  run,
}

async function run(args: CommandArguments): Promise<number> {
  refuseWhatIsNotThere(args)
  const { file, text } = readScript(args)
  const script = expandVariables(text, file, parsePairs('--var', args.list('var')))
  const format = args.text('format') === undefined ? undefined : parseChoice('--format', args.text('format') ?? '', formats)
  const limit = parseWholeNumber('--limit', args.text('limit') ?? '40', 0)
  const summaryForm = parseChoice('--summary', args.text('summary') ?? 'text', ['text', 'json', 'none'] as const)
  const { stdout, stderr } = process
  let status: StatusLine | undefined
  const write = (stream: 'out' | 'error', bytes: Uint8Array): void => {
    const print = (): void => void (stream === 'out' ? stdout : stderr).write(bytes)
    if (status === undefined) print()
    else status.around(print)
  }
  const writerOf = (query: ScriptQuery, timeZone: string): ResultWriter =>
    resultWriter(query, {
      format: format ?? defaultFormat(query),
      timeZone,
      terminalWidth: stdout.isTTY ? stdout.columns || DEFAULT_WIDTH : undefined,
      limit,
      output: (bytes) => write('out', bytes),
    })

  const warn = (warning: RheoError): void => {
    const inFile = script.inFile(warning) as RheoError
    write('error', Buffer.from(`${placeText(inFile.place)}: ${inFile.message}  [warning]\n`))
  }
  const running = runScript(script.text, { source: file, settings: settingsOf(args), output: write, warn, writerOf })
  const stopOnSignal = signalHandler(() => void running.stop().catch(() => undefined))
  if (stderr.isTTY && process.env['TERM'] !== 'dumb') status = new StatusLine(() => statusText(running.metrics()))
  try {
    const { summary, isStopped, jobCount } = await running.done
    status?.close()
    status = undefined
    for (const { place, message } of summary.badRecordSamples)
      stderr.write(`${nearPath(place.source ?? '')}:${place.line ?? ''}: ${message}  [bad record]\n`)
    if (jobCount > 0 && summaryForm === 'text') stderr.write(`${summaryText(summary, isStopped)}\n`)
    if (summaryForm === 'json') stderr.write(`${summaryJson(summary, isStopped)}\n`)
    return 0
  } catch (error) {
    status?.close()
    const inFile = script.inFile(error)
    if (!(inFile instanceof RheoError)) throw inFile
    const report = { isVerbose: args.flag('verbose'), isTerminal: stderr.isTTY, scripts: new Map([[file, text]]) }
    stderr.write(reportError(inFile, report))
    return exitStatus(inFile)
  } finally {
    stopOnSignal()
  }
}

function defaultFormat(query: ScriptQuery): ResultFormat {
  return query.isBounded ? 'table' : 'changelog'
}

/** `--set` and `--parallelism` as settings. */
export function settingsOf(args: CommandArguments): ReadonlyMap<string, string> {
  const settings = new Map(parsePairs('--set', args.list('set')))
  const parallelism = args.text('parallelism')
  if (parallelism !== undefined) settings.set('parallelism.default', String(parseWholeNumber('--parallelism', parallelism, 1)))
  return settings
}

/** The script that the command names, with the name by which messages call it. */
export function readScript(args: CommandArguments): { readonly file: string; readonly text: string } {
  const [file, another] = args.operands
  if (file === undefined) throw usageError('Cannot run: the script is missing, wanted is rheo run FILE.sql, or - for standard input')
  if (another !== undefined) throw usageError(`Cannot run "${another}" as well: wanted is one script`)
  if (/\.[mc]?[tj]s$/.test(file)) {
    throw userError(
      'unsupported/program',
      `Cannot run "${file}": programs are not run yet; a program may use Session from the package itself`,
    )
  }
  try {
    // An editor's byte order mark is no part of the script.
    const text = readFileSync(file === '-' ? 0 : file, 'utf8').replace(/^\uFEFF/, '')
    return { file: file === '-' ? '<stdin>' : file, text }
  } catch (error) {
    throw unreadable(file, error)
  }
}

function unreadable(file: string, error: unknown): RheoError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const cannot = `Cannot read the script "${file}"`
  if (code === 'EISDIR') return externalError('file/failed', `${cannot}: it is a folder, wanted is a file`, undefined, error)
  if (code === 'EACCES') return externalError('file/denied', `${cannot}: this user may not`, undefined, error)
  if (code !== 'ENOENT')
    return externalError('file/failed', `${cannot}: ${error instanceof Error ? error.message : String(error)}`, undefined, error)
  const folder = dirname(file)
  const near = existsSync(folder) ? suggestion(basename(file), readdirSync(folder)) : ''
  return externalError('file/not-found', `${cannot}: there is no such file${near}`, undefined, error)
}

function refuseWhatIsNotThere(args: CommandArguments): void {
  const engine = args.text('engine') ?? 'local'
  if (engine !== 'local') {
    if (!/^(flink|spark)=/.test(engine)) throw usageError(`Cannot understand "--engine ${engine}": wanted is local, flink=URL or spark=URL`)
    throw userError('unsupported/engine', `Cannot run on "${engine}": clusters are not reached yet, wanted is --engine local`)
  }
  for (const name of ['checkpoint-dir', 'restore']) {
    if (args.flag(name)) throw userError('unsupported/checkpoint', `Cannot use "--${name}": jobs are not stored on disk yet`)
  }
}

/** The first Ctrl-C or SIGTERM stops cleanly, the second at once. Returns what takes the handlers away. */
function signalHandler(stop: () => void): () => void {
  let count = 0
  const onSignal = (signal: NodeJS.Signals): void => {
    count++
    if (count > 1) process.exit(signal === 'SIGINT' ? 130 : 143)
    stop()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return () => {
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
  }
}

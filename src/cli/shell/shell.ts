import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { extname } from 'node:path'
import { styleText } from 'node:util'
import { externalError, RheoError, userError } from '../../base/errors.ts'
import { suggestion } from '../../base/nearest.ts'
import type { FunctionDoc } from '../../api/function-docs.ts'
import type { JobSummary } from '../../api/index.ts'
import type { RunningScript, ScriptQuery } from '../../api/script.ts'
import { type ListedTable, ScriptSession } from '../../api/script-session.ts'
import { countText } from '../count-text.ts'
import { exitStatus, nearPath, placeText, reportError } from '../report-error.ts'
import { type ResultFormat, type ResultWriter, resultWriter, type ShownTable } from '../result-writer.ts'
import { StatusLine } from '../status-line.ts'
import { statusText, summaryText } from '../summary.ts'
import { drawTable, type TableCells, type TableColumn } from '../table-text.ts'
import { visibleBytes, visibleLines } from '../terminal-text.ts'
import { expandVariables } from '../variables.ts'
import { type Chart, withChart } from './chart.ts'
import { type CommandHost, runCommand } from './commands.ts'
import { resolved } from './complete-path.ts'
import type { ShellTerminal } from './shell-terminal.ts'
import { ShellOptions } from './shell-options.ts'
import { type ScriptPart, StatementReader } from './statement-reader.ts'

/** Scripts that run scripts, at most. */
const MAX_DEPTH = 16

/** Texts that are kept for messages about what they made. */
const MAX_TEXTS = 200

const RESULT_MODE = 'sql-client.execution.result-mode'

export interface ShellSetup {
  readonly settings: ReadonlyMap<string, string>
  readonly variables: ReadonlyMap<string, string>
  readonly format: ResultFormat | undefined
  /** Absent: input and output are no terminal. */
  readonly terminal: ShellTerminal | undefined
  readonly isVerbose: boolean
  /** Somebody types, and sees each mistake. */
  readonly isPerson: boolean
}

interface Source {
  /** As messages call it. */
  readonly name: string
  /** Files that run inside of files. */
  readonly depth: number
}

/** What is typed at the prompt. */
export const TYPED: Source = { name: 'sql', depth: 0 }

/** Runs statements and commands one after another, in one session, and shows what they give. */
export class Shell implements CommandHost {
  readonly session: ScriptSession
  readonly options: ShellOptions
  chart: Chart | undefined
  isQuitting = false
  readonly #setup: ShellSetup
  readonly #texts = new Map<string, string>()
  #output: { readonly path: string; readonly file: number } | undefined
  #status: StatusLine | undefined
  #lastQuery: string | undefined
  #lastTable: { readonly shown: ShownTable; readonly footer: string } | undefined
  #lastStatement = ''
  #textCount = 0
  #running: RunningScript | undefined
  #interrupts = 0
  #edited: string | undefined

  constructor(setup: ShellSetup) {
    this.#setup = setup
    this.options = new ShellOptions(setup.variables, setup)
    this.session = new ScriptSession({
      settings: setup.settings,
      output: (stream, bytes) => this.#write(stream, setup.terminal === undefined ? bytes : visibleBytes(bytes)),
    })
  }

  // --- running ---

  /** @returns 0, or the exit status of the first failure; what follows it does not run. */
  async runText(text: string, source: Source): Promise<number> {
    const reader = new StatementReader((statements) => this.session.endOfStatements(statements))
    const parts = [...text.split('\n').flatMap((line) => reader.push(line)), ...reader.end()]
    return this.runParts(parts, source, text)
  }

  /** @param text The whole text, whose lines messages show. */
  async runParts(parts: readonly ScriptPart[], source: Source, text: string): Promise<number> {
    let status = 0
    for (const part of parts) {
      if (this.isQuitting) break
      const began = performance.now()
      const failed = part.kind === 'command' ? await this.#runCommand(part, source, text) : await this.#runSql(part, source, text)
      if (this.isTiming && part.kind === 'sql') this.#note(`Time: ${durationText(performance.now() - began)}\n`)
      status = status === 0 ? failed : status
      if (failed !== 0 && this.options.stopsOnError) break
    }
    return status
  }

  async #runCommand(part: ScriptPart, source: Source, text: string): Promise<number> {
    this.#depth = source.depth
    try {
      await runCommand(this, part.text)
      return this.#commandStatus()
    } catch (error) {
      const position = { offset: 0, length: part.text.length, line: part.line, column: 1 }
      const told = error instanceof RheoError && source !== TYPED ? error.at({ source: source.name, position }) : error
      this.#report(told, new Map([[source.name, text]]))
      return exitStatus(error)
    }
  }

  #depth = 0
  #innerStatus = 0

  /** The status of the statements that a command ran. */
  #commandStatus(): number {
    const status = this.#innerStatus
    this.#innerStatus = 0
    return status
  }

  async #runSql(part: ScriptPart, source: Source, text: string): Promise<number> {
    // Lines before the part keep their number, so that places are those of the whole text.
    const padded = '\n'.repeat(part.line - 1) + part.text
    const name = source === TYPED ? `${TYPED.name}-${++this.#textCount}` : source.name
    this.#remember(name, text)
    this.#lastStatement = part.text.trim()
    let inFile = (error: unknown): unknown => error
    try {
      const script = expandVariables(padded, name, this.options.variables)
      inFile = (error) => script.inFile(error)
      const shown = (error: unknown): unknown => (error instanceof RheoError && source === TYPED ? namedShort(error, name) : error)
      await this.#runJob(script.text, { source: name, inFile: (error) => shown(inFile(error)) })
      return 0
    } catch (error) {
      // A fault of our own is told too, and is no reason to lose the session.
      const told = inFile(error)
      if (told instanceof RheoError && told.code === 'job/aborted' && this.#interrupts > 0) return 0
      this.#report(
        source === TYPED && told instanceof RheoError ? namedShort(told, name) : told,
        new Map([...this.#texts, [TYPED.name, text]]),
      )
      return exitStatus(told)
    } finally {
      this.#interrupts = 0
    }
  }

  async #runJob(sql: string, { source, inFile }: { readonly source: string; readonly inFile: (error: unknown) => unknown }): Promise<void> {
    const { terminal } = this.#setup
    let view: ReturnType<ShellTerminal['liveView']> | undefined
    this.#interrupts = 0
    const running = this.session.run(sql, {
      source,
      writerOf: (query, timeZone) => {
        if (!query.isText) this.#lastQuery = query.text
        if (terminal !== undefined && this.#isLive(query)) {
          this.#endStatus()
          view = terminal.liveView(query, {
            timeZone,
            chart: this.chart,
            shows: this.session.setting(RESULT_MODE) === 'changelog' ? 'changes' : 'table',
            metrics: () => running.metrics(),
          })
          return view
        }
        return this.#writerFor(query, timeZone)
      },
      warn: (warning) => {
        const told = inFile(warning)
        if (!(told instanceof RheoError)) return
        this.#endStatus()
        process.stderr.write(`${placeText(told.place)}: ${visibleLines(told.message)}  [warning]\n`)
      },
      onDone: ({ kind, summary }) => {
        this.#endStatus()
        this.#tell(kind, summary)
      },
    })
    this.#running = running
    const stopKeys = terminal?.keys((key) => {
      if (view !== undefined) {
        if (view.press(key) === 'leave') this.interrupt()
        return 'taken'
      }
      if (key.name === 'hangup') this.isQuitting = true
      else if (!key.ctrl || key.name !== 'c') return 'left'
      this.interrupt()
      return 'taken'
    })
    if (terminal?.hasStatusLine === true) this.#status = new StatusLine(() => `${statusText(running.metrics())}  Ctrl-C stops`)
    try {
      const { summary, isStopped, jobCount } = await running.done
      view?.close()
      this.#endStatus()
      if (jobCount > 0 && isStopped) this.#note(`${summaryText(summary, true)}\n`)
    } finally {
      view?.close()
      this.#endStatus()
      stopKeys?.()
      this.#running = undefined
    }
  }

  /** Stops what runs; the second time at once. */
  interrupt(): void {
    this.#interrupts++
    const running = this.#running
    if (this.#interrupts > 1) running?.abort()
    else running?.stop().catch(() => undefined)
  }

  get isRunning(): boolean {
    return this.#running !== undefined
  }

  #isLive(query: ScriptQuery): boolean {
    // Flink's own key: `tableau` prints changes one below the other.
    const isPrinted = this.session.setting(RESULT_MODE) === 'tableau'
    return !query.isBounded && !isPrinted && this.#output === undefined && this.options.format === undefined
  }

  #writerFor(query: ScriptQuery, timeZone: string): ResultWriter {
    const { terminal } = this.#setup
    const output = this.#output
    const format =
      this.options.format ?? (output === undefined ? undefined : formatOf(output.path)) ?? (query.isBounded ? 'table' : 'changelog')
    const isShown = terminal !== undefined && output === undefined
    let shown: ShownTable = { columns: [], rows: [] }
    return resultWriter(query, {
      format,
      timeZone,
      terminalWidth: isShown ? terminal.size().columns : undefined,
      limit: this.options.limit,
      output: (bytes) => (output === undefined ? this.#write('out', bytes) : void writeSync(output.file, bytes)),
      decorate: (table) => {
        shown = table
        return withChart(table, this.chart)
      },
      footer: (total, count) => {
        const footer = footerText(total, count)
        this.#lastTable = { shown, footer }
        return footer
      },
    })
  }

  /** One line about a statement that worked, for people only. */
  #tell(kind: 'query' | 'insert' | 'rows' | 'done', summary: JobSummary): void {
    for (const { place, message } of summary.badRecordSamples)
      process.stderr.write(visibleLines(`${nearPath(place.source ?? '')}:${place.line ?? ''}: ${message}  [bad record]\n`))
    if (this.#setup.terminal === undefined) return
    const { lateRows, badRecords, rowsOut } = summary
    const notes: string[] = []
    if (kind === 'done') notes.push('ok')
    if (kind === 'insert') notes.push(`${countText(rowsOut)} row${rowsOut === 1 ? '' : 's'} written`)
    if (lateRows > 0) notes.push(`${countText(lateRows)} late`)
    if (badRecords > 0) notes.push(`${countText(badRecords)} bad`)
    if (notes.length > 0) this.#note(`${notes.join(' · ')}\n`)
  }

  #remember(name: string, text: string): void {
    this.#texts.set(name, text)
    if (this.#texts.size > MAX_TEXTS) this.#texts.delete(this.#texts.keys().next().value ?? '')
  }

  // --- output ---

  #write(stream: 'out' | 'error', bytes: Uint8Array): void {
    const isTerminal = this.#setup.terminal !== undefined
    const print = (): void => void (stream === 'out' ? process.stdout : process.stderr).write(bytes)
    if (!isTerminal || this.#status === undefined) print()
    else this.#status.around(print)
  }

  /** Dim, on a terminal to the terminal, else to standard error. */
  #note(text: string): void {
    const { terminal } = this.#setup
    if (terminal === undefined) process.stderr.write(text)
    else process.stdout.write(styleText('dim', text))
  }

  #report(error: unknown, scripts: ReadonlyMap<string, string>): void {
    this.#endStatus()
    process.stderr.write(reportError(error, { isVerbose: this.#setup.isVerbose, isTerminal: this.#setup.terminal !== undefined, scripts }))
  }

  #endStatus(): void {
    this.#status?.close()
    this.#status = undefined
  }

  // --- what commands do ---

  tables(): readonly ListedTable[] {
    return this.session.tables()
  }

  functions(): readonly FunctionDoc[] {
    return this.session.functions()
  }

  print(text: string): void {
    process.stdout.write(this.#setup.terminal === undefined ? text : visibleLines(text))
  }

  printTable(columns: readonly TableColumn[], rows: readonly TableCells[]): void {
    const { terminal } = this.#setup
    if (terminal !== undefined) process.stdout.write(drawTable(columns, rows, { width: terminal.size().columns, useColour: true }))
    else
      process.stdout.write(
        [columns.map((column) => column.name), ...rows].map((row) => `${row.map((cell) => cell ?? 'NULL').join('\t')}\n`).join(''),
      )
  }

  async runSql(text: string): Promise<void> {
    this.#innerStatus = await this.runText(text, TYPED)
  }

  async runFile(path: string): Promise<void> {
    const depth = this.#depth + 1
    if (depth > MAX_DEPTH) throw userError('shell/depth', `Cannot run "${path}": scripts run each other ${MAX_DEPTH} deep already`)
    const text = readScript(path)
    this.#innerStatus = await this.runText(text, { name: path, depth })
    this.#depth = depth - 1
  }

  async watch(seconds: number): Promise<void> {
    const query = this.#lastQuery
    if (query === undefined) throw userError('shell/nothing', 'Cannot watch: no query has run yet, wanted is one before \\watch')
    const { terminal } = this.#setup
    if (terminal === undefined) {
      while (!this.isQuitting && this.#innerStatus === 0 && this.#interrupts === 0) {
        await this.runSql(query)
        await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
      }
      return
    }
    const show = async (width: number): Promise<string> => {
      let text = ''
      const running = this.session.run(query, {
        source: TYPED.name,
        writerOf: (shown, timeZone) => {
          if (!shown.isBounded) throw userError('shell/endless', 'Cannot watch the query: it has no end, and shows what is new by itself')
          return resultWriter(shown, {
            format: 'table',
            timeZone,
            terminalWidth: width,
            limit: this.options.limit,
            output: (bytes) => (text += Buffer.from(bytes).toString()),
            decorate: (table) => withChart(table, this.chart),
            footer: footerText,
          })
        },
      })
      await running.done
      return text
    }
    try {
      await terminal.watch(seconds, show)
    } catch (error) {
      this.#report(error, new Map([[TYPED.name, query]]))
      this.#innerStatus = exitStatus(error)
    }
  }

  async edit(path: string | undefined): Promise<void> {
    const { terminal } = this.#setup
    if (terminal === undefined) throw userError('shell/terminal', 'Cannot open an editor: there is no terminal')
    this.#edited = await terminal.edit(path === undefined ? { text: this.#lastStatement } : { path: resolved(path) })
  }

  /** What the editor gave, for the next prompt; once. */
  takeEdited(): string {
    const text = this.#edited ?? ''
    this.#edited = undefined
    return text
  }

  setOutput(path: string | undefined): void {
    if (this.#output !== undefined) closeSync(this.#output.file)
    this.#output = undefined
    if (path === undefined) return
    try {
      this.#output = { path, file: openSync(resolved(path), 'w') }
    } catch (error) {
      throw externalError(
        'file/failed',
        `Cannot write to "${path}": ${error instanceof Error ? error.message : String(error)}`,
        undefined,
        error,
      )
    }
  }

  redraw(): void {
    const last = this.#lastTable
    const { terminal } = this.#setup
    if (last === undefined || terminal === undefined) return
    const { columns, rows } = withChart(last.shown, this.chart)
    const names = last.shown.columns.map((column) => column.name)
    if (this.chart !== undefined && !names.includes(this.chart.column)) {
      this.#note(
        `The last result has no column "${this.chart.column}"${suggestion(this.chart.column, names)}; the next one that has it shows it\n`,
      )
      return
    }
    process.stdout.write(drawTable(columns, rows, { width: terminal.size().columns, useColour: true }) + last.footer)
  }

  /** Columns of numbers that could be drawn. */
  chartColumns(): readonly string[] {
    return this.#lastTable?.shown.columns.filter((column) => column.isNumber).map((column) => column.name) ?? []
  }

  listSettings(): readonly (readonly [string, string, string])[] {
    return this.options.list()
  }

  set(name: string, value: string): void {
    const note = this.options.set(name, value)
    if (note !== undefined) this.print(`${note}\n`)
  }

  unset(name: string): void {
    this.options.unset(name)
  }

  get isTiming(): boolean {
    return this.options.isTiming
  }

  set isTiming(isOn: boolean) {
    this.options.set('timing', isOn ? 'on' : 'off')
  }

  clear(): void {
    if (this.#setup.terminal !== undefined) process.stdout.write('\u001b[H\u001b[2J\u001b[3J')
  }

  quit(): void {
    this.isQuitting = true
  }

  close(): void {
    this.setOutput(undefined)
  }
}

/** `1:8` of what was typed just now is told as `sql:1:8`, whatever its number. */
function namedShort(error: RheoError, name: string): RheoError {
  if (error.place?.source !== name) return error
  return new RheoError(error.message, {
    code: error.code,
    domain: error.domain,
    cause: error.cause,
    place: { ...error.place, source: TYPED.name },
  })
}

function footerText(total: number, shown: number): string {
  const more = total - shown
  if (more > 0) return `… and ${countText(more)} more row${more === 1 ? '' : 's'} (\\set limit 0 shows all)\n`
  return `${styleText('dim', `${countText(total)} row${total === 1 ? '' : 's'}`)}\n`
}

function formatOf(path: string): ResultFormat | undefined {
  return ({ '.csv': 'csv', '.json': 'json', '.jsonl': 'json', '.ndjson': 'json' } as const)[extname(path).toLowerCase()]
}

function durationText(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(2)} s`
}

function readScript(path: string): string {
  try {
    return readFileSync(resolved(path), 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const reason = code === 'ENOENT' ? 'there is no such file' : error instanceof Error ? error.message : String(error)
    throw externalError(
      code === 'ENOENT' ? 'file/not-found' : 'file/failed',
      `Cannot read the script "${path}": ${reason}`,
      undefined,
      error,
    )
  }
}

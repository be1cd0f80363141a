import { readFileSync } from 'node:fs'
import { isAbsolute, relative } from 'node:path'
import { styleText } from 'node:util'
import { type ErrorPlace, RheoError } from '../base/errors.ts'
import { visible, visibleLines } from './terminal-text.ts'

export interface ReportOptions {
  readonly isVerbose: boolean
  /** On a terminal the line of SQL follows, with a mark under the place. */
  readonly isTerminal: boolean
  /** The SQL text by its path, when it was not read from that file (standard input, `--var`s replaced). */
  readonly scripts?: ReadonlyMap<string, string>
}

/** 2: the user's mistake; 3: an outside failure; 1: a fault of Rheo. */
export function exitStatus(error: unknown): number {
  if (!(error instanceof RheoError)) return 1
  return error.domain === 'user' ? 2 : error.domain === 'external' ? 3 : 1
}

/** `FILE:LINE:COLUMN: message  [code]`, the marked line on a terminal, the stack with --verbose. Ends with a line break. */
export function reportError(error: unknown, options: ReportOptions): string {
  if (!(error instanceof RheoError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return `Internal fault, please report it: ${text}  [internal/fault]\n`
  }
  const where = placeText(error.place)
  const code = options.isTerminal ? styleText('dim', `[${error.code}]`, { stream: process.stderr }) : `[${error.code}]`
  const message = options.isTerminal ? visibleLines(error.message) : error.message
  let report = `${where}${where === '' ? '' : ': '}${message}  ${code}\n`
  if (options.isTerminal) report += markedLine(error.place, options.scripts)
  if (options.isVerbose) {
    report += `${error.stack ?? ''}\n`
    if (error.cause instanceof Error) report += `caused by ${error.cause.stack ?? error.cause.message}\n`
  }
  return report
}

export function placeText(place: ErrorPlace | undefined): string {
  const { source, position, line } = place ?? {}
  if (position !== undefined) return `${source ?? 'sql'}:${position.line}:${position.column}`
  if (source === undefined) return ''
  return line === undefined ? nearPath(source) : `${nearPath(source)}:${line}`
}

/** A path below the current folder as it is seen from there. */
export function nearPath(path: string): string {
  if (!isAbsolute(path)) return path
  const near = relative(process.cwd(), path)
  return near === '' || near.startsWith('..') ? path : near
}

function markedLine(place: ErrorPlace | undefined, scripts: ReadonlyMap<string, string> | undefined): string {
  const { source, position } = place ?? {}
  if (position === undefined || source === undefined) return ''
  const line = scriptText(source, scripts)?.split('\n')[position.line - 1]
  if (line === undefined) return ''
  const number = String(position.line).padStart(5)
  const marks = '^'.repeat(Math.max(1, Math.min(position.length, line.length - position.column + 1)))
  return `${number} | ${visible(line)}\n      | ${' '.repeat(position.column - 1)}${styleText('red', marks, { stream: process.stderr })}\n`
}

function scriptText(source: string, scripts: ReadonlyMap<string, string> | undefined): string | undefined {
  const known = scripts?.get(source)
  if (known !== undefined) return known
  try {
    return readFileSync(source, 'utf8')
  } catch {
    return undefined
  }
}

import { unreachable } from '../base/assert.ts'
import type { Arena } from '../data/arena.ts'
import type { BatchBuffer } from '../data/batch-buffer.ts'
import { writeCell } from '../data/cells.ts'
import { parseDouble, trimControls } from '../data/number-text.ts'
import type { SqlType } from '../data/types.ts'
import { formatType } from '../data/types.ts'
import { decodeUtf8, utf8Bytes } from '../data/utf8.ts'
import type { SqlValue } from '../data/value.ts'
import { userError } from '../base/errors.ts'
import type { CsvSettings } from './csv-options.ts'
import { csvSettings } from './csv-options.ts'
import { parseBase64, parseJavaDecimal, parseJavaFloat, parseJavaInteger, parseJavaLong, quoteForMessage } from './field-text.ts'
import type { DecodeStop, Decoder, DecoderPath, DecoderSpec, RecordWindow } from './format.ts'
import {
  CR,
  LF,
  OversizedRecord,
  badField,
  fieldProblem,
  badRecord,
  dropsInvalidUtf8,
  notUtf8,
  setView,
  tooLong,
} from './record-decoder.ts'
import { ScanPlan, scannedField, skippedField } from './scan-plan.ts'
import { parseInstantText, parseIsoDate, parseIsoTime, parseTimestampText } from './temporal-text.ts'

const SPACE = 0x20
const HASH = 0x23

/** Whether quotes and escapes are to be taken out of a field: of an enclosed one, of one without quotes around it, or none. */
type Escapes = 'none' | 'quoted' | 'plain'

/**
 * Reads comma-separated values as Flink does with Jackson: a quote counts at the start of a field only, spaces belong to text, line breaks may
 * stand within quotes, a line without anything is one empty field.
 *
 * One pass over the bytes finds fields and the end of the record; only wanted fields are converted. Text is a view into the bytes, but where
 * doubled quotes or escapes have to go.
 */
export class CsvDecoder implements Decoder {
  state = 0
  badRecords = 0
  readonly #settings: CsvSettings
  readonly #arena: Arena
  readonly #bytes: Uint8Array
  readonly #plan: ScanPlan | undefined
  readonly #columnCount: number
  readonly #maxRecordBytes: number
  /** Of each declared column its number among the wanted ones, or -1; and of those the place in the batch. */
  readonly #targets: Int32Array
  readonly #indexes: readonly number[]
  readonly #fields: readonly FieldReader[]
  readonly #delimiter: Uint8Array
  readonly #quote: number
  readonly #escape: number
  readonly #nullLiteral: Uint8Array | undefined
  // The fields of the current record: where their bytes lie, and whether quotes or escapes are to be taken out.
  readonly #starts: number[] = []
  readonly #ends: number[] = []
  readonly #escapes: Escapes[] = []
  #recordEnd = 0
  readonly #oversized = new OversizedRecord()
  #isOversized = false
  #problem = ''
  readonly #recordStarts: number[] = []

  readonly #onBadRecord: DecoderSpec['onBadRecord']

  constructor(spec: DecoderSpec, path: DecoderPath = 'scanning') {
    this.#onBadRecord = spec.onBadRecord
    const settings = csvSettings(spec.options)
    this.#settings = settings
    this.#arena = spec.memory.arena
    this.#bytes = spec.memory.arena.u8
    this.#columnCount = spec.allColumns.length
    this.#maxRecordBytes = spec.maxRecordBytes
    this.#targets = Int32Array.from(spec.allColumns, ({ name }) => spec.columns.findIndex((column) => column.name === name))
    this.#indexes = spec.columns.map(({ index }) => index)
    this.#fields = spec.columns.map(({ name, type }) => fieldReader(name, type, settings))
    this.#delimiter = utf8Bytes(settings.delimiter)
    this.#quote = settings.quote?.charCodeAt(0) ?? -1
    this.#escape = settings.escape?.charCodeAt(0) ?? -1
    this.#nullLiteral = settings.nullLiteral === undefined ? undefined : utf8Bytes(settings.nullLiteral)
    if (path === 'scanning') this.#plan = csvPlan(spec, settings)
  }

  decode(window: RecordWindow, buffer: BatchBuffer, maxRows: number): DecodeStop {
    const plan = this.#plan
    if (plan === undefined) {
      for (;;) {
        const stop = this.#readNext(window, buffer, maxRows)
        if (stop !== undefined) return stop
      }
    }
    plan.begin(buffer)
    try {
      for (;;) {
        if (!this.#oversized.isOpen && !window.isStart) {
          plan.set(13, Math.min(window.invalidAt, 0xffffffff))
          const stop = plan.run(this.#arena.kernels.decodeCsv, window, buffer, maxRows)
          if (stop === 'full' || stop === 'block-end') return stop
        }
        const stop = this.#readNext(window, buffer, maxRows)
        if (stop !== undefined) return stop
      }
    } finally {
      plan.end(buffer)
    }
  }

  /** Reads one record by the general path. */
  #readNext(window: RecordWindow, buffer: BatchBuffer, maxRows: number): DecodeStop | undefined {
    const { batch } = buffer
    if (batch.rowCount >= maxRows) return 'full'
    const stop = this.#nextRecord(window)
    if (stop !== undefined) return stop
    const problem = dropsInvalidUtf8(window, this.#recordEnd) ? notUtf8 : this.#problem !== '' ? this.#problem : this.#arityProblem()
    if (problem !== '') {
      if (!this.#settings.ignoresErrors) throw badRecord(problem, 'csv')
      this.#countBad(window.position, problem)
    } else {
      const row = batch.rowCount
      if (this.#plan === undefined) this.#recordStarts[row] = window.position
      else this.#plan.setStart(row, window.position)
      this.#convert(buffer, row, window.position)
      batch.rowCount = row + 1
      batch.selectedCount = row + 1
    }
    this.#accept(window)
    return undefined
  }

  skip(window: RecordWindow): DecodeStop {
    for (;;) {
      const stop = this.#nextRecord(window)
      if (stop !== undefined) return stop
      this.#accept(window)
      if (window.invalidAt < window.position) window.revalidate(window.position)
    }
  }

  #accept(window: RecordWindow): void {
    window.position = this.#recordEnd
    if (this.#isOversized) this.#oversized.begin()
    this.#isOversized = false
  }

  recordStart(row: number): number {
    return this.#plan?.start(row) ?? this.#recordStarts[row] ?? 0
  }

  /** Goes to the next record and finds its fields; a stop when there is none in this block or window. */
  #nextRecord(window: RecordWindow): DecodeStop | undefined {
    if (!this.#oversized.finish(this.#arena, window)) return 'need-more'
    if (window.isStart && !this.#skipByteOrderMark(window)) return 'need-more'
    if (this.#settings.allowsComments && !this.#skipComments(window)) return 'need-more'
    if (window.position === window.end) return 'need-more'
    if (window.position >= window.blockEnd) return 'block-end'
    const isFound = this.#scan(window)
    if ((isFound ? this.#recordEnd : window.end) - window.position > this.#maxRecordBytes) {
      this.#recordEnd = window.position + this.#maxRecordBytes
      this.#problem = tooLong(this.#maxRecordBytes)
      this.#isOversized = true
      return undefined
    }
    return isFound ? undefined : 'need-more'
  }

  #skipByteOrderMark(window: RecordWindow): boolean {
    const { position, end } = window
    const bytes = this.#bytes
    if (position < end && bytes[position] !== 0xef) {
      window.isStart = false
      return true
    }
    if (end - position < 3) {
      if (window.isLast) window.isStart = false
      return window.isLast
    }
    window.isStart = false
    if (bytes[position + 1] === 0xbb && bytes[position + 2] === 0xbf) window.position += 3
    return true
  }

  /** Goes over comments, blank lines and the spaces at the start of a line; false when more bytes are needed to know where they end. */
  #skipComments(window: RecordWindow): boolean {
    const bytes = this.#bytes
    for (let at = window.position; at < window.end;) {
      const byte = bytes[at]
      if (byte === HASH) {
        let end = at
        while (end < window.end && bytes[end] !== LF && bytes[end] !== CR) end++
        if (end === window.end && !window.isLast) return false
        at = end
      } else if (byte === SPACE || byte === LF || byte === CR) at++
      else {
        window.position = at
        return true
      }
      window.position = at
    }
    return window.isLast
  }

  /** Finds the fields and the end of the record at `position`; false when its end is not in the window. */
  #scan(window: RecordWindow): boolean {
    const bytes = this.#bytes
    const end = window.end
    const quote = this.#quote
    this.#starts.length = 0
    this.#ends.length = 0
    this.#escapes.length = 0
    this.#problem = ''
    let at = window.position
    for (;;) {
      if (at < end && bytes[at] === quote) {
        const next = this.#scanQuoted(at + 1, window)
        if (next < 0) return false
        at = next
      } else {
        const start = at
        let escapes: Escapes = 'none'
        let byte = 0
        for (; at < end; at++) {
          byte = bytes[at]!
          if (byte === LF || byte === CR || (byte === this.#delimiter[0] && this.#isDelimiter(at, end))) break
          if (byte === this.#escape) {
            escapes = 'plain'
            at++
          }
        }
        if (at >= end && !window.isLast) return false
        if (at > end) this.#problem = 'an escape character ends it'
        this.#starts.push(start)
        this.#ends.push(Math.min(at, end))
        this.#escapes.push(escapes)
      }
      if (at >= end) {
        if (!window.isLast) return false
        this.#recordEnd = end
        return true
      }
      if (bytes[at] === LF) {
        this.#recordEnd = at + 1
        return true
      }
      if (bytes[at] === CR) {
        if (at + 1 === end && !window.isLast) return false
        this.#recordEnd = at + 1 < end && bytes[at + 1] === LF ? at + 2 : at + 1
        return true
      }
      at += this.#delimiter.length
    }
  }

  #isDelimiter(at: number, end: number): boolean {
    const delimiter = this.#delimiter
    if (delimiter.length === 1) return true
    if (at + delimiter.length > end) return false
    for (let i = 1; i < delimiter.length; i++) if (this.#bytes[at + i] !== delimiter[i]) return false
    return true
  }

  /** Adds the field whose opening quote stands before `from`; returns where its delimiter or the line end stands, -1 when that is not in the window. */
  #scanQuoted(from: number, window: RecordWindow): number {
    const bytes = this.#bytes
    const end = window.end
    const quote = this.#quote
    let escapes: Escapes = 'none'
    let at = from
    for (; ; at++) {
      if (at >= end) {
        if (!window.isLast) return -1
        this.#problem = 'a quote is not closed'
        this.#starts.push(from)
        this.#ends.push(end)
        this.#escapes.push(escapes)
        return end
      }
      const byte = bytes[at]
      if (byte === quote) {
        if (at + 1 === end && !window.isLast) return -1
        if (at + 1 === end || bytes[at + 1] !== quote) break
        escapes = 'quoted'
        at++
      } else if (byte === this.#escape) {
        escapes = 'quoted'
        at++
      }
    }
    this.#starts.push(from)
    this.#ends.push(at)
    this.#escapes.push(escapes)
    // Blanks may follow the closing quote, anything else is an error; the record goes on to the next delimiter all the same.
    for (at++; at < end; at++) {
      const byte = bytes[at]!
      if (byte === LF || byte === CR || (byte === this.#delimiter[0] && this.#isDelimiter(at, end))) return at
      if (byte > SPACE && this.#problem === '') {
        this.#problem = `field ${this.#starts.length} goes on after its closing quote with ${quoteForMessage(String.fromCharCode(byte))}`
      }
    }
    return window.isLast ? end : -1
  }

  #arityProblem(): string {
    const found = this.#starts.length
    const wanted = this.#columnCount
    if (found === wanted) return ''
    if (found < wanted) {
      return this.#settings.ignoresErrors
        ? ''
        : `it has ${fieldCount(found)} and wants ${wanted}; ${found === 1 ? `is 'csv.field-delimiter' right? Else set` : 'set'} 'csv.ignore-parse-errors' = 'true' to take the missing ones as NULL`
    }
    // One blank field behind the last is taken as a comma at the line's end.
    if (found === wanted + 1 && this.#text(wanted).trim() === '') return ''
    return `it has ${fieldCount(found)} and wants ${wanted} (field ${wanted + 1} holds ${quoteForMessage(this.#text(wanted))})`
  }

  #convert(buffer: BatchBuffer, row: number, start: number): void {
    const columns = buffer.batch.columns
    let problem = ''
    for (let i = 0; i < this.#columnCount; i++) {
      const target = this.#targets[i]!
      if (target < 0) continue
      const column = columns[this.#indexes[target]!]!
      const field = this.#fields[target]!
      if (i >= this.#starts.length || (!field.isNested && this.#isNull(i))) {
        writeCell(buffer, column, row, null)
      } else if (field.isText && this.#escapes[i] === 'none') {
        setView(buffer, column, row, this.#starts[i]!, this.#ends[i]! - this.#starts[i]!)
      } else {
        const text = this.#text(i)
        const value = field.read(text)
        if (value === undefined) {
          if (!this.#settings.ignoresErrors) throw badField('csv', field.name, text, field.type)
          if (problem === '') problem = fieldProblem(field.name, text, field.type)
        }
        writeCell(buffer, column, row, value ?? null)
      }
    }
    if (this.#starts.length < this.#columnCount) problem = `it has ${fieldCount(this.#starts.length)} and wants ${this.#columnCount}`
    if (problem !== '') this.#countBad(start, problem)
  }

  #countBad(address: number, reason: string): void {
    this.badRecords++
    this.#onBadRecord?.(address, reason)
  }

  #isNull(field: number): boolean {
    const literal = this.#nullLiteral
    if (literal === undefined) return false
    if (this.#escapes[field] !== 'none') return this.#text(field) === this.#settings.nullLiteral
    const start = this.#starts[field]!
    if (this.#ends[field]! - start !== literal.length) return false
    for (let i = 0; i < literal.length; i++) if (this.#bytes[start + i] !== literal[i]) return false
    return true
  }

  /** The text of a field, quotes and escapes taken out. */
  #text(field: number): string {
    const start = this.#starts[field]!
    const raw = decodeUtf8(this.#bytes, start, this.#ends[field]! - start)
    const escapes = this.#escapes[field]
    return escapes === 'none' ? raw : unescapeField(raw, escapes === 'quoted' ? this.#settings.quote : undefined, this.#settings.escape)
  }
}

/** What the kernel needs to know; undefined when an option or the type of a column is for the general path only. */
function csvPlan(spec: DecoderSpec, settings: CsvSettings): ScanPlan | undefined {
  const delimiter = settings.delimiter.charCodeAt(0)
  if (settings.escape !== undefined || settings.allowsComments || delimiter >= 0x80) return undefined
  const fields = spec.allColumns.map(({ name, type }) => {
    const column = spec.columns.find((wanted) => wanted.name === name)
    if (column === undefined) return skippedField
    return type.kind === 'ROW' ? undefined : scannedField(type, [name], column.index)
  })
  if (!fields.every((field) => field !== undefined)) return undefined
  const plan = new ScanPlan(spec.memory, fields)
  const literal = settings.nullLiteral === undefined ? undefined : utf8Bytes(settings.nullLiteral)
  plan.set(6, delimiter)
  plan.set(7, settings.quote?.charCodeAt(0) ?? 256)
  plan.set(11, literal === undefined ? 0 : plan.keep(literal))
  plan.set(12, literal?.length ?? 0)
  plan.set(14, spec.maxRecordBytes)
  return plan
}

function fieldCount(count: number): string {
  return count === 1 ? '1 field' : `${count} fields`
}

const escapedControls: Readonly<Record<string, string>> = { '0': '\0', n: '\n', r: '\r', t: '\t' }

function unescapeField(raw: string, quote: string | undefined, escape: string | undefined): string {
  let text = ''
  for (let i = 0; i < raw.length; i++) {
    const character = raw[i]!
    if (character === quote) i++
    else if (character === escape && i + 1 < raw.length) {
      i++
      text += escapedControls[raw[i]!] ?? raw[i]!
      continue
    }
    text += character
  }
  return text
}

interface FieldReader {
  readonly name: string
  readonly type: SqlType
  readonly isText: boolean
  /** ARRAY and ROW: NULL is decided for each element, never for the whole. */
  readonly isNested: boolean
  /** Undefined when the text does not fit. */
  readonly read: (text: string) => SqlValue | undefined
}

function fieldReader(name: string, type: SqlType, settings: CsvSettings): FieldReader {
  return {
    name,
    type,
    isText: type.kind === 'VARCHAR' || type.kind === 'CHAR',
    isNested: type.kind === 'ARRAY' || type.kind === 'ROW',
    read: textReader(name, type, settings),
  }
}

function textReader(name: string, type: SqlType, settings: CsvSettings): (text: string) => SqlValue | undefined {
  switch (type.kind) {
    case 'CHAR':
    case 'VARCHAR':
      return (text) => text
    case 'BOOLEAN':
      return (text) => {
        const word = trimControls(text).toLowerCase()
        return word === 'true' ? true : word === 'false' ? false : undefined
      }
    case 'TINYINT':
      return (text) => parseJavaInteger(text, 8)
    case 'SMALLINT':
      return (text) => parseJavaInteger(text, 16)
    case 'INTEGER':
    case 'INTERVAL_YEAR_MONTH':
      return (text) => parseJavaInteger(text, 32)
    case 'BIGINT':
    case 'INTERVAL_DAY_TIME':
      return parseJavaLong
    case 'FLOAT':
      return parseJavaFloat
    case 'DOUBLE':
      return parseDouble
    case 'DECIMAL':
      return (text) => parseJavaDecimal(text, type)
    case 'BINARY':
    case 'VARBINARY':
      return parseBase64
    case 'DATE':
      return parseSqlDate
    case 'TIME':
      return (text) => parseIsoTime(text, type.precision)
    case 'TIMESTAMP':
      return (text) => parseTimestampText(trimControls(text), 'SQL', type.precision)
    case 'TIMESTAMP_LTZ':
      return (text) => parseInstantText(trimControls(text), 'SQL', type.precision)
    case 'NULL':
      return () => null
    case 'ARRAY': {
      const read = nullable(elementReader(name, type.element, settings), settings)
      return (text) => all(splitElements(text, settings.elementDelimiter), read)
    }
    case 'ROW': {
      const reads = type.fields.map((field) => nullable(elementReader(`${name}.${field.name}`, field.type, settings), settings))
      return (text) => readRow(splitElements(text, settings.elementDelimiter), reads, settings)
    }
    case 'MAP':
    case 'MULTISET':
    case 'VARIANT':
    case 'BITMAP':
      throw notInCsv(name, type)
    default:
      return unreachable(type)
  }
}

/** `2024-1-5` and `2024-01-05`, a day that exists. */
function parseSqlDate(text: string): number | undefined {
  const parts = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text)
  return parts === null ? undefined : parseIsoDate(`${parts[1]}-${parts[2]!.padStart(2, '0')}-${parts[3]!.padStart(2, '0')}`)
}

type ElementReader = (text: string) => SqlValue | undefined

/** An element is NULL where it is the null literal, and where it does not fit but errors are ignored. */
function nullable(read: ElementReader, settings: CsvSettings): ElementReader {
  return (text) => {
    if (text === settings.nullLiteral) return null
    const value = read(text)
    return value === undefined && settings.ignoresErrors ? null : value
  }
}

/** The elements of a field; a blank one has none. */
function splitElements(text: string, delimiter: string): readonly string[] {
  if (delimiter === '') return [text]
  const elements = text.split(delimiter)
  return elements.length === 1 && text.trim() === '' ? [] : elements
}

function all(texts: readonly string[], read: ElementReader): SqlValue | undefined {
  const values: SqlValue[] = []
  for (const text of texts) {
    const value = read(text)
    if (value === undefined) return undefined
    values.push(value)
  }
  return values
}

function readRow(texts: readonly string[], reads: readonly ElementReader[], settings: CsvSettings): SqlValue | undefined {
  if (texts.length === 0) return null
  if (texts.length !== reads.length && !settings.ignoresErrors) return undefined
  const values: SqlValue[] = []
  for (const [i, read] of reads.entries()) {
    const text = texts[i]
    const value = text === undefined ? null : read(text)
    if (value === undefined) return undefined
    values.push(value)
  }
  return values
}

/** There is one delimiter of elements: what it parts holds no others. */
function elementReader(name: string, type: SqlType, settings: CsvSettings): ReturnType<typeof textReader> {
  if (type.kind === 'ARRAY' || type.kind === 'ROW') throw notInCsv(name, type)
  return textReader(name, type, settings)
}

function notInCsv(name: string, type: SqlType): Error {
  return userError(
    'sql/unsupported-type',
    `Cannot read column "${name}" from csv: its type is ${formatType(type)}, which csv cannot hold there`,
  )
}

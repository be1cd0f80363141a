import { unreachable } from '../base/assert.ts'
import { userError } from '../base/errors.ts'
import type { Arena } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { readCell } from '../data/cells.ts'
import { formatDate } from '../data/datetime.ts'
import { formatDouble, formatFloat } from '../data/number-text.ts'
import type { SqlType } from '../data/types.ts'
import { formatType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { CsvSettings } from './csv-options.ts'
import { csvSettings } from './csv-options.ts'
import { formatJavaDecimal } from './decimal-text.ts'
import type { Encoder, EncoderSpec } from './format.ts'
import { type KernelRows, kernelRows, type RowKernel } from './kernel-rows.ts'
import { instantText, isoTimeText, timestampText } from './temporal-writer.ts'

/** Longer texts are quoted without a look at them. */
const LONGEST_LOOK = 24

/** Writes rows as Flink does with Jackson, whose rule for quotes is coarse: any character that sorts below the delimiter, or 24 characters and more. */
export class CsvEncoder implements Encoder {
  readonly #arena: Arena
  readonly #settings: CsvSettings
  readonly #columns: readonly { readonly index: number; readonly format: (value: SqlValue) => string; readonly isQuotable: boolean }[]
  readonly #leastSafe: number
  /** Undefined where a setting is one that the kernel does not know. */
  readonly #rows: KernelRows | undefined

  constructor(spec: EncoderSpec) {
    this.#arena = spec.arena
    this.#settings = csvSettings(spec.options)
    this.#columns = spec.columns.map(({ name, type, index }) => ({
      index,
      format: fieldFormatter(name, type, this.#settings),
      isQuotable: !isBareKind(type),
    }))
    const { delimiter, quote } = this.#settings
    this.#leastSafe = Math.max(delimiter.charCodeAt(0), quote?.charCodeAt(0) ?? -1, 0x0a) + 1
    const kernel = csvKernel(spec.arena, this.#settings, this.#leastSafe)
    const columns = spec.columns.map(({ type }, i) => ({
      ...this.#columns[i]!,
      type,
      formatted: isBareKind(type) ? ('raw' as const) : ('text' as const),
      decimals: this.#settings.writesExponents ? ('scientific' as const) : ('plain' as const),
      endsWithZ: type.kind === 'TIMESTAMP_LTZ',
      name: noName,
    }))
    this.#rows = kernel && kernelRows(spec.arena, columns, kernel)
  }

  encodeRows(batch: Batch, from: number, to: number, out: ByteWriter, limitBytes: number): number {
    const next = this.#rows?.write(batch, from, to, out, limitBytes) ?? from
    if (next > from) return next
    const row = batch.selection === 0 ? from : this.#arena.i32[(batch.selection >>> 2) + from]!
    this.encode(batch, row, 0, out)
    return from + 1
  }

  encode(batch: Batch, row: number, _kind: number, out: ByteWriter): void {
    for (let i = 0; i < this.#columns.length; i++) {
      const { index, format, isQuotable } = this.#columns[i]!
      if (i > 0) out.text(this.#settings.delimiter)
      const value = readCell(this.#arena, batch.columns[index]!, row)
      if (value === null) out.text(this.#settings.nullLiteral ?? '')
      else if (isQuotable) out.text(this.#quoted(format(value)))
      else out.text(format(value))
    }
    out.byte(0x0a)
  }

  #quoted(text: string): string {
    const { quote, escape } = this.#settings
    if (quote === undefined || !this.#needsQuotes(text, escape)) return text
    const doubled = text.replaceAll(quote, quote + quote)
    return quote + (escape === undefined || escape === quote ? doubled : doubled.replaceAll(escape, escape + escape)) + quote
  }

  #needsQuotes(text: string, escape: string | undefined): boolean {
    if (text.length > LONGEST_LOOK) return true
    for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < this.#leastSafe || text[i] === escape) return true
    return false
  }
}

const noName = new Uint8Array(0)
const LONGEST_NULL = 256

/** The kernel `encodeCsv`, where it can write with such settings. */
function csvKernel(arena: Arena, settings: CsvSettings, leastSafe: number): RowKernel | undefined {
  const { delimiter, quote, escape, nullLiteral } = settings
  const nullText = Buffer.from(nullLiteral ?? '')
  if (delimiter.charCodeAt(0) > 0x7f || nullText.length > LONGEST_NULL) return undefined
  return {
    run: (context, from, to, limit) => arena.kernels.encodeCsv(context, from, to, limit),
    selection: 0,
    columns: 1,
    descriptors: 2,
    target: 9,
    roomEnd: 10,
    end: 11,
    descriptorBytes: 16,
    hasNames: false,
    prepare(context, text) {
      arena.u8.set(nullText, text)
      context[3] = delimiter.charCodeAt(0)
      context[4] = quote?.charCodeAt(0) ?? 0
      context[5] = escape?.charCodeAt(0) ?? 0
      context[6] = leastSafe
      context[7] = text
      context[8] = nullText.length
    },
  }
}

/** Numbers and booleans are never quoted. */
function isBareKind(type: SqlType): boolean {
  switch (type.kind) {
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
    case 'FLOAT':
    case 'DOUBLE':
    case 'DECIMAL':
    case 'INTERVAL_DAY_TIME':
    case 'INTERVAL_YEAR_MONTH':
      return true
    default:
      return false
  }
}

function fieldFormatter(name: string, type: SqlType, settings: CsvSettings): (value: SqlValue) => string {
  switch (type.kind) {
    case 'CHAR':
    case 'VARCHAR':
      return (value) => value as string
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
    case 'INTERVAL_DAY_TIME':
    case 'INTERVAL_YEAR_MONTH':
      return String
    case 'FLOAT':
      return (value) => formatFloat(value as number)
    case 'DOUBLE':
      return (value) => formatDouble(value as number)
    case 'DECIMAL':
      return (value) => formatJavaDecimal(value as bigint, type.scale, settings.writesExponents ? 'scientific' : 'plain')
    case 'BINARY':
    case 'VARBINARY':
      return (value) => Buffer.from(value as Uint8Array).toString('base64')
    case 'DATE':
      return (value) => formatDate(value as number)
    case 'TIME':
      return (value) => isoTimeText(value as number)
    case 'TIMESTAMP':
      return (value) => timestampText(value as bigint, 'SQL')
    case 'TIMESTAMP_LTZ':
      return (value) => instantText(value as bigint, 'SQL')
    case 'NULL':
      return () => settings.nullLiteral ?? ''
    case 'ARRAY': {
      const format = elementFormatter(name, type.element, settings)
      return (value) => (value as readonly SqlValue[]).map(format).join(settings.elementDelimiter)
    }
    case 'ROW': {
      const formats = type.fields.map((field) => elementFormatter(`${name}.${field.name}`, field.type, settings))
      return (value) => formats.map((format, i) => format((value as readonly SqlValue[])[i]!)).join(settings.elementDelimiter)
    }
    case 'MAP':
    case 'MULTISET':
    case 'VARIANT':
    case 'BITMAP':
      throw unsupported(name, type)
    default:
      return unreachable(type)
  }
}

function elementFormatter(name: string, type: SqlType, settings: CsvSettings): (value: SqlValue) => string {
  if (type.kind === 'ARRAY' || type.kind === 'ROW') throw unsupported(name, type)
  const format = fieldFormatter(name, type, settings)
  return (value) => (value === null ? (settings.nullLiteral ?? '') : format(value))
}

function unsupported(name: string, type: SqlType): Error {
  return userError(
    'sql/unsupported-type',
    `Cannot write column "${name}" as csv: its type is ${formatType(type)}, which csv cannot hold there`,
  )
}

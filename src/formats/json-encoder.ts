import { unreachable } from '../base/assert.ts'
import { externalError, userError } from '../base/errors.ts'
import type { Arena } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { readCell } from '../data/cells.ts'
import type { Column } from '../data/column.ts'
import { formatDate, formatTime } from '../data/datetime.ts'
import { quoteJson } from '../data/json-tree.ts'
import { formatDouble, formatFloat } from '../data/number-text.ts'
import type { RowField, SqlType } from '../data/types.ts'
import { formatType, types } from '../data/types.ts'
import type { SqlMap, SqlValue } from '../data/value.ts'
import type { ByteWriter } from './byte-writer.ts'
import { formatJavaDecimal } from './decimal-text.ts'
import type { Encoder, EncoderSpec } from './format.ts'
import type { JsonSettings } from './json-options.ts'
import { jsonSettings } from './json-options.ts'
import { type KernelRows, kernelRows, type RowKernel } from './kernel-rows.ts'
import { instantText, timestampText } from './temporal-writer.ts'

/** Writes each row as a JSON object in a line, as Flink does with Jackson. */
export class JsonEncoder implements Encoder {
  readonly #arena: Arena
  readonly #writer: JsonRowWriter
  readonly #rows: KernelRows | undefined

  constructor(spec: EncoderSpec) {
    const settings = jsonSettings(spec.options)
    this.#arena = spec.arena
    this.#writer = new JsonRowWriter(spec)
    const columns = spec.columns.map(({ index, name, type }) => ({
      index,
      type,
      format: jsonFormatter(name, type, settings),
      formatted: 'raw' as const,
      decimals: settings.writesPlainDecimals ? ('plain' as const) : ('scientific' as const),
      endsWithZ: type.kind === 'TIMESTAMP_LTZ' || settings.timestamps === 'ISO-8601-WITH-OFFSET',
      name: Buffer.from(`${quoteJson(name)}:`),
    }))
    this.#rows = kernelRows(spec.arena, columns, jsonKernel(spec.arena, settings))
  }

  encodeRows(batch: Batch, from: number, to: number, out: ByteWriter, limitBytes: number): number {
    const next = this.#rows?.write(batch, from, to, out, limitBytes) ?? from
    if (next > from) return next
    this.encode(batch, batch.selection === 0 ? from : this.#arena.i32[(batch.selection >>> 2) + from]!, 0, out)
    return from + 1
  }

  encode(batch: Batch, row: number, _kind: number, out: ByteWriter): void {
    this.#writer.write(batch, row, out)
    out.byte(0x0a)
  }
}

function jsonKernel(arena: Arena, settings: JsonSettings): RowKernel {
  return {
    run: (context, from, to, limit) => arena.kernels.encodeJson(context, from, to, limit),
    selection: 0,
    columns: 1,
    descriptors: 2,
    target: 5,
    roomEnd: 6,
    end: 7,
    descriptorBytes: 24,
    hasNames: true,
    prepare(context) {
      context[3] = settings.skipsNullFields ? 1 : 0
      context[4] = settings.timestamps === 'SQL' ? 0x20 : 0x54
    },
  }
}

/** Writes a row of a batch as a JSON object. */
export class JsonRowWriter {
  readonly #arena: Arena
  readonly #skipsNullFields: boolean
  readonly #columns: readonly { readonly index: number; readonly name: string; readonly write: CellWriter }[]

  constructor(spec: EncoderSpec) {
    const settings = jsonSettings(spec.options)
    this.#arena = spec.arena
    this.#skipsNullFields = settings.skipsNullFields
    this.#columns = spec.columns.map(({ name, type, index }) => ({
      index,
      name: `${quoteJson(name)}:`,
      write: cellWriter(spec.arena, name, type, settings),
    }))
  }

  write(batch: Batch, row: number, out: ByteWriter): void {
    out.byte(0x7b)
    let isFirst = true
    for (let i = 0; i < this.#columns.length; i++) {
      const { index, name, write } = this.#columns[i]!
      const column = batch.columns[index]!
      const isNull = column.isNull(this.#arena, row)
      if (isNull && this.#skipsNullFields) continue
      if (!isFirst) out.byte(0x2c)
      isFirst = false
      out.text(name)
      if (isNull) out.text('null')
      else write(column, row, out)
    }
    out.byte(0x7d)
  }
}

/** Writes a cell that is not NULL. */
type CellWriter = (column: Column, row: number, out: ByteWriter) => void

function cellWriter(arena: Arena, name: string, type: SqlType, settings: JsonSettings): CellWriter {
  if (type.kind === 'VARCHAR' || type.kind === 'CHAR') {
    return (column, row, out) => {
      const at = (column.cells >>> 2) + row * 2
      out.jsonString(arena.u8, arena.u32[at]!, arena.u32[at + 1]!)
    }
  }
  const format = jsonFormatter(name, type, settings)
  return (column, row, out) => out.text(format(readCell(arena, column, row)))
}

/** The JSON text of a value that is not null. */
type JsonFormatter = (value: SqlValue) => string

function jsonFormatter(name: string, type: SqlType, settings: JsonSettings): JsonFormatter {
  switch (type.kind) {
    case 'CHAR':
    case 'VARCHAR':
      return (value) => quoteJson(value as string)
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
    case 'INTERVAL_DAY_TIME':
    case 'INTERVAL_YEAR_MONTH':
      return String
    case 'FLOAT':
      return (value) => finite(value as number, formatFloat)
    case 'DOUBLE':
      return (value) => finite(value as number, formatDouble)
    case 'DECIMAL':
      return (value) => formatJavaDecimal(value as bigint, type.scale, settings.writesPlainDecimals ? 'plain' : 'scientific')
    case 'BINARY':
    case 'VARBINARY':
      return (value) => `"${Buffer.from(value as Uint8Array).toString('base64')}"`
    case 'DATE':
      return (value) => `"${formatDate(value as number)}"`
    case 'TIME':
      return (value) => `"${formatTime(value as number)}"`
    case 'TIMESTAMP':
      return (value) => `"${timestampText(value as bigint, settings.timestamps)}"`
    case 'TIMESTAMP_LTZ':
      return (value) => `"${instantText(value as bigint, settings.timestamps)}"`
    case 'NULL':
      return () => 'null'
    case 'ARRAY': {
      const format = nullable(jsonFormatter(name, type.element, settings))
      return (value) => `[${(value as readonly SqlValue[]).map(format).join(',')}]`
    }
    case 'MAP':
      return mapFormatter(name, type, { key: type.key, value: type.value }, settings)
    case 'MULTISET':
      return mapFormatter(name, type, { key: type.element, value: types.integer() }, settings)
    case 'ROW':
      return rowFormatter(name, type.fields, settings)
    case 'VARIANT':
    case 'BITMAP':
      throw userError('sql/unsupported-type', `Cannot write column "${name}" as json: its type is ${type.kind}`)
    default:
      return unreachable(type)
  }
}

const nullable =
  (format: JsonFormatter): JsonFormatter =>
  (value) =>
    value === null ? 'null' : format(value)

/** NaN and infinities are no JSON numbers: they are written as strings. */
function finite(value: number, format: (value: number) => string): string {
  return Number.isFinite(value) ? format(value) : `"${format(value)}"`
}

function rowFormatter(name: string, fields: readonly RowField[], settings: JsonSettings): JsonFormatter {
  const formats = fields.map((field) => nullable(jsonFormatter(`${name}.${field.name}`, field.type, settings)))
  const names = fields.map((field) => quoteJson(field.name))
  return (value) => {
    const values = value as readonly SqlValue[]
    const parts: string[] = []
    for (const [i, field] of values.entries()) {
      if (field !== null || !settings.skipsNullFields) parts.push(`${names[i]}:${formats[i]!(field)}`)
    }
    return `{${parts.join(',')}}`
  }
}

function mapFormatter(
  name: string,
  type: SqlType,
  of: { readonly key: SqlType; readonly value: SqlType },
  settings: JsonSettings,
): JsonFormatter {
  if (of.key.kind !== 'VARCHAR' && of.key.kind !== 'CHAR') {
    throw userError('sql/unsupported-type', `Cannot write column "${name}" as json: ${formatType(type)} has keys that are no texts`)
  }
  const format = nullable(jsonFormatter(name, of.value, settings))
  return (value) => {
    const { keys, values } = value as SqlMap
    const entries = new Map<string, string>()
    for (const [i, key] of keys.entries()) {
      if (key === null && settings.nullKeys === 'DROP') continue
      if (key === null && settings.nullKeys === 'FAIL') throw nullKey(name)
      entries.set(key === null ? settings.nullKeyLiteral : (key as string), format(values[i]!))
    }
    return `{${Array.from(entries, ([key, text]) => `${quoteJson(key)}:${text}`).join(',')}}`
  }
}

function nullKey(name: string): Error {
  return externalError(
    'format/null-key',
    `Cannot write column "${name}" as json: a key of its MAP is NULL; set 'json.map-null-key.mode' to "DROP" or "LITERAL" to write it all the same`,
  )
}

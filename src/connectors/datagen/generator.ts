import type { BatchBuffer } from '../../data/batch-buffer.ts'
import { parseDuration } from '../../catalog/options.ts'
import { userError } from '../../base/errors.ts'
import { writeCell } from '../../data/cells.ts'
import type { Column } from '../../data/column.ts'
import { MAX_LENGTH, type SqlType } from '../../data/types.ts'
import { SqlMap, type SqlValue, Variant } from '../../data/value.ts'
import { type FieldOptions, fieldBigInt, fieldNumber, fieldOption, wrongValue } from './options.ts'
import type { RowRandom } from '../row-random.ts'

const MS_A_DAY = 86_400_000
const HEX = '0123456789abcdef'
const DEFAULT_LENGTH = 100
const DEFAULT_ITEMS = 3

/** Makes the value of one row; `nowMs` is the clock's time for the row's batch. */
export type Generator = (random: RowRandom, row: number, nowMs: number) => SqlValue

/** Fills one column for rows `first`, `first + step`, ... of the table at physical rows 0 to `count - 1`. */
export type ColumnFiller = (buffer: BatchBuffer, column: Column, random: RowRandom, first: number, count: number, nowMs: number) => void

export interface FieldGenerator {
  readonly fill: ColumnFiller
  /** Rows of the sequence; undefined for random values. */
  readonly rowCount: number | undefined
}

/** What fills a field of the table, from its `fields.NAME.*` options. */
export function fieldGenerator(field: FieldOptions): FieldGenerator {
  if (fieldOption(field, 'kind') === 'sequence') return sequence(field)
  const generate = withNulls(field, randomGenerator(field))
  const hexLength = fixedHexLength(field)
  if (hexLength !== undefined) return { fill: hexFiller(hexLength), rowCount: undefined }
  if (field.type.kind === 'INTEGER' && fieldNumber(field, 'null-rate', 0) === 0) return { fill: integerFiller(field), rowCount: undefined }
  return { fill: valueFiller(generate), rowCount: undefined }
}

function valueFiller(generate: Generator): ColumnFiller {
  return (buffer, column, random, first, count, nowMs) => {
    for (let i = 0; i < count; i++) {
      random.seek(first + i)
      writeCell(buffer, column, i, generate(random, first + i, nowMs))
    }
  }
}

/** The common case of STRING without NULLs, straight into the column's bytes. */
function fixedHexLength(field: FieldOptions): number | undefined {
  const { type } = field
  if (type.kind !== 'VARCHAR' || fieldNumber(field, 'null-rate', 0) !== 0 || fieldOption(field, 'var-len') === 'true') return undefined
  return textLength(field, type.length)
}

function hexFiller(length: number): ColumnFiller {
  const hexCodes = Uint8Array.from(HEX, (digit) => digit.charCodeAt(0))
  return (buffer, column, random, first, count) => {
    const { u8, u32 } = buffer.arena
    for (let i = 0; i < count; i++) {
      const address = buffer.reserveText(length)
      random.seek(first + i)
      let at = address
      const end = address + length
      while (at < end) {
        let bits = random.nextUint32()
        for (const stop = Math.min(at + 8, end); at < stop; at++) {
          u8[at] = hexCodes[bits & 15]!
          bits >>>= 4
        }
      }
      const cell = column.cells / 4 + i * 2
      u32[cell] = address
      u32[cell + 1] = length
    }
  }
}

function integerFiller(field: FieldOptions): ColumnFiller {
  const [min, max] = integerBounds(field, -2147483648, 2147483647)
  const span = max - min + 1
  return (buffer, column, random, first, count) => {
    const { i32 } = buffer.arena
    const cells = column.cells / 4
    for (let i = 0; i < count; i++) {
      random.seek(first + i)
      i32[cells + i] = min + Math.floor((random.nextUint32() / 0x100000000) * span)
    }
  }
}

function withNulls(field: FieldOptions, generate: Generator): Generator {
  const rate = fieldNumber(field, 'null-rate', 0)
  if (rate < 0 || rate > 1) throw wrongValue(field, 'null-rate', String(rate), 'a share from 0 to 1')
  if (rate === 0) return generate
  return (random, row, nowMs) => (random.nextDouble() < rate ? null : generate(random, row, nowMs))
}

function randomGenerator(field: FieldOptions): Generator {
  const { type } = field
  switch (type.kind) {
    case 'BOOLEAN':
      return (random) => random.nextUint32() % 2 === 0
    case 'TINYINT':
      return integerGenerator(field, -128, 127)
    case 'SMALLINT':
      return integerGenerator(field, -32768, 32767)
    case 'INTEGER':
      return integerGenerator(field, -2147483648, 2147483647)
    case 'INTERVAL_YEAR_MONTH':
      return integerGenerator(field, 0, 120_000)
    case 'BIGINT':
      return bigintGenerator(field, -(2n ** 63n), 2n ** 63n - 1n)
    case 'INTERVAL_DAY_TIME':
      return bigintGenerator(field, 0n, 2n ** 52n)
    case 'FLOAT':
      return doubleGenerator(field, 3.4028234663852886e38, Math.fround)
    case 'DOUBLE':
      return doubleGenerator(field, Number.MAX_VALUE, (value) => value)
    case 'DECIMAL':
      return decimalGenerator(field, type.precision, type.scale)
    case 'CHAR':
      return (random) => hexText(random, type.length)
    case 'BINARY':
      return (random) => randomBytes(random, type.length)
    case 'VARCHAR':
      return lengthGenerator(field, textLength(field, type.length), hexText)
    case 'VARBINARY':
      return lengthGenerator(field, textLength(field, type.length), randomBytes)
    case 'DATE':
      return (_random, _row, nowMs) => Math.floor(nowMs / MS_A_DAY)
    case 'TIME':
      return (_random, _row, nowMs) => ((nowMs % MS_A_DAY) + MS_A_DAY) % MS_A_DAY
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return timestampGenerator(field)
    case 'ROW': {
      const fields = type.fields.map((each) => nested(field, each.name, each.type))
      return (random, row, nowMs) => fields.map((generate) => generate(random, row, nowMs))
    }
    case 'ARRAY': {
      const element = nested(field, 'element', type.element)
      const count = fieldNumber(field, 'length', DEFAULT_ITEMS)
      return (random, row, nowMs) => Array.from({ length: count }, () => element(random, row, nowMs))
    }
    case 'MULTISET':
      return mapGenerator(field, nested(field, 'element', type.element), (random) => 1 + (random.nextUint32() % DEFAULT_ITEMS))
    case 'MAP':
      return mapGenerator(field, nested(field, 'key', type.key), nested(field, 'value', type.value))
    case 'VARIANT':
      return (random) => new Variant({ kind: 'string', value: hexText(random, DEFAULT_LENGTH) })
    case 'BITMAP':
      throw userError('sql/unsupported-type', `Cannot make up values of column "${field.path}": its type is BITMAP`)
    case 'NULL':
      return () => null
  }
}

function nested(field: FieldOptions, name: string, type: SqlType): Generator {
  const inner = { table: field.table, path: `${field.path}.${name}`, type }
  return withNulls(inner, randomGenerator(inner))
}

function integerBounds(field: FieldOptions, least: number, greatest: number): readonly [number, number] {
  const min = fieldNumber(field, 'min', least)
  const max = fieldNumber(field, 'max', greatest)
  for (const [name, value] of [
    ['min', min],
    ['max', max],
  ] as const) {
    if (!Number.isInteger(value) || value < least || value > greatest)
      throw wrongValue(field, name, String(value), `${least} to ${greatest}`)
  }
  if (min > max) throw wrongValue(field, 'min', String(min), `at most "max", ${max},`)
  return [min, max]
}

function integerGenerator(field: FieldOptions, least: number, greatest: number): Generator {
  const [min, max] = integerBounds(field, least, greatest)
  const span = max - min + 1
  return (random) => min + Math.floor((random.nextUint32() / 0x100000000) * span)
}

function bigintGenerator(field: FieldOptions, least: bigint, greatest: bigint): Generator {
  const min = fieldBigInt(field, 'min', least)
  const max = fieldBigInt(field, 'max', greatest)
  if (min < least || max > greatest || min > max) throw wrongValue(field, 'min', String(min), `at most "max", ${max},`)
  const span = max - min + 1n
  return (random) => min + (random.nextBigUint64() % span)
}

/** Values are positive unless `min` says otherwise: the least value is Java's MIN_VALUE, the smallest positive number. */
function doubleGenerator(field: FieldOptions, greatest: number, round: (value: number) => number): Generator {
  const min = fieldNumber(field, 'min', 0)
  const max = fieldNumber(field, 'max', greatest)
  if (min > max) throw wrongValue(field, 'min', String(min), `at most "max", ${max},`)
  return (random) => {
    const share = random.nextDouble()
    return round(min * (1 - share) + max * share)
  }
}

function decimalGenerator(field: FieldOptions, precision: number, scale: number): Generator {
  const unit = 10 ** scale
  const limit = 10n ** BigInt(precision) - 1n
  const min = fieldOption(field, 'min') === undefined ? 0n : BigInt(Math.round(fieldNumber(field, 'min', 0) * unit))
  const max = fieldOption(field, 'max') === undefined ? limit : BigInt(Math.round(fieldNumber(field, 'max', 0) * unit))
  if (min > max || max > limit || min < -limit) throw wrongValue(field, 'min', String(min), 'bounds within the type, least first,')
  const span = max - min + 1n
  return (random) => min + (((random.nextBigUint64() << 64n) | random.nextBigUint64()) % span)
}

function textLength(field: FieldOptions, declared: number): number {
  const length = fieldNumber(field, 'length', declared === MAX_LENGTH ? DEFAULT_LENGTH : declared)
  if (!Number.isInteger(length) || length < 0 || length > declared)
    throw wrongValue(field, 'length', String(length), 'a whole number up to the length')
  return length
}

function lengthGenerator<T extends SqlValue>(
  field: FieldOptions,
  length: number,
  make: (random: RowRandom, length: number) => T,
): Generator {
  if (fieldOption(field, 'var-len') !== 'true') return (random) => make(random, length)
  return (random) => make(random, 1 + Math.floor(random.nextDouble() * length))
}

function hexText(random: RowRandom, length: number): string {
  let text = ''
  while (text.length < length) text += random.nextUint32().toString(16).padStart(8, '0')
  return text.slice(0, length)
}

function randomBytes(random: RowRandom, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.nextUint32() & 0xff)
}

function timestampGenerator(field: FieldOptions): Generator {
  const text = fieldOption(field, 'max-past') ?? '0 ms'
  const maxPastMs = parseDuration(text)
  if (maxPastMs === undefined) throw wrongValue(field, 'max-past', text, 'a duration such as "5 s"')
  return (random, _row, nowMs) => BigInt(Math.floor(nowMs - (maxPastMs === 0 ? 0 : random.nextDouble() * maxPastMs))) * 1_000_000n
}

function mapGenerator(field: FieldOptions, key: Generator, value: Generator): Generator {
  const count = fieldNumber(field, 'length', DEFAULT_ITEMS)
  return (random, row, nowMs) => {
    const entries = new Map<string, readonly [SqlValue, SqlValue]>()
    for (let i = 0; i < count; i++) {
      const each = key(random, row, nowMs)
      entries.set(String(each), [each, value(random, row, nowMs)])
    }
    const pairs = [...entries.values()]
    return new SqlMap(
      pairs.map(([each]) => each),
      pairs.map(([, each]) => each),
    )
  }
}

function sequence(field: FieldOptions): FieldGenerator {
  for (const name of ['start', 'end']) {
    if (fieldOption(field, name) === undefined) {
      throw userError(
        'sql/missing-option',
        `Cannot make the sequence of field "${field.path}": it needs the option "fields.${field.path}.${name}"`,
      )
    }
  }
  const start = fieldBigInt(field, 'start', 0n)
  const end = fieldBigInt(field, 'end', 0n)
  if (end < start) throw wrongValue(field, 'end', String(end), `at least "start", ${start},`)
  const convert = sequenceValue(field)
  return { fill: valueFiller((_random, row) => convert(start + BigInt(row))), rowCount: Number(end - start + 1n) }
}

function sequenceValue(field: FieldOptions): (value: bigint) => SqlValue {
  const { type } = field
  switch (type.kind) {
    case 'TINYINT':
      return (value) => Number(BigInt.asIntN(8, value))
    case 'SMALLINT':
      return (value) => Number(BigInt.asIntN(16, value))
    case 'INTEGER':
      return (value) => Number(BigInt.asIntN(32, value))
    case 'BIGINT':
      return (value) => BigInt.asIntN(64, value)
    case 'FLOAT':
      return (value) => Math.fround(Number(value))
    case 'DOUBLE':
      return Number
    case 'DECIMAL':
      return (value) => value * 10n ** BigInt(type.scale)
    case 'CHAR':
      return (value) => String(value).slice(0, type.length).padEnd(type.length)
    case 'VARCHAR':
      return (value) => String(value).slice(0, type.length)
    case 'BINARY':
    case 'VARBINARY':
      return (value) => new TextEncoder().encode(String(value))
    default:
      throw wrongValue(field, 'kind', 'sequence', 'random: there are no sequences of this type;')
  }
}

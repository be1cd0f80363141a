import { unreachable } from '../base/assert.ts'
import { userError } from '../base/errors.ts'
import { parseDouble } from '../data/number-text.ts'
import { trimControls } from '../data/number-text.ts'
import type { RowField, SqlType } from '../data/types.ts'
import { formatType, types } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import { SqlMap } from '../data/value.ts'
import { parseBase64, parseJavaFloat, parseJavaInteger, parseJavaLong, parseJavaDecimal } from './field-text.ts'
import type { JsonSettings } from './json-options.ts'
import type { JsonText } from './json-text.ts'
import { badField, badRecord, fieldProblem, isWanted } from './record-decoder.ts'
import { parseInstantText, parseIsoDate, parseSqlTime, parseTimestampText } from './temporal-text.ts'

/** Reads the value at the cursor of a JSON text, wherever it is consumed: a bad one is NULL, or ends the row with an error. */
export type ValueReader = () => SqlValue

/**
 * Makes readers of JSON values by SQL type, as Flink converts them: numbers and booleans from strings, STRING from anything, fractions cut for INT
 * and rounded for DECIMAL, the last of equal names.
 */
export class JsonValues {
  /** Of the first field of the current record that was taken as NULL because it did not fit. */
  fieldProblem = ''
  readonly #format: string
  readonly #json: JsonText
  readonly #settings: JsonSettings
  readonly #nestedPaths: readonly (readonly string[])[] | undefined
  /** Flink prints the numbers of an object that is read as STRING exactly as soon as a column is DECIMAL. */
  readonly #isExact: boolean

  constructor(
    format: string,
    json: JsonText,
    settings: JsonSettings,
    columns: readonly RowField[],
    nestedPaths?: readonly (readonly string[])[],
  ) {
    this.#format = format
    this.#json = json
    this.#settings = settings
    this.#nestedPaths = nestedPaths
    this.#isExact = columns.some(({ type }) => holdsDecimal(type))
  }

  /** A reader for the object of a record: fills `target` with the value of each column. The object must be the next value. */
  record(columns: readonly RowField[]): (target: SqlValue[]) => void {
    const json = this.#json
    const places = new Map(columns.map(({ name }, i) => [name, i]))
    const readers = columns.map(({ name, type }) => this.reader(type, [name]))
    const seen = new Uint8Array(columns.length)
    return (target) => {
      target.fill(null)
      seen.fill(0)
      json.object((name) => {
        const place = places.get(name)
        if (place === undefined) json.skipValue()
        else {
          target[place] = readers[place]!()
          seen[place] = 1
        }
      })
      if (this.#settings.failsOnMissing) this.#checkMissing(columns, seen, [])
    }
  }

  #checkMissing(fields: readonly RowField[], seen: Uint8Array, path: readonly string[]): void {
    const missing = fields.find((_, i) => seen[i] === 0)
    if (missing !== undefined) throw badRecord(`it has no field "${[...path, missing.name].join('.')}"`)
  }

  reader(type: SqlType, path: readonly string[]): ValueReader {
    const json = this.#json
    const read = this.#notNull(type, path)
    return () => {
      if (json.kind() === 'null') {
        json.word('null')
        return null
      }
      const start = json.at
      const value = read()
      if (value !== undefined) return value
      const text = rawText(json.text.slice(start, json.at))
      if (!this.#settings.ignoresErrors) throw badField(this.#format, path.join('.'), text, type)
      if (this.fieldProblem === '') this.fieldProblem = fieldProblem(path.join('.'), text, type)
      return null
    }
  }

  /** Consumes a value that is not null; undefined when it does not fit. */
  #notNull(type: SqlType, path: readonly string[]): () => SqlValue | undefined {
    switch (type.kind) {
      case 'ARRAY':
        return this.#array(type.element, path)
      case 'MAP':
        return this.#map(type, type.key, type.value, path)
      case 'MULTISET':
        return this.#map(type, type.element, types.integer(), path)
      case 'ROW':
        return this.#row(type.fields, path)
      case 'VARIANT':
      case 'BITMAP':
        throw userError('sql/unsupported-type', `Cannot read column "${path.join('.')}" from ${this.#format}: its type is ${type.kind}`)
      default:
        return this.#scalar(type)
    }
  }

  #scalar(type: SqlType): () => SqlValue | undefined {
    const json = this.#json
    const convert = scalarConverter(type, this.#settings)
    const isText = type.kind === 'VARCHAR' || type.kind === 'CHAR'
    return () => {
      const kind = json.kind()
      switch (kind) {
        case 'string':
          return convert('string', json.string())
        case 'number':
          return convert('number', json.number())
        case 'true':
        case 'false':
          json.word(kind)
          return convert('word', kind)
        default:
          if (isText) return json.compact(this.#isExact)
          json.skipValue()
          return undefined
      }
    }
  }

  #array(element: SqlType, path: readonly string[]): () => SqlValue | undefined {
    const json = this.#json
    const read = this.reader(element, path)
    return () => {
      if (!this.#startsWith('array')) return undefined
      const items: SqlValue[] = []
      json.array(() => void items.push(read()))
      return items
    }
  }

  #map(type: SqlType, key: SqlType, value: SqlType, path: readonly string[]): () => SqlValue | undefined {
    if (key.kind !== 'VARCHAR' && key.kind !== 'CHAR') {
      throw userError(
        'sql/unsupported-type',
        `Cannot read column "${path.join('.')}" from json: ${formatType(type)} has keys that are no texts`,
      )
    }
    const json = this.#json
    const read = this.reader(value, path)
    return () => {
      if (!this.#startsWith('object')) return undefined
      const entries = new Map<string, SqlValue>()
      json.object((name) => void entries.set(name, read()))
      return new SqlMap([...entries.keys()], [...entries.values()])
    }
  }

  #row(fields: readonly RowField[], path: readonly string[]): () => SqlValue | undefined {
    const json = this.#json
    const isRead = fields.map(({ name }) => isWanted(this.#nestedPaths, [...path, name]))
    const places = new Map(fields.map(({ name }, i) => [name, i]))
    const readers = fields.map(({ name, type }) => this.reader(type, [...path, name]))
    return () => {
      if (!this.#startsWith('object')) return undefined
      const values = fields.map((): SqlValue => null)
      const seen = new Uint8Array(fields.length)
      json.object((name) => {
        const place = places.get(name)
        if (place !== undefined) seen[place] = 1
        if (place === undefined || !isRead[place]!) json.skipValue()
        else values[place] = readers[place]!()
      })
      if (this.#settings.failsOnMissing) this.#checkMissing(fields, seen, path)
      return values
    }
  }

  #startsWith(kind: 'array' | 'object'): boolean {
    if (this.#json.kind() === kind) return true
    this.#json.skipValue()
    return false
  }
}

type Token = 'string' | 'number' | 'word'
type ScalarConverter = (token: Token, text: string) => SqlValue | undefined

const isInteger = (text: string): boolean => /^-?\d+$/.test(text)

function scalarConverter(type: SqlType, settings: JsonSettings): ScalarConverter {
  switch (type.kind) {
    case 'CHAR':
    case 'VARCHAR':
      return (_token, text) => text
    case 'BOOLEAN':
      return (_token, text) => trimControls(text).toLowerCase() === 'true'
    case 'TINYINT':
      return (_token, text) => parseJavaInteger(text, 8)
    case 'SMALLINT':
      return (_token, text) => parseJavaInteger(text, 16)
    case 'INTEGER':
    case 'INTERVAL_YEAR_MONTH':
      return (token, text) => (token === 'number' && !isInteger(text) ? truncateToInteger(Number(text)) : parseJavaInteger(text, 32))
    case 'BIGINT':
    case 'INTERVAL_DAY_TIME':
      return (token, text) => (token === 'number' && !isInteger(text) ? truncateToLong(Number(text)) : parseJavaLong(text))
    case 'FLOAT':
      return (_token, text) => parseJavaFloat(text)
    case 'DOUBLE':
      return (_token, text) => parseDouble(text)
    case 'DECIMAL':
      return (_token, text) => parseJavaDecimal(trimControls(text), type)
    case 'BINARY':
    case 'VARBINARY':
      return (token, text) => (token === 'string' ? parseBase64(text) : undefined)
    case 'DATE':
      return (_token, text) => parseIsoDate(text)
    case 'TIME':
      return (_token, text) => parseSqlTime(text, type.precision)
    case 'TIMESTAMP':
      return (_token, text) => parseTimestampText(text, settings.timestamps, type.precision)
    case 'TIMESTAMP_LTZ':
      return (_token, text) => parseInstantText(text, settings.timestamps, type.precision)
    case 'NULL':
      return () => null
    case 'ARRAY':
    case 'MAP':
    case 'MULTISET':
    case 'ROW':
    case 'VARIANT':
    case 'BITMAP':
      return () => undefined
    default:
      return unreachable(type)
  }
}

/** A fraction is cut off. */
function truncateToInteger(value: number): number | undefined {
  return value < -2147483648 || value > 2147483647 ? undefined : Math.trunc(value) + 0
}

function truncateToLong(value: number): bigint | undefined {
  if (value < -(2 ** 63) || value > 2 ** 63) return undefined
  return value === 2 ** 63 ? 2n ** 63n - 1n : BigInt(Math.trunc(value))
}

function holdsDecimal(type: SqlType): boolean {
  switch (type.kind) {
    case 'DECIMAL':
      return true
    case 'ARRAY':
    case 'MULTISET':
      return holdsDecimal(type.element)
    case 'MAP':
      return holdsDecimal(type.key) || holdsDecimal(type.value)
    case 'ROW':
      return type.fields.some((field) => holdsDecimal(field.type))
    default:
      return false
  }
}

/** A JSON value as a message shows it: a string without its quotes. */
function rawText(json: string): string {
  return json.startsWith('"') && json.endsWith('"') && json.length > 1 ? json.slice(1, -1) : json
}

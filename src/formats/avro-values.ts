import { unreachable } from '../base/assert.ts'
import { NS_PER_MS } from '../data/datetime.ts'
import { toDecimal } from '../data/decimal.ts'
import type { SqlType, TypeOf } from '../data/types.ts'
import { formatType, types } from '../data/types.ts'
import { decodeUtf8 } from '../data/utf8.ts'
import { SqlMap, type SqlValue } from '../data/value.ts'
import { type AvroCursor, AvroDataError } from './avro-cursor.ts'
import type { AvroSchema } from './avro-schema.ts'
import { isWanted } from './record-decoder.ts'

/** Makes functions that read, or step over, the next value at the cursor by its schema. */
export class AvroValues {
  readonly #cursor: AvroCursor
  readonly #nestedPaths: readonly (readonly string[])[] | undefined
  readonly #skippers = new Map<AvroSchema, () => void>()

  constructor(cursor: AvroCursor, nestedPaths: readonly (readonly string[])[] | undefined) {
    this.#cursor = cursor
    this.#nestedPaths = nestedPaths
  }

  /** @throws {AvroDataError} when values of the schema cannot be of the SQL type. */
  reader(schema: AvroSchema, type: SqlType, path: readonly string[]): () => SqlValue {
    if (schema.kind === 'union') return this.#union(schema.branches, type, path)
    if (schema.kind === 'null') return () => null
    const read = this.#present(schema, type, path)
    if (read !== undefined) return read
    throw new AvroDataError(`column "${path.join('.')}" is ${describeSchema(schema)} there, wanted is ${formatType(type)}`)
  }

  #union(branches: readonly AvroSchema[], type: SqlType, path: readonly string[]): () => SqlValue {
    const cursor = this.#cursor
    const misfits: AvroDataError[] = []
    const reads = branches.map((branch) => {
      try {
        return this.reader(branch, type, path)
      } catch (error) {
        if (!(error instanceof AvroDataError)) throw error
        misfits.push(error)
        return (): never => {
          throw error
        }
      }
    })
    const [misfit] = misfits
    if (misfit !== undefined && misfits.length === branches.filter((branch) => branch.kind !== 'null').length) throw misfit
    return () => {
      const read = reads[cursor.number()]
      if (read === undefined) throw new AvroDataError('found a branch that its union does not have')
      return read()
    }
  }

  #present(schema: Exclude<AvroSchema, { kind: 'union' }>, type: SqlType, path: readonly string[]): (() => SqlValue) | undefined {
    const cursor = this.#cursor
    const { kind } = schema
    switch (type.kind) {
      case 'NULL':
        return this.#skipped(schema)
      case 'BOOLEAN':
        return kind === 'boolean' ? () => cursor.boolean() : undefined
      case 'TINYINT':
        return this.#integer(kind, 7)
      case 'SMALLINT':
        return this.#integer(kind, 15)
      case 'INTEGER':
      case 'INTERVAL_YEAR_MONTH':
        return this.#integer(kind, 31)
      case 'BIGINT':
      case 'INTERVAL_DAY_TIME':
        return kind === 'int' || kind === 'long' ? () => cursor.bigint() : undefined
      case 'FLOAT':
      case 'DOUBLE':
        return this.#floating(kind, type.kind)
      case 'CHAR':
      case 'VARCHAR':
        return this.#text(schema)
      case 'BINARY':
      case 'VARBINARY': {
        const view = this.#bytes(schema)
        return view === undefined ? undefined : () => view().slice()
      }
      case 'DATE':
        return kind === 'int' ? () => cursor.int() : undefined
      case 'TIME':
        return this.#time(schema)
      case 'TIMESTAMP':
      case 'TIMESTAMP_LTZ':
        return this.#timestamp(schema)
      case 'DECIMAL':
        return this.#decimal(schema, type)
      case 'ARRAY':
        return schema.kind === 'array' ? this.#array(schema.items, type.element, path) : undefined
      case 'MAP':
      case 'MULTISET':
        if (schema.kind !== 'map') return undefined
        return type.kind === 'MAP'
          ? this.#map(schema.values, { key: type.key, value: type.value }, path)
          : this.#map(schema.values, { key: type.element, value: types.integer(false) }, path)
      case 'ROW':
        return schema.kind === 'record' ? this.#row(schema, type, path) : undefined
      case 'VARIANT':
      case 'BITMAP':
        return undefined
      default:
        return unreachable(type)
    }
  }

  #skipped(schema: AvroSchema): () => SqlValue {
    const skip = this.skipper(schema)
    return () => {
      skip()
      return null
    }
  }

  #integer(kind: AvroSchema['kind'], bits: number): (() => SqlValue) | undefined {
    const cursor = this.#cursor
    if (kind !== 'int' && kind !== 'long') return undefined
    const limit = 2 ** bits
    return () => {
      const value = cursor.number()
      if (value >= limit || value < -limit) throw new AvroDataError(`found the number ${value}, wanted is one of ${bits + 1} bits`)
      return value
    }
  }

  #floating(kind: AvroSchema['kind'], wanted: 'FLOAT' | 'DOUBLE'): (() => SqlValue) | undefined {
    const cursor = this.#cursor
    const exact = kind === 'float' ? () => cursor.float() : kind === 'double' && wanted === 'DOUBLE' ? () => cursor.double() : undefined
    if (exact !== undefined) return exact
    if (kind !== 'int' && kind !== 'long') return undefined
    return wanted === 'FLOAT' ? () => Math.fround(Number(cursor.bigint())) : () => Number(cursor.bigint())
  }

  #text(schema: AvroSchema): (() => SqlValue) | undefined {
    const cursor = this.#cursor
    if (schema.kind === 'enum') {
      const { symbols } = schema
      return () => {
        const symbol = symbols[cursor.number()]
        if (symbol === undefined) throw new AvroDataError('found a symbol that its enum does not have')
        return symbol
      }
    }
    if (schema.kind !== 'string' && schema.kind !== 'bytes') return undefined
    return () => {
      const length = cursor.length()
      const { at } = cursor
      cursor.skip(length)
      return decodeUtf8(cursor.bytes, at, length)
    }
  }

  #bytes(schema: AvroSchema): (() => Uint8Array) | undefined {
    const cursor = this.#cursor
    if (schema.kind === 'fixed') {
      const { size } = schema
      return () => cursor.view(size)
    }
    return schema.kind === 'bytes' || schema.kind === 'string' ? () => cursor.view(cursor.length()) : undefined
  }

  #time(schema: AvroSchema): (() => SqlValue) | undefined {
    const cursor = this.#cursor
    if (schema.kind === 'int') return () => cursor.int()
    if (schema.kind === 'long' && schema.logical?.name === 'time-micros') return () => Math.floor(cursor.number() / 1000)
    return undefined
  }

  #timestamp(schema: AvroSchema): (() => SqlValue) | undefined {
    const cursor = this.#cursor
    if (schema.kind !== 'long') return undefined
    const nanos = nanosOf(schema.logical?.name)
    return () => cursor.bigint() * nanos
  }

  #decimal(schema: AvroSchema, type: TypeOf<'DECIMAL'>): (() => SqlValue) | undefined {
    if (schema.kind === 'string') return undefined
    const view = this.#bytes(schema)
    if (view === undefined) return undefined
    const logical = schema.kind === 'bytes' || schema.kind === 'fixed' ? schema.logical : undefined
    const scale = logical?.name === 'decimal' ? logical.scale : type.scale
    return () => toDecimal(bigintOfBytes(view()), scale, type.precision, type.scale)
  }

  #array(items: AvroSchema, element: SqlType, path: readonly string[]): () => SqlValue {
    const cursor = this.#cursor
    const read = this.reader(items, element, path)
    return () => {
      const values: SqlValue[] = []
      cursor.items(() => void values.push(read()))
      return values
    }
  }

  #map(values: AvroSchema, of: { readonly key: SqlType; readonly value: SqlType }, path: readonly string[]): (() => SqlValue) | undefined {
    const cursor = this.#cursor
    if (of.key.kind !== 'CHAR' && of.key.kind !== 'VARCHAR') return undefined
    const readKey = this.#text({ kind: 'string' })!
    const readValue = this.reader(values, of.value, path)
    return () => {
      const entries = new Map<SqlValue, SqlValue>()
      cursor.items(() => void entries.set(readKey(), readValue()))
      return new SqlMap([...entries.keys()], [...entries.values()])
    }
  }

  #row(schema: AvroSchema & { kind: 'record' }, type: TypeOf<'ROW'>, path: readonly string[]): () => SqlValue {
    const steps = this.fields(schema, type.fields, path, this.#nestedPaths)
    return () => {
      const values = type.fields.map((): SqlValue => null)
      for (const { index, read } of steps) {
        const value = read()
        if (index >= 0) values[index] = value
      }
      return values
    }
  }

  /** What to do with each field of a record: its place among the wanted fields, or -1 where it is stepped over. */
  fields(
    schema: AvroSchema & { kind: 'record' },
    wanted: readonly { readonly name: string; readonly type: SqlType }[],
    path: readonly string[],
    nestedPaths?: readonly (readonly string[])[],
  ): readonly { readonly index: number; readonly schema: AvroSchema; readonly read: () => SqlValue }[] {
    for (const { name, type } of wanted) {
      if (!type.nullable && type.kind !== 'NULL' && schema.fields.every((field) => field.name !== name)) {
        throw new AvroDataError(`it has no column "${[...path, name].join('.')}", wanted is ${formatType(type)}`)
      }
    }
    return schema.fields.map((field) => {
      const index = wanted.findIndex(({ name }) => name === field.name)
      const isRead = index >= 0 && (path.length === 0 || isWanted(nestedPaths, [...path, field.name]))
      if (!isRead) return { index: -1, schema: field.schema, read: this.#skipped(field.schema) }
      return { index, schema: field.schema, read: this.reader(field.schema, wanted[index]!.type, [...path, field.name]) }
    })
  }

  /** Steps over a value. */
  skipper(schema: AvroSchema): () => void {
    const known = this.#skippers.get(schema)
    if (known !== undefined) return known
    // A record that holds itself finds this one while its own is made.
    let skip = (): void => undefined
    this.#skippers.set(schema, () => skip())
    skip = this.#newSkipper(schema)
    this.#skippers.set(schema, skip)
    return skip
  }

  #newSkipper(schema: AvroSchema): () => void {
    const cursor = this.#cursor
    switch (schema.kind) {
      case 'null':
        return () => undefined
      case 'boolean':
        return () => cursor.skip(1)
      case 'int':
      case 'long':
      case 'enum':
        return () => cursor.long()
      case 'float':
        return () => cursor.skip(4)
      case 'double':
        return () => cursor.skip(8)
      case 'bytes':
      case 'string':
        return () => cursor.skip(cursor.length())
      case 'fixed':
        return () => cursor.skip(schema.size)
      case 'array': {
        const skip = this.skipper(schema.items)
        return () => cursor.items(skip)
      }
      case 'map': {
        const skip = this.skipper(schema.values)
        return () =>
          cursor.items(() => {
            cursor.skip(cursor.length())
            skip()
          })
      }
      case 'union': {
        const skips = schema.branches.map((branch) => this.skipper(branch))
        return () => {
          const skip = skips[cursor.number()]
          if (skip === undefined) throw new AvroDataError('found a branch that its union does not have')
          skip()
        }
      }
      case 'record': {
        const skips = schema.fields.map((field) => this.skipper(field.schema))
        return () => {
          for (const skip of skips) skip()
        }
      }
      default:
        return unreachable(schema)
    }
  }
}

/** Nanoseconds of the unit of a timestamp; milliseconds where the schema does not say. */
export function nanosOf(logical: string | undefined): bigint {
  if (logical?.endsWith('-micros') === true) return 1000n
  return logical?.endsWith('-nanos') === true ? 1n : NS_PER_MS
}

/** Two's complement, the highest byte first. */
export function bigintOfBytes(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n
  let value = BigInt(bytes[0]! > 0x7f ? bytes[0]! - 0x100 : bytes[0]!)
  for (let i = 1; i < bytes.length; i++) value = (value << 8n) | BigInt(bytes[i]!)
  return value
}

function describeSchema(schema: AvroSchema): string {
  const logical = 'logical' in schema ? schema.logical?.name : undefined
  return logical === undefined ? schema.kind : `${schema.kind} (${logical})`
}

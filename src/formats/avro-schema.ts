import { unreachable } from '../base/assert.ts'
import { userError } from '../base/errors.ts'
import type { RowField, SqlType } from '../data/types.ts'
import { formatType } from '../data/types.ts'

/** Avro's types that hold one value. */
export type AvroPrimitive = 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'bytes' | 'string'

/** A schema with its names resolved: a record may hold itself. */
export type AvroSchema =
  | { readonly kind: AvroPrimitive; readonly logical?: AvroLogical | undefined }
  | { readonly kind: 'fixed'; readonly size: number; readonly logical?: AvroLogical | undefined }
  | { readonly kind: 'enum'; readonly symbols: readonly string[] }
  | { readonly kind: 'array'; readonly items: AvroSchema }
  | { readonly kind: 'map'; readonly values: AvroSchema }
  | { readonly kind: 'union'; readonly branches: readonly AvroSchema[] }
  | { readonly kind: 'record'; readonly name: string; readonly fields: { readonly name: string; readonly schema: AvroSchema }[] }

export interface AvroLogical {
  readonly name: string
  readonly scale: number
}

const primitives = new Set(['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'])
const MOST_DEPTH = 100

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }

/** Reads the text of a schema; an Error with a plain message when it is none. */
export function parseAvroSchema(text: string): AvroSchema {
  return resolve(JSON.parse(text) as Json, { names: new Map(), namespace: '', depth: 0 })
}

interface Scope {
  readonly names: Map<string, AvroSchema>
  readonly namespace: string
  readonly depth: number
}

function resolve(json: Json, scope: Scope): AvroSchema {
  if (scope.depth > MOST_DEPTH) throw new SyntaxError('its schema is nested too deeply')
  const below = { ...scope, depth: scope.depth + 1 }
  if (typeof json === 'string') {
    if (primitives.has(json)) return { kind: json as AvroPrimitive }
    const named = scope.names.get(fullName(json, scope.namespace)) ?? scope.names.get(json)
    if (named === undefined) throw new SyntaxError(`its schema names "${json}", which it does not define`)
    return named
  }
  if (isArray(json)) return { kind: 'union', branches: json.map((branch) => resolve(branch, below)) }
  if (json === null || typeof json !== 'object') throw new SyntaxError(`its schema holds ${JSON.stringify(json)}, wanted a type`)
  const { type } = json
  if (type === 'array') return { kind: 'array', items: resolve(json['items'] ?? null, below) }
  if (type === 'map') return { kind: 'map', values: resolve(json['values'] ?? null, below) }
  if (type === 'record' || type === 'error' || type === 'enum' || type === 'fixed') return resolveNamed(json, type, below)
  if (typeof type === 'string' && primitives.has(type)) return { kind: type as AvroPrimitive, logical: logicalOf(json) }
  return resolve(type ?? null, below)
}

function resolveNamed(json: { readonly [key: string]: Json | undefined }, type: string, scope: Scope): AvroSchema {
  const own = typeof json['namespace'] === 'string' ? json['namespace'] : scope.namespace
  const name = fullName(String(json['name'] ?? ''), own)
  if (type === 'fixed' || type === 'enum') {
    const schema: AvroSchema =
      type === 'fixed'
        ? { kind: 'fixed', size: Number(json['size'] ?? 0), logical: logicalOf(json) }
        : { kind: 'enum', symbols: isArray(json['symbols']) ? json['symbols'].map(String) : [] }
    scope.names.set(name, schema)
    return schema
  }
  const fields: { readonly name: string; readonly schema: AvroSchema }[] = []
  const record: AvroSchema = { kind: 'record', name, fields }
  // Known before its fields, which may name it.
  scope.names.set(name, record)
  const inner = { ...scope, namespace: name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '' }
  if (!isArray(json['fields'])) throw new SyntaxError(`its schema has no fields for "${name}"`)
  for (const field of json['fields'] as readonly { readonly [key: string]: Json | undefined }[]) {
    fields.push({ name: String(field['name']), schema: resolve(field['type'] ?? null, inner) })
  }
  return record
}

function isArray(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json)
}

function fullName(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`
}

function logicalOf(json: { readonly [key: string]: Json | undefined }): AvroLogical | undefined {
  const name = json['logicalType']
  return typeof name === 'string' ? { name, scale: Number(json['scale'] ?? 0) } : undefined
}

/** How TIMESTAMP and TIMESTAMP_LTZ are written: both as an instant of milliseconds (`legacy`), or each as what it is. */
export type AvroTimestamps = 'legacy' | 'exact'

/** The text of the schema of a table's rows, as Flink derives it. @throws {RheoError} `sql/unsupported-type`. */
export function avroSchemaText(columns: readonly RowField[], timestamps: AvroTimestamps): string {
  return JSON.stringify({
    type: 'record',
    name: 'record',
    namespace: 'org.apache.flink.avro.generated',
    fields: fieldsJson(columns, 'record', timestamps),
  })
}

function fieldsJson(fields: readonly RowField[], record: string, timestamps: AvroTimestamps): readonly Json[] {
  return fields.map(({ name, type }) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw userError(
        'sql/unsupported-type',
        `Cannot write column "${name}" as avro: its name has to be of letters, digits and "_", not a digit first`,
      )
    }
    const schema = schemaJson(type, `${record}_${name}`, timestamps)
    return type.nullable || type.kind === 'NULL' ? { name, type: schema, default: null } : { name, type: schema }
  })
}

function schemaJson(type: SqlType, name: string, timestamps: AvroTimestamps): Json {
  const bare = bareJson(type, name, timestamps)
  return type.nullable && bare !== 'null' ? ['null', bare] : bare
}

function bareJson(type: SqlType, name: string, timestamps: AvroTimestamps): Json {
  switch (type.kind) {
    case 'NULL':
      return 'null'
    case 'BOOLEAN':
      return 'boolean'
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
      return 'int'
    case 'BIGINT':
      return 'long'
    case 'FLOAT':
      return 'float'
    case 'DOUBLE':
      return 'double'
    case 'CHAR':
    case 'VARCHAR':
      return 'string'
    case 'BINARY':
    case 'VARBINARY':
      return 'bytes'
    case 'DATE':
      return { type: 'int', logicalType: 'date' }
    case 'TIME':
      if (type.precision > 3) throw unsupported(name, type, 'TIME up to a precision of 3')
      return { type: 'int', logicalType: 'time-millis' }
    case 'TIMESTAMP':
      return { type: 'long', logicalType: timestampName(type, name, timestamps) }
    case 'TIMESTAMP_LTZ':
      if (timestamps === 'legacy') throw unsupported(name, type, `'avro.timestamp_mapping.legacy' = 'false' for it`)
      return { type: 'long', logicalType: timestampName(type, name, timestamps) }
    case 'DECIMAL':
      return { type: 'bytes', logicalType: 'decimal', precision: type.precision, scale: type.scale }
    case 'ARRAY':
      return { type: 'array', items: schemaJson(type.element, name, timestamps) }
    case 'MAP':
    case 'MULTISET': {
      const key = type.kind === 'MAP' ? type.key : type.element
      if (key.kind !== 'CHAR' && key.kind !== 'VARCHAR') throw unsupported(name, type, 'keys that are texts')
      return { type: 'map', values: type.kind === 'MAP' ? schemaJson(type.value, name, timestamps) : 'int' }
    }
    case 'ROW':
      return { type: 'record', name, fields: fieldsJson(type.fields, name, timestamps) }
    case 'VARIANT':
    case 'BITMAP':
    case 'INTERVAL_YEAR_MONTH':
    case 'INTERVAL_DAY_TIME':
      throw unsupported(name, type, 'a type that avro has')
    default:
      return unreachable(type)
  }
}

function timestampName(type: SqlType & { readonly precision: number }, name: string, timestamps: AvroTimestamps): string {
  const most = timestamps === 'legacy' ? 3 : 6
  if (type.precision > most) {
    const others = timestamps === 'legacy' ? `, or 'avro.timestamp_mapping.legacy' = 'false' for up to 6` : ''
    throw unsupported(name, type, `a precision up to ${most}${others}`)
  }
  const unit = type.precision <= 3 ? 'millis' : 'micros'
  return timestamps === 'exact' && type.kind === 'TIMESTAMP' ? `local-timestamp-${unit}` : `timestamp-${unit}`
}

function unsupported(name: string, type: SqlType, wanted: string): Error {
  return userError(
    'sql/unsupported-type',
    `Cannot write column "${name.replace(/^record_/, '')}" as avro: its type is ${formatType(type)}, wanted ${wanted}`,
  )
}

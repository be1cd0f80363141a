import { assert } from '../base/assert.ts'
import { userError } from '../base/errors.ts'
import type { SqlType } from '../data/types.ts'
import { type Json, valueFromJson, valueToJson } from '../data/value-json.ts'
import type { SqlValue } from '../data/value.ts'
import type { Schema } from '../catalog/schema.ts'
import type { PhysicalNode } from './physical.ts'

/** Raised whenever a stored plan of an earlier form could no longer be read. */
export const PLAN_VERSION = 1

type JsonObject = { readonly [key: string]: Json | undefined }

/**
 * The physical plan of a job as JSON. Everything that changes an answer is in it, literals exactly; places in the SQL text are not. `planFromJson`
 * gives an equal plan. A step that several others read is written where it comes first, and `{"$step": id}` elsewhere.
 */
export function planToJson(root: PhysicalNode): Json {
  return { rheoPlan: PLAN_VERSION, root: encode(root, new Set()) }
}

/** The plan that `planToJson` wrote; `plan/version` when it is of another version. */
export function planFromJson(json: Json): PhysicalNode {
  const stored = json as { readonly rheoPlan?: Json; readonly root?: Json }
  if (stored.rheoPlan !== PLAN_VERSION || stored.root === undefined) {
    throw userError('plan/version', `Cannot read the plan: found version ${String(stored.rheoPlan)}, wanted ${PLAN_VERSION}`)
  }
  return decode(stored.root, new Map()) as PhysicalNode
}

// Nodes, expressions, tables and types are plain data with a `kind`. Three things are not JSON by themselves: values of SQL (in literals and VALUES),
// maps (the options of a table), and properties that are there with the value undefined.

/** Any part of a plan as JSON. */
export function encodePlanData(data: unknown): Json {
  return encode(data, new Set())
}

function encode(data: unknown, written: Set<object>): Json {
  if (data === undefined) return { $undefined: true }
  if (data instanceof Map)
    return { $map: Array.from(data, ([key, value]: [unknown, unknown]) => [encode(key, written), encode(value, written)]) }
  if (Array.isArray(data)) return data.map((item: unknown) => encode(item, written))
  if (typeof data !== 'object' || data === null) {
    assert(typeof data !== 'bigint', 'a bigint of a plan is a SQL value')
    return data as Json
  }
  const object = data as Record<string, unknown>
  if (object['kind'] === 'literal') {
    const { type, value } = object as { type: SqlType; value: SqlValue }
    return { kind: 'literal', type: encode(type, written), value: valueToJson(type, value) }
  }
  if (isStep(object)) {
    if (written.has(object)) return { $step: object.id }
    written.add(object)
  }
  const result: Record<string, Json> = {}
  for (const [key, value] of Object.entries(object)) {
    // Places in a text are for messages only, and a plan outlives its text.
    if (key === 'at' || key === 'place' || key === 'optionPlaces') continue
    result[key] = isRows(object, key) ? encodeRows(object) : isPartitionKey(key) ? (value as Json) : encode(value, written)
  }
  return result
}

function isStep(object: object): object is { readonly id: string } {
  return 'id' in object && 'changes' in object && 'upsertKeys' in object
}

/** Records by the names of columns, which may be any: texts and nulls only, so they are JSON as they are. */
function isPartitionKey(key: string): boolean {
  return key === 'partition' || key === 'partitions'
}

function isRows(object: Record<string, unknown>, key: string): boolean {
  return key === 'rows' && object['kind'] === 'values'
}

function encodeRows(object: Record<string, unknown>): Json {
  const { schema, rows } = object as unknown as { schema: Schema; rows: readonly (readonly SqlValue[])[] }
  return rows.map((row) => row.map((value, i) => valueToJson(schema[i]!.type, value)))
}

function decode(json: Json, steps: Map<string, unknown>): unknown {
  if (typeof json !== 'object' || json === null) return json
  if (Array.isArray(json)) return json.map((item) => decode(item, steps))
  const object = json as JsonObject
  if (object['$undefined'] === true) return undefined
  const step = object['$step']
  if (typeof step === 'string') return steps.get(step)
  const entries = object['$map']
  if (entries !== undefined)
    return new Map((entries as readonly (readonly [Json, Json])[]).map(([key, value]) => [decode(key, steps), decode(value, steps)]))
  if (object['kind'] === 'literal') {
    const type = decode(object['type']!, steps) as SqlType
    return { kind: 'literal', type, value: valueFromJson(type, object['value']!) }
  }
  const result: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(object)) result[key] = isPartitionKey(key) ? value : decode(value!, steps)
  if (result['kind'] === 'values') {
    const schema = result['schema'] as Schema
    result['rows'] = (object['rows'] as readonly (readonly Json[])[]).map((row) =>
      row.map((cell, i) => valueFromJson(schema[i]!.type, cell)),
    )
  }
  if (isStep(result)) steps.set(result.id, result)
  return result
}

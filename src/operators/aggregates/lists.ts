import { userError } from '../../base/errors.ts'
import type { Arena } from '../../data/arena.ts'
import { readCell, writeCell } from '../../data/cells.ts'
import { decodeValue, encodeValue } from '../../data/row-encoding.ts'
import type { SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import type { Accumulator, AccumulatorPlace } from './accumulator.ts'
import { keyOf } from './value-counts.ts'

/** What an aggregate makes of the values of a group, which are in the order of arrival. */
export interface ListForm {
  /** NULL is a value too. */
  readonly keepsNull: boolean
  /** Called with each value before it is added to those of its group. */
  readonly check?: (value: SqlValue, values: Iterable<SqlValue>) => void
  readonly result: (values: readonly SqlValue[]) => SqlValue
}

export const arrayForm: ListForm = { keepsNull: true, result: (values) => (values.length === 0 ? null : values) }

export function textForm(separator: string): ListForm {
  return { keepsNull: false, result: (values) => (values.length === 0 ? null : values.join(separator)) }
}

/** Parts such as `["a"]`, each of at most one member, as one array. */
export const jsonArrayForm: ListForm = {
  keepsNull: false,
  result: (parts) => `[${(parts as readonly string[]).flatMap((part) => memberOf(part) ?? []).join(',')}]`,
}

/** Parts such as `"key":[1]`, each of at most one value, as one object, by key as JSON_OBJECT has them. A key must not come twice. */
export const jsonObjectForm: ListForm = {
  keepsNull: false,
  check(part, parts) {
    const key = jsonKey(part as string)
    for (const other of parts) {
      if (jsonKey(other as string) !== key) continue
      throw userError('data/duplicate-json-key', `Cannot compute JSON_OBJECTAGG: the key ${key} is there twice, one was wanted`)
    }
  },
  result(parts) {
    const entries = (parts as readonly string[]).flatMap(entryOf).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    return `{${entries.map(({ text }) => text).join(',')}}`
  },
}

function entryOf(part: string): readonly { readonly name: string; readonly text: string }[] {
  const key = jsonKey(part)
  const value = memberOf(part.slice(key.length + 1))
  return value === undefined ? [] : [{ name: JSON.parse(key) as string, text: `${key}:${value}` }]
}

/** What is between the brackets of an array of at most one member. */
function memberOf(part: string): string | undefined {
  return part.length > 2 ? part.slice(1, -1) : undefined
}

/** The quoted key at the start of a part. */
function jsonKey(part: string): string {
  return /^"(?:[^"\\]|\\.)*"/.exec(part)?.[0] ?? ''
}

/** The one value of a group. */
export function singleForm(place: string | undefined): ListForm {
  return {
    keepsNull: true,
    check(_value, values) {
      for (const _ of values)
        throw userError(
          'data/single-value',
          `Cannot take the value of the subquery${place === undefined ? '' : ` at ${place}`}: found a second row, at most one was wanted; add an aggregate or LIMIT 1`,
        )
    },
    result: (values) => values[0] ?? null,
  }
}

/** The values of a group by number of arrival, and the numbers of each value. */
interface Arrivals {
  readonly values: Map<number, SqlValue>
  readonly numbers: Map<string, number[]>
  next: number
}

/** LISTAGG, ARRAY_AGG and their kin: all values of a group. Of equal values the first one is taken back. */
export function listAccumulator(
  arena: Arena,
  type: SqlType,
  place: AccumulatorPlace,
  { form, input }: { readonly form: ListForm; readonly input: 'appending' | 'changing' },
): Accumulator {
  const groups: (Arrivals | undefined)[] = []
  const add = (id: number, value: SqlValue, sign: number): void => {
    if (value === null && !form.keepsNull) return
    let group = groups[id]
    if (group === undefined) {
      group = { values: new Map(), numbers: new Map(), next: 0 }
      groups[id] = group
    }
    if (sign > 0) {
      form.check?.(value, group.values.values())
      const number = group.next++
      group.values.set(number, value)
      if (input === 'appending') return
      const key = keyOf(type, value)
      const numbers = group.numbers.get(key)
      if (numbers === undefined) group.numbers.set(key, [number])
      else numbers.push(number)
    } else takeBack(group, keyOf(type, value))
  }
  return {
    lineBytes: 0,
    update({ batch, count, rows, ids, signs }) {
      const column = batch.columns[place.column]!
      for (let i = 0; i < count; i++) add(ids[i]!, readCell(arena, column, rows[i]!), signs[i]!)
    },
    add: (id, _line, value, sign) => add(id, value, sign),
    write(id, _line, { buffer, column, row }) {
      writeCell(buffer, column, row, form.result([...(groups[id]?.values.values() ?? [])]))
    },
    merge(id, _line, otherId) {
      for (const value of groups[otherId]?.values.values() ?? []) add(id, value, 1)
    },
    clear(id) {
      groups[id] = undefined
    },
    save(id, _line, sink) {
      const values = groups[id]?.values
      sink.varint(values?.size ?? 0)
      for (const value of values?.values() ?? []) encodeValue(type, value, sink)
    },
    load(id, _line, reader) {
      for (let left = reader.varint(); left > 0; left--) {
        const { value, offset } = decodeValue(type, reader.bytes, reader.offset)
        reader.offset = offset
        add(id, value, 1)
      }
    },
  }
}

function takeBack(group: Arrivals, key: string): void {
  const numbers = group.numbers.get(key)
  const number = numbers?.shift()
  if (number === undefined || numbers === undefined) return
  if (numbers.length === 0) group.numbers.delete(key)
  group.values.delete(number)
}

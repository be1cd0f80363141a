import { userError } from '../../base/errors.ts'
import type { Arena } from '../../data/arena.ts'
import { writeCell } from '../../data/cells.ts'
import type { SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import type { Accumulator, AccumulatorPlace } from './accumulator.ts'
import { Arrivals, type ArrivalForm, arrivalsAccumulator } from './arrivals.ts'

/** What an aggregate makes of the values of a group, which are in the order of arrival. */
export interface ListForm extends ArrivalForm {
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

/** LISTAGG, ARRAY_AGG and their kin: all values of a group. Of equal values the first one is taken back. */
export function listAccumulator(
  arena: Arena,
  type: SqlType,
  place: AccumulatorPlace,
  { form, input }: { readonly form: ListForm; readonly input: 'appending' | 'changing' },
): Accumulator {
  const arrivals = new Arrivals(type, input, form)
  return {
    ...arrivalsAccumulator(arena, arrivals, place.column),
    write(id, _line, { buffer, column, row }) {
      writeCell(buffer, column, row, form.result([...arrivals.values(id)]))
    },
  }
}

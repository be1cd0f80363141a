import { userError } from '../../base/errors.ts'
import type { ArenaOwner } from '../../data/arena.ts'
import { writeCell } from '../../data/cells.ts'
import { joinJsonArrays, memberOfArray } from '../../data/json-parts.ts'
import type { SqlType } from '../../data/types.ts'
import { utf8Bytes } from '../../data/utf8.ts'
import type { SqlValue } from '../../data/value.ts'
import type { Accumulator, AccumulatorPlace, CellRange, GroupLines } from './accumulator.ts'
import { Arrivals, arrivalsAccumulator } from './arrivals.ts'

/** What an aggregate makes of the values of a group, which are in the order of arrival. */
export interface ListForm {
  /** `with-null`: NULL is a value too. */
  readonly nulls: 'with-null' | 'without-null'
  readonly result: (values: readonly SqlValue[]) => SqlValue
  /** What kernels make of the values of many groups: an ARRAY, or texts with this between them. */
  readonly kernel?: 'array' | { readonly separator: string }
  /** Refuses a value that must not come beside those of its group. */
  readonly check?: (value: SqlValue, values: Arrivals, line: number) => void
}

export const arrayForm: ListForm = {
  nulls: 'with-null',
  kernel: 'array',
  result: (values) => (values.length === 0 ? null : values),
}

export function textForm(separator: string): ListForm {
  return {
    nulls: 'without-null',
    kernel: { separator },
    result: (values) => (values.length === 0 ? null : values.join(separator)),
  }
}

/** Parts such as `["a"]`, each of at most one member, as one array. */
export const jsonArrayForm: ListForm = {
  nulls: 'without-null',
  result: (parts) => joinJsonArrays(parts as readonly string[]),
}

/** Parts such as `"key":[1]`, each of at most one value, as one object, by key as JSON_OBJECT has them. A key must not come twice. */
export const jsonObjectForm: ListForm = {
  nulls: 'without-null',
  check(part, parts, line) {
    const key = jsonKey(part as string)
    // The quote behind a key ends it, so no other key begins as it does.
    if (!parts.hasText(line, utf8Bytes(key))) return
    throw userError('data/duplicate-json-key', `Cannot compute JSON_OBJECTAGG: the key ${key} is there twice, one was wanted`)
  },
  result(parts) {
    const entries = (parts as readonly string[]).flatMap(entryOf).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    return `{${entries.map(({ text }) => text).join(',')}}`
  },
}

function entryOf(part: string): readonly { readonly name: string; readonly text: string }[] {
  const key = jsonKey(part)
  const value = memberOfArray(part.slice(key.length + 1))
  return value === undefined ? [] : [{ name: JSON.parse(key) as string, text: `${key}:${value}` }]
}

/** The quoted key at the start of a part. */
function jsonKey(part: string): string {
  return /^"(?:[^"\\]|\\.)*"/.exec(part)?.[0] ?? ''
}

/** The one value of a group. */
export function singleForm(place: string | undefined): ListForm {
  return {
    nulls: 'with-null',
    check(_value, values, line) {
      if (!values.hasAny(line)) return
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
  owner: ArenaOwner,
  type: SqlType,
  place: AccumulatorPlace,
  { form, input }: { readonly form: ListForm; readonly input: 'appending' | 'changing' },
): Accumulator {
  const { nulls, kernel, check } = form
  const arrivals = new Arrivals(owner, { type, list: place.offset, input })
  const separator = kernel === undefined || kernel === 'array' ? undefined : keptText(owner, kernel.separator)
  return {
    ...arrivalsAccumulator(owner, arrivals, {
      column: place.column,
      nulls,
      check: check === undefined ? undefined : (value, line) => check(value, arrivals, line),
    }),
    write(_id, line, { buffer, column, row }) {
      writeCell(buffer, column, row, form.result([...arrivals.values(line)]))
    },
    ...(kernel !== undefined && { writeAll: (groups: GroupLines, range: CellRange) => arrivals.writeLists(groups, range, separator) }),
  }
}

/** Address and length of a text in the arena. */
function keptText(owner: ArenaOwner, text: string): readonly [number, number] {
  const bytes = utf8Bytes(text)
  const address = owner.allocate(Math.max(1, bytes.length))
  owner.arena.u8.set(bytes, address)
  return [address, bytes.length]
}

import type { Arena } from '../../data/arena.ts'
import type { ByteReader, ByteSink } from '../../data/byte-sink.ts'
import { readCell } from '../../data/cells.ts'
import { decodeValue, encodeValue, valueBytes } from '../../data/row-encoding.ts'
import type { SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import type { Accumulator } from './accumulator.ts'

export interface ArrivalForm {
  /** NULL is a value too. */
  readonly keepsNull: boolean
  /** Called with each value before it is added to those of its group. */
  readonly check?: (value: SqlValue, values: Iterable<SqlValue>) => void
}

/** The values of a group by number of arrival, and the numbers of each value. */
interface Group {
  readonly values: Map<number, SqlValue>
  readonly numbers: Map<string, number[]>
  next: number
}

/** All values of groups in the order in which they came. Of equal values the one that came first is taken back. */
export class Arrivals {
  readonly #type: SqlType
  readonly #input: 'appending' | 'changing'
  readonly #form: ArrivalForm
  readonly #groups: (Group | undefined)[] = []

  constructor(type: SqlType, input: 'appending' | 'changing', form: ArrivalForm = { keepsNull: false }) {
    this.#type = type
    this.#input = input
    this.#form = form
  }

  add(id: number, value: SqlValue, sign: number): void {
    if (value === null && !this.#form.keepsNull) return
    const group = (this.#groups[id] ??= { values: new Map(), numbers: new Map(), next: 0 })
    if (sign < 0) {
      takeBack(group, keyOf(this.#type, value))
      return
    }
    this.#form.check?.(value, group.values.values())
    const number = group.next++
    group.values.set(number, value)
    if (this.#input === 'appending') return
    const key = keyOf(this.#type, value)
    const numbers = group.numbers.get(key)
    if (numbers === undefined) group.numbers.set(key, [number])
    else numbers.push(number)
  }

  values(id: number): Iterable<SqlValue> {
    return this.#groups[id]?.values.values() ?? []
  }

  /** The value that came first; NULL without any. */
  first(id: number): SqlValue {
    for (const value of this.values(id)) return value
    return null
  }

  last(id: number): SqlValue {
    const group = this.#groups[id]
    if (group === undefined || group.values.size === 0) return null
    // Numbers behind the last value are of values that were taken back, and are not asked for again.
    while (!group.values.has(group.next - 1)) group.next--
    return group.values.get(group.next - 1) ?? null
  }

  clear(id: number): void {
    this.#groups[id] = undefined
  }

  save(id: number, sink: ByteSink): void {
    sink.varint(this.#groups[id]?.values.size ?? 0)
    for (const value of this.values(id)) encodeValue(this.#type, value, sink)
  }

  load(id: number, reader: ByteReader): void {
    for (let left = reader.varint(); left > 0; left--) {
      const { value, offset } = decodeValue(this.#type, reader.bytes, reader.offset)
      reader.offset = offset
      this.add(id, value, 1)
    }
  }
}

/** An aggregate that keeps its values in the order in which they came: everything but how its value comes from them. */
export function arrivalsAccumulator(arena: Arena, arrivals: Arrivals, columnNumber: number): Omit<Accumulator, 'write'> {
  return {
    lineBytes: 0,
    update({ batch, count, rows, ids, signs }) {
      const column = batch.columns[columnNumber]!
      for (let i = 0; i < count; i++) arrivals.add(ids[i]!, readCell(arena, column, rows[i]!), signs[i]!)
    },
    add: (id, _line, value, sign) => arrivals.add(id, value, sign),
    merge(id, _line, otherId) {
      for (const value of arrivals.values(otherId)) arrivals.add(id, value, 1)
    },
    clear: (id) => arrivals.clear(id),
    save: (id, _line, sink) => arrivals.save(id, sink),
    load: (id, _line, reader) => arrivals.load(id, reader),
  }
}

function takeBack(group: Group, key: string): void {
  const numbers = group.numbers.get(key)
  const number = numbers?.shift()
  if (number === undefined || numbers === undefined) return
  if (numbers.length === 0) group.numbers.delete(key)
  group.values.delete(number)
}

/** The encoding of a value as a text, for maps. */
function keyOf(type: SqlType, value: SqlValue): string {
  const bytes = valueBytes(type, value)
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}

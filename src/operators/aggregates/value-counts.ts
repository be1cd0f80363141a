import type { ByteReader, ByteSink } from '../../data/byte-sink.ts'
import { decodeValue, encodeValue, valueBytes } from '../../data/row-encoding.ts'
import type { SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'

interface Entry {
  readonly value: SqlValue
  count: number
}

/**
 * How often each value is in each group, by group id: what DISTINCT, COLLECT and the MIN and MAX of changing rows keep. Values are told apart by
 * their encoding, and stay in the order in which they came. A count may be below zero while a row that is taken back has not come yet.
 */
export class ValueCounts {
  readonly #type: SqlType
  readonly #groups: (Map<string, Entry> | undefined)[] = []

  constructor(type: SqlType) {
    this.#type = type
  }

  /** Changes the count of a value and returns the new one. A value without count is forgotten. */
  add(id: number, value: SqlValue, change: number): number {
    let group = this.#groups[id]
    if (group === undefined) {
      group = new Map()
      this.#groups[id] = group
    }
    const key = keyOf(this.#type, value)
    const entry = group.get(key)
    if (entry === undefined) {
      group.set(key, { value, count: change })
      return change
    }
    entry.count += change
    if (entry.count === 0) group.delete(key)
    return entry.count
  }

  /** The values that a group has, with their counts. */
  *entries(id: number): Iterable<{ readonly value: SqlValue; readonly count: number }> {
    const group = this.#groups[id]
    if (group !== undefined) for (const entry of group.values()) if (entry.count > 0) yield entry
  }

  /** Also those of which more were taken back than added. */
  *allEntries(id: number): Iterable<{ readonly value: SqlValue; readonly count: number }> {
    const group = this.#groups[id]
    if (group !== undefined) yield* group.values()
  }

  clear(id: number): void {
    this.#groups[id] = undefined
  }

  save(id: number, sink: ByteSink): void {
    const group = this.#groups[id]
    sink.varint(group?.size ?? 0)
    if (group === undefined) return
    for (const { value, count } of group.values()) {
      encodeValue(this.#type, value, sink)
      sink.f64(count)
    }
  }

  load(id: number, reader: ByteReader): void {
    for (let left = reader.varint(); left > 0; left--) {
      const { value, offset } = decodeValue(this.#type, reader.bytes, reader.offset)
      reader.offset = offset
      this.add(id, value, reader.f64())
    }
  }
}

/** The encoding of a value as a text, for maps. */
export function keyOf(type: SqlType, value: SqlValue): string {
  const bytes = valueBytes(type, value)
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}

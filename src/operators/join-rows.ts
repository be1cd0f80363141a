import { assert } from '../base/assert.ts'
import type { ByteReader, ByteSink } from '../data/byte-sink.ts'
import { decodeRow, rowBytes } from '../data/row-encoding.ts'
import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'

/** A row of one side of a join. */
export interface JoinRow {
  readonly values: readonly SqlValue[]
  /** Rows of the other side that it matches, at present. */
  matches: number
  /** Its place in the list of its key. */
  index: number
  /** Its encoded values as text, where it may be taken back: by them it is found again. */
  readonly bytes: string
}

/** Lists of fewer rows are searched from end to end. */
const INDEXED_ROWS = 16

interface RowList {
  readonly rows: JoinRow[]
  /** Of long lists: equal rows by their bytes. */
  byBytes: Map<string, JoinRow[]> | undefined
}

/** The rows of one side of a join, by the group ids of their keys; equal rows are there as often as they came. */
export class JoinRows {
  readonly #types: readonly SqlType[]
  readonly #retracts: boolean
  readonly #lists: (RowList | undefined)[] = []
  /** One code unit a byte. */
  readonly #decoder = new TextDecoder('latin1')
  count = 0

  constructor(types: readonly SqlType[], retracts: boolean) {
    this.#types = types
    this.#retracts = retracts
  }

  /** The rows of a key; undefined when there are none. The list stays the same object until its last row is gone. */
  of(id: number): readonly JoinRow[] | undefined {
    return this.#lists[id]?.rows
  }

  add(id: number, values: readonly SqlValue[], matches: number): void {
    this.count++
    const bytes = this.#retracts ? this.#bytesOf(values) : ''
    const list = (this.#lists[id] ??= { rows: [], byBytes: undefined })
    const row: JoinRow = { values, matches, index: list.rows.length, bytes }
    list.rows.push(row)
    if (!this.#retracts) return
    if (list.byBytes !== undefined) addTo(list.byBytes, row)
    else if (list.rows.length >= INDEXED_ROWS) {
      list.byBytes = new Map()
      for (const known of list.rows) addTo(list.byBytes, known)
    }
  }

  /** Removes the latest of the rows with these values; false when there is none. */
  remove(id: number, values: readonly SqlValue[]): boolean {
    assert(this.#retracts, 'rows are taken back only where the plan says so')
    const list = this.#lists[id]
    if (list === undefined) return false
    const row = take(list, this.#bytesOf(values))
    if (row === undefined) return false
    this.count--
    const last = list.rows.pop()!
    if (last !== row) {
      list.rows[row.index] = last
      last.index = row.index
    }
    if (list.rows.length === 0) this.#lists[id] = undefined
    return true
  }

  #bytesOf(values: readonly SqlValue[]): string {
    return this.#decoder.decode(rowBytes(this.#types, values))
  }

  save(id: number, sink: ByteSink): void {
    const rows = this.of(id) ?? []
    sink.varint(rows.length)
    for (const { values, matches } of rows) {
      sink.prefixed(rowBytes(this.#types, values))
      sink.varint(matches)
    }
  }

  load(id: number, reader: ByteReader): void {
    const count = reader.varint()
    for (let i = 0; i < count; i++) {
      const values = decodeRow(this.#types, reader.raw(reader.varint()))
      this.add(id, values, reader.varint())
    }
  }
}

function addTo(byBytes: Map<string, JoinRow[]>, row: JoinRow): void {
  const equal = byBytes.get(row.bytes)
  if (equal === undefined) byBytes.set(row.bytes, [row])
  else equal.push(row)
}

function take(list: RowList, bytes: string): JoinRow | undefined {
  if (list.byBytes === undefined) return list.rows.findLast((row) => row.bytes === bytes)
  const equal = list.byBytes.get(bytes)
  const row = equal?.pop()
  if (equal?.length === 0) list.byBytes.delete(bytes)
  return row
}

import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { readCell } from '../data/cells.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import { decodeRow, rowBytes } from '../data/row-encoding.ts'
import { RowKind, rowKindSign } from '../data/row-kind.ts'
import { type SqlType, types as sqlTypes } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import { compareBytes } from './aggregates/compare-values.ts'
import { ChangeQueue } from './change-queue.ts'
import { type SortColumn, compareKeys } from './compare-rows.ts'

export interface RankOptions {
  readonly id: string
  readonly owner: ArenaOwner
  readonly types: readonly SqlType[]
  readonly keys: readonly number[]
  readonly orderKeys: readonly SortColumn[]
  /** Of rows that the order does not tell apart, the one that came first stands before or behind. */
  readonly ties: 'first-come' | 'last-come'
  readonly from: number
  readonly to: number
  readonly showsRank: boolean
  readonly inputRetracts: boolean
  readonly emitsUpdateBefore: boolean
  /** What leaves has no kinds when it is `append`. */
  readonly changes: 'append' | 'retract' | 'upsert'
  readonly createState?: CreateState
}

interface RankedRow {
  readonly keys: readonly SqlValue[]
  readonly bytes: Uint8Array
}

/** Queued changes after which the queue is sent. */
const QUEUE_ROWS = 1024

/**
 * Top-N: keeps the rows of each partition in order and tells how those from rank `from` to rank `to` change.
 *
 * With the rank in the output, a row that comes in moves all behind it: each place gets another row, as -U and +U. Without it only the row that enters (+I)
 * and the one that leaves (-D) are told. Where one place is kept, its row is replaced by -U and +U. Of input that only adds rows, those beyond `to` are
 * forgotten; else all are kept, for they may move up.
 */
export function rank(options: RankOptions): Operator {
  return new Rank(options)
}

class Rank implements Operator {
  readonly name = 'Rank'
  readonly stateId: string
  readonly #options: RankOptions
  readonly #state: KeyedState
  /** By group, the rows in order. */
  readonly #groups: (RankedRow[] | undefined)[] = []
  readonly #queue: ChangeQueue
  readonly #showsPlaces: boolean
  #done = 0
  #rowCount = 0

  constructor(options: RankOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, types, from, to, showsRank, changes, createState = memoryState } = options
    this.#state = createState({ owner, lineBytes: 0, prefixBytes: 0, ttlMs: 0 })
    this.#showsPlaces = showsRank || from > 1 || to === 1
    this.#queue = new ChangeQueue({
      owner,
      types,
      addedTypes: showsRank ? [sqlTypes.bigint(false)] : [],
      mode: changes === 'append' ? 'append' : 'changing',
      changesPerRow: 2 * (to - from + 1) + 1,
    })
  }

  onBatch(_input: number, batch: Batch, out: Output): Progress {
    const { i32, u8 } = this.#options.owner.arena
    const ids = this.#state.prepare(batch, this.#options.keys)
    if (typeof ids !== 'number') return ids
    this.#state.touch(ids, batch.selectedCount)
    for (;;) {
      if (!this.#queue.flush(batch, out)) return 'more'
      if (this.#done === batch.selectedCount) break
      while (this.#done < batch.selectedCount && this.#queue.size < QUEUE_ROWS) {
        const row = batch.selection === 0 ? this.#done : i32[(batch.selection >>> 2) + this.#done]!
        const id = i32[(ids >>> 2) + this.#done]!
        this.#done++
        const group = (this.#groups[id] ??= [])
        if (batch.kinds === 0 || rowKindSign(u8[batch.kinds + row]!) > 0) this.#add(group, batch, row)
        else this.#takeBack(group, batch, row)
      }
    }
    this.#done = 0
    if (this.#options.inputRetracts) this.#forget(ids, batch.selectedCount)
    return 'done'
  }

  #add(group: RankedRow[], batch: Batch, row: number): void {
    const { to, inputRetracts, ties, types } = this.#options
    const keys = this.#keysOf(batch, row)
    const position = this.#search(group, keys, ties === 'first-come' ? 'behind' : 'before')
    if (!inputRetracts && position >= to) return
    const added = { keys, bytes: rowBytes(types, this.#valuesOf(batch, row)) }
    group.splice(position, 0, added)
    this.#rowCount++
    if (this.#showsPlaces) this.#shiftDown(group, position, row)
    else if (position < to) {
      const left = group[to]
      if (left !== undefined) this.#tell(RowKind.delete, left, 0, row)
      this.#tell(RowKind.insert, added, 0, row)
    }
    if (inputRetracts || group.length <= to) return
    group.pop()
    this.#rowCount--
  }

  /** From the place of a new row on, each has the row that stood before it. */
  #shiftDown(group: readonly RankedRow[], position: number, source: number): void {
    const { from, to } = this.#options
    const end = Math.min(to, group.length)
    for (let i = Math.max(position, from - 1); i < end; i++) this.#replace(group[i + 1], group[i], i + 1, source)
  }

  #takeBack(group: RankedRow[], batch: Batch, row: number): void {
    const { types, to, from, showsRank } = this.#options
    const keys = this.#keysOf(batch, row)
    const bytes = rowBytes(types, this.#valuesOf(batch, row))
    let position = this.#search(group, keys, 'before')
    while (position < group.length && compareBytes(group[position]!.bytes, bytes) !== 0) {
      if (compareKeys(this.#options.orderKeys, group[position]!.keys, keys) !== 0) return
      position++
    }
    const gone = group[position]
    if (gone === undefined) return
    group.splice(position, 1)
    this.#rowCount--
    if (position >= to) return
    if (showsRank || from === to) {
      const end = Math.min(to, group.length + 1)
      for (let i = Math.max(position, from - 1); i < end; i++) this.#replace(i === position ? gone : group[i - 1], group[i], i + 1, row)
      return
    }
    // Above the first place that is shown a row is gone, so the one there moves out of sight.
    const left = position >= from - 1 ? gone : group[from - 2]
    const entered = group[to - 1]
    if (left === undefined) return
    this.#tell(RowKind.delete, left, 0, row)
    if (entered !== undefined) this.#tell(RowKind.insert, entered, 0, row)
  }

  #replace(before: RankedRow | undefined, after: RankedRow | undefined, place: number, source: number): void {
    if (after === undefined) {
      if (before !== undefined) this.#tell(RowKind.delete, before, place, source)
    } else if (before === undefined) this.#tell(RowKind.insert, after, place, source)
    else {
      if (this.#options.emitsUpdateBefore) this.#tell(RowKind.updateBefore, before, place, source)
      this.#tell(RowKind.updateAfter, after, place, source)
    }
  }

  #tell(kind: RowKind, row: RankedRow, place: number, source: number): void {
    if (this.#options.showsRank) this.#queue.add(kind, row.bytes, source, [BigInt(place)])
    else this.#queue.add(kind, row.bytes, source)
  }

  /** Where rows with these keys begin, or where they end. */
  #search(group: readonly RankedRow[], keys: readonly SqlValue[], side: 'before' | 'behind'): number {
    const { orderKeys } = this.#options
    const limit = side === 'before' ? 0 : 1
    let low = 0
    let high = group.length
    // Most rows of a full Top-N stand behind the last one.
    if (high > 0 && compareKeys(orderKeys, group[high - 1]!.keys, keys) < limit) return high
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareKeys(orderKeys, group[middle]!.keys, keys) < limit) low = middle + 1
      else high = middle
    }
    return low
  }

  #keysOf(batch: Batch, row: number): readonly SqlValue[] {
    const { owner, orderKeys } = this.#options
    return orderKeys.map((key) => readCell(owner.arena, batch.columns[key.column]!, row))
  }

  #valuesOf(batch: Batch, row: number): readonly SqlValue[] {
    const { arena } = this.#options.owner
    return batch.columns.map((column) => readCell(arena, column, row))
  }

  /** Forgets the partitions without rows among those of a batch. */
  #forget(ids: number, count: number): void {
    const { i32 } = this.#options.owner.arena
    for (let i = 0; i < count; i++) {
      const id = i32[(ids >>> 2) + i]!
      if (this.#groups[id]?.length !== 0) continue
      this.#groups[id] = undefined
      this.#state.remove(id)
    }
  }

  snapshot(): OperatorSnapshot {
    return {
      keyed: this.#state.snapshot(KEY_GROUPS, (id, sink) => {
        const group = this.#groups[id] ?? []
        sink.varint(group.length)
        for (const { bytes } of group) sink.prefixed(bytes)
      }),
    }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    const { types, orderKeys } = this.#options
    for (const { keyed } of parts) {
      for (const [keyGroup, saved] of keyed) {
        if (!isMine(keyGroup)) continue
        this.#state.restore(saved, (id, reader) => {
          const group: RankedRow[] = []
          for (let left = reader.varint(); left > 0; left--) {
            const bytes = reader.raw(reader.varint())
            const values = decodeRow(types, bytes)
            group.push({ keys: orderKeys.map((key) => values[key.column]!), bytes })
          }
          this.#groups[id] = group
          this.#rowCount += group.length
        })
      }
    }
  }

  stateSize(): { readonly rows: number; readonly bytes: number } {
    return { rows: this.#rowCount, bytes: this.#state.usedBytes }
  }

  close(): void {
    this.#options.owner.close()
  }
}

import type { Clock } from '../base/ports.ts'
import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { readCell } from '../data/cells.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import { decodeRow, rowBytes } from '../data/row-encoding.ts'
import { RowKind, rowKindSign } from '../data/row-kind.ts'
import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import { type LagParts, lagParts } from '../expr/lag.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type KeyExpiry, keyExpiry } from '../state/key-expiry.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import type { Accumulator } from './aggregates/accumulator.ts'
import { compareBytes } from './aggregates/compare-values.ts'
import { createAccumulator } from './aggregates/create-accumulator.ts'
import { ChangeQueue } from './change-queue.ts'
import { type SortColumn, compareKeys } from './compare-rows.ts'
import { lagDistance } from './lag-distance.ts'

export interface OverByValueOptions {
  readonly id: string
  readonly owner: ArenaOwner
  readonly inputTypes: readonly SqlType[]
  readonly keys: readonly number[]
  readonly orderKeys: readonly SortColumn[]
  /** Whether rows of equal order share their results. The frame is all rows up to the current one. */
  readonly unit: 'ROWS' | 'RANGE'
  readonly calls: readonly AggregateCall[]
  readonly clock: Clock
  /** Rows of a partition that had none for so long are forgotten; 0: never. */
  readonly stateTtlMs: number
  readonly createState?: CreateState
}

interface Row {
  readonly keys: readonly SqlValue[]
  readonly bytes: Uint8Array
  /** The argument of each call. */
  readonly args: readonly SqlValue[]
  results: Results
}

/** What the calls gave for a row, and the same as bytes, to compare. */
interface Results {
  readonly values: readonly SqlValue[]
  readonly bytes: Uint8Array
}

interface Slot {
  readonly call: AggregateCall
  /** Undefined: RANK and DENSE_RANK, which only count, and LAG, which looks at another row. */
  readonly accumulator: Accumulator | undefined
  readonly lag: LagParts | undefined
}

/** Where results are read: behind which row of a group, and the ranks there. */
interface Place {
  readonly group: readonly Row[]
  readonly last: number
  readonly rank: number
  readonly denseRank: number
}

/** Queued changes after which the queue is sent. */
const QUEUE_ROWS = 1024
/** What these keep of the rows is their result. */
const extremes: ReadonlySet<string> = new Set(['MIN', 'MAX', 'FIRST_VALUE', 'LAST_VALUE'])
const noResults: Results = { values: [], bytes: new Uint8Array(0) }

/**
 * OVER in the order of plain values, of rows that may come in any order and may be taken back: keeps the rows of each partition sorted, with the results that were told. A row that
 * comes or goes changes the results of those behind it (and of its equals, in a RANGE): each is told as -U and +U.
 *
 * A row that goes to the end of its partition costs one step of each call; any other makes the calls run over the partition again.
 */
export function overByValue(options: OverByValueOptions): Operator {
  return new OverByValue(options)
}

class OverByValue implements Operator {
  readonly name = 'OverByValue'
  readonly stateId: string
  readonly #options: OverByValueOptions
  readonly #state: KeyedState
  readonly #slots: readonly Slot[]
  readonly #lineBytes: number
  readonly #resultTypes: readonly SqlType[]
  readonly #scratch: BatchBuffer
  /** By group, the rows in order. The line of a group holds the calls over all of them. */
  readonly #groups: (Row[] | undefined)[] = []
  readonly #queue: ChangeQueue
  readonly #expiry: KeyExpiry | undefined
  #done = 0
  #rowCount = 0

  constructor(options: OverByValueOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, inputTypes, calls, createState = memoryState } = options
    let lineBytes = 0
    this.#slots = calls.map((call): Slot => {
      if (call.name === 'LAG') return { call, accumulator: undefined, lag: lagParts(call) }
      if (call.name === 'RANK' || call.name === 'DENSE_RANK') return { call, accumulator: undefined, lag: undefined }
      const accumulator = createAccumulator(owner, call, lineBytes, 'appending')
      lineBytes += accumulator.lineBytes
      return { call, accumulator, lag: undefined }
    })
    this.#lineBytes = lineBytes
    this.#resultTypes = calls.map((call) => call.type)
    this.#state = createState({ owner, lineBytes, prefixBytes: 0, ttlMs: 0 })
    this.#expiry = keyExpiry(this.#state, options.clock, options.stateTtlMs)
    this.#scratch = new BatchBuffer(owner, this.#resultTypes, 8)
    this.#queue = new ChangeQueue({
      owner,
      types: inputTypes,
      addedTypes: this.#resultTypes,
      mode: 'changing',
      changesPerRow: Number.MAX_SAFE_INTEGER,
    })
  }

  onBatch(_input: number, batch: Batch, out: Output): Progress {
    const { i32, u8 } = this.#options.owner.arena
    for (const id of this.#done === 0 && this.#queue.size === 0 ? (this.#expiry?.sweep() ?? []) : []) this.#remove(id)
    const ids = this.#state.prepare(batch, this.#options.keys)
    if (typeof ids !== 'number') return ids
    this.#state.touch(ids, batch.selectedCount)
    this.#expiry?.write(i32, ids, batch.selectedCount)
    for (;;) {
      if (!this.#queue.flush(batch, out)) return 'more'
      if (this.#done === batch.selectedCount) break
      while (this.#done < batch.selectedCount && this.#queue.size < QUEUE_ROWS) {
        const row = batch.selection === 0 ? this.#done : i32[(batch.selection >>> 2) + this.#done]!
        const id = i32[(ids >>> 2) + this.#done]!
        this.#done++
        const kind = (batch.kinds === 0 ? RowKind.insert : u8[batch.kinds + row]!) as RowKind
        if (rowKindSign(kind) > 0) this.#add(id, batch, row, kind)
        else this.#takeBack(id, batch, row)
      }
    }
    this.#done = 0
    this.#forget(ids, batch.selectedCount)
    return 'done'
  }

  #add(id: number, batch: Batch, source: number, kind: RowKind): void {
    const group = (this.#groups[id] ??= [])
    const added = this.#rowOf(batch.columns.map((column) => readCell(this.#options.owner.arena, column, source)))
    const position = this.#search(group, added.keys, 'behind')
    group.splice(position, 0, added)
    this.#rowCount++
    const from = this.#firstPeer(group, position)
    const isLast = position === group.length - 1 && from === position
    const changed = isLast ? this.#append(id, group) : this.#evaluate(id, group, from)
    for (let i = from; i < group.length; i++) {
      const results = changed[i - from]!
      if (i === position) {
        added.results = results
        this.#queue.add(kind, added.bytes, source, results.values)
      } else this.#replace(group[i]!, results, source, added)
    }
  }

  #takeBack(id: number, batch: Batch, source: number): void {
    const group = (this.#groups[id] ??= [])
    const gone = this.#rowOf(batch.columns.map((column) => readCell(this.#options.owner.arena, column, source)))
    let position = this.#search(group, gone.keys, 'before')
    while (position < group.length && compareBytes(group[position]!.bytes, gone.bytes) !== 0) {
      if (compareKeys(this.#options.orderKeys, group[position]!.keys, gone.keys) !== 0) return
      position++
    }
    const row = group[position]
    if (row === undefined) return
    const from = this.#firstPeer(group, position)
    group.splice(position, 1)
    this.#rowCount--
    const changed = this.#evaluate(id, group, from)
    for (let i = from; i <= group.length; i++) {
      if (i === position) this.#queue.add(RowKind.delete, row.bytes, source, row.results.values)
      if (i < group.length) this.#replace(group[i]!, changed[i - from]!, source, row)
    }
  }

  /** As Flink, tells a row again whose calls took another value in or gave one back, equal results or not. */
  #replace(row: Row, results: Results, source: number, cause: Row): void {
    const takesPart = this.#slots.some(
      ({ call, accumulator }, i) => accumulator !== undefined && !extremes.has(call.name) && cause.args[i] !== null,
    )
    if (!takesPart && compareBytes(row.results.bytes, results.bytes) === 0) return
    this.#queue.add(RowKind.updateBefore, row.bytes, source, row.results.values)
    row.results = results
    this.#queue.add(RowKind.updateAfter, row.bytes, source, results.values)
  }

  /** Where results may have changed by a row at `position`. */
  #firstPeer(group: readonly Row[], position: number): number {
    return this.#options.unit === 'ROWS' ? position : this.#search(group, group[position]!.keys, 'before')
  }

  /** Where rows with these keys begin, or where they end. */
  #search(group: readonly Row[], keys: readonly SqlValue[], side: 'before' | 'behind'): number {
    const { orderKeys } = this.#options
    const limit = side === 'before' ? 0 : 1
    let low = 0
    let high = group.length
    if (high > 0 && compareKeys(orderKeys, group[high - 1]!.keys, keys) < limit) return high
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareKeys(orderKeys, group[middle]!.keys, keys) < limit) low = middle + 1
      else high = middle
    }
    return low
  }

  // --- calls ---

  /** The results of the last row, which has no equal. */
  #append(id: number, group: readonly Row[]): readonly Results[] {
    const line = this.#state.line(id)
    this.#accumulate(id, line, group.at(-1)!)
    const sets = this.#slots.some(({ call }) => call.name === 'DENSE_RANK') ? this.#setsOf(group) : 0
    return [this.#read(id, line, { group, last: group.length - 1, rank: group.length, denseRank: sets })]
  }

  #setsOf(group: readonly Row[]): number {
    let sets = 0
    for (let i = 0; i < group.length; i++) if (i === 0 || !this.#arePeers(group[i - 1]!, group[i]!)) sets++
    return sets
  }

  /** Runs the calls over the rows of a partition; the results of those from `from` on, where a set of equals begins. */
  #evaluate(id: number, group: readonly Row[], from: number): readonly Results[] {
    const { owner, unit } = this.#options
    const line = this.#state.line(id)
    for (const { accumulator } of this.#slots) accumulator?.clear?.(id, line)
    owner.arena.u8.fill(0, line, line + this.#lineBytes)
    const results: Results[] = []
    let sets = 0
    for (let first = 0; first < group.length;) {
      let end = first + 1
      while (end < group.length && this.#arePeers(group[first]!, group[end]!)) end++
      sets++
      if (unit === 'ROWS') {
        for (let i = first; i < end; i++) {
          this.#accumulate(id, line, group[i]!)
          if (i >= from) results.push(this.#read(id, line, { group, last: i, rank: first + 1, denseRank: sets }))
        }
      } else {
        for (let i = first; i < end; i++) this.#accumulate(id, line, group[i]!)
        if (first >= from) {
          const shared = this.#read(id, line, { group, last: end - 1, rank: first + 1, denseRank: sets })
          for (let i = first; i < end; i++) results.push(shared)
        }
      }
      first = end
    }
    return results
  }

  #arePeers(a: Row, b: Row): boolean {
    return compareKeys(this.#options.orderKeys, a.keys, b.keys) === 0
  }

  #accumulate(id: number, line: number, row: Row): void {
    this.#slots.forEach(({ accumulator }, i) => accumulator?.add(id, line, row.args[i]!, 1))
  }

  #read(id: number, line: number, place: Place): Results {
    const scratch = this.#scratch
    scratch.clear()
    const { arena } = this.#options.owner
    const values = this.#slots.map(({ call, accumulator, lag }, i): SqlValue => {
      if (lag !== undefined) return this.#lagged(lag, i, place)
      if (accumulator === undefined) return BigInt(call.name === 'RANK' ? place.rank : place.denseRank)
      const column = scratch.batch.columns[i]!
      accumulator.write(id, line, { buffer: scratch, column, row: 0 })
      return readCell(arena, column, 0)
    })
    return { values, bytes: rowBytes(this.#resultTypes, values) }
  }

  /** Rows of equal order share the answer of the last of them, as in the order of event time. */
  #lagged({ distance, distanceArg, fallbackArg }: LagParts, number: number, { group, last }: Place): SqlValue {
    const { inputTypes, calls } = this.#options
    const row = group[last]!
    const own = (arg: number | undefined): SqlValue =>
      arg === undefined ? null : decodeRow(inputTypes, row.bytes)[calls[number]!.args[arg]!]!
    const far = distance ?? lagDistance(own(distanceArg))
    if (far === undefined) return null
    const lagged = group[last - far]
    return lagged === undefined ? own(fallbackArg) : lagged.args[number]!
  }

  #rowOf(values: readonly SqlValue[]): Row {
    const { inputTypes, orderKeys, calls } = this.#options
    return {
      keys: orderKeys.map((key) => values[key.column]!),
      bytes: rowBytes(inputTypes, values),
      args: calls.map((call) => (call.args.length === 0 ? true : values[call.args[0]!]!)),
      results: noResults,
    }
  }

  /** Forgets the partitions without rows among those of a batch. */
  #forget(ids: number, count: number): void {
    const { i32 } = this.#options.owner.arena
    for (let i = 0; i < count; i++) {
      const id = i32[(ids >>> 2) + i]!
      if (this.#groups[id]?.length === 0) this.#remove(id)
    }
  }

  #remove(id: number): void {
    this.#rowCount -= this.#groups[id]?.length ?? 0
    this.#groups[id] = undefined
    for (const { accumulator } of this.#slots) accumulator?.clear?.(id, this.#state.line(id))
    this.#state.remove(id)
  }

  // --- snapshots ---

  snapshot(): OperatorSnapshot {
    return {
      keyed: this.#state.snapshot(KEY_GROUPS, (id, sink) => {
        this.#expiry?.save(id, sink)
        const group = this.#groups[id] ?? []
        sink.varint(group.length)
        for (const { bytes } of group) sink.prefixed(bytes)
      }),
    }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    const { inputTypes, keys } = this.#options
    for (const { keyed } of parts) {
      for (const [keyGroup, saved] of keyed) {
        if (keys.length > 0 && !isMine(keyGroup)) continue
        this.#state.restore(saved, (id, reader) => {
          this.#expiry?.load(id, reader)
          const group = Array.from({ length: reader.varint() }, () => this.#rowOf(decodeRow(inputTypes, reader.raw(reader.varint()))))
          this.#evaluate(id, group, 0).forEach((results, i) => (group[i]!.results = results))
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

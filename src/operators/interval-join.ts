import { assert } from '../base/assert.ts'
import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import { RowKind } from '../data/row-kind.ts'
import type { SqlType } from '../data/types.ts'
import { END_WATERMARK } from '../data/watermark.ts'
import type { OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import { RowStore } from '../state/row-store.ts'
import type { DueOperator } from './by-clock.ts'
import { type Int64Cells, int64Cells } from './int64.ts'
import { JoinClock } from './join-clock.ts'
import type { JoinCondition } from './join-condition.ts'
import type { JoinKind } from './join-context.ts'
import { JoinOutput } from './join-output.ts'
import { orderGroups } from './order-groups.ts'
import { PairCondition } from './pair-condition.ts'
import { TimedRows } from './timed-rows.ts'
import { TimerHeap } from './timer-heap.ts'

export interface IntervalJoinOptions {
  readonly id: string
  readonly owner: ArenaOwner
  readonly joinType: Exclude<JoinKind, 'semi' | 'anti'>
  readonly inputTypes: readonly [left: readonly SqlType[], right: readonly SqlType[]]
  readonly types: readonly SqlType[]
  readonly keys: readonly [left: readonly number[], right: readonly number[]]
  /** By key: whether NULL matches NULL. */
  readonly nullSafe: readonly boolean[]
  /** Event time columns. */
  readonly times: readonly [left: number, right: number]
  /** Rows match whose left time less the right one is at least `lowerMs` and at most `upperMs`. */
  readonly lowerMs: number
  readonly upperMs: number
  /** How far rows may lie behind the watermark when they come, by side; absent: not at all. */
  readonly heldMs?: readonly [left: number, right: number]
  readonly condition: JoinCondition | undefined
  readonly ordersOutput: boolean
  readonly givesPlaces: boolean
  readonly createState?: CreateState
}

interface DueKeys {
  readonly side: 0 | 1
  readonly time: number
  readonly ids: readonly number[]
}

/** State that may wait for its end is looked at so many times an interval. */
const SWEEPS = 16

/**
 * Joins rows whose event times lie near each other.
 *
 * ```
 * time of the right row   r
 * left rows it may meet   [r + lower ......... r + upper]
 * it is kept until the watermark (the lesser of both sides) has passed r + upper; a left row l until it has passed l - lower
 * ```
 *
 * A row that comes meets the kept rows of the other side; the rows of each key lie in the order of time, so those within the interval are found by binary search. One that
 * is shown without a match leaves when it is kept no longer. Rows leave up to the greater bound behind the time at which they came, so watermarks go on less
 * that, and no row is late by having been joined. Where a side's rows come behind the watermark, as those of a window Top-N do, rows of the other one are kept for them so much longer.
 */
export function intervalJoin(options: IntervalJoinOptions): DueOperator {
  return new IntervalJoin(options)
}

class IntervalJoin implements DueOperator {
  readonly name = 'IntervalJoin'
  readonly stateId: string
  readonly delayMs: number
  readonly #options: IntervalJoinOptions
  readonly #owner: ArenaOwner
  readonly #cells: Int64Cells
  readonly #state: KeyedState
  readonly #stores: readonly [RowStore, RowStore]
  readonly #lists: readonly [(TimedRows | undefined)[], (TimedRows | undefined)[]] = [[], []]
  readonly #timers: readonly [TimerHeap, TimerHeap] = [new TimerHeap(), new TimerHeap()]
  readonly #clock: JoinClock
  readonly #condition: PairCondition | undefined
  readonly #output: JoinOutput
  /** By side: whether a row is shown when it has met no other. */
  readonly #showsAlone: readonly [boolean, boolean]
  /** By side: how long after its time a row is kept. */
  readonly #keepMs: readonly [number, number]
  /** By side: the coarseness of timers; 1 where they send rows. */
  readonly #sweepMs: readonly [number, number]

  /** Keys of a batch that match nothing where they are NULL, and may be. */
  #nullableKeys: readonly number[] = []

  // Where it stopped in a batch.
  #rows = 0
  #done = 0
  #hasBegun = false

  constructor(options: IntervalJoinOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, joinType, inputTypes, types, lowerMs, upperMs, heldMs = [0, 0], condition, givesPlaces } = options
    const { createState = memoryState } = options
    this.#owner = owner
    this.#cells = int64Cells(owner.arena)
    this.#state = createState({ owner, lineBytes: 0, prefixBytes: 0, ttlMs: 0 })
    const storeOf = (side: 0 | 1): RowStore => new RowStore({ owner: this.#state.owner, types: inputTypes[side] })
    this.#stores = [storeOf(0), storeOf(1)]
    this.#clock = new JoinClock(owner.arena)
    this.#condition = condition === undefined ? undefined : new PairCondition(owner, this.#stores, condition)
    // Rows may still match at the millisecond at which their time is up.
    this.#keepMs = [heldMs[1] - lowerMs, heldMs[0] + upperMs]
    this.delayMs = Math.max(0, ...heldMs, ...this.#keepMs) + 1
    this.#output = new JoinOutput({ owner, stores: this.#stores, types, emitsKinds: false, givesPlaces, delayMs: this.delayMs })
    this.#showsAlone = [joinType === 'left' || joinType === 'full', joinType === 'right' || joinType === 'full']
    const coarse = Math.max(1, Math.floor((upperMs - lowerMs) / SWEEPS))
    this.#sweepMs = [this.#showsAlone[0] ? 1 : coarse, this.#showsAlone[1] ? 1 : coarse]
  }

  onBatch(input: number, batch: Batch, out: Output): Progress {
    assert(input === 0 || input === 1, 'a join has two inputs')
    if (!this.#output.flush(out)) return 'more'
    const ids = this.#state.prepare(batch, this.#options.keys[input])
    if (typeof ids !== 'number') return ids
    if (!this.#hasBegun) {
      this.#state.touch(ids, batch.selectedCount)
      this.#reclaim()
      this.#rows = this.#stores[input].add(batch)
      const { keys, nullSafe } = this.#options
      this.#nullableKeys = keys[input].filter((key, i) => nullSafe[i] !== true && batch.columns[key]!.nulls !== 0)
      this.#hasBegun = true
    }
    while (this.#done < batch.selectedCount) {
      this.#join(input, batch, ids)
      this.#done++
      if (this.#output.isEnough && !this.#output.flush(out)) return 'more'
    }
    if (!this.#output.flush(out)) return 'more'
    this.#forget(ids, batch.selectedCount)
    this.#done = 0
    this.#hasBegun = false
    return 'done'
  }

  #reclaim(): void {
    for (const store of this.#stores) store.reclaim()
  }

  #join(side: 0 | 1, batch: Batch, ids: number): void {
    const { i32, u32, i64 } = this.#owner.arena
    const { times, lowerMs, upperMs } = this.#options
    const at = batch.selection === 0 ? this.#done : i32[(batch.selection >>> 2) + this.#done]!
    const id = i32[(ids >>> 2) + this.#done]!
    const row = u32[(this.#rows >>> 2) + this.#done]!
    const now = this.#clock.at(side, batch, at)
    const place = batch.places === 0 ? 0n : i64[batch.places / 8 + at]!
    const timeColumn = batch.columns[times[side]]!
    // Without a time a row is near to no other.
    const isTimed = !timeColumn.isNull(this.#owner.arena, at)
    const time = isTimed ? this.#cells.get(timeColumn.cells / 8 + at) : Number.NEGATIVE_INFINITY
    const deadline = isTimed ? time + this.#keepMs[side] : time
    const mayMatch = isTimed && (this.#nullableKeys.length === 0 || !this.#hasNullKey(batch, at))
    const others = mayMatch ? this.#lists[1 - side]![id] : undefined
    let isMatched = false
    if (others !== undefined) {
      this.#from = side === 0 ? time - upperMs : time + lowerMs
      this.#to = side === 0 ? time - lowerMs : time + upperMs
      this.#now = now
      this.#place = place
      isMatched = this.#meet(side, row, others)
    }
    if (now < deadline && (mayMatch || this.#showsAlone[side])) {
      if (isMatched) this.#stores[side].setMark(row, 1)
      this.#keep(side, id, time, row)
      return
    }
    if (!isMatched && this.#showsAlone[side]) this.#showAlone(side, row, now, place)
    this.#stores[side].release(row)
  }

  // Of the row at hand: the times of rows that it may meet, the watermark that has come with it, and its place.
  #from = 0
  #to = 0
  #now = 0
  #place = 0n

  #hasNullKey(batch: Batch, at: number): boolean {
    for (const key of this.#nullableKeys) if (batch.columns[key]!.isNull(this.#owner.arena, at)) return true
    return false
  }

  /** Meets the rows of the other side that are near enough and still there; whether there is one that matches. */
  #meet(side: 0 | 1, row: number, others: TimedRows): boolean {
    const now = this.#now
    const to = this.#to
    const place = this.#place
    const store = this.#stores[1 - side]!
    const marksOthers = this.#showsAlone[1 - side]!
    // Rows whose end has come are gone, whether or not a timer has been there.
    const first = others.placeOf(now === END_WATERMARK ? Number.POSITIVE_INFINITY : Math.max(this.#from, now - this.#keepMs[1 - side]!))
    const found = this.#found
    found.length = 0
    for (let i = first; i < others.end && others.timeAt(i) <= to; i++) found.push(others.rowAt(i))
    if (found.length > 0) this.#condition?.keepMatches(side, row, found)
    for (let i = 0; i < found.length; i++) {
      const other = found[i]!
      if (marksOthers) store.setMark(other, 1)
      this.#output.add(RowKind.insert, side === 0 ? row : other, side === 0 ? other : row, now, place, i + 1)
    }
    return found.length > 0
  }

  /** Rows that one row meets. */
  readonly #found: number[] = []

  #keep(side: 0 | 1, id: number, time: number, row: number): void {
    const list = (this.#lists[side][id] ??= new TimedRows())
    list.add(time, row)
    const sweepMs = this.#sweepMs[side]
    const end = time + this.#keepMs[side] + 1
    this.#timers[side].add(sweepMs === 1 ? end : Math.ceil(end / sweepMs) * sweepMs, id)
  }

  #showAlone(side: 0 | 1, row: number, watermark: number, place: bigint): void {
    this.#output.add(RowKind.insert, side === 0 ? row : 0, side === 0 ? 0 : row, watermark, place)
  }

  /** Forgets keys of a batch that have no rows. */
  #forget(ids: number, count: number): void {
    const { i32 } = this.#owner.arena
    const gone = new Set<number>()
    for (let i = 0; i < count; i++) {
      const id = i32[(ids >>> 2) + i]!
      if (this.#isEmpty(id)) gone.add(id)
    }
    for (const id of gone) this.#state.remove(id)
  }

  #isEmpty(id: number): boolean {
    return this.#lists[0][id] === undefined && this.#lists[1][id] === undefined
  }

  // --- the watermark passes ---

  onWatermark(time: number, out: Output, inputs: readonly number[] = []): Progress {
    this.#clock.set(inputs)
    // A batch that was lent before is no longer shown.
    if (this.#output.isEmpty) this.#reclaim()
    else if (!this.#output.flush(out)) return 'more'
    for (;;) {
      this.#due ??= this.#takeDue(time)
      if (this.#due === undefined) return this.#output.flush(out) ? 'done' : 'more'
      const prepared = this.#state.prepareGroups(this.#due.ids)
      if (prepared !== true) return prepared
      this.#endDue(this.#due)
      this.#due = undefined
      if (this.#output.isEnough && !this.#output.flush(out)) return 'more'
    }
  }

  nextDue(): number | undefined {
    const time = this.#due?.time ?? Math.min(this.#timers[0].next, this.#timers[1].next)
    return time === Number.POSITIVE_INFINITY ? undefined : time
  }

  /** Keys of which rows end at one moment; their timers are taken out already. */
  #due: DueKeys | undefined

  /** The keys that are due next, up to a watermark. */
  #takeDue(watermark: number): DueKeys | undefined {
    const time = Math.min(this.#timers[0].next, this.#timers[1].next)
    if (time > watermark) return undefined
    const side = this.#timers[0].next === time ? 0 : 1
    const timers = this.#timers[side]
    const ids: number[] = []
    while (timers.next === time) {
      const id = timers.pop()
      // Of a key whose rows are gone nothing is due; one that is there twice has nothing left the second time.
      if (id !== ids.at(-1) && this.#lists[side][id] !== undefined) ids.push(id)
    }
    return { side, time, ids }
  }

  #endDue({ side, time, ids }: DueKeys): void {
    if (!this.#options.ordersOutput || !this.#showsAlone[side]) {
      for (const id of ids) this.#end(side, id, time, 0n)
      return
    }
    const groups = orderGroups(this.#owner.arena, [...new Set(ids)], (id) => this.#state.keyBytes(id))
    for (const { id, place } of groups) this.#end(side, id, time, place)
  }

  /** Ends the rows of a key that are kept until before `time`. */
  #end(side: 0 | 1, id: number, time: number, place: bigint): void {
    const list = this.#lists[side][id]
    if (list === undefined) return
    const store = this.#stores[side]
    const keepMs = this.#keepMs[side]
    let isTouched = false
    while (list.size > 0 && list.timeAt(list.start) + keepMs < time) {
      const row = list.rowAt(list.start)
      if (!isTouched) this.#state.touchOne(id)
      isTouched = true
      // What the watermark sends comes before the watermark itself.
      if (this.#showsAlone[side] && store.markOf(row) === 0) this.#showAlone(side, row, list.timeAt(list.start) + keepMs, place)
      store.release(row)
      list.removeAt(list.start)
    }
    if (list.size > 0) return
    this.#lists[side][id] = undefined
    if (this.#isEmpty(id)) this.#state.remove(id)
  }

  // --- snapshots ---

  snapshot(): OperatorSnapshot {
    assert(!this.#hasBegun && this.#output.isEmpty, 'a snapshot is taken between batches')
    const keyed = this.#state.snapshot(KEY_GROUPS, (id, sink) => {
      for (const side of [0, 1] as const) {
        const list = this.#lists[side][id]
        const store = this.#stores[side]
        sink.varint(list?.size ?? 0)
        if (list === undefined) continue
        for (let i = list.start; i < list.end; i++) {
          sink.f64(list.timeAt(i))
          sink.u8(store.markOf(list.rowAt(i)))
          sink.prefixed(store.bytesOf(list.rowAt(i)))
        }
      }
    })
    return { keyed, whole: this.#clock.save() }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    this.#clock.restore(parts)
    for (const { keyed } of parts) {
      for (const [keyGroup, bytes] of keyed) {
        // Without keys there is one group, and one subtask for it.
        if (this.#options.keys[0].length > 0 && !isMine(keyGroup)) continue
        this.#state.restore(bytes, (id, reader) => {
          for (const side of [0, 1] as const) {
            for (let left = reader.varint(); left > 0; left--) {
              const time = reader.f64()
              const mark = reader.u8()
              const row = this.#stores[side].addBytes(reader.raw(reader.varint()))
              this.#stores[side].setMark(row, mark)
              this.#keep(side, id, time, row)
            }
          }
        })
      }
    }
  }

  stateSize(): { readonly rows: number; readonly bytes: number } {
    return { rows: this.#stores[0].count + this.#stores[1].count, bytes: this.#state.usedBytes }
  }

  close(): void {
    this.#owner.close()
  }
}

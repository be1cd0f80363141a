import { assert } from '../base/assert.ts'
import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import type { ByteReader, ByteSink } from '../data/byte-sink.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import { RowKind } from '../data/row-kind.ts'
import type { SqlType } from '../data/types.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import { RowStore } from '../state/row-store.ts'
import { type Int64Cells, int64Cells } from './int64.ts'
import { JoinClock } from './join-clock.ts'
import type { JoinCondition } from './join-condition.ts'
import type { JoinKind } from './join-context.ts'
import { JoinOutput } from './join-output.ts'
import { leavingGroups } from './order-groups.ts'
import { PairCondition } from './pair-condition.ts'
import { TimerHeap } from './timer-heap.ts'
import type { WindowTime } from './window-time.ts'

export interface WindowJoinOptions {
  readonly id: string
  readonly owner: ArenaOwner
  readonly joinType: JoinKind
  readonly inputTypes: readonly [left: readonly SqlType[], right: readonly SqlType[]]
  readonly types: readonly SqlType[]
  /** By side; the bounds of the window are among them. */
  readonly keys: readonly [left: readonly number[], right: readonly number[]]
  /** By key: whether NULL matches NULL. */
  readonly nullSafe: readonly boolean[]
  /** The columns of the window's end. */
  readonly ends: readonly [left: number, right: number]
  readonly time: WindowTime
  readonly condition: JoinCondition | undefined
  readonly ordersOutput: boolean
  readonly givesPlaces: boolean
  readonly createState?: CreateState
}

/** The rows of one key in one window. */
interface Group {
  readonly timer: number
  /** A key with NULL matches nothing. */
  readonly mayMatch: boolean
  readonly rows: readonly [left: number[], right: number[]]
}

interface DueGroups {
  readonly timer: number
  readonly groups: readonly { readonly id: number; readonly place: bigint }[]
}

/**
 * Joins rows of the same window. Both sides are kept by key and window until the watermark (the lesser of both sides) has passed the window; then its rows
 * meet once, and all of it is forgotten. What leaves is final, so also outer joins only add rows. A row that comes when its window is past is dropped and counted.
 */
export function windowJoin(options: WindowJoinOptions): Operator {
  return new WindowJoin(options)
}

class WindowJoin implements Operator {
  readonly name = 'WindowJoin'
  readonly stateId: string
  readonly #options: WindowJoinOptions
  readonly #owner: ArenaOwner
  readonly #cells: Int64Cells
  readonly #state: KeyedState
  readonly #stores: readonly [RowStore, RowStore]
  readonly #groups: (Group | undefined)[] = []
  readonly #timers = new TimerHeap()
  readonly #clock: JoinClock
  readonly #condition: PairCondition | undefined
  readonly #output: JoinOutput
  /** By side: whether a row is shown without a match. */
  readonly #showsAlone: readonly [boolean, boolean]
  #lateRows = 0

  // Where it stopped among the groups of a moment.
  #due: DueGroups | undefined
  #nextGroup = 0
  #nextRow = 0

  constructor(options: WindowJoinOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, joinType, inputTypes, types, condition, givesPlaces, createState = memoryState } = options
    this.#owner = owner
    this.#cells = int64Cells(owner.arena)
    this.#state = createState({ owner, lineBytes: 0, prefixBytes: 0, ttlMs: 0 })
    const storeOf = (side: 0 | 1): RowStore => new RowStore({ owner: this.#state.owner, types: inputTypes[side] })
    this.#stores = [storeOf(0), storeOf(1)]
    this.#clock = new JoinClock(owner.arena)
    this.#condition = condition === undefined ? undefined : new PairCondition(owner, this.#stores, condition)
    this.#output = new JoinOutput({ owner, stores: this.#stores, types, emitsKinds: false, givesPlaces, delayMs: 0 })
    this.#showsAlone = [joinType === 'left' || joinType === 'full' || joinType === 'anti', joinType === 'right' || joinType === 'full']
  }

  onBatch(input: number, batch: Batch): Progress {
    assert(input === 0 || input === 1, 'a join has two inputs')
    const { keys, ends, time } = this.#options
    const ids = this.#state.prepare(batch, keys[input])
    if (typeof ids !== 'number') return ids
    this.#state.touch(ids, batch.selectedCount)
    const store = this.#stores[input]
    store.reclaim()
    const { i32, u32 } = this.#owner.arena
    const rows = store.add(batch) >>> 2
    const endCells = batch.columns[ends[input]]!.cells / 8
    const empty = new Set<number>()
    for (let i = 0; i < batch.selectedCount; i++) {
      const at = batch.selection === 0 ? i : i32[(batch.selection >>> 2) + i]!
      const id = i32[(ids >>> 2) + i]!
      const row = u32[rows + i]!
      let group = this.#groups[id]
      const timer = group === undefined ? time.timerOf(this.#cells.get(endCells + at) - 1) : group.timer
      if (timer <= this.#clock.at(input, batch, at)) {
        this.#lateRows++
        store.release(row)
        if (group === undefined) empty.add(id)
        continue
      }
      if (group === undefined) {
        group = this.#newGroup(id, timer, this.#mayMatch(input, batch, at))
        empty.delete(id)
      }
      if (group.mayMatch || this.#showsAlone[input]) group.rows[input].push(row)
      else store.release(row)
    }
    for (const id of empty) this.#state.remove(id)
    return 'done'
  }

  #newGroup(id: number, timer: number, mayMatch: boolean): Group {
    const group: Group = { timer, mayMatch, rows: [[], []] }
    this.#groups[id] = group
    this.#timers.add(timer, id)
    return group
  }

  #mayMatch(side: 0 | 1, batch: Batch, at: number): boolean {
    const { keys, nullSafe } = this.#options
    return keys[side].every((key, i) => nullSafe[i] === true || !batch.columns[key]!.isNull(this.#owner.arena, at))
  }

  // --- the watermark passes ---

  onWatermark(time: number, out: Output, inputs: readonly number[] = []): Progress {
    this.#clock.set(inputs)
    if (!this.#output.flush(out)) return 'more'
    for (;;) {
      if (this.#due === undefined) {
        const blocked = this.#takeDue(time)
        if (blocked === false) return this.#output.flush(out) ? 'done' : 'more'
        if (blocked !== true) return blocked
      }
      if (!this.#send(this.#due!, out)) return 'more'
      this.#due = undefined
    }
  }

  /** Finds the groups that are due next. False: there are none. */
  #takeDue(watermark: number): boolean | Promise<void> {
    const timer = this.#timers.next
    if (timer > watermark) return false
    // Each group has one timer, so those that wait for their state stand at the top of the heap.
    const ids: number[] = []
    while (this.#timers.next === timer) ids.push(this.#timers.pop())
    const prepared = this.#state.prepareGroups(ids)
    if (prepared !== true) {
      for (const id of ids) this.#timers.add(timer, id)
      return prepared
    }
    const { ordersOutput } = this.#options
    const groups = leavingGroups(this.#owner.arena, this.#state, ids, ordersOutput)
    this.#due = { timer, groups }
    this.#nextGroup = 0
    this.#nextRow = 0
    return true
  }

  /** Joins the groups of a moment; false when the output is full. */
  #send({ timer, groups }: DueGroups, out: Output): boolean {
    while (this.#nextGroup < groups.length) {
      const { id, place } = groups[this.#nextGroup]!
      const { rows, mayMatch } = this.#groups[id]!
      const [lefts, rights] = rows
      // What the watermark sends comes before the watermark itself.
      for (; this.#nextRow < lefts.length; this.#nextRow++) {
        if (this.#output.isEnough && !this.#output.flush(out)) return false
        this.#join(lefts[this.#nextRow]!, mayMatch ? rights : noRows, timer - 1, place)
      }
      if (this.#output.isEnough && !this.#output.flush(out)) return false
      this.#finish(id, rows, timer - 1, place)
      this.#nextGroup++
      this.#nextRow = 0
    }
    return true
  }

  #join(left: number, rights: readonly number[], watermark: number, place: bigint): void {
    const { joinType } = this.#options
    const isHalf = joinType === 'semi' || joinType === 'anti'
    const marksRights = this.#showsAlone[1]
    let found = rights
    if (this.#condition !== undefined && rights.length > 0) {
      const matches = [...rights]
      this.#condition.keepMatches(0, left, matches)
      found = matches
    }
    const isMatched = found.length > 0
    for (const right of isHalf ? noRows : found) {
      if (marksRights) this.#stores[1].setMark(right, 1)
      this.#output.add(RowKind.insert, left, right, watermark, place)
    }
    const isShown = joinType === 'semi' ? isMatched : !isMatched && this.#showsAlone[0]
    if (isShown) this.#output.add(RowKind.insert, left, 0, watermark, place)
  }

  /** All left rows have met all right ones: right rows without a match are shown, and the group is forgotten. */
  #finish(id: number, [lefts, rights]: Group['rows'], watermark: number, place: bigint): void {
    const [leftStore, rightStore] = this.#stores
    if (this.#showsAlone[1])
      for (const right of rights) if (rightStore.markOf(right) === 0) this.#output.add(RowKind.insert, 0, right, watermark, place)
    for (const left of lefts) leftStore.release(left)
    for (const right of rights) rightStore.release(right)
    this.#groups[id] = undefined
    this.#state.remove(id)
  }

  lateRows(): number {
    return this.#lateRows
  }

  // --- snapshots ---

  snapshot(): OperatorSnapshot {
    assert(this.#due === undefined && this.#output.isEmpty, 'a snapshot is taken between watermarks')
    const keyed = this.#state.snapshot(KEY_GROUPS, (id, sink) => {
      const { timer, mayMatch, rows } = this.#groups[id]!
      sink.f64(timer)
      sink.u8(mayMatch ? 1 : 0)
      rows.forEach((list, side) => saveRows(this.#stores[side]!, list, sink))
    })
    return { keyed, whole: this.#clock.save() }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    this.#clock.restore(parts)
    for (const { keyed } of parts) {
      for (const [keyGroup, bytes] of keyed) {
        if (!isMine(keyGroup)) continue
        this.#state.restore(bytes, (id, reader) => {
          const timer = reader.f64()
          const { rows } = this.#newGroup(id, timer, reader.u8() === 1)
          rows.forEach((list, side) => loadRows(this.#stores[side]!, list, reader))
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

const noRows: readonly number[] = []

function saveRows(store: RowStore, rows: readonly number[], sink: ByteSink): void {
  sink.varint(rows.length)
  for (const row of rows) sink.prefixed(store.bytesOf(row))
}

function loadRows(store: RowStore, rows: number[], reader: ByteReader): void {
  for (let left = reader.varint(); left > 0; left--) rows.push(store.addBytes(reader.raw(reader.varint())))
}

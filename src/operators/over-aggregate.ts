import { assert } from '../base/assert.ts'
import type { Clock } from '../base/ports.ts'
import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { writeCell } from '../data/cells.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import { type LagParts, lagParts } from '../expr/lag.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type KeyExpiry, keyExpiry } from '../state/key-expiry.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import { RowStore } from '../state/row-store.ts'
import type { Accumulator } from './aggregates/accumulator.ts'
import { createAccumulator } from './aggregates/create-accumulator.ts'
import { type SortColumn, compareKeys } from './compare-rows.ts'
import { type Int64Cells, int64Cells } from './int64.ts'
import { lagDistance } from './lag-distance.ts'
import { leavingGroups } from './order-groups.ts'
import { TimeHeap } from './time-heap.ts'

export interface OverAggregateOptions {
  readonly id: string
  readonly owner: ArenaOwner
  readonly inputTypes: readonly SqlType[]
  readonly keys: readonly number[]
  readonly timeColumn: number
  readonly unit: 'ROWS' | 'RANGE'
  /** Of the frame: rows, or milliseconds, before the current row; undefined: all. */
  readonly preceding: number | undefined
  readonly calls: readonly AggregateCall[]
  /** How rows of equal time are sorted; else they stand as they arrived. */
  readonly thenBy?: readonly SortColumn[]
  /** Rows of one moment leave in the order of their keys, for something above reads arrival order. */
  readonly ordersOutput: boolean
  /** They also get places. */
  readonly givesPlaces: boolean
  readonly clock: Clock
  /** A key of which no row came or left for so long is forgotten, unless rows of it wait; 0: never. A RANGE of some time ends its state by itself. */
  readonly stateTtlMs: number
  readonly createState?: CreateState
}

/** Beside each stored row, f64s: its time; the life of its group in which it came; the watermark at which it is taken: its time, or the next one for a row behind the watermark. */
const TIME = 2
const LIFE = 3
const DUE = 4
const EXTRA_BYTES = 24

/** Of the form in which rows are saved. */
const FORMAT = 1

interface Group {
  /** Names of rows that wait, by time and then by arrival. */
  pending: number[]
  /** Earlier rows that frames or LAG still read. */
  history: number[]
  /** The time of the last row that was taken. */
  taken: number
  /** How many rows were taken, how many before the first of those of the last time, and how many different times they had. */
  readonly ranks: { rows: number; before: number; times: number }
  /** From this watermark on, a RANGE of so much time holds none of its rows: it begins anew, and late rows are none. */
  end: number
  /** The watermark that ends it: `end`, or the next one where that had passed already. */
  endDue: number
  /** How often it began, and in which life the last row was taken. */
  life: number
  takenLife: number
}

/** Rows that are leaving: all that are due at one moment, key by key. */
interface Leaving {
  readonly due: number
  readonly rows: readonly number[]
  readonly ids: readonly number[]
  readonly places: readonly bigint[]
  /** By row, how many rows from it on come into the frame with it: in a RANGE the first of those of equal time brings all of them, the others none. */
  readonly entering: readonly number[]
  next: number
}

interface Slot {
  readonly call: AggregateCall
  readonly accumulator: Accumulator | undefined
  /** Of LAG. */
  readonly lag: LagParts
  /** Read the call's arguments of stored rows. */
  readonly args: readonly ((row: number) => SqlValue)[]
}

/**
 * Aggregates over the rows of a partition up to the current one, in the order of event time: a row waits until the watermark has reached its time, so that no
 * row comes between those that have left.
 *
 * With ROWS rows of equal time stand in the order of arrival, with RANGE they share one answer. Where the frame has no beginning, a row at or behind the
 * watermark is late; where it has one, a row is late only if its key has taken a row of that time or a later one. LAG counts back from the last row of
 * the time, as in Flink, and ROW_NUMBER goes row by row.
 */
export function overAggregate(options: OverAggregateOptions): Operator {
  return new OverAggregate(options)
}

class OverAggregate implements Operator {
  readonly name = 'OverAggregate'
  readonly stateId: string
  readonly #options: OverAggregateOptions
  readonly #cells: Int64Cells
  readonly #slots: readonly Slot[]
  readonly #state: KeyedState
  readonly #store: RowStore
  readonly #thenBy: readonly ((row: number) => SqlValue)[]
  readonly #groups: (Group | undefined)[] = []
  readonly #times = new TimeHeap()
  /** When groups that begin anew can be forgotten. */
  readonly #ends = new TimeHeap()
  readonly #expiry: KeyExpiry | undefined
  readonly #output: BatchBuffer
  /** -1: there is no LAG. Infinity: rows say how far they look. */
  readonly #farthestLag: number
  /** Rows of frames that end before the current row stay, to be taken out of the accumulators. */
  readonly #keepsFrame: boolean
  /** u32 names of the rows of the output. */
  readonly #shown: number
  #leaving: Leaving | undefined
  #lateRows = 0

  constructor(options: OverAggregateOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, calls, inputTypes, preceding, unit, clock, stateTtlMs, createState = memoryState } = options
    this.#cells = int64Cells(owner.arena)
    const shapes = calls.map((call) => ({ call, make: call.name !== 'RANK' && call.name !== 'DENSE_RANK' && call.name !== 'LAG' }))
    let lineBytes = 0
    const accumulators = shapes.map(({ call, make }) => {
      if (!make) return undefined
      const accumulator = createAccumulator(owner, call, lineBytes, preceding === undefined ? 'appending' : 'changing')
      lineBytes += accumulator.lineBytes
      return accumulator
    })
    this.#state = createState({ owner, lineBytes, prefixBytes: 0, ttlMs: 0 })
    this.#expiry = keyExpiry(this.#state, clock, unit === 'RANGE' && preceding !== undefined ? 0 : stateTtlMs)
    this.#store = new RowStore({ owner: this.#state.owner, types: inputTypes, extraBytes: EXTRA_BYTES })
    this.#slots = shapes.map(({ call }, i) => ({
      call,
      accumulator: accumulators[i],
      lag: lagParts(call),
      args: call.args.map((argument) => this.#store.reader(argument)),
    }))
    this.#thenBy = (options.thenBy ?? []).map((key) => this.#store.reader(key.column))
    this.#farthestLag = Math.max(-1, ...this.#slots.map((slot) => (slot.call.name === 'LAG' ? (slot.lag.distance ?? Infinity) : -1)))
    this.#keepsFrame = preceding !== undefined && this.#slots.length > 0
    assert(!this.#keepsFrame || this.#farthestLag < 0, 'LAG has no frame')
    this.#output = new BatchBuffer(owner, [...inputTypes, ...calls.map((call) => call.type)])
    this.#shown = owner.allocate(BATCH_CAPACITY * 4)
  }

  onBatch(_input: number, batch: Batch): Progress {
    const { owner, keys, timeColumn, preceding, unit } = this.#options
    const { arena } = owner
    const { f64, u32 } = arena
    this.#forgetSilent()
    const ids = this.#state.prepare(batch, keys)
    if (typeof ids !== 'number') return ids
    this.#state.touch(ids, batch.selectedCount)
    this.#expiry?.write(arena.i32, ids, batch.selectedCount)
    const timeCells = batch.columns[timeColumn]!
    const store = this.#store
    store.reclaim()
    const names = store.add(batch) >>> 2
    for (let i = 0; i < batch.selectedCount; i++) {
      const row = batch.selection === 0 ? i : arena.i32[(batch.selection >>> 2) + i]!
      const id = arena.i32[(ids >>> 2) + i]!
      const group = (this.#groups[id] ??= newGroup())
      const name = u32[names + i]!
      if (timeCells.isNull(arena, row)) {
        store.release(name)
        continue
      }
      const time = this.#cells.get(timeCells.cells / 8 + row)
      let watermark = batch.watermark
      if (batch.rowWatermarks !== 0) watermark = Math.max(watermark, this.#cells.get(batch.rowWatermarks / 8 + row))
      if (group.endDue <= watermark) {
        group.life++
        group.end = Number.POSITIVE_INFINITY
        group.endDue = Number.POSITIVE_INFINITY
      }
      if (preceding === undefined ? time <= watermark : time <= this.#takenBefore(group, watermark)) {
        this.#lateRows++
        store.release(name)
        continue
      }
      const due = Math.max(time, watermark + 1)
      const isRange = preceding !== undefined && unit === 'RANGE'
      if (isRange && extend(group, time + preceding + 1, time + Math.floor(preceding * 1.5) + 1, watermark))
        this.#ends.add(group.endDue, id)
      f64[(name >>> 3) + TIME] = time
      f64[(name >>> 3) + LIFE] = group.life
      f64[(name >>> 3) + DUE] = due
      const { pending } = group
      let at = pending.length
      while (at > 0 && f64[(pending[at - 1]! >>> 3) + TIME]! > time) at--
      if (at === pending.length) pending.push(name)
      else pending.splice(at, 0, name)
      this.#times.add(due, id)
    }
    this.#forget(ids, batch.selectedCount)
    return 'done'
  }

  /** Forgets keys whose time to live is over. */
  #forgetSilent(): void {
    const waiting: number[] = []
    for (const id of this.#expiry?.sweep() ?? []) {
      const group = this.#groups[id]
      if (group !== undefined && group.pending.length > 0) waiting.push(id)
      else this.#drop(id)
    }
    for (const id of waiting) this.#expiry?.renew(id)
  }

  #drop(id: number): void {
    const group = this.#groups[id]
    if (group === undefined) return
    this.#groups[id] = undefined
    for (const row of group.history) this.#store.release(row)
    for (const { accumulator } of this.#slots) accumulator?.clear?.(id, this.#state.line(id))
    this.#state.remove(id)
  }

  /** Forgets keys of which only late rows came. */
  #forget(ids: number, count: number): void {
    const { i32 } = this.#options.owner.arena
    const gone = new Set<number>()
    for (let i = 0; i < count; i++) {
      const id = i32[(ids >>> 2) + i]!
      const group = this.#groups[id]
      if (group !== undefined && group.pending.length === 0 && group.taken === Number.NEGATIVE_INFINITY) gone.add(id)
    }
    for (const id of gone) {
      this.#groups[id] = undefined
      this.#state.remove(id)
    }
  }

  onWatermark(time: number, out: Output): Progress {
    for (;;) {
      if (this.#leaving === undefined) {
        const blocked = this.#begin(time)
        if (blocked === false) return this.#forgetEnded(time)
        if (blocked !== true) return blocked
      }
      if (out.isFull) return 'more'
      this.#send(this.#leaving!, out)
    }
  }

  /** Forgets the groups whose end the watermark has reached. */
  #forgetEnded(watermark: number): Progress {
    for (let end = this.#ends.peek(); end !== undefined && end <= watermark; end = this.#ends.peek()) {
      const ids = [...new Set(this.#ends.idsAt(end))]
      const prepared = this.#state.prepareGroups(ids)
      if (prepared !== true) return prepared
      this.#ends.pop()
      for (const id of ids) {
        const group = this.#groups[id]
        if (group === undefined || group.pending.length > 0 || group.endDue > watermark) continue
        this.#drop(id)
      }
    }
    return 'done'
  }

  /** Finds the rows that leave next. False: none is due. */
  #begin(watermark: number): boolean | Promise<void> {
    const { ordersOutput, owner, unit } = this.#options
    const due = this.#times.peek()
    if (due === undefined || due > watermark) return false
    const ids = [...new Set(this.#times.idsAt(due))]
    const prepared = this.#state.prepareGroups(ids)
    if (prepared !== true) return prepared
    this.#times.pop()
    const ordered = leavingGroups(owner.arena, this.#state, ids, ordersOutput)
    const { f64 } = owner.arena
    const rows: number[] = []
    const groups: number[] = []
    const places: bigint[] = []
    const entering: number[] = []
    for (const { id, place } of ordered) {
      this.#state.touchOne(id)
      this.#expiry?.renew(id)
      const group = this.#groups[id]!
      const isDue = (row: number): boolean => f64[(row >>> 3) + DUE] === due
      const taken = group.pending.every(isDue) ? group.pending : group.pending.filter(isDue)
      group.pending = taken === group.pending ? [] : group.pending.filter((row) => !isDue(row))
      this.#sort(taken)
      for (let i = 0; i < taken.length; i++) {
        rows.push(taken[i]!)
        groups.push(id)
        places.push(place)
        if (unit === 'ROWS') {
          entering.push(1)
          continue
        }
        const time = this.#timeOf(taken[i]!)
        let end = i
        if (i === 0 || this.#timeOf(taken[i - 1]!) !== time) while (end < taken.length && this.#timeOf(taken[end]!) === time) end++
        entering.push(end - i)
      }
    }
    this.#leaving = { due, rows, ids: groups, places, entering, next: 0 }
    return true
  }

  #timeOf(row: number): number {
    return this.#options.owner.arena.f64[(row >>> 3) + TIME]!
  }

  #sort(rows: number[]): void {
    const { thenBy = [] } = this.#options
    if (thenBy.length === 0 || rows.length < 2) return
    const keysOf = (row: number): readonly SqlValue[] => this.#thenBy.map((read) => read(row))
    rows.sort((a, b) => this.#timeOf(a) - this.#timeOf(b) || compareKeys(thenBy, keysOf(a), keysOf(b)))
  }

  #send(leaving: Leaving, out: Output): void {
    const { owner, givesPlaces, inputTypes } = this.#options
    const { i64, u32, f64 } = owner.arena
    const output = this.#output
    output.clear()
    // Rows that have left are shown no more.
    this.#store.reclaim()
    const { batch } = output
    // What the watermark sends comes before the watermark itself.
    batch.watermark = leaving.due - 1
    const places = givesPlaces ? output.addPlaces() / 8 : 0
    const from = leaving.next
    for (; leaving.next < leaving.rows.length && leaving.next - from < output.capacity; leaving.next++) {
      const { next } = leaving
      const at = next - from
      const row = leaving.rows[next]!
      const id = leaving.ids[next]!
      const group = this.#groups[id]!
      const line = this.#state.line(id)
      const life = f64[(row >>> 3) + LIFE]!
      const time = f64[(row >>> 3) + TIME]!
      // A row that is not late has none of the forgotten ones in its frame; of two inputs that meet, one may bring it behind the other's end.
      if (life > group.takenLife && leaving.due > time) this.#restart(id, line, group)
      group.takenLife = Math.max(group.takenLife, life)
      const isNewTime = group.ranks.rows === 0 || time !== group.taken
      if (isNewTime) {
        group.ranks.before = group.ranks.rows
        group.ranks.times++
      }
      group.ranks.rows++
      for (let peer = next; peer < next + leaving.entering[next]!; peer++) {
        this.#enter(id, line, group, leaving.rows[peer]!)
        if (this.#farthestLag >= 0) group.history.push(leaving.rows[peer]!)
      }
      this.#write(id, line, group, at)
      u32[(this.#shown >>> 2) + at] = row
      if (places !== 0) i64[places + at] = leaving.places[next]!
      group.taken = time
      this.#keep(group, row)
    }
    const count = leaving.next - from
    this.#store.read(this.#shown, count, output, batch.columns.slice(0, inputTypes.length))
    batch.rowCount = count
    batch.selectedCount = count
    if (leaving.next === leaving.rows.length) this.#leaving = undefined
    if (count > 0) out.push(batch)
  }

  /** Keeps a row that has left for LAG; without LAG and frame it is needed no more. */
  #keep(group: Group, row: number): void {
    if (this.#farthestLag < 0) {
      if (!this.#keepsFrame) this.#store.release(row)
      return
    }
    // Behind the row may stand others of its time, which have still to leave.
    while (group.history.length > this.#farthestLag + 1) {
      const first = group.history.shift()!
      this.#store.release(first)
      if (first === row) break
    }
  }

  /** Takes rows out of the frame that are too far behind, then one into it, in the order of Flink: sums of DOUBLE depend on it. */
  #enter(id: number, line: number, group: Group, row: number): void {
    const { preceding, unit } = this.#options
    if (preceding !== undefined && this.#keepsFrame) {
      const { history } = group
      for (let first = history[0]; first !== undefined; first = history[0]) {
        const isInside = unit === 'ROWS' ? history.length <= preceding : this.#timeOf(first) >= this.#timeOf(row) - preceding
        if (isInside) break
        this.#accumulate(id, line, first, -1)
        this.#store.release(first)
        history.shift()
      }
      history.push(row)
    }
    this.#accumulate(id, line, row, 1)
  }

  /** The frame of a late row is empty when its group has begun anew. */
  #restart(id: number, line: number, group: Group): void {
    for (const earlier of group.history) {
      this.#accumulate(id, line, earlier, -1)
      this.#store.release(earlier)
    }
    group.history = []
  }

  #accumulate(id: number, line: number, row: number, sign: number): void {
    for (const { args, accumulator } of this.#slots) {
      const [argument] = args
      accumulator?.add(id, line, argument === undefined ? true : argument(row), sign)
    }
  }

  #write(id: number, line: number, group: Group, at: number): void {
    const output = this.#output
    const { columns } = output.batch
    const width = this.#options.inputTypes.length
    this.#slots.forEach(({ call, accumulator, lag, args }, i) => {
      const column = columns[width + i]!
      if (call.name === 'RANK' || call.name === 'DENSE_RANK') {
        const { before, times } = group.ranks
        writeCell(output, column, at, BigInt(call.name === 'RANK' ? before + 1 : times))
      } else if (accumulator === undefined) {
        writeCell(output, column, at, laggedValue(group.history, lag, args))
      } else accumulator.write(id, line, { buffer: output, column, row: at })
    })
  }

  /** The time of the last row that the key had taken when the watermark was `watermark`, also of rows that wait only because batches are large. */
  #takenBefore({ pending, taken, life, takenLife }: Group, watermark: number): number {
    const { f64 } = this.#options.owner.arena
    let result = life === takenLife ? taken : Number.NEGATIVE_INFINITY
    for (const row of pending) {
      const at = row >>> 3
      if (f64[at + LIFE] === life && f64[at + DUE]! <= watermark && f64[at + TIME]! > result) result = f64[at + TIME]!
    }
    return result
  }

  lateRows(): number {
    return this.#lateRows
  }

  snapshot(): OperatorSnapshot {
    return {
      keyed: this.#state.snapshot(KEY_GROUPS, (id, sink) => {
        this.#expiry?.save(id, sink)
        const { pending, history, taken, ranks, end, endDue, life, takenLife } = this.#groups[id]!
        for (const number of [taken, ranks.rows, ranks.before, ranks.times, end, endDue, life, takenLife]) sink.f64(number)
        const { f64 } = this.#options.owner.arena
        sink.u8(FORMAT)
        for (const rows of [pending, history]) {
          sink.varint(rows.length)
          for (const row of rows) {
            for (const field of [TIME, LIFE, DUE]) sink.f64(f64[(row >>> 3) + field]!)
            sink.prefixed(this.#store.bytesOf(row))
          }
        }
        for (const { accumulator } of this.#slots) accumulator?.save(id, this.#state.line(id), sink)
      }),
    }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    const { f64 } = this.#options.owner.arena
    for (const { keyed } of parts) {
      for (const [keyGroup, saved] of keyed) {
        if (!isMine(keyGroup)) continue
        this.#state.restore(saved, (id, reader) => {
          this.#expiry?.load(id, reader)
          const taken = reader.f64()
          const ranks = { rows: reader.f64(), before: reader.f64(), times: reader.f64() }
          const end = reader.f64()
          const endDue = reader.f64()
          const life = reader.f64()
          const takenLife = reader.f64()
          assert(reader.u8() === FORMAT, 'rows are loaded in the form in which they were saved')
          const readRows = (): number[] =>
            Array.from({ length: reader.varint() }, () => {
              const fields = [reader.f64(), reader.f64(), reader.f64()]
              const row = this.#store.addBytes(reader.raw(reader.varint()))
              f64.set(fields, (row >>> 3) + TIME)
              return row
            })
          const pending = readRows()
          const history = readRows()
          this.#groups[id] = { pending, history, taken, ranks, end, endDue, life, takenLife }
          for (const row of pending) this.#times.add(f64[(row >>> 3) + DUE]!, id)
          if (endDue !== Number.POSITIVE_INFINITY) this.#ends.add(endDue, id)
          for (const { accumulator } of this.#slots) accumulator?.load(id, this.#state.line(id), reader)
        })
      }
    }
  }

  stateSize(): { readonly rows: number; readonly bytes: number } {
    let rows = 0
    for (const group of this.#groups) rows += group === undefined ? 0 : 1 + group.pending.length + group.history.length
    return { rows, bytes: this.#state.usedBytes }
  }

  close(): void {
    this.#options.owner.close()
  }
}

/** LAG for the rows of the last time, which share one answer: the last of them says how far it looks back from itself, and what stands for a row that is not there. */
function laggedValue(history: readonly number[], { distance, distanceArg, fallbackArg }: LagParts, args: Slot['args']): SqlValue {
  const last = history.at(-1)
  assert(last !== undefined, 'the row itself is there')
  const far = distance ?? (distanceArg === undefined ? undefined : lagDistance(args[distanceArg]!(last)))
  if (far === undefined) return null
  const lagged = history.at(-1 - far)
  if (lagged !== undefined) return args[0]!(lagged)
  return fallbackArg === undefined ? null : args[fallbackArg]!(last)
}

function newGroup(): Group {
  const ranks = { rows: 0, before: 0, times: 0 }
  const never = Number.POSITIVE_INFINITY
  return { pending: [], history: [], taken: Number.NEGATIVE_INFINITY, ranks, end: never, endDue: never, life: 0, takenLife: 0 }
}

/** Moves the end of a group, and says whether it moved. A row keeps its group for the reach of the frame; half of it more, as Flink does, so that not every row moves the end. */
function extend(group: Group, least: number, end: number, watermark: number): boolean {
  if (group.end !== Number.POSITIVE_INFINITY && group.end >= least) return false
  group.end = end
  group.endDue = Math.max(end, watermark + 1)
  return true
}

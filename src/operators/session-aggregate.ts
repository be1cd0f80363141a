import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import { type ByteReader, ByteSink } from '../data/byte-sink.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import { rowKindSign } from '../data/row-kind.ts'
import type { SqlType } from '../data/types.ts'
import { END_WATERMARK, NO_WATERMARK } from '../data/watermark.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import type { GroupLines, GroupRows } from './aggregates/accumulator.ts'
import { AggregateLines } from './aggregates/aggregate-lines.ts'
import { newGroupLines, newGroupRows } from './aggregates/group-rows.ts'
import { GroupOutput } from './group-output.ts'
import { type Int64Cells, int64Cells } from './int64.ts'
import { orderGroups } from './order-groups.ts'
import { TimeHeap } from './time-heap.ts'
import type { WindowTime } from './window-time.ts'

export interface SessionAggregateOptions {
  readonly id: string
  readonly owner: ArenaOwner
  readonly inputTypes: readonly SqlType[]
  /** Of the columns behind the aggregates. */
  readonly propertyTypes: readonly SqlType[]
  readonly timeColumn: number
  readonly gapMs: number
  readonly keys: readonly number[]
  readonly aggregates: readonly AggregateCall[]
  readonly properties: readonly ('window_start' | 'window_end' | 'window_time')[]
  readonly inputRetracts: boolean
  readonly time: WindowTime
  /** `final`: all sessions leave at the end. */
  readonly mode: 'streaming' | 'final'
  /** Sessions that end together leave in the order of their keys, for something above reads arrival order. */
  readonly ordersOutput: boolean
  /** Their rows also get places. */
  readonly givesPlaces: boolean
  readonly createState?: CreateState
}

// Of a session's line, see `kernels/windows.ts`; the aggregates follow.
const NEXT_OFFSET = 8
const KEY_OFFSET = 12
const START_OFFSET = 16
const END_OFFSET = 24
const HEADER_BYTES = 32
/** Of a key's line: its first session. */
const KEY_LINE_BYTES = 8

// What the kernel `extendSessions` works on, in u32s and i64s.
const WORK_BYTES = 80
const OUT_COUNT = 14
const BATCH_WATERMARK = 8
const GAP = 9

interface DueSession {
  readonly id: number
  readonly key: number
  readonly timer: number
  readonly start: number
  readonly end: number
}

/**
 * GROUP BY sessions of event time: a line of accumulators for each session, which leaves when the watermark reaches its last millisecond. Rows are not kept, so
 * aggregates that read the order of arrival are none of its own: two sessions that a row joins are merged.
 *
 * A row opens the window [t, t + gap] and goes to the sessions that this touches, as long as the watermark that the row carries has not ended them. A row that
 * touches none and whose own window is over is late: dropped and counted. A row that is taken back goes into its session like any other: it does not make it
 * shorter.
 *
 *     gap 3    |--a--|  |--b--|        a late row at c joins both into one session
 *                  |--c--|
 */
export function sessionAggregate(options: SessionAggregateOptions): Operator {
  return new SessionAggregate(options)
}

class SessionAggregate implements Operator {
  readonly name = 'WindowAggregate'
  readonly stateId: string
  readonly #options: SessionAggregateOptions
  readonly #owner: ArenaOwner
  readonly #cells: Int64Cells
  readonly #lines: AggregateLines
  /** The keys with open sessions, and the sessions by a number that each gets. */
  readonly #keys: KeyedState
  readonly #sessions: KeyedState
  #nextNumber = 0
  readonly #rows: GroupRows
  readonly #leavers: GroupLines
  readonly #leaverKeys: Int32Array
  readonly #output: GroupOutput
  /** Sessions by an end that they had. One that has grown is put back when its old end comes: most grow with nearly every row. */
  readonly #queue = new TimeHeap()
  readonly #work: number
  readonly #number = new ByteSink(8)
  #leaving: readonly DueSession[] = []
  #places: ReadonlyMap<number, bigint> = new Map()
  #next = 0
  #lateRows = 0

  constructor(options: SessionAggregateOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, inputTypes, keys, aggregates, propertyTypes, inputRetracts, gapMs, createState = memoryState } = options
    this.#owner = owner
    this.#cells = int64Cells(owner.arena)
    this.#lines = new AggregateLines(owner, aggregates, HEADER_BYTES, inputRetracts ? 'changing' : 'appending')
    this.#keys = createState({ owner, lineBytes: KEY_LINE_BYTES, prefixBytes: 0, ttlMs: 0 })
    this.#sessions = memoryState({ owner, lineBytes: this.#lines.lineBytes, prefixBytes: 0, ttlMs: 0 })
    this.#rows = newGroupRows(owner)
    this.#leavers = newGroupLines(owner)
    this.#leaverKeys = owner.ints(BATCH_CAPACITY)
    const keyTypes = keys.map((key) => inputTypes[key]!)
    this.#output = new GroupOutput(owner, keyTypes, [...aggregates.map((call) => call.type), ...propertyTypes], BATCH_CAPACITY)
    this.#work = owner.allocate(WORK_BYTES)
    owner.arena.i64[this.#work / 8 + GAP] = BigInt(gapMs)
  }

  onBatch(_input: number, batch: Batch): Progress {
    const { keys, time } = this.#options
    const ids = this.#keys.prepare(batch, keys)
    if (typeof ids !== 'number') return ids
    this.#keys.touch(ids, batch.selectedCount)
    const { u32, i32, kernels } = this.#owner.arena
    const work = this.#work
    const rows = this.#rows
    rows.batch = batch
    rows.count = 0
    const untouched: number[] = []
    for (let from = 0; from < batch.selectedCount; from++) {
      if (time.isEventTime) {
        this.#describe(batch, ids)
        from = kernels.extendSessions(work, from, batch.selectedCount)
        rows.count = u32[work / 4 + OUT_COUNT]!
        if (from === batch.selectedCount) break
      }
      const key = i32[(ids >>> 2) + from]!
      const row = batch.selection === 0 ? from : i32[(batch.selection >>> 2) + from]!
      if (!this.#addRow(batch, row, key)) untouched.push(key)
    }
    this.#flush()
    // Keys that only have rows without a session.
    for (const key of new Set(untouched)) if (u32[this.#keys.line(key) >>> 2] === 0) this.#keys.remove(key)
    return 'done'
  }

  #describe(batch: Batch, ids: number): void {
    const { u32, i64 } = this.#owner.arena
    const times = batch.columns[this.#options.timeColumn]!
    const { directory, lineBytes } = this.#sessions
    const { rowsAt, idsAt, linesAt, signsAt, count } = this.#rows
    const at = this.#work / 4
    u32[at] = batch.selection
    u32[at + 1] = times.cells
    u32[at + 2] = times.nulls
    u32[at + 3] = batch.kinds
    u32[at + 4] = batch.rowWatermarks
    u32[at + 5] = ids
    u32[at + 6] = this.#keys.directory
    u32[at + 7] = this.#keys.lineBytes
    u32[at + 8] = directory
    u32[at + 9] = lineBytes
    u32[at + 10] = rowsAt
    u32[at + 11] = idsAt
    u32[at + 12] = linesAt
    u32[at + 13] = signsAt
    u32[at + OUT_COUNT] = count
    i64[this.#work / 8 + BATCH_WATERMARK] = BigInt(batch.watermark)
  }

  /** Adds a row to the session that it belongs to, grown or made for it; false when the row is late or has no time. */
  #addRow(batch: Batch, row: number, key: number): boolean {
    const { arena } = this.#owner
    const { timeColumn, gapMs, time } = this.#options
    const times = batch.columns[timeColumn]!
    if (times.isNull(arena, row)) return false
    let watermark = batch.watermark
    if (batch.rowWatermarks !== 0) watermark = Math.max(watermark, this.#cells.get(batch.rowWatermarks / 8 + row))
    const local = time.toLocal(this.#cells.get(times.cells / 8 + row))
    const end = local + gapMs
    let found = -1
    for (const id of this.#sessionsOf(key)) {
      const line = this.#sessions.line(id)
      const sessionEnd = this.#cells.get((line + END_OFFSET) / 8)
      if (time.timerOf(sessionEnd - 1) <= watermark || this.#cells.get((line + START_OFFSET) / 8) > end || sessionEnd < local) continue
      if (found < 0) found = id
      else this.#merge(key, found, id)
    }
    if (found < 0) {
      if (time.timerOf(end - 1) <= watermark) {
        this.#lateRows++
        return false
      }
      found = this.#open(key, local, end)
    } else this.#extend(found, local, end)
    const line = this.#sessions.line(found)
    const sign = batch.kinds === 0 ? 1 : rowKindSign(arena.u8[batch.kinds + row]!)
    const rows = this.#rows
    const i = rows.count++
    rows.rows[i] = row
    rows.ids[i] = found
    rows.lines[i] = line
    rows.signs[i] = sign
    arena.f64[line / 8] = arena.f64[line / 8]! + sign
    return true
  }

  #flush(): void {
    if (this.#rows.count > 0) this.#lines.update(this.#rows)
    this.#rows.count = 0
  }

  /** The open sessions of a key. */
  #sessionsOf(key: number): readonly number[] {
    const { u32 } = this.#owner.arena
    const ids: number[] = []
    for (let next = u32[this.#keys.line(key) >>> 2]!; next !== 0; next = u32[(this.#sessions.line(next - 1) + NEXT_OFFSET) >>> 2]!)
      ids.push(next - 1)
    return ids
  }

  #open(key: number, start: number, end: number): number {
    const { u32 } = this.#owner.arena
    this.#number.clear()
    this.#number.f64(this.#nextNumber++)
    const id = this.#sessions.add(this.#number.toBytes())
    const line = this.#sessions.line(id)
    const head = this.#keys.line(key) >>> 2
    u32[(line + NEXT_OFFSET) >>> 2] = u32[head]!
    u32[(line + KEY_OFFSET) >>> 2] = key
    u32[head] = id + 1
    this.#cells.set((line + START_OFFSET) / 8, start)
    this.#cells.set((line + END_OFFSET) / 8, end)
    this.#queue.add(this.#options.time.timerOf(end - 1), id)
    return id
  }

  #extend(id: number, start: number, end: number): void {
    const line = this.#sessions.line(id)
    const startCell = (line + START_OFFSET) / 8
    const endCell = (line + END_OFFSET) / 8
    if (start < this.#cells.get(startCell)) this.#cells.set(startCell, start)
    if (end > this.#cells.get(endCell)) this.#cells.set(endCell, end)
  }

  #merge(key: number, into: number, other: number): void {
    this.#flush()
    const { f64 } = this.#owner.arena
    const line = this.#sessions.line(into)
    const otherLine = this.#sessions.line(other)
    this.#extend(into, this.#cells.get((otherLine + START_OFFSET) / 8), this.#cells.get((otherLine + END_OFFSET) / 8))
    f64[line / 8] = f64[line / 8]! + f64[otherLine / 8]!
    this.#lines.merge(into, line, other, otherLine)
    this.#forget(key, other)
  }

  /** Forgets a session; its key stays. */
  #forget(key: number, id: number): void {
    const { u32 } = this.#owner.arena
    let link = this.#keys.line(key) >>> 2
    while (u32[link] !== id + 1) link = (this.#sessions.line(u32[link]! - 1) + NEXT_OFFSET) >>> 2
    const line = this.#sessions.line(id)
    u32[link] = u32[(line + NEXT_OFFSET) >>> 2]!
    this.#lines.clear(id, line)
    this.#sessions.remove(id)
  }

  // --- sessions that leave ---

  onWatermark(time: number, out: Output): Progress {
    return this.#options.mode === 'final' ? 'done' : this.#sendDue(time, out)
  }

  onEnd(_input: number, out: Output): Progress {
    return this.#options.mode === 'final' ? this.#sendDue(END_WATERMARK, out) : 'done'
  }

  #sendDue(time: number, out: Output): Progress {
    if (this.#leaving.length === 0) this.#leaving = this.#due(time)
    const prepared = this.#keys.prepareGroups(this.#leaving.map((session) => session.key))
    if (prepared !== true) return prepared
    if (this.#next === 0) this.#order()
    while (this.#next < this.#leaving.length) {
      if (out.isFull) return 'more'
      this.#fill()
      if (this.#output.batch.selectedCount > 0) out.push(this.#output.batch)
    }
    const { u32 } = this.#owner.arena
    for (const { id, key } of this.#leaving) this.#forget(key, id)
    for (const key of new Set(this.#leaving.map((session) => session.key)))
      if (u32[this.#keys.line(key) >>> 2] === 0) this.#keys.remove(key)
    this.#leaving = []
    this.#next = 0
    return 'done'
  }

  #due(watermark: number): readonly DueSession[] {
    const due = new Map<number, DueSession>()
    const { u32 } = this.#owner.arena
    for (let first = this.#queue.peek(); first !== undefined && first <= watermark; first = this.#queue.peek()) {
      const ids = this.#queue.idsAt(first)
      this.#queue.pop()
      for (const id of ids) {
        const session = this.#describeDue(id, u32)
        if (session === undefined) continue
        if (session.timer > first) this.#queue.add(session.timer, id)
        else if (session.timer === first) due.set(id, session)
      }
    }
    return [...due.values()]
  }

  /** Undefined where there is no such session any more. */
  #describeDue(id: number, u32: Uint32Array): DueSession | undefined {
    if (this.#sessions.next(id) !== id) return undefined
    const line = this.#sessions.line(id)
    const end = this.#cells.get((line + END_OFFSET) / 8)
    return {
      id,
      key: u32[(line + KEY_OFFSET) >>> 2]!,
      timer: this.#options.time.timerOf(end - 1),
      start: this.#cells.get((line + START_OFFSET) / 8),
      end,
    }
  }

  /** By the time at which they end; those of one time by key, where that matters. */
  #order(): void {
    const keys = [...new Set(this.#leaving.map((session) => session.key))]
    const ordered = this.#options.ordersOutput ? orderGroups(this.#owner.arena, keys, (key) => this.#keys.keyBytes(key)) : []
    const rank = new Map(ordered.map((group, i) => [group.id, i]))
    this.#places = new Map(ordered.map((group) => [group.id, group.place]))
    this.#leaving = this.#leaving.toSorted(
      (a, b) => a.timer - b.timer || a.end - b.end || a.start - b.start || (rank.get(a.key) ?? 0) - (rank.get(b.key) ?? 0),
    )
  }

  /** Fills the output with the next sessions that leave and have rows. */
  #fill(): void {
    const { properties, aggregates, givesPlaces, time } = this.#options
    const { f64, i64 } = this.#owner.arena
    const output = this.#output
    output.clear()
    const { batch, buffer, columns } = output
    batch.watermark = NO_WATERMARK
    batch.rowWatermarks = buffer.addRowWatermarks()
    if (givesPlaces) batch.places = buffer.addPlaces()
    const { ids, lines } = this.#leavers
    let count = 0
    for (; count < output.capacity && this.#next < this.#leaving.length; this.#next++) {
      const { id, key, timer, start, end } = this.#leaving[this.#next]!
      const line = this.#sessions.line(id)
      if (f64[line / 8] === 0) continue
      ids[count] = id
      this.#leaverKeys[count] = key
      lines[count] = line
      const values = { window_start: start, window_end: end, window_time: time.fromLocal(end - 1) }
      for (let p = 0; p < properties.length; p++) this.#cells.set(columns[aggregates.length + p]!.cells / 8 + count, values[properties[p]!])
      // What the watermark fires is sent before the watermark itself.
      this.#cells.set(batch.rowWatermarks / 8 + count, timer - 1)
      if (givesPlaces) i64[batch.places / 8 + count] = this.#places.get(key) ?? 0n
      count++
    }
    output.takeKeys(this.#keys, this.#leaverKeys.byteOffset, count, 0, 0)
    this.#lines.writeAll(this.#leavers, columns, { buffer, from: 0, to: count, first: 0, step: 1 })
    batch.rowCount = count
    batch.selectedCount = count
  }

  lateRows(): number {
    return this.#lateRows
  }

  // --- snapshots ---

  snapshot(): OperatorSnapshot {
    return { keyed: this.#keys.snapshot(KEY_GROUPS, (key, sink) => this.#save(key, sink)) }
  }

  #save(key: number, sink: ByteSink): void {
    const ids = this.#sessionsOf(key)
    sink.varint(ids.length)
    for (const id of ids) {
      const line = this.#sessions.line(id)
      sink.f64(this.#cells.get((line + START_OFFSET) / 8))
      sink.f64(this.#cells.get((line + END_OFFSET) / 8))
      sink.f64(this.#owner.arena.f64[line / 8]!)
      this.#lines.save(id, line, sink)
    }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    for (const { keyed } of parts) {
      for (const [keyGroup, bytes] of keyed) {
        // Without keys there is one group, and one subtask for it.
        if (this.#options.keys.length > 0 && !isMine(keyGroup)) continue
        this.#keys.restore(bytes, (key, reader) => this.#load(key, reader))
      }
    }
  }

  #load(key: number, reader: ByteReader): void {
    for (let left = reader.varint(); left > 0; left--) {
      const start = reader.f64()
      const id = this.#open(key, start, reader.f64())
      const line = this.#sessions.line(id)
      this.#owner.arena.f64[line / 8] = reader.f64()
      this.#lines.load(id, line, reader)
    }
  }

  stateSize(): { readonly rows: number; readonly bytes: number } {
    return { rows: this.#sessions.count, bytes: this.#sessions.usedBytes }
  }

  close(): void {
    this.#owner.close()
  }
}

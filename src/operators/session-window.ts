import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import type { ByteReader, ByteSink } from '../data/byte-sink.ts'
import { readCell, writeCell } from '../data/cells.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import { decodeRow, rowBytes } from '../data/row-encoding.ts'
import type { SqlType } from '../data/types.ts'
import { NO_WATERMARK } from '../data/watermark.ts'
import type { OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import type { DueOperator } from './by-clock.ts'
import { type Int64Cells, int64Cells } from './int64.ts'
import { orderGroups } from './order-groups.ts'
import { type Session, SessionQueue, type SessionRow } from './session-queue.ts'
import type { WindowTime } from './window-time.ts'

export interface SessionWindowOptions {
  readonly id: string
  readonly owner: ArenaOwner
  readonly inputTypes: readonly SqlType[]
  /** Of window_start, window_end and window_time. */
  readonly windowTypes: readonly SqlType[]
  readonly timeColumn: number
  readonly gapMs: number
  readonly keys: readonly number[]
  /** Rows are also taken back. */
  readonly inputRetracts: boolean
  readonly time: WindowTime
  /** Sessions that end together leave in the order of their keys, for something above reads arrival order. */
  readonly ordersOutput: boolean
  /** Their rows also get places. */
  readonly givesPlaces: boolean
  readonly createState?: CreateState
}

/**
 * SESSION as a table function: keeps the rows of each session until the watermark reaches its last millisecond, then gives them with the
 * session's bounds, in the order in which they came.
 *
 * A row opens the window [t, t + gap] and is merged with the sessions that this touches, as long as the watermark that the row carries has
 * not ended them. A row that touches none and whose own window is over is late: dropped and counted. A row that is taken back goes into its session like any
 * other: it does not make it shorter.
 *
 *     gap 3    |--a--|  |--b--|        a late row at c joins both into one session
 *                  |--c--|
 */
export function sessionWindow(options: SessionWindowOptions): DueOperator {
  return new SessionWindow(options)
}

class SessionWindow implements DueOperator {
  readonly name = 'WindowTableFunction'
  readonly stateId: string
  readonly #options: SessionWindowOptions
  readonly #owner: ArenaOwner
  readonly #cells: Int64Cells
  readonly #state: KeyedState
  /** By group id: the sessions of the key that have not left, in no order. */
  readonly #sessions: (Session[] | undefined)[] = []
  readonly #queue = new SessionQueue()
  readonly #output: BatchBuffer
  /** Sessions that are leaving, in order; the next one, and its next row. */
  #leaving: readonly Session[] = []
  #places: ReadonlyMap<number, bigint> = new Map()
  #nextSession = 0
  #nextRow = 0
  #rowNumber = 0
  #rowCount = 0
  #lateRows = 0

  constructor(options: SessionWindowOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, inputTypes, windowTypes, createState = memoryState } = options
    this.#owner = owner
    this.#cells = int64Cells(owner.arena)
    this.#state = createState({ owner, lineBytes: 0, prefixBytes: 0, ttlMs: 0 })
    this.#output = new BatchBuffer(owner, [...inputTypes, ...windowTypes])
  }

  onBatch(_input: number, batch: Batch): Progress {
    const { timeColumn, time, inputTypes, keys } = this.#options
    const ids = this.#state.prepare(batch, keys)
    if (typeof ids !== 'number') return ids
    this.#state.touch(ids, batch.selectedCount)
    const { arena } = this.#owner
    const { i32, u8 } = arena
    const source = batch.columns[timeColumn]!
    const columns = inputTypes.map((_, i) => batch.columns[i]!)
    const untouched: number[] = []
    for (let i = 0; i < batch.selectedCount; i++) {
      const row = batch.selection === 0 ? i : i32[(batch.selection >>> 2) + i]!
      const id = i32[(ids >>> 2) + i]!
      let watermark = batch.watermark
      if (batch.rowWatermarks !== 0) watermark = Math.max(watermark, this.#cells.get(batch.rowWatermarks / 8 + row))
      const session = source.isNull(arena, row)
        ? undefined
        : this.#sessionOf(id, time.toLocal(this.#cells.get(source.cells / 8 + row)), watermark)
      if (session === undefined) {
        untouched.push(id)
        continue
      }
      const values = columns.map((column) => readCell(arena, column, row))
      const kind = batch.kinds === 0 ? 0 : u8[batch.kinds + row]!
      session.rows.push({ number: this.#rowNumber++, kind, bytes: rowBytes(inputTypes, values) })
      this.#rowCount++
    }
    // Keys that only have rows without a session.
    for (const id of new Set(untouched)) if (this.#sessions[id] === undefined) this.#state.remove(id)
    return 'done'
  }

  /** The session that a row belongs to, grown or made for it; undefined when the row is late. */
  #sessionOf(id: number, local: number, watermark: number): Session | undefined {
    const { gapMs, time } = this.#options
    const end = local + gapMs
    let found: Session | undefined
    for (const session of this.#sessions[id] ?? []) {
      if (session.timer <= watermark || session.start > end || session.end < local) continue
      if (found === undefined) found = session
      else this.#merge(found, session)
    }
    if (found !== undefined) {
      found.start = Math.min(found.start, local)
      this.#moveEnd(found, end)
      this.#forgetMerged(id)
      return found
    }
    const timer = time.timerOf(end - 1)
    if (timer <= watermark) {
      this.#lateRows++
      return undefined
    }
    return this.#open({ id, start: local, end, timer, isOpen: true, rows: [] })
  }

  #open(session: Session): Session {
    const others = this.#sessions[session.id]
    if (others === undefined) this.#sessions[session.id] = [session]
    else others.push(session)
    this.#queue.add(session)
    return session
  }

  #merge(into: Session, other: Session): void {
    other.isOpen = false
    into.start = Math.min(into.start, other.start)
    this.#moveEnd(into, other.end)
    into.rows = [...into.rows, ...other.rows].sort((a, b) => a.number - b.number)
    other.rows = []
  }

  #moveEnd(session: Session, end: number): void {
    if (end <= session.end) return
    session.end = end
    session.timer = this.#options.time.timerOf(end - 1)
  }

  #forgetMerged(id: number): void {
    const sessions = this.#sessions[id]
    if (sessions !== undefined && sessions.some((session) => !session.isOpen))
      this.#sessions[id] = sessions.filter((session) => session.isOpen)
  }

  // --- sessions that leave ---

  onWatermark(time: number, out: Output): Progress {
    if (this.#leaving.length === 0) this.#leaving = this.#due(time)
    const prepared = this.#state.prepareGroups(this.#leaving.map((session) => session.id))
    if (prepared !== true) return prepared
    if (this.#nextSession === 0 && this.#nextRow === 0) this.#order()
    while (this.#nextSession < this.#leaving.length) {
      if (out.isFull) return 'more'
      this.#fill()
      out.push(this.#output.batch)
    }
    for (const session of this.#leaving) this.#forget(session)
    this.#leaving = []
    this.#nextSession = 0
    return 'done'
  }

  #due(time: number): readonly Session[] {
    const due: Session[] = []
    for (let session = this.#queue.take(time); session !== undefined; session = this.#queue.take(time)) due.push(session)
    return due
  }

  /** By the time at which they end; those of one time by key, where that matters. */
  #order(): void {
    const ids = [...new Set(this.#leaving.map((session) => session.id))]
    const ordered = this.#options.ordersOutput ? orderGroups(this.#owner.arena, ids, (id) => this.#state.keyBytes(id)) : []
    const rank = new Map(ordered.map((group, i) => [group.id, i]))
    this.#places = new Map(ordered.map((group) => [group.id, group.place]))
    this.#leaving = this.#leaving.toSorted(
      (a, b) => a.timer - b.timer || (rank.get(a.id) ?? 0) - (rank.get(b.id) ?? 0) || a.start - b.start,
    )
  }

  /** Fills the output with the next rows of the sessions that leave. */
  #fill(): void {
    const { inputTypes, inputRetracts, givesPlaces, time } = this.#options
    const output = this.#output
    const { arena } = this.#owner
    output.clear()
    const { batch } = output
    batch.watermark = NO_WATERMARK
    batch.rowWatermarks = output.addRowWatermarks()
    if (inputRetracts) output.addKinds()
    if (givesPlaces) output.addPlaces()
    const width = inputTypes.length
    const bounds = batch.columns.slice(width).map((column) => column.cells / 8)
    while (this.#nextSession < this.#leaving.length && batch.rowCount < output.capacity) {
      const session = this.#leaving[this.#nextSession]!
      const place = this.#places.get(session.id) ?? 0n
      for (; this.#nextRow < session.rows.length && batch.rowCount < output.capacity; this.#nextRow++) {
        const { kind, bytes } = session.rows[this.#nextRow]!
        const row = batch.rowCount++
        decodeRow(inputTypes, bytes).forEach((value, i) => writeCell(output, batch.columns[i]!, row, value))
        this.#cells.set(bounds[0]! + row, session.start)
        this.#cells.set(bounds[1]! + row, session.end)
        this.#cells.set(bounds[2]! + row, time.fromLocal(session.end - 1))
        // What the watermark fires is sent before the watermark itself.
        this.#cells.set(batch.rowWatermarks / 8 + row, session.timer - 1)
        if (inputRetracts) arena.u8[batch.kinds + row] = kind
        if (givesPlaces) arena.i64[batch.places / 8 + row] = place
      }
      if (this.#nextRow < session.rows.length) break
      this.#nextRow = 0
      this.#nextSession++
    }
    batch.selectedCount = batch.rowCount
  }

  #forget(session: Session): void {
    session.isOpen = false
    this.#rowCount -= session.rows.length
    this.#forgetMerged(session.id)
    if (this.#sessions[session.id]?.length !== 0) return
    this.#sessions[session.id] = undefined
    this.#state.remove(session.id)
  }

  nextDue(): number | undefined {
    return this.#queue.nextTimer
  }

  lateRows(): number {
    return this.#lateRows
  }

  // --- snapshots ---

  snapshot(): OperatorSnapshot {
    return { keyed: this.#state.snapshot(KEY_GROUPS, (id, sink) => this.#save(id, sink)) }
  }

  #save(id: number, sink: ByteSink): void {
    const sessions = this.#sessions[id] ?? []
    sink.varint(sessions.length)
    for (const { start, end, rows } of sessions) {
      sink.f64(start)
      sink.f64(end)
      sink.varint(rows.length)
      for (const { number, kind, bytes } of rows) {
        sink.f64(number)
        sink.u8(kind)
        sink.prefixed(bytes)
      }
    }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    for (const { keyed } of parts) {
      for (const [keyGroup, bytes] of keyed) {
        // Without keys there is one group, and one subtask for it.
        if (this.#options.keys.length > 0 && !isMine(keyGroup)) continue
        this.#state.restore(bytes, (id, reader) => this.#load(id, reader))
      }
    }
  }

  #load(id: number, reader: ByteReader): void {
    for (let left = reader.varint(); left > 0; left--) {
      const start = reader.f64()
      const end = reader.f64()
      const rows: SessionRow[] = []
      for (let rowsLeft = reader.varint(); rowsLeft > 0; rowsLeft--) {
        const number = reader.f64()
        rows.push({ number, kind: reader.u8(), bytes: reader.raw(reader.varint()).slice() })
        this.#rowNumber = Math.max(this.#rowNumber, number + 1)
      }
      this.#rowCount += rows.length
      this.#open({ id, start, end, timer: this.#options.time.timerOf(end - 1), isOpen: true, rows })
    }
  }

  stateSize(): { readonly rows: number; readonly bytes: number } {
    return { rows: this.#rowCount, bytes: this.#state.usedBytes }
  }

  close(): void {
    this.#owner.close()
  }
}

import type { Clock } from '../base/ports.ts'
import { RheoError, externalError } from '../base/errors.ts'
import type { ArenaOwner } from '../data/arena.ts'
import { type Batch, BATCH_CAPACITY } from '../data/batch.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import { END_WATERMARK, NO_WATERMARK } from '../data/watermark.ts'
import type { EvaluationContext } from '../expr/function.ts'
import { type MatchSpec, columnsOfMatch } from '../expr/match.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import { viewOf } from './batch-view.ts'
import { type SortColumn, compareKeys } from './compare-rows.ts'
import { type Int64Cells, int64Cells } from './int64.ts'
import { COMPLETE, KEY_BYTES, type KeyLines, PARTIAL } from './match/key-lines.ts'
import { MatchMeasures } from './match/match-measures.ts'
import { MatchRows, packedConditions } from './match/match-rows.ts'
import { type SavedMatches, loadMatches, saveMatches } from './match/match-snapshot.ts'
import { Matcher } from './match/matcher.ts'
import { RowConditions } from './match/row-conditions.ts'
import { DueRows } from './match/waiting-rows.ts'
import { orderGroups } from './order-groups.ts'
import { TimeHeap } from './time-heap.ts'

export interface MatchRecognizeOptions {
  readonly id: string
  readonly owner: ArenaOwner
  readonly inputTypes: readonly SqlType[]
  readonly outputTypes: readonly SqlType[]
  readonly keys: readonly number[]
  readonly timeColumn: number
  readonly time: 'rowtime' | 'proctime'
  /** Rows come in any order, also behind the last watermark, and go at the end of input. */
  readonly isFinal?: boolean
  /** How rows of equal time are sorted; else they stand as they arrived. */
  readonly thenBy: readonly SortColumn[]
  readonly spec: MatchSpec
  readonly context: EvaluationContext
  readonly execution: 'compiled' | 'interpreted'
  readonly clock: Clock
  /** Matches of one moment leave in the order of their keys, for something above reads arrival order. */
  readonly ordersOutput: boolean
  /** They also get places. */
  readonly givesPlaces: boolean
  readonly createState?: CreateState
}

/** Rows whose keys are fetched together, and how many of each key's partial matches. */
const FETCHED_ROWS = 128
const FETCHED_WAYS = 4
/** So often within the time limit keys are woken whose partial matches hold nothing up. */
const WAKES = 8
/** What fewer keys have is in the processor's caches anyway. */
const FEW_KEYS = 2048
/** Rows that are gone while matches that have not left read from them. */
const MAX_GONE = 16_384
/** Keys without anything are forgotten when there are so many, or so many as those with something. */
const MIN_FORGOTTEN = 1024

/**
 * MATCH_RECOGNIZE with one row a match. Rows wait until the watermark has reached them and then go, in the order of time, `thenBy` and arrival, through the automaton of
 * their key. A row at or behind the watermark is late and dropped. With processing time rows go as they come.
 *
 * Of a row only the columns that the match reads are kept, as bytes in the arena, and so is what is under way for a key. Conditions that read a row alone are answered for whole batches where that cannot fail, and a row that begins
 * nothing where nothing is under way is let go at once.
 */
export function matchRecognize(options: MatchRecognizeOptions): Operator {
  return new MatchRecognizeOperator(options)
}

class MatchRecognizeOperator implements Operator {
  readonly name = 'Match'
  readonly stateId: string
  readonly #options: MatchRecognizeOptions
  readonly #cells: Int64Cells
  readonly #matcher: Matcher
  readonly #conditions: RowConditions
  readonly #measures: MatchMeasures
  /** The columns of the input that are kept. */
  readonly #kept: readonly number[]
  readonly #thenBy: readonly SortColumn[]
  readonly #state: KeyedState
  readonly #lines: KeyLines
  readonly #rows: MatchRows
  /** Rows that are due, in order, with their groups, and how far they have gone; a row 0 stands for a key alone. */
  readonly #due = new DueRows()
  /** Their places, where order matters. */
  #places: readonly bigint[] = []
  #nextDue = 0
  /** What is behind has not been fetched yet. */
  #fetchedTo = 0
  readonly #fetched = new Uint32Array(FETCHED_ROWS * (1 + 2 * FETCHED_WAYS))
  /** Groups that may have nothing any more. */
  #idle: number[] = []
  #hasManyIdle = false
  /** By group, and of all groups, the rows that wait. */
  readonly #pending: number[] = []
  #waitingRows = 0
  readonly #knownBits: number
  /** When keys are woken because partial matches will have taken too long; what counts is the deadline of their lines. */
  readonly #timeouts = new TimeHeap()
  /** Keys for which nothing waits are woken at multiples of this. */
  readonly #wakeMs: number
  /** Of the matches that are ready to leave: when each was complete, and with ordered output their places. */
  readonly #times: number[] = []
  readonly #readyPlaces: bigint[] = []
  /** Those for which a batch has no room. */
  #surplus: { readonly match: number; readonly time: number; readonly place: bigint }[] = []
  #nextNumber = 0
  #lateRows = 0
  /** Rows before a failing one leave first. */
  #failure: unknown
  #isFlushing = false
  /** What the match that is being found leaves with, with processing time. */
  #watermark = 0
  /** When the keys without rows among them are due. */
  #moments: readonly number[] = []
  #nextOfMoments = 0
  /** The processing time of the rows of a batch that are not all gone yet. */
  #now: number | undefined
  #place = 0n

  constructor(options: MatchRecognizeOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, inputTypes, keys, thenBy, spec, context, execution, createState = memoryState } = options
    this.#cells = int64Cells(owner.arena)
    const kept = [...new Set([...keys, ...thenBy.map((key) => key.column), ...columnsOfMatch(spec)])].sort((a, b) => a - b)
    const placeOf = (column: number): number => kept.indexOf(column)
    const keptTypes = kept.map((column) => inputTypes[column]!)
    this.#kept = kept
    this.#wakeMs = Math.max(1, Math.floor((spec.withinMs ?? 0) / WAKES))
    this.#thenBy = thenBy.map((key) => ({ ...key, column: placeOf(key.column) }))
    this.#rows = new MatchRows(owner, keptTypes, BATCH_CAPACITY)
    const shared = { owner, context, execution, rows: this.#rows, variables: spec.variables, placeOf }
    this.#matcher = new Matcher(spec, shared)
    this.#lines = this.#matcher.keys
    const { partials } = this.#matcher
    this.#measures = new MatchMeasures({ ...shared, partials, measures: spec.measures, keptTypes, keys: keys.map(placeOf) })
    this.#conditions = new RowConditions(spec, { owner, context, execution, inputTypes })
    this.#knownBits = this.#conditions.known
    this.#state = createState({ owner, lineBytes: KEY_BYTES, prefixBytes: 0, ttlMs: 0 })
  }

  onBatch(_input: number, batch: Batch, out: Output): Progress {
    const { owner, keys, time } = this.#options
    const { i32, u32 } = owner.arena
    if (this.#now !== undefined) return this.#goNow(this.#now, out)
    if (this.#hasManyIdle) this.#forget()
    const ids = this.#state.prepare(batch, keys)
    if (typeof ids !== 'number') return ids
    this.#rows.reclaim()
    this.#state.touch(ids, batch.selectedCount)
    const isClocked = time === 'proctime'
    const now = isClocked ? this.#options.clock.nowMs() : 0
    const chosen = this.#rows.chosen >>> 2
    let count = 0
    for (let i = 0; i < batch.selectedCount; i++) {
      const at = batch.selection === 0 ? i : i32[(batch.selection >>> 2) + i]!
      if (isClocked || this.#timeOf(batch, at) > this.#watermarkOf(batch, at)) i32[chosen + count++] = at
      else {
        this.#lateRows++
        this.#mayBeIdle(i32[(ids >>> 2) + i]!)
      }
    }
    const answers = this.#conditions.answer(batch)
    const names = this.#rows.add(
      viewOf(
        batch,
        this.#kept.map((column) => batch.columns[column]!),
      ),
      count,
    )
    for (let i = 0, k = 0; k < count; i++) {
      const at = batch.selection === 0 ? i : i32[(batch.selection >>> 2) + i]!
      if (i32[chosen + k] !== at) continue
      const id = i32[(ids >>> 2) + i]!
      this.#rows.wait(
        u32[(names >>> 2) + k]!,
        id,
        packedConditions(this.#knownBits, answers.holds(at)),
        isClocked ? now : this.#timeOf(batch, at),
      )
      this.#pending[id] = (this.#pending[id] ?? 0) + 1
      k++
    }
    this.#waitingRows += count
    if (!isClocked) return 'done'
    // Rows of a batch come at one moment of processing time, with the watermark of the last one.
    this.#watermark = count === 0 ? batch.watermark : this.#watermarkOf(batch, i32[chosen + count - 1]!)
    return this.#goNow(now, out)
  }

  /** With processing time the rows of a batch go at once. */
  #goNow(now: number, out: Output): Progress {
    this.#now = now
    const progress = this.#goUntil(now, out)
    if (progress === 'done') this.#now = undefined
    return progress
  }

  #watermarkOf(batch: Batch, at: number): number {
    if (batch.rowWatermarks === 0) return batch.watermark
    return Math.max(batch.watermark, this.#cells.get(batch.rowWatermarks / 8 + at))
  }

  #timeOf(batch: Batch, at: number): number {
    const { owner, timeColumn } = this.#options
    const column = batch.columns[timeColumn]!
    if (column.isNull(owner.arena, at))
      throw externalError('data/null-event-time', 'Cannot match a row without event time: the time that ORDER BY names is NULL')
    // Finer than milliseconds a time has two cells.
    const width = column.layout === 'ts' ? 2 : 1
    return this.#cells.get(column.cells / 8 + at * width)
  }

  onWatermark(time: number, out: Output): Progress {
    return this.#options.isFinal === true || this.#options.time === 'proctime' ? 'done' : this.#goUntil(time, out)
  }

  onEnd(_input: number, out: Output): Progress {
    return this.#options.isFinal === true ? this.#goUntil(END_WATERMARK, out) : 'done'
  }

  nextTimer(): number | undefined {
    return this.#options.time === 'proctime' ? this.#timeouts.peek() : undefined
  }

  onTimer(time: number, out: Output): Progress {
    return this.#goUntil(time, out)
  }

  /** Works off all that is due at `time`. */
  #goUntil(time: number, out: Output): Progress {
    for (;;) {
      while (!this.#isFlushing && this.#failure === undefined && !this.#mustFlush()) {
        if (this.#nextDue === this.#due.count) {
          const next = this.#takeDue(time)
          if (next === false) break
          if (next !== true) return next
        }
        this.#goOn()
      }
      if (this.#measures.count === 0 && this.#failure === undefined) {
        if (time === END_WATERMARK) this.#forget()
        return 'done'
      }
      const progress = this.#flush(out)
      if (progress !== 'done') return progress
      // What was sent may show texts of rows that are gone, and the next step gives them back.
      if (out.isFull) return 'more'
    }
  }

  /** Whether matches must leave before rows are looked at: there are enough, or they read from too many rows that are gone. */
  #mustFlush(): boolean {
    const { count } = this.#measures
    return count === BATCH_CAPACITY || (count > 0 && this.#rows.goneCount >= MAX_GONE)
  }

  /** Sends all matches that are ready; a failure comes behind them. */
  #flush(out: Output): Progress {
    this.#isFlushing = true
    while (this.#measures.count > 0) {
      if (out.isFull) return 'more'
      this.#send(out)
      const surplus = this.#surplus
      this.#surplus = []
      if (surplus.length > 0)
        this.#guarded(() => {
          for (const { match, time, place } of surplus) this.#onMatch(match, time, place)
        })
    }
    if (this.#failure !== undefined) {
      if (out.isFull) return 'more'
      // What another operator throws is never undefined.
      throw this.#failure as RheoError
    }
    this.#isFlushing = false
    return 'done'
  }

  #guarded(work: () => void): void {
    try {
      work()
    } catch (error) {
      if (!(error instanceof RheoError)) throw error
      this.#failure = error
    }
  }

  /** Takes rows that are due, and keys whose partial matches have taken too long. False: nothing is due. */
  #takeDue(time: number): boolean | Promise<void> {
    if (this.#measures.count === 0) this.#rows.reclaim()
    if (this.#nextMoment() > time) return false
    const due = this.#due
    const { waiting } = this.#rows
    const moments: number[] = []
    due.count = 0
    // Where order matters, moment by moment.
    const most = this.#options.ordersOutput ? 1 : BATCH_CAPACITY
    for (let moment = this.#nextMoment(); moment <= time && due.count < most; moment = this.#nextMoment()) {
      if (this.#timeouts.peek() === moment) {
        for (const id of this.#timeouts.idsAt(moment)) {
          const line = this.#state.line(id)
          // An earlier moment may have been asked for since, or the group is another key's by now.
          if (this.#lines.deadline(line) !== moment) continue
          this.#lines.setDeadline(line, Infinity)
          due.add(0, id)
          moments.push(moment)
        }
        this.#timeouts.pop()
      }
      if (waiting.due !== moment) continue
      const from = due.count
      waiting.take(due)
      if (this.#thenBy.length > 0) this.#sort(from)
    }
    const prepared = this.#state.prepareGroups(due.ids.subarray(0, due.count))
    if (this.#options.ordersOutput) this.#order(moments[0] ?? 0)
    else this.#begin([], moments)
    return prepared
  }

  #nextMoment(): number {
    return Math.min(this.#rows.waiting.due, this.#timeouts.peek() ?? Infinity)
  }

  /** Puts what is due at one moment in the order of keys. The first of a key's rows ends its partial matches too. */
  #order(moment: number): void {
    const { arena } = this.#options.owner
    const due = this.#due
    const byId = new Map<number, number[]>()
    for (let i = 0; i < due.count; i++) {
      const known = byId.get(due.ids[i]!)
      if (known === undefined) byId.set(due.ids[i]!, [due.rows[i]!])
      else known.push(due.rows[i]!)
    }
    const places: bigint[] = []
    due.count = 0
    for (const { id, place } of orderGroups(arena, [...byId.keys()], (each) => this.#state.keyBytes(each))) {
      for (const row of byId.get(id)!) {
        due.add(row, id)
        places.push(place)
      }
    }
    this.#begin(
      places,
      places.map(() => moment),
    )
  }

  #begin(places: readonly bigint[], moments: readonly number[]): void {
    this.#places = places
    this.#moments = moments
    this.#nextOfMoments = 0
    this.#nextDue = 0
    this.#fetchedTo = 0
  }

  /** Sorts the due rows from `from` on. */
  #sort(from: number): void {
    const due = this.#due
    const readers = this.#thenBy.map(({ column }) => this.#rows.reader(column))
    const keyed = Array.from(due.rows.subarray(from, due.count), (row, i) => ({
      row,
      id: due.ids[from + i]!,
      keys: readers.map((read): SqlValue => read(row)),
    }))
    due.count = from
    for (const { row, id } of keyed.sort((a, b) => compareKeys(this.#thenBy, a.keys, b.keys))) due.add(row, id)
  }

  /** Goes on with the rows that are due until enough matches are ready. */
  #goOn(): void {
    this.#guarded(() => {
      const { rows, ids, count } = this.#due
      while (this.#nextDue < count && this.#measures.count < BATCH_CAPACITY) {
        if (this.#nextDue === this.#fetchedTo) this.#fetch()
        const at = this.#nextDue++
        const row = rows[at]!
        const id = ids[at]!
        if (this.#places.length > 0) this.#place = this.#places[at]!
        if (row === 0) this.#advance(id, this.#moments[this.#nextOfMoments++]!)
        else this.#process(row, id)
      }
    })
  }

  /** Reads what the next due rows will need, many at a time, so that the processor fetches it all at once instead of waiting for one after the other. */
  #fetch(): void {
    const { rows, ids, count } = this.#due
    const from = this.#nextDue
    const to = Math.min(count, from + FETCHED_ROWS)
    this.#fetchedTo = to
    if (this.#state.count < FEW_KEYS) return
    const { u32 } = this.#options.owner.arena
    const { partials } = this.#matcher
    const scratch = this.#fetched
    let sum = 0
    for (let i = from; i < to; i++) {
      scratch[i - from] = this.#state.line(ids[i]!)
      sum += u32[rows[i]! >>> 2]!
    }
    let ways = FETCHED_ROWS
    for (let i = 0; i < to - from; i++) {
      const line = scratch[i]!
      const length = Math.min(this.#lines.count(line, PARTIAL), FETCHED_WAYS)
      const items = this.#lines.items(line, PARTIAL) >>> 2
      for (let k = 0; k < length; k++) scratch[ways++] = u32[items + k]!
    }
    // Of the rows that were taken, conditions mostly read the last two.
    let end = ways
    for (let i = FETCHED_ROWS; i < ways; i++) {
      const before = partials.before(scratch[i]!)
      if (before !== 0) scratch[end++] = before
    }
    for (let i = FETCHED_ROWS; i < end; i++) scratch[i] = partials.rowOf(scratch[i]!)
    for (let i = FETCHED_ROWS; i < end; i++) sum += u32[scratch[i]! >>> 2]!
    scratch[0] = sum
  }

  #process(row: number, id: number): void {
    const matcher = this.#matcher
    const line = this.#state.line(id)
    const number = this.#nextNumber++
    this.#state.touchOne(id)
    this.#pending[id]!--
    this.#waitingRows--
    if (matcher.isIdle(line) && matcher.cannotBegin(this.#knownBits, this.#rows.holdsOf(row))) {
      if (this.#pending[id] === 0) this.#mayBeIdle(id)
    } else {
      const time = this.#rows.timeOf(row)
      this.#rows.setNumber(row, number)
      matcher.advance(line, time, this.#onMatch)
      matcher.process(line, row, this.#onMatch)
      this.#settle(id, line)
    }
    this.#rows.letGo(row)
  }

  /**
   * A key whose partial matches will have taken too long is woken then, if matches wait for that. Else it is only memory that is waited for, and many keys are woken together, a
   * little later; its rows end what is over anyway.
   */
  #settle(id: number, line: number): void {
    const lines = this.#lines
    const { withinMs } = this.#options.spec
    if (this.#matcher.isIdle(line)) {
      if (this.#pending[id] === 0) this.#mayBeIdle(id)
      return
    }
    if (withinMs === undefined) return
    const end = this.#matcher.firstTime(line) + withinMs
    const moment = lines.count(line, COMPLETE) > 0 ? end : Math.ceil(end / this.#wakeMs) * this.#wakeMs
    if (lines.deadline(line) <= moment) return
    lines.setDeadline(line, moment)
    this.#timeouts.add(moment, id)
  }

  #mayBeIdle(id: number): void {
    const line = this.#state.line(id)
    if (this.#lines.isListed(line)) return
    this.#lines.setListed(line, true)
    this.#idle.push(id)
    if (this.#idle.length > Math.max(MIN_FORGOTTEN, this.#state.count >>> 1)) this.#hasManyIdle = true
  }

  /** Forgets the keys that have nothing. */
  #forget(): void {
    for (const id of this.#idle) {
      const line = this.#state.line(id)
      this.#lines.setListed(line, false)
      if ((this.#pending[id] ?? 0) > 0 || !this.#matcher.isIdle(line) || this.#lines.deadline(line) < Infinity) continue
      this.#state.remove(id)
      this.#pending[id] = 0
    }
    this.#idle = []
    this.#hasManyIdle = false
  }

  #advance(id: number, time: number): void {
    const line = this.#state.line(id)
    this.#state.touchOne(id)
    this.#matcher.advance(line, time, this.#onMatch)
    this.#settle(id, line)
  }

  readonly #onMatch = (match: number, time: number, place = this.#place): void => {
    if (this.#measures.count === BATCH_CAPACITY) {
      this.#surplus.push({ match, time, place })
      return
    }
    const number = this.#measures.count
    this.#measures.add(match, time)
    this.#times[number] = time
    if (this.#options.givesPlaces) this.#readyPlaces[number] = place
    this.#matcher.partials.release(match)
  }

  #send(out: Output): void {
    const { owner, givesPlaces, time } = this.#options
    const { batch, failure } = this.#measures.take()
    const { buffer } = this.#measures
    const count = batch.selectedCount
    const places = givesPlaces ? buffer.addPlaces() : 0
    const watermarks = buffer.addRowWatermarks()
    for (let i = 0; i < count; i++) {
      // What the watermark sends comes before the watermark itself.
      this.#cells.set(watermarks / 8 + i, time === 'rowtime' ? this.#times[i]! - 1 : this.#watermark)
      if (places !== 0) owner.arena.i64[places / 8 + i] = this.#readyPlaces[i]!
    }
    batch.watermark = NO_WATERMARK
    batch.rowWatermarks = watermarks
    batch.places = places
    if (failure !== undefined) {
      this.#failure = failure
      this.#surplus = []
    }
    if (count > 0) out.push(batch)
  }

  lateRows(): number {
    return this.#lateRows
  }

  snapshot(): OperatorSnapshot {
    this.#forget()
    const waiting = this.#rows.waiting.byGroup()
    const saved = this.#saved
    return {
      keyed: this.#state.snapshot(KEY_GROUPS, (id, sink) => {
        const rows = waiting.get(id) ?? []
        sink.varint(rows.length)
        for (const row of rows) this.#rows.save(row, sink)
        saveMatches(this.#state.line(id), saved, sink)
      }),
    }
  }

  get #saved(): SavedMatches {
    return { rows: this.#rows, partials: this.#matcher.partials, keys: this.#lines }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    const saved = this.#saved
    for (const { keyed } of parts) {
      for (const [keyGroup, bytes] of keyed) {
        if (!isMine(keyGroup)) continue
        this.#state.restore(bytes, (id, reader) => {
          const line = this.#state.line(id)
          const waiting = reader.varint()
          for (let i = 0; i < waiting; i++) {
            const row = this.#rows.load(reader)
            this.#rows.wait(row, id, this.#rows.conditionsOf(row), this.#rows.timeOf(row))
          }
          this.#pending[id] = waiting
          this.#waitingRows += waiting
          const { count, nextNumber } = loadMatches(line, saved, reader)
          this.#matcher.openCount += count
          this.#nextNumber = Math.max(this.#nextNumber, nextNumber)
          this.#settle(id, line)
        })
      }
    }
  }

  stateSize(): { readonly rows: number; readonly bytes: number } {
    return { rows: this.#waitingRows + this.#matcher.openCount, bytes: this.#state.usedBytes }
  }

  close(): void {
    this.#options.owner.close()
  }
}

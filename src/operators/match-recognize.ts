import type { Clock } from '../base/ports.ts'
import { RheoError, externalError } from '../base/errors.ts'
import type { ArenaOwner } from '../data/arena.ts'
import { type Batch, BATCH_CAPACITY } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { writeCell } from '../data/cells.ts'
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
import { MatchRow } from './match/match-queue.ts'
import { type MatchView, prepareMatchExpression } from './match/match-reader.ts'
import { type SavedTypes, loadMatches, saveMatches } from './match/match-snapshot.ts'
import { type KeyMatches, Matcher, type OnMatch } from './match/matcher.ts'
import { PendingRows } from './match/pending-rows.ts'
import { RowConditions } from './match/row-conditions.ts'
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

/** Keys without anything are forgotten when there are so many, or so many as those with something. */
const MIN_FORGOTTEN = 1024
/** So many keys' states are kept for other keys. */
const MAX_UNUSED = 4096

/** A match that leaves. */
interface ReadyMatch {
  readonly keys: readonly SqlValue[]
  readonly values: readonly SqlValue[]
  /** Of the rows that a watermark sends, what it was before. */
  readonly watermark: number
  readonly place: bigint
}

/**
 * MATCH_RECOGNIZE with one row a match. Rows wait until the watermark has reached them and then go, in the order of time, `thenBy` and arrival, through the automaton of
 * their key. A row at or behind the watermark is late and dropped. With processing time rows go as they come.
 *
 * Of a row only the columns that the match reads are kept. Conditions that read a row alone are answered for whole batches where that cannot fail, and a row that begins
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
  readonly #measures: readonly ((view: MatchView) => SqlValue)[]
  readonly #view: MatchView = { last: undefined, row: undefined, variable: 0, time: 0 }
  /** The columns of the input that are kept, and among them those of the key and those that the match reads. */
  readonly #kept: readonly number[]
  readonly #keyPlaces: readonly number[]
  readonly #readPlaces: readonly number[]
  readonly #savedTypes: SavedTypes
  readonly #thenBy: readonly SortColumn[]
  readonly #state: KeyedState
  /** By group what is under way; undefined: nothing. */
  readonly #matches: (KeyMatches | undefined)[] = []
  /** By group the rows that wait. */
  readonly #pending: number[] = []
  readonly #rows: PendingRows
  /** Rows that are due, in order, and how far they have gone. */
  #due: readonly number[] = []
  /** Their places, where order matters. */
  #places: readonly bigint[] = []
  #nextDue = 0
  /** Where the readable piece of them begins and ends. */
  #pieceFrom = 0
  #pieceTo = 0
  /** By group whether it may have nothing any more, and those groups. */
  readonly #isIdle: boolean[] = []
  #idle: number[] = []
  #hasManyIdle = false
  /** What keys have left behind. */
  readonly #unused: KeyMatches[] = []
  readonly #knownBits: number
  /** When partial matches will have taken too long, at most one entry a key. */
  readonly #timeouts = new TimeHeap()
  /** By group when that is, or was; infinite where there is no entry. */
  readonly #deadlines: number[] = []
  readonly #output: BatchBuffer
  #ready: ReadyMatch[] = []
  #nextReady = 0
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
  #keys: readonly SqlValue[] = []

  constructor(options: MatchRecognizeOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, inputTypes, outputTypes, keys, thenBy, spec, context, execution, createState = memoryState } = options
    this.#cells = int64Cells(owner.arena)
    const kept = new Set([...keys, ...thenBy.map((key) => key.column), ...columnsOfMatch(spec)])
    this.#kept = [...kept].sort((a, b) => a - b)
    const keptTypes = this.#kept.map((column) => inputTypes[column]!)
    this.#keyPlaces = keys.map((column) => this.#kept.indexOf(column))
    this.#thenBy = thenBy.map((key) => ({ ...key, column: this.#kept.indexOf(key.column) }))
    const read = [...columnsOfMatch(spec)].sort((a, b) => a - b)
    this.#readPlaces = read.map((column) => this.#kept.indexOf(column))
    this.#savedTypes = { keys: keys.map((column) => inputTypes[column]!), values: read.map((column) => inputTypes[column]!) }
    const readers = { owner, context, variables: spec.variables, placeOf: (column: number) => read.indexOf(column) }
    this.#matcher = new Matcher(spec, readers)
    this.#measures = spec.measures.map((measure) => prepareMatchExpression(measure, readers))
    this.#conditions = new RowConditions(spec, { owner, context, execution, inputTypes })
    this.#knownBits = this.#conditions.known
    this.#rows = new PendingRows(owner, keptTypes)
    this.#state = createState({ owner, lineBytes: 0, prefixBytes: 0, ttlMs: 0 })
    this.#output = new BatchBuffer(owner, outputTypes)
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
      this.#rows.wait(u32[(names >>> 2) + k]!, id, answers.holds(at), isClocked ? now : this.#timeOf(batch, at))
      this.#pending[id] = (this.#pending[id] ?? 0) + 1
      k++
    }
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
    if (this.#options.time === 'proctime') return 'done'
    return this.#goUntil(time, out)
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
      while (!this.#isFlushing && this.#failure === undefined && this.#ready.length < BATCH_CAPACITY) {
        if (this.#nextDue === this.#due.length) {
          const next = this.#takeDue(time)
          if (next === false) break
          if (next !== true) return next
        }
        this.#goOn()
      }
      if (this.#nextReady >= this.#ready.length && this.#failure === undefined) {
        if (time === END_WATERMARK) this.#forget()
        return 'done'
      }
      const progress = this.#flush(out)
      if (progress !== 'done') return progress
    }
  }

  /** Sends all matches that are ready; a failure comes behind them. */
  #flush(out: Output): Progress {
    this.#isFlushing = true
    while (this.#nextReady < this.#ready.length) {
      if (out.isFull) return 'more'
      this.#send(out)
    }
    this.#ready = []
    this.#nextReady = 0
    this.#isFlushing = false
    // What another operator throws is never undefined.
    if (this.#failure !== undefined) throw this.#failure as RheoError
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
    this.#rows.reclaim()
    if (this.#nextMoment() > time) return false
    const entries: number[] = []
    const moments: number[] = []
    // Where order matters, moment by moment.
    const most = this.#options.ordersOutput ? 1 : BATCH_CAPACITY
    for (let due = this.#nextMoment(); due <= time && entries.length < most; due = this.#nextMoment()) {
      if (this.#timeouts.peek() === due) {
        for (const id of this.#timeouts.idsAt(due)) {
          this.#deadlines[id] = Infinity
          entries.push(-1 - id)
          moments.push(due)
        }
        this.#timeouts.pop()
      }
      if (this.#rows.due !== due) continue
      const taken = this.#rows.take()
      for (const row of this.#thenBy.length === 0 || taken.length === 1 ? taken : this.#sorted(taken)) entries.push(row)
    }
    const prepared = this.#state.prepareGroups(entries.map((entry) => this.#idOf(entry)))
    if (this.#options.ordersOutput) this.#order(entries, moments[0] ?? 0)
    else this.#begin(entries, [], moments)
    return prepared
  }

  #nextMoment(): number {
    return Math.min(this.#rows.due, this.#timeouts.peek() ?? Infinity)
  }

  /** The group of a row, or of a key without one, which is named by a negative number. */
  #idOf(entry: number): number {
    return entry < 0 ? -1 - entry : this.#rows.idOf(entry)
  }

  /** Puts what is due at one moment in the order of keys. The first of a key's rows ends its partial matches too. */
  #order(entries: readonly number[], moment: number): void {
    const { arena } = this.#options.owner
    const byId = new Map<number, number[]>()
    for (const entry of entries) {
      const id = this.#idOf(entry)
      const known = byId.get(id)
      if (known === undefined) byId.set(id, [entry])
      else known.push(entry)
    }
    const ordered: number[] = []
    const places: bigint[] = []
    for (const { id, place } of orderGroups(arena, [...byId.keys()], (each) => this.#state.keyBytes(each))) {
      for (const entry of byId.get(id)!) {
        ordered.push(entry)
        places.push(place)
      }
    }
    this.#begin(
      ordered,
      places,
      ordered.map(() => moment),
    )
  }

  #begin(entries: readonly number[], places: readonly bigint[], moments: readonly number[]): void {
    this.#due = entries
    this.#places = places
    this.#moments = moments
    this.#nextOfMoments = 0
    this.#nextDue = 0
    this.#pieceFrom = 0
    this.#pieceTo = 0
  }

  #sorted(rows: readonly number[]): readonly number[] {
    const keyed: { readonly row: number; readonly keys: readonly SqlValue[] }[] = []
    for (let from = 0; from < rows.length; from += this.#rows.pieceRows) {
      const to = Math.min(rows.length, from + this.#rows.pieceRows)
      this.#rows.open(rows, from, to)
      for (let i = from; i < to; i++)
        keyed.push({ row: rows[i]!, keys: this.#thenBy.map((key) => this.#rows.valueOf(i - from, key.column)) })
    }
    return keyed.sort((a, b) => compareKeys(this.#thenBy, a.keys, b.keys)).map(({ row }) => row)
  }

  /** Goes on with the rows that are due until enough matches are ready. */
  #goOn(): void {
    this.#guarded(() => {
      while (this.#nextDue < this.#due.length && this.#ready.length < BATCH_CAPACITY) {
        if (this.#nextDue === this.#pieceTo) {
          this.#pieceFrom = this.#pieceTo
          this.#pieceTo = Math.min(this.#due.length, this.#pieceFrom + this.#rows.pieceRows)
          this.#rows.open(this.#due, this.#pieceFrom, this.#pieceTo)
        }
        const at = this.#nextDue++
        const row = this.#due[at]!
        if (this.#places.length > 0) this.#place = this.#places[at]!
        if (row < 0) {
          this.#advance(-1 - row, this.#moments[this.#nextOfMoments++]!)
          continue
        }
        const id = this.#rows.idOf(row)
        const time = this.#rows.timeOf(row)
        this.#pending[id]!--
        this.#process(row, id, time)
        this.#rows.release(row)
      }
    })
  }

  #process(row: number, id: number, time: number): void {
    const holds = this.#rows.holdsOf(row)
    const number = this.#nextNumber++
    let matches = this.#matches[id]
    if (matches === undefined) {
      if (this.#matcher.cannotBegin(this.#knownBits, holds)) {
        if (this.#pending[id] === 0) this.#mayBeIdle(id)
        return
      }
      matches = this.#unused.pop() ?? this.#matcher.newKey()
      matches.keys = this.#rows.valuesOf(this.#nextDue - 1 - this.#pieceFrom, this.#keyPlaces)
      this.#matches[id] = matches
    }
    this.#state.touchOne(id)
    this.#keys = matches.keys
    if (time >= this.#deadlines[id]!) this.#matcher.advance(matches, time, this.#onMatch)
    this.#matcher.process(matches, new MatchRow(time, number, this.#knownBits, holds), this.#load, this.#onMatch)
    this.#settle(id, matches)
  }

  /** The row that is processed is the last one of those that have gone. */
  readonly #load = (row: MatchRow): void => {
    row.values = this.#rows.valuesOf(this.#nextDue - 1 - this.#pieceFrom, this.#readPlaces)
  }

  /** A key whose partial matches will have taken too long is woken then; what is for one without any is used again. */
  #settle(id: number, matches: KeyMatches): void {
    const { withinMs } = this.#options.spec
    if (this.#matcher.isIdle(matches)) {
      this.#matches[id] = undefined
      if (this.#unused.length < MAX_UNUSED) this.#unused.push(matches)
      if (this.#pending[id] === 0) this.#mayBeIdle(id)
      return
    }
    if (withinMs === undefined || (this.#deadlines[id] ?? Infinity) < Infinity) return
    const deadline = matches.partials[0]!.first.time + withinMs
    this.#deadlines[id] = deadline
    if (deadline < Infinity) this.#timeouts.add(deadline, id)
  }

  #mayBeIdle(id: number): void {
    if (this.#isIdle[id] === true) return
    this.#isIdle[id] = true
    this.#idle.push(id)
    if (this.#idle.length > Math.max(MIN_FORGOTTEN, this.#state.count >>> 1)) this.#hasManyIdle = true
  }

  /** Forgets the keys that have nothing. */
  #forget(): void {
    for (const id of this.#idle) {
      this.#isIdle[id] = false
      if ((this.#pending[id] ?? 0) > 0 || this.#matches[id] !== undefined || (this.#deadlines[id] ?? Infinity) < Infinity) continue
      this.#state.remove(id)
      this.#pending[id] = 0
    }
    this.#idle = []
    this.#hasManyIdle = false
  }

  #advance(id: number, time: number): void {
    const matches = this.#matches[id]
    if (matches === undefined) {
      if (this.#pending[id] === 0) this.#mayBeIdle(id)
      return
    }
    this.#keys = matches.keys
    this.#matcher.advance(matches, time, this.#onMatch)
    this.#settle(id, matches)
  }

  readonly #onMatch: OnMatch = (match, time) => {
    const view = this.#view
    view.last = match
    view.time = time
    const values = this.#measures.map((measure) => measure(view))
    // What the watermark sends comes before the watermark itself.
    const watermark = this.#options.time === 'rowtime' ? time - 1 : this.#watermark
    this.#ready.push({ keys: this.#keys, values, watermark, place: this.#place })
  }

  #send(out: Output): void {
    const { owner, givesPlaces } = this.#options
    const output = this.#output
    output.clear()
    const { batch } = output
    const count = Math.min(this.#ready.length - this.#nextReady, output.capacity)
    const places = givesPlaces ? output.addPlaces() / 8 : 0
    const watermarks = output.addRowWatermarks() / 8
    batch.watermark = NO_WATERMARK
    for (let i = 0; i < count; i++) {
      const { keys, values, watermark, place } = this.#ready[this.#nextReady++]!
      for (let column = 0; column < keys.length; column++) writeCell(output, batch.columns[column]!, i, keys[column] ?? null)
      for (let column = 0; column < values.length; column++)
        writeCell(output, batch.columns[keys.length + column]!, i, values[column] ?? null)
      this.#cells.set(watermarks + i, watermark)
      if (places !== 0) owner.arena.i64[places + i] = place
    }
    batch.rowCount = count
    batch.selectedCount = count
    out.push(batch)
  }

  lateRows(): number {
    return this.#lateRows
  }

  snapshot(): OperatorSnapshot {
    this.#forget()
    const pending = this.#rows.byGroup()
    return {
      keyed: this.#state.snapshot(KEY_GROUPS, (id, sink) => {
        this.#rows.save(pending.get(id) ?? [], sink)
        saveMatches(this.#matches[id], this.#savedTypes, sink)
      }),
    }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    for (const { keyed } of parts) {
      for (const [keyGroup, bytes] of keyed) {
        if (!isMine(keyGroup)) continue
        this.#state.restore(bytes, (id, reader) => {
          this.#pending[id] = this.#rows.load(id, reader)
          const matches = loadMatches(this.#savedTypes, reader)
          this.#matches[id] = matches
          if (matches === undefined) return
          for (const { row, isIdle } of [...matches.partials, ...(matches.completed ?? [])])
            if (!isIdle) this.#nextNumber = Math.max(this.#nextNumber, row.number + 1)
          this.#settle(id, matches)
        })
      }
    }
  }

  stateSize(): { readonly rows: number; readonly bytes: number } {
    let rows = this.#rows.count
    for (const matches of this.#matches) if (matches !== undefined) rows += matches.partials.length - 1 + (matches.completed?.length ?? 0)
    return { rows, bytes: this.#state.usedBytes }
  }

  close(): void {
    this.#options.owner.close()
  }
}

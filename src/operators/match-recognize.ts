import type { Clock } from '../base/ports.ts'
import { RheoError, externalError } from '../base/errors.ts'
import type { ArenaOwner } from '../data/arena.ts'
import { type Batch, BATCH_CAPACITY } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { readCell, writeCell } from '../data/cells.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { EvaluationContext } from '../expr/function.ts'
import { type MatchSpec, columnsOfMatch } from '../expr/match.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import { type SortColumn, compareKeys } from './compare-rows.ts'
import { type Int64Cells, int64Cells } from './int64.ts'
import type { MatchRow, TakenRow } from './match/match-queue.ts'
import { type MatchView, prepareMatchExpression } from './match/match-reader.ts'
import { loadKey, saveKey } from './match/match-snapshot.ts'
import { type KeyMatches, Matcher, type OnMatch } from './match/matcher.ts'
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

/** A match that leaves. */
interface ReadyMatch {
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
  /** The columns of the input that are kept, and their types. */
  readonly #kept: readonly number[]
  readonly #keptTypes: readonly SqlType[]
  readonly #keyPlaces: readonly number[]
  readonly #thenBy: readonly SortColumn[]
  readonly #state: KeyedState
  /** By group what is under way; undefined: nothing. */
  readonly #matches: (KeyMatches | undefined)[] = []
  /** By group the rows that wait. */
  readonly #pending: number[] = []
  #pendingRows = 0
  readonly #rows = new TimeHeap<MatchRow>()
  /** When partial matches will have taken too long, at most one entry a key. */
  readonly #timeouts = new TimeHeap()
  readonly #hasTimeout: boolean[] = []
  readonly #output: BatchBuffer
  #ready: ReadyMatch[] = []
  #nextReady = 0
  #nextNumber = 0
  #lateRows = 0
  /** Rows before a failing one leave first. */
  #failure: unknown
  #isFlushing = false
  /** What the match that is being found leaves with. */
  #watermark = 0
  #place = 0n

  constructor(options: MatchRecognizeOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, inputTypes, outputTypes, keys, thenBy, spec, context, execution, createState = memoryState } = options
    this.#cells = int64Cells(owner.arena)
    const kept = new Set([...keys, ...thenBy.map((key) => key.column), ...columnsOfMatch(spec)])
    this.#kept = [...kept].sort((a, b) => a - b)
    this.#keptTypes = this.#kept.map((column) => inputTypes[column]!)
    const placeOf = (column: number): number => this.#kept.indexOf(column)
    this.#keyPlaces = keys.map(placeOf)
    this.#thenBy = thenBy.map((key) => ({ ...key, column: placeOf(key.column) }))
    const readers = { owner, context, variables: spec.variables, placeOf }
    this.#matcher = new Matcher(spec, readers)
    this.#measures = spec.measures.map((measure) => prepareMatchExpression(measure, readers))
    this.#conditions = new RowConditions(spec, { owner, context, execution, inputTypes })
    this.#state = createState({ owner, lineBytes: 0, prefixBytes: 0, ttlMs: 0 })
    this.#output = new BatchBuffer(owner, outputTypes)
  }

  onBatch(_input: number, batch: Batch, out: Output): Progress {
    if (this.#isFlushing) return this.#flush(out)
    const { owner, keys, time } = this.#options
    const { arena } = owner
    const ids = this.#state.prepare(batch, keys)
    if (typeof ids !== 'number') return ids
    this.#state.touch(ids, batch.selectedCount)
    const answers = this.#conditions.answer(batch)
    const now = time === 'proctime' ? this.#options.clock.nowMs() : 0
    const arrived: { readonly row: MatchRow; readonly watermark: number }[] = []
    for (let i = 0; i < batch.selectedCount; i++) {
      const at = batch.selection === 0 ? i : arena.i32[(batch.selection >>> 2) + i]!
      const id = arena.i32[(ids >>> 2) + i]!
      const watermark = this.#watermarkOf(batch, at)
      const rowTime = time === 'proctime' ? now : this.#timeOf(batch, at)
      if (time === 'rowtime' && rowTime <= watermark) {
        this.#lateRows++
        this.#pending[id] ??= 0
        continue
      }
      const values: SqlValue[] = []
      for (let k = 0; k < this.#kept.length; k++) values.push(readCell(arena, batch.columns[this.#kept[k]!]!, at))
      const row: MatchRow = { id, time: rowTime, values, number: 0, known: answers.known, holds: answers.holds(at) }
      if (time === 'proctime') arrived.push({ row, watermark })
      else this.#wait(row)
    }
    if (time === 'proctime') this.#goAt(arrived)
    this.#forget(ids, batch.selectedCount)
    return this.#flush(out)
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

  #wait(row: MatchRow): void {
    this.#rows.add(row.time, row)
    this.#pending[row.id] = (this.#pending[row.id] ?? 0) + 1
    this.#pendingRows++
  }

  /** With processing time the rows of a batch come at one moment. */
  #goAt(arrived: { readonly row: MatchRow; readonly watermark: number }[]): void {
    const sorted = this.#thenBy.length === 0 ? arrived : arrived.toSorted((a, b) => this.#compare(a.row, b.row))
    this.#guarded(() => {
      for (const { row, watermark } of sorted) {
        this.#watermark = watermark
        this.#process(row)
      }
    })
  }

  #compare(a: MatchRow, b: MatchRow): number {
    const keysOf = (row: MatchRow): readonly SqlValue[] => this.#thenBy.map((key) => row.values[key.column]!)
    return compareKeys(this.#thenBy, keysOf(a), keysOf(b))
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

  /** Works off all that is due at `time`, moment by moment. */
  #goUntil(time: number, out: Output): Progress {
    for (;;) {
      while (this.#failure === undefined && this.#ready.length < BATCH_CAPACITY) {
        const due = Math.min(this.#rows.peek() ?? Infinity, this.#timeouts.peek() ?? Infinity)
        if (due > time) break
        const blocked = this.#goTo(due)
        if (blocked !== undefined) return blocked
      }
      if (this.#nextReady >= this.#ready.length && this.#failure === undefined) return 'done'
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

  #goTo(due: number): Promise<void> | undefined {
    const { ordersOutput, owner } = this.#options
    const rows = this.#rows.peek() === due ? this.#rows.idsAt(due) : []
    const timeouts = this.#timeouts.peek() === due ? this.#timeouts.idsAt(due) : []
    const ids =
      rows.length + timeouts.length === 1 ? [rows[0]?.id ?? timeouts[0]!] : [...new Set([...timeouts, ...rows.map((row) => row.id)])]
    const prepared = this.#state.prepareGroups(ids)
    if (prepared !== true) return prepared
    if (rows.length > 0) this.#rows.pop()
    if (timeouts.length > 0) this.#timeouts.pop()
    for (const id of ids) this.#state.touchOne(id)
    for (const id of timeouts) this.#hasTimeout[id] = false
    // What the watermark sends comes before the watermark itself.
    this.#watermark = due - 1
    const sorted = this.#thenBy.length === 0 || rows.length === 1 ? rows : [...rows].sort((a, b) => this.#compare(a, b))
    this.#guarded(() => {
      if (ordersOutput) {
        for (const { id, place } of orderGroups(owner.arena, ids, (each) => this.#state.keyBytes(each))) {
          this.#place = place
          if (timeouts.includes(id)) this.#advance(id, due)
          for (const row of sorted) if (row.id === id) this.#take(row)
        }
      } else {
        for (const id of timeouts) this.#advance(id, due)
        for (const row of sorted) this.#take(row)
      }
    })
    for (const id of ids) this.#settle(id)
    return undefined
  }

  #take(row: MatchRow): void {
    this.#pending[row.id]!--
    this.#pendingRows--
    this.#process(row)
  }

  #process(row: MatchRow): void {
    const { id } = row
    row.number = this.#nextNumber++
    let matches = this.#matches[id]
    if (matches === undefined) {
      if (this.#matcher.cannotBegin(row)) return
      matches = this.#matcher.newKey()
    }
    this.#matcher.process(matches, row, this.#onMatch)
    this.#matches[id] = this.#matcher.isIdle(matches) ? undefined : matches
  }

  #advance(id: number, time: number): void {
    const matches = this.#matches[id]
    if (matches === undefined) return
    this.#matcher.advance(matches, time, this.#onMatch)
    if (this.#matcher.isIdle(matches)) this.#matches[id] = undefined
  }

  readonly #onMatch: OnMatch = (last, time) => {
    const view = this.#view
    view.last = last
    view.time = time
    const first = firstOf(last)
    const values: SqlValue[] = this.#keyPlaces.map((place) => first.values[place]!)
    for (const measure of this.#measures) values.push(measure(view))
    this.#ready.push({ values, watermark: this.#watermark, place: this.#place })
  }

  /** A key whose partial matches will have taken too long is woken then; one without any is forgotten. */
  #settle(id: number): void {
    const { withinMs } = this.#options.spec
    const earliest = this.#matches[id]?.partials.peek()
    if (earliest !== undefined) {
      if (withinMs === undefined || earliest.last === undefined || this.#hasTimeout[id] === true) return
      this.#hasTimeout[id] = true
      this.#timeouts.add(earliest.startTime + withinMs, id)
    } else if ((this.#pending[id] ?? 0) === 0 && this.#hasTimeout[id] !== true) {
      this.#state.remove(id)
      this.#pending[id] = 0
    }
  }

  /** Settles the keys of a batch: of some only late rows came. */
  #forget(ids: number, count: number): void {
    const { i32 } = this.#options.owner.arena
    const isProctime = this.#options.time === 'proctime'
    if (!isProctime && this.#lateRows === 0) return
    const seen = new Set<number>()
    for (let i = 0; i < count; i++) {
      const id = i32[(ids >>> 2) + i]!
      if ((this.#pending[id] ?? 0) === 0) seen.add(id)
    }
    for (const id of seen) this.#settle(id)
  }

  #send(out: Output): void {
    const { owner, givesPlaces } = this.#options
    const output = this.#output
    output.clear()
    const { batch } = output
    const count = Math.min(this.#ready.length - this.#nextReady, output.capacity)
    const places = givesPlaces ? output.addPlaces() / 8 : 0
    const watermarks = output.addRowWatermarks() / 8
    batch.watermark = this.#ready[this.#nextReady]!.watermark
    for (let i = 0; i < count; i++) {
      const { values, watermark, place } = this.#ready[this.#nextReady++]!
      values.forEach((value, column) => writeCell(output, batch.columns[column]!, i, value))
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
    const pending = new Map<number, MatchRow[]>()
    for (const row of this.#rows.all()) {
      const rows = pending.get(row.id)
      if (rows === undefined) pending.set(row.id, [row])
      else rows.push(row)
    }
    return {
      keyed: this.#state.snapshot(KEY_GROUPS, (id, sink) => {
        saveKey({ pending: pending.get(id) ?? [], matches: this.#matches[id] }, this.#keptTypes, sink)
      }),
    }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    for (const { keyed } of parts) {
      for (const [keyGroup, bytes] of keyed) {
        if (!isMine(keyGroup)) continue
        this.#state.restore(bytes, (id, reader) => {
          const { pending, matches } = loadKey(id, this.#keptTypes, reader)
          for (const row of pending) this.#wait(row)
          this.#pending[id] ??= 0
          this.#matches[id] = matches
          for (const { last } of matches === undefined ? [] : [...matches.partials.items, ...matches.completed.items])
            this.#nextNumber = Math.max(this.#nextNumber, (last?.row.number ?? 0) + 1)
          if (matches !== undefined) this.#settle(id)
        })
      }
    }
  }

  stateSize(): { readonly rows: number; readonly bytes: number } {
    let rows = this.#pendingRows
    for (const matches of this.#matches) if (matches !== undefined) rows += matches.partials.size - 1 + matches.completed.size
    return { rows, bytes: this.#state.usedBytes }
  }

  close(): void {
    this.#options.owner.close()
  }
}

function firstOf(last: TakenRow): MatchRow {
  let first = last
  while (first.before !== undefined) first = first.before
  return first.row
}

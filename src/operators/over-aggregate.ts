import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { readCell, writeCell } from '../data/cells.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import { decodeRow, rowBytes } from '../data/row-encoding.ts'
import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import type { Accumulator } from './aggregates/accumulator.ts'
import { createAccumulator } from './aggregates/create-accumulator.ts'
import { type SortColumn, compareKeys } from './compare-rows.ts'
import { type Int64Cells, int64Cells } from './int64.ts'
import { orderGroups } from './order-groups.ts'
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
  readonly createState?: CreateState
}

interface Row {
  readonly time: number
  /** The life of its group in which it came. */
  readonly life: number
  /** The watermark at which it is taken: its time, or the next one for a row behind the watermark. */
  readonly due: number
  readonly bytes: Uint8Array
  readonly values: readonly SqlValue[]
}

interface Group {
  /** Rows that wait, by time and then by arrival. */
  pending: Row[]
  /** Earlier rows that frames or LAG still read. */
  history: Row[]
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
  readonly rows: readonly { readonly id: number; readonly place: bigint; readonly row: Row; readonly peers: readonly Row[] | undefined }[]
  next: number
}

interface Slot {
  readonly call: AggregateCall
  readonly accumulator: Accumulator | undefined
  /** Of LAG. */
  readonly offset: number
}

/**
 * Aggregates over the rows of a partition up to the current one, in the order of event time: a row waits until the watermark has reached its time, so that no
 * row comes between those that have left.
 *
 * With ROWS rows of equal time stand in the order of arrival, with RANGE they share one answer. Where the frame has no beginning, a row at or behind the
 * watermark is late; where it has one, a row is late only if its key has taken a row of that time or a later one. LAG and ROW_NUMBER go row by row.
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
  readonly #groups: (Group | undefined)[] = []
  readonly #times = new TimeHeap()
  /** When groups that begin anew can be forgotten. */
  readonly #ends = new TimeHeap()
  readonly #output: BatchBuffer
  readonly #farthestLag: number
  #leaving: Leaving | undefined
  #lateRows = 0

  constructor(options: OverAggregateOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, calls, inputTypes, preceding, createState = memoryState } = options
    this.#cells = int64Cells(owner.arena)
    let lineBytes = 0
    this.#slots = calls.map((call) => {
      if (call.name === 'RANK' || call.name === 'DENSE_RANK') return { call, accumulator: undefined, offset: 0 }
      if (call.name === 'LAG') return { call, accumulator: undefined, offset: Number(call.options?.[0] ?? 1) }
      const accumulator = createAccumulator(owner, call, lineBytes, preceding === undefined ? 'appending' : 'changing')
      lineBytes += accumulator.lineBytes
      return { call, accumulator, offset: 0 }
    })
    this.#farthestLag = Math.max(0, ...this.#slots.map((slot) => slot.offset))
    this.#state = createState({ owner, lineBytes, prefixBytes: 0, ttlMs: 0 })
    this.#output = new BatchBuffer(owner, [...inputTypes, ...calls.map((call) => call.type)])
  }

  onBatch(_input: number, batch: Batch): Progress {
    const { owner, keys, inputTypes, timeColumn, preceding, unit } = this.#options
    const { arena } = owner
    const ids = this.#state.prepare(batch, keys)
    if (typeof ids !== 'number') return ids
    this.#state.touch(ids, batch.selectedCount)
    const timeCells = batch.columns[timeColumn]!
    for (let i = 0; i < batch.selectedCount; i++) {
      const row = batch.selection === 0 ? i : arena.i32[(batch.selection >>> 2) + i]!
      const id = arena.i32[(ids >>> 2) + i]!
      const group = (this.#groups[id] ??= newGroup())
      if (timeCells.isNull(arena, row)) continue
      const time = this.#cells.get(timeCells.cells / 8 + row)
      let watermark = batch.watermark
      if (batch.rowWatermarks !== 0) watermark = Math.max(watermark, this.#cells.get(batch.rowWatermarks / 8 + row))
      if (group.endDue <= watermark) {
        group.life++
        group.end = Number.POSITIVE_INFINITY
        group.endDue = Number.POSITIVE_INFINITY
      }
      if (preceding === undefined ? time <= watermark : time <= takenBefore(group, watermark)) {
        this.#lateRows++
        continue
      }
      const values = batch.columns.map((column) => readCell(arena, column, row))
      const due = Math.max(time, watermark + 1)
      const isRange = preceding !== undefined && unit === 'RANGE'
      if (isRange && extend(group, time + preceding + 1, time + Math.floor(preceding * 1.5) + 1, watermark))
        this.#ends.add(group.endDue, id)
      let at = group.pending.length
      while (at > 0 && group.pending[at - 1]!.time > time) at--
      group.pending.splice(at, 0, { time, life: group.life, due, bytes: rowBytes(inputTypes, values), values })
      this.#times.add(due, id)
    }
    this.#forget(ids, batch.selectedCount)
    return 'done'
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
        this.#groups[id] = undefined
        for (const { accumulator } of this.#slots) accumulator?.clear?.(id, this.#state.line(id))
        this.#state.remove(id)
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
    const ordered = ordersOutput ? orderGroups(owner.arena, ids, (id) => this.#state.keyBytes(id)) : ids.map((id) => ({ id, place: 0n }))
    const rows = ordered.flatMap(({ id, place }) => {
      this.#state.touchOne(id)
      const group = this.#groups[id]!
      const taken = this.#sorted(group.pending.filter((row) => row.due === due))
      group.pending = group.pending.filter((row) => row.due !== due)
      return taken.map((row, i) => {
        // The first of rows of equal time brings all of them into a RANGE.
        const peers =
          unit === 'ROWS' ? [row] : taken[i - 1]?.time === row.time ? undefined : taken.filter((other) => other.time === row.time)
        return { id, place, row, peers }
      })
    })
    this.#leaving = { due, rows, next: 0 }
    return true
  }

  #sorted(rows: Row[]): Row[] {
    const { thenBy = [] } = this.#options
    if (thenBy.length === 0) return rows
    const keysOf = (row: Row): readonly SqlValue[] => thenBy.map((key) => row.values[key.column]!)
    return rows.sort((a, b) => a.time - b.time || compareKeys(thenBy, keysOf(a), keysOf(b)))
  }

  #send(leaving: Leaving, out: Output): void {
    const { owner, givesPlaces } = this.#options
    const output = this.#output
    output.clear()
    const { batch } = output
    // What the watermark sends comes before the watermark itself.
    batch.watermark = leaving.due - 1
    const places = givesPlaces ? output.addPlaces() / 8 : 0
    for (; leaving.next < leaving.rows.length && batch.rowCount < output.capacity; leaving.next++) {
      const { id, place, row, peers } = leaving.rows[leaving.next]!
      const group = this.#groups[id]!
      const line = this.#state.line(id)
      // A row that is not late has none of the forgotten ones in its frame; of two inputs that meet, one may bring it behind the other's end.
      if (row.life > group.takenLife && row.due > row.time) this.#restart(id, line, group)
      group.takenLife = Math.max(group.takenLife, row.life)
      const isNewTime = group.ranks.rows === 0 || row.time !== group.taken
      if (isNewTime) {
        group.ranks.before = group.ranks.rows
        group.ranks.times++
      }
      group.ranks.rows++
      if (peers !== undefined) for (const peer of peers) this.#enter(id, line, group, peer)
      const at = batch.rowCount++
      this.#write(id, line, group, row, at)
      if (places !== 0) owner.arena.i64[places + at] = place
      group.taken = row.time
      if (this.#farthestLag === 0) continue
      group.history.push(row)
      if (group.history.length > this.#farthestLag) group.history.shift()
    }
    batch.selectedCount = batch.rowCount
    if (leaving.next === leaving.rows.length) this.#leaving = undefined
    if (batch.rowCount > 0) out.push(batch)
  }

  /** Takes rows out of the frame that are too far behind, then one into it, in the order of Flink: sums of DOUBLE depend on it. */
  #enter(id: number, line: number, group: Group, row: Row): void {
    const { preceding, unit } = this.#options
    if (preceding !== undefined && this.#slots.length > 0) {
      const { history } = group
      for (let first = history[0]; first !== undefined; first = history[0]) {
        const isInside = unit === 'ROWS' ? history.length <= preceding : first.time >= row.time - preceding
        if (isInside) break
        this.#accumulate(id, line, first, -1)
        history.shift()
      }
      history.push(row)
    }
    this.#accumulate(id, line, row, 1)
  }

  /** The frame of a late row is empty when its group has begun anew. */
  #restart(id: number, line: number, group: Group): void {
    for (const earlier of group.history) this.#accumulate(id, line, earlier, -1)
    group.history = []
  }

  #accumulate(id: number, line: number, row: Row, sign: number): void {
    for (const { call, accumulator } of this.#slots) {
      const [argument] = call.args
      accumulator?.add(id, line, argument === undefined ? true : row.values[argument]!, sign)
    }
  }

  #write(id: number, line: number, group: Group, row: Row, at: number): void {
    const output = this.#output
    const { columns } = output.batch
    const width = row.values.length
    row.values.forEach((value, i) => writeCell(output, columns[i]!, at, value))
    this.#slots.forEach(({ call, accumulator, offset }, i) => {
      const column = columns[width + i]!
      if (call.name === 'RANK' || call.name === 'DENSE_RANK') {
        const { before, times } = group.ranks
        writeCell(output, column, at, BigInt(call.name === 'RANK' ? before + 1 : times))
      } else if (accumulator === undefined) {
        const [argument, fallback] = call.args
        const lagged = offset === 0 ? row : group.history.at(-offset)
        writeCell(
          output,
          column,
          at,
          lagged === undefined ? (fallback === undefined ? null : row.values[fallback]!) : lagged.values[argument!]!,
        )
      } else accumulator.write(id, line, { buffer: output, column, row: at })
    })
  }

  lateRows(): number {
    return this.#lateRows
  }

  snapshot(): OperatorSnapshot {
    return {
      keyed: this.#state.snapshot(KEY_GROUPS, (id, sink) => {
        const { pending, history, taken, ranks, end, endDue, life, takenLife } = this.#groups[id]!
        for (const number of [taken, ranks.rows, ranks.before, ranks.times, end, endDue, life, takenLife]) sink.f64(number)
        for (const rows of [pending, history]) {
          sink.varint(rows.length)
          for (const row of rows) {
            sink.f64(row.time)
            sink.f64(row.life)
            sink.f64(row.due)
            sink.prefixed(row.bytes)
          }
        }
        for (const { accumulator } of this.#slots) accumulator?.save(id, this.#state.line(id), sink)
      }),
    }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    const { inputTypes } = this.#options
    for (const { keyed } of parts) {
      for (const [keyGroup, saved] of keyed) {
        if (!isMine(keyGroup)) continue
        this.#state.restore(saved, (id, reader) => {
          const taken = reader.f64()
          const ranks = { rows: reader.f64(), before: reader.f64(), times: reader.f64() }
          const end = reader.f64()
          const endDue = reader.f64()
          const life = reader.f64()
          const takenLife = reader.f64()
          const readRows = (): Row[] =>
            Array.from({ length: reader.varint() }, () => {
              const time = reader.f64()
              const rowLife = reader.f64()
              const due = reader.f64()
              const bytes = reader.raw(reader.varint())
              return { time, life: rowLife, due, bytes, values: decodeRow(inputTypes, bytes) }
            })
          const pending = readRows()
          const history = readRows()
          this.#groups[id] = { pending, history, taken, ranks, end, endDue, life, takenLife }
          for (const row of pending) this.#times.add(row.due, id)
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

/** The time of the last row that the key had taken when the watermark was `watermark`, also of rows that wait only because batches are large. */
function takenBefore({ pending, taken, life, takenLife }: Group, watermark: number): number {
  let result = life === takenLife ? taken : Number.NEGATIVE_INFINITY
  for (const row of pending) if (row.life === life && row.due <= watermark && row.time > result) result = row.time
  return result
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

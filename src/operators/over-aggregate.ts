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
    const { owner, keys, inputTypes, timeColumn, preceding } = this.#options
    const { arena } = owner
    const ids = this.#state.prepare(batch, keys)
    if (typeof ids !== 'number') return ids
    this.#state.touch(ids, batch.selectedCount)
    const timeCells = batch.columns[timeColumn]!
    for (let i = 0; i < batch.selectedCount; i++) {
      const row = batch.selection === 0 ? i : arena.i32[(batch.selection >>> 2) + i]!
      const id = arena.i32[(ids >>> 2) + i]!
      const group = (this.#groups[id] ??= { pending: [], history: [], taken: Number.NEGATIVE_INFINITY })
      if (timeCells.isNull(arena, row)) continue
      const time = this.#cells.get(timeCells.cells / 8 + row)
      let watermark = batch.watermark
      if (batch.rowWatermarks !== 0) watermark = Math.max(watermark, this.#cells.get(batch.rowWatermarks / 8 + row))
      if (preceding === undefined ? time <= watermark : time <= takenBefore(group, watermark)) {
        this.#lateRows++
        continue
      }
      const values = batch.columns.map((column) => readCell(arena, column, row))
      const due = Math.max(time, watermark + 1)
      let at = group.pending.length
      while (at > 0 && group.pending[at - 1]!.time > time) at--
      group.pending.splice(at, 0, { time, due, bytes: rowBytes(inputTypes, values), values })
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
        if (blocked === false) return 'done'
        if (blocked !== true) return blocked
      }
      if (out.isFull) return 'more'
      this.#send(this.#leaving!, out)
    }
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

  /** Takes a row into the frame, and those out of it that are too far behind. */
  #enter(id: number, line: number, group: Group, row: Row): void {
    const { preceding, unit } = this.#options
    this.#accumulate(id, line, row, 1)
    if (preceding === undefined || this.#slots.length === 0) return
    group.history.push(row)
    for (;;) {
      const first = group.history[0]!
      const isInside = unit === 'ROWS' ? group.history.length <= preceding + 1 : first.time >= row.time - preceding
      if (isInside) return
      this.#accumulate(id, line, first, -1)
      group.history.shift()
    }
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
      if (accumulator === undefined) {
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
        const { pending, history, taken } = this.#groups[id]!
        sink.f64(taken)
        for (const rows of [pending, history]) {
          sink.varint(rows.length)
          for (const row of rows) {
            sink.f64(row.time)
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
          const readRows = (): Row[] =>
            Array.from({ length: reader.varint() }, () => {
              const time = reader.f64()
              const due = reader.f64()
              const bytes = reader.raw(reader.varint())
              return { time, due, bytes, values: decodeRow(inputTypes, bytes) }
            })
          const pending = readRows()
          const history = readRows()
          this.#groups[id] = { pending, history, taken }
          for (const row of pending) this.#times.add(row.due, id)
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
function takenBefore({ pending, taken }: Group, watermark: number): number {
  let result = taken
  for (const row of pending) if (row.due <= watermark && row.time > result) result = row.time
  return result
}

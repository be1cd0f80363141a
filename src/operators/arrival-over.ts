import type { Clock } from '../base/ports.ts'
import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { readCell, writeCell } from '../data/cells.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import { decodeRow, rowBytes } from '../data/row-encoding.ts'
import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import { type LagParts, lagParts } from '../expr/lag.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type KeyExpiry, keyExpiry } from '../state/key-expiry.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import type { Accumulator } from './aggregates/accumulator.ts'
import { createAccumulator } from './aggregates/create-accumulator.ts'
import { viewOf } from './batch-view.ts'
import { lagDistance } from './lag-distance.ts'

export interface ArrivalOverOptions {
  readonly id: string
  readonly owner: ArenaOwner
  readonly inputTypes: readonly SqlType[]
  readonly keys: readonly number[]
  /** Rows of the frame before the current one; undefined: all. */
  readonly preceding: number | undefined
  readonly calls: readonly AggregateCall[]
  readonly clock: Clock
  /** A key without rows for so long is forgotten; 0: never. */
  readonly stateTtlMs: number
  readonly createState?: CreateState
}

interface Slot {
  readonly call: AggregateCall
  /** Undefined for LAG. */
  readonly accumulator: Accumulator | undefined
  readonly lag: LagParts | undefined
  /** Where the arguments are among the values that are read of a row. */
  readonly args: readonly number[]
}

/**
 * Aggregates over the rows of a partition up to the current one, in the order of arrival, which is that of processing time. Every row leaves at once, with the results
 * behind its columns; those are shared, and the results lie at the numbers of the rows.
 */
export function arrivalOver(options: ArrivalOverOptions): Operator {
  return new ArrivalOver(options)
}

class ArrivalOver implements Operator {
  readonly name = 'OverAggregate'
  readonly stateId: string
  readonly keepsRowNumbers = true
  readonly #options: ArrivalOverOptions
  readonly #slots: readonly Slot[]
  /** Columns that the calls read. */
  readonly #columns: readonly number[]
  readonly #types: readonly SqlType[]
  /** Earlier rows of a key that calls still read, by group. */
  readonly #history: (SqlValue[][] | undefined)[] = []
  readonly #historyRows: number
  readonly #state: KeyedState
  readonly #expiry: KeyExpiry | undefined
  readonly #results: BatchBuffer
  #rowCount = 0

  constructor(options: ArrivalOverOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, calls, inputTypes, preceding, clock, stateTtlMs, createState = memoryState } = options
    this.#columns = [...new Set(calls.flatMap((call) => call.args))]
    this.#types = this.#columns.map((column) => inputTypes[column]!)
    let lineBytes = 0
    this.#slots = calls.map((call): Slot => {
      const args = call.args.map((column) => this.#columns.indexOf(column))
      if (call.name === 'LAG') return { call, accumulator: undefined, lag: lagParts(call), args }
      const accumulator = createAccumulator(owner, call, lineBytes, preceding === undefined ? 'appending' : 'changing')
      lineBytes += accumulator.lineBytes
      return { call, accumulator, lag: undefined, args }
    })
    const farthestLag = Math.max(0, ...this.#slots.map(({ lag }) => (lag === undefined ? 0 : (lag.distance ?? Infinity))))
    this.#historyRows = Math.max(preceding ?? 0, farthestLag)
    this.#state = createState({ owner, lineBytes, prefixBytes: 0, ttlMs: 0 })
    this.#expiry = keyExpiry(this.#state, clock, stateTtlMs)
    this.#results = new BatchBuffer(
      owner,
      calls.map((call) => call.type),
    )
  }

  onBatch(_input: number, batch: Batch, out: Output): Progress {
    const { owner, keys } = this.#options
    const { arena } = owner
    for (const id of this.#expiry?.sweep() ?? []) this.#drop(id)
    const ids = this.#state.prepare(batch, keys)
    if (typeof ids !== 'number') return ids
    this.#state.touch(ids, batch.selectedCount)
    this.#expiry?.write(arena.i32, ids, batch.selectedCount)
    this.#results.clear()
    for (let i = 0; i < batch.selectedCount; i++) {
      const row = batch.selection === 0 ? i : arena.i32[(batch.selection >>> 2) + i]!
      this.#take(arena.i32[(ids >>> 2) + i]!, batch, row)
    }
    out.push(viewOf(batch, [...batch.columns, ...this.#results.batch.columns]))
    return 'done'
  }

  #drop(id: number): void {
    this.#rowCount -= this.#history[id]?.length ?? 0
    this.#history[id] = undefined
    for (const { accumulator } of this.#slots) accumulator?.clear?.(id, this.#state.line(id))
    this.#state.remove(id)
  }

  #take(id: number, batch: Batch, row: number): void {
    const { owner, preceding } = this.#options
    const values = this.#columns.map((column) => readCell(owner.arena, batch.columns[column]!, row))
    const line = this.#state.line(id)
    const history = (this.#history[id] ??= [])
    // The row that the frame leaves behind goes first, as in Flink: sums of DOUBLE depend on it.
    const left = preceding === undefined ? undefined : history[history.length - 1 - preceding]
    if (left !== undefined) this.#accumulate(id, line, left, -1)
    this.#accumulate(id, line, values, 1)
    this.#slots.forEach(({ accumulator, lag, args }, i) => {
      const column = this.#results.batch.columns[i]!
      if (lag === undefined) {
        accumulator?.write(id, line, { buffer: this.#results, column, row })
        return
      }
      const valueOf = (arg: number | undefined): SqlValue => (arg === undefined ? null : values[args[arg]!]!)
      const distance = lag.distance ?? lagDistance(valueOf(lag.distanceArg))
      const lagged = distance === 0 ? values : distance === undefined ? undefined : history.at(-distance)
      const otherwise = distance === undefined ? null : valueOf(lag.fallbackArg)
      writeCell(this.#results, column, row, lagged === undefined ? otherwise : lagged[args[0]!]!)
    })
    history.push(values)
    this.#rowCount++
    // One more than the frame is wide: the next row takes it out.
    if (history.length <= this.#historyRows + (preceding === undefined ? 0 : 1)) return
    history.shift()
    this.#rowCount--
  }

  #accumulate(id: number, line: number, values: readonly SqlValue[], sign: number): void {
    for (const { accumulator, args } of this.#slots) {
      const [argument] = args
      accumulator?.add(id, line, argument === undefined ? true : values[argument]!, sign)
    }
  }

  snapshot(): OperatorSnapshot {
    return {
      keyed: this.#state.snapshot(KEY_GROUPS, (id, sink) => {
        this.#expiry?.save(id, sink)
        const history = this.#history[id] ?? []
        sink.varint(history.length)
        for (const values of history) sink.prefixed(rowBytes(this.#types, values))
        for (const { accumulator } of this.#slots) accumulator?.save(id, this.#state.line(id), sink)
      }),
    }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    for (const { keyed } of parts) {
      for (const [keyGroup, saved] of keyed) {
        // Without keys there is one group, and one subtask for it.
        if (this.#options.keys.length > 0 && !isMine(keyGroup)) continue
        this.#state.restore(saved, (id, reader) => {
          this.#expiry?.load(id, reader)
          this.#history[id] = Array.from({ length: reader.varint() }, () => decodeRow(this.#types, reader.raw(reader.varint())))
          this.#rowCount += this.#history[id].length
          for (const { accumulator } of this.#slots) accumulator?.load(id, this.#state.line(id), reader)
        })
      }
    }
  }

  stateSize(): { readonly rows: number; readonly bytes: number } {
    return { rows: this.#state.count + this.#rowCount, bytes: this.#state.usedBytes }
  }

  close(): void {
    this.#options.owner.close()
  }
}

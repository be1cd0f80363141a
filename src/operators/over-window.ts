import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { readCell, writeCell } from '../data/cells.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import { decodeRow, rowBytes } from '../data/row-encoding.ts'
import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import { lagParts } from '../expr/lag.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import { createAccumulator } from './aggregates/create-accumulator.ts'
import { type SortColumn, compareKeys } from './compare-rows.ts'
import { allGroups, orderGroups } from './order-groups.ts'
import { type OverFrame, frameRows } from './over-frame.ts'

export interface OverWindowOptions {
  readonly id: string
  readonly owner: ArenaOwner
  readonly inputTypes: readonly SqlType[]
  readonly keys: readonly number[]
  readonly orderKeys: readonly SortColumn[]
  readonly frame: OverFrame
  readonly calls: readonly AggregateCall[]
  /** Partitions leave in the order of their keys, for something above reads arrival order. */
  readonly ordersOutput: boolean
  /** Their rows also get places. */
  readonly givesPlaces: boolean
  readonly createState?: CreateState
}

interface OverRow {
  readonly values: readonly SqlValue[]
  readonly keys: readonly SqlValue[]
}

/** A partition whose rows are in order. Rows of equal keys are peers. */
interface Partition {
  readonly rows: readonly OverRow[]
  /** By row, the number of its first peer, the number behind its last one, and how many sets of peers come before it. */
  readonly firstPeers: Int32Array
  readonly peerEnds: Int32Array
  readonly setsBefore: Int32Array
}

/**
 * OVER of an input that ends: keeps the rows of each partition, and at the end sorts them and evaluates every call for every row. Frames move forward with
 * the rows, so a row enters and leaves an aggregate once.
 */
export function overWindow(options: OverWindowOptions): Operator {
  return new OverWindowOperator(options)
}

class OverWindowOperator implements Operator {
  readonly name = 'OverWindow'
  readonly stateId: string
  readonly #options: OverWindowOptions
  readonly #state: KeyedState
  readonly #groups: (Uint8Array[] | undefined)[] = []
  readonly #output: BatchBuffer
  /** Partitions that are left to give, the next one last. */
  #left: { readonly id: number; readonly place: bigint }[] | undefined
  #partition: { readonly rows: readonly OverRow[]; readonly results: readonly (readonly SqlValue[])[]; readonly place: bigint } | undefined
  #next = 0

  constructor(options: OverWindowOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, inputTypes, calls, createState = memoryState } = options
    this.#state = createState({ owner, lineBytes: 0, prefixBytes: 0, ttlMs: 0 })
    this.#output = new BatchBuffer(owner, [...inputTypes, ...calls.map((call) => call.type)])
  }

  onBatch(_input: number, batch: Batch): Progress {
    const { owner, keys, inputTypes } = this.#options
    const { arena } = owner
    const ids = this.#state.prepare(batch, keys)
    if (typeof ids !== 'number') return ids
    this.#state.touch(ids, batch.selectedCount)
    for (let i = 0; i < batch.selectedCount; i++) {
      const row = batch.selection === 0 ? i : arena.i32[(batch.selection >>> 2) + i]!
      const id = arena.i32[(ids >>> 2) + i]!
      const values = batch.columns.map((column) => readCell(arena, column, row))
      const group = (this.#groups[id] ??= [])
      group.push(rowBytes(inputTypes, values))
    }
    return 'done'
  }

  onEnd(_input: number, out: Output): Progress {
    this.#left ??= this.#order().toReversed()
    for (;;) {
      if (out.isFull) return 'more'
      const blocked = this.#fill()
      if (this.#output.batch.rowCount > 0) out.push(this.#output.batch)
      else if (blocked !== undefined) return blocked
      if (this.#left.length === 0 && this.#partition === undefined) return 'done'
    }
  }

  #order(): readonly { readonly id: number; readonly place: bigint }[] {
    const ids = allGroups(this.#state)
    if (!this.#options.ordersOutput) return ids.map((id) => ({ id, place: 0n }))
    return orderGroups(this.#options.owner.arena, ids, (id) => this.#state.keyBytes(id))
  }

  #fill(): Promise<void> | undefined {
    const output = this.#output
    const { owner, givesPlaces } = this.#options
    output.clear()
    const { batch } = output
    const places = givesPlaces ? output.addPlaces() / 8 : 0
    while (batch.rowCount < output.capacity) {
      if (this.#partition === undefined) {
        const next = this.#left!.at(-1)
        if (next === undefined) break
        const prepared = this.#state.prepareGroups([next.id])
        if (prepared !== true) {
          batch.selectedCount = batch.rowCount
          return prepared
        }
        this.#left!.pop()
        this.#begin(next.id, next.place)
      }
      const { rows, results, place } = this.#partition!
      const width = this.#options.inputTypes.length
      for (; this.#next < rows.length && batch.rowCount < output.capacity; this.#next++) {
        const at = batch.rowCount++
        rows[this.#next]!.values.forEach((value, i) => writeCell(output, batch.columns[i]!, at, value))
        results.forEach((values, i) => writeCell(output, batch.columns[width + i]!, at, values[this.#next]!))
        if (places !== 0) owner.arena.i64[places + at] = place
      }
      if (this.#next === rows.length) this.#partition = undefined
    }
    batch.selectedCount = batch.rowCount
    return undefined
  }

  #begin(id: number, place: bigint): void {
    const { inputTypes, orderKeys, calls } = this.#options
    const rows = this.#groups[id]!.map((bytes): OverRow => {
      const values = decodeRow(inputTypes, bytes)
      return { values, keys: orderKeys.map((key) => values[key.column]!) }
    })
    this.#groups[id] = undefined
    rows.sort((a, b) => compareKeys(orderKeys, a.keys, b.keys))
    const partition = withPeers(rows, orderKeys)
    this.#partition = { rows, results: calls.map((call) => this.#evaluate(call, partition)), place }
    this.#next = 0
  }

  #evaluate(call: AggregateCall, partition: Partition): readonly SqlValue[] {
    const { rows, firstPeers, peerEnds, setsBefore } = partition
    const count = rows.length
    const argument = call.args[0] ?? -1
    switch (call.name) {
      case 'ROW_NUMBER':
        return rows.map((_, i) => BigInt(i + 1))
      case 'RANK':
        return rows.map((_, i) => BigInt(firstPeers[i]! + 1))
      case 'DENSE_RANK':
        return rows.map((_, i) => BigInt(setsBefore[i]! + 1))
      case 'PERCENT_RANK':
        return rows.map((_, i) => (count === 1 ? 0 : firstPeers[i]! / (count - 1)))
      case 'CUME_DIST':
        return rows.map((_, i) => peerEnds[i]! / count)
      case 'NTILE':
        return rows.map((row, i) => BigInt(tileOf(i, count, Number(row.values[argument]))))
      case 'LAG':
      case 'LEAD': {
        const { distance, distanceArg, fallbackArg } = lagParts(call)
        const direction = call.name === 'LAG' ? -1 : 1
        const valueOf = (row: OverRow, arg: number | undefined): SqlValue => (arg === undefined ? null : row.values[call.args[arg]!]!)
        return rows.map((row, i) => {
          const far = distance ?? valueOf(row, distanceArg)
          if (far === null) return null
          const other = rows[i + Number(far) * direction]
          return other === undefined ? valueOf(row, fallbackArg) : other.values[argument]!
        })
      }
      default:
        return this.#aggregate(call, partition)
    }
  }

  #aggregate(call: AggregateCall, { rows, firstPeers, peerEnds }: Partition): readonly SqlValue[] {
    const { owner, frame, orderKeys, inputTypes } = this.#options
    const { arena } = owner
    const scratch = this.#scratchOf(call)
    const { accumulator, line, buffer } = scratch
    const valueOf = (i: number): SqlValue => (call.args.length === 0 ? true : rows[i]!.values[call.args[0]!]!)
    const [order] = orderKeys
    const bounds = frameRows(frame, {
      firstPeers,
      peerEnds,
      keys: rows.map((row) => row.keys[0] ?? null),
      order,
      orderType: order === undefined ? undefined : inputTypes[order.column],
    })
    let from = 0
    let to = 0
    const results = rows.map((_, i): SqlValue => {
      const [start, end] = bounds(i)
      for (; to < end; to++) accumulator.add(0, line, valueOf(to), 1)
      for (; from < start; from++) accumulator.add(0, line, valueOf(from), -1)
      buffer.clear()
      const column = buffer.batch.columns[0]!
      accumulator.write(0, line, { buffer, column, row: 0 })
      return readCell(arena, column, 0)
    })
    accumulator.clear?.(0, line)
    arena.u8.fill(0, line, line + accumulator.lineBytes)
    return results
  }

  readonly #scratch = new Map<AggregateCall, ReturnType<typeof newScratch>>()

  #scratchOf(call: AggregateCall): ReturnType<typeof newScratch> {
    let scratch = this.#scratch.get(call)
    if (scratch === undefined) {
      const { owner, frame } = this.#options
      scratch = newScratch(owner, call, frame.start.kind === 'unbounded-preceding' ? 'appending' : 'changing')
      this.#scratch.set(call, scratch)
    }
    return scratch
  }

  snapshot(): OperatorSnapshot {
    return {
      keyed: this.#state.snapshot(KEY_GROUPS, (id, sink) => {
        const group = this.#groups[id] ?? []
        sink.varint(group.length)
        for (const bytes of group) sink.prefixed(bytes)
      }),
    }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    for (const { keyed } of parts) {
      for (const [keyGroup, bytes] of keyed) {
        if (!isMine(keyGroup)) continue
        this.#state.restore(bytes, (id, reader) => {
          this.#groups[id] = Array.from({ length: reader.varint() }, () => reader.raw(reader.varint()))
        })
      }
    }
  }

  stateSize(): { readonly rows: number; readonly bytes: number } {
    return { rows: this.#groups.reduce((sum, group) => sum + (group?.length ?? 0), 0), bytes: this.#state.usedBytes }
  }

  close(): void {
    this.#options.owner.close()
  }
}

function newScratch(owner: ArenaOwner, call: AggregateCall, input: 'appending' | 'changing') {
  const accumulator = createAccumulator(owner, call, 0, input)
  const line = owner.allocate(Math.max(accumulator.lineBytes, 8))
  owner.arena.u8.fill(0, line, line + accumulator.lineBytes)
  return { accumulator, line, buffer: new BatchBuffer(owner, [call.type], 8) }
}

function withPeers(rows: readonly OverRow[], orderKeys: readonly SortColumn[]): Partition {
  const count = rows.length
  const firstPeers = new Int32Array(count)
  const peerEnds = new Int32Array(count)
  const setsBefore = new Int32Array(count)
  let sets = 0
  for (let from = 0; from < count; sets++) {
    let to = from + 1
    while (to < count && compareKeys(orderKeys, rows[from]!.keys, rows[to]!.keys) === 0) to++
    firstPeers.fill(from, from, to)
    peerEnds.fill(to, from, to)
    setsBefore.fill(sets, from, to)
    from = to
  }
  return { rows, firstPeers, peerEnds, setsBefore }
}

/** The number, from 1, of the tile of row `i` of `count` in `tiles` tiles; the first ones have a row more where they cannot be equal. */
function tileOf(i: number, count: number, tiles: number): number {
  const size = Math.floor(count / tiles)
  const larger = count % tiles
  const inLarger = larger * (size + 1)
  return i < inLarger ? Math.floor(i / (size + 1)) + 1 : larger + Math.floor((i - inLarger) / size) + 1
}

import { assert } from '../base/assert.ts'
import type { Clock } from '../base/ports.ts'
import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import { readCell } from '../data/cells.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import type { SqlType } from '../data/types.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import { AggregateLines } from './aggregates/aggregate-lines.ts'
import type { GroupPairs, GroupRows } from './aggregates/accumulator.ts'
import { pairsOf } from './aggregates/group-rows.ts'
import { viewOf } from './batch-view.ts'
import { carryTime } from './carry-time.ts'
import { GroupChanges } from './group-changes.ts'
import { GroupOutput } from './group-output.ts'
import { type OrderedGroup, allGroups, leavingGroups } from './order-groups.ts'
import { GROUP_HEADER_BYTES, TouchedGroups } from './touched-groups.ts'

export interface GroupAggregateOptions {
  readonly id: string
  readonly owner: ArenaOwner
  readonly clock: Clock
  readonly inputTypes: readonly SqlType[]
  /** Rows whose changes may leave together. */
  readonly batchRows: number
  readonly keys: readonly number[]
  readonly aggregates: readonly AggregateCall[]
  /** Rows are also taken back. */
  readonly inputRetracts: boolean
  /** -U leaves before +U. */
  readonly emitsUpdateBefore: boolean
  /** `row`: every input row's change leaves by itself; `batch`: those of one group together, once for each batch. */
  readonly emission: 'batch' | 'row'
  /** `final`: one row a group when the input ends. */
  readonly mode: 'streaming' | 'final'
  /** Final rows leave in the order of their keys, for something above reads arrival order. */
  readonly ordersOutput: boolean
  /** They also get places. */
  readonly givesPlaces: boolean
  /** State of a key that had no row for so long is forgotten; 0: never. */
  readonly stateTtlMs: number
  /** `global`: rows are lines of accumulators, behind the keys, that `localGroupAggregate` made. */
  readonly phase?: 'global'
  /** Makes the state; a test may give one that is slow. */
  readonly createState?: CreateState
}

/** Of a group's line, behind the header: when it was last written (only with a time to live), then the aggregates. */
const TIME_BYTES = 8
const variances: ReadonlySet<string> = new Set(['STDDEV_POP', 'STDDEV_SAMP', 'VAR_POP', 'VAR_SAMP'])
/** How many groups are looked at for each batch, whether they have ended. */
const SWEPT_GROUPS = 256
/** Every change may need two rows of output. */
const CHUNK_ROWS = BATCH_CAPACITY / 2

/**
 * GROUP BY without windows, and DISTINCT. Keeps a line of accumulators for each key and tells how its row changes: +I for a new group, -U and
 * +U when its values change, -D when its last row was taken back; a group whose values stay the same tells nothing.
 *
 * Touched groups leave in the order of their first touch.
 */
export function groupAggregate(options: GroupAggregateOptions): Operator {
  return new GroupAggregate(options)
}

class GroupAggregate implements Operator {
  readonly name = 'GroupAggregate'
  readonly stateId: string
  readonly #options: GroupAggregateOptions
  readonly #owner: ArenaOwner
  readonly #lines: AggregateLines
  readonly #state: KeyedState
  readonly #output: GroupOutput
  readonly #touched: TouchedGroups
  readonly #changes: GroupChanges
  /** What rows of a first step are merged by. */
  readonly #pairs: GroupPairs | undefined
  readonly #offset: number
  /** i32 row numbers 0, 1, 2, ... for batches without a selection. */
  readonly #rowNumbers: number
  /** How many selected rows of the batch are worked off; or, at the end, the next group. */
  #done = 0
  /** The next group of the sweep. */
  #swept = 0

  constructor(options: GroupAggregateOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, aggregates, inputRetracts, inputTypes, keys } = options
    this.#owner = owner
    const offset = GROUP_HEADER_BYTES + (options.stateTtlMs > 0 ? TIME_BYTES : 0)
    this.#offset = offset
    this.#lines = new AggregateLines(owner, aggregates, offset, inputRetracts ? 'changing' : 'appending')
    const { createState = memoryState, stateTtlMs } = options
    this.#state = createState({ owner, lineBytes: this.#lines.lineBytes, prefixBytes: 0, ttlMs: stateTtlMs })
    const keyTypes = keys.map((key) => inputTypes[key]!)
    const valueTypes = aggregates.map((call) => call.type)
    this.#output = new GroupOutput(owner, keyTypes, valueTypes, BATCH_CAPACITY)
    this.#touched = new TouchedGroups(owner, CHUNK_ROWS, 'closed')
    this.#changes = new GroupChanges(owner, this.#touched, this.#lines, this.#output)
    this.#pairs = options.phase === 'global' ? pairsOf(owner, this.#touched.rows) : undefined
    this.#rowNumbers = owner.allocate(BATCH_CAPACITY * 4)
    for (let i = 0; i < BATCH_CAPACITY; i++) owner.arena.i32[(this.#rowNumbers >>> 2) + i] = i
  }

  onBatch(_input: number, batch: Batch, out: Output): Progress {
    if (this.#done === 0) this.#sweep()
    while (this.#done < batch.selectedCount) {
      const chunk = this.#chunkOf(batch)
      const ids = this.#state.prepare(chunk, this.#options.keys)
      if (typeof ids !== 'number') return ids
      this.#state.touch(ids, chunk.selectedCount)
      this.#done += chunk.selectedCount
      if (this.#options.stateTtlMs > 0) this.#expire(chunk, ids)
      if (this.#options.mode === 'final') this.#accumulate(chunk, ids)
      else {
        const result = this.#change(chunk, ids)
        if (result.selectedCount > 0) out.push(result)
        if (out.isFull) break
      }
    }
    if (this.#done < batch.selectedCount) return 'more'
    this.#done = 0
    return 'done'
  }

  /** The next rows of a batch, as many as the output has room for. */
  #chunkOf(batch: Batch): Batch {
    const chunk = viewOf(batch)
    chunk.selection = (batch.selection === 0 ? this.#rowNumbers : batch.selection) + this.#done * 4
    chunk.selectedCount = Math.min(batch.selectedCount - this.#done, CHUNK_ROWS, this.#options.batchRows)
    return chunk
  }

  /** Takes the rows of a chunk and tells how their groups have changed: once a group, or after each row. */
  #change(chunk: Batch, ids: number): Batch {
    const { keys, emission, stateTtlMs, emitsUpdateBefore } = this.#options
    const touched = this.#touched
    const changes = this.#changes
    const output = this.#output
    output.clear()
    changes.start()
    const byRow = emission === 'row'
    const isTold = stateTtlMs > 0 || this.#movesVariance(chunk)
    const selecting = { emitsUpdateBefore, unchanged: isTold ? ('told' as const) : ('silent' as const) }
    touched.start(chunk, ids, this.#state)
    for (let from = 0, entries = 0; from < chunk.selectedCount; entries = touched.count) {
      if (byRow) touched.touchAgain()
      from = touched.take(from, byRow ? from + 1 : chunk.selectedCount)
      changes.write('before', entries, touched.count)
      this.#update(touched.rows)
      if (!byRow) continue
      changes.write('after', entries, touched.count)
      changes.select(entries, touched.count, selecting)
    }
    const entries = touched.count
    if (!byRow) {
      changes.write('after', 0, entries)
      changes.select(0, entries, selecting)
    }
    output.copyKeysTwice(chunk, keys, touched.firstRows, entries)
    changes.finish()
    const { batch, buffer } = output
    carryTime(chunk, { buffer, batch, rows: touched.firstRows, entries, rowsPerEntry: 2 })
    for (const id of changes.emptied()) if (this.#rowsOf(this.#state.line(id)) === 0) this.#state.remove(id)
    return batch
  }

  /**
   * As in Flink, where a projection above the aggregate makes variances of counts and squares: a row whose value moves these is told again, also where the variance is cut to the
   * same number.
   */
  #movesVariance(chunk: Batch): boolean {
    const { arena } = this.#owner
    for (const call of this.#options.aggregates) {
      if (!variances.has(call.name) || call.distinct || call.type.kind === 'DOUBLE' || call.type.kind === 'FLOAT') continue
      const values = chunk.columns[call.args[0]!]!
      const filter = call.filter === undefined ? undefined : chunk.columns[call.filter]!
      for (let i = 0; i < chunk.selectedCount; i++) {
        const row = arena.i32[(chunk.selection >>> 2) + i]!
        if (!values.isNull(arena, row) && (filter === undefined || readCell(arena, filter, row) === true)) return true
      }
    }
    return false
  }

  #rowsOf(line: number): number {
    return this.#owner.arena.f64[line >>> 3]!
  }

  /** Brings rows into the accumulators of their groups; the last of them may have been the last of its group. */
  #update(rows: GroupRows): void {
    if (rows.count === 0) return
    if (this.#pairs === undefined) this.#lines.update(rows)
    else this.#merge(rows, this.#pairs)
    const line = rows.lines[rows.count - 1]!
    if (this.#options.stateTtlMs > 0) {
      const now = this.#options.clock.nowMs()
      for (let i = 0; i < rows.count; i++) this.#owner.arena.f64[(rows.lines[i]! + GROUP_HEADER_BYTES) >>> 3] = now
    }
    if (this.#rowsOf(line) !== 0) return
    this.#lines.clear(rows.ids[rows.count - 1]!, line)
    this.#touched.mark(line)
  }

  /** Adds what a first step has of the rows of groups to these; of their rows one is counted already. */
  #merge({ batch, rows, count, linesAt }: GroupRows, pairs: GroupPairs): void {
    const { u32, kernels } = this.#owner.arena
    const cells = batch.columns.at(-1)!.cells >>> 2
    for (let i = 0; i < count; i++) pairs.otherLines[i] = u32[cells + rows[i]! * 2]!
    kernels.mergeCounts(linesAt, pairs.othersAt, count, 0)
    // Lines with a time to live have their accumulators further behind.
    const shift = this.#offset - GROUP_HEADER_BYTES
    for (let i = 0; i < count; i++) pairs.otherLines[i]! -= shift
    pairs.count = count
    this.#lines.mergeAll(pairs)
  }

  /** Frees groups that have ended, a few for each batch, so that keys which never come again do not stay. */
  #sweep(): void {
    const { stateTtlMs, clock } = this.#options
    if (stateTtlMs === 0) return
    const { f64 } = this.#owner.arena
    const oldest = clock.nowMs() - stateTtlMs
    for (let i = 0; i < SWEPT_GROUPS; i++) {
      const id = this.#state.next(this.#swept)
      if (id < 0) {
        this.#swept = 0
        return
      }
      this.#swept = id + 1
      const line = this.#state.line(id)
      if (f64[(line + GROUP_HEADER_BYTES) >>> 3]! > oldest) continue
      this.#lines.clear(id, line)
      this.#state.remove(id)
    }
  }

  /** State that is older than its time to live is as if it had never been. */
  #expire(chunk: Batch, ids: number): void {
    const { stateTtlMs, clock } = this.#options
    const { i32, f64 } = this.#owner.arena
    const oldest = clock.nowMs() - stateTtlMs
    for (let i = 0; i < chunk.selectedCount; i++) {
      const id = i32[(ids >>> 2) + i]!
      const line = this.#state.line(id)
      if (this.#rowsOf(line) !== 0 && f64[(line + GROUP_HEADER_BYTES) >>> 3]! <= oldest) this.#lines.clear(id, line)
    }
  }

  // --- final rows ---

  #accumulate(chunk: Batch, ids: number): void {
    this.#touched.start(chunk, ids, this.#state)
    for (let from = 0; from < chunk.selectedCount;) {
      from = this.#touched.take(from, chunk.selectedCount)
      this.#update(this.#touched.rows)
    }
  }

  onEnd(_input: number, out: Output): Progress {
    const { mode, keys } = this.#options
    if (mode === 'streaming') return 'done'
    // Without keys there is one row, also of nothing.
    if (keys.length === 0 && this.#state.count === 0) this.#state.add(new Uint8Array(0))
    this.#final ??= this.#finalGroups()
    const output = this.#output
    while (this.#done < this.#final.length) {
      if (out.isFull) return 'more'
      output.clear()
      const { batch, buffer, columns } = output
      if (this.#options.givesPlaces) batch.places = buffer.addPlaces()
      const { groups } = this.#touched
      while (batch.rowCount < output.capacity && this.#done < this.#final.length) {
        const first = batch.rowCount
        const count = Math.min(output.capacity - first, this.#final.length - this.#done, CHUNK_ROWS)
        for (let k = 0; k < count; k++) {
          const { id, place } = this.#final[this.#done++]!
          groups.ids[k] = id
          groups.lines[k] = this.#state.line(id)
          if (batch.places !== 0) this.#owner.arena.i64[batch.places / 8 + first + k] = place
        }
        output.takeKeys(this.#state, groups.ids.byteOffset, count, 0, first)
        this.#lines.writeAll(groups, columns, { buffer, from: 0, to: count, first, step: 1 })
        batch.rowCount += count
      }
      batch.selectedCount = batch.rowCount
      out.push(batch)
    }
    return 'done'
  }

  #final: readonly OrderedGroup[] | undefined

  #finalGroups(): readonly OrderedGroup[] {
    const ids = allGroups(this.#state)
    return leavingGroups(this.#owner.arena, this.#state, ids, this.#options.ordersOutput)
  }

  // --- snapshots ---

  snapshot(): OperatorSnapshot {
    assert(this.#done === 0, 'a snapshot is taken between batches')
    const { f64 } = this.#owner.arena
    const keyed = this.#state.snapshot(KEY_GROUPS, (id, sink) => {
      const line = this.#state.line(id)
      sink.f64(f64[line >>> 3]!)
      if (this.#options.stateTtlMs > 0) sink.f64(f64[(line + GROUP_HEADER_BYTES) >>> 3]!)
      this.#lines.save(id, line, sink)
    })
    return { keyed }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    const { f64 } = this.#owner.arena
    for (const { keyed } of parts) {
      for (const [keyGroup, bytes] of keyed) {
        // Without keys there is one group, and one subtask for it.
        if (this.#options.keys.length > 0 && !isMine(keyGroup)) continue
        this.#state.restore(bytes, (id, reader) => {
          const line = this.#state.line(id)
          f64[line >>> 3] = reader.f64()
          if (this.#options.stateTtlMs > 0) f64[(line + GROUP_HEADER_BYTES) >>> 3] = reader.f64()
          this.#lines.load(id, line, reader)
        })
      }
    }
  }

  stateSize(): { readonly rows: number; readonly bytes: number } {
    return { rows: this.#state.count, bytes: this.#state.usedBytes }
  }

  close(): void {
    this.#owner.close()
  }
}

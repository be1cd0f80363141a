import { assert } from '../base/assert.ts'
import type { Clock } from '../base/ports.ts'
import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import { RowKind, rowKindSign } from '../data/row-kind.ts'
import type { SqlType } from '../data/types.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import { AggregateLines } from './aggregates/aggregate-lines.ts'
import type { GroupRows } from './aggregates/accumulator.ts'
import { newGroupRows } from './aggregates/group-rows.ts'
import { viewOf } from './batch-view.ts'
import { carryTime } from './carry-time.ts'
import { cellsEqual } from './cells-equal.ts'
import { GroupOutput } from './group-output.ts'
import { type OrderedGroup, orderGroups } from './order-groups.ts'

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
  /** Makes the state; a test may give one that is slow. */
  readonly createState?: CreateState
}

/** Of a group's line: the rows that it has, then when it was last written (only with a time to live), then the aggregates. */
const COUNT_BYTES = 8
const TIME_BYTES = 8
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
  readonly #rows: GroupRows
  readonly #output: GroupOutput
  /** A part of the batch at hand, and i32 row numbers 0, 1, 2, ... for batches without a selection. */
  readonly #rowNumbers: number
  /** How many selected rows of the batch are worked off; or, at the end, the next group. */
  #done = 0
  /** Groups of the chunk by order of first touch: id, last row, whether they had a row before. */
  readonly #touched = new Int32Array(CHUNK_ROWS)
  readonly #lastRows = new Int32Array(CHUNK_ROWS)
  readonly #hadRow = new Uint8Array(CHUNK_ROWS)
  /** By group: the number of the chunk that touched it last. */
  #touchedIn = new Int32Array(1024)
  #chunk = 0

  constructor(options: GroupAggregateOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, aggregates, inputRetracts, inputTypes, keys } = options
    this.#owner = owner
    const offset = COUNT_BYTES + (options.stateTtlMs > 0 ? TIME_BYTES : 0)
    this.#lines = new AggregateLines(owner, aggregates, offset, inputRetracts ? 'changing' : 'appending')
    const { createState = memoryState, stateTtlMs } = options
    this.#state = createState({ owner, lineBytes: this.#lines.lineBytes, prefixBytes: 0, ttlMs: stateTtlMs })
    this.#rows = newGroupRows(owner, CHUNK_ROWS)
    const keyTypes = keys.map((key) => inputTypes[key]!)
    const valueTypes = aggregates.map((call) => call.type)
    this.#output = new GroupOutput(owner, keyTypes, valueTypes, BATCH_CAPACITY)
    this.#rowNumbers = owner.allocate(BATCH_CAPACITY * 4)
    for (let i = 0; i < BATCH_CAPACITY; i++) owner.arena.i32[(this.#rowNumbers >>> 2) + i] = i
  }

  onBatch(_input: number, batch: Batch, out: Output): Progress {
    while (this.#done < batch.selectedCount) {
      const chunk = this.#chunkOf(batch)
      const ids = this.#state.prepare(chunk, this.#options.keys)
      if (typeof ids !== 'number') return ids
      this.#state.touch(ids, chunk.selectedCount)
      this.#done += chunk.selectedCount
      if (this.#options.mode === 'final') this.#accumulate(chunk, ids)
      else {
        const result = this.#options.emission === 'row' ? this.#changeByRow(chunk, ids) : this.#changeByGroup(chunk, ids)
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

  // --- changes, once a chunk and group ---

  #changeByGroup(chunk: Batch, ids: number): Batch {
    const { i32, u8 } = this.#owner.arena
    const rows = this.#rows
    const output = this.#output
    output.clear()
    this.#startChunk()
    rows.batch = chunk
    rows.count = 0
    let touched = 0
    for (let i = 0; i < chunk.selectedCount; i++) {
      const row = i32[(chunk.selection >>> 2) + i]!
      const id = i32[(ids >>> 2) + i]!
      const line = this.#state.line(id)
      const sign = chunk.kinds === 0 ? 1 : rowKindSign(u8[chunk.kinds + row]!)
      this.#expire(id, line)
      if (this.#touchedIn[id] !== this.#chunk) {
        this.#touchedIn[id] = this.#chunk
        this.#touched[touched] = id
        const hadRow = this.#rowsOf(line) !== 0
        this.#hadRow[touched] = hadRow ? 1 : 0
        if (hadRow) this.#lines.write(id, line, { buffer: output.buffer, columns: output.columns, row: touched * 2 })
        output.setSource(touched * 2, row)
        output.setSource(touched * 2 + 1, row)
        this.#lastRows[touched] = row
        touched++
      }
      this.#addRow(row, id, line, sign)
    }
    this.#flush()
    output.copyKeys(chunk, this.#options.keys, touched * 2)
    for (let k = 0; k < touched; k++) this.#decide(this.#touched[k]!, k)
    return this.#emit(chunk, touched)
  }

  // --- changes, one by one ---

  #changeByRow(chunk: Batch, ids: number): Batch {
    const { i32, u8 } = this.#owner.arena
    const rows = this.#rows
    const output = this.#output
    output.clear()
    this.#startChunk()
    rows.batch = chunk
    rows.count = 0
    const count = chunk.selectedCount
    for (let i = 0; i < count; i++) {
      const row = i32[(chunk.selection >>> 2) + i]!
      output.setSource(i * 2, row)
      output.setSource(i * 2 + 1, row)
      this.#lastRows[i] = row
    }
    output.copyKeys(chunk, this.#options.keys, count * 2)
    for (let i = 0; i < count; i++) {
      const row = this.#lastRows[i]!
      const id = i32[(ids >>> 2) + i]!
      const line = this.#state.line(id)
      this.#expire(id, line)
      const hadRow = this.#rowsOf(line) !== 0
      this.#hadRow[i] = hadRow ? 1 : 0
      if (hadRow) this.#lines.write(id, line, { buffer: output.buffer, columns: output.columns, row: i * 2 })
      this.#addRow(row, id, line, chunk.kinds === 0 ? 1 : rowKindSign(u8[chunk.kinds + row]!))
      this.#flush()
      this.#touched[i] = id
      this.#decide(id, i)
    }
    return this.#emit(chunk, count)
  }

  #startChunk(): void {
    this.#chunk++
    this.#selected = 0
    const bound = this.#state.idBound
    if (bound > this.#touchedIn.length) {
      const grown = new Int32Array(Math.max(bound, this.#touchedIn.length * 2))
      grown.set(this.#touchedIn)
      this.#touchedIn = grown
    }
    this.#kinds = this.#output.buffer.addKinds()
    this.#selection = this.#output.buffer.selectionRoom() >>> 2
  }

  #rowsOf(line: number): number {
    return this.#owner.arena.f64[line >>> 3]!
  }

  /** Takes a row into its group; the aggregates follow with `flush`, at the latest when the group's last row is taken back. */
  #addRow(row: number, id: number, line: number, sign: number): void {
    const { f64 } = this.#owner.arena
    const before = f64[line >>> 3]!
    // A row is taken back that never was there.
    if (sign < 0 && before === 0) return
    const rows = this.#rows
    const i = rows.count++
    rows.rows[i] = row
    rows.ids[i] = id
    rows.lines[i] = line
    rows.signs[i] = sign
    f64[line >>> 3] = before + sign
    if (this.#options.stateTtlMs > 0) f64[(line + COUNT_BYTES) >>> 3] = this.#options.clock.nowMs()
    if (before + sign === 0) {
      this.#flush()
      this.#lines.clear(id, line)
    }
  }

  #flush(): void {
    if (this.#rows.count > 0) this.#lines.update(this.#rows)
    this.#rows.count = 0
  }

  /** State that is older than its time to live is as if it had never been. */
  #expire(id: number, line: number): void {
    const { stateTtlMs, clock } = this.#options
    if (stateTtlMs === 0 || this.#rowsOf(line) === 0) return
    if (clock.nowMs() - this.#owner.arena.f64[(line + COUNT_BYTES) >>> 3]! > stateTtlMs) this.#lines.clear(id, line)
  }

  #kinds = 0
  #selection = 0
  #selected = 0

  #select(row: number, kind: RowKind): void {
    const { u8, i32 } = this.#owner.arena
    u8[this.#kinds + row] = kind
    i32[this.#selection + this.#selected++] = row
  }

  /** Says how the row of a group has changed. Output rows 2k and 2k + 1 are what it was and what it is. */
  #decide(id: number, k: number): void {
    const { buffer, columns } = this.#output
    const line = this.#state.line(id)
    const hadRow = this.#hadRow[k] === 1
    const before = k * 2
    const after = before + 1
    if (this.#rowsOf(line) === 0) {
      if (hadRow) this.#select(before, RowKind.delete)
      return
    }
    this.#lines.write(id, line, { buffer, columns, row: after })
    if (!hadRow) {
      this.#select(after, RowKind.insert)
      return
    }
    // With a time to live Flink says an unchanged row again, so that those who keep it do not forget it.
    if (this.#options.stateTtlMs === 0 && columns.every((column) => cellsEqual(buffer.arena, column, before, after))) return
    if (this.#options.emitsUpdateBefore) this.#select(before, RowKind.updateBefore)
    this.#select(after, RowKind.updateAfter)
  }

  /** Finishes the output batch: what was selected of the rows of `entries` groups or changes. Forgets groups without rows. */
  #emit(chunk: Batch, entries: number): Batch {
    const { batch, buffer } = this.#output
    batch.rowCount = entries * 2
    batch.selection = this.#selection * 4
    batch.selectedCount = this.#selected
    batch.kinds = this.#kinds
    carryTime(chunk, { buffer, batch, rows: this.#lastRows, entries, rowsPerEntry: 2 })
    for (let k = 0; k < entries; k++) {
      const id = this.#touched[k]!
      // A chunk may name a group several times.
      if (this.#touchedIn[id] === -this.#chunk || this.#rowsOf(this.#state.line(id)) !== 0) continue
      this.#touchedIn[id] = -this.#chunk
      this.#state.remove(id)
    }
    return batch
  }

  // --- final rows ---

  #accumulate(chunk: Batch, ids: number): void {
    const { i32, u8 } = this.#owner.arena
    this.#rows.batch = chunk
    this.#rows.count = 0
    for (let i = 0; i < chunk.selectedCount; i++) {
      const row = i32[(chunk.selection >>> 2) + i]!
      const id = i32[(ids >>> 2) + i]!
      this.#addRow(row, id, this.#state.line(id), chunk.kinds === 0 ? 1 : rowKindSign(u8[chunk.kinds + row]!))
    }
    this.#flush()
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
      for (; batch.rowCount < output.capacity && this.#done < this.#final.length; this.#done++) {
        const { id, place } = this.#final[this.#done]!
        const row = batch.rowCount++
        output.writeKey(row, this.#state.keyBytes(id))
        this.#lines.write(id, this.#state.line(id), { buffer, columns, row })
        if (batch.places !== 0) this.#owner.arena.i64[batch.places / 8 + row] = place
      }
      batch.selectedCount = batch.rowCount
      out.push(batch)
    }
    return 'done'
  }

  #final: readonly OrderedGroup[] | undefined

  #finalGroups(): readonly OrderedGroup[] {
    const ids: number[] = []
    for (let id = this.#state.next(0); id >= 0; id = this.#state.next(id + 1)) ids.push(id)
    return this.#options.ordersOutput
      ? orderGroups(this.#owner.arena, ids, (id) => this.#state.keyBytes(id))
      : ids.map((id) => ({ id, place: 0n }))
  }

  // --- snapshots ---

  snapshot(): OperatorSnapshot {
    assert(this.#done === 0, 'a snapshot is taken between batches')
    const { f64 } = this.#owner.arena
    const keyed = this.#state.snapshot(KEY_GROUPS, (id, sink) => {
      const line = this.#state.line(id)
      sink.f64(f64[line >>> 3]!)
      if (this.#options.stateTtlMs > 0) sink.f64(f64[(line + COUNT_BYTES) >>> 3]!)
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
          if (this.#options.stateTtlMs > 0) f64[(line + COUNT_BYTES) >>> 3] = reader.f64()
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

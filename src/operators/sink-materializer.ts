import { userError } from '../base/errors.ts'
import type { Clock } from '../base/ports.ts'
import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { readCell } from '../data/cells.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import { decodeRow, rowBytes } from '../data/row-encoding.ts'
import { RowKind, rowKindSign } from '../data/row-kind.ts'
import { formatValue } from '../data/text.ts'
import type { SqlType } from '../data/types.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type KeyExpiry, keyExpiry } from '../state/key-expiry.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import { compareBytes } from './aggregates/compare-values.ts'
import { ChangeQueue } from './change-queue.ts'

export interface SinkMaterializerOptions {
  readonly id: string
  readonly owner: ArenaOwner
  readonly clock: Clock
  readonly types: readonly SqlType[]
  /** The primary key of the table. */
  readonly keys: readonly number[]
  /** By which columns changes find their row; without it by all. */
  readonly rowKey?: readonly number[]
  /** `last`: at once, the row that came last; `first` and `error`: when the watermark passes, the first row, or an error where there are two. */
  readonly keeps: 'last' | 'first' | 'error'
  /** Rows of a key that had no change for so long are forgotten; 0: never. */
  readonly stateTtlMs: number
  readonly createState?: CreateState
}

interface Row {
  readonly bytes: Uint8Array
  /** What tells it from others: its bytes, or those of its key. */
  readonly key: Uint8Array
}

interface Group {
  /** `last`: the rows that are there, the last one last. Else the row that was told, alone. */
  rows: Row[]
  /** Changes since the watermark last passed, in order. */
  pending: { readonly sign: number; readonly row: Row }[]
}

/** Queued changes after which the queue is sent. */
const QUEUE_ROWS = 1024

/**
 * Makes changes that are keyed by something else ready for a table with a primary key, of which several rows of the query may claim the same one.
 *
 * `last` keeps all of them: the one that came last is shown (+I, then +U), and when it goes the one before it is shown again, or -D is told. `first` and `error` wait for the watermark,
 * so that changes which only seem to meet are settled: then one row is told, and a second one is left out or ends the job.
 */
export function sinkMaterializer(options: SinkMaterializerOptions): Operator {
  return new SinkMaterializer(options)
}

class SinkMaterializer implements Operator {
  readonly name = 'SinkUpsertMaterializer'
  readonly stateId: string
  readonly #options: SinkMaterializerOptions
  readonly #state: KeyedState
  readonly #expiry: KeyExpiry | undefined
  readonly #groups: (Group | undefined)[] = []
  readonly #queue: ChangeQueue
  readonly #nothing: Batch
  /** Groups with pending changes, in the order of their first one, and the watermark of those. */
  readonly #waiting = new Set<number>()
  /** Groups that may have no rows any more. */
  readonly #settled = new Set<number>()
  #watermark = Number.NEGATIVE_INFINITY
  #done = 0

  constructor(options: SinkMaterializerOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, types, clock, stateTtlMs, createState = memoryState } = options
    this.#state = createState({ owner, lineBytes: 0, prefixBytes: 0, ttlMs: 0 })
    this.#expiry = keyExpiry(this.#state, clock, stateTtlMs)
    this.#queue = new ChangeQueue({ owner, types, addedTypes: [], mode: 'changing', changesPerRow: Number.MAX_SAFE_INTEGER })
    this.#nothing = new BatchBuffer(owner, [], 8).batch
  }

  onBatch(_input: number, batch: Batch, out: Output): Progress {
    const { keys, keeps, owner } = this.#options
    const { i32, i64, u8 } = owner.arena
    if (this.#done === 0) this.#forgetSilent()
    const ids = this.#state.prepare(batch, keys)
    if (typeof ids !== 'number') return ids
    this.#state.touch(ids, batch.selectedCount)
    if (this.#done === 0) this.#expiry?.write(i32, ids, batch.selectedCount)
    for (;;) {
      if (!this.#queue.flush(batch, out)) return 'more'
      if (this.#done === batch.selectedCount) break
      while (this.#done < batch.selectedCount && this.#queue.size < QUEUE_ROWS) {
        const row = batch.selection === 0 ? this.#done : i32[(batch.selection >>> 2) + this.#done]!
        const id = i32[(ids >>> 2) + this.#done]!
        const watermark =
          batch.rowWatermarks === 0 ? batch.watermark : Math.max(batch.watermark, Number(i64[batch.rowWatermarks / 8 + row]!))
        this.#done++
        const sign = batch.kinds === 0 ? 1 : rowKindSign(u8[batch.kinds + row]!)
        if (keeps !== 'last' && watermark > this.#watermark) this.#settleAll(watermark, row)
        const group = this.#groupOf(id)
        const change = { sign, row: this.#rowOf(batch, row) }
        if (keeps === 'last') this.#changeAtOnce(group, change, row)
        else {
          group.pending.push(change)
          this.#waiting.add(id)
        }
      }
    }
    this.#done = 0
    for (let i = 0; i < batch.selectedCount; i++) this.#settled.add(i32[(ids >>> 2) + i]!)
    this.#forgetEmpty()
    return 'done'
  }

  onWatermark(time: number, out: Output): Progress {
    if (this.#options.keeps === 'last') return 'done'
    if (!this.#queue.flush(this.#nothing, out)) return 'more'
    if (time > this.#watermark) {
      const prepared = this.#state.prepareGroups([...this.#waiting])
      if (prepared !== true) return prepared
      this.#nothing.watermark = time
      this.#settleAll(time, 0)
      this.#forgetEmpty()
    }
    return this.#queue.flush(this.#nothing, out) ? 'done' : 'more'
  }

  #groupOf(id: number): Group {
    return (this.#groups[id] ??= { rows: [], pending: [] })
  }

  #rowOf(batch: Batch, row: number): Row {
    const { owner, types, rowKey } = this.#options
    const values = batch.columns.map((column) => readCell(owner.arena, column, row))
    const bytes = rowBytes(types, values)
    if (rowKey === undefined) return { bytes, key: bytes }
    const keyTypes = rowKey.map((column) => types[column]!)
    return {
      bytes,
      key: rowBytes(
        keyTypes,
        rowKey.map((column) => values[column]!),
      ),
    }
  }

  // --- the last row, at once ---

  #changeAtOnce({ rows }: Group, { sign, row }: { readonly sign: number; readonly row: Row }, source: number): void {
    if (sign > 0) {
      this.#queue.add(rows.length === 0 ? RowKind.insert : RowKind.updateAfter, row.bytes, source)
      put(rows, row)
      return
    }
    const at = placeOf(rows, row)
    if (at < 0) return
    const [gone] = rows.splice(at, 1)
    const last = rows.at(-1)
    if (last === undefined) this.#queue.add(RowKind.delete, gone!.bytes, source)
    else if (at === rows.length) this.#queue.add(RowKind.updateAfter, last.bytes, source)
  }

  // --- the first row, when the watermark passes ---

  /** Tells what the changes before a watermark have led to. */
  #settleAll(watermark: number, source: number): void {
    this.#watermark = watermark
    for (const id of this.#waiting) {
      this.#settle(this.#groups[id]!, source)
      this.#settled.add(id)
    }
    this.#waiting.clear()
  }

  #settle(group: Group, source: number): void {
    const [before] = group.rows
    const rows = [...group.rows]
    for (const { sign, row } of group.pending) {
      const at = sign > 0 ? -1 : placeOf(rows, row)
      if (sign > 0) put(rows, row)
      else if (at >= 0) rows.splice(at, 1)
    }
    group.pending = []
    const [first] = rows
    if (rows.length > 1) {
      if (this.#options.keeps === 'error') throw this.#conflict(first!)
      if (before !== undefined) return
    }
    if (first === undefined) {
      if (before !== undefined) this.#queue.add(RowKind.delete, before.bytes, source)
      group.rows = []
      return
    }
    if (before === undefined) this.#queue.add(RowKind.insert, first.bytes, source)
    else if (compareBytes(before.bytes, first.bytes) !== 0) this.#queue.add(RowKind.updateAfter, first.bytes, source)
    group.rows = [first]
  }

  #conflict({ bytes }: Row): Error {
    const { types, keys } = this.#options
    const values = decodeRow(types, bytes)
    const key = keys.map((column) => formatValue(types[column]!, values[column]!)).join(', ')
    return userError(
      'data/key-conflict',
      `Cannot write two rows with the primary key (${key}): ON CONFLICT DO ERROR wants one; DO NOTHING keeps the first, DO DEDUPLICATE the last`,
    )
  }

  /** Forgets keys whose time to live is over, unless changes of them wait for the watermark. */
  #forgetSilent(): void {
    const waiting: number[] = []
    for (const id of this.#expiry?.sweep() ?? []) {
      if (this.#waiting.has(id)) waiting.push(id)
      else {
        this.#groups[id] = undefined
        this.#state.remove(id)
      }
    }
    for (const id of waiting) this.#expiry?.renew(id)
  }

  /** Ids of a batch hold until its end, so groups without rows go then. */
  #forgetEmpty(): void {
    for (const id of this.#settled) {
      const group = this.#groups[id]
      if (group === undefined || group.rows.length > 0 || group.pending.length > 0) continue
      this.#groups[id] = undefined
      this.#state.remove(id)
    }
    this.#settled.clear()
  }

  // --- snapshots ---

  snapshot(): OperatorSnapshot {
    return {
      keyed: this.#state.snapshot(KEY_GROUPS, (id, sink) => {
        const { rows, pending } = this.#groups[id]!
        this.#expiry?.save(id, sink)
        sink.f64(this.#watermark)
        sink.varint(rows.length)
        for (const row of rows) sink.prefixed(row.bytes)
        sink.varint(pending.length)
        for (const { sign, row } of pending) {
          sink.f64(sign)
          sink.prefixed(row.bytes)
        }
      }),
    }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    for (const { keyed } of parts) {
      for (const [keyGroup, saved] of keyed) {
        if (!isMine(keyGroup)) continue
        this.#state.restore(saved, (id, reader) => {
          this.#expiry?.load(id, reader)
          this.#watermark = Math.max(this.#watermark, reader.f64())
          const readRow = (): Row => this.#restoredRow(reader.raw(reader.varint()))
          const rows = Array.from({ length: reader.varint() }, readRow)
          const pending = Array.from({ length: reader.varint() }, () => ({ sign: reader.f64(), row: readRow() }))
          this.#groups[id] = { rows, pending }
          if (pending.length > 0) this.#waiting.add(id)
        })
      }
    }
  }

  #restoredRow(bytes: Uint8Array): Row {
    const { types, rowKey } = this.#options
    if (rowKey === undefined) return { bytes, key: bytes }
    const values = decodeRow(types, bytes)
    const keyTypes = rowKey.map((column) => types[column]!)
    return {
      bytes,
      key: rowBytes(
        keyTypes,
        rowKey.map((column) => values[column]!),
      ),
    }
  }

  stateSize(): { readonly rows: number; readonly bytes: number } {
    let rows = 0
    for (const group of this.#groups) rows += group === undefined ? 0 : group.rows.length + group.pending.length
    return { rows, bytes: this.#state.usedBytes }
  }

  close(): void {
    this.#options.owner.close()
  }
}

/** Puts a row in place of the one with its key, or behind all. */
function put(rows: Row[], row: Row): void {
  // Rows without a key of their own are told apart by all their columns: an equal one is another row.
  const at = row.key === row.bytes ? -1 : placeOf(rows, row)
  if (at < 0) rows.push(row)
  else rows[at] = row
}

function placeOf(rows: readonly Row[], row: Row): number {
  return rows.findIndex((other) => compareBytes(other.key, row.key) === 0)
}

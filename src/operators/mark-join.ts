import { assert } from '../base/assert.ts'
import type { Clock } from '../base/ports.ts'
import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import type { ByteReader, ByteSink } from '../data/byte-sink.ts'
import { readCell, writeCell } from '../data/cells.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import { decodeRow, rowBytes } from '../data/row-encoding.ts'
import { RowKind, rowKindSign } from '../data/row-kind.ts'
import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import { NO_WATERMARK } from '../data/watermark.ts'
import type { Evaluator } from '../expr/interpret.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type KeyExpiry, keyExpiry } from '../state/key-expiry.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import { allGroups, leavingGroups } from './order-groups.ts'

export interface MarkJoinOptions {
  readonly id: string
  readonly owner: ArenaOwner
  readonly inputTypes: readonly [left: readonly SqlType[], right: readonly SqlType[]]
  /** Of the output: the left columns and the mark. */
  readonly types: readonly SqlType[]
  /** By side, in pairs of equal types; none: every row meets every other. */
  readonly keys: readonly [left: readonly number[], right: readonly number[]]
  /** By key: whether NULL matches NULL. */
  readonly nullSafe: readonly boolean[]
  /** Over the columns of both sides: which of the right rows with equal keys count for a left row. */
  readonly condition: Evaluator | undefined
  /** Over the columns of both sides: what is asked of the rows that count; absent: whether there are any. */
  readonly mark: Evaluator | undefined
  /** By side, in pairs of one type: the mark asks just whether all of these are equal, so rows without NULL there find each other by them. Else empty. */
  readonly equal: readonly [left: readonly number[], right: readonly number[]]
  /** By side: whether it also takes rows back. */
  readonly retracts: readonly [left: boolean, right: boolean]
  readonly clock: Clock
  /** How long rows of a key and side stay that has no more of them; 0: for ever. */
  readonly stateTtlMs: number
  /** `final`: rows leave when the inputs have ended. */
  readonly mode: 'streaming' | 'final'
  /** Final rows leave in an order that does not depend on the subtasks, for something above reads it. */
  readonly ordersOutput: boolean
  /** Rows get places. */
  readonly givesPlaces: boolean
  /** Makes the state; a test may give one that is slow. */
  readonly createState?: CreateState
}

const OUTPUT_ROWS = 1024
/** Places that rows made from one row have at most; those behind share the last one. */
const PLACES_PER_ROW = 4096

interface RightRow {
  readonly values: readonly SqlValue[]
  readonly bytes: string
}

interface LeftRow extends RightRow {
  /** Right rows that count and for which the mark is TRUE, and those for which it is UNKNOWN. */
  holds: number
  unknowns: number
}

/** The bucket of rows that may be UNKNOWN to any other. */
const OPEN = ''

/** The rows of one side of a group, in buckets: those of two buckets that are not OPEN are FALSE to each other. */
class Side<T extends RightRow> {
  readonly #buckets = new Map<string, T[]>()
  count = 0

  add(bucket: string, row: T): void {
    this.count++
    const rows = this.#buckets.get(bucket)
    if (rows === undefined) this.#buckets.set(bucket, [row])
    else rows.push(row)
  }

  /** Removes the latest row with these bytes; undefined when there is none. */
  take(bucket: string, bytes: string): T | undefined {
    const rows = this.#buckets.get(bucket)
    const index = rows === undefined ? -1 : rows.findLastIndex((row) => row.bytes === bytes)
    if (rows === undefined || index < 0) return undefined
    this.count--
    if (rows.length === 1) this.#buckets.delete(bucket)
    return rows.splice(index, 1)[0]
  }

  clear(): void {
    this.#buckets.clear()
    this.count = 0
  }

  /** The rows that are not FALSE at once to those of a bucket of the other side. */
  facing(bucket: string): readonly T[] {
    if (bucket === OPEN) return this.all()
    const [equal, open] = [this.#buckets.get(bucket), this.#buckets.get(OPEN)]
    if (equal === undefined || open === undefined) return equal ?? open ?? []
    return [...equal, ...open]
  }

  all(): readonly T[] {
    if (this.#buckets.size === 1) for (const rows of this.#buckets.values()) return rows
    return [...this.#buckets.values()].flat()
  }
}

interface Group {
  readonly left: Side<LeftRow>
  readonly right: Side<RightRow>
}

/**
 * Puts behind every left row whether `mark` is TRUE for some right row: that is `x IN (SELECT ..)`, EXISTS and `x > ANY (SELECT ..)` as a value. It is
 * UNKNOWN when it is TRUE for none and UNKNOWN for some, and FALSE without right rows.
 *
 * ```
 * left  1 NULL 3, right 1 NULL, mark left = right:   (1, TRUE) (NULL, NULL) (3, NULL)
 * left  1 NULL 3, right 1,      mark left = right:   (1, TRUE) (NULL, NULL) (3, FALSE)
 * ```
 *
 * Every left row keeps how many right rows say TRUE and how many say UNKNOWN, so a right row that comes or goes changes exactly the left rows whose
 * answer changes: -U and +U. Where the mark is an equality, rows without NULL meet their equals and the rows with NULL only, found by a hash; else every row meets every
 * other of its key. Results carry no watermark.
 */
export function markJoin(options: MarkJoinOptions): Operator {
  return new MarkJoin(options)
}

class MarkJoin implements Operator {
  readonly name = 'MarkJoin'
  readonly stateId: string
  readonly #options: MarkJoinOptions
  readonly #owner: ArenaOwner
  readonly #state: KeyedState
  readonly #groups: (Group | undefined)[] = []
  readonly #expiries: readonly [KeyExpiry | undefined, KeyExpiry | undefined]
  readonly #output: BatchBuffer
  /** The values of a pair, for the condition and the mark. */
  readonly #pair: SqlValue[]
  /** One code unit a byte. */
  readonly #decoder = new TextDecoder('latin1')

  // Where it stopped: the row of the batch, whether that has begun, the next left row.
  #done = 0
  #hasBegun = false
  #next = 0
  #emitted = 0
  #values: readonly SqlValue[] = []
  #matchesNothing = false
  /** A right row that goes is out of its group already, when it goes on behind a full output. */
  #isTaken = false

  constructor(options: MarkJoinOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, inputTypes, createState = memoryState } = options
    this.#owner = owner
    this.#state = createState({ owner, lineBytes: 0, prefixBytes: 0, ttlMs: 0 })
    const { clock, stateTtlMs } = options
    this.#expiries = [keyExpiry(this.#state, clock, stateTtlMs), keyExpiry(this.#state, clock, stateTtlMs)]
    this.#output = new BatchBuffer(owner, options.types, OUTPUT_ROWS)
    this.#pair = new Array<SqlValue>(inputTypes[0].length + inputTypes[1].length).fill(null)
  }

  onBatch(input: number, batch: Batch, out: Output): Progress {
    assert(input === 0 || input === 1, 'a join has two inputs')
    const isNew = this.#done === 0 && !this.#hasBegun
    if (isNew) this.#expire()
    const ids = this.#state.prepare(batch, this.#options.keys[input])
    if (typeof ids !== 'number') return ids
    this.#state.touch(ids, batch.selectedCount)
    if (isNew) this.#expiries[input]?.write(this.#owner.arena.i32, ids, batch.selectedCount)
    while (this.#done < batch.selectedCount) {
      if (out.isFull) return 'more'
      this.#clear()
      while (this.#done < batch.selectedCount && this.#change(input, batch, ids)) this.#done++
      this.#push(out)
    }
    this.#done = 0
    this.#forget(ids, batch.selectedCount)
    return 'done'
  }

  /** Forgets the rows of keys that had none for too long. Answers that they were part of stay. */
  #expire(): void {
    for (const side of [0, 1] as const) {
      for (const id of this.#expiries[side]?.sweep() ?? []) {
        const group = this.#groups[id]
        if (group === undefined) continue
        group[side === 0 ? 'left' : 'right'].clear()
        if (group.left.count + group.right.count > 0) continue
        this.#groups[id] = undefined
        this.#state.remove(id)
      }
    }
  }

  /** One row of the batch; false when the output has no room for all that it changes. */
  #change(side: 0 | 1, batch: Batch, ids: number): boolean {
    const { i32, u8, i64 } = this.#owner.arena
    const at = batch.selection === 0 ? this.#done : i32[(batch.selection >>> 2) + this.#done]!
    const id = i32[(ids >>> 2) + this.#done]!
    const kind = (batch.kinds === 0 ? RowKind.insert : u8[batch.kinds + at]!) as RowKind
    const place = batch.places === 0 ? 0n : i64[batch.places / 8 + at]!
    if (!this.#hasBegun) this.#begin(side, batch, at)
    if (this.#output.batch.rowCount + 1 > OUTPUT_ROWS) return false
    if (side === 0) this.#changeLeft(id, kind, place)
    else if (!this.#matchesNothing && !this.#changeRight(id, kind, place)) return false
    this.#hasBegun = false
    return true
  }

  #begin(side: 0 | 1, batch: Batch, at: number): void {
    const { arena } = this.#owner
    this.#values = batch.columns.map((column) => readCell(arena, column, at))
    const { keys, nullSafe } = this.#options
    this.#matchesNothing = keys[side].some((key, i) => this.#values[key] === null && nullSafe[i] !== true)
    this.#next = 0
    this.#emitted = 0
    this.#isTaken = false
    this.#hasBegun = true
  }

  #groupOf(id: number): Group {
    return (this.#groups[id] ??= { left: new Side(), right: new Side() })
  }

  // --- left rows ---

  #changeLeft(id: number, kind: RowKind, place: bigint): void {
    const values = this.#values
    const isAdded = rowKindSign(kind) > 0
    if (this.#matchesNothing) {
      this.#emit(kind, values, false, place)
      return
    }
    const bucket = this.#bucketOf(0, values)
    const bytes = this.#options.retracts[0] ? this.#bytesOf(0, values) : ''
    if (!isAdded) {
      const row = this.#groups[id]?.left.take(bucket, bytes)
      if (row !== undefined) this.#emit(kind, values, markOf(row), place)
      return
    }
    const row: LeftRow = { values, bytes, holds: 0, unknowns: 0 }
    const { left, right } = this.#groupOf(id)
    this.#setPair(0, values)
    for (const other of right.facing(bucket)) {
      this.#setPair(1, other.values)
      count(row, this.#answer(), 1)
    }
    left.add(bucket, row)
    if (this.#options.mode === 'streaming') this.#emit(kind, values, markOf(row), place)
  }

  // --- right rows ---

  /** False when the output is full before all left rows have heard of the right row. */
  #changeRight(id: number, kind: RowKind, place: bigint): boolean {
    const sign = rowKindSign(kind)
    const { left, right } = this.#groupOf(id)
    const values = this.#values
    const bucket = this.#bucketOf(1, values)
    const bytes = this.#options.retracts[1] ? this.#bytesOf(1, values) : ''
    if (!this.#isTaken && sign < 0 && right.take(bucket, bytes) === undefined) return true
    this.#isTaken = true
    this.#setPair(1, values)
    const isStreaming = this.#options.mode === 'streaming'
    const facing = left.facing(bucket)
    for (; this.#next < facing.length; this.#next++) {
      if (this.#output.batch.rowCount + 2 > OUTPUT_ROWS) return false
      const row = facing[this.#next]!
      this.#setPair(0, row.values)
      const before = markOf(row)
      count(row, this.#answer(), sign)
      const after = markOf(row)
      if (!isStreaming || before === after) continue
      this.#emit(RowKind.updateBefore, row.values, before, place)
      this.#emit(RowKind.updateAfter, row.values, after, place)
    }
    if (sign > 0) right.add(bucket, { values, bytes })
    return true
  }

  /** Whether the pair's right row says TRUE, FALSE or UNKNOWN; FALSE where it does not count. */
  #answer(): boolean | null {
    const { condition, mark } = this.#options
    if (condition !== undefined && condition(this.#pair) !== true) return false
    return mark === undefined ? true : (mark(this.#pair) as boolean | null)
  }

  #setPair(side: 0 | 1, values: readonly SqlValue[]): void {
    const from = side === 0 ? 0 : this.#options.inputTypes[0].length
    for (let i = 0; i < values.length; i++) this.#pair[from + i] = values[i]!
  }

  #bytesOf(side: 0 | 1, values: readonly SqlValue[]): string {
    return this.#decoder.decode(rowBytes(this.#options.inputTypes[side], values))
  }

  #bucketOf(side: 0 | 1, values: readonly SqlValue[]): string {
    const columns = this.#options.equal[side]
    if (columns.length === 0) return OPEN
    const compared = columns.map((column) => values[column]!)
    if (compared.some((value) => value === null)) return OPEN
    const types = columns.map((column) => this.#options.inputTypes[side][column]!)
    return this.#decoder.decode(rowBytes(types, compared))
  }

  // --- output ---

  #kinds = 0
  #places = 0

  #clear(): void {
    this.#output.clear()
    this.#kinds = this.#options.mode === 'streaming' ? this.#output.addKinds() : 0
    this.#places = this.#options.givesPlaces ? this.#output.addPlaces() / 8 : 0
  }

  #emit(kind: RowKind, left: readonly SqlValue[], mark: boolean | null, place: bigint): void {
    const output = this.#output
    const { batch, arena } = output
    const row = batch.rowCount++
    if (this.#kinds !== 0) arena.u8[this.#kinds + row] = kind
    if (this.#places !== 0) {
      arena.i64[this.#places + row] = place * BigInt(PLACES_PER_ROW) + BigInt(Math.min(this.#emitted, PLACES_PER_ROW - 1))
      this.#emitted++
    }
    for (let i = 0; i < left.length; i++) writeCell(output, batch.columns[i]!, row, left[i]!)
    writeCell(output, batch.columns[left.length]!, row, mark)
  }

  #push(out: Output): void {
    const { batch } = this.#output
    batch.selectedCount = batch.rowCount
    batch.watermark = NO_WATERMARK
    if (batch.rowCount > 0) out.push(batch)
  }

  /** Forgets the keys without rows among those of a batch. */
  #forget(ids: number, rowCount: number): void {
    const { i32 } = this.#owner.arena
    const gone = new Set<number>()
    for (let i = 0; i < rowCount; i++) {
      const id = i32[(ids >>> 2) + i]!
      const group = this.#groups[id]
      if (group === undefined || group.left.count + group.right.count === 0) gone.add(id)
    }
    for (const id of gone) {
      this.#groups[id] = undefined
      this.#state.remove(id)
    }
  }

  // --- final rows ---

  #final: readonly { readonly row: LeftRow; readonly place: bigint }[] | undefined

  onEnd(_input: number, out: Output): Progress {
    if (this.#options.mode === 'streaming') return 'done'
    this.#final ??= this.#finalRows()
    while (this.#done < this.#final.length) {
      if (out.isFull) return 'more'
      this.#clear()
      for (; this.#done < this.#final.length && this.#output.batch.rowCount < OUTPUT_ROWS; this.#done++) {
        const { row, place } = this.#final[this.#done]!
        this.#emit(RowKind.insert, row.values, markOf(row), 0n)
        if (this.#places !== 0) this.#owner.arena.i64[this.#places + this.#output.batch.rowCount - 1] = place
      }
      this.#push(out)
    }
    return 'done'
  }

  #finalRows(): readonly { readonly row: LeftRow; readonly place: bigint }[] {
    const ids = allGroups(this.#state)
    const groups = leavingGroups(this.#owner.arena, this.#state, ids, this.#options.ordersOutput)
    return groups.flatMap(({ id, place }) => (this.#groups[id]?.left.all() ?? []).map((row) => ({ row, place })))
  }

  // --- snapshots ---

  snapshot(): OperatorSnapshot {
    assert(this.#done === 0 && !this.#hasBegun, 'a snapshot is taken between batches')
    return { keyed: this.#state.snapshot(KEY_GROUPS, (id, sink) => this.#save(id, sink)) }
  }

  #save(id: number, sink: ByteSink): void {
    const { inputTypes } = this.#options
    const { left, right } = this.#groupOf(id)
    for (const expiry of this.#expiries) expiry?.save(id, sink)
    sink.varint(left.count)
    for (const { values, holds, unknowns } of left.all()) {
      sink.prefixed(rowBytes(inputTypes[0], values))
      sink.varint(holds)
      sink.varint(unknowns)
    }
    sink.varint(right.count)
    for (const { values } of right.all()) sink.prefixed(rowBytes(inputTypes[1], values))
  }

  #load(id: number, reader: ByteReader): void {
    const { retracts, inputTypes } = this.#options
    const row = (side: 0 | 1): RightRow => {
      const values = decodeRow(inputTypes[side], reader.raw(reader.varint()))
      return { values, bytes: retracts[side] ? this.#bytesOf(side, values) : '' }
    }
    const { left, right } = this.#groupOf(id)
    for (const expiry of this.#expiries) expiry?.load(id, reader)
    for (let rest = reader.varint(); rest > 0; rest--) {
      const { values, bytes } = row(0)
      left.add(this.#bucketOf(0, values), { values, bytes, holds: reader.varint(), unknowns: reader.varint() })
    }
    for (let rest = reader.varint(); rest > 0; rest--) {
      const added = row(1)
      right.add(this.#bucketOf(1, added.values), added)
    }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    for (const { keyed } of parts) {
      for (const [keyGroup, bytes] of keyed) {
        // Without keys there is one group, and one subtask for it.
        if (this.#options.keys[0].length > 0 && !isMine(keyGroup)) continue
        this.#state.restore(bytes, (id, reader) => this.#load(id, reader))
      }
    }
  }

  stateSize(): { readonly rows: number; readonly bytes: number } {
    const rows = this.#groups.reduce((total, group) => total + (group === undefined ? 0 : group.left.count + group.right.count), 0)
    return { rows, bytes: this.#state.usedBytes }
  }

  close(): void {
    this.#owner.close()
  }
}

function markOf({ holds, unknowns }: LeftRow): boolean | null {
  return holds > 0 ? true : unknowns > 0 ? null : false
}

function count(row: LeftRow, answer: boolean | null, by: number): void {
  if (answer === true) row.holds += by
  else if (answer === null) row.unknowns += by
}

import { assert } from '../base/assert.ts'
import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { readCell, writeCell } from '../data/cells.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import { RowKind, rowKindSign } from '../data/row-kind.ts'
import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import { NO_WATERMARK } from '../data/watermark.ts'
import type { Evaluator } from '../expr/interpret.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import { type JoinRow, JoinRows } from './join-rows.ts'
import { orderGroups } from './order-groups.ts'

/** Which rows are shown without a match, or as a left row alone. */
export type JoinKind = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti'

export interface JoinOptions {
  readonly id: string
  readonly owner: ArenaOwner
  readonly joinType: JoinKind
  readonly inputTypes: readonly [left: readonly SqlType[], right: readonly SqlType[]]
  /** Of the output: the left columns, then the right ones unless it is a semi or anti join. */
  readonly types: readonly SqlType[]
  /** By side, in pairs of equal types; none: every row meets every other. */
  readonly keys: readonly [left: readonly number[], right: readonly number[]]
  /** By key: whether NULL matches NULL. */
  readonly nullSafe: readonly boolean[]
  /** Over the columns of both sides: which of the rows with equal keys match. */
  readonly condition: Evaluator | undefined
  /** By side: whether it also takes rows back. */
  readonly retracts: readonly [left: boolean, right: boolean]
  readonly emitsKinds: boolean
  /** `final`: rows without a match leave when the inputs have ended. */
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

/**
 * Joins two inputs that change. Both sides are kept by key; a row that comes meets the rows that the other side has at that moment.
 *
 * ```
 * + row of a side that may be padded: without a match +I[row, NULLs]
 * + row that is the first match of a padded row: -D[NULLs, other], then +I[row, other]
 * - row: what it had shown is taken back; a row that loses its last match is padded again
 * ```
 *
 * Every row keeps the number of its matches where that decides. Kinds of an inner join's rows are those of the row that caused them. NULL keys match nothing,
 * so their rows need no state. Results carry no watermark: a join has no event time.
 */
export function join(options: JoinOptions): Operator {
  return new Join(options)
}

class Join implements Operator {
  readonly name = 'Join'
  readonly stateId: string
  readonly #options: JoinOptions
  readonly #owner: ArenaOwner
  readonly #state: KeyedState
  readonly #sides: readonly [JoinRows, JoinRows]
  readonly #output: BatchBuffer
  /** By side: whether its rows are shown without a match, alone or padded. */
  readonly #showsAlone: readonly [boolean, boolean]
  readonly #isHalf: boolean
  /** The values of a pair, for the condition. */
  readonly #pair: SqlValue[]

  // Where it stopped: the row of the batch, whether that has begun, the next row of the other side.
  #done = 0
  #hasBegun = false
  #next = 0
  #matches = 0
  #emitted = 0
  #values: readonly SqlValue[] = []

  constructor(options: JoinOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, joinType, inputTypes, retracts, createState = memoryState } = options
    this.#owner = owner
    this.#state = createState({ owner, lineBytes: 0, prefixBytes: 0, ttlMs: 0 })
    this.#sides = [new JoinRows(inputTypes[0], retracts[0]), new JoinRows(inputTypes[1], retracts[1])]
    this.#output = new BatchBuffer(owner, options.types, OUTPUT_ROWS)
    this.#isHalf = joinType === 'semi' || joinType === 'anti'
    this.#showsAlone = [joinType === 'left' || joinType === 'full' || joinType === 'anti', joinType === 'right' || joinType === 'full']
    this.#pair = new Array<SqlValue>(inputTypes[0].length + inputTypes[1].length).fill(null)
  }

  onBatch(input: number, batch: Batch, out: Output): Progress {
    assert(input === 0 || input === 1, 'a join has two inputs')
    const ids = this.#state.prepare(batch, this.#options.keys[input])
    if (typeof ids !== 'number') return ids
    this.#state.touch(ids, batch.selectedCount)
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

  /** One row of the batch; false when the output has no room for all that it changes. */
  #change(side: 0 | 1, batch: Batch, ids: number): boolean {
    const { i32, u8 } = this.#owner.arena
    const at = batch.selection === 0 ? this.#done : i32[(batch.selection >>> 2) + this.#done]!
    const id = i32[(ids >>> 2) + this.#done]!
    const kind = (batch.kinds === 0 ? RowKind.insert : u8[batch.kinds + at]!) as RowKind
    const isAdded = rowKindSign(kind) > 0
    const own = this.#sides[side]
    if (!this.#hasBegun) {
      if (!this.#begin(side, batch, at, id, isAdded)) return true
    }
    const place = batch.places === 0 ? 0n : this.#owner.arena.i64[batch.places / 8 + at]!
    const others = this.#matchesNothing ? undefined : this.#sides[1 - side]!.of(id)
    if (others !== undefined && !this.#meet(side, others, kind, place)) return false
    if (this.#output.batch.rowCount + 1 > OUTPUT_ROWS) return false
    this.#finish(side, kind, place)
    if (isAdded && !this.#matchesNothing) own.add(id, this.#values, this.#matches)
    this.#hasBegun = false
    return true
  }

  #matchesNothing = false

  /** Reads the row, and takes it out of the state if it is taken back; false when it was never there. */
  #begin(side: 0 | 1, batch: Batch, at: number, id: number, isAdded: boolean): boolean {
    const { arena } = this.#owner
    this.#values = batch.columns.map((column) => readCell(arena, column, at))
    const { keys, nullSafe } = this.#options
    this.#matchesNothing = keys[side].some((key, i) => this.#values[key] === null && nullSafe[i] !== true)
    if (!isAdded && !this.#matchesNothing && !this.#sides[side].remove(id, this.#values)) return false
    this.#next = 0
    this.#matches = 0
    this.#emitted = 0
    this.#hasBegun = true
    return true
  }

  /** Meets the rows of the other side from where it stopped on; false when the output is full. */
  #meet(side: 0 | 1, others: readonly JoinRow[], kind: RowKind, place: bigint): boolean {
    const { condition } = this.#options
    if (condition !== undefined) this.#setPair(side, this.#values)
    for (; this.#next < others.length; this.#next++) {
      const other = others[this.#next]!
      if (condition !== undefined) {
        this.#setPair(1 - side, other.values)
        if (condition(this.#pair) !== true) continue
      }
      if (this.#output.batch.rowCount + 2 > OUTPUT_ROWS) return false
      this.#matches++
      if (this.#isHalf) this.#meetHalf(side, other, kind, place)
      else this.#meetFull(side, other, kind, place)
    }
    return true
  }

  #meetFull(side: 0 | 1, other: JoinRow, kind: RowKind, place: bigint): void {
    const padsOther = this.#showsAlone[1 - side]!
    const isStreaming = this.#options.mode === 'streaming'
    const isOuter = this.#showsAlone[0] || this.#showsAlone[1]
    const left = side === 0 ? this.#values : other.values
    const right = side === 0 ? other.values : this.#values
    const padded = this.#paddedRow(1 - side, other.values)
    if (rowKindSign(kind) > 0) {
      if (padsOther && other.matches === 0 && isStreaming) this.#emit(RowKind.delete, padded[0], padded[1], place)
      other.matches++
      this.#emit(isOuter ? RowKind.insert : kind, left, right, place)
      return
    }
    other.matches--
    this.#emit(this.#showsAlone[side] ? RowKind.delete : kind, left, right, place)
    if (padsOther && other.matches === 0) this.#emit(RowKind.insert, padded[0], padded[1], place)
  }

  /** Of a semi or anti join only a row of the right side changes what is shown of others. */
  #meetHalf(side: 0 | 1, other: JoinRow, kind: RowKind, place: bigint): void {
    const isAnti = this.#options.joinType === 'anti'
    if (rowKindSign(kind) > 0) {
      if (side === 1 && other.matches === 0) {
        if (!isAnti) this.#emit(kind, other.values, undefined, place)
        else if (this.#options.mode === 'streaming') this.#emit(RowKind.delete, other.values, undefined, place)
      }
      other.matches++
      return
    }
    other.matches--
    if (side === 1 && other.matches === 0) this.#emit(isAnti ? RowKind.insert : kind, other.values, undefined, place)
  }

  /** All matches are known: a row without one is shown alone, or that is taken back. */
  #finish(side: 0 | 1, kind: RowKind, place: bigint): void {
    const { joinType, mode } = this.#options
    if (this.#isHalf) {
      if (side === 1) return
      const isShown = joinType === 'semi' ? this.#matches > 0 : this.#matches === 0 && (mode === 'streaming' || this.#matchesNothing)
      if (isShown) this.#emit(kind, this.#values, undefined, place)
      return
    }
    if (this.#matches > 0 || !this.#showsAlone[side] || (mode === 'final' && !this.#matchesNothing)) return
    const [left, right] = this.#paddedRow(side, this.#values)
    this.#emit(rowKindSign(kind) > 0 ? RowKind.insert : RowKind.delete, left, right, place)
  }

  #paddedRow(side: number, values: readonly SqlValue[]): readonly [readonly SqlValue[] | undefined, readonly SqlValue[] | undefined] {
    return side === 0 ? [values, undefined] : [undefined, values]
  }

  #setPair(side: number, values: readonly SqlValue[]): void {
    const from = side === 0 ? 0 : this.#options.inputTypes[0].length
    for (let i = 0; i < values.length; i++) this.#pair[from + i] = values[i]!
  }

  // --- output ---

  #clear(): void {
    this.#output.clear()
    this.#kinds = this.#options.emitsKinds ? this.#output.addKinds() : 0
    this.#places = this.#options.givesPlaces ? this.#output.addPlaces() / 8 : 0
  }

  #kinds = 0
  #places = 0

  /** Adds a row to the output; a side that is undefined is NULL, or not shown. */
  #emit(kind: RowKind, left: readonly SqlValue[] | undefined, right: readonly SqlValue[] | undefined, place: bigint): void {
    const output = this.#output
    const { batch, arena } = output
    const row = batch.rowCount++
    if (this.#kinds !== 0) arena.u8[this.#kinds + row] = kind
    if (this.#places !== 0) {
      arena.i64[this.#places + row] = place * BigInt(PLACES_PER_ROW) + BigInt(Math.min(this.#emitted, PLACES_PER_ROW - 1))
      this.#emitted++
    }
    const leftWidth = this.#options.inputTypes[0].length
    for (let i = 0; i < batch.columns.length; i++) {
      const value = i < leftWidth ? (left === undefined ? null : left[i]!) : right === undefined ? null : right[i - leftWidth]!
      writeCell(output, batch.columns[i]!, row, value)
    }
  }

  #push(out: Output): void {
    const { batch } = this.#output
    batch.selectedCount = batch.rowCount
    batch.watermark = NO_WATERMARK
    if (batch.rowCount > 0) out.push(batch)
  }

  /** Forgets the keys without rows among those of a batch. */
  #forget(ids: number, count: number): void {
    const { i32 } = this.#owner.arena
    const gone = new Set<number>()
    for (let i = 0; i < count; i++) {
      const id = i32[(ids >>> 2) + i]!
      if (this.#sides.every((side) => side.of(id) === undefined)) gone.add(id)
    }
    for (const id of gone) this.#state.remove(id)
  }

  // --- final rows ---

  #final: { readonly rows: readonly { readonly side: number; readonly row: JoinRow; readonly place: bigint }[] } | undefined

  onEnd(_input: number, out: Output): Progress {
    if (this.#options.mode === 'streaming' || !this.#showsAlone.includes(true)) return 'done'
    this.#final ??= { rows: this.#unmatched() }
    const { rows } = this.#final
    while (this.#done < rows.length) {
      if (out.isFull) return 'more'
      this.#clear()
      for (; this.#done < rows.length && this.#output.batch.rowCount < OUTPUT_ROWS; this.#done++) {
        const { side, row, place } = rows[this.#done]!
        const [left, right] = this.#paddedRow(side, row.values)
        this.#emit(RowKind.insert, left, right, 0n)
        if (this.#places !== 0) this.#owner.arena.i64[this.#places + this.#output.batch.rowCount - 1] = place
      }
      this.#push(out)
    }
    return 'done'
  }

  #unmatched(): readonly { readonly side: number; readonly row: JoinRow; readonly place: bigint }[] {
    const ids: number[] = []
    for (let id = this.#state.next(0); id >= 0; id = this.#state.next(id + 1)) ids.push(id)
    const groups = this.#options.ordersOutput
      ? orderGroups(this.#owner.arena, ids, (id) => this.#state.keyBytes(id))
      : ids.map((id) => ({ id, place: 0n }))
    return groups.flatMap(({ id, place }) =>
      this.#sides.flatMap((rows, side) =>
        this.#showsAlone[side] ? (rows.of(id) ?? []).filter((row) => row.matches === 0).map((row) => ({ side, row, place })) : [],
      ),
    )
  }

  // --- snapshots ---

  snapshot(): OperatorSnapshot {
    assert(this.#done === 0 && !this.#hasBegun, 'a snapshot is taken between batches')
    return {
      keyed: this.#state.snapshot(KEY_GROUPS, (id, sink) => {
        for (const side of this.#sides) side.save(id, sink)
      }),
    }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    for (const { keyed } of parts) {
      for (const [keyGroup, bytes] of keyed) {
        // Without keys there is one group, and one subtask for it.
        if (this.#options.keys[0].length > 0 && !isMine(keyGroup)) continue
        this.#state.restore(bytes, (id, reader) => {
          for (const side of this.#sides) side.load(id, reader)
        })
      }
    }
  }

  stateSize(): { readonly rows: number; readonly bytes: number } {
    return { rows: this.#sides[0].count + this.#sides[1].count, bytes: this.#state.usedBytes }
  }

  close(): void {
    this.#owner.close()
  }
}

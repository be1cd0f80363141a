import { assert } from '../base/assert.ts'
import type { Clock } from '../base/ports.ts'
import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import type { ByteReader, ByteSink } from '../data/byte-sink.ts'
import type { Column } from '../data/column.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import type { SqlType } from '../data/types.ts'
import { NO_WATERMARK } from '../data/watermark.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type KeyExpiry, keyExpiry } from '../state/key-expiry.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import { INDEX_BYTES, RowLists } from '../state/row-lists.ts'
import { RowStore } from '../state/row-store.ts'
import type { JoinCondition } from './join-condition.ts'
import { BUCKET_BYTES, GROUP_BYTES, MarkContext } from './mark-context.ts'
import { type OrderedGroup, allGroups, leavingGroups } from './order-groups.ts'
import { PairBatch } from './pair-batch.ts'

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
  /** Selects which of the right rows with equal keys count for a left row; its one column is the mark, what is asked of these. Absent: all count, and the mark is TRUE. */
  readonly answer: JoinCondition | undefined
  /** Whether some rows with equal keys do not count. */
  readonly hasCondition: boolean
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

/** Pairs of one turn where each may make two changes. */
const CHANGING_PAIRS = BATCH_CAPACITY / 2
/** What the header of a stored row takes, before what its owner keeps. */
const ROW_HEADER_BYTES = 16
const COUNT_BYTES = 8

/**
 * Puts behind every left row whether `mark` is TRUE for some right row: that is `x IN (SELECT ..)`, EXISTS and `x > ANY (SELECT ..)` as a value. It is
 * UNKNOWN when it is TRUE for none and UNKNOWN for some, and FALSE without right rows.
 *
 * ```
 * left  1 NULL 3, right 1 NULL, mark left = right:   (1, TRUE) (NULL, NULL) (3, NULL)
 * left  1 NULL 3, right 1,      mark left = right:   (1, TRUE) (NULL, NULL) (3, FALSE)
 * ```
 *
 * Rows of both sides lie in lists by key, and where the mark is an equality by what it compares too: in buckets. A right row that comes or goes changes exactly the left rows
 * whose answer changes: -U and +U.
 *
 * EXISTS without a condition, and equality of one column, are decided by how many right rows a bucket and its group have, so no pair of rows is asked: left rows leave as they
 * came with the mark beside them, and a right row meets left ones only where it is the first or the last of its bucket. Else, and where rows end by the clock
 * (answers that were given stay then), every left row keeps how many right rows say TRUE and how many say UNKNOWN. Results carry no watermark.
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
  /** Names the buckets of all groups, by key and by what is compared; made anew from a snapshot. Undefined: nothing is compared, each group is its own bucket. */
  readonly #buckets: KeyedState | undefined
  readonly #bucketKeys: readonly [readonly number[], readonly number[]]
  readonly #stores: readonly [RowStore, RowStore]
  /** Of each bucket, the rows of the left and those of the right side. */
  readonly #lists: RowLists
  readonly #expiries: readonly [KeyExpiry | undefined, KeyExpiry | undefined]
  readonly #isCounted: boolean
  readonly #context: MarkContext
  readonly #unknowns: number
  readonly #output: BatchBuffer
  /** The columns of pairs that are asked. */
  readonly #pairs: PairBatch | undefined
  /** Groups of the batch at hand as the state named them; undefined: no batch is at hand. */
  #ids: number | undefined
  #bucketIds = 0
  #hasEmptyGroups = false
  /** Left rows that this batch takes back, as they were stored. */
  #gone = 0

  constructor(options: MarkJoinOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, inputTypes, types, keys, equal, retracts, answer, mode, createState = memoryState } = options
    this.#owner = owner
    assert(answer !== undefined || equal[0].length === 0, 'what is compared is asked')
    this.#state = createState({ owner, lineBytes: GROUP_BYTES, prefixBytes: 0, ttlMs: 0 })
    const ownerOfState = this.#state.owner
    const hasBuckets = equal[0].length > 0
    this.#buckets = hasBuckets ? memoryState({ owner: ownerOfState, lineBytes: BUCKET_BYTES, prefixBytes: 0, ttlMs: 0 }) : undefined
    this.#bucketKeys = [
      [...keys[0], ...equal[0]],
      [...keys[1], ...equal[1]],
    ]
    this.#isCounted = isCounted(options)
    const storeOf = (side: 0 | 1): RowStore => {
      const extraBytes = (retracts[side] ? INDEX_BYTES : 0) + (side === 0 && !this.#isCounted ? COUNT_BYTES : 0)
      return new RowStore({ owner: ownerOfState, types: inputTypes[side], extraBytes })
    }
    this.#stores = [storeOf(0), storeOf(1)]
    this.#lists = new RowLists(ownerOfState, retracts)
    const { clock, stateTtlMs } = options
    this.#expiries = [keyExpiry(this.#state, clock, stateTtlMs), keyExpiry(this.#state, clock, stateTtlMs)]
    this.#unknowns = ROW_HEADER_BYTES + (retracts[0] ? INDEX_BYTES : 0)
    this.#context = new MarkContext(owner, {
      isCounted: this.#isCounted,
      hasBuckets,
      mode,
      unknowns: this.#unknowns,
      lists: this.#lists.address,
    })
    this.#output = new BatchBuffer(owner, types)
    if (answer !== undefined && !this.#isCounted) {
      const widths = [inputTypes[0].length, inputTypes[1].length] as const
      this.#pairs = new PairBatch(owner, [...inputTypes[0], ...inputTypes[1]], widths, (column) => answer.columns.includes(column))
    }
  }

  onBatch(input: number, batch: Batch, out: Output): Progress {
    assert(input === 0 || input === 1, 'a join has two inputs')
    if (this.#ids === undefined) {
      this.#expire()
      const ids = this.#state.prepare(batch, this.#options.keys[input])
      if (typeof ids !== 'number') return ids
      this.#state.touch(ids, batch.selectedCount)
      this.#expiries[input]?.write(this.#owner.arena.i32, ids, batch.selectedCount)
      this.#begin(input, batch, ids)
      this.#ids = ids
    }
    if ((input === 0 ? this.#markLeft(batch, out) : this.#changeLeft(batch, out)) === 'more') return 'more'
    if (this.#hasEmptyGroups) this.#forget(this.#ids, this.#bucketIds, batch.selectedCount)
    this.#ids = undefined
    return 'done'
  }

  /** Changes the state of the batch's own side. */
  #begin(side: 0 | 1, batch: Batch, ids: number): void {
    const { keys, nullSafe, equal, retracts } = this.#options
    const { kernels } = this.#owner.arena
    const context = this.#context
    const count = batch.selectedCount
    for (const store of this.#stores) store.reclaim()
    this.#bucketIds = ids
    kernels.copyBytes(context.ids, ids, count * 4)
    if (this.#buckets !== undefined) {
      const buckets = this.#buckets.prepare(batch, this.#bucketKeys[side])
      assert(typeof buckets === 'number', 'buckets are in memory')
      this.#bucketIds = buckets
      kernels.copyBytes(context.buckets, buckets, count * 4)
      kernels.clearBytes(context.opens, count)
      for (const column of equal[side]) {
        const { nulls } = batch.columns[column]!
        if (nulls !== 0) kernels.markNulls(nulls, batch.selection, count, context.opens)
      }
    }
    this.#setLines()
    this.#hasEmptyGroups = retracts[side]
    keys[side].forEach((key, i) => {
      const { nulls } = batch.columns[key]!
      if (nulls === 0 || nullSafe[i] === true) return
      if (kernels.dropNullKeys(nulls, batch.selection, count, context.buckets) > 0) this.#hasEmptyGroups = true
    })
    const store = this.#stores[side]
    const rows = store.add(batch)
    const goneBefore = store.releasedCount
    this.#lists.apply({ store, list: side, ids: context.buckets, batch, rows })
    this.#gone = store.releaseRoom(0) + goneBefore * 4
    context.begin(side, batch, rows)
    if (this.#buckets !== undefined) kernels.chainBuckets(context.address)
  }

  /** Shows kernels the lines of groups and buckets, and makes room in the lists for all. */
  #setLines(): void {
    const buckets = this.#buckets
    this.#context.setLines(this.#state.directory, buckets?.directory ?? 0)
    this.#lists.grow(buckets?.idBound ?? this.#state.idBound)
  }

  /** Shows the rows of a left batch where they lie, with the mark behind them. */
  #markLeft(batch: Batch, out: Output): Progress {
    if (out.isFull) return 'more'
    const { kernels } = this.#owner.arena
    const context = this.#context
    while (!this.#isCounted && context.row < batch.selectedCount) this.#meet(0, batch, BATCH_CAPACITY)
    const places = this.#startOutput('rows of a batch')
    const count = kernels.markRows(context.address, this.#gone)
    if (count === 0) return 'done'
    const selection = this.#output.selectionRoom()
    const shown = new Batch([...batch.columns, this.#markColumn(selection, count)])
    shown.rowCount = batch.rowCount
    shown.selection = count === batch.selectedCount ? batch.selection : selection
    shown.selectedCount = count
    shown.kinds = batch.kinds
    shown.places = places
    out.push(shown)
    return 'done'
  }

  /** Shows the left rows whose answers a right batch changes. */
  #changeLeft(batch: Batch, out: Output): Progress {
    const context = this.#context
    while (context.row < batch.selectedCount) {
      if (out.isFull) return 'more'
      this.#startOutput('changes')
      const count = this.#meet(1, batch, CHANGING_PAIRS)
      if (count > 0) out.push(this.#showStored(count))
    }
    return 'done'
  }

  /** The next pairs of rows of the batch and of the other side; returns how many changes they make. */
  #meet(side: 0 | 1, batch: Batch, limit: number): number {
    const { kernels } = this.#owner.arena
    const { address, inputs, lines, answers } = this.#context
    const count = kernels.markPairs(address, limit)
    if (count === 0) return 0
    if (this.#pairs !== undefined) {
      const { answer } = this.#options
      assert(answer !== undefined, 'pairs have an answer')
      const { buffer } = this.#pairs
      buffer.clear()
      this.#pairs.fill({ batch, side, store: this.#stores[side === 0 ? 1 : 0], inputs, rows: lines, absent: 0, count })
      const { columns, selection, selectedCount } = answer.run(buffer.batch)
      kernels.answerPairs(columns[0]!.cells, columns[0]!.nulls, selection, selectedCount, count, answers)
    } else if (!this.#isCounted) kernels.answerPairs(0, 0, 0, count, count, answers)
    return kernels.markChanges(address, count)
  }

  /** Begins a batch of marks, beside rows of a batch, or rows that are stored; returns where their places go. */
  #startOutput(beside: 'rows of a batch' | 'changes' | 'final rows'): number {
    const output = this.#output
    output.clear()
    output.batch.watermark = NO_WATERMARK
    const kinds = beside === 'changes' ? output.addKinds() : 0
    const places = this.#options.givesPlaces ? output.addPlaces() : 0
    this.#context.setOutput(output, kinds, places)
    return places
  }

  #markColumn(selection: number, count: number): Column {
    const mark = this.#output.batch.columns.at(-1)
    assert(mark !== undefined, 'the mark is the last column')
    if (this.#owner.arena.kernels.hasNull(mark.nulls, selection, 0, count) === 0) mark.nulls = 0
    return mark
  }

  /** Left rows that are stored, by their names in the context, beside the marks that are there. */
  #showStored(count: number): Batch {
    const { batch } = this.#output
    this.#markColumn(0, count)
    this.#stores[0].read(this.#context.shown, count, this.#output, batch.columns.slice(0, -1))
    batch.rowCount = count
    batch.selectedCount = count
    return batch
  }

  /** Forgets the buckets and keys without rows among those of a batch. */
  #forget(ids: number, buckets: number, count: number): void {
    const { kernels } = this.#owner.arena
    const { address, lines: found } = this.#context
    const emptied = kernels.takeEmptyBuckets(address, buckets, count, found)
    if (this.#buckets === undefined) return this.#state.removeAll(found, emptied)
    this.#buckets.removeAll(found, emptied)
    this.#state.removeAll(found, kernels.takeEmptyGroups(address, ids, count, found))
  }

  /** Forgets the rows of keys that had none for too long. Answers that they were part of stay. */
  #expire(): void {
    const { i32 } = this.#owner.arena
    const { ids, buckets } = this.#context
    for (const side of [0, 1] as const) {
      for (const id of this.#expiries[side]?.sweep() ?? []) {
        this.#setLines()
        for (const bucket of this.#bucketsOf(id)) {
          this.#lists.clear(this.#stores[side], side, bucket)
          i32[ids >>> 2] = id
          i32[buckets >>> 2] = bucket
          this.#forget(ids, buckets, 1)
        }
      }
    }
  }

  /** The buckets of a group, in their order. */
  #bucketsOf(id: number): readonly number[] {
    if (this.#buckets === undefined) return [id]
    const { kernels } = this.#owner.arena
    const found: number[] = []
    for (let bucket = kernels.nextBucket(this.#context.address, id, 0); bucket !== 0;) {
      found.push(bucket - 1)
      bucket = kernels.nextBucket(this.#context.address, id, bucket)
    }
    return found
  }

  // --- final rows ---

  #final: readonly OrderedGroup[] | undefined
  /** The next group, and whether some of its rows have left. */
  #done = 0
  #hasBegunGroup = false

  onEnd(_input: number, out: Output): Progress {
    if (this.#options.mode === 'streaming') return 'done'
    this.#final ??= leavingGroups(this.#owner.arena, this.#state, allGroups(this.#state), this.#options.ordersOutput)
    while (this.#done < this.#final.length) {
      if (out.isFull) return 'more'
      const count = this.#fillFinal(this.#final)
      if (count > 0) out.push(this.#showStored(count))
    }
    return 'done'
  }

  /** Writes the names and marks of as many rows as a batch has room for. */
  #fillFinal(groups: readonly OrderedGroup[]): number {
    const { kernels, i64 } = this.#owner.arena
    const { address } = this.#context
    const places = this.#startOutput('final rows') / 8
    let count = 0
    for (; this.#done < groups.length; this.#done++) {
      const { id, place } = groups[this.#done]!
      if (!this.#hasBegunGroup) kernels.beginRemaining(address)
      const from = count
      count = kernels.remainingRows(address, id, from, BATCH_CAPACITY)
      if (places !== 0) i64.fill(place, places + from, places + count)
      this.#hasBegunGroup = count === BATCH_CAPACITY
      if (this.#hasBegunGroup) break
    }
    return count
  }

  // --- snapshots ---

  snapshot(): OperatorSnapshot {
    assert(this.#ids === undefined, 'a snapshot is taken between batches')
    return { keyed: this.#state.snapshot(KEY_GROUPS, (id, sink) => this.#save(id, sink)) }
  }

  #save(id: number, sink: ByteSink): void {
    for (const expiry of this.#expiries) expiry?.save(id, sink)
    this.#setLines()
    const buckets = this.#bucketsOf(id)
    if (this.#buckets !== undefined) sink.varint(buckets.length)
    for (const bucket of buckets) {
      if (this.#buckets !== undefined) {
        sink.prefixed(this.#buckets.keyBytes(bucket))
        sink.u8(this.#owner.arena.kernels.isOpenBucket(this.#context.address, bucket))
      }
      this.#stores.forEach((store, side) => this.#lists.save(store, side, bucket, sink))
      this.#eachUnknowns(bucket, (at, u32) => sink.varint(u32[at]!))
    }
  }

  /** Where the left rows of a bucket count those that are UNKNOWN to them. */
  #eachUnknowns(bucket: number, visit: (at: number, u32: Uint32Array) => void): void {
    if (this.#isCounted) return
    const [store] = this.#stores
    for (let row = this.#lists.first(0, bucket); row !== 0; row = store.nextOf(row))
      visit((row + this.#unknowns) >>> 2, this.#owner.arena.u32)
  }

  #load(id: number, reader: ByteReader): void {
    const { kernels, i32 } = this.#owner.arena
    const context = this.#context
    for (const expiry of this.#expiries) expiry?.load(id, reader)
    for (let left = this.#buckets === undefined ? 1 : reader.varint(); left > 0; left--) {
      const bucket = this.#buckets === undefined ? id : this.#buckets.add(reader.raw(reader.varint()))
      this.#setLines()
      if (this.#buckets !== undefined) {
        i32[context.ids >>> 2] = id
        i32[context.buckets >>> 2] = bucket
        context.beginOne(reader.u8() !== 0)
        kernels.chainBuckets(context.address)
      }
      this.#stores.forEach((store, side) => this.#lists.load(store, side, bucket, reader))
      kernels.countRight(context.address, id, bucket, this.#lists.size(1, bucket))
      this.#eachUnknowns(bucket, (at, u32) => (u32[at] = reader.varint()))
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
    return { rows: this.#stores[0].count + this.#stores[1].count, bytes: this.#state.usedBytes }
  }

  close(): void {
    this.#owner.close()
  }
}

/** Whether how many right rows there are tells all. Not where they end by the clock: answers that were given would change. */
function isCounted({ answer, hasCondition, equal, inputTypes, stateTtlMs }: MarkJoinOptions): boolean {
  if (stateTtlMs > 0) return false
  if (answer === undefined) return true
  const [column, ...others] = equal[0]
  return !hasCondition && column !== undefined && others.length === 0 && isPlain(inputTypes[0][column]!)
}

/** Whether values of a type are equal when, and only when, their bytes are. */
function isPlain({ kind }: SqlType): boolean {
  switch (kind) {
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
    case 'DECIMAL':
    case 'DATE':
    case 'TIME':
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
    case 'CHAR':
    case 'VARCHAR':
    case 'BINARY':
    case 'VARBINARY':
      return true
    default:
      return false
  }
}

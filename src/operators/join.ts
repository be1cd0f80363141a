import { assert } from '../base/assert.ts'
import type { Clock } from '../base/ports.ts'
import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import { ByteReader, ByteSink } from '../data/byte-sink.ts'
import type { SqlType } from '../data/types.ts'
import { NO_WATERMARK } from '../data/watermark.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type KeyExpiry, keyExpiry } from '../state/key-expiry.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import { PendingRows } from '../state/pending-rows.ts'
import { INDEX_BYTES, RowLists } from '../state/row-lists.ts'
import { RowStore } from '../state/row-store.ts'
import type { JoinCondition } from './join-condition.ts'
import { type JoinContext, type JoinKind, joinContext } from './join-context.ts'
import { allGroups, leavingGroups } from './order-groups.ts'
import { PairBatch } from './pair-batch.ts'

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
  /** Which of the rows with equal keys match. */
  readonly condition: JoinCondition | undefined
  /** By side: whether it also takes rows back. */
  readonly retracts: readonly [left: boolean, right: boolean]
  readonly emitsKinds: boolean
  /** `final`: rows without a match leave when the inputs have ended. */
  readonly mode: 'streaming' | 'final'
  /** Final rows leave in an order that does not depend on the subtasks, for something above reads it. */
  readonly ordersOutput: boolean
  /** Rows get places. */
  readonly givesPlaces: boolean
  readonly clock: Clock
  /** By side: rows of a key that had none for so long are forgotten; 0: never. */
  readonly stateTtlMs: readonly [left: number, right: number]
  /** Makes the state; a test may give one that is slow. */
  readonly createState?: CreateState
}

/** Pairs, and rows, of one turn where each pair may make two changes and each row another one. */
const CHANGING_PAIRS = Math.floor(BATCH_CAPACITY / 3)

/**
 * Joins two inputs that change. Both sides are kept by key; a row that comes meets the rows that the other side has at that moment.
 *
 * ```
 * + row of a side that may be padded: without a match +I[row, NULLs]
 * + row that is the first match of a padded row: -D[NULLs, other], then +I[row, other]
 * - row: what it had shown is taken back; a row that loses its last match is padded again
 * ```
 *
 * Works a batch at a time: its rows go to the lists of their side, or are taken out of them; then all of them meet the other side, which gives pairs of an input row and a
 * stored one; the condition is evaluated over a batch of pairs; last the pairs, or the changes that they make, are gathered into the output.
 *
 * Every row is marked with the number of its matches where that decides. Kinds of an inner join's rows are those of the row that caused them. NULL keys match nothing,
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
  readonly #stores: readonly [RowStore, RowStore]
  /** Of each group, the rows of the left and those of the right side. */
  readonly #lists: RowLists
  /** By side, rows that are in no list yet: of sides that take none back, by keys that do not end. */
  readonly #pending: readonly [PendingRows | undefined, PendingRows | undefined]
  readonly #context: JoinContext
  readonly #output: PairBatch
  /** Where changes are not just the pairs that match: the columns of pairs that the condition reads. */
  readonly #pairs: PairBatch | undefined
  /** By side: whether its rows are shown without a match, alone or padded. */
  readonly #showsAlone: readonly [boolean, boolean]
  /** Every pair that matches is a row of the output, and nothing else is. */
  readonly #isInner: boolean
  /** Groups of the batch at hand as the state named them; undefined: no batch is at hand. */
  #ids: number | undefined
  #hasEmptyGroups = false
  /** By side, when its keys end. */
  readonly #expiries: readonly [KeyExpiry | undefined, KeyExpiry | undefined]
  /** Of the rows that leave at the end: the next one. */
  #done = 0

  constructor(options: JoinOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, joinType, inputTypes, retracts, types, condition, createState = memoryState } = options
    this.#owner = owner
    this.#state = createState({ owner, lineBytes: 0, prefixBytes: 0, ttlMs: 0 })
    const storeOf = (side: 0 | 1): RowStore =>
      new RowStore({ owner: this.#state.owner, types: inputTypes[side], extraBytes: retracts[side] ? INDEX_BYTES : 0 })
    this.#stores = [storeOf(0), storeOf(1)]
    this.#lists = new RowLists(this.#state.owner, retracts)
    const { clock, stateTtlMs } = options
    this.#expiries = [keyExpiry(this.#state, clock, stateTtlMs[0]), keyExpiry(this.#state, clock, stateTtlMs[1])]
    const pendingOf = (side: 0 | 1): PendingRows | undefined =>
      retracts[side] || stateTtlMs.some((ttl) => ttl > 0) || options.keys[side].length === 0
        ? undefined
        : new PendingRows({ state: this.#state, store: this.#stores[side], lists: this.#lists, list: side, keys: options.keys[side] })
    this.#pending = [pendingOf(0), pendingOf(1)]
    this.#showsAlone = [joinType === 'left' || joinType === 'full' || joinType === 'anti', joinType === 'right' || joinType === 'full']
    this.#isInner = joinType === 'inner'
    this.#context = joinContext(owner, options)
    const isHalf = joinType === 'semi' || joinType === 'anti'
    const widths = [inputTypes[0].length, inputTypes[1].length] as const
    this.#output = new PairBatch(owner, types, isHalf ? [widths[0], 0] : widths, () => true)
    if (!this.#isInner && condition !== undefined) {
      this.#pairs = new PairBatch(owner, [...inputTypes[0], ...inputTypes[1]], widths, (column) => condition.columns.includes(column))
    }
  }

  onBatch(input: number, batch: Batch, out: Output): Progress {
    assert(input === 0 || input === 1, 'a join has two inputs')
    if (this.#ids === undefined) {
      this.#expire()
      const keys = this.#options.keys[input]
      const demanded = this.#pending[1 - input]?.demand(batch, keys) ?? true
      if (demanded !== true) return demanded
      const pending = this.#waiting(input)
      const ids = pending === undefined ? this.#state.prepare(batch, keys) : this.#state.find(batch, keys, pending.hashes)
      if (typeof ids !== 'number') return ids
      this.#state.touch(ids, batch.selectedCount)
      this.#expiries[input]?.write(this.#owner.arena.i32, ids, batch.selectedCount)
      this.#begin(input, batch, ids)
      this.#ids = ids
    }
    const context = this.#context
    while (context.row < batch.selectedCount) {
      if (out.isFull) return 'more'
      const result = this.#isInner ? this.#turnInner(input, batch) : this.#turn(input, batch)
      if (result !== undefined && result.selectedCount > 0) out.push(result)
    }
    if (this.#hasEmptyGroups) this.#forget(this.#ids, batch.selectedCount)
    this.#ids = undefined
    return 'done'
  }

  /** Where rows of a side wait until they are asked for; undefined: they come into lists at once. */
  #waiting(side: 0 | 1): PendingRows | undefined {
    const pending = this.#pending[side]
    return pending?.takesRows === true ? pending : undefined
  }

  /** Forgets the rows of keys that had none for too long. */
  #expire(): void {
    for (const side of [0, 1] as const) {
      for (const id of this.#expiries[side]?.sweep() ?? []) {
        this.#lists.clear(this.#stores[side], side, id)
        if (this.#lists.size(1 - side, id) === 0) this.#state.remove(id)
      }
    }
  }

  /** Changes the state of the batch's own side. */
  #begin(side: 0 | 1, batch: Batch, ids: number): void {
    const { keys, nullSafe, retracts } = this.#options
    const { kernels } = this.#owner.arena
    const context = this.#context
    for (const store of this.#stores) store.reclaim()
    this.#lists.grow(this.#state.idBound)
    const pending = this.#waiting(side)
    if (pending === undefined) kernels.copyBytes(context.ids, ids, batch.selectedCount * 4)
    else kernels.idsOfPending(ids, batch.selectedCount, context.ids)
    this.#hasEmptyGroups = retracts[side]
    keys[side].forEach((key, i) => {
      const { nulls } = batch.columns[key]!
      if (nulls === 0 || nullSafe[i] === true) return
      if (kernels.dropNullKeys(nulls, batch.selection, batch.selectedCount, context.ids) > 0) this.#hasEmptyGroups = pending === undefined
    })
    const store = this.#stores[side]
    const rows = store.add(batch)
    if (pending === undefined) this.#lists.apply({ store, list: side, ids: context.ids, batch, rows })
    else pending.add(rows, context.ids, batch.selectedCount)
    context.begin({ side, batch, rows, lists: this.#lists.address })
  }

  /** The next pairs of an inner join: as many as an output batch has room for. */
  #turnInner(side: 0 | 1, batch: Batch): Batch | undefined {
    const { kernels } = this.#owner.arena
    const context = this.#context
    const count = kernels.joinPairs(context.address, BATCH_CAPACITY, batch.selectedCount)
    if (count === 0) return undefined
    const result = this.#startOutput()
    kernels.joinInner(context.address, count)
    this.#output.fill({
      batch,
      side,
      store: this.#stores[side === 0 ? 1 : 0],
      inputs: context.inputs,
      rows: context.lines,
      absent: 0,
      count,
    })
    const { condition } = this.#options
    return condition === undefined ? result : condition.run(result)
  }

  /** The changes of the next pairs and rows. */
  #turn(side: 0 | 1, batch: Batch): Batch | undefined {
    const { kernels } = this.#owner.arena
    const context = this.#context
    const store = this.#stores[side === 0 ? 1 : 0]
    const pairs = kernels.joinPairs(context.address, CHANGING_PAIRS, CHANGING_PAIRS)
    const { condition } = this.#options
    if (condition !== undefined && pairs > 0) {
      assert(this.#pairs !== undefined, 'a condition has columns')
      const { buffer } = this.#pairs
      buffer.clear()
      this.#pairs.fill({ batch, side, store, inputs: context.inputs, rows: context.lines, absent: 0, count: pairs })
      const { selection, selectedCount } = condition.run(buffer.batch)
      kernels.markSelected(selection, selectedCount, pairs, context.matched)
    }
    const result = this.#startOutput()
    const count = kernels.joinChanges(context.address, pairs)
    if (count === 0) return undefined
    const { changes } = context
    const absent = context.hasAbsent ? changes.absent : 0
    this.#output.fill({ batch, side, store, inputs: changes.inputs, rows: changes.lines, absent, count })
    return result
  }

  #startOutput(): Batch {
    const { buffer } = this.#output
    buffer.clear()
    const { batch } = buffer
    batch.watermark = NO_WATERMARK
    const kinds = this.#options.emitsKinds ? buffer.addKinds() : 0
    const places = this.#options.givesPlaces ? buffer.addPlaces() : 0
    this.#context.setOutput(kinds, places)
    return batch
  }

  /** Forgets the keys without rows among those of a batch. */
  #forget(ids: number, count: number): void {
    const { i32, kernels } = this.#owner.arena
    const found = kernels.emptyGroups(this.#lists.address, 2, ids, count, this.#context.ids)
    const at = this.#context.ids >>> 2
    for (const id of new Set(i32.subarray(at, at + found))) this.#state.remove(id)
  }

  // --- final rows ---

  #final: readonly FinalRow[] | undefined

  onEnd(_input: number, out: Output): Progress {
    if (this.#options.mode === 'streaming' || !this.#showsAlone.includes(true)) return 'done'
    for (const pending of this.#pending) {
      const demanded = pending?.demandAll() ?? true
      if (demanded !== true) return demanded
    }
    this.#final ??= this.#unmatched()
    const { i64, u32 } = this.#owner.arena
    while (this.#done < this.#final.length) {
      if (out.isFull) return 'more'
      const result = this.#startOutput()
      const { buffer } = this.#output
      // Rows of one side at a time.
      const { side } = this.#final[this.#done]!
      let count = 0
      for (; count < buffer.capacity && this.#final[this.#done]?.side === side; count++, this.#done++) {
        const { row, place } = this.#final[this.#done]!
        u32[(this.#context.changes.lines >>> 2) + count] = row
        if (result.places !== 0) i64[result.places / 8 + count] = place
      }
      this.#output.showAlone(side, this.#stores[side], this.#context.changes.lines, count)
      out.push(result)
    }
    return 'done'
  }

  #unmatched(): readonly FinalRow[] {
    const ids = allGroups(this.#state)
    const groups = leavingGroups(this.#owner.arena, this.#state, ids, this.#options.ordersOutput)
    const found: FinalRow[] = []
    for (const { id, place } of groups) {
      for (const side of [0, 1] as const) {
        if (!this.#showsAlone[side]) continue
        const store = this.#stores[side]
        for (let row = this.#lists.first(side, id); row !== 0; row = store.nextOf(row)) {
          if (store.markOf(row) === 0) found.push({ side, row, place })
        }
      }
    }
    return found
  }

  // --- snapshots ---

  snapshot(): OperatorSnapshot {
    assert(this.#ids === undefined, 'a snapshot is taken between batches')
    const groups = this.#state.snapshot(KEY_GROUPS, (id, sink) => {
      for (const expiry of this.#expiries) expiry?.save(id, sink)
      this.#stores.forEach((store, side) => this.#lists.save(store, side, id, sink))
    })
    const sinks = new Map<number, ByteSink>()
    const sinkOf = (keyGroup: number): ByteSink => {
      const known = sinks.get(keyGroup)
      if (known !== undefined) return known
      const sink = new ByteSink()
      sink.prefixed(groups.get(keyGroup) ?? new Uint8Array())
      sinks.set(keyGroup, sink)
      return sink
    }
    for (const keyGroup of groups.keys()) sinkOf(keyGroup)
    const { kernels } = this.#owner.arena
    this.#pending.forEach((pending, side) => {
      pending?.save((hash) => {
        const sink = sinkOf(kernels.keyGroup(hash, KEY_GROUPS) >>> 0)
        sink.u8(side)
        return sink
      })
    })
    return { keyed: new Map([...sinks].map(([keyGroup, sink]) => [keyGroup, sink.toBytes()])) }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    for (const { keyed } of parts) {
      for (const [keyGroup, bytes] of keyed) {
        // Without keys there is one group, and one subtask for it.
        if (this.#options.keys[0].length > 0 && !isMine(keyGroup)) continue
        const reader = new ByteReader(bytes)
        this.#state.restore(reader.raw(reader.varint()), (id, groups) => {
          this.#lists.grow(this.#state.idBound)
          for (const expiry of this.#expiries) expiry?.load(id, groups)
          this.#stores.forEach((store, side) => this.#lists.load(store, side, id, groups))
        })
        while (reader.offset < bytes.length) {
          const pending = this.#pending[reader.u8()]
          assert(pending !== undefined, 'a side keeps its rows as it did when they were saved')
          pending.load(reader)
        }
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

interface FinalRow {
  readonly side: 0 | 1
  readonly row: number
  readonly place: bigint
}

import type { Clock } from '../base/ports.ts'
import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { LookupCache, LookupReader, LookupRows } from '../runtime/lookup.ts'
import type { Operator, Output, Progress } from '../runtime/operator.ts'
import type { JoinCondition } from './join-condition.ts'
import { LookupAnswers } from './lookup-cache.ts'
import { type LookupRequestOptions, requestAll } from './lookup-requests.ts'
import { PairBatch } from './pair-batch.ts'

export interface LookupJoinOptions {
  readonly owner: ArenaOwner
  readonly clock: Clock
  readonly joinType: 'inner' | 'left'
  readonly inputTypes: readonly SqlType[]
  /** Of the output: the input's columns, then those of the rows that are found. */
  readonly types: readonly SqlType[]
  /** Columns of the input; NULL matches nothing. */
  readonly keys: readonly number[]
  /** A whole key of the table from the values of `keys`. */
  readonly keyOf: (values: readonly SqlValue[]) => readonly SqlValue[]
  /** Which of the rows that are found count, and what is shown of them; undefined: the row does not count. */
  readonly shown: (row: readonly SqlValue[]) => readonly SqlValue[] | undefined
  /** Which pairs match, over the columns of both. */
  readonly condition: JoinCondition | undefined
  readonly cache: LookupCache
  readonly requests: LookupRequestOptions
  readonly open: () => Promise<LookupReader>
}

/** Candidates of one turn: each may leave, and its row alone too. */
const TURN_PAIRS = BATCH_CAPACITY / 2
/** Keys that are remembered while their table does not change. */
const MOST_KEYS = 1_000_000
/** Places of the rows that one row makes. */
const PLACES_PER_ROW = 256n

/**
 * Joins each row with the rows that a table has for its keys at the moment at which the row comes. What is not known is asked for first, the keys of a whole batch together;
 * the batch waits meanwhile, so rows leave in their order. A change of the input makes the same change of each joined row.
 *
 * Nothing is kept but the cache, which is no state: a job that goes on from a snapshot asks again.
 */
export function lookupJoin(options: LookupJoinOptions): Operator {
  return new LookupJoin(options)
}

class LookupJoin implements Operator {
  readonly name = 'LookupJoin'
  readonly #options: LookupJoinOptions
  readonly #answers: LookupAnswers
  readonly #output: PairBatch
  readonly #candidates: PairBatch | undefined
  /** i32 rows of the input and u32 names of stored rows, of the candidates and of the pairs that leave. */
  readonly #inputs: number
  readonly #rows: number
  readonly #pairInputs: number
  readonly #pairRows: number
  readonly #usesIds: boolean
  #reader: LookupReader | undefined
  #isReady = false
  #used: ReadonlySet<number> = new Set()
  /** The selected row that comes next, how many of its rows were tried, and whether one of them matched. */
  #next = 0
  #tried = 0
  #hasMatched = false

  constructor(options: LookupJoinOptions) {
    this.#options = options
    const { owner, inputTypes, types, keys, condition, cache } = options
    const rowTypes = types.slice(inputTypes.length)
    const widths = [inputTypes.length, rowTypes.length] as const
    const keyTypes = keys.map((key) => inputTypes[key]!)
    this.#answers = new LookupAnswers(owner, keyTypes, rowTypes, cache)
    this.#output = new PairBatch(owner, types, widths, () => true)
    this.#candidates =
      condition === undefined ? undefined : new PairBatch(owner, types, widths, (column) => condition.columns.includes(column))
    this.#inputs = owner.allocate(BATCH_CAPACITY * 4)
    this.#rows = owner.allocate(BATCH_CAPACITY * 4)
    this.#pairInputs = owner.allocate(BATCH_CAPACITY * 4)
    this.#pairRows = owner.allocate(BATCH_CAPACITY * 4)
    const { expireAfterWriteMs, expireAfterAccessMs, maxKeys, keepsMissing } = cache
    const forgets = expireAfterWriteMs !== undefined || expireAfterAccessMs !== undefined || maxKeys !== Infinity || !keepsMissing
    this.#usesIds = cache.kind === 'partial' && forgets
  }

  onBatch(_input: number, batch: Batch, out: Output): Progress {
    if (!this.#isReady) {
      const waiting = this.#prepare(batch)
      if (waiting !== undefined) return waiting
    }
    while (this.#next < batch.selectedCount) {
      if (out.isFull) return 'more'
      const result = this.#turn(batch, this.#ids)
      if (result.rowCount > 0) out.push(result)
    }
    this.#finish()
    return 'done'
  }

  /** Sees to it that there is an answer for every key of the batch. A promise: call again. */
  #prepare(batch: Batch): Promise<void> | undefined {
    const { cache, open, clock, keys } = this.#options
    if (this.#reader === undefined) {
      return open().then((reader) => {
        this.#reader = reader
      })
    }
    if (this.#isOutdated === undefined) {
      this.#answers.reclaim()
      const holds = cache.kind === 'partial' ? true : (this.#reader.holds?.() ?? false)
      if (typeof holds !== 'boolean') {
        return holds.then((value) => {
          this.#isOutdated = !value
        })
      }
      this.#isOutdated = !holds
    }
    if (this.#isOutdated) this.#answers.clear()
    this.#isOutdated = false
    this.#ids = this.#answers.idsOf(batch, keys)
    const { missing, used } = this.#keysOf(batch, this.#ids)
    if (this.#usesIds && this.#used.size === 0) {
      this.#used = used
      this.#answers.use(used, clock.nowMs())
    }
    const asked = [...missing, ...[...used].filter((id) => !this.#answers.has(id) && !missing.has(id))]
    if (asked.length > 0) return this.#ask(asked)
    this.#isReady = true
    return undefined
  }

  #isOutdated: boolean | undefined
  /** Of the rows of the batch; they hold while it is worked at. */
  #ids = 0

  /** The keys of a batch, those without NULL: all where their use counts, and those without an answer. */
  #keysOf(batch: Batch, ids: number): { readonly missing: Set<number>; readonly used: Set<number> } {
    const { i32 } = this.#options.owner.arena
    const missing = new Set<number>()
    const used = new Set<number>()
    for (let i = 0; i < batch.selectedCount; i++) {
      const id = i32[(ids >>> 2) + i]!
      const has = this.#answers.has(id)
      if (has && !this.#usesIds) continue
      const row = batch.selection === 0 ? i : i32[(batch.selection >>> 2) + i]!
      if (this.#hasNullKey(batch, row)) continue
      if (this.#usesIds) used.add(id)
      if (!has) missing.add(id)
    }
    return { missing, used }
  }

  #hasNullKey(batch: Batch, row: number): boolean {
    const { arena } = this.#options.owner
    for (const key of this.#options.keys) if (batch.columns[key]!.isNull(arena, row)) return true
    return false
  }

  async #ask(ids: readonly number[]): Promise<void> {
    const { keyOf, shown, requests, clock } = this.#options
    const keys = ids.map((id) => keyOf(this.#answers.keyOf(id)))
    const found: LookupRows[] = []
    await requestAll(this.#reader!, keys, requests, (key, rows) => (found[key] = rows))
    const now = clock.nowMs()
    ids.forEach((id, i) => {
      const rows = found[i]!.map(shown).filter((row) => row !== undefined)
      this.#answers.put(id, rows, now)
    })
  }

  /** Joins the next rows, as many as fit. */
  #turn(batch: Batch, ids: number): Batch {
    const { owner, condition } = this.#options
    const { i32 } = owner.arena
    const count = condition === undefined ? this.#collect(batch, ids, BATCH_CAPACITY, 'padded') : this.#matched(batch, ids)
    const { buffer } = this.#output
    buffer.clear()
    const inputs = condition === undefined ? this.#inputs : this.#pairInputs
    const rows = condition === undefined ? this.#rows : this.#pairRows
    this.#output.fill({ batch, inputs, absent: 0, store: this.#answers.store, rows, count, side: 0 })
    const { batch: result } = buffer
    if (batch.kinds !== 0) {
      const kinds = buffer.addKinds()
      for (let i = 0; i < count; i++) owner.arena.u8[kinds + i] = owner.arena.u8[batch.kinds + i32[(inputs >>> 2) + i]!]!
    }
    result.watermark = batch.watermark
    if (batch.rowWatermarks !== 0) this.#carry(batch.rowWatermarks, inputs, count, buffer.addRowWatermarks())
    if (batch.places !== 0) this.#spreadPlaces(batch, inputs, count, buffer.addPlaces())
    return result
  }

  #carry(from: number, inputs: number, count: number, to: number): void {
    const { i64, i32 } = this.#options.owner.arena
    for (let i = 0; i < count; i++) i64[to / 8 + i] = i64[from / 8 + i32[(inputs >>> 2) + i]!]!
  }

  #spreadPlaces(batch: Batch, inputs: number, count: number, to: number): void {
    const { i64, i32 } = this.#options.owner.arena
    let number = 0n
    let last = -1
    for (let i = 0; i < count; i++) {
      const row = i32[(inputs >>> 2) + i]!
      number = row === last && number < PLACES_PER_ROW - 1n ? number + 1n : 0n
      last = row
      i64[to / 8 + i] = i64[batch.places / 8 + row]! * PLACES_PER_ROW + number
    }
  }

  /** Lists rows of the batch, at most `limit`, with those that were found for them; `padded`: a row without any is listed with 0. Returns how many pairs. */
  #collect(batch: Batch, ids: number, limit: number, alone: 'padded' | 'left out'): number {
    const { owner, joinType } = this.#options
    const { i32, u32 } = owner.arena
    const inputs = this.#inputs >>> 2
    const rows = this.#rows >>> 2
    const isLeft = alone === 'padded' && joinType === 'left'
    const end = Math.min(batch.selectedCount, this.#next + limit)
    let count = 0
    for (; this.#next < end && count < limit; this.#next++) {
      const row = batch.selection === 0 ? this.#next : i32[(batch.selection >>> 2) + this.#next]!
      const id = i32[(ids >>> 2) + this.#next]!
      const found = this.#hasNullKey(batch, row) ? noRows : this.#answers.rowsOf(id)
      for (; this.#tried < found.length && count < limit; this.#tried++) {
        i32[inputs + count] = row
        u32[rows + count++] = found[this.#tried]!
      }
      if (this.#tried < found.length) return count
      if (found.length === 0 && isLeft) {
        i32[inputs + count] = row
        u32[rows + count++] = 0
      }
      this.#tried = 0
    }
    return count
  }

  /** As `collect`, for pairs that have to fulfil the condition too. */
  #matched(batch: Batch, ids: number): number {
    const { owner, joinType, condition } = this.#options
    const { i32, u32 } = owner.arena
    const first = this.#next
    const candidates = this.#collect(batch, ids, TURN_PAIRS, 'left out')
    const selected = new Uint8Array(candidates)
    if (candidates > 0) {
      const pairs = this.#candidates!
      pairs.buffer.clear()
      pairs.fill({ batch, inputs: this.#inputs, absent: 0, store: this.#answers.store, rows: this.#rows, count: candidates, side: 0 })
      const passed = condition!.run(pairs.buffer.batch)
      for (let i = 0; i < passed.selectedCount; i++) selected[passed.selection === 0 ? i : i32[(passed.selection >>> 2) + i]!] = 1
    }
    let count = 0
    let at = 0
    const add = (row: number, name: number): void => {
      i32[(this.#pairInputs >>> 2) + count] = row
      u32[(this.#pairRows >>> 2) + count++] = name
    }
    // A row that is not over yet goes on in the next turn.
    const end = this.#tried > 0 ? this.#next + 1 : this.#next
    for (let place = first; place < end; place++) {
      const row = batch.selection === 0 ? place : i32[(batch.selection >>> 2) + place]!
      for (; at < candidates && i32[(this.#inputs >>> 2) + at] === row; at++) {
        if (selected[at] === 0) continue
        this.#hasMatched = true
        add(row, u32[(this.#rows >>> 2) + at]!)
      }
      if (place === this.#next) break
      if (!this.#hasMatched && joinType === 'left') add(row, 0)
      this.#hasMatched = false
    }
    return count
  }

  #finish(): void {
    const { cache } = this.#options
    if (this.#usesIds) this.#answers.shrink(this.#used)
    const isKept = cache.kind === 'partial' || this.#reader?.holds !== undefined
    if (!isKept || (cache.kind !== 'partial' && this.#answers.size > MOST_KEYS)) this.#answers.clear()
    this.#used = new Set()
    this.#isReady = false
    this.#isOutdated = undefined
    this.#next = 0
  }

  close(): void {
    this.#reader?.close().catch(() => {})
    this.#options.owner.close()
  }
}

const noRows: readonly number[] = []

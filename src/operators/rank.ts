import { assert } from '../base/assert.ts'
import type { Clock } from '../base/ports.ts'
import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import { type SqlType, types as sqlTypes } from '../data/types.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type KeyExpiry, keyExpiry } from '../state/key-expiry.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import type { OrderColumn } from '../state/row-order.ts'
import { RankedRows } from './ranked-rows.ts'
import { RowChanges } from './row-changes.ts'

/** Few enough changes that they stay in the cache from the kernel that writes them to those that read them. */
const CHANGES_ROOM = 2048

export interface RankOptions {
  readonly id: string
  readonly owner: ArenaOwner
  readonly types: readonly SqlType[]
  readonly keys: readonly number[]
  readonly orderKeys: readonly OrderColumn[]
  /** Of rows that the order does not tell apart, the one that came first stands before or behind. */
  readonly ties: 'first-come' | 'last-come'
  readonly from: number
  readonly to: number
  /** The column of a partition's first row that says how many of its rows are ranked. */
  readonly toColumn?: number
  readonly showsRank: boolean
  readonly inputRetracts: boolean
  readonly emitsUpdateBefore: boolean
  /** What leaves has no kinds when it is `append`. */
  readonly changes: 'append' | 'retract' | 'upsert'
  readonly clock: Clock
  /** Rows of a partition that had none for so long are forgotten; 0: never. */
  readonly stateTtlMs: number
  readonly createState?: CreateState
}

/**
 * Top-N: keeps the rows of each partition in order and tells how those from rank `from` to rank `to` change.
 *
 * With the rank in the output, a row that comes in moves all behind it: each place gets another row, as -U and +U. Without it only the row that enters (+I)
 * and the one that leaves (-D) are told. Where one place is kept, its row is replaced by -U and +U. Of input that only adds rows, those beyond `to` are
 * forgotten; else all are kept, for they may move up.
 */
export function rank(options: RankOptions): Operator {
  return new Rank(options)
}

class Rank implements Operator {
  readonly name = 'Rank'
  readonly stateId: string
  readonly #options: RankOptions
  readonly #state: KeyedState
  readonly #rows: RankedRows
  readonly #changes: RowChanges
  /** Groups of the batch at hand, copied; undefined: no batch is at hand. */
  readonly #ids: number
  readonly #expiry: KeyExpiry | undefined
  #isWorking = false

  constructor(options: RankOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, from, to, showsRank, changes, createState = memoryState } = options
    this.#state = createState({ owner, lineBytes: 0, prefixBytes: 0, ttlMs: 0 })
    this.#rows = new RankedRows(this.#state.owner, { ...options, tells: 'changes' })
    this.#ids = owner.allocate(BATCH_CAPACITY * 4)
    this.#expiry = keyExpiry(this.#state, options.clock, options.stateTtlMs)
    this.#changes = new RowChanges({
      owner,
      store: this.#rows.store,
      addedTypes: showsRank ? [sqlTypes.bigint(false)] : [],
      mode: changes === 'append' ? 'append' : 'changing',
      changesPerRow: 2 * (to - from + 1) + 1,
      room: CHANGES_ROOM,
    })
  }

  onBatch(_input: number, batch: Batch, out: Output): Progress {
    if (!this.#isWorking) {
      for (const id of this.#expiry?.sweep() ?? []) {
        this.#rows.drop(id)
        this.#state.remove(id)
      }
      const ids = this.#state.prepare(batch, this.#options.keys)
      if (typeof ids !== 'number') return ids
      this.#state.touch(ids, batch.selectedCount)
      this.#options.owner.arena.kernels.copyBytes(this.#ids, ids, batch.selectedCount * 4)
      this.#expiry?.write(this.#options.owner.arena.i32, this.#ids, batch.selectedCount)
      this.#rows.begin(batch, { rows: batch.selection, count: batch.selectedCount, ids: this.#ids, idBound: this.#state.idBound })
      this.#isWorking = true
    }
    for (;;) {
      if (!this.#changes.flush(batch, out)) return 'more'
      if (!this.#rows.change(this.#changes)) break
    }
    this.#isWorking = false
    if (this.#options.inputRetracts) this.#forget(batch.selectedCount)
    return 'done'
  }

  /** Forgets the partitions without rows among those of a batch. */
  #forget(count: number): void {
    const { i32, kernels } = this.#options.owner.arena
    const found = kernels.emptyGroups(this.#rows.lists.address, 1, this.#ids, count, this.#ids)
    for (const id of new Set(i32.subarray(this.#ids >>> 2, (this.#ids >>> 2) + found))) this.#state.remove(id)
  }

  snapshot(): OperatorSnapshot {
    assert(!this.#isWorking, 'a snapshot is taken between batches')
    return {
      keyed: this.#state.snapshot(KEY_GROUPS, (id, sink) => {
        this.#expiry?.save(id, sink)
        this.#rows.save(id, sink)
      }),
    }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    for (const { keyed } of parts) {
      for (const [keyGroup, saved] of keyed) {
        if (!isMine(keyGroup)) continue
        this.#state.restore(saved, (id, reader) => {
          this.#rows.lists.grow(this.#state.idBound)
          this.#expiry?.load(id, reader)
          this.#rows.load(id, reader)
        })
      }
    }
  }

  stateSize(): { readonly rows: number; readonly bytes: number } {
    return { rows: this.#rows.store.count, bytes: this.#state.usedBytes }
  }

  close(): void {
    this.#options.owner.close()
  }
}

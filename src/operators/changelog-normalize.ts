import { assert } from '../base/assert.ts'
import type { Clock } from '../base/ports.ts'
import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import type { SqlType } from '../data/types.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type KeyExpiry, keyExpiry } from '../state/key-expiry.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import { RowLists } from '../state/row-lists.ts'
import { RowStore } from '../state/row-store.ts'
import { RankContext, rankFlags } from './rank-context.ts'
import { RowChanges } from './row-changes.ts'

export interface ChangelogNormalizeOptions {
  readonly id: string
  readonly owner: ArenaOwner
  readonly types: readonly SqlType[]
  readonly keys: readonly number[]
  readonly clock: Clock
  /** A row that did not come for so long is forgotten; 0: never. */
  readonly stateTtlMs: number
  readonly createState?: CreateState
}

/** Of the form in which a row is saved. */
const FORMAT = 1

/**
 * Makes full changes of upserts: keeps the last row of each key, puts it as -U before the +U that replaces it, and as -D where its key is deleted.
 * A row that comes again unchanged, and a deletion of what is not there, tell nothing.
 */
export function changelogNormalize(options: ChangelogNormalizeOptions): Operator {
  return new ChangelogNormalize(options)
}

class ChangelogNormalize implements Operator {
  readonly name = 'ChangelogNormalize'
  readonly stateId: string
  readonly #owner: ArenaOwner
  readonly #keys: readonly number[]
  readonly #state: KeyedState
  readonly #store: RowStore
  /** The last row of each key, by group. */
  readonly #lists: RowLists
  readonly #context: RankContext
  readonly #changes: RowChanges
  readonly #ids: number
  readonly #expiry: KeyExpiry | undefined
  #isWorking = false

  constructor({ id, owner, types, keys, clock, stateTtlMs, createState = memoryState }: ChangelogNormalizeOptions) {
    this.stateId = id
    this.#owner = owner
    this.#keys = keys
    this.#state = createState({ owner, lineBytes: 0, prefixBytes: 0, ttlMs: 0 })
    this.#expiry = keyExpiry(this.#state, clock, stateTtlMs)
    this.#store = new RowStore({ owner: this.#state.owner, types })
    this.#lists = new RowLists(this.#state.owner, [false])
    this.#changes = new RowChanges({
      owner,
      store: this.#store,
      addedTypes: [],
      mode: 'changing',
      changesPerRow: 2,
      room: BATCH_CAPACITY * 2,
    })
    this.#ids = owner.allocate(BATCH_CAPACITY * 4)
    this.#context = new RankContext(owner, {
      ids: this.#ids,
      inputs: 0,
      order: 0,
      schema: this.#store.schema.address,
      lists: this.#lists.address,
      runs: 0,
      from: 1,
      to: 1,
      flags: rankFlags.emitsUpdateBefore,
      prefixes: 0,
      ends: 0,
    })
  }

  onBatch(_input: number, batch: Batch, out: Output): Progress {
    if (!this.#isWorking) {
      for (const id of this.#expiry?.sweep() ?? []) {
        this.#lists.clear(this.#store, 0, id)
        this.#state.remove(id)
      }
      const ids = this.#state.prepare(batch, this.#keys)
      if (typeof ids !== 'number') return ids
      this.#state.touch(ids, batch.selectedCount)
      this.#change(batch, ids)
      this.#isWorking = true
    }
    if (!this.#changes.flush(batch, out)) return 'more'
    this.#isWorking = false
    this.#forget(batch.selectedCount)
    return 'done'
  }

  #change(batch: Batch, ids: number): void {
    const { kernels } = this.#owner.arena
    const count = batch.selectedCount
    this.#store.reclaim()
    this.#lists.grow(this.#state.idBound)
    kernels.copyBytes(this.#ids, ids, count * 4)
    this.#expiry?.write(this.#owner.arena.i32, this.#ids, count)
    const context = this.#context
    context.setInputs(this.#ids, batch.selection)
    context.setRoom(this.#changes)
    context.begin({ count, lines: this.#store.add(batch), kinds: batch.kinds, gone: this.#store.releaseRoom(count * 2) })
    kernels.upsertRows(context.address)
    this.#changes.fill(context.changeCount)
  }

  /** Forgets the keys without a row among those of a batch. */
  #forget(count: number): void {
    const { i32, kernels } = this.#owner.arena
    const found = kernels.emptyGroups(this.#lists.address, 1, this.#ids, count, this.#ids)
    for (const id of new Set(i32.subarray(this.#ids >>> 2, (this.#ids >>> 2) + found))) this.#state.remove(id)
  }

  snapshot(): OperatorSnapshot {
    assert(!this.#isWorking, 'a snapshot is taken between batches')
    return {
      keyed: this.#state.snapshot(KEY_GROUPS, (id, sink) => {
        this.#expiry?.save(id, sink)
        sink.u8(FORMAT)
        sink.prefixed(this.#store.bytesOf(this.#lists.first(0, id)))
      }),
    }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    for (const { keyed } of parts) {
      for (const [keyGroup, bytes] of keyed) {
        if (!isMine(keyGroup)) continue
        this.#state.restore(bytes, (id, reader) => {
          this.#expiry?.load(id, reader)
          assert(reader.u8() === FORMAT, 'a row is loaded in the form in which it was saved')
          this.#lists.grow(this.#state.idBound)
          this.#lists.append(0, id, this.#store.addBytes(reader.raw(reader.varint())))
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

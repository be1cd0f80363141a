import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY } from '../data/batch.ts'
import type { KeyedState } from '../state/keyed-state.ts'
import type { GroupPairs } from './aggregates/accumulator.ts'
import type { AggregateLines } from './aggregates/aggregate-lines.ts'
import { newGroupPairs } from './aggregates/group-rows.ts'
import { MERGED, panePrefix } from './window-panes.ts'

/** The groups of one pane in the order in which they came. */
export interface PaneGroups {
  readonly ids: number[]
  /** Of the first of them: the groups that they are merged into. */
  readonly targets: number[]
}

/**
 * Adds up the groups of several panes by key. What they are added up in is a group of its own for each key, which is there as long as any pane has the key: the key
 * is looked up once for each group of a pane, and a window that leaves costs a pass over lines and no index.
 */
export class PaneMerge {
  readonly #owner: ArenaOwner
  readonly #state: KeyedState
  readonly #lines: AggregateLines
  readonly #pairs: GroupPairs
  readonly #prefix = panePrefix(0, MERGED)
  readonly #fresh: Int32Array
  /** By id of a target: how many groups of panes are merged into it, and the number of the window that it last had rows of. */
  #uses = new Int32Array(BATCH_CAPACITY)
  #windows = new Int32Array(BATCH_CAPACITY)
  #window = 0
  /** The sums of the last window. */
  #merged: number[] = []
  /** How many targets there are. */
  count = 0

  constructor(owner: ArenaOwner, state: KeyedState, lines: AggregateLines) {
    this.#owner = owner
    this.#state = state
    this.#lines = lines
    this.#pairs = newGroupPairs(owner)
    this.#fresh = owner.ints(BATCH_CAPACITY)
  }

  /** The sums by key of panes, added up in this order: their groups, in the order of first touch. They hold until the next merge. */
  merge(panes: readonly PaneGroups[]): readonly number[] {
    const merged: number[] = []
    this.#merged = merged
    this.#window++
    for (const pane of panes) {
      this.#findTargets(pane)
      for (let from = 0; from < pane.ids.length; from += BATCH_CAPACITY) this.#mergeSome(pane, from, merged)
    }
    return merged
  }

  #mergeSome({ ids, targets }: PaneGroups, from: number, merged: number[]): void {
    const { kernels } = this.#owner.arena
    const { directory, lineBytes } = this.#state
    const pairs = this.#pairs
    const count = Math.min(ids.length - from, BATCH_CAPACITY)
    let fresh = 0
    for (let i = 0; i < count; i++) {
      const target = targets[from + i]!
      pairs.ids[i] = target
      pairs.otherIds[i] = ids[from + i]!
      if (this.#windows[target] === this.#window) continue
      this.#windows[target] = this.#window
      merged.push(target)
      this.#fresh[fresh++] = target
    }
    if (fresh > 0) kernels.clearLines(directory, lineBytes, this.#fresh.byteOffset, fresh)
    pairs.count = count
    kernels.lineAddresses(directory, lineBytes, pairs.ids.byteOffset, count, pairs.linesAt)
    kernels.lineAddresses(directory, lineBytes, pairs.otherIds.byteOffset, count, pairs.othersAt)
    kernels.mergeCounts(pairs.linesAt, pairs.othersAt, count, 0)
    this.#lines.mergeAll(pairs)
  }

  #findTargets({ ids, targets }: PaneGroups): void {
    const { i32 } = this.#owner.arena
    const { otherIds } = this.#pairs
    while (targets.length < ids.length) {
      const from = targets.length
      const count = Math.min(ids.length - from, BATCH_CAPACITY)
      for (let i = 0; i < count; i++) otherIds[i] = ids[from + i]!
      const found = this.#state.rename(otherIds.byteOffset, count, this.#prefix) >>> 2
      this.count += this.#state.createdCount
      if (this.#state.idBound > this.#uses.length) {
        this.#uses = grown(this.#uses, this.#state.idBound)
        this.#windows = grown(this.#windows, this.#state.idBound)
      }
      for (let i = 0; i < count; i++) {
        const target = i32[found + i]!
        // An id that another group had is of no window yet.
        if (this.#uses[target]!++ === 0) this.#windows[target] = 0
        targets.push(target)
      }
    }
  }

  /** The sums of a window have left: what lies beside their lines is not kept. */
  clear(): void {
    if (this.#lines.keepsBeside) for (const id of this.#merged) this.#lines.clear(id, this.#state.line(id))
  }

  /** Forgets the targets that only this pane was merged into. */
  forget({ targets }: PaneGroups): void {
    const room = this.#fresh
    let gone = 0
    const remove = (): void => {
      if (gone > 0) this.#state.removeAll(room.byteOffset, gone)
      this.count -= gone
      gone = 0
    }
    for (const target of targets) {
      if (--this.#uses[target]! > 0) continue
      room[gone++] = target
      if (gone === BATCH_CAPACITY) remove()
    }
    remove()
    targets.length = 0
  }
}

function grown(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(Math.max(length, array.length * 2))
  copy.set(array)
  return copy
}

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
 * Adds up the groups of several panes by key. What they are added up in is a group of its own for each key, a target, which is there as long as any pane that was merged has the
 * key: the key is looked up once for each group of a pane, and a window that leaves costs a pass over lines and no index.
 *
 * Where all aggregates can be taken away again exactly (COUNT, and SUM and AVG of exact numbers), the sums of a window are those of the one before, with the panes that it has
 * besides and without those that it has no more: a window costs its slide and not its length. Else each window is added up anew.
 */
export class PaneMerge {
  readonly #owner: ArenaOwner
  readonly #state: KeyedState
  readonly #lines: AggregateLines
  readonly #pairs: GroupPairs
  readonly #prefix = panePrefix(0, MERGED)
  readonly #room: Int32Array
  readonly #goesOn: boolean
  readonly #targets: number[] = []
  /** By id of a target: how many groups of panes are merged into it, where it stands among the targets, and the number of the window that it last had rows of. */
  #uses = new Int32Array(BATCH_CAPACITY)
  #places = new Int32Array(BATCH_CAPACITY)
  #windows = new Int32Array(BATCH_CAPACITY)
  #window = 0
  /** The sums of the last window that was added up anew. */
  #merged: readonly number[] = []
  /** Where sums go on: of each pane in them, how many of its groups. */
  readonly #included = new Map<PaneGroups, number>()

  constructor(owner: ArenaOwner, state: KeyedState, lines: AggregateLines) {
    this.#owner = owner
    this.#state = state
    this.#lines = lines
    this.#pairs = newGroupPairs(owner)
    this.#room = owner.ints(BATCH_CAPACITY)
    this.#goesOn = lines.canUnmerge
  }

  /** How many targets there are. */
  get count(): number {
    return this.#targets.length
  }

  /**
   * The sums by key of panes, added up in this order: their groups, which hold until the next merge. There may be groups of no rows among them. In the order of first touch, where each window is
   * added up anew.
   */
  merge(panes: readonly PaneGroups[]): readonly number[] {
    if (this.#goesOn) return this.#goOn(panes)
    const merged: number[] = []
    this.#merged = merged
    this.#window++
    for (const pane of panes) {
      this.#findTargets(pane)
      this.#eachRun(pane, 0, pane.ids.length, (count) => {
        this.#clearFirst(count, merged)
        this.#addRun()
      })
    }
    return merged
  }

  #goOn(panes: readonly PaneGroups[]): readonly number[] {
    const wanted = new Set(panes)
    for (const pane of this.#included.keys()) if (!wanted.has(pane)) this.#exclude(pane)
    for (const pane of panes) {
      this.#findTargets(pane)
      this.#eachRun(pane, this.#included.get(pane) ?? 0, pane.ids.length, () => this.#addRun())
      this.#included.set(pane, pane.ids.length)
    }
    return this.#targets
  }

  #exclude(pane: PaneGroups): void {
    const { kernels } = this.#owner.arena
    const pairs = this.#pairs
    this.#eachRun(pane, 0, this.#included.get(pane) ?? 0, () => {
      kernels.unmergeCounts(pairs.linesAt, pairs.othersAt, pairs.count, 0)
      this.#lines.unmergeAll(pairs)
    })
    this.#included.delete(pane)
  }

  /** Calls for as many groups of a pane at a time as there is room for, with their targets. */
  #eachRun({ ids, targets }: PaneGroups, from: number, to: number, work: (count: number) => void): void {
    const { kernels } = this.#owner.arena
    const { directory, lineBytes } = this.#state
    const pairs = this.#pairs
    for (; from < to; from += BATCH_CAPACITY) {
      const count = Math.min(to - from, BATCH_CAPACITY)
      for (let i = 0; i < count; i++) {
        pairs.ids[i] = targets[from + i]!
        pairs.otherIds[i] = ids[from + i]!
      }
      pairs.count = count
      kernels.lineAddresses(directory, lineBytes, pairs.ids.byteOffset, count, pairs.linesAt)
      kernels.lineAddresses(directory, lineBytes, pairs.otherIds.byteOffset, count, pairs.othersAt)
      work(count)
    }
  }

  #addRun(): void {
    const pairs = this.#pairs
    this.#owner.arena.kernels.mergeCounts(pairs.linesAt, pairs.othersAt, pairs.count, 0)
    this.#lines.mergeAll(pairs)
  }

  /** Empties the targets of a run that have no rows of this window yet. */
  #clearFirst(count: number, merged: number[]): void {
    const { ids } = this.#pairs
    let first = 0
    for (let i = 0; i < count; i++) {
      const target = ids[i]!
      if (this.#windows[target] === this.#window) continue
      this.#windows[target] = this.#window
      merged.push(target)
      this.#room[first++] = target
    }
    const { directory, lineBytes } = this.#state
    if (first > 0) this.#owner.arena.kernels.clearLines(directory, lineBytes, this.#room.byteOffset, first)
  }

  #findTargets({ ids, targets }: PaneGroups): void {
    const { i32 } = this.#owner.arena
    const { otherIds } = this.#pairs
    while (targets.length < ids.length) {
      const from = targets.length
      const count = Math.min(ids.length - from, BATCH_CAPACITY)
      for (let i = 0; i < count; i++) otherIds[i] = ids[from + i]!
      const found = this.#state.rename(otherIds.byteOffset, count, this.#prefix) >>> 2
      if (this.#state.idBound > this.#uses.length) this.#grow(this.#state.idBound)
      for (let i = 0; i < count; i++) {
        const target = i32[found + i]!
        if (this.#uses[target]!++ === 0) {
          // An id that another group had is of no window yet.
          this.#windows[target] = 0
          this.#places[target] = this.#targets.push(target) - 1
        }
        targets.push(target)
      }
    }
  }

  #grow(ids: number): void {
    const length = Math.max(ids, this.#uses.length * 2)
    const grown = (array: Int32Array): Int32Array<ArrayBuffer> => {
      const copy = new Int32Array(length)
      copy.set(array)
      return copy
    }
    this.#uses = grown(this.#uses)
    this.#places = grown(this.#places)
    this.#windows = grown(this.#windows)
  }

  /** The sums of a window have left: what lies beside their lines is not kept. */
  clear(): void {
    if (this.#lines.keepsBeside) for (const id of this.#merged) this.#lines.clear(id, this.#state.line(id))
    this.#merged = []
  }

  /** Forgets a pane, while its groups are still there, and the targets that only it was merged into. */
  forget(pane: PaneGroups): void {
    if (this.#included.has(pane)) this.#exclude(pane)
    const room = this.#room
    let gone = 0
    const remove = (): void => {
      if (gone > 0) this.#state.removeAll(room.byteOffset, gone)
      gone = 0
    }
    for (const target of pane.targets) {
      if (--this.#uses[target]! > 0) continue
      this.#takeOut(target)
      room[gone++] = target
      if (gone === BATCH_CAPACITY) remove()
    }
    remove()
    pane.targets.length = 0
  }

  #takeOut(target: number): void {
    const last = this.#targets.pop()!
    if (last === target) return
    const place = this.#places[target]!
    this.#targets[place] = last
    this.#places[last] = place
  }
}

import type { Leaf } from './leaf.ts'
import type { OperatorLink } from './operator-link.ts'
import type { UnionLink } from './union-link.ts'

/** Which leaf feeds a point of a chain: the one leaf there is, or the inputs of a union with what decides whose turn it is. */
export type InputTree =
  | { readonly kind: 'leaf'; readonly leaf: Leaf }
  | { readonly kind: 'union'; readonly union: UnionLink; readonly inputs: readonly InputTree[] }

export interface SubtaskOptions {
  /** For messages: the operators of the chain. */
  readonly name: string
  /** One an end of the chain: where a part of it is shared, several, which then have leaves in common. */
  readonly inputs: readonly InputTree[]
  /** The operators that may have processing-time timers. */
  readonly timed: readonly OperatorLink[]
}

/** What `step` has to say: it did something, it cannot before somebody wakes it, or all of its inputs have ended. */
export type StepResult = 'ran' | 'blocked' | 'ended'

/** One chain of operators with its inputs: the unit that the scheduler runs. It does one event at a time, on the calling thread. */
export class Subtask {
  readonly name: string
  readonly #inputs: readonly InputTree[]
  readonly #leaves: readonly Leaf[]
  readonly #leavesOfInput: readonly ReadonlySet<Leaf>[]
  readonly #timed: readonly OperatorLink[]
  /** The leaf, or the operator with timers, whose last event is not worked off. */
  #busy: Leaf | OperatorLink | undefined
  /** Set by whoever has something for it; the scheduler takes it back when it is blocked. */
  isRunnable = true

  constructor(options: SubtaskOptions) {
    this.name = options.name
    this.#inputs = options.inputs
    this.#leavesOfInput = options.inputs.map((input) => new Set(leavesOf(input)))
    this.#leaves = [...new Set(this.#leavesOfInput.flatMap((leaves) => [...leaves]))]
    this.#timed = options.timed
  }

  step(): StepResult {
    const busy = this.#busy
    if (busy !== undefined) {
      if (busy.resume()) this.#busy = undefined
      else if (busy.isWaiting) return 'blocked'
      return 'ran'
    }
    if (this.#leaves.every((leaf) => leaf.hasEnded)) return 'ended'
    const leaf = this.#next()
    if (leaf === undefined) return 'blocked'
    if (!leaf.pull()) {
      this.#busy = leaf
      if (leaf.isWaiting) return 'blocked'
    }
    return 'ran'
  }

  /** A leaf that is ready and whose turn it is at every end that it feeds. */
  #next(): Leaf | undefined {
    const inputs = this.#inputs
    if (inputs.length === 1) {
      const leaf = nextLeaf(inputs[0]!)
      return leaf?.isReady === true ? leaf : orphan(inputs)
    }
    const wanted = inputs.map(nextLeaf)
    const agree = (leaf: Leaf): boolean =>
      inputs.every((input, i) => wanted[i] === leaf || !this.#leavesOfInput[i]!.has(leaf) || hasEnded(input))
    return wanted.find((leaf) => leaf?.isReady === true && agree(leaf)) ?? orphan(inputs)
  }

  /** Whether it works at an event or could begin one: false when all is quiet. */
  get isBusy(): boolean {
    return this.#busy !== undefined
  }

  /** When the next processing-time timer of its operators is due. */
  nextTimer(): number | undefined {
    let next: number | undefined
    for (const { operator } of this.#timed) {
      const time = operator.nextTimer?.()
      if (time !== undefined && (next === undefined || time < next)) next = time
    }
    return next
  }

  /** Fires due processing-time timers, one operator after the other. */
  fireTimers(now: number): void {
    for (const link of this.#timed) {
      if (this.#busy !== undefined) return
      const time = link.operator.nextTimer?.()
      if (time !== undefined && time <= now && !link.accept({ kind: 'timer', time: now })) this.#busy = link
    }
  }
}

function leavesOf(tree: InputTree): readonly Leaf[] {
  if (tree.kind === 'leaf') return [tree.leaf]
  return [...tree.inputs.flatMap(leavesOf), ...tree.union.early.filter((early) => early !== undefined)]
}

/** Whether nobody waits for what a tree gives. */
function hasEnded(tree: InputTree): boolean {
  return tree.kind === 'leaf' ? tree.leaf.hasEnded : tree.inputs.every((_, i) => tree.union.hasEnded(i))
}

/**
 * A leaf that nobody waits for any more, and that has something to say: below an input of a union that has ended because an operator on the way, such as
 * LIMIT, had all that it needs; or rows that wait for their turn there. What it sends is dropped.
 */
function orphan(trees: readonly InputTree[]): Leaf | undefined {
  const forgotten = new Set<Leaf>()
  const wanted = new Set<Leaf>()
  const visit = (tree: InputTree, isForgotten: boolean): void => {
    if (tree.kind === 'leaf') {
      ;(isForgotten ? forgotten : wanted).add(tree.leaf)
      return
    }
    for (const [i, input] of tree.inputs.entries()) {
      const isDropped = isForgotten || tree.union.hasEnded(i)
      const early = tree.union.early[i]
      if (early !== undefined) (isDropped ? forgotten : wanted).add(early)
      visit(input, isDropped)
    }
  }
  for (const tree of trees) if (tree.kind === 'union') visit(tree, false)
  for (const leaf of forgotten) if (!wanted.has(leaf) && !leaf.hasEnded && leaf.isReady) return leaf
  return undefined
}

/** A table that could be asked may have nothing: whoever then waited for it would hold up the others. */
function hasNext(leaf: Leaf | undefined): boolean {
  return leaf?.isReady === true && (leaf.fetch?.() ?? true)
}

/** The leaf whose rows come next in the order of the chain; undefined when that cannot be said yet. */
function nextLeaf(tree: InputTree): Leaf | undefined {
  if (tree.kind === 'leaf') return tree.leaf
  const { union, inputs } = tree
  const input = union.turn((i) => hasNext(nextLeaf(inputs[i]!)))
  if (input === undefined) return undefined
  const early = union.early[input]
  return early?.isReady === true ? early : nextLeaf(inputs[input]!)
}

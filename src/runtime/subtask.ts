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
  readonly input: InputTree
  /** The operators that may have processing-time timers. */
  readonly timed: readonly OperatorLink[]
}

/** What `step` has to say: it did something, it cannot before somebody wakes it, or all of its inputs have ended. */
export type StepResult = 'ran' | 'blocked' | 'ended'

/** One chain of operators with its inputs: the unit that the scheduler runs. It does one event at a time, on the calling thread. */
export class Subtask {
  readonly name: string
  readonly #input: InputTree
  readonly #leaves: readonly Leaf[]
  readonly #timed: readonly OperatorLink[]
  /** The leaf, or the operator with timers, whose last event is not worked off. */
  #busy: Leaf | OperatorLink | undefined
  /** Set by whoever has something for it; the scheduler takes it back when it is blocked. */
  isRunnable = true

  constructor(options: SubtaskOptions) {
    this.name = options.name
    this.#input = options.input
    this.#leaves = leavesOf(options.input)
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
    const next = nextLeaf(this.#input)
    const leaf = next?.isReady === true ? next : orphan(this.#input, false)
    if (leaf === undefined) return 'blocked'
    if (!leaf.pull()) {
      this.#busy = leaf
      if (leaf.isWaiting) return 'blocked'
    }
    return 'ran'
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
  return tree.kind === 'leaf' ? [tree.leaf] : tree.inputs.flatMap(leavesOf)
}

/**
 * A leaf that nobody waits for any more, and that has something to say: below an input of a union that has ended because an operator on the way, such as
 * LIMIT, had all that it needs. What it sends is dropped there.
 */
function orphan(tree: InputTree, isForgotten: boolean): Leaf | undefined {
  if (tree.kind === 'leaf') return isForgotten && !tree.leaf.hasEnded && tree.leaf.isReady ? tree.leaf : undefined
  for (const [i, input] of tree.inputs.entries()) {
    const found = orphan(input, isForgotten || tree.union.hasEnded(i))
    if (found !== undefined) return found
  }
  return undefined
}

/** The leaf whose rows come next in the order of the chain; undefined when that cannot be said yet. */
function nextLeaf(tree: InputTree): Leaf | undefined {
  if (tree.kind === 'leaf') return tree.leaf
  const input = tree.union.turn((i) => nextLeaf(tree.inputs[i]!)?.isReady ?? false)
  return input === undefined ? undefined : nextLeaf(tree.inputs[input]!)
}

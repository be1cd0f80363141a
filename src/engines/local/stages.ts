import { unreachable } from '../../base/assert.ts'
import type { LocalNode, SharedPart } from './local-plan.ts'

type Exchange = Extract<LocalNode, { kind: 'exchange' }>

/** Where rows leave a stage: into an exchange, or into the sink of the root of this number. */
export interface StageEnd {
  readonly node: LocalNode
  readonly to: Exchange | number
}

/**
 * The stages of a plan: the steps between exchanges that run in one subtask. One has several ends where a part of it is shared.
 *
 * @returns By exchange, or number of a root: all ends of the stage that sends there.
 */
export function stagesOf(roots: readonly LocalNode[]): ReadonlyMap<Exchange | number, readonly StageEnd[]> {
  const stages: { ends: StageEnd[]; parts: Set<SharedPart> }[] = []
  const seen = new Set<Exchange>()
  const add = (end: StageEnd): void => {
    const below = new Set<Exchange>()
    const parts = new Set<SharedPart>()
    visit(end.node, parts, below)
    const touching = stages.filter((stage) => [...parts].some((part) => stage.parts.has(part)))
    const [first, ...others] = touching
    if (first === undefined) stages.push({ ends: [end], parts })
    else {
      first.ends.push(end, ...others.flatMap((other) => other.ends))
      for (const part of [...parts, ...others.flatMap((other) => [...other.parts])]) first.parts.add(part)
      for (const other of others) stages.splice(stages.indexOf(other), 1)
    }
    for (const exchange of below) {
      if (seen.has(exchange)) continue
      seen.add(exchange)
      add({ node: exchange.input, to: exchange })
    }
  }
  roots.forEach((node, root) => add({ node, to: root }))
  return new Map(stages.flatMap(({ ends }) => ends.map((end) => [end.to, ends] as const)))
}

/** Collects the shared parts of the stage that `node` ends, and the exchanges that it begins with. */
function visit(node: LocalNode, parts: Set<SharedPart>, exchanges: Set<Exchange>): void {
  switch (node.kind) {
    case 'source':
      return
    case 'exchange':
      exchanges.add(node)
      return
    case 'reuse':
      if (parts.has(node.shared)) return
      parts.add(node.shared)
      visit(node.shared.input, parts, exchanges)
      return
    case 'union':
    case 'join':
      for (const input of node.inputs) visit(input, parts, exchanges)
      return
    case 'pipeline':
    case 'operator':
      visit(node.input, parts, exchanges)
      return
    default:
      unreachable(node)
  }
}

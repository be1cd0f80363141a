import { unreachable } from '../base/assert.ts'
import type { PhysicalNode } from './physical.ts'

/** The inputs of a step, in order. */
export function inputsOfStep(node: PhysicalNode): readonly PhysicalNode[] {
  return 'inputs' in node ? node.inputs : 'input' in node ? [node.input] : []
}

/** The same step over what `replace` makes of its inputs; the step itself when it makes nothing else of them. */
export function withInputsOfStep(node: PhysicalNode, replace: (input: PhysicalNode) => PhysicalNode): PhysicalNode {
  switch (node.kind) {
    case 'scan':
    case 'values':
      return node
    case 'union': {
      const inputs = node.inputs.map(replace)
      return inputs.every((input, i) => input === node.inputs[i]) ? node : { ...node, inputs }
    }
    case 'join':
    case 'mark-join':
    case 'interval-join':
    case 'temporal-join':
    case 'window-join': {
      const inputs = [replace(node.inputs[0]), replace(node.inputs[1])] as const
      return inputs.every((input, i) => input === node.inputs[i]) ? node : { ...node, inputs }
    }
    case 'calc':
    case 'watermark':
    case 'current-watermark':
    case 'exchange':
    case 'lookup-join':
    case 'group-aggregate':
    case 'local-group-aggregate':
    case 'expand':
    case 'unnest':
    case 'window-table-function':
    case 'window-aggregate':
    case 'rank':
    case 'over-aggregate':
    case 'over-by-value':
    case 'over-window':
    case 'match':
    case 'time-sort':
    case 'window-rank':
    case 'deduplicate':
    case 'changelog-normalize':
    case 'sink-materializer':
    case 'drop-update-before':
    case 'limit':
    case 'sort':
    case 'sink': {
      const input = replace(node.input)
      return input === node.input ? node : { ...node, input }
    }
    default:
      return unreachable(node)
  }
}

/** Where a step stands: what reads it, and where its rows come together with others; undefined: at the end of the plan. */
export interface StepPlace {
  readonly parent: PhysicalNode
  readonly meeting: PhysicalNode | undefined
}

/** The place of the inputs of a step. A union directly below a union takes turns with its neighbours as if it were not there. */
export function placeBelow(node: PhysicalNode, place: StepPlace): StepPlace {
  const isMeeting = 'inputs' in node && !isFlattened(node, place)
  return { parent: node, meeting: isMeeting ? node : place.meeting }
}

export function isFlattened(node: PhysicalNode, { parent }: StepPlace): boolean {
  return node.kind === 'union' && parent.kind === 'union'
}

/** How many inputs of other steps each step of a plan is, where that is more than one. */
export function sharedSteps(roots: readonly PhysicalNode[]): ReadonlyMap<PhysicalNode, number> {
  const uses = new Map<PhysicalNode, number>()
  const visit = (node: PhysicalNode): void => {
    const count = uses.get(node) ?? 0
    uses.set(node, count + 1)
    if (count === 0) inputsOfStep(node).forEach(visit)
  }
  roots.forEach(visit)
  return new Map([...uses].filter(([, count]) => count > 1))
}

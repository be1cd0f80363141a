import type { PhysicalNode } from './physical.ts'
import { inputsOfStep } from './physical-inputs.ts'

interface GraphNode {
  readonly id: number
  readonly type: string
  readonly pact: 'Data Source' | 'Operator' | 'Data Sink'
  readonly contents: string
  readonly parallelism: number
  readonly predecessors?: readonly { readonly id: number; readonly ship_strategy: string; readonly side: string }[]
}

/**
 * The steps of jobs as the JSON of EXPLAIN JSON_EXECUTION_PLAN: `nodes` from the sources up, each with those that send it rows. Exchanges are no nodes but the way in which rows come.
 * A step that several others read stands there once.
 */
export function executionGraph(plans: readonly PhysicalNode[], parallelism: number, describe: (node: PhysicalNode) => string): string {
  const nodes: GraphNode[] = []
  const ids = new Map<PhysicalNode, number>()
  const add = (node: PhysicalNode): number => {
    const known = ids.get(node)
    if (known !== undefined) return known
    const predecessors = inputsOfStep(node).map((input, i, inputs) => {
      const isExchange = input.kind === 'exchange'
      const side = inputs.length > 1 && i === 0 ? 'first' : 'second'
      return { id: add(isExchange ? input.input : input), ship_strategy: isExchange ? shipping(input.distribution) : 'FORWARD', side }
    })
    const id = nodes.length + 1
    ids.set(node, id)
    const contents = describe(node)
    const type = contents.slice(0, contents.indexOf('('))
    const isSource = node.kind === 'scan' || node.kind === 'values'
    nodes.push({
      id,
      type: isSource ? `Source: ${node.kind === 'scan' ? node.source.path.name : type}` : type,
      pact: isSource ? 'Data Source' : node.kind === 'sink' ? 'Data Sink' : 'Operator',
      contents,
      parallelism: node.kind === 'sink' && node.target === undefined ? 1 : parallelism,
      ...(predecessors.length > 0 ? { predecessors } : {}),
    })
    return id
  }
  plans.forEach(add)
  return JSON.stringify({ nodes }, null, 2)
}

function shipping({ kind }: { readonly kind: 'hash' | 'single' | 'any' }): string {
  return { hash: 'HASH', single: 'GLOBAL', any: 'FORWARD' }[kind]
}

import { layoutOf } from '../../data/column.ts'
import { types } from '../../data/types.ts'
import type { AggregateCall } from '../../expr/aggregate.ts'
import type { AdaptiveSampling, PhysicalNode, PhysicalOf } from '../physical.ts'

/** A rule of the physical plan, made when it is built. */
export const TWO_PHASE_AGGREGATES = 'two-phase-aggregates'

/**
 * Makes GROUP BY in two steps where rows go to other subtasks: each subtask first adds up the rows of a batch by their keys, and only these sums travel. A key that most rows have
 * then costs its subtask one row a batch and sender.
 *
 * Only of rows that are never taken back, where nothing reads the order of changes, and of aggregates that can be added up exactly and lie in a line of fixed width: the answer is
 * then the same digit for digit, which sums of floating numbers in another order are not.
 */
export function twoPhaseAggregates(node: PhysicalNode, adaptive: AdaptiveSampling | undefined): PhysicalNode {
  if (node.kind === 'group-aggregate') {
    const split = splitAggregate(node, adaptive)
    if (split !== undefined) return split
  }
  const below = (input: PhysicalNode): PhysicalNode => twoPhaseAggregates(input, adaptive)
  // The same node over inputs of the same schemas.
  if ('inputs' in node) return { ...node, inputs: node.inputs.map(below) } as PhysicalNode
  return 'input' in node ? { ...node, input: below(node.input) } : node
}

function splitAggregate(node: PhysicalOf<'group-aggregate'>, adaptive: AdaptiveSampling | undefined): PhysicalNode | undefined {
  const { input: exchange, keys, aggregates } = node
  if (exchange.kind !== 'exchange' || node.inputRetracts || node.emission === 'row' || !aggregates.every(canBeAddedUp)) return undefined
  const input = twoPhaseAggregates(exchange.input, adaptive)
  const own = keys.map((_, i) => i)
  const fields = { changes: 'append', uniqueKeys: [], upsertKeys: [] } as const
  const local: PhysicalOf<'local-group-aggregate'> = {
    ...fields,
    kind: 'local-group-aggregate',
    id: `${node.id}/local`,
    input,
    keys,
    aggregates,
    ...(adaptive === undefined ? {} : { adaptive }),
    schema: [...keys.map((key) => input.schema[key]!), { name: '$accumulators', type: types.bytes(false) }],
  }
  const distribution = keys.length === 0 ? exchange.distribution : ({ kind: 'hash', keys: own } as const)
  return { ...node, input: { ...exchange, ...fields, input: local, distribution, schema: local.schema }, keys: own, phase: 'global' }
}

/** Whether what two groups have of an aggregate gives exactly what both have together, from lines of fixed width. */
function canBeAddedUp({ name, argTypes, distinct }: AggregateCall): boolean {
  if (distinct) return false
  const [type] = argTypes
  const isFloating = type?.kind === 'FLOAT' || type?.kind === 'DOUBLE'
  switch (name) {
    case 'COUNT':
      return true
    case 'SUM':
    case 'AVG':
      return !isFloating
    case 'MIN':
    case 'MAX':
      return type !== undefined && !['bytes', 'row', 'ts'].includes(layoutOf(type))
    default:
      return false
  }
}

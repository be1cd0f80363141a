import { unreachable } from '../../base/assert.ts'
import { ArenaOwner, arenaOfThread } from '../../data/arena.ts'
import { createPipeline } from '../../expr/create-pipeline.ts'
import type { EvaluationContext } from '../../expr/function.ts'
import type { PhysicalOf } from '../../plan/physical.ts'
import { type LocalNode, type SharedPart, joinNames, localPlans } from './local-plan.ts'

export interface DescribeOptions {
  readonly parallelism: number
  readonly expressions: 'compiled' | 'interpreted'
  readonly context: EvaluationContext
}

/**
 * How this engine would run a plan: its steps with their subtasks, which functions of a pipeline are compiled, and which are called, because the
 * interpreter runs them row by row.
 */
export function describeExecution(plan: PhysicalOf<'sink'>, options: DescribeOptions): string {
  const wantsOne = plan.target === undefined
  const lines = [`Sink(subtasks=[${wantsOne ? 1 : options.parallelism}])`]
  const owner = new ArenaOwner(arenaOfThread(), 'explain')
  const numbers = new Map<SharedPart, number>()
  const draw = (reader: LocalNode, first: string, rest: string): void => {
    let node = reader
    let reuse = ''
    if (node.kind === 'reuse') {
      const number = numbers.get(node.shared)
      if (number !== undefined) {
        lines.push(`${first}Reused(reference_id=[${number}])`)
        return
      }
      numbers.set(node.shared, numbers.size + 1)
      reuse = `(reuse_id=[${numbers.size}])`
      node = node.shared.input
    }
    lines.push(first + describeNode(node, owner, options) + reuse)
    const inputs = 'inputs' in node ? node.inputs : 'input' in node ? [node.input] : []
    for (const [i, input] of inputs.entries()) {
      const isLast = i === inputs.length - 1
      draw(input, `${rest}${isLast ? '+- ' : ':- '}`, `${rest}${isLast ? '   ' : ':  '}`)
    }
  }
  try {
    draw(localPlans([plan], options.parallelism)[0]!, '+- ', '   ')
  } finally {
    owner.close()
  }
  return lines.join('\n')
}

function describeNode(node: LocalNode, owner: ArenaOwner, options: DescribeOptions): string {
  const subtasks = `subtasks=[${node.parallelism}]`
  switch (node.kind) {
    case 'source':
      return `${node.node.kind === 'scan' ? `Scan(table=[${node.node.source.path.name}], ` : 'Values('}${subtasks})`
    case 'pipeline': {
      const pipeline = createPipeline(
        { inputTypes: node.input.types, steps: node.steps },
        { owner, context: options.context, execution: options.expressions },
      )
      const { compiled, called } = pipeline.describe()
      const parts = [
        compiled.length > 0 ? [`compiled=[${compiled.join(', ')}]`] : [],
        called.length > 0 ? [`called=[${called.join(', ')}]`] : [],
      ]
      return `Pipeline(${[`steps=[${node.steps.map((step) => step.kind).join(', ')}]`, ...parts.flat(), subtasks].join(', ')})`
    }
    case 'operator':
      return `${operatorNames[node.node.kind]}(${'aggregates' in node.node && node.node.kind !== 'local-group-aggregate' ? 'state=[keyed], ' : ''}${subtasks})`
    case 'join':
      return `${joinNames[node.node.kind]}(type=[${node.node.kind === 'mark-join' ? 'mark' : node.node.joinType}], state=[keyed], ${subtasks})`
    case 'union':
      return `Union(${subtasks})`
    case 'reuse':
      return describeNode(node.shared.input, owner, options)
    case 'exchange': {
      const to = { hash: 'by key', first: 'to one subtask', same: 'forward' }[node.routing.kind]
      return `Exchange(rows=[${to}]${node.mergesByPlace ? ', order=[arrival]' : ''})`
    }
    default:
      return unreachable(node)
  }
}

const operatorNames = {
  'local-group-aggregate': 'LocalGroupAggregate',
  'group-aggregate': 'GroupAggregate',
  'window-table-function': 'WindowTableFunction',
  expand: 'Expand',
  unnest: 'Correlate',
  'window-aggregate': 'WindowAggregate',
  rank: 'Rank',
  'over-aggregate': 'OverAggregate',
  'over-by-value': 'OverByValue',
  'over-window': 'OverWindow',
  match: 'Match',
  'time-sort': 'TemporalSort',
  'window-rank': 'WindowRank',
  deduplicate: 'Deduplicate',
  'changelog-normalize': 'ChangelogNormalize',
  'sink-materializer': 'SinkUpsertMaterializer',
  'drop-update-before': 'DropUpdateBefore',
  'current-watermark': 'CurrentWatermark',
  'lookup-join': 'LookupJoin',
  limit: 'Limit',
  sort: 'Sort',
} as const

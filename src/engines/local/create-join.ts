import type { ArenaOwner } from '../../data/arena.ts'
import type { SqlType } from '../../data/types.ts'
import type { Expr } from '../../expr/expr.ts'
import type { EvaluationContext } from '../../expr/function.ts'
import { type Evaluator, prepare } from '../../expr/interpret.ts'
import { join } from '../../operators/join.ts'
import { joinCondition } from '../../operators/join-condition.ts'
import { markJoin } from '../../operators/mark-join.ts'
import type { Operator } from '../../runtime/operator.ts'
import type { CreateState } from '../../state/keyed-state.ts'
import type { JoinNode } from './local-plan.ts'

export interface CreateJoinOptions {
  readonly owner: ArenaOwner
  readonly createState: CreateState
  readonly context: EvaluationContext
  readonly execution: 'compiled' | 'interpreted'
  readonly inputTypes: readonly [left: readonly SqlType[], right: readonly SqlType[]]
  readonly types: readonly SqlType[]
  /** Something above reads the order of rows. */
  readonly ordersOutput: boolean
  /** Exchanges merge rows by their places. */
  readonly givesPlaces: boolean
}

/** The operator of one subtask of a join. */
export function createJoin(node: JoinNode, options: CreateJoinOptions): Operator {
  const { context, execution, ...rest } = options
  const { owner, inputTypes } = options
  const [left, right] = node.inputs
  const shared = {
    ...rest,
    id: node.id,
    keys: [node.leftKeys, node.rightKeys],
    nullSafe: node.nullSafe,
    retracts: [left.changes !== 'append', right.changes !== 'append'],
    mode: node.mode,
  } as const
  if (node.kind === 'mark-join') {
    const evaluator = (expr: Expr | undefined): Evaluator | undefined => (expr === undefined ? undefined : prepare(expr, context))
    return markJoin({ ...shared, condition: evaluator(node.condition), mark: evaluator(node.mark) })
  }
  return join({
    ...shared,
    joinType: node.joinType,
    condition:
      node.condition === undefined
        ? undefined
        : joinCondition(node.condition, { owner, context, execution, types: [...inputTypes[0], ...inputTypes[1]] }),
    emitsKinds: node.changes !== 'append',
  })
}

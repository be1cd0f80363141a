import { assert, unreachable } from '../../base/assert.ts'
import type { Clock } from '../../base/ports.ts'
import type { ArenaOwner } from '../../data/arena.ts'
import type { SqlType } from '../../data/types.ts'
import type { EvaluationContext } from '../../expr/function.ts'
import { byClock } from '../../operators/by-clock.ts'
import { intervalJoin } from '../../operators/interval-join.ts'
import { join } from '../../operators/join.ts'
import { joinCondition, markedPairs } from '../../operators/join-condition.ts'
import { markJoin } from '../../operators/mark-join.ts'
import { temporalJoin } from '../../operators/temporal-join.ts'
import { windowJoin } from '../../operators/window-join.ts'
import { windowTime } from '../../operators/window-time.ts'
import type { Operator } from '../../runtime/operator.ts'
import type { CreateState } from '../../state/keyed-state.ts'
import { isInstant, sessionZone } from './create-operator.ts'
import type { JoinNode } from './local-plan.ts'

export interface CreateJoinOptions {
  readonly owner: ArenaOwner
  readonly createState: CreateState
  readonly clock: Clock
  readonly context: EvaluationContext
  readonly execution: 'compiled' | 'interpreted'
  readonly inputTypes: readonly [left: readonly SqlType[], right: readonly SqlType[]]
  readonly types: readonly SqlType[]
  readonly timeZone: string
  /** Something above reads the order of rows. */
  readonly ordersOutput: boolean
  /** Exchanges merge rows by their places. */
  readonly givesPlaces: boolean
}

/** The operator of one subtask of a join. */
export function createJoin(node: JoinNode, options: CreateJoinOptions): Operator {
  const { context, execution, timeZone, clock, ...rest } = options
  const { owner, inputTypes } = options
  const [left, right] = node.inputs
  const shared = { ...rest, id: node.id, keys: [node.leftKeys, node.rightKeys], nullSafe: node.nullSafe } as const
  const retracts = [left.changes !== 'append', right.changes !== 'append'] as const
  if (node.kind === 'mark-join') {
    const { condition, mark, mode, leftEqual, rightEqual, stateTtlMs } = node
    const asks = condition !== undefined || mark !== undefined
    const answer = asks
      ? markedPairs(condition, mark, { owner, context, execution, types: [...inputTypes[0], ...inputTypes[1]] })
      : undefined
    const equal = [leftEqual, rightEqual] as const
    return markJoin({ ...shared, answer, equal, hasCondition: condition !== undefined, retracts, mode, clock, stateTtlMs })
  }
  const { joinType, condition } = node
  const types = [...inputTypes[0], ...inputTypes[1]]
  const common = {
    ...shared,
    condition: condition === undefined ? undefined : joinCondition(condition, { owner, context, execution, types }),
  }
  switch (node.kind) {
    case 'join':
      return join({
        ...common,
        joinType,
        retracts,
        emitsKinds: node.changes !== 'append',
        mode: node.mode,
        clock,
        stateTtlMs: node.stateTtlMs,
      })
    case 'interval-join': {
      const { leftTime, rightTime, lowerMs, upperMs, heldMs } = node
      assert(joinType !== 'semi' && joinType !== 'anti', 'a semi join by an interval is a plain one')
      const times = [leftTime, rightTime] as const
      const held = heldMs === undefined ? {} : { heldMs }
      const operator = intervalJoin({ ...common, joinType, times, lowerMs, upperMs, ...held })
      return node.byClock === true ? byClock({ operator, clock, owner, timeColumns: times, watermark: 'at' }) : operator
    }
    case 'temporal-join': {
      const times = [node.leftTime, node.rightTime] as const
      const held = node.heldMs === undefined ? {} : { heldMs: node.heldMs }
      const leftRetracts = left.changes !== 'append'
      return temporalJoin({ ...common, joinType: joinType === 'left' ? 'left' : 'inner', times, leftRetracts, ...held })
    }
    case 'window-join': {
      const time = windowTime(isInstant(node) ? sessionZone(timeZone) : undefined)
      return windowJoin({ ...common, joinType, ends: [node.leftBounds[1], node.rightBounds[1]], time })
    }
    default:
      return unreachable(node)
  }
}

import { unreachable } from '../../base/assert.ts'
import { userError } from '../../base/errors.ts'
import type { Clock } from '../../base/ports.ts'
import type { ArenaOwner } from '../../data/arena.ts'
import type { SqlType } from '../../data/types.ts'
import { changelogNormalize } from '../../operators/changelog-normalize.ts'
import { dropUpdateBefore } from '../../operators/drop-update-before.ts'
import { groupAggregate } from '../../operators/group-aggregate.ts'
import { limit } from '../../operators/limit.ts'
import { sort } from '../../operators/sort.ts'
import type { Operator } from '../../runtime/operator.ts'
import type { OperatorNode } from './local-plan.ts'

export interface CreateOptions {
  readonly owner: ArenaOwner
  readonly clock: Clock
  readonly inputTypes: readonly SqlType[]
  readonly types: readonly SqlType[]
  readonly batchRows: number
  readonly timeZone: string
  /** Something above reads the order of rows, so their places are wanted. */
  readonly givesPlaces: boolean
}

/** The operator of one subtask of a node. */
export function createOperator(node: OperatorNode, options: CreateOptions): Operator {
  const { owner, inputTypes, clock } = options
  switch (node.kind) {
    case 'group-aggregate':
      return groupAggregate({ ...node, owner, inputTypes, clock })
    case 'changelog-normalize':
      return changelogNormalize({ id: node.id, owner, types: inputTypes, keys: node.keys })
    case 'drop-update-before':
      return dropUpdateBefore(owner)
    case 'limit':
      return limit({ id: node.id, owner, types: inputTypes, offset: node.offset, count: node.count, inputRetracts: node.input.changes !== 'append' })
    case 'sort':
      return sort({ id: node.id, owner, types: inputTypes, keys: node.keys, offset: node.offset, count: node.count })
    case 'window-aggregate':
    case 'window-table-function':
      throw userError('unsupported/operator', `Cannot run this query: it needs the step "${node.kind}", which is not there yet`)
    default:
      return unreachable(node)
  }
}

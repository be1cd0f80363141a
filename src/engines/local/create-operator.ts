import { unreachable } from '../../base/assert.ts'
import { userError } from '../../base/errors.ts'
import type { ArenaOwner } from '../../data/arena.ts'
import type { SqlType } from '../../data/types.ts'
import type { Operator } from '../../runtime/operator.ts'
import type { OperatorNode } from './local-plan.ts'

export interface CreateOptions {
  readonly owner: ArenaOwner
  readonly inputTypes: readonly SqlType[]
  readonly types: readonly SqlType[]
  readonly batchRows: number
  readonly timeZone: string
  /** Something above reads the order of rows, so their places are wanted. */
  readonly givesPlaces: boolean
}

/** The operator of one subtask of a node. */
export function createOperator(node: OperatorNode, _options: CreateOptions): Operator {
  switch (node.kind) {
    case 'group-aggregate':
    case 'window-aggregate':
    case 'window-table-function':
    case 'changelog-normalize':
    case 'drop-update-before':
    case 'limit':
    case 'sort':
      throw userError('unsupported/operator', `Cannot run this query: it needs the step "${node.kind}", which is not there yet`)
    default:
      return unreachable(node)
  }
}

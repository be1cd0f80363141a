import type { Connector } from '../../catalog/connector.ts'
import type { PhysicalNode } from '../../plan/physical.ts'

/** Whether every table that a plan reads has an end. */
export function isBoundedPlan(plan: PhysicalNode, connectors: (name: string) => Connector | undefined): boolean {
  switch (plan.kind) {
    case 'scan': {
      const { table } = plan.source
      return connectors(table.options.get('connector') ?? '')?.source?.(table).isBounded ?? true
    }
    case 'values':
      return true
    case 'union':
    case 'join':
    case 'mark-join':
    case 'interval-join':
    case 'temporal-join':
    case 'window-join':
      return plan.inputs.every((input) => isBoundedPlan(input, connectors))
    case 'limit':
      return plan.count !== undefined || isBoundedPlan(plan.input, connectors)
    default:
      return isBoundedPlan(plan.input, connectors)
  }
}

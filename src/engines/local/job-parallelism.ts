import type { Connector } from '../../catalog/connector.ts'
import type { PhysicalNode } from '../../plan/physical.ts'
import { isBoundedPlan } from './bounded-plan.ts'

/**
 * Subtasks of a job's steps. One where sources without an end may be left out as idle (`table.exec.source.idle-timeout`): when that happens depends on the clock, and
 * several subtasks would have to see it at the same row.
 */
export function jobParallelism(
  plans: readonly PhysicalNode[],
  wanted: number,
  {
    idleTimeoutMs,
    connectors,
  }: { readonly idleTimeoutMs: number | undefined; readonly connectors: (name: string) => Connector | undefined },
): number {
  if (idleTimeoutMs === undefined || idleTimeoutMs <= 0) return wanted
  return plans.every((plan) => isBoundedPlan(plan, connectors)) ? wanted : 1
}

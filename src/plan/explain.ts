import type { LogicalNode } from './logical.ts'
export function explainPlan(plan: LogicalNode, _env: unknown, _options: unknown): string {
  return plan.kind
}

import type { LogicalNode } from './logical.ts'
import type { Rule, RuleContext } from './rule.ts'
import { foldConstants } from './rules/fold-constants.ts'
import { mergeProjects } from './rules/merge-projects.ts'
import { pruneColumns } from './rules/prune-columns.ts'
import { pruneNested } from './rules/prune-nested.ts'
import { prunePartitions } from './rules/prune-partitions.ts'
import { pushFilters } from './rules/push-filters.ts'
import { pushLimits } from './rules/push-limits.ts'
import { TWO_PHASE_AGGREGATES } from './rules/two-phase-aggregates.ts'
import { SHARE_SUBPLANS } from './share-subplans.ts'

/** The rules in the order in which they run; some run twice. */
export const rules: readonly Rule[] = [
  foldConstants,
  pushFilters,
  mergeProjects,
  prunePartitions,
  pruneColumns,
  // Pruning leaves columns out by projections of its own.
  pushFilters,
  mergeProjects,
  pruneNested,
  pushLimits,
]

/** A rule of the physical plan, made while it is built. */
export const MERGE_CALCS = 'merge-calcs'

/** Every name that `rheo.rules.disabled` takes, besides `all`. */
export const ruleNames: readonly string[] = [...new Set(rules.map((rule) => rule.name)), MERGE_CALCS, TWO_PHASE_AGGREGATES, SHARE_SUBPLANS]

/** The plan after all rules but the disabled ones. */
export function applyRules(plan: LogicalNode, context: RuleContext, disabled: ReadonlySet<string> | 'all'): LogicalNode {
  if (disabled === 'all') return plan
  return rules.filter((rule) => !disabled.has(rule.name)).reduce((current, rule) => rule.apply(current, context), plan)
}

import { type Expr, mapColumns } from '../../expr/expr.ts'
import { transform, withInputs } from '../build.ts'
import { columnsOf, conjuncts, isTrivial } from '../expression-properties.ts'
import type { LogicalNode, LogicalOf } from '../logical.ts'
import { type Rule, type RuleContext, sourceAbilities } from '../rule.ts'

/** More combinations of values are not worth listing. */
const MAX_PARTITIONS = 1000

/**
 * Tells sources which partitions a filter leaves, where it compares text partition columns with constants by `=` or OR of them. The filter stays. A table with a watermark is
 * read whole: its skipped rows would have advanced the watermark.
 */
export const prunePartitions: Rule = {
  name: 'prune-partitions',
  doc: 'Skips whole partitions that a filter leaves out',
  apply: (plan, context) =>
    transform(plan, (node) => (node.kind === 'filter' ? withInputs(node, [prune(node.input, conjuncts(node.condition), context)]) : node)),
}

function prune(node: LogicalNode, conditions: readonly Expr[], context: RuleContext): LogicalNode {
  if (node.kind === 'project') {
    const { projections } = node
    const below = conditions.filter((condition) => [...columnsOf(condition)].every((column) => isTrivial(projections[column]!)))
    return withInputs(node, [
      prune(
        node.input,
        below.map((condition) => mapColumns(condition, (column) => projections[column.index]!)),
        context,
      ),
    ])
  }
  if (node.kind !== 'scan' || node.partitions !== undefined || node.source.table.partitionedBy.length === 0) return node
  return sourceAbilities(node.source.table, context.connectors)?.canPrunePartitions === true ? pruneScan(node, conditions) : node
}

function pruneScan(node: LogicalOf<'scan'>, conditions: readonly Expr[]): LogicalNode {
  let partitions: readonly Readonly<Record<string, string>>[] = [{}]
  for (const condition of conditions) {
    const allowed = allowedValues(condition, node)
    if (allowed === undefined) continue
    const { column, values } = allowed
    partitions = partitions.flatMap((partition) => {
      const fixed = partition[column]
      if (fixed !== undefined) return values.includes(fixed) ? [partition] : []
      return values.map((value) => ({ ...partition, [column]: value }))
    })
    if (partitions.length > MAX_PARTITIONS) return node
  }
  const isComplete = node.source.table.partitionedBy.every((column) => partitions.every((partition) => column in partition))
  return isComplete ? { ...node, partitions } : node
}

interface AllowedValues {
  readonly column: string
  readonly values: readonly string[]
}

/** What `day = 'a'` or `day = 'a' OR day = 'b'` leaves of a partition column; undefined for any other condition. */
function allowedValues(condition: Expr, scan: LogicalOf<'scan'>): AllowedValues | undefined {
  if (condition.kind === 'or') {
    const parts = condition.args.map((arg) => allowedValues(arg, scan))
    const [first] = parts
    if (first === undefined || parts.some((part) => part?.column !== first.column)) return undefined
    return { column: first.column, values: [...new Set(parts.flatMap((part) => part?.values ?? []))] }
  }
  if (condition.kind !== 'call' || (condition.name !== '=' && condition.name !== 'IN')) return undefined
  const [column, ...values] = condition.name === '=' && condition.args[0]?.kind === 'literal' ? condition.args.toReversed() : condition.args
  const name = column === undefined ? undefined : partitionColumn(column, scan)
  if (name === undefined) return undefined
  const texts = values.map(textOf)
  return texts.every((text) => text !== undefined) ? { column: name, values: [...new Set(texts)] } : undefined
}

function partitionColumn(expr: Expr, scan: LogicalOf<'scan'>): string | undefined {
  const column = expr.kind === 'cast' && expr.type.kind === 'VARCHAR' && isLongText(expr.arg) ? expr.arg : expr
  if (column.kind !== 'column' || !isLongText(column)) return undefined
  const name = scan.columns[column.index]
  return name !== undefined && scan.source.table.partitionedBy.includes(name) ? name : undefined
}

/** Text of any length: a folder's name is the value as it is. */
function isLongText(expr: Expr): boolean {
  return expr.type.kind === 'VARCHAR' && expr.type.length === 2147483647
}

function textOf(expr: Expr): string | undefined {
  if (expr.kind === 'cast' && expr.type.kind === 'VARCHAR' && expr.arg.type.kind === 'CHAR') return textOf(expr.arg)
  return expr.kind === 'literal' && typeof expr.value === 'string' ? expr.value : undefined
}

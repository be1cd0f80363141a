import { type RheoError, userError } from '../base/errors.ts'
import { findColumn } from './table-definition.ts'
import { type BindContext, isBatch, pathOf } from './binder.ts'
import type { AnalyzeTable } from './syntax-statement.ts'

/**
 * ANALYZE TABLE. Everything that it names is looked for, as Flink does; then nothing is gathered, for no plan here depends on statistics, and Flink shows them
 * nowhere either.
 */
export function analyzeTable(statement: AnalyzeTable, context: BindContext): void {
  const { table: name, partition, columns } = statement
  const path = pathOf(name, context)
  const object = context.env.catalogs.get(path, name.at, 'analyze')
  const refuse = (code: string, why: string, at = name.at): RheoError => userError(code, `Cannot analyze table "${path.name}": ${why}`, at)
  if (object.kind === 'view') throw refuse('sql/not-a-table', 'it is a view, a table was wanted')
  if (object.isTemporary) throw refuse('sql/temporary-object', 'it is temporary, and statistics are kept with tables that stay')
  if (!isBatch(context))
    throw refuse('plan/analyze-in-streaming', "a stream has no statistics; SET 'execution.runtime-mode' = 'batch'", statement.at)
  const { partitionedBy } = object
  for (const { column } of partition) {
    if (partitionedBy.includes(column.name)) continue
    const known = partitionedBy.length === 0 ? 'it has no partitions' : `it is partitioned by ${partitionedBy.join(', ')}`
    throw refuse('sql/unknown-column', `there is no partition "${column.name}", ${known}`, column.at)
  }
  const missing = partitionedBy.filter((each) => !partition.some(({ column }) => column.name === each))
  if (missing.length > 0)
    throw refuse(
      'sql/partition-values',
      `PARTITION (..) does not name ${missing.join(', ')}, wanted are all of ${partitionedBy.join(', ')}`,
    )
  if (columns === undefined || columns === 'all') return
  for (const { name: column, at } of columns) {
    const found = findColumn(column, object.columns, at, 'analyze')
    if (found.kind !== 'physical') throw refuse('sql/not-physical', `column "${column}" is no physical one`, at)
  }
}

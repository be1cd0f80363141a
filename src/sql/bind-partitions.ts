import { type Position, userError } from '../base/errors.ts'
import type { ObjectPath, Table, TablePartition } from '../catalog/table.ts'
import type { PartitionDefinition, PartitionValue, TableAction } from './syntax-definition.ts'
import { bindOptions } from './table-definition.ts'

/**
 * ALTER TABLE ADD and DROP PARTITION: what the catalog notes of a table's partitions, which is what SHOW PARTITIONS lists. Rows are read from the folders that
 * exist, noted or not, as in Flink, whose catalog in memory hears nothing of them either.
 */
export function alterPartitions(
  path: ObjectPath,
  table: Table,
  action: Extract<TableAction, { kind: 'add-partitions' | 'drop-partitions' }>,
): Table {
  if (table.partitionedBy.length === 0) throw notPartitioned(path, action.kind === 'add-partitions' ? 'add' : 'drop', action.at)
  const partitions = new Map(table.partitions?.map((partition) => [partitionKey(table, partition.values), partition]))
  for (const definition of action.partitions) {
    const values = wholePartition(path, table, definition)
    const key = partitionKey(table, values)
    const name = partitionName(values)
    if (action.kind === 'add-partitions') {
      if (!partitions.has(key)) partitions.set(key, { values, options: bindOptions(definition.options) })
      else if (!action.ifNotExists)
        throw userError(
          'sql/duplicate-partition',
          `Cannot add partition "${name}" of "${path.name}": it is there; use IF NOT EXISTS`,
          definition.at,
        )
    } else if (!partitions.delete(key) && !action.ifExists) {
      throw userError(
        'sql/unknown-partition',
        `Cannot drop partition "${name}" of "${path.name}": there is none of it; use IF EXISTS`,
        definition.at,
      )
    }
  }
  return { ...table, partitions: [...partitions.values()] }
}

/** The names of SHOW PARTITIONS, `a=1/b=x`, of those that have the values of `wanted`. */
export function partitionNames(path: ObjectPath, table: Table, wanted: readonly PartitionValue[], at: Position): readonly string[] {
  if (table.partitionedBy.length === 0) throw notPartitioned(path, 'show', at)
  const values = partitionValues(path, table, wanted)
  return (table.partitions ?? [])
    .filter((partition) => [...values].every(([column, value]) => partition.values.get(column) === value))
    .map((partition) => partitionName(partition.values))
}

function notPartitioned(path: ObjectPath, verb: string, at: Position): Error {
  return userError('sql/not-partitioned', `Cannot ${verb} partitions of "${path.name}": it is not partitioned`, at)
}

/** In the order in which the statement names the columns, as Flink does. */
function partitionName(values: TablePartition['values']): string {
  return Array.from(values, ([column, value]) => `${column}=${value}`).join('/')
}

function partitionKey({ partitionedBy }: Table, values: TablePartition['values']): string {
  return JSON.stringify(partitionedBy.map((column) => values.get(column)))
}

function wholePartition(path: ObjectPath, table: Table, { values, at }: PartitionDefinition): TablePartition['values'] {
  const found = partitionValues(path, table, values)
  if (found.size === table.partitionedBy.length) return found
  throw userError(
    'sql/partition-values',
    `Cannot tell the partition of "${path.name}": found ${[...found.keys()].join(', ')}, wanted is a value for each of ${table.partitionedBy.join(', ')}`,
    at,
  )
}

function partitionValues(path: ObjectPath, table: Table, values: readonly PartitionValue[]): TablePartition['values'] {
  return new Map(
    values.map(({ column, value, at }) => {
      if (!table.partitionedBy.includes(column.name)) {
        const known = table.partitionedBy.map((name) => `"${name}"`).join(', ')
        throw userError(
          'sql/unknown-column',
          `Cannot find partition "${column.name}" of "${path.name}": it is partitioned by ${known}`,
          column.at,
        )
      }
      return [column.name, partitionText(value, at)]
    }),
  )
}

/** The text of a constant, as folders have it. */
export function partitionText(value: PartitionValue['value'], at: Position): string {
  switch (value?.kind) {
    case 'string':
      return value.value
    case 'number':
      return value.text
    case 'boolean':
      return String(value.value)
    case 'datetime':
      return value.text
    case 'unary':
      if (value.operator === '-' && value.operand.kind === 'number') return `-${value.operand.text}`
      break
    default:
  }
  throw userError(
    'sql/partition-value',
    "Cannot take the value of a partition: a constant was wanted, such as 'x', 1 or DATE '2024-01-31'",
    value?.at ?? at,
  )
}

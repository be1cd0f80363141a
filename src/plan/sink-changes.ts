import { userError } from '../base/errors.ts'
import { shortPath } from '../catalog/catalog.ts'
import type { ConnectorRegistry, SinkAbilities } from '../catalog/connector.ts'
import { hasKeyWithin } from './keys.ts'
import type { PhysicalNode, TableReference } from './physical.ts'

/**
 * Refuses a query whose changes the table cannot take: updates into a table of inserts only, and updates whose key is not within the table's primary key, so that
 * two rows of the query would overwrite each other.
 */
export function checkSinkTakes(target: TableReference, input: PhysicalNode, connectors: ConnectorRegistry): void {
  if (input.changes === 'append') return
  const name = shortPath(target.path)
  if (sinkAbilities(target, connectors)?.accepts === 'append') {
    throw userError(
      'plan/sink-takes-inserts-only',
      `Cannot write into "${name}": the table takes inserts only, but ${describeUpdates(input)}; use a window, a format of change logs, or a sink with a primary key`,
    )
  }
  const key = primaryKey(target, input)
  if (key === undefined || input.upsertKeys.length === 0 || hasKeyWithin(input.upsertKeys, key)) return
  const queryKey = input.upsertKeys[0]!.map((column) => input.schema[column]?.name ?? '').join(', ')
  throw userError(
    'plan/sink-key-differs',
    `Cannot write into "${name}": the rows of the query are keyed by (${queryKey}), the table by (${(target.table.primaryKey?.columns ?? []).join(', ')}), so rows of different keys ` +
      'overwrite each other; say which one stays by ON CONFLICT DO DEDUPLICATE, DO ERROR or DO NOTHING',
  )
}

/** False where the table finds the rows to change by its primary key. */
export function sinkWantsUpdateBefore(target: TableReference, input: PhysicalNode, connectors: ConnectorRegistry): boolean {
  if (sinkAbilities(target, connectors)?.accepts !== 'upsert') return true
  const key = primaryKey(target, input)
  return key === undefined || !hasKeyWithin(input.upsertKeys, key)
}

/** True where a file or log keeps each change. */
export function sinkKeepsChanges(target: TableReference, connectors: ConnectorRegistry): boolean {
  return sinkAbilities(target, connectors)?.keepsChanges === true
}

function sinkAbilities({ table }: TableReference, connectors: ConnectorRegistry): SinkAbilities | undefined {
  return connectors.get(table.options.get('connector') ?? '')?.sink?.(table)
}

/** The columns of the input that are the table's primary key: both have the same columns in the same order. */
function primaryKey({ table }: TableReference, input: PhysicalNode): readonly number[] | undefined {
  if (table.primaryKey === undefined) return undefined
  const persisted = table.columns.filter((column) => column.kind === 'physical' || (column.kind === 'metadata' && !column.isVirtual))
  const key = table.primaryKey.columns.map((name) => persisted.findIndex((column) => column.name === name))
  return key.every((column) => column >= 0 && column < input.schema.length) ? key : undefined
}

/** Which part of the query makes updates, in words. */
function describeUpdates(node: PhysicalNode): string {
  switch (node.kind) {
    case 'group-aggregate': {
      const keys = node.keys.map((key) => node.input.schema[key]?.name ?? '')
      return keys.length === 0 ? 'an aggregate without windows updates its row' : `GROUP BY ${keys.join(', ')} updates its rows`
    }
    case 'scan':
      return `"${shortPath(node.source.path)}" has updates and deletes`
    case 'rank':
      return node.to === 1 && node.from === 1 ? 'the first row of an order is updated' : 'the first rows of an order are updated'
    case 'union': {
      const updating = node.inputs.find((input) => input.changes !== 'append')
      return updating === undefined ? 'the query updates rows' : describeUpdates(updating)
    }
    case 'mark-join':
    case 'join': {
      const updating = node.inputs.find((input) => input.changes !== 'append')
      return updating === undefined ? 'a join takes rows back that find a match later' : describeUpdates(updating)
    }
    case 'interval-join':
    case 'window-join':
    case 'temporal-join':
      return describeUpdates(node.inputs[0])
    case 'values':
      return 'the query updates rows'
    default:
      return describeUpdates(node.input)
  }
}

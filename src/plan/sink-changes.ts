import { userError } from '../base/errors.ts'
import { shortPath } from '../catalog/catalog.ts'
import type { ConnectorRegistry, SinkAbilities } from '../catalog/connector.ts'
import { hasKeyWithin } from './keys.ts'
import type { LogicalOf } from './logical.ts'
import type { PhysicalNode, PhysicalOf, TableReference } from './physical.ts'

export interface SinkOptions {
  readonly connectors: ConnectorRegistry
  readonly mode: 'streaming' | 'batch'
  /** What INSERT says. */
  readonly onConflict: LogicalOf<'sink'>['onConflict']
  /** `table.exec.sink.upsert-materialize`. */
  readonly upsertMaterialize: 'NONE' | 'AUTO' | 'FORCE'
  /** `table.exec.sink.require-on-conflict`. */
  readonly requiresOnConflict: boolean
}

/** What stands before a sink whose primary key is not that of the query. */
export type SinkMaterializer = Pick<PhysicalOf<'sink-materializer'>, 'keys' | 'rowKey' | 'keeps'>

/**
 * Refuses a query whose changes the table cannot take: updates into a table of inserts only, and updates whose key is not within the table's primary key, so that
 * two rows of the query would overwrite each other, unless INSERT says which one stays.
 *
 * @returns What keeps the rows of each primary key, where that is needed.
 */
export function checkSinkTakes(target: TableReference, input: PhysicalNode, options: SinkOptions): SinkMaterializer | undefined {
  const { onConflict, mode, upsertMaterialize } = options
  if (mode === 'batch') return undefined
  const name = shortPath(target.path)
  const abilities = sinkAbilities(target, options.connectors)
  if (input.changes !== 'append' && abilities?.accepts === 'append') {
    throw userError(
      'plan/sink-takes-inserts-only',
      `Cannot write into "${name}": the table takes inserts only, but ${describeUpdates(input)}; use a window, a format of change logs such as debezium-json, or a connector that takes updates`,
    )
  }
  const keepsAll = abilities?.keepsChanges === true
  const findsByKey = input.changes !== 'append' && !keepsAll
  if (onConflict !== undefined) checkOnConflict(name, input, { onConflict, findsByKey, keepsAll })
  const key = primaryKey(target, input)
  if (!findsByKey || key === undefined || upsertMaterialize === 'NONE') return undefined
  const isWithin = hasKeyWithin(input.upsertKeys, key)
  if (isWithin && upsertMaterialize === 'AUTO') return undefined
  if (!isWithin && upsertMaterialize === 'AUTO' && onConflict === undefined && options.requiresOnConflict) {
    const queryKey = input.upsertKeys[0]?.map((column) => input.schema[column]?.name ?? '').join(', ')
    const keyedBy = queryKey === undefined ? 'have no key' : `are keyed by (${queryKey})`
    throw userError(
      'plan/sink-key-differs',
      `Cannot write into "${name}": the rows of the query ${keyedBy}, the table by (${(target.table.primaryKey?.columns ?? []).join(', ')}), so rows of different keys ` +
        'overwrite each other; say which one stays by ON CONFLICT DO DEDUPLICATE, DO ERROR or DO NOTHING',
    )
  }
  const [rowKey] = input.upsertKeys
  const keeps = onConflict === 'NOTHING' ? 'first' : onConflict === 'ERROR' ? 'error' : 'last'
  return { keys: key, ...(rowKey === undefined ? {} : { rowKey }), keeps }
}

/** ON CONFLICT is for tables that find rows by their key; to keep the first row, or none, the watermark has to tell when a row is settled. */
function checkOnConflict(
  name: string,
  input: PhysicalNode,
  { onConflict, findsByKey, keepsAll }: { readonly onConflict: string; readonly findsByKey: boolean; readonly keepsAll: boolean },
): void {
  if (!findsByKey) {
    const reason = keepsAll && input.changes !== 'append' ? 'the table keeps every change' : 'the rows of the query are only added'
    throw userError('plan/on-conflict', `Cannot use ON CONFLICT with "${name}": ${reason}, and updates by a primary key were wanted`)
  }
  if (onConflict === 'DEDUPLICATE') return
  const without = tablesWithoutWatermark(input)
  if (without.length === 0) return
  throw userError(
    'plan/on-conflict-needs-watermark',
    `Cannot use ON CONFLICT DO ${onConflict} with "${name}": ${without.map((table) => `"${table}"`).join(', ')} has no watermark, which tells when a row is settled; ` +
      'add WATERMARK FOR, or use DO DEDUPLICATE',
  )
}

function tablesWithoutWatermark(node: PhysicalNode): readonly string[] {
  if (node.kind === 'scan') return node.source.table.watermark === undefined ? [shortPath(node.source.path)] : []
  const inputs = 'inputs' in node ? node.inputs : 'input' in node ? [node.input] : []
  return inputs.flatMap(tablesWithoutWatermark)
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
export function primaryKey({ table }: TableReference, input: PhysicalNode): readonly number[] | undefined {
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

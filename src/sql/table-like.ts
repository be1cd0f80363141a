import { userError } from '../base/errors.ts'
import type { Table, TableColumn } from '../catalog/table.ts'
import type { ColumnDefinition, CreateTable, LikeOption, TableLike } from './syntax-definition.ts'

type Feature = Exclude<LikeOption['feature'], 'ALL'>
type Strategy = LikeOption['strategy']

const defaults: Readonly<Record<Feature, Strategy>> = {
  OPTIONS: 'OVERWRITING',
  WATERMARKS: 'INCLUDING',
  GENERATED: 'INCLUDING',
  METADATA: 'INCLUDING',
  CONSTRAINTS: 'INCLUDING',
  PARTITIONS: 'INCLUDING',
  DISTRIBUTION: 'INCLUDING',
}

/** What a table takes over from the one that it is LIKE. */
export interface Inherited {
  /** Columns of the base, in order; a computed or metadata column that the new table defines again is left in its place by name. */
  readonly columns: readonly TableColumn[]
  readonly watermark: Table['watermark']
  readonly primaryKey: Table['primaryKey']
  readonly partitionedBy: readonly string[]
  readonly distribution: Table['distribution']
  readonly options: ReadonlyMap<string, string>
}

/**
 * The parts of `base` that CREATE TABLE ... LIKE takes over, by the rules of Flink: all of it with its own options winning, unless told otherwise.
 *
 * @throws {RheoError} `sql/like-conflict` when both define what INCLUDING allows only once.
 */
export function inherit(base: Table, like: TableLike, statement: CreateTable): Inherited {
  const strategies = strategiesOf(like)
  const own = new Map(statement.columns.map((column) => [column.name.name, column]))
  const columns = base.columns.filter((column) => keepsColumn(column, own.get(column.name), strategies))
  const conflict = (what: string, feature: Feature): Error =>
    userError(
      'sql/like-conflict',
      `Cannot take over the ${what} of the base table: the new table has its own; say EXCLUDING ${feature} or OVERWRITING ${feature}`,
      like.at,
    )
  const takes = <T>(feature: Feature, ofBase: T | undefined, isOwn: boolean, what: string): T | undefined => {
    const strategy = strategies[feature]
    if (strategy === 'EXCLUDING' || ofBase === undefined) return undefined
    if (isOwn && strategy === 'INCLUDING') throw conflict(what, feature)
    return isOwn ? undefined : ofBase
  }
  const hasKey =
    statement.constraints.length > 0 ||
    statement.columns.some((column) => column.kind === 'physical-column' && column.constraint !== undefined)
  return {
    columns,
    watermark: takes('WATERMARKS', base.watermark, statement.watermark !== undefined, 'watermark'),
    primaryKey: takes('CONSTRAINTS', base.primaryKey, hasKey, 'primary key'),
    partitionedBy:
      takes(
        'PARTITIONS',
        base.partitionedBy.length > 0 ? base.partitionedBy : undefined,
        statement.partitionedBy.length > 0,
        'partitions',
      ) ?? [],
    distribution: takes('DISTRIBUTION', base.distribution, statement.distribution !== undefined, 'distribution'),
    options: inheritOptions(base, statement, strategies.OPTIONS, like),
  }
}

function strategiesOf(like: TableLike): Readonly<Record<Feature, Strategy>> {
  const strategies = { ...defaults }
  for (const { feature, strategy } of like.options) {
    if (feature === 'ALL') for (const each of Object.keys(strategies)) strategies[each as Feature] = strategy
  }
  for (const [i, { feature, at }] of like.options.entries()) {
    if (like.options.findIndex((other) => other.feature === feature) < i)
      throw userError('sql/like-option', `Cannot say what becomes of ${feature} twice`, at)
  }
  for (const { feature, strategy, at } of like.options) {
    if (feature === 'ALL') continue
    if (strategy === 'OVERWRITING' && (feature === 'CONSTRAINTS' || feature === 'PARTITIONS' || feature === 'DISTRIBUTION')) {
      throw userError('sql/like-option', `Cannot say OVERWRITING ${feature}: wanted is INCLUDING or EXCLUDING`, at)
    }
    strategies[feature] = strategy
  }
  return strategies
}

function keepsColumn(column: TableColumn, own: ColumnDefinition | undefined, strategies: Readonly<Record<Feature, Strategy>>): boolean {
  if (column.kind === 'physical') {
    if (own === undefined) return true
    throw userError('sql/duplicate-column', `Cannot define column "${column.name}": the base table has it already`, own.at)
  }
  const feature = column.kind === 'computed' ? 'GENERATED' : 'METADATA'
  if (strategies[feature] === 'EXCLUDING') return false
  if (own !== undefined && strategies[feature] === 'INCLUDING') {
    throw userError(
      'sql/like-conflict',
      `Cannot define column "${column.name}": the base table has it already; say EXCLUDING ${feature} or OVERWRITING ${feature}`,
      own.at,
    )
  }
  return true
}

function inheritOptions(base: Table, statement: CreateTable, strategy: Strategy, like: TableLike): ReadonlyMap<string, string> {
  if (strategy === 'EXCLUDING') return new Map()
  if (strategy === 'INCLUDING') {
    const repeated = statement.options.find(({ key }) => base.options.has(key.value))
    if (repeated !== undefined) {
      throw userError(
        'sql/like-conflict',
        `Cannot set option "${repeated.key.value}": the base table has it already; say OVERWRITING OPTIONS`,
        like.at,
      )
    }
  }
  return base.options
}

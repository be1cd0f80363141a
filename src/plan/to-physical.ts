import { assert, unreachable } from '../base/assert.ts'
import { userError } from '../base/errors.ts'
import { formatPath, shortPath } from '../catalog/catalog.ts'
import type { SourceAbilities } from '../catalog/connector.ts'
import type { Schema } from '../catalog/schema.ts'
import type { SqlType } from '../data/types.ts'
import type { Expr } from '../expr/expr.ts'
import { allColumns } from './build.ts'
import { watermarkColumns } from './current-watermark.ts'
import { keysAfterHash, mapKeys } from './keys.ts'
import type { LogicalNode, LogicalOf } from './logical.ts'
import { lowerAggregate } from './lower-aggregates.ts'
import { lowerJoin, lowerLookupJoin, lowerTemporalJoin } from './lower-joins.ts'
import { lowerMatch, lowerOver, lowerRank, lowerSort } from './lower-ordered.ts'
import { type Lowering, type Needs, type NodeFields, type PhysicalOptions, fieldsOf, keyNames } from './lowering.ts'
import type { Distribution, PhysicalNode, PhysicalOf, TableReference } from './physical.ts'
import { sourceAbilities } from './rule.ts'
import { composed } from './rules/merge-projects.ts'
import { type SinkMaterializer, checkSinkTakes, primaryKey, sinkKeepsChanges, sinkWantsUpdateBefore } from './sink-changes.ts'
import { StableIds } from './stable-ids.ts'
import { isByClock } from './window-properties.ts'

/**
 * Turns a logical plan into steps for an engine: adds exchanges, decides for every node which kinds of changes leave it, by which columns they find each other, and
 * where -U can be left out, because the sink finds rows by their key.
 */
export function toPhysical(plan: LogicalNode, options: PhysicalOptions): PhysicalNode {
  return new PhysicalPlanner(options).plan(plan)
}

class PhysicalPlanner implements Lowering {
  readonly options: PhysicalOptions
  ids = new StableIds()

  constructor(options: PhysicalOptions) {
    this.options = options
  }

  get stateTtlMs(): number {
    return this.options.mode === 'batch' ? 0 : this.options.stateTtlMs
  }

  plan(plan: LogicalNode): PhysicalNode {
    const sink: LogicalOf<'sink'> =
      plan.kind === 'sink' ? plan : { kind: 'sink', input: plan, target: undefined, overwrite: false, partition: {}, schema: plan.schema }
    return this.#sink(sink)
  }

  lower(node: LogicalNode, needs: Needs): PhysicalNode {
    switch (node.kind) {
      case 'scan':
        return this.#scan(node, needs)
      case 'values':
        return {
          kind: 'values',
          id: this.id('values', needs),
          rows: node.rows,
          schema: node.schema,
          changes: 'append',
          uniqueKeys: [],
          upsertKeys: [],
        }
      case 'filter':
        return this.#filter(node, needs)
      case 'project':
        return this.#project(node, needs)
      case 'watermark':
        return this.#watermark(node, needs)
      case 'window-table-function':
        return this.#windowTableFunction(node, needs)
      case 'expand':
        return this.#expand(node, needs)
      case 'unnest': {
        const id = this.id('unnest', needs)
        const input = this.lower(node.input, { ...needs, updateBefore: true })
        const { collection, withOrdinality, condition, joinType, schema } = node
        return {
          kind: 'unnest',
          id,
          input,
          collection,
          withOrdinality,
          ...(condition === undefined ? {} : { condition }),
          joinType,
          schema,
          changes: input.changes,
          uniqueKeys: [],
          upsertKeys: [],
        }
      }
      case 'aggregate':
        return lowerAggregate(this, node, needs)
      case 'union': {
        const inputs = node.inputs.map((input, i) => this.lower(input, { ...needs, path: `${needs.path}/union ${i}` }))
        // Rows of one key may come from several inputs, so nothing finds them by key.
        const changes = inputs.every((input) => input.changes === 'append') ? 'append' : 'retract'
        return { kind: 'union', id: this.id('union', needs), inputs, schema: node.schema, changes, uniqueKeys: [], upsertKeys: [] }
      }
      case 'over':
        return lowerOver(this, node, needs)
      case 'match':
        return lowerMatch(this, node, needs)
      case 'rank':
        return lowerRank(this, node, needs)
      case 'join':
        return lowerJoin(this, node, needs)
      case 'temporal-join':
        return lowerTemporalJoin(this, node, needs)
      case 'lookup-join':
        return lowerLookupJoin(this, node, needs)
      case 'sort':
        return lowerSort(this, node, needs)
      case 'sink':
        assert(false, 'a sink is the root of a plan')
        break
      default:
        return unreachable(node)
    }
  }

  id(kind: string, needs: Needs): string {
    return this.ids.next(kind, `${needs.path}/${kind}`)
  }

  #scan(node: LogicalOf<'scan'>, needs: Needs): PhysicalNode {
    const { source, columns, metadata, nestedPaths, partitions, limit } = node
    const name = formatPath(source.path)
    const abilities = sourceAbilities(source.table, this.options.connectors)
    assert(abilities !== undefined, `the binder found a source for ${name}`)
    this.#checkScan(shortPath(source.path), abilities)
    const key = (source.table.primaryKey?.columns ?? []).map((column) => columns.indexOf(column))
    const hasKey = key.length > 0 && !key.includes(-1)
    const upsertKeys = hasKey ? [key] : []
    const scan: PhysicalOf<'scan'> = {
      kind: 'scan',
      id: this.ids.next('scan', `${needs.path}/scan ${name}`),
      source,
      columns,
      metadata,
      ...(nestedPaths === undefined ? {} : { nestedPaths }),
      ...(partitions === undefined ? {} : { partitions }),
      ...(limit === undefined ? {} : { limit }),
      schema: node.schema,
      changes: abilities.changes,
      // A key that is NOT ENFORCED may be there twice.
      uniqueKeys: [],
      upsertKeys,
    }
    if (abilities.changes === 'upsert' && !hasKey) {
      throw userError(
        'plan/upsert-needs-key',
        `Cannot read "${name}": its changes have no -U, so the table needs a PRIMARY KEY`,
        source.table.place?.position,
      )
    }
    if (abilities.changes === 'upsert') return this.#normalize(scan, key, needs)
    if (abilities.changes === 'retract' && hasKey && this.options.repeatedChanges)
      return this.#normalize(this.dropUpdateBefore(scan, needs), key, needs)
    return scan.changes === 'retract' && !needs.updateBefore ? this.dropUpdateBefore(scan, needs) : scan
  }

  #checkScan(name: string, abilities: SourceAbilities): void {
    if (this.options.mode === 'streaming') return
    if (abilities.changes !== 'append') {
      throw userError(
        'plan/batch-needs-inserts-only',
        `Cannot read "${name}" in batch mode: its rows are updated and deleted, and batch mode reads inserts only; use streaming mode`,
      )
    }
    if (!abilities.isBounded) {
      throw userError('plan/batch-needs-bounded', `Cannot read "${name}" in batch mode: it has no end; use streaming mode or bound it`)
    }
  }

  #normalize(input: PhysicalNode, keys: readonly number[], needs: Needs): PhysicalNode {
    const exchanged = this.exchange(input, { kind: 'hash', keys }, needs)
    const path = `${needs.path}/changelog-normalize(${keyNames(input.schema, keys)})`
    const fields: NodeFields = { schema: input.schema, changes: 'retract', uniqueKeys: [keys], upsertKeys: [keys] }
    return {
      kind: 'changelog-normalize',
      id: this.ids.next('changelog-normalize', path),
      input: exchanged,
      keys,
      stateTtlMs: this.stateTtlMs,
      ...fields,
    }
  }

  dropUpdateBefore(input: PhysicalNode, needs: Needs): PhysicalNode {
    const { schema, uniqueKeys, upsertKeys } = input
    return {
      kind: 'drop-update-before',
      id: this.id('drop-update-before', needs),
      input,
      schema,
      changes: 'upsert',
      uniqueKeys,
      upsertKeys,
    }
  }

  exchange(input: PhysicalNode, distribution: Distribution, needs: Needs): PhysicalNode {
    const { schema, changes, uniqueKeys } = input
    const upsertKeys = distribution.kind === 'hash' ? keysAfterHash(input.upsertKeys, distribution.keys) : input.upsertKeys
    return { kind: 'exchange', id: this.id('exchange', needs), input, distribution, schema, changes, uniqueKeys, upsertKeys }
  }

  #filter(node: LogicalOf<'filter'>, needs: Needs): PhysicalNode {
    // An update may begin or stop to pass a filter, so the rows before and after it are both needed, unless the filter reads the key only.
    const id = this.id('calc', needs)
    const input = this.lower(node.input, { ...needs, updateBefore: true })
    return this.calc(id, input, node.condition, allColumns(node.schema), node.schema)
  }

  #project(node: LogicalOf<'project'>, needs: Needs): PhysicalNode {
    const id = this.id('calc', needs)
    if (node.input.kind === 'filter' && this.options.mergesCalcs) {
      const input = this.lower(node.input.input, { ...needs, updateBefore: true })
      return this.calc(id, input, node.input.condition, node.projections, node.schema)
    }
    return this.calc(id, this.lower(node.input, needs), undefined, node.projections, node.schema)
  }

  calc(id: string, input: PhysicalNode, condition: Expr | undefined, projections: readonly Expr[], schema: Schema): PhysicalNode {
    const watermarks = watermarkColumns(condition === undefined ? projections : [...projections, condition], input.schema.length)
    if (watermarks !== undefined) {
      const below = this.#currentWatermark(id, input, watermarks.types)
      const replaced = condition === undefined ? undefined : watermarks.replace(condition)
      return this.calc(id, below, replaced, projections.map(watermarks.replace), schema)
    }
    const merged =
      input.kind === 'calc' && condition === undefined && this.options.mergesCalcs ? composed(projections, input.projections) : undefined
    if (merged !== undefined && input.kind === 'calc') return this.calc(input.id, input.input, input.condition, merged, schema)
    const fields: NodeFields = {
      schema,
      changes: input.changes,
      uniqueKeys: mapKeys(input.uniqueKeys, projections),
      upsertKeys: mapKeys(input.upsertKeys, projections),
    }
    const calc = { kind: 'calc', id, input, projections, ...fields } as const
    return condition === undefined ? calc : { ...calc, condition }
  }

  #currentWatermark(id: string, input: PhysicalNode, types: readonly SqlType[]): PhysicalNode {
    const schema = [...input.schema, ...types.map((type, i) => ({ name: `$watermark${i}`, type }))]
    return { ...fieldsOf(input, schema), kind: 'current-watermark', id: `${id}/current-watermark`, input, types }
  }

  #watermark(node: LogicalOf<'watermark'>, needs: Needs): PhysicalNode {
    const id = this.ids.next('watermark', `${needs.path}/watermark`)
    const input = this.lower(node.input, needs)
    const { timeColumn, expression } = node
    return {
      ...fieldsOf(input, node.schema),
      kind: 'watermark',
      id,
      input,
      timeColumn,
      expression,
      intervalMs: this.options.watermarkIntervalMs,
    }
  }

  #windowTableFunction(node: LogicalOf<'window-table-function'>, needs: Needs): PhysicalNode {
    const { id, input } = this.#windowInput(node, needs)
    const start = node.input.schema.length
    // A row is there once for each of its windows.
    const perWindow = (key: readonly number[]): readonly number[] => [...key, start, start + 1]
    return {
      kind: 'window-table-function',
      id,
      input,
      timeColumn: node.timeColumn,
      window: node.window,
      ...(isByClock(node) && this.options.mode === 'streaming' ? { byClock: true } : {}),
      schema: node.schema,
      changes: input.changes,
      uniqueKeys: input.uniqueKeys.map(perWindow),
      upsertKeys: input.upsertKeys.map(perWindow),
    }
  }

  /** Sessions belong to keys, other windows to rows. */
  #windowInput(node: LogicalOf<'window-table-function'>, needs: Needs): { readonly id: string; readonly input: PhysicalNode } {
    if (node.window.kind !== 'session')
      return { id: this.id('window-table-function', needs), input: this.lower(node.input, { ...needs, updateBefore: true }) }
    const keys = node.window.partitionKeys
    const path = `${needs.path}/session-window(${keyNames(node.input.schema, keys)})`
    const id = this.ids.next('session-window', path)
    const below: Needs = { ...needs, path, updateBefore: true }
    const input = this.exchange(this.lower(node.input, below), keys.length === 0 ? { kind: 'single' } : { kind: 'hash', keys }, below)
    return { id, input }
  }

  #expand(node: LogicalOf<'expand'>, needs: Needs): PhysicalNode {
    const id = this.id('expand', needs)
    const input = this.lower(node.input, { ...needs, updateBefore: true })
    const { keys, sets, schema } = node
    const perSet = (key: readonly number[]): readonly number[] => [...key, schema.length - 1]
    return {
      kind: 'expand',
      id,
      input,
      keys,
      sets,
      schema,
      changes: input.changes,
      uniqueKeys: input.uniqueKeys.map(perSet),
      upsertKeys: input.upsertKeys.map(perSet),
    }
  }

  #sink(node: LogicalOf<'sink'>): PhysicalNode {
    const { target, overwrite, partition, schema } = node
    const path = target === undefined ? 'sink' : `sink ${formatPath(target.path)}`
    const lower = (updateBefore: boolean, order: boolean): PhysicalNode => {
      this.ids = new StableIds()
      return this.lower(node.input, { updateBefore, order, path })
    }
    let input = lower(true, false)
    if (target !== undefined) {
      const { connectors } = this.options
      const materializer = checkSinkTakes(target, input, { ...this.options, onConflict: node.onConflict })
      if (materializer !== undefined) return this.#materialized(node, materializer, path)
      const wantsUpdateBefore = sinkWantsUpdateBefore(target, input, connectors)
      const order = sinkKeepsChanges(target, connectors)
      if (input.changes !== 'append' && (order || !wantsUpdateBefore)) input = lower(wantsUpdateBefore, order)
      input = this.#inOrder(input, target, { updateBefore: wantsUpdateBefore, order, path })
    }
    return { ...fieldsOf(input, schema), kind: 'sink', id: this.ids.next('sink', path), input, target, overwrite, partition }
  }

  /**
   * Blocks of one table are read by several subtasks, so the changes of one row come in their order only where they have met on the way. Rows of one primary key
   * overwrite each other, also where they are only added.
   */
  #inOrder(input: PhysicalNode, target: TableReference, needs: Needs): PhysicalNode {
    const key = primaryKey(target, input) ?? (input.changes === 'append' ? undefined : (input.upsertKeys[0] ?? []))
    if (key === undefined || hasExchange(input)) return input
    return this.exchange(input, key.length === 0 ? { kind: 'single' } : { kind: 'hash', keys: key }, needs)
  }

  /** A sink behind what keeps the rows of each of its primary keys. */
  #materialized(
    { input: query, target, overwrite, partition, schema }: LogicalOf<'sink'>,
    materializer: SinkMaterializer,
    path: string,
  ): PhysicalNode {
    this.ids = new StableIds()
    const { keys } = materializer
    const ownPath = `${path}/sink-materializer(${keyNames(query.schema, keys)})`
    const below: Needs = { path: ownPath, order: true, updateBefore: true }
    const id = this.ids.next('sink-materializer', ownPath)
    const lowered = this.exchange(this.lower(query, below), { kind: 'hash', keys }, below)
    const fields: NodeFields = { schema: lowered.schema, changes: 'upsert', uniqueKeys: [keys], upsertKeys: [keys] }
    const stateTtlMs = this.stateTtlMs
    const input: PhysicalNode = { ...fields, kind: 'sink-materializer', id, input: lowered, ...materializer, stateTtlMs }
    return { ...fieldsOf(input, schema), kind: 'sink', id: this.ids.next('sink', path), input, target, overwrite, partition }
  }
}

function hasExchange(node: PhysicalNode): boolean {
  if (node.kind === 'exchange') return true
  return 'inputs' in node ? node.inputs.some(hasExchange) : 'input' in node && hasExchange(node.input)
}

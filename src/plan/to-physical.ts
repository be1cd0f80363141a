import { assert, unreachable } from '../base/assert.ts'
import { userError } from '../base/errors.ts'
import { formatPath, shortPath } from '../catalog/catalog.ts'
import type { SourceAbilities } from '../catalog/connector.ts'
import type { Schema } from '../catalog/schema.ts'
import { readsArrivalOrder } from '../expr/aggregates.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import { type Expr, mapColumns } from '../expr/expr.ts'
import { type SqlType, withNullability } from '../data/types.ts'
import { allColumns, columnOf, noRows } from './build.ts'
import { readsNoColumns } from './expression-properties.ts'
import { watermarkColumns } from './current-watermark.ts'
import { conjunction, conjuncts, expressionKey } from './expression-properties.ts'
import { markOneWay } from './growing-columns.ts'
import { type IntervalBounds, mixesTimes } from './interval-bounds.ts'
import { checkRange, streamingOver } from './streaming-over.ts'
import { type JoinKeys, type KeyPair, joinKeys, joinedKeys, keyPair, withKeyColumns } from './join-keys.ts'
import { keysAfterHash, mapKeys } from './keys.ts'
import type { LogicalNode, LogicalOf } from './logical.ts'
import type { Distribution, LookupKey, PhysicalNode, PhysicalOf, TableReference } from './physical.ts'
import { markedByEquality } from './mark-keys.ts'
import { type RuleContext, sourceAbilities } from './rule.ts'
import {
  type SinkMaterializer,
  type SinkOptions,
  checkSinkTakes,
  primaryKey,
  sinkKeepsChanges,
  sinkWantsUpdateBefore,
} from './sink-changes.ts'
import { composed } from './rules/merge-projects.ts'
import { StableIds } from './stable-ids.ts'
import { timedJoin } from './timed-join.ts'
import {
  type WindowBounds,
  type WindowColumns,
  isByClock,
  isWindowAggregate,
  joinsWindowsByClock,
  windowColumns,
} from './window-properties.ts'
import { type PulledWindow, pullWindow } from './pull-window.ts'

export interface PhysicalOptions extends RuleContext, Pick<SinkOptions, 'upsertMaterialize' | 'requiresOnConflict'> {
  /** 0: for ever. */
  readonly stateTtlMs: number
  readonly watermarkIntervalMs: number
  /** Change logs of sources with a primary key may repeat events. */
  readonly repeatedChanges: boolean
  readonly mergesCalcs: boolean
}

/** What the operators above want of a node's rows. */
interface Needs {
  /** -U before +U. */
  readonly updateBefore: boolean
  /** Something above reads the order in which rows arrive. */
  readonly order: boolean
  /** The stateful operators above, from the sink down. */
  readonly path: string
}

type NodeFields = Pick<PhysicalNode, 'schema' | 'changes' | 'uniqueKeys' | 'upsertKeys'>

/**
 * Turns a logical plan into steps for an engine: adds exchanges, decides for every node which kinds of changes leave it, by which columns they find each other, and
 * where -U can be left out, because the sink finds rows by their key.
 */
export function toPhysical(plan: LogicalNode, options: PhysicalOptions): PhysicalNode {
  return new PhysicalPlanner(options).plan(plan)
}

interface JoinPlan {
  readonly kind: 'join' | 'interval-join' | 'window-join' | 'temporal-join'
  readonly keys: JoinKeys
  /** By side, whether the order in which its rows arrive is read. */
  readonly order: readonly [boolean, boolean]
  /** By side, whether -U is wanted. */
  readonly updateBefore?: readonly [boolean, boolean]
}

interface JoinSide {
  readonly input: PhysicalNode
  readonly keys: readonly number[]
}

class PhysicalPlanner {
  readonly #options: PhysicalOptions
  #ids = new StableIds()

  constructor(options: PhysicalOptions) {
    this.#options = options
  }

  plan(plan: LogicalNode): PhysicalNode {
    const sink: LogicalOf<'sink'> =
      plan.kind === 'sink' ? plan : { kind: 'sink', input: plan, target: undefined, overwrite: false, partition: {}, schema: plan.schema }
    return this.#sink(sink)
  }

  #lower(node: LogicalNode, needs: Needs): PhysicalNode {
    switch (node.kind) {
      case 'scan':
        return this.#scan(node, needs)
      case 'values':
        return {
          kind: 'values',
          id: this.#id('values', needs),
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
        const id = this.#id('unnest', needs)
        const input = this.#lower(node.input, { ...needs, updateBefore: true })
        const { collection, withOrdinality, joinType, schema } = node
        return {
          kind: 'unnest',
          id,
          input,
          collection,
          withOrdinality,
          joinType,
          schema,
          changes: input.changes,
          uniqueKeys: [],
          upsertKeys: [],
        }
      }
      case 'aggregate':
        return this.#aggregate(node, needs)
      case 'union': {
        const inputs = node.inputs.map((input, i) => this.#lower(input, { ...needs, path: `${needs.path}/union ${i}` }))
        // Rows of one key may come from several inputs, so nothing finds them by key.
        const changes = inputs.every((input) => input.changes === 'append') ? 'append' : 'retract'
        return { kind: 'union', id: this.#id('union', needs), inputs, schema: node.schema, changes, uniqueKeys: [], upsertKeys: [] }
      }
      case 'over':
        return this.#over(node, needs)
      case 'match':
        return this.#match(node, needs)
      case 'rank':
        return this.#rank(node, needs)
      case 'join':
        return this.#join(node, needs)
      case 'temporal-join':
        return this.#temporalJoin(node, needs)
      case 'lookup-join':
        return this.#lookupJoin(node, needs)
      case 'sort':
        return this.#sort(node, needs)
      case 'sink':
        assert(false, 'a sink is the root of a plan')
        break
      default:
        return unreachable(node)
    }
  }

  /** Input that ends needs no end of its state. */
  get #stateTtlMs(): number {
    return this.#options.mode === 'batch' ? 0 : this.#options.stateTtlMs
  }

  #id(kind: string, needs: Needs): string {
    return this.#ids.next(kind, `${needs.path}/${kind}`)
  }

  // --- sources ---

  #scan(node: LogicalOf<'scan'>, needs: Needs): PhysicalNode {
    const { source, columns, metadata, nestedPaths, partitions, limit } = node
    const name = formatPath(source.path)
    const abilities = sourceAbilities(source.table, this.#options.connectors)
    assert(abilities !== undefined, `the binder found a source for ${name}`)
    this.#checkScan(shortPath(source.path), abilities)
    const key = (source.table.primaryKey?.columns ?? []).map((column) => columns.indexOf(column))
    const hasKey = key.length > 0 && !key.includes(-1)
    const upsertKeys = hasKey ? [key] : []
    const scan: PhysicalOf<'scan'> = {
      kind: 'scan',
      id: this.#ids.next('scan', `${needs.path}/scan ${name}`),
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
    if (abilities.changes === 'retract' && hasKey && this.#options.repeatedChanges)
      return this.#normalize(this.#dropUpdateBefore(scan, needs), key, needs)
    return scan.changes === 'retract' && !needs.updateBefore ? this.#dropUpdateBefore(scan, needs) : scan
  }

  #checkScan(name: string, abilities: SourceAbilities): void {
    if (this.#options.mode === 'streaming') return
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
    const exchanged = this.#exchange(input, { kind: 'hash', keys }, needs)
    const path = `${needs.path}/changelog-normalize(${keyNames(input.schema, keys)})`
    const fields: NodeFields = { schema: input.schema, changes: 'retract', uniqueKeys: [keys], upsertKeys: [keys] }
    return {
      kind: 'changelog-normalize',
      id: this.#ids.next('changelog-normalize', path),
      input: exchanged,
      keys,
      stateTtlMs: this.#stateTtlMs,
      ...fields,
    }
  }

  #dropUpdateBefore(input: PhysicalNode, needs: Needs): PhysicalNode {
    const { schema, uniqueKeys, upsertKeys } = input
    return {
      kind: 'drop-update-before',
      id: this.#id('drop-update-before', needs),
      input,
      schema,
      changes: 'upsert',
      uniqueKeys,
      upsertKeys,
    }
  }

  #exchange(input: PhysicalNode, distribution: Distribution, needs: Needs): PhysicalNode {
    const { schema, changes, uniqueKeys } = input
    const upsertKeys = distribution.kind === 'hash' ? keysAfterHash(input.upsertKeys, distribution.keys) : input.upsertKeys
    return { kind: 'exchange', id: this.#id('exchange', needs), input, distribution, schema, changes, uniqueKeys, upsertKeys }
  }

  // --- row by row ---

  #filter(node: LogicalOf<'filter'>, needs: Needs): PhysicalNode {
    // An update may begin or stop to pass a filter, so the rows before and after it are both needed, unless the filter reads the key only.
    const id = this.#id('calc', needs)
    const input = this.#lower(node.input, { ...needs, updateBefore: true })
    return this.#calc(id, input, node.condition, allColumns(node.schema), node.schema)
  }

  #project(node: LogicalOf<'project'>, needs: Needs): PhysicalNode {
    const id = this.#id('calc', needs)
    if (node.input.kind === 'filter' && this.#options.mergesCalcs) {
      const input = this.#lower(node.input.input, { ...needs, updateBefore: true })
      return this.#calc(id, input, node.input.condition, node.projections, node.schema)
    }
    return this.#calc(id, this.#lower(node.input, needs), undefined, node.projections, node.schema)
  }

  #calc(id: string, input: PhysicalNode, condition: Expr | undefined, projections: readonly Expr[], schema: Schema): PhysicalNode {
    const watermarks = watermarkColumns(condition === undefined ? projections : [...projections, condition], input.schema.length)
    if (watermarks !== undefined) {
      const below = this.#currentWatermark(id, input, watermarks.types)
      const replaced = condition === undefined ? undefined : watermarks.replace(condition)
      return this.#calc(id, below, replaced, projections.map(watermarks.replace), schema)
    }
    const merged =
      input.kind === 'calc' && condition === undefined && this.#options.mergesCalcs ? composed(projections, input.projections) : undefined
    if (merged !== undefined && input.kind === 'calc') return this.#calc(input.id, input.input, input.condition, merged, schema)
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
    const id = this.#ids.next('watermark', `${needs.path}/watermark`)
    const input = this.#lower(node.input, needs)
    const { timeColumn, expression } = node
    return {
      ...fieldsOf(input, node.schema),
      kind: 'watermark',
      id,
      input,
      timeColumn,
      expression,
      intervalMs: this.#options.watermarkIntervalMs,
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
      ...(isByClock(node) && this.#options.mode === 'streaming' ? { byClock: true } : {}),
      schema: node.schema,
      changes: input.changes,
      uniqueKeys: input.uniqueKeys.map(perWindow),
      upsertKeys: input.upsertKeys.map(perWindow),
    }
  }

  /** Sessions belong to keys, other windows to rows. */
  #windowInput(node: LogicalOf<'window-table-function'>, needs: Needs): { readonly id: string; readonly input: PhysicalNode } {
    if (node.window.kind !== 'session')
      return { id: this.#id('window-table-function', needs), input: this.#lower(node.input, { ...needs, updateBefore: true }) }
    const keys = node.window.partitionKeys
    const path = `${needs.path}/session-window(${keyNames(node.input.schema, keys)})`
    const id = this.#ids.next('session-window', path)
    const below: Needs = { ...needs, path, updateBefore: true }
    const input = this.#exchange(this.#lower(node.input, below), keys.length === 0 ? { kind: 'single' } : { kind: 'hash', keys }, below)
    return { id, input }
  }

  #expand(node: LogicalOf<'expand'>, needs: Needs): PhysicalNode {
    const id = this.#id('expand', needs)
    const input = this.#lower(node.input, { ...needs, updateBefore: true })
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

  // --- joins ---

  #join(node: LogicalOf<'join'>, needs: Needs): PhysicalNode {
    const { joinType } = node
    if (joinType === 'mark') return this.#markJoin(node, needs)
    const isFinal = this.#options.mode === 'batch'
    if (!isFinal && joinsWindowsByClock(node)) {
      throw userError(
        'plan/window-join-by-clock',
        'Cannot join windows of processing time: neither Rheo nor Flink does; join tables with an interval, or use windows of event time',
      )
    }
    if (!isFinal && mixesTimes(node)) {
      throw userError(
        'plan/interval-join-times',
        'Cannot join by an interval of event time: one side has a TIMESTAMP and the other one a TIMESTAMP_LTZ, the same was wanted',
      )
    }
    const timed = isFinal ? undefined : timedJoin(node, 'any')
    const keys = joinKeys(timed?.kind === 'interval' ? { ...node, condition: timed.rest } : node)
    const kind = timed === undefined ? 'join' : (`${timed.kind}-join` as const)
    const { id, calcId, sides } = this.#joinSides(node, { kind, keys, order: [needs.order, needs.order] }, needs)
    const inputs = [sides[0].input, sides[1].input] as const
    const adds = inputs.every((input) => input.changes === 'append')
    const isHalf = joinType === 'semi' || joinType === 'anti'
    if (timed !== undefined && !adds && !isHalf && timedJoin(node, 'written') !== undefined) throw needsInserts(timed, inputs)
    const width = inputs[0].schema.length
    const shift = shifted(node, width)
    // Of rows that are taken back a join by time knows nothing.
    const isPlain = timed === undefined || !adds
    const rest = isPlain && timed?.kind === 'interval' ? conjunction([timed.bounds, ...conjunctsOf(keys.residual)]) : keys.residual
    const residual = rest === undefined ? undefined : shift(rest)
    // An inner join with a condition is a filter of one without.
    const isFilter = residual !== undefined && joinType === 'inner'
    const schema = joinedSchema(node, inputs)
    const changes = isFinal || !isPlain || (adds && (joinType === 'inner' || joinType === 'semi')) ? 'append' : 'retract'
    const fields = {
      id,
      joinType,
      inputs,
      leftKeys: sides[0].keys,
      rightKeys: sides[1].keys,
      nullSafe: keys.nullSafe,
      ...(residual === undefined || isFilter ? {} : { condition: residual }),
      schema,
      changes,
      uniqueKeys: joinType === 'full' ? [] : joinedKeys(joinType, sides, 'uniqueKeys', width),
      upsertKeys: changes === 'append' ? [] : joinedKeys(joinType, sides, 'upsertKeys', width),
    } as const
    const stateTtlMs = [node.stateTtlMs?.[0] ?? this.#stateTtlMs, node.stateTtlMs?.[1] ?? this.#stateTtlMs] as const
    const join = isPlain
      ? ({ kind: 'join', mode: isFinal ? 'final' : 'streaming', stateTtlMs, ...fields } as const)
      : timedNode(timed, fields)
    return this.#shown(node, join, { calcId, condition: isFilter ? residual : undefined })
  }

  /** FOR SYSTEM_TIME AS OF: rows meet by the key of the versions alone, all else is asked of the version that was valid. */
  #temporalJoin(node: LogicalOf<'temporal-join'>, needs: Needs): PhysicalNode {
    const { joinType, leftTime, rightTime } = node
    const keys = versionKeys(node)
    // Of versions of one time the last one counts. What a version was before is known.
    const how = { kind: 'temporal-join', keys, order: [needs.order, true], updateBefore: [true, false] } as const
    const { id, calcId, sides } = this.#joinSides(node, how, needs)
    const left = sides[0].input
    const inputs = [left, sides[1].input] as const
    const residual = keys.residual === undefined ? undefined : shifted(node, left.schema.length)(keys.residual)
    const isFilter = residual !== undefined && joinType === 'inner'
    const join: PhysicalNode = {
      kind: 'temporal-join',
      id,
      joinType,
      inputs,
      leftKeys: sides[0].keys,
      rightKeys: sides[1].keys,
      nullSafe: keys.nullSafe,
      ...(residual === undefined || isFilter ? {} : { condition: residual }),
      leftTime,
      rightTime,
      schema: joinedSchema(node, inputs),
      changes: left.changes,
      uniqueKeys: left.uniqueKeys,
      upsertKeys: left.upsertKeys,
    }
    return this.#shown(node, join, { calcId, condition: isFilter ? residual : undefined })
  }

  /** Both sides of a join behind exchanges by their keys. */
  #joinSides(
    { inputs, joinType }: LogicalOf<'join' | 'temporal-join'>,
    { kind, keys, order, updateBefore = [true, true] }: JoinPlan,
    needs: Needs,
  ): { readonly id: string; readonly calcId: string; readonly sides: readonly [JoinSide, JoinSide] } {
    const [left, right] = inputs
    const names = `${keys.left.map((key) => nameOf(left.schema, key)).join(', ')}; ${keys.right.map((key) => nameOf(right.schema, key)).join(', ')}`
    const path = `${needs.path}/${kind}(${joinType}; ${names})`
    const id = this.#ids.next(kind, path)
    const calcId = this.#id('calc', needs)
    const side = (number: 0 | 1, expressions: readonly Expr[]): JoinSide => {
      const below: Needs = { path: `${path}/${number === 0 ? 'left' : 'right'}`, order: order[number], updateBefore: updateBefore[number] }
      const keyed = withKeyColumns(inputs[number], expressions)
      const lowered = this.#lower(keyed.input, below)
      const wanted = lowered.changes === 'retract' && !updateBefore[number] ? this.#dropUpdateBefore(lowered, below) : lowered
      const distribution: Distribution = keyed.keys.length === 0 ? { kind: 'single' } : { kind: 'hash', keys: keyed.keys }
      return { input: this.#exchange(wanted, distribution, below), keys: keyed.keys }
    }
    return { id, calcId, sides: [side(0, keys.left), side(1, keys.right)] }
  }

  /** The columns that the logical join shows, without those of keys that were computed, of the rows that fulfil a condition. */
  #shown(
    node: LogicalOf<'join' | 'temporal-join'>,
    join: PhysicalOf<'join' | 'interval-join' | 'temporal-join' | 'window-join'>,
    { calcId, condition }: { readonly calcId: string; readonly condition: Expr | undefined },
  ): PhysicalNode {
    const { schema } = join
    const width = node.inputs[0].schema.length
    const added = join.inputs[0].schema.length - width
    const shown = node.schema.map((_, i) => columnOf(schema, i < width ? i : i + added))
    const isPlain = condition === undefined && shown.length === schema.length
    return isPlain ? { ...join, schema: node.schema } : this.#calc(calcId, join, condition, shown, node.schema)
  }

  #markJoin(logical: LogicalOf<'join'>, needs: Needs): PhysicalNode {
    const equal = markedByEquality(logical)
    const { node } = equal
    const keys = joinKeys(node)
    const { id, calcId, sides } = this.#joinSides(node, { kind: 'join', keys, order: [needs.order, needs.order] }, needs)
    const [left, right] = sides
    const width = node.inputs[0].schema.length
    const leftSchema = left.input.schema
    const shift = (expr: Expr): Expr =>
      mapColumns(expr, (column) => (column.index < width ? column : { ...column, index: column.index + leftSchema.length - width }))
    const found = node.schema.at(-1)!
    const schema = [...leftSchema.map(({ name, type }) => ({ name, type })), found]
    const isFinal = this.#options.mode === 'batch'
    const join: PhysicalNode = {
      kind: 'mark-join',
      id,
      inputs: [left.input, right.input],
      leftKeys: left.keys,
      rightKeys: right.keys,
      nullSafe: keys.nullSafe,
      ...(keys.residual === undefined ? {} : { condition: shift(keys.residual) }),
      ...(node.mark === undefined ? {} : { mark: shift(node.mark) }),
      leftEqual: equal.left,
      rightEqual: equal.right,
      stateTtlMs: this.#stateTtlMs,
      mode: isFinal ? 'final' : 'streaming',
      schema,
      changes: isFinal ? 'append' : 'retract',
      uniqueKeys: left.input.uniqueKeys,
      upsertKeys: isFinal ? [] : left.input.upsertKeys,
    }
    const shownWidth = logical.schema.length - 1
    const shown = logical.schema.map((_, i) => columnOf(schema, i < shownWidth ? i : schema.length - 1))
    return shown.length === schema.length ? { ...join, schema: logical.schema } : this.#calc(calcId, join, undefined, shown, logical.schema)
  }

  #lookupJoin(node: LogicalOf<'lookup-join'>, needs: Needs): PhysicalNode {
    const { joinType, source, columns, keyColumns, values, projections, rowCondition, condition, options } = node
    const id = this.#id('lookup-join', needs)
    const calcId = this.#id('calc', needs)
    const fromInput = values.filter((value) => !readsNoColumns(value))
    const keyed = withKeyColumns(node.input, fromInput)
    // A row that changes may find other rows than before, so what it had found is taken back.
    const lowered = this.#lower(keyed.input, { ...needs, updateBefore: true })
    const input = options.shuffles && keyed.keys.length > 0 ? this.#exchange(lowered, { kind: 'hash', keys: keyed.keys }, needs) : lowered
    const width = node.input.schema.length
    const added = input.schema.length - width
    const keys = keyColumns.map((column, i): LookupKey => {
      const place = fromInput.indexOf(values[i]!)
      return place < 0 ? { column, constant: values[i]! } : { column, input: keyed.keys[place]! }
    })
    const shift = (expr: Expr): Expr =>
      mapColumns(expr, (column) => (column.index < width ? column : { ...column, index: column.index + added }))
    const primaryKey = source.table.primaryKey?.columns
    const findsOne = primaryKey !== undefined && primaryKey.every((name) => keyColumns.some((column) => columns[column] === name))
    const schema = [...node.schema.slice(0, width), ...input.schema.slice(width), ...node.schema.slice(width)]
    const join: PhysicalNode = {
      kind: 'lookup-join',
      id,
      joinType,
      input,
      keys,
      source,
      columns,
      ...(rowCondition === undefined ? {} : { rowCondition }),
      projections,
      ...(condition === undefined ? {} : { condition: shift(condition) }),
      options,
      schema,
      changes: input.changes,
      uniqueKeys: findsOne ? input.uniqueKeys : [],
      upsertKeys: findsOne ? input.upsertKeys : [],
    }
    if (added === 0) return join
    const shown = node.schema.map((_, i) => columnOf(schema, i < width ? i : i + added))
    return this.#calc(calcId, join, undefined, shown, node.schema)
  }

  // --- aggregates ---

  #aggregate(node: LogicalOf<'aggregate'>, needs: Needs): PhysicalNode {
    const columns = windowColumns(node.input)
    if (columns !== undefined && isWindowAggregate(node, columns)) return this.#windowAggregate(node, columns, needs)
    return this.#groupAggregate(node, needs)
  }

  #groupAggregate(node: LogicalOf<'aggregate'>, needs: Needs): PhysicalNode {
    const { keys } = node
    const path = `${needs.path}/group-aggregate(${keyNames(node.input.schema, keys)})`
    const id = this.#ids.next('group-aggregate', path)
    const order = needs.order || node.aggregates.some((call) => readsArrivalOrder(call.name))
    const below: Needs = { path, order, updateBefore: true }
    const input = this.#exchange(this.#lower(node.input, below), keys.length === 0 ? { kind: 'single' } : { kind: 'hash', keys }, below)
    const isFinal = this.#options.mode === 'batch'
    const key = keys.map((_, i) => i)
    return {
      kind: 'group-aggregate',
      id,
      input,
      keys,
      aggregates: markOneWay(node.aggregates, keys, input),
      inputRetracts: input.changes !== 'append',
      emitsUpdateBefore: needs.updateBefore,
      emission: needs.order ? 'row' : 'batch',
      stateTtlMs: isFinal ? 0 : (node.stateTtlMs ?? this.#stateTtlMs),
      mode: isFinal ? 'final' : 'streaming',
      schema: node.schema,
      changes: isFinal ? 'append' : needs.updateBefore ? 'retract' : 'upsert',
      uniqueKeys: [key],
      upsertKeys: [key],
    }
  }

  #windowAggregate(node: LogicalOf<'aggregate'>, columns: WindowColumns, needs: Needs): PhysicalNode {
    const isWindowColumn = (column: number): boolean => columns.starts.has(column) || columns.ends.has(column) || columns.times.has(column)
    const plainKeys = node.keys.filter((key) => !isWindowColumn(key))
    const path = `${needs.path}/window-aggregate(${keyNames(node.input.schema, plainKeys)})`
    const id = this.#ids.next('window-aggregate', path)
    const calcId = this.#id('calc', needs)
    const order = needs.order || node.aggregates.some((call) => readsArrivalOrder(call.name))
    const below: Needs = { path, order, updateBefore: true }
    const emit = columns.groupWindow?.emit
    const pulled = emit === undefined ? pulledWindow(node, columns, plainKeys) : undefined
    const renumber = (column: number): number => (pulled === undefined ? column : pulled.columns.get(column)!)
    const keys = plainKeys.map(renumber)
    const lowered = this.#lower(pulled?.input ?? node.input, below)
    // The operator stamps rows itself: what PROCTIME() gave before is not looked at.
    const stamped = pulled !== undefined && columns.byClock && !keys.includes(pulled.timeColumn)
    const input = this.#exchange(
      stamped ? withoutClock(lowered, pulled.timeColumn) : lowered,
      keys.length === 0 ? { kind: 'single' } : { kind: 'hash', keys },
      below,
    )
    const aggregates = node.aggregates.map((call) => ({
      ...call,
      args: call.args.map(renumber),
      ...(call.filter === undefined ? {} : { filter: renumber(call.filter) }),
    }))
    const width = keys.length + aggregates.length
    const properties = ['window_start', 'window_end', 'window_time'] as const
    const hasTime = node.keys.some((key) => columns.times.has(key))
    const shownProperties = hasTime ? properties : properties.slice(0, 2)
    const output = windowAggregateOutput(node, columns, plainKeys)
    const key = [...keys.map((_, i) => i), width, width + 1]
    const aggregate: PhysicalNode = {
      kind: 'window-aggregate',
      id,
      input,
      keys,
      aggregates,
      window: columns.window,
      time:
        pulled === undefined
          ? { kind: 'attached', start: first(columns.starts), end: first(columns.ends) }
          : { kind: 'rowtime', column: pulled.timeColumn },
      properties: shownProperties,
      inputRetracts: input.changes !== 'append',
      ...(emit === undefined ? {} : { emit }),
      ...(columns.byClock && this.#options.mode === 'streaming' ? { byClock: true } : {}),
      mode: this.#options.mode === 'batch' ? 'final' : 'streaming',
      schema: output.schema,
      changes: emit === undefined ? 'append' : 'retract',
      uniqueKeys: [key],
      upsertKeys: emit === undefined ? [] : [key],
    }
    return this.#calc(
      calcId,
      emit !== undefined && !needs.updateBefore ? this.#dropUpdateBefore(aggregate, needs) : aggregate,
      undefined,
      output.columns.map((column) => columnOf(output.schema, column)),
      node.schema,
    )
  }

  // --- OVER ---

  #over(node: LogicalOf<'over'>, needs: Needs): PhysicalNode {
    const { partitionKeys: keys, orderKeys } = node.window
    const isBatch = this.#options.mode === 'batch'
    if (isBatch) checkRange(node)
    const streaming = isBatch ? undefined : streamingOver(node)
    const path = `${needs.path}/over-aggregate(${keyNames(node.input.schema, keys)})`
    const below: Needs = { path, order: true, updateBefore: true }
    const id = this.#ids.next('over-aggregate', path)
    const input = this.#exchange(this.#lower(node.input, below), keys.length === 0 ? { kind: 'single' } : { kind: 'hash', keys }, below)
    if (input.changes !== 'append' && streaming?.order !== 'value') {
      throw userError(
        'plan/over-needs-inserts-only',
        'Cannot compute OVER in the order of event time here: its input updates rows, and rows that are only added were wanted',
        node.at,
      )
    }
    const fields: NodeFields = { schema: node.schema, changes: 'append', uniqueKeys: input.uniqueKeys, upsertKeys: [] }
    if (streaming === undefined)
      return { ...fields, kind: 'over-window', id, input, keys, orderKeys, frame: node.window.frame, calls: node.calls }
    // No two rows arrive together, so every rank is a count there.
    const isByArrival = streaming.order === 'time' && streaming.byClock
    const counts = isByArrival ? ['ROW_NUMBER', 'RANK', 'DENSE_RANK'] : ['ROW_NUMBER']
    const calls = node.calls.map((call): AggregateCall => (counts.includes(call.name) ? { ...call, name: 'COUNT' } : call))
    if (streaming.order === 'value') {
      const { upsertKeys } = input
      return {
        ...fields,
        changes: 'retract',
        upsertKeys,
        kind: 'over-by-value',
        id,
        input,
        keys,
        orderKeys,
        unit: streaming.unit,
        calls,
        stateTtlMs: this.#stateTtlMs,
      }
    }
    const { timeColumn, preceding, unit, byClock } = streaming
    return { ...fields, kind: 'over-aggregate', id, input, keys, timeColumn, unit, preceding, ...(byClock ? { byClock } : {}), calls }
  }

  // --- patterns ---

  #match(node: LogicalOf<'match'>, needs: Needs): PhysicalNode {
    const { partitionKeys: keys, orderKeys, spec, schema } = node
    const path = `${needs.path}/match(${keyNames(node.input.schema, keys)}; ${spec.variables.join(' ')})`
    const below: Needs = { path, order: true, updateBefore: true }
    const id = this.#ids.next('match', path)
    const input = this.#exchange(this.#lower(node.input, below), keys.length === 0 ? { kind: 'single' } : { kind: 'hash', keys }, below)
    if (input.changes !== 'append') {
      throw userError(
        'plan/match-needs-inserts-only',
        'Cannot match patterns here: the input updates rows, and rows that are only added were wanted',
        node.at,
      )
    }
    const [first, ...thenBy] = orderKeys
    assert(first !== undefined, 'the binder saw to the order')
    const time = node.input.schema[first.column]?.timeAttribute === 'proctime' ? 'proctime' : 'rowtime'
    const fields: NodeFields = { schema, changes: 'append', uniqueKeys: [], upsertKeys: [] }
    return { ...fields, kind: 'match', id, input, keys, timeColumn: first.column, time, thenBy, spec }
  }

  // --- ranks ---

  #rank(node: LogicalOf<'rank'>, needs: Needs): PhysicalNode {
    const { partitionKeys: keys, orderKeys, from, to, showsRank, schema } = node
    const window = windowColumns(node.input)
    const names = keyNames(node.input.schema, keys)
    // Arrival is what proctime orders by, and what tells apart rows that are equal otherwise.
    const arrival = orderKeys.findIndex((key) => node.input.schema[key.column]?.timeAttribute === 'proctime')
    const byArrival = arrival < 0 ? undefined : orderKeys[arrival]
    const byTime = orderKeys.length === 1 && node.input.schema[orderKeys[0]!.column]?.timeAttribute === 'rowtime' ? orderKeys[0] : undefined
    const isOne = from === 1 && to === 1 && !showsRank
    const path = `${needs.path}/rank(${names})`
    const below: Needs = { path, order: true, updateBefore: true }
    const id = this.#ids.next('rank', path)
    const input = this.#exchange(this.#lower(node.input, below), keys.length === 0 ? { kind: 'single' } : { kind: 'hash', keys }, below)
    const isAppend = input.changes === 'append'
    const endColumn = keys.find((key) => window?.ends.has(key) === true)
    if (endColumn !== undefined && keys.some((key) => window?.starts.has(key) === true) && arrival < 0) {
      if (window?.byClock === true)
        throw userError(
          'plan/no-processing-time',
          'Cannot keep the first rows of windows of processing time: windows of event time were wanted, and neither Rheo nor Flink has others here',
        )
      if (!isAppend)
        throw userError(
          'plan/window-top-n-needs-inserts',
          'Cannot keep the first rows of windows here: the input updates rows, and rows that are only added were wanted',
        )
      const ties = isOne && byTime?.order === 'descending' ? 'last-come' : 'first-come'
      const uniqueKeys = showsRank ? [[...keys, node.input.schema.length]] : from === to ? [keys] : input.uniqueKeys
      const fields: NodeFields = { schema, changes: 'append', uniqueKeys, upsertKeys: [] }
      return { ...fields, kind: 'window-rank', id, input, keys, endColumn, orderKeys, ties, from, to, showsRank }
    }
    if (isOne && isAppend && byTime?.order === 'ascending') {
      const fields: NodeFields = { schema, changes: 'append', uniqueKeys: [keys], upsertKeys: [keys] }
      return { ...fields, kind: 'deduplicate', id, input, keys, timeColumn: byTime.column }
    }
    const isFinal = isAppend && arrival === 0 && byArrival?.order === 'ascending'
    const rankKey = [...keys, node.input.schema.length]
    const uniqueKeys = showsRank ? [rankKey] : from === to ? [keys] : input.uniqueKeys
    const upsertKeys = showsRank ? [rankKey] : from === to ? [keys] : input.upsertKeys
    // Without the rank nothing tells which of several rows is meant.
    const emitsUpdateBefore = needs.updateBefore || (!showsRank && from !== to)
    const isLastByTime = isOne && isAppend && byTime?.order === 'descending'
    return {
      kind: 'rank',
      id,
      input,
      keys,
      orderKeys: arrival < 0 ? orderKeys : orderKeys.slice(0, arrival),
      ties: isLastByTime || byArrival?.order === 'descending' ? 'last-come' : 'first-come',
      from,
      to,
      showsRank,
      inputRetracts: !isAppend,
      emitsUpdateBefore,
      stateTtlMs: this.#stateTtlMs,
      schema,
      changes: isFinal ? 'append' : emitsUpdateBefore ? 'retract' : 'upsert',
      uniqueKeys,
      upsertKeys,
    }
  }

  // --- order ---

  #sort(node: LogicalOf<'sort'>, needs: Needs): PhysicalNode {
    if (this.#options.mode === 'streaming' && node.keys.length > 0 && node.count !== undefined) {
      if (node.count === 0) return this.#lower(noRows(node.schema), needs)
      const { input, keys, offset, count, schema } = node
      const from = offset + 1
      const to = offset + count
      const top = this.#rank({ kind: 'rank', input, partitionKeys: [], orderKeys: keys, from, to, showsRank: false, schema }, needs)
      // As in Flink, keys of the input are not those of its first rows.
      return from === to ? top : { ...top, upsertKeys: [] }
    }
    const kind = node.keys.length === 0 ? 'limit' : 'sort'
    const path = `${needs.path}/${kind}`
    const id = this.#ids.next(kind, path)
    const below: Needs = { path, order: true, updateBefore: true }
    const input = this.#exchange(this.#lower(node.input, below), { kind: 'single' }, below)
    const { offset, count } = node
    const fields = fieldsOf(input, node.schema)
    if (kind === 'sort' && this.#options.mode === 'streaming') {
      if (input.changes !== 'append')
        throw userError(
          'plan/order-by-needs-inserts',
          'Cannot sort by event time here: the input updates rows, and rows that are only added were wanted',
        )
      if (offset > 0) throw userError('unsupported/order-by-offset', 'Cannot skip rows of an order by event time yet: OFFSET needs LIMIT')
      const [time, ...thenBy] = node.keys
      const byClock = input.schema[time!.column]?.timeAttribute === 'proctime'
      // The order of processing time is that of arrival.
      if (byClock && thenBy.length === 0) return { ...fields, kind: 'limit', id, input, offset: 0, count: undefined }
      return { ...fields, kind: 'time-sort', id, input, timeColumn: time!.column, thenBy, ...(byClock ? { byClock } : {}) }
    }
    return node.keys.length === 0
      ? { ...fields, kind: 'limit', id, input, offset, count }
      : { ...fields, kind: 'sort', id, input, keys: node.keys, offset, count }
  }

  // --- sinks ---

  #sink(node: LogicalOf<'sink'>): PhysicalNode {
    const { target, overwrite, partition, schema } = node
    const path = target === undefined ? 'sink' : `sink ${formatPath(target.path)}`
    const lower = (updateBefore: boolean, order: boolean): PhysicalNode => {
      this.#ids = new StableIds()
      return this.#lower(node.input, { updateBefore, order, path })
    }
    let input = lower(true, false)
    if (target !== undefined) {
      const { connectors } = this.#options
      const materializer = checkSinkTakes(target, input, { ...this.#options, onConflict: node.onConflict })
      if (materializer !== undefined) return this.#materialized(node, materializer, path)
      const wantsUpdateBefore = sinkWantsUpdateBefore(target, input, connectors)
      const order = sinkKeepsChanges(target, connectors)
      if (input.changes !== 'append' && (order || !wantsUpdateBefore)) input = lower(wantsUpdateBefore, order)
      input = this.#inOrder(input, target, { updateBefore: wantsUpdateBefore, order, path })
    }
    return { ...fieldsOf(input, schema), kind: 'sink', id: this.#ids.next('sink', path), input, target, overwrite, partition }
  }

  /**
   * Blocks of one table are read by several subtasks, so the changes of one row come in their order only where they have met on the way. Rows of one primary key
   * overwrite each other, also where they are only added.
   */
  #inOrder(input: PhysicalNode, target: TableReference, needs: Needs): PhysicalNode {
    const key = primaryKey(target, input) ?? (input.changes === 'append' ? undefined : (input.upsertKeys[0] ?? []))
    if (key === undefined || hasExchange(input)) return input
    return this.#exchange(input, key.length === 0 ? { kind: 'single' } : { kind: 'hash', keys: key }, needs)
  }

  /** A sink behind what keeps the rows of each of its primary keys. */
  #materialized(
    { input: query, target, overwrite, partition, schema }: LogicalOf<'sink'>,
    materializer: SinkMaterializer,
    path: string,
  ): PhysicalNode {
    this.#ids = new StableIds()
    const { keys } = materializer
    const ownPath = `${path}/sink-materializer(${keyNames(query.schema, keys)})`
    const below: Needs = { path: ownPath, order: true, updateBefore: true }
    const id = this.#ids.next('sink-materializer', ownPath)
    const lowered = this.#exchange(this.#lower(query, below), { kind: 'hash', keys }, below)
    const fields: NodeFields = { schema: lowered.schema, changes: 'upsert', uniqueKeys: [keys], upsertKeys: [keys] }
    const stateTtlMs = this.#stateTtlMs
    const input: PhysicalNode = { ...fields, kind: 'sink-materializer', id, input: lowered, ...materializer, stateTtlMs }
    return { ...fieldsOf(input, schema), kind: 'sink', id: this.#ids.next('sink', path), input, target, overwrite, partition }
  }
}

/** A projection of PROCTIME() that nobody reads costs nothing. */
function withoutClock(node: PhysicalNode, column: number): PhysicalNode {
  const projection = node.kind === 'calc' ? node.projections[column] : undefined
  if (node.kind !== 'calc' || projection?.kind !== 'call' || projection.name !== 'PROCTIME') return node
  const never: Expr = { kind: 'literal', type: projection.type, value: 0n }
  return { ...node, projections: node.projections.map((expr, i) => (i === column ? never : expr)) }
}

/** Numbers of a join's columns where columns of keys were added behind those of the left side, which then has `width`. */
function shifted({ inputs }: LogicalOf<'join' | 'temporal-join'>, width: number): (expr: Expr) => Expr {
  const plain = inputs[0].schema.length
  return (expr) => mapColumns(expr, (column) => (column.index < plain ? column : { ...column, index: column.index + width - plain }))
}

/** The columns of both sides, nullable where they may be padded; of a semi or anti join those of the left one. */
function joinedSchema(
  { joinType, schema: shown }: LogicalOf<'join' | 'temporal-join'>,
  [left, right]: readonly [PhysicalNode, PhysicalNode],
): Schema {
  if (joinType === 'semi' || joinType === 'anti') return [...shown, ...left.schema.slice(shown.length)]
  const padded = (schema: Schema, isPadded: boolean): Schema =>
    schema.map((field) => ({ ...field, type: isPadded ? withNullability(field.type, true) : field.type }))
  return [
    ...padded(left.schema, joinType === 'right' || joinType === 'full'),
    ...padded(right.schema, joinType === 'left' || joinType === 'full'),
  ]
}

function timedNode(
  timed: IntervalBounds | WindowBounds,
  fields: Omit<PhysicalOf<'interval-join'>, 'kind' | 'leftTime' | 'rightTime' | 'lowerMs' | 'upperMs'>,
): PhysicalOf<'interval-join' | 'window-join'> {
  if (timed.kind === 'window') {
    const { window, leftBounds, rightBounds } = timed
    return { kind: 'window-join', ...fields, window, leftBounds, rightBounds }
  }
  const { leftTime, rightTime, lowerMs, upperMs } = timed
  return { kind: 'interval-join', ...fields, leftTime, rightTime, lowerMs, upperMs }
}

function needsInserts({ kind }: IntervalBounds | WindowBounds, [left]: readonly [PhysicalNode, PhysicalNode]): Error {
  const what = kind === 'window' ? 'windows' : 'by an interval of event time'
  const side = left.changes === 'append' ? 'right' : 'left'
  return userError(
    `plan/${kind}-join-needs-inserts`,
    `Cannot join ${what} here: the ${side} input updates rows, and rows that are only added were wanted`,
  )
}

/** The parts of a temporal join's condition that name the version's key, each once, and what is left. */
function versionKeys({ inputs, condition, versionKey }: LogicalOf<'temporal-join'>): JoinKeys {
  const pairs: KeyPair[] = []
  const rest: Expr[] = []
  for (const part of conjuncts(condition)) {
    const pair = keyPair(part, inputs[0].schema.length)
    const column = pair?.right.kind === 'column' ? pair.right.index : -1
    const isKnown = pairs.some(({ right }) => right.kind === 'column' && right.index === column)
    if (pair !== undefined && versionKey.includes(column) && !isKnown) pairs.push(pair)
    else rest.push(part)
  }
  return {
    left: pairs.map((pair) => pair.left),
    right: pairs.map((pair) => pair.right),
    nullSafe: pairs.map((pair) => pair.nullSafe),
    residual: conjunction(rest),
  }
}

function conjunctsOf(condition: Expr | undefined): readonly Expr[] {
  return condition === undefined ? [] : conjuncts(condition)
}

function nameOf(schema: Schema, key: Expr): string {
  return key.kind === 'column' ? (schema[key.index]?.name ?? '') : expressionKey(key)
}

/** What passes a node that neither adds nor joins rows. */
function fieldsOf(input: PhysicalNode, schema: Schema): NodeFields {
  return { schema, changes: input.changes, uniqueKeys: input.uniqueKeys, upsertKeys: input.upsertKeys }
}

function hasExchange(node: PhysicalNode): boolean {
  if (node.kind === 'exchange') return true
  return 'inputs' in node ? node.inputs.some(hasExchange) : 'input' in node && hasExchange(node.input)
}

function keyNames(schema: Schema, keys: readonly number[]): string {
  return keys.map((key) => schema[key]?.name ?? '').join(', ')
}

function first(columns: ReadonlySet<number>): number {
  const [column] = columns
  assert(column !== undefined, 'a window aggregate has both bounds')
  return column
}

/**
 * The window table function that an aggregate does itself. Sessions only where it groups by what tells them apart: they grow row by row, which aggregates that read the order of
 * arrival cannot follow, and rows of processing time come with their windows.
 */
function pulledWindow(node: LogicalOf<'aggregate'>, columns: WindowColumns, plainKeys: readonly number[]): PulledWindow | undefined {
  const pulled = pullWindow(node.input)
  if (pulled?.sessionKeys === undefined) return pulled
  const keys = new Set(plainKeys.map((key) => pulled.columns.get(key)))
  const isBySession = keys.size === pulled.sessionKeys.length && pulled.sessionKeys.every((key) => keys.has(key))
  const readsOrder = node.aggregates.some((call) => readsArrivalOrder(call.name))
  return isBySession && !readsOrder && !columns.byClock ? pulled : undefined
}

/** The schema of a window aggregate (keys, aggregates, properties), and which of its columns the columns of the logical node are. */
function windowAggregateOutput(
  node: LogicalOf<'aggregate'>,
  columns: WindowColumns,
  plainKeys: readonly number[],
): { readonly schema: Schema; readonly columns: readonly number[] } {
  const width = plainKeys.length + node.aggregates.length
  const positionOf = (key: number): number =>
    columns.starts.has(key) ? width : columns.ends.has(key) ? width + 1 : columns.times.has(key) ? width + 2 : plainKeys.indexOf(key)
  const shown = [...node.keys.map(positionOf), ...node.aggregates.map((_, i) => plainKeys.length + i)]
  const schema: Schema[number][] = []
  shown.forEach((position, i) => {
    schema[position] = node.schema[i]!
  })
  return { schema, columns: shown }
}

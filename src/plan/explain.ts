import { unreachable } from '../base/assert.ts'
import { userError } from '../base/errors.ts'
import { formatPath } from '../catalog/catalog.ts'
import type { Schema } from '../catalog/schema.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import type { Expr } from '../expr/expr.ts'
import { columnOf } from './build.ts'
import { describeAggregate, describeExpression, namesOf } from './describe-expression.ts'
import { matchText } from './describe-match.ts'
import { estimateText } from './estimate.ts'
import { executionGraph } from './execution-graph.ts'
import type { LogicalNode } from './logical.ts'
import { inputsOfStep, sharedSteps } from './physical-inputs.ts'
import type { EmitStrategy, FrameBound, OverWindow, PhysicalNode, SortKey, WindowSpec } from './physical.ts'
import { type PlanEnvironment, planJob } from './plan-job.ts'
import { type StateNote, stateNotes } from './state-notes.ts'

/** What EXPLAIN shows besides the plan. */
export type ExplainDetail = 'ESTIMATED_COST' | 'CHANGELOG_MODE' | 'JSON_EXECUTION_PLAN' | 'PLAN_ADVICE'

/**
 * The plans of one job in Flink's sections: as written, after planning, and as they run. CHANGELOG_MODE shows which kinds of changes leave each step (`changelogMode=[I,UB,UA,D]`), ESTIMATED_COST
 * how many rows (guessed from the plan's shape), PLAN_ADVICE what is worth a change, JSON_EXECUTION_PLAN the steps as a graph.
 */
export function explainPlans(plans: readonly LogicalNode[], environment: PlanEnvironment, details: readonly ExplainDetail[]): string {
  const { settings } = environment
  if (details.includes('PLAN_ADVICE') && settings.runtimeMode === 'batch')
    throw userError(
      'plan/batch-advice',
      'Cannot give advice in batch mode: it is about state, of which a batch job keeps none; leave out PLAN_ADVICE',
    )
  const jobs = plans.map((plan) => planJob(plan, environment))
  const notes = jobs.flatMap(stateNotes)
  const advice = details.includes('PLAN_ADVICE') ? new Map(notes.map(({ node }, i) => [node, i + 1])) : undefined
  const physical = jobs.map((job) =>
    physicalTree(job, { changes: details.includes('CHANGELOG_MODE'), costs: details.includes('ESTIMATED_COST'), advice }),
  )
  const sections = [
    ['Abstract Syntax Tree', plans.map(logicalTree).join('\n\n')],
    advice === undefined
      ? ['Optimized Physical Plan', physical.join('\n\n')]
      : ['Optimized Physical Plan With Advice', `${physical.join('\n\n')}\n\n${adviceText(notes)}`],
    ['Optimized Execution Plan', jobs.map((job) => physicalTree(job)).join('\n\n')],
  ]
  // Behind Flink's sections, so that those read as they do there.
  if (notes.length > 0 && advice === undefined) sections.push(['State Without End', notes.map(({ text }) => text).join('\n')])
  if (details.includes('JSON_EXECUTION_PLAN')) {
    const parallelism = Math.max(1, settings.number('table.exec.resource.default-parallelism'), settings.number('parallelism.default'))
    sections.push(['Physical Execution Plan', executionGraph(jobs, parallelism, describePhysical)])
  }
  return sections.map(([title, tree]) => `== ${title} ==\n${tree}\n`).join('\n')
}

function adviceText(notes: readonly StateNote[]): string {
  if (notes.length === 0) return 'No available advice...'
  return notes.map(({ text }, i) => `advice[${i + 1}]: [ADVICE] ${text}`).join('\n')
}

/** The logical plan as a tree, the sink or result on top. */
export function logicalTree(plan: LogicalNode): string {
  return drawTree(plan, describeLogical, (node) => ('inputs' in node ? node.inputs : 'input' in node ? [node.input] : []))
}

interface PhysicalTreeOptions {
  readonly changes?: boolean
  readonly costs?: boolean
  /** The numbers of those for which there is advice. */
  readonly advice?: ReadonlyMap<PhysicalNode, number> | undefined
}

/** The physical plan as a tree. */
export function physicalTree(plan: PhysicalNode, { changes, costs, advice }: PhysicalTreeOptions = {}): string {
  const describe = (node: PhysicalNode): string => {
    const number = advice?.get(node)
    const text = number === undefined ? describePhysical(node) : describePhysical(node).replace('(', `(advice=[${number}], `)
    const kinds = changes === true ? `${text.slice(0, -1)}, changelogMode=[${changelogText(node)}])` : text
    return costs === true ? `${kinds}: ${estimateText(node)}` : kinds
  }
  return drawTree(plan, describe, inputsOfStep, new Set(sharedSteps([plan]).keys()))
}

/** A part that is read several times is drawn where it comes first. */
function drawTree<N>(root: N, describe: (node: N) => string, inputs: (node: N) => readonly N[], shared?: ReadonlySet<N>): string {
  const lines: string[] = []
  const numbers = new Map<N, number>()
  const draw = (node: N, first: string, rest: string): void => {
    const number = numbers.get(node)
    if (number !== undefined) {
      lines.push(`${first}Reused(reference_id=[${number}])`)
      return
    }
    let reuse = ''
    if (shared?.has(node) === true) {
      numbers.set(node, numbers.size + 1)
      reuse = `(reuse_id=[${numbers.size}])`
    }
    lines.push(first + describe(node) + reuse)
    const below = inputs(node)
    below.forEach((input, i) => {
      const isLast = i === below.length - 1
      draw(input, `${rest}${isLast ? '+- ' : ':- '}`, `${rest}${isLast ? '   ' : ':  '}`)
    })
  }
  draw(root, '', '')
  return lines.join('\n')
}

/** The kinds of changes by Flink's letters. */
function changelogText(node: PhysicalNode): string {
  if (node.kind === 'sink') return 'NONE'
  const kinds = { append: 'I', upsert: 'I,UA', retract: 'I,UB,UA' }[node.changes]
  return node.changes !== 'append' && mayDelete(node) ? `${kinds},D` : kinds
}

/** Whether rows that leave a node may go without another in their place. */
function mayDelete(node: PhysicalNode): boolean {
  switch (node.kind) {
    case 'group-aggregate':
      return node.inputRetracts
    case 'rank':
      // The last row of a key only changes.
      return node.inputRetracts || node.from !== 1 || node.to !== 1 || node.showsRank
    case 'union':
      return node.inputs.some((input) => input.changes !== 'append' && mayDelete(input))
    case 'calc':
    case 'exchange':
    case 'watermark':
    case 'expand':
    case 'drop-update-before':
      return mayDelete(node.input)
    default:
      return true
  }
}

function describeLogical(node: LogicalNode): string {
  switch (node.kind) {
    case 'scan':
      return `LogicalTableScan(table=[[${tableText(node.source)}]])`
    case 'values':
      return `LogicalValues(rows=[${node.rows.length}])`
    case 'filter':
      return `LogicalFilter(condition=[${describeExpression(node.condition, namesOf(node.input.schema))}])`
    case 'project':
      return `LogicalProject(${node.projections.map((projection, i) => `${node.schema[i]!.name}=[${describeExpression(projection, namesOf(node.input.schema))}]`).join(', ')})`
    case 'watermark':
      return `LogicalWatermarkAssigner(rowtime=[${node.schema[node.timeColumn]!.name}], watermark=[${describeExpression(node.expression, namesOf(node.input.schema))}])`
    case 'window-table-function':
      return `LogicalTableFunctionScan(invocation=[${windowText(node.window, node.input.schema[node.timeColumn]!.name)}])`
    case 'expand':
      return `LogicalExpand(${setsText(node)})`
    case 'unnest':
      return `LogicalCorrelate(${unnestText(node)})`
    case 'aggregate':
      return `LogicalAggregate(group=[{${node.keys.join(', ')}}]${node.aggregates.map((call, i) => `, ${node.schema[node.keys.length + i]!.name}=[${describeAggregate(call, namesOf(node.input.schema))}]`).join('')})`
    case 'over':
      return `LogicalOver(${overText(node.window, node.input.schema)}, select=[${node.calls.map((call) => describeAggregate(call, namesOf(node.input.schema))).join(', ')}])`
    case 'match':
      return `LogicalMatch(${matchText({ ...node, keys: node.partitionKeys })})`
    case 'rank':
      return `LogicalRank(${rankText({ ...node, keys: node.partitionKeys })})`
    case 'union':
      return 'LogicalUnion(all=[true])'
    case 'join': {
      const condition = node.condition === undefined ? 'true' : describeExpression(node.condition, namesOf(joinedFields(node.inputs)))
      const mark = node.mark === undefined ? '' : `, mark=[${describeExpression(node.mark, namesOf(joinedFields(node.inputs)))}]`
      return `LogicalJoin(condition=[${condition}], joinType=[${node.joinType}]${mark})`
    }
    case 'temporal-join': {
      const condition = describeExpression(node.condition, namesOf(joinedFields(node.inputs)))
      const period = node.inputs[0].schema[node.leftTime]!.name
      return `LogicalTemporalJoin(condition=[${condition}], joinType=[${node.joinType}], period=[${period}])`
    }
    case 'lookup-join':
      return `LogicalLookupJoin(${lookupText(node, node.keyColumns, node.values)})`
    case 'sort':
      return `LogicalSort(${sortText(node.keys, node.schema, node.offset, node.count)})`
    case 'sink':
      return node.target === undefined
        ? 'LogicalSink(name=[*anonymous*])'
        : `LogicalSink(table=[${formatPath(node.target.path)}], fields=[${fieldNames(node.schema)}])`
    default:
      return unreachable(node)
  }
}

function describePhysical(node: PhysicalNode): string {
  switch (node.kind) {
    case 'scan': {
      const parts = [`table=[[${tableText(node.source)}]]`, `fields=[${fieldNames(node.schema)}]`]
      if (node.metadata.length > 0) parts.push(`metadata=[${node.metadata.join(', ')}]`)
      if (node.nestedPaths !== undefined) parts.push(`nested=[${node.nestedPaths.map((path) => path.join('.')).join(', ')}]`)
      if (node.partitions !== undefined)
        parts.push(`partitions=[${node.partitions.map((partition) => JSON.stringify(partition)).join(', ')}]`)
      if (node.limit !== undefined) parts.push(`limit=[${node.limit}]`)
      return `TableSourceScan(${parts.join(', ')})`
    }
    case 'values':
      return `Values(rows=[${node.rows.length}], fields=[${fieldNames(node.schema)}])`
    case 'calc':
      return calcText(node)
    case 'watermark':
      return `WatermarkAssigner(rowtime=[${node.schema[node.timeColumn]!.name}], watermark=[${describeExpression(node.expression, namesOf(node.input.schema))}])`
    case 'current-watermark':
      return `CurrentWatermark(fields=[${fieldNames(node.schema)}])`
    case 'exchange':
      return `Exchange(distribution=[${distributionText(node)}])`
    case 'union':
      return `Union(all=[true], union=[${fieldNames(node.schema)}])`
    case 'expand':
      return `Expand(${setsText(node)})`
    case 'join':
    case 'mark-join':
      return `Join(${joinText(node)})`
    case 'interval-join': {
      const bounds = `isRowTime=${node.byClock !== true}, leftLowerBound=${node.lowerMs}, leftUpperBound=${node.upperMs}, leftTimeIndex=${node.leftTime}, rightTimeIndex=${node.rightTime}`
      return `IntervalJoin(${joinText(node, `windowBounds=[${bounds}]`)})`
    }
    case 'temporal-join': {
      const [left, right] = node.inputs
      const time = `${left.schema[node.leftTime]!.name}, ${right.schema[node.rightTime]!.name}`
      return `TemporalJoin(${joinText(node, `rowtime=[${time}]`)})`
    }
    case 'window-join': {
      const [left, right] = node.inputs
      const window = ({ schema }: PhysicalNode, [start, end]: readonly [number, number]): string =>
        windowText(node.window, undefined, [`win_start=[${schema[start]!.name}]`, `win_end=[${schema[end]!.name}]`])
      return `WindowJoin(leftWindow=[${window(left, node.leftBounds)}], rightWindow=[${window(right, node.rightBounds)}], ${joinText(node)})`
    }
    case 'lookup-join': {
      const values = node.keys.map((key) => ('input' in key ? columnOf(node.input.schema, key.input) : key.constant))
      const columns = node.keys.map((key) => key.column)
      return `LookupJoin(${lookupText(node, columns, values)})`
    }
    case 'unnest':
      return `Correlate(${unnestText(node)})`
    case 'local-group-aggregate': {
      const names = namesOf(node.input.schema)
      const keys = node.keys.map(names)
      const calls = node.aggregates.map((call, i) => `${describeAggregate(call, names)} AS ${partialName(call, i)}`)
      const groupBy = keys.length === 0 ? '' : `groupBy=[${keys.join(', ')}], `
      return `LocalGroupAggregate(${groupBy}select=[${[...keys, ...calls].join(', ')}])`
    }
    case 'group-aggregate': {
      const names = namesOf(node.input.schema)
      if (node.phase === 'global') {
        const keys = node.keys.map(names)
        const calls = node.aggregates.map((call, i) => `${call.name}(${partialName(call, i)}) AS ${node.schema[keys.length + i]!.name}`)
        const groupBy = keys.length === 0 ? '' : `groupBy=[${keys.join(', ')}], `
        return `GlobalGroupAggregate(${groupBy}select=[${[...keys, ...calls].join(', ')}])`
      }
      const keys = node.keys.map(names)
      const calls = node.aggregates.map((call, i) => `${describeAggregate(call, names)} AS ${node.schema[node.keys.length + i]!.name}`)
      const groupBy = keys.length === 0 ? '' : `groupBy=[${keys.join(', ')}], `
      return `GroupAggregate(${groupBy}select=[${[...keys, ...calls].join(', ')}])`
    }
    case 'window-table-function':
      return `WindowTableFunction(window=[${windowText(node.window, node.input.schema[node.timeColumn]!.name)}])`
    case 'window-aggregate': {
      const names = namesOf(node.input.schema)
      const keys = node.keys.map(names)
      const calls = node.aggregates.map(
        (call, i) => `${describeAggregate(call, names)} AS ${node.schema[keys.length + i]?.name ?? `EXPR$${i}`}`,
      )
      const window =
        node.time.kind === 'rowtime'
          ? windowText(node.window, names(node.time.column))
          : `${windowText(node.window, undefined)}, win_start=[${names(node.time.start)}], win_end=[${names(node.time.end)}]`
      const groupBy = keys.length === 0 ? '' : `groupBy=[${keys.join(', ')}], `
      const emit = node.emit === undefined ? '' : `, emit=[${emitText(node.emit)}]`
      return `WindowAggregate(${groupBy}window=[${window}], select=[${[...keys, ...calls, ...node.properties].join(', ')}]${emit})`
    }
    case 'rank':
      return `Rank(${rankText(node)})`
    case 'over-aggregate': {
      const names = namesOf(node.input.schema)
      const rows = node.unit === 'ROWS' ? `${node.preceding}` : durationText(node.preceding ?? 0)
      const frame = `${node.unit} BETWEEN ${node.preceding === undefined ? 'UNBOUNDED' : rows} PRECEDING AND CURRENT ROW`
      const calls = node.calls.map((call) => describeAggregate(call, names)).join(', ')
      return `OverAggregate(partitionBy=[${node.keys.map(names).join(', ')}], orderBy=[${names(node.timeColumn)} ASC], window=[${frame}], select=[${calls}])`
    }
    case 'over-by-value': {
      const { keys, orderKeys, unit, calls, input } = node
      const frame = { unit, start: { kind: 'unbounded-preceding' }, end: { kind: 'current-row' } } as const
      const window = overText({ partitionKeys: keys, orderKeys, frame }, input.schema)
      return `OverAggregate(${window}, select=[${calls.map((call) => describeAggregate(call, namesOf(input.schema))).join(', ')}])`
    }
    case 'over-window': {
      const { keys, orderKeys, frame, calls, input } = node
      const names = namesOf(input.schema)
      const window = overText({ partitionKeys: keys, orderKeys, frame }, input.schema)
      return `OverWindow(${window}, select=[${calls.map((call) => describeAggregate(call, names)).join(', ')}])`
    }
    case 'match': {
      const { timeColumn, thenBy } = node
      return `Match(${matchText({ ...node, orderKeys: [{ column: timeColumn, order: 'ascending', nulls: 'first' }, ...thenBy] })})`
    }
    case 'time-sort': {
      const time: SortKey = { column: node.timeColumn, order: 'ascending', nulls: 'first' }
      return `TemporalSort(${sortText([time, ...node.thenBy], node.schema, 0, undefined)})`
    }
    case 'window-rank':
      return `WindowRank(${rankText(node)})`
    case 'deduplicate':
      return `Deduplicate(keep=[FirstRow], key=[${node.keys.map(namesOf(node.schema)).join(', ')}], order=[ROWTIME])`
    case 'changelog-normalize':
      return `ChangelogNormalize(key=[${node.keys.map(namesOf(node.schema)).join(', ')}])`
    case 'sink-materializer': {
      const strategy = { last: 'DEDUPLICATE', first: 'NOTHING', error: 'ERROR' }[node.keeps]
      return `SinkUpsertMaterializer(primaryKey=[${node.keys.map(namesOf(node.schema)).join(', ')}], conflictStrategy=[${strategy}])`
    }
    case 'drop-update-before':
      return `DropUpdateBefore(fields=[${fieldNames(node.schema)}])`
    case 'limit':
      return `Limit(offset=[${node.offset}], fetch=[${node.count ?? 'unlimited'}])`
    case 'sort':
      return `Sort(${sortText(node.keys, node.schema, node.offset, node.count)})`
    case 'sink':
      return node.target === undefined
        ? `Sink(fields=[${fieldNames(node.schema)}])`
        : `Sink(table=[${formatPath(node.target.path)}], fields=[${fieldNames(node.schema)}])`
    default:
      return unreachable(node)
  }
}

/** How Flink names what a first step has of an aggregate. */
function partialName({ name, args }: AggregateCall, i: number): string {
  return `${name === 'COUNT' && args.length === 0 ? 'count1' : name.toLowerCase()}$${i}`
}

function emitText({ earlyMs, lateMs, latenessMs }: EmitStrategy): string {
  const every = (ms: number): string => (ms === 0 ? 'each row' : `every ${durationText(ms)}`)
  const parts = earlyMs === undefined ? [] : [`early ${every(earlyMs)}`]
  if (lateMs !== undefined) parts.push(`late ${every(lateMs)} up to ${durationText(latenessMs)}`)
  return parts.join(', ')
}

function setsText({
  input,
  keys,
  sets,
}: { readonly input: { readonly schema: Schema } } & Pick<Extract<PhysicalNode, { kind: 'expand' }>, 'keys' | 'sets'>): string {
  const names = keys.map(namesOf(input.schema))
  return `sets=[${sets.map((set) => `(${set.map((i) => names[i]).join(', ')})`).join(', ')}]`
}

function unnestText(node: Extract<LogicalNode | PhysicalNode, { kind: 'unnest' }>): string {
  const ordinality = node.withOrdinality ? ' WITH ORDINALITY' : ''
  const elements = namesOf(node.schema.slice(node.input.schema.length))
  const condition = node.condition === undefined ? '' : `, condition=[${describeExpression(node.condition, elements)}]`
  return `invocation=[UNNEST(${node.input.schema[node.collection]!.name})${ordinality}]${condition}, joinType=[${node.joinType.toUpperCase()}]`
}

function calcText(node: Extract<PhysicalNode, { kind: 'calc' }>): string {
  const names = namesOf(node.input.schema)
  const select = node.projections.map((projection, i) => {
    const text = describeExpression(projection, names)
    const { name } = node.schema[i]!
    return text === name ? name : `${text} AS ${name}`
  })
  const where = node.condition === undefined ? '' : `, where=[${describeExpression(node.condition, names)}]`
  return `Calc(select=[${select.join(', ')}]${where})`
}

/** What all joins show; `added` stands behind the type. */
function joinText(
  node: Extract<PhysicalNode, { kind: 'join' | 'mark-join' | 'interval-join' | 'temporal-join' | 'window-join' }>,
  ...added: readonly string[]
): string {
  const [left, right] = node.inputs
  const names = namesOf(joinedFields(node.inputs))
  const keys = node.leftKeys.map((key, i) => {
    const operator = node.nullSafe[i] === true ? 'IS NOT DISTINCT FROM' : '='
    return `${names(key)} ${operator} ${names(left.schema.length + node.rightKeys[i]!)}`
  })
  const where = node.condition === undefined ? keys : [...keys, describeExpression(node.condition, names)]
  const type = {
    inner: 'InnerJoin',
    left: 'LeftOuterJoin',
    right: 'RightOuterJoin',
    full: 'FullOuterJoin',
    semi: 'LeftSemiJoin',
    anti: 'LeftAntiJoin',
    mark: 'LeftMarkJoin',
  }
  const shown = `leftFields=[${fieldNames(left.schema)}], rightFields=[${fieldNames(right.schema)}]`
  const mark = node.kind === 'mark-join' && node.mark !== undefined ? [`mark=[${describeExpression(node.mark, names)}]`] : []
  const condition = where.length === 0 ? 'true' : where.join(' AND ')
  const joinType = node.kind === 'mark-join' ? 'mark' : node.joinType
  return [`joinType=[${type[joinType]}]`, ...added, `where=[${condition}]`, ...mark, shown].join(', ')
}

function lookupText(
  node: Extract<LogicalNode | PhysicalNode, { kind: 'lookup-join' }>,
  keyColumns: readonly number[],
  values: readonly Expr[],
): string {
  const { source, columns, joinType, input, rowCondition, condition, schema } = node
  const names = namesOf(input.schema)
  const parts = [
    `table=[${formatPath(source.path)}]`,
    `joinType=[${joinType === 'inner' ? 'InnerJoin' : 'LeftOuterJoin'}]`,
    `lookup=[${keyColumns.map((column, i) => `${columns[column]}=${describeExpression(values[i]!, names)}`).join(', ')}]`,
  ]
  if (rowCondition !== undefined) parts.push(`rows=[${describeExpression(rowCondition, (column) => columns[column]!)}]`)
  if (condition !== undefined) parts.push(`where=[${describeExpression(condition, namesOf(schema))}]`)
  return [...parts, `select=[${fieldNames(schema)}]`].join(', ')
}

function joinedFields([left, right]: readonly [{ readonly schema: Schema }, { readonly schema: Schema }]): Schema {
  return [...left.schema, ...right.schema]
}

function distributionText(node: Extract<PhysicalNode, { kind: 'exchange' }>): string {
  const { distribution } = node
  return distribution.kind === 'hash' ? `hash[${distribution.keys.map(namesOf(node.schema)).join(', ')}]` : distribution.kind
}

function tableText({ path }: { readonly path: Parameters<typeof formatPath>[0] }): string {
  return `${path.catalog}, ${path.database}, ${path.name}`
}

function fieldNames(schema: Schema): string {
  return schema.map((field) => field.name).join(', ')
}

function sortText(keys: readonly SortKey[], schema: Schema, offset: number, count: number | undefined): string {
  const parts: string[] = []
  if (keys.length > 0)
    parts.push(
      `orderBy=[${keys.map((key) => `${schema[key.column]!.name} ${key.order === 'ascending' ? 'ASC' : 'DESC'} NULLS ${key.nulls.toUpperCase()}`).join(', ')}]`,
    )
  if (offset > 0) parts.push(`offset=[${offset}]`)
  if (count !== undefined) parts.push(`fetch=[${count}]`)
  return parts.join(', ')
}

function rankText(
  node: Pick<Extract<PhysicalNode, { kind: 'rank' }>, 'keys' | 'orderKeys' | 'from' | 'to' | 'toColumn' | 'showsRank'> & {
    readonly input: { readonly schema: Schema }
  },
): string {
  const { schema } = node.input
  const order = sortText(node.orderKeys, schema, 0, undefined)
  const partition = `partitionBy=[${node.keys.map(namesOf(schema)).join(', ')}]`
  const select = `select=[${fieldNames(schema)}${node.showsRank ? ', rank' : ''}]`
  const end = node.toColumn === undefined ? node.to : namesOf(schema)(node.toColumn)
  return [`rankRange=[rankStart=${node.from}, rankEnd=${end}]`, partition, ...(order === '' ? [] : [order]), select].join(', ')
}

function overText({ partitionKeys, orderKeys, frame }: OverWindow, schema: Schema): string {
  const bound = (end: FrameBound): string =>
    'offset' in end
      ? `${describeExpression(end.offset, namesOf(schema))} ${end.kind.toUpperCase()}`
      : end.kind.replace('-', ' ').toUpperCase()
  const order = sortText(orderKeys, schema, 0, undefined)
  const parts = [`partitionBy=[${partitionKeys.map(namesOf(schema)).join(', ')}]`, ...(order === '' ? [] : [order])]
  return [...parts, `window=[${frame.unit} BETWEEN ${bound(frame.start)} AND ${bound(frame.end)}]`].join(', ')
}

function windowText(window: WindowSpec, timeColumn: string | undefined, bounds: readonly string[] = []): string {
  const time = timeColumn === undefined ? bounds : [`time_col=[${timeColumn}]`]
  const offset = 'offsetMs' in window && window.offsetMs !== 0 ? [`offset=[${durationText(window.offsetMs)}]`] : []
  switch (window.kind) {
    case 'tumble':
      return `TUMBLE(${[...time, `size=[${durationText(window.sizeMs)}]`, ...offset].join(', ')})`
    case 'hop':
      return `HOP(${[...time, `size=[${durationText(window.sizeMs)}]`, `slide=[${durationText(window.slideMs)}]`, ...offset].join(', ')})`
    case 'cumulate':
      return `CUMULATE(${[...time, `max_size=[${durationText(window.maxSizeMs)}]`, `step=[${durationText(window.stepMs)}]`, ...offset].join(', ')})`
    case 'session':
      return `SESSION(${[...time, `gap=[${durationText(window.gapMs)}]`].join(', ')})`
    default:
      return unreachable(window)
  }
}

/** `10 min`, as Flink prints durations. */
function durationText(ms: number): string {
  const units: readonly (readonly [string, number])[] = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ]
  const [name, length] = units.find(([, unit]) => ms % unit === 0 && ms !== 0) ?? ['ms', 1]
  return `${ms / length} ${name}`
}

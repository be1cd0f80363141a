import { type Position, userError } from '../base/errors.ts'
import type { Field } from '../catalog/schema.ts'
import { withNullability } from '../data/types.ts'
import { mapColumns } from '../expr/expr.ts'
import { select } from '../plan/build.ts'
import { conjunction, conjuncts } from '../plan/expression-properties.ts'
import { keyPair } from '../plan/join-keys.ts'
import type { LogicalNode, LogicalOf } from '../plan/logical.ts'
import { planningContext } from '../plan/plan-job.ts'
import { rankFilters } from '../plan/rank-filters.ts'
import { versionsOf, withoutFilters } from '../plan/versions.ts'
import { bindExpression } from './bind-expression.ts'
import { type BindContext, isBatch, nameText } from './binder.ts'
import type { Scope } from './scope.ts'
import type { Expression, Join, NamedTable } from './syntax-query.ts'

/** Which column of the tables before it `FOR SYSTEM_TIME AS OF` names, and what time it is. */
export interface VersionTime {
  readonly column: number
  readonly kind: 'rowtime' | 'proctime'
}

/** Binds the time of FOR SYSTEM_TIME AS OF: a time attribute of a table before it. */
export function bindVersionTime(asOf: Expression, item: NamedTable, left: Scope, context: BindContext): VersionTime {
  const time = bindExpression(asOf, { context, scope: left, clause: 'FOR SYSTEM_TIME AS OF' })
  const name = nameText(item.name)
  if (time.kind === 'column') {
    const { index: column } = time
    for (const { fields, offset } of left.relations) {
      const field = fields[column - offset]
      const kind = field?.movesTime === true ? 'rowtime' : field?.timeAttribute
      if (kind === 'proctime' || (kind !== undefined && !isBatch(context))) return { column, kind }
    }
  }
  if (isBatch(context)) {
    throw userError(
      'plan/temporal-join-in-batch',
      `Cannot join the version of "${name}" as of a time in batch mode: versions exist in streaming mode only`,
      asOf.at,
    )
  }
  throw userError(
    'plan/temporal-join-time',
    `Cannot join "${name}" as of this time: wanted is a column of the table before it that has a watermark, without a computation`,
    asOf.at,
  )
}

/** FOR SYSTEM_TIME AS OF without a table before it whose rows have times. */
export function refuseLoneVersion(item: NamedTable, at: Position): never {
  throw userError(
    'plan/temporal-join-time',
    `Cannot read "${nameText(item.name)}" as of a time: versions are joined to rows that have a time, as in FROM t JOIN ${nameText(item.name)} FOR SYSTEM_TIME AS OF t.ts ON ...`,
    at,
  )
}

interface TemporalJoinParts {
  readonly item: Join
  readonly right: NamedTable
  readonly leftTime: number
  readonly context: BindContext
}

/** Makes a join one of versions: the right side is a versioned table or view, whose key the condition names. */
export function temporalJoin(join: LogicalOf<'join'>, { item, right, leftTime, context }: TemporalJoinParts): LogicalNode {
  const name = nameText(right.name)
  const { joinType, condition } = join
  if (joinType !== 'inner' && joinType !== 'left') {
    throw userError(
      'plan/temporal-join-type',
      `Cannot use ${item.type} JOIN with FOR SYSTEM_TIME AS OF: each left row meets one version, so JOIN or LEFT JOIN was wanted`,
      item.at,
    )
  }
  const [left, versioned] = join.inputs
  const ranked = rankFilters(versioned, planningContext(context.env))
  const { key, time, isFiltered } = versionsOf(ranked)
  if (key === undefined) {
    throw userError(
      'plan/temporal-join-needs-key',
      `Cannot join "${name}" as of a time: it has no PRIMARY KEY by which its versions belong together; add PRIMARY KEY (...) NOT ENFORCED to it`,
      right.at,
    )
  }
  if (time === undefined) {
    throw userError(
      'plan/no-watermark',
      `Cannot join "${name}" as of a time: none of its columns has a watermark, so nothing tells from when a version is valid; add WATERMARK FOR the time of its rows to it`,
      right.at,
    )
  }
  const filtered = isFiltered ? withoutFilters(ranked) : undefined
  if (isFiltered && filtered === undefined) {
    throw userError(
      'plan/temporal-join-filter',
      `Cannot join "${name}" as of a time: it filters versions, so the one before a version that is left out would stay valid; filter after the join`,
      right.at,
    )
  }
  const parts = condition === undefined ? [] : conjuncts(condition)
  const named = parts.map((part) => keyPair(part, left.schema.length)?.right)
  const missing = key.filter((column) => !named.some((expr) => expr?.kind === 'column' && expr.index === column))
  if (condition === undefined || missing.length > 0) {
    const names = missing.map((column) => `"${versioned.schema[column]!.name}"`).join(', ')
    throw userError(
      'plan/temporal-join-key',
      `Cannot join the version of "${name}": its key is not in the condition; compare ${names} with a column of the left side`,
      item.condition?.at ?? right.at,
    )
  }
  const { schema } = join
  const known = { kind: 'temporal-join', joinType, leftTime, rightTime: time, versionKey: key } as const
  if (filtered === undefined) return { ...known, inputs: join.inputs, condition, schema }
  const { plan, conditions } = filtered
  const width = left.schema.length
  const asked = conditions.map((each) => mapColumns(each, (column) => ({ ...column, index: column.index + width })))
  const hidden = plan.schema
    .slice(versioned.schema.length)
    .map(({ name: of, type }): Field => ({ name: of, type: withNullability(type, true) }))
  const joined: LogicalNode = {
    ...known,
    inputs: [left, plan],
    condition: conjunction([condition, ...asked]) ?? condition,
    schema: [...schema, ...hidden],
  }
  return select(
    joined,
    schema.map((_, i) => i),
  )
}

import { unreachable } from '../base/assert.ts'
import type { Schema } from '../catalog/schema.ts'
import { formatValue } from '../data/text.ts'
import { type SqlType, formatType, withNullability } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import { type Expr, children } from '../expr/expr.ts'

/** An expression as EXPLAIN shows it: `>(amount, 10)`, `CAST(id AS BIGINT)`; columns by `nameOf`. */
export function describeExpression(expr: Expr, nameOf: (column: number) => string): string {
  const describe = (child: Expr): string => describeExpression(child, nameOf)
  switch (expr.kind) {
    case 'literal':
      return describeLiteral(expr.type, expr.value)
    case 'column':
      return nameOf(expr.index)
    case 'field':
      return `${describe(expr.base)}.${expr.base.type.kind === 'ROW' ? (expr.base.type.fields[expr.index]?.name ?? expr.index) : expr.index}`
    case 'and':
    case 'or':
      return `${expr.kind.toUpperCase()}(${expr.args.map(describe).join(', ')})`
    case 'coalesce':
      return `COALESCE(${expr.args.map(describe).join(', ')})`
    case 'case': {
      const branches = expr.branches.map(({ when, then }) => `${describe(when)}, ${describe(then)}`)
      return `CASE(${[...branches, describe(expr.otherwise)].join(', ')})`
    }
    case 'cast':
      return `${expr.mode === 'try' ? 'TRY_CAST' : 'CAST'}(${describe(expr.arg)} AS ${formatType(withNullability(expr.type, true))})`
    case 'call':
      // Of a function of a module its export is enough to read.
      if (expr.name.includes('#')) return `${expr.name.replace(/^.*#(.*)@.*$/s, '$1')}(${expr.args.map(describe).join(', ')})`
      return /^[A-Z_0-9$]+$/.test(expr.name) && expr.args.length === 0
        ? `${expr.name}()`
        : `${expr.name}(${expr.args.map(describe).join(', ')})`
    case 'outer':
    case 'subquery':
      return `${expr.kind}(${children(expr).map(describe).join(', ')})`
    default:
      return unreachable(expr)
  }
}

function describeLiteral(type: SqlType, value: SqlValue): string {
  if (value === null) return `null:${formatType(withNullability(type, true))}`
  switch (type.kind) {
    case 'CHAR':
    case 'VARCHAR':
      return `'${String(value).replaceAll("'", "''")}'`
    case 'BOOLEAN':
      return value === true ? 'true' : 'false'
    case 'INTEGER':
    case 'DECIMAL':
      return formatValue(type, value) ?? 'null'
    case 'INTERVAL_DAY_TIME':
    case 'INTERVAL_YEAR_MONTH':
      return `${String(value)}:${type.kind === 'INTERVAL_DAY_TIME' ? 'INTERVAL SECOND' : 'INTERVAL MONTH'}`
    default:
      return `${formatValue(type, value) ?? 'null'}:${formatType(withNullability(type, true))}`
  }
}

/** `COUNT(DISTINCT a) FILTER b`. */
export function describeAggregate(call: AggregateCall, nameOf: (column: number) => string): string {
  const args = call.args.length === 0 ? '*' : call.args.map(nameOf).join(', ')
  const filter = call.filter === undefined ? '' : ` FILTER ${nameOf(call.filter)}`
  return `${call.name}(${call.distinct ? 'DISTINCT ' : ''}${args})${filter}`
}

/** Names of a schema's columns; `$3` where there is none. */
export function namesOf(schema: Schema): (column: number) => string {
  return (column) => schema[column]?.name ?? `$${column}`
}

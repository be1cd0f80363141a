import { userError } from '../base/errors.ts'
import { MAX_LENGTH, type SqlType, types } from '../data/types.ts'
import type { Expr } from '../expr/expr.ts'
import { buildCall } from '../expr/resolve-call.ts'
import { columnOf, filter, project } from '../plan/build.ts'
import { conjunction } from '../plan/expression-properties.ts'
import type { LogicalNode } from '../plan/logical.ts'
import type { BindContext } from './binder.ts'

// What INSERT does about NULLs where a table has none. By name the whole columns, on wish also what is inside of them.

/** A column of the table that is written. */
interface SinkColumn {
  readonly name: string
  readonly type: SqlType
}

/** `table.exec.sink.nested-constraint-enforcer`: NULLs for what is NOT NULL inside of a column. */
export function enforceNested(input: LogicalNode, columns: readonly SinkColumn[], context: BindContext): LogicalNode {
  const { settings } = context.env
  const mode = settings.string('table.exec.sink.nested-constraint-enforcer')
  if (mode === 'IGNORE') return input
  const reach = mode === 'ROWS' ? 'rows' : 'collections'
  const lengths = settings.string('table.exec.sink.type-length-enforcer')
  const cut = lengths === 'TRIM_PAD' && reach === 'collections' ? columns.find(({ type }) => isNested(type) && hasLength(type)) : undefined
  if (cut !== undefined) {
    throw userError(
      'plan/nested-length',
      `Cannot cut and pad texts inside of column "${cut.name}": 'table.exec.sink.nested-constraint-enforcer' = 'ROWS_AND_COLLECTIONS' only checks, set "table.exec.sink.type-length-enforcer" to IGNORE or ERROR`,
    )
  }
  const wanting = columns.flatMap(({ type }, i) => (hasNestedNotNull(type, reach) ? [i] : []))
  if (wanting.length === 0) return input
  const typed = (column: number): Expr => ({ ...columnOf(input.schema, column), type: columns[column]!.type })
  const path = (column: number): Expr =>
    buildCall('NULL PATH', [
      typed(column),
      textLiteral(columns[column]!.name),
      { kind: 'literal', type: types.boolean(false), value: reach === 'collections' },
    ])
  if (settings.string('table.exec.sink.not-null-enforcer') === 'DROP')
    return filter(input, conjunction(wanting.map((column) => buildCall('IS NULL', [path(column)])))!)
  const checked = input.schema.map((_, i): Expr => {
    const column = columnOf(input.schema, i)
    return wanting.includes(i) ? buildCall('NESTED NOT NULL ENFORCED', [column, path(i)]) : column
  })
  return project(
    input,
    checked,
    input.schema.map((field) => field.name),
  )
}

function textLiteral(value: string): Expr {
  return { kind: 'literal', type: types.string(false), value }
}

function isNested(type: SqlType): boolean {
  return nestedTypes(type, 'collections').length > 0
}

function hasLength(type: SqlType): boolean {
  const isBounded =
    (type.kind === 'CHAR' || type.kind === 'VARCHAR' || type.kind === 'BINARY' || type.kind === 'VARBINARY') && type.length < MAX_LENGTH
  return isBounded || nestedTypes(type, 'collections').some(hasLength)
}

function hasNestedNotNull(type: SqlType, reach: 'rows' | 'collections'): boolean {
  return nestedTypes(type, reach).some((inner) => !inner.nullable || hasNestedNotNull(inner, reach))
}

/** NULLs for NOT NULL columns end the job, or their rows are left out. */
export function enforceNotNull(input: LogicalNode, columns: readonly SinkColumn[], context: BindContext): LogicalNode {
  const wanting = columns.flatMap((column, i) => (!column.type.nullable && input.schema[i]!.type.nullable ? [i] : []))
  if (wanting.length === 0) return input
  if (context.env.settings.string('table.exec.sink.not-null-enforcer') === 'DROP') {
    return filter(input, conjunction(wanting.map((column) => buildCall('IS NOT NULL', [columnOf(input.schema, column)])))!)
  }
  const checked = input.schema.map((field, i): Expr => {
    const column = columnOf(input.schema, i)
    if (!wanting.includes(i)) return column
    return buildCall('NOT NULL ENFORCED', [column, textLiteral(field.name)])
  })
  return project(
    input,
    checked,
    input.schema.map((field) => field.name),
  )
}

/** The types inside a type, of ROWs only or of collections as well. */
function nestedTypes(type: SqlType, reach: 'rows' | 'collections'): readonly SqlType[] {
  switch (type.kind) {
    case 'ROW':
      return type.fields.map((field) => field.type)
    case 'ARRAY':
    case 'MULTISET':
      return reach === 'rows' ? [] : [type.element]
    case 'MAP':
      return reach === 'rows' ? [] : [type.key, type.value]
    default:
      return []
  }
}

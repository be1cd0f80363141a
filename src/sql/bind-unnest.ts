import { type Position, userError } from '../base/errors.ts'
import type { Field, Schema } from '../catalog/schema.ts'
import { type SqlType, types, withNullability } from '../data/types.ts'
import { allColumns, project, select } from '../plan/build.ts'
import type { LogicalNode } from '../plan/logical.ts'
import { bindExpression } from './bind-expression.ts'
import { bindTableCall } from './bind-user-call.ts'
import type { BindContext } from './binder.ts'
import type { ExpressionContext } from './expression-context.ts'
import type { Scope } from './scope.ts'
import type { Unnest } from './syntax-query.ts'

/** Rows with the elements of a collection of theirs behind their columns. */
export interface BoundUnnest {
  readonly plan: LogicalNode
  /** The added columns, with the names that UNNEST gives them. */
  readonly fields: Schema
}

/** UNNEST over the rows of `input`, whose columns `scope` names. */
export function bindUnnest(
  item: Unnest,
  input: LogicalNode,
  { scope, context, joinType }: { readonly scope: Scope; readonly context: BindContext; readonly joinType: 'inner' | 'left' },
): BoundUnnest {
  const [operand, second] = item.operands
  const where: ExpressionContext = { context, scope, clause: 'UNNEST' }
  const rows = operand!.kind === 'call' ? bindTableCall(operand, where, bindExpression) : undefined
  const collection = rows ?? bindExpression(operand!, where)
  if (second !== undefined)
    context.refusals.add('unnest', 'Cannot unnest several collections at once yet: write one UNNEST for each', second.at)
  const elements = elementFields(collection.type, operand!.at).map(({ name, type }): Field => ({
    name,
    type: joinType === 'left' ? withNullability(type, true) : type,
  }))
  const ordinal: Field = { name: 'ORDINALITY', type: types.integer(joinType === 'left') }
  const fields = item.withOrdinality ? [...elements, ordinal] : elements
  const width = input.schema.length
  const names = input.schema.map((field) => field.name)
  const below = project(input, [...allColumns(input.schema), collection], [...names, '$collection'])
  const plan: LogicalNode = {
    kind: 'unnest',
    input: below,
    collection: width,
    withOrdinality: item.withOrdinality,
    joinType,
    schema: [...below.schema, ...fields],
  }
  const shown = plan.schema.flatMap((_, i) => (i === width ? [] : [i]))
  return { plan: select(plan, shown), fields }
}

function elementFields(type: SqlType, at: Position): Schema {
  switch (type.kind) {
    case 'ARRAY':
    case 'MULTISET': {
      const { element } = type
      if (element.kind !== 'ROW') return [{ name: 'EXPR$0', type: element }]
      return element.fields.map((field) => ({
        name: field.name,
        type: withNullability(field.type, field.type.nullable || element.nullable),
      }))
    }
    case 'MAP':
      return [
        { name: 'KEY', type: type.key },
        { name: 'VALUE', type: type.value },
      ]
    default:
      throw userError('sql/argument-type', `Cannot unnest a value of type ${type.kind}: an ARRAY, MAP or MULTISET was wanted`, at)
  }
}

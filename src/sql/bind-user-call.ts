import { type RheoError, userError } from '../base/errors.ts'
import { formatType, withNullability } from '../data/types.ts'
import { canCast } from '../expr/cast.ts'
import type { Expr } from '../expr/expr.ts'
import { type ModuleFunction, resultType } from '../expr/module-function.ts'
import { implicitCast } from '../expr/resolve-call.ts'
import { userFunction } from './bind-function.ts'
import { type BindContext, nameText } from './binder.ts'
import type { BindExpression, ExpressionContext } from './expression-context.ts'
import type { Call } from './syntax-query.ts'

/** A call of a function that the session defined; undefined where there is none of the name. A table function may stand in FROM only. */
export function bindUserCall(node: Call, where: ExpressionContext, which: 'system' | 'any', bind: BindExpression): Expr | undefined {
  const definition = userFunction(node.name, where.context, which)
  if (definition === undefined) return undefined
  if (definition.kind === 'table') {
    throw userError(
      'sql/table-function',
      `Cannot call "${nameText(node.name)}" in ${where.clause}: it gives rows; write FROM t, LATERAL TABLE(${nameText(node.name)}(..))`,
      node.at,
    )
  }
  return callOf(definition, node, where, bind)
}

/** The call of a table function in FROM: all its rows as one array; undefined where `node` calls none. */
export function bindTableCall(node: Call, where: ExpressionContext, bind: BindExpression): Expr | undefined {
  const definition = userFunction(node.name, where.context, 'any')
  return definition?.kind === 'table' ? callOf(definition, node, where, bind) : undefined
}

/** Whether a call in FROM is of a function that the session defined; one that gives values is refused. */
export function isTableCall(node: Call, context: BindContext): boolean {
  const definition = userFunction(node.name, context, 'any')
  if (definition?.kind === 'scalar') {
    throw userError(
      'sql/table-function',
      `Cannot call "${nameText(node.name)}" in FROM: it gives one value; a function that its module declares with kind: 'table' gives rows`,
      node.at,
    )
  }
  return definition !== undefined
}

function callOf(definition: ModuleFunction, node: Call, where: ExpressionContext, bind: BindExpression): Expr {
  const { at } = node
  const name = nameText(node.name)
  const { argTypes, nulls } = definition
  const form = `${name}(${argTypes.map((type) => formatType(type)).join(', ')})`
  const refuse = (code: string, why: string): RheoError => userError(code, `Cannot call "${name}": ${why}`, at)
  if (node.over !== undefined || node.filter !== undefined || node.quantifier === 'DISTINCT' || node.orderBy.length > 0)
    throw refuse('sql/not-an-aggregate', 'it is no aggregate, so it takes no OVER, FILTER, DISTINCT or ORDER BY')
  if (node.arguments.some((argument) => argument.name !== undefined)) throw refuse('sql/argument-name', 'its arguments have no names')
  if (node.arguments.length !== argTypes.length)
    throw refuse(
      'sql/argument-count',
      `found ${node.arguments.length} argument${node.arguments.length === 1 ? '' : 's'}, wanted is ${form}`,
    )
  const args = node.arguments.map(({ value }, i) => {
    const arg = bind(value, where)
    const wanted = argTypes[i]!
    if (arg.type.kind !== 'NULL' && !canCast(arg.type, wanted, 'implicit')) {
      throw userError(
        'sql/argument-type',
        `Cannot call "${name}": argument ${i + 1} is ${formatType(withNullability(arg.type, true))}, wanted is ${form}`,
        arg.at ?? at,
      )
    }
    if (arg.type.nullable && !wanted.nullable && nulls === 'called')
      throw userError('sql/argument-type', `Cannot call "${name}": argument ${i + 1} may be NULL, wanted is ${form}`, arg.at ?? at)
    return implicitCast(arg, withNullability(wanted, arg.type.nullable))
  })
  const type = resultType(definition)
  const mayBeNull = type.nullable || (nulls === 'strict' && args.some((arg) => arg.type.nullable))
  return { kind: 'call', name: definition.name, args, type: withNullability(type, mayBeNull), at }
}

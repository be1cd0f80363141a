import { type Expr, children, walk } from '../expr/expr.ts'
import { lookupFunction } from '../expr/registry.ts'
import { formatType } from '../data/types.ts'
import { valueToJson } from '../data/value-json.ts'

/** One text an expression: equal texts are equal expressions, places aside. */
export function expressionKey(expr: Expr): string {
  switch (expr.kind) {
    case 'literal':
      return `literal ${formatType(expr.type)} ${JSON.stringify(valueToJson(expr.type, expr.value))}`
    case 'column':
      return `$${expr.index}`
    case 'outer':
      return `outer $${expr.index}`
    case 'subquery': {
      const predicate = expr.predicate === undefined ? '' : ` ${expressionKey(expr.predicate)}`
      return `${expr.form} ${planKey(expr.query)}${predicate}(${children(expr).map(expressionKey).join(', ')})`
    }
    default: {
      const own =
        expr.kind === 'call'
          ? expr.name
          : expr.kind === 'field'
            ? `field ${expr.index}`
            : expr.kind === 'cast'
              ? `${expr.mode} ${formatType(expr.type)}`
              : expr.kind
      return `${own}(${children(expr).map(expressionKey).join(', ')})`
    }
  }
}

/** One text a query inside of an expression, places in the SQL text aside. */
function planKey(plan: object): string {
  return JSON.stringify(plan, (key, value: unknown) => {
    if (key === 'at' || key === 'place') return undefined
    if (typeof value === 'bigint') return `${value}n`
    return value instanceof Map ? [...(value as Map<unknown, unknown>)] : value
  })
}

/** Numbers of the columns that an expression reads. */
export function columnsOf(expr: Expr): ReadonlySet<number> {
  const found = new Set<number>()
  walk(expr, (part) => {
    if (part.kind === 'column') found.add(part.index)
  })
  return found
}

/** False where evaluating twice may give two answers. */
export function isDeterministic(expr: Expr): boolean {
  let result = true
  walk(expr, (part) => {
    if (part.kind === 'call' && lookupFunction(part.name)?.isDeterministic === false) result = false
  })
  return result
}

export function readsNoColumns(expr: Expr): boolean {
  return columnsOf(expr).size === 0
}

/** Columns, literals and fields of ROW columns: what costs nothing to evaluate again. */
export function isTrivial(expr: Expr): boolean {
  return expr.kind === 'column' || expr.kind === 'literal' || (expr.kind === 'field' && isTrivial(expr.base))
}

/** The operands of nested ANDs. */
export function conjuncts(expr: Expr): readonly Expr[] {
  return expr.kind === 'and' ? expr.args.flatMap(conjuncts) : [expr]
}

/** The AND of conditions; undefined when there is none. */
export function conjunction(conditions: readonly Expr[]): Expr | undefined {
  const [first] = conditions
  if (first === undefined || conditions.length === 1) return first
  return { kind: 'and', args: conditions, type: { kind: 'BOOLEAN', nullable: conditions.some((condition) => condition.type.nullable) } }
}

import type { Expression, FromItem, Pivot, PivotValue, SelectItem, Unpivot, UnpivotGroup } from './syntax-query.ts'
import type { Identifier } from './syntax-type.ts'
import type { TokenStream } from './token-stream.ts'

/** PIVOT (SUM(x) AS s FOR (a, b) IN ((1, 2) AS c, ..)). */
export function parsePivot(stream: TokenStream, input: FromItem): Pivot {
  stream.expect('PIVOT')
  stream.expectSymbol('(')
  const aggregates = stream.commaSeparated(() => aggregate(stream))
  stream.expect('FOR')
  const axes = names(stream)
  stream.expect('IN')
  const values = stream.list((): PivotValue => {
    const value = stream.grammar.expression(stream)
    const alias = optionalAlias(stream)
    return { values: fromRow(value), alias, at: stream.from(value.at) }
  })
  stream.expectSymbol(')')
  return { kind: 'pivot', input, aggregates, axes, values, alias: undefined, at: stream.from(input.at) }
}

/** UNPIVOT [INCLUDE NULLS] (m FOR axis IN (a AS 1, ..)). */
export function parseUnpivot(stream: TokenStream, input: FromItem): Unpivot {
  stream.expect('UNPIVOT')
  const includeNulls = stream.accept('INCLUDE', 'NULLS')
  if (!includeNulls) stream.accept('EXCLUDE', 'NULLS')
  stream.expectSymbol('(')
  const measures = names(stream)
  stream.expect('FOR')
  const axes = names(stream)
  stream.expect('IN')
  const groups = stream.list((): UnpivotGroup => {
    const start = stream.peek().at
    const columns = names(stream)
    const values = stream.accept('AS') ? fromRow(stream.grammar.expression(stream)) : []
    return { columns, values, at: stream.from(start) }
  })
  stream.expectSymbol(')')
  return { kind: 'unpivot', input, includeNulls, measures, axes, groups, alias: undefined, at: stream.from(input.at) }
}

function aggregate(stream: TokenStream): SelectItem {
  const expression = stream.grammar.expression(stream)
  const alias = optionalAlias(stream)
  return { expression, alias, at: stream.from(expression.at) }
}

function optionalAlias(stream: TokenStream): Identifier | undefined {
  return stream.accept('AS') || stream.isName() ? stream.identifier('an alias') : undefined
}

/** `a` or `(a, b)`. */
function names(stream: TokenStream): Identifier[] {
  return stream.atSymbol('(') ? stream.identifierList('a column') : [stream.identifier('a column')]
}

function fromRow(value: Expression): readonly Expression[] {
  return value.kind === 'row' && value.form === 'PARENTHESES' ? value.values : [value]
}

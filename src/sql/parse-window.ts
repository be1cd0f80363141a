import { LEVEL } from './precedence.ts'
import type { Expression, FrameBound, SortItem, WindowDefinition, WindowFrame, WindowName } from './syntax-query.ts'
import type { TokenStream } from './token-stream.ts'

/** `OVER name` or `OVER (..)`, or undefined where no OVER stands. */
export function parseOver(stream: TokenStream): WindowName | WindowDefinition | undefined {
  if (!stream.accept('OVER')) return undefined
  if (stream.atSymbol('(')) return parseWindowDefinition(stream)
  const name = stream.identifier('a window')
  return { kind: 'window-name', name, at: name.at }
}

/** `FILTER (WHERE ..)`, or undefined. */
export function parseFilter(stream: TokenStream): Expression | undefined {
  if (!stream.accept('FILTER')) return undefined
  stream.expectSymbol('(')
  stream.expect('WHERE')
  const condition = stream.grammar.expression(stream)
  stream.expectSymbol(')')
  return condition
}

/** `(..)` after OVER or WINDOW name AS. */
export function parseWindowDefinition(stream: TokenStream): WindowDefinition {
  const start = stream.expectSymbol('(').at
  const base = stream.isName() && !stream.isWord('RANGE') ? stream.identifier('a window') : undefined
  const partitionBy = stream.accept('PARTITION', 'BY') ? stream.commaSeparated(() => stream.grammar.expression(stream)) : []
  const orderBy = stream.accept('ORDER', 'BY') ? parseSortItems(stream) : []
  const unit = stream.acceptOne(['ROWS', 'RANGE'])
  const frame = unit === undefined ? undefined : parseFrame(stream, unit)
  stream.expectSymbol(')')
  return { kind: 'window-definition', base, partitionBy, orderBy, frame, at: stream.from(start) }
}

function parseFrame(stream: TokenStream, unit: 'ROWS' | 'RANGE'): WindowFrame {
  const start = stream.previous()!.at
  if (stream.accept('BETWEEN')) {
    const first = parseBound(stream)
    stream.expect('AND')
    const last = parseBound(stream)
    return { unit, start: first, end: last, at: stream.from(start) }
  }
  const first = parseBound(stream)
  return { unit, start: first, end: undefined, at: stream.from(start) }
}

function parseBound(stream: TokenStream): FrameBound {
  const start = stream.peek().at
  if (stream.accept('CURRENT', 'ROW')) return { kind: 'current-row', at: stream.from(start) }
  if (stream.accept('UNBOUNDED')) {
    const side = stream.expectOne(['PRECEDING', 'FOLLOWING'])
    return { kind: side === 'PRECEDING' ? 'unbounded-preceding' : 'unbounded-following', at: stream.from(start) }
  }
  // A bound is no condition: AND behind it separates the two bounds.
  const offset: Expression = stream.grammar.expressionAbove(stream, LEVEL.range)
  const side = stream.expectOne(['PRECEDING', 'FOLLOWING'])
  return { kind: side === 'PRECEDING' ? 'preceding' : 'following', offset, at: stream.from(start) }
}

/** The items of ORDER BY, or the first of them. */
export function parseSortItems(stream: TokenStream, count: 'one' | 'all' = 'all'): SortItem[] {
  return count === 'one' ? [sortItem(stream)] : stream.commaSeparated(() => sortItem(stream))
}

function sortItem(stream: TokenStream): SortItem {
  const expression = stream.grammar.expression(stream)
  const direction = stream.acceptOne(['ASC', 'DESC']) ?? 'ASC'
  const nulls = stream.accept('NULLS', 'FIRST') ? 'FIRST' : stream.accept('NULLS', 'LAST') ? 'LAST' : undefined
  return { expression, direction, nulls, at: stream.from(expression.at) }
}

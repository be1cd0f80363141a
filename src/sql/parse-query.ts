import { parseFrom } from './parse-from.ts'
import { parseHints } from './parse-hint.ts'
import { parseSortItems, parseWindowDefinition } from './parse-window.ts'
import type {
  Expression,
  GroupBy,
  GroupingItem,
  NamedWindow,
  Query,
  QueryBody,
  Select,
  SelectItem,
  SortItem,
  Values,
  ValuesRow,
  With,
  WithItem,
} from './syntax-query.ts'
import type { Identifier } from './syntax-type.ts'
import type { TokenStream } from './token-stream.ts'

/** A whole query: WITH, set operations, ORDER BY, LIMIT. */
export function parseQueryNode(stream: TokenStream): Query {
  return stream.nested(() => {
    const start = stream.peek().at
    const withClause = stream.at('WITH') ? parseWith(stream) : undefined
    const body = parseSetOperations(stream)
    return finishQuery(stream, body, withClause, start)
  })
}

/** Goes on with a query whose first part, in parentheses, is read already. */
export function parseQueryFrom(stream: TokenStream, first: Query): Query {
  return finishQuery(stream, parseSetOperations(stream, first), undefined, first.at)
}

function finishQuery(stream: TokenStream, body: QueryBody, withClause: With | undefined, start: Query['at']): Query {
  const orderBy: readonly SortItem[] = stream.accept('ORDER', 'BY') ? parseSortItems(stream) : []
  let limit: Expression | undefined
  let offset: Expression | undefined
  const hasLimit = stream.accept('LIMIT')
  if (hasLimit) {
    limit = stream.accept('ALL') ? undefined : stream.grammar.expression(stream)
    if (stream.isSymbol(','))
      throw stream.error('Cannot parse LIMIT: Flink SQL has no "LIMIT start, count"; write LIMIT count OFFSET start', stream.peek().at)
  }
  if (stream.accept('OFFSET')) {
    offset = stream.grammar.expression(stream)
    stream.acceptOne(['ROWS', 'ROW'])
    if (!hasLimit && stream.isWord('LIMIT'))
      throw stream.error('Cannot parse the query: LIMIT stands behind OFFSET; write LIMIT first', stream.peek().at)
  }
  if (!hasLimit && stream.accept('FETCH')) {
    stream.expectOne(['FIRST', 'NEXT'])
    limit =
      stream.isWord('ROW') || stream.isWord('ROWS')
        ? { kind: 'number', form: 'integer', text: '1', at: stream.peek().at }
        : stream.grammar.expression(stream)
    stream.expectOne(['ROWS', 'ROW'])
    stream.expect('ONLY')
  }
  return { kind: 'query', with: withClause, body, orderBy, offset, limit, at: stream.from(start) }
}

function parseWith(stream: TokenStream): With {
  const start = stream.expect('WITH').at
  const recursive = stream.accept('RECURSIVE')
  const items = stream.commaSeparated((): WithItem => {
    const name = stream.identifier('a name')
    const columns: readonly Identifier[] = stream.atSymbol('(') ? stream.identifierList('a column') : []
    stream.expect('AS')
    stream.expectSymbol('(')
    const query = parseQueryNode(stream)
    stream.expectSymbol(')')
    return { name, columns, query, at: stream.from(name.at) }
  })
  return { recursive, items, at: stream.from(start) }
}

/** UNION and EXCEPT, which bind less than INTERSECT; all associate to the left. */
function parseSetOperations(stream: TokenStream, first?: QueryBody): QueryBody {
  let left = parseIntersections(stream, first)
  for (;;) {
    const operator = stream.acceptOne(['UNION', 'EXCEPT'])
    if (operator === undefined) {
      if (stream.isWord('MINUS')) throw stream.error('Cannot parse the query: Flink SQL has no MINUS; write EXCEPT', stream.peek().at)
      return left
    }
    const all = stream.acceptOne(['ALL', 'DISTINCT']) === 'ALL'
    const right = parseIntersections(stream)
    left = { kind: 'set-operation', operator, all, left, right, at: stream.from(left.at) }
  }
}

function parseIntersections(stream: TokenStream, first?: QueryBody): QueryBody {
  let left = first ?? parseTerm(stream)
  while (stream.accept('INTERSECT')) {
    const all = stream.acceptOne(['ALL', 'DISTINCT']) === 'ALL'
    const right = parseTerm(stream)
    left = { kind: 'set-operation', operator: 'INTERSECT', all, left, right, at: stream.from(left.at) }
  }
  return left
}

function parseTerm(stream: TokenStream): QueryBody {
  if (stream.at('SELECT')) return parseSelect(stream)
  if (stream.at('VALUES')) return parseValues(stream)
  if (stream.at('TABLE')) {
    const start = stream.next().at
    const name = stream.qualifiedName('a table')
    return { kind: 'table', name, at: stream.from(start) }
  }
  const start = stream.expectSymbol('(').at
  const query = parseQueryNode(stream)
  stream.expectSymbol(')')
  return { ...query, at: stream.from(start) }
}

function parseValues(stream: TokenStream): Values {
  const start = stream.expect('VALUES').at
  const rows = stream.commaSeparated((): ValuesRow => {
    const value = stream.grammar.expression(stream)
    const values = value.kind === 'row' && value.form !== 'PERIOD' ? value.values : [value]
    return { values, at: value.at }
  })
  return { kind: 'values', rows, at: stream.from(start) }
}

function parseSelect(stream: TokenStream): Select {
  const start = stream.expect('SELECT').at
  const hints = parseHints(stream)
  const quantifier = stream.acceptOne(['DISTINCT', 'ALL'])
  const items = stream.commaSeparated(() => parseSelectItem(stream))
  const from = stream.accept('FROM') ? parseFrom(stream) : undefined
  const where = stream.accept('WHERE') ? stream.grammar.expression(stream) : undefined
  const groupBy = stream.accept('GROUP', 'BY') ? parseGroupBy(stream) : undefined
  const having = stream.accept('HAVING') ? stream.grammar.expression(stream) : undefined
  const windows = stream.accept('WINDOW') ? stream.commaSeparated(() => parseNamedWindow(stream)) : []
  const qualify = stream.accept('QUALIFY') ? stream.grammar.expression(stream) : undefined
  return { kind: 'select', hints, quantifier, items, from, where, groupBy, having, windows, qualify, at: stream.from(start) }
}

/** `*`, `t.*`, or an expression with a name or without; of PIVOT's aggregates too. */
export function parseSelectItem(stream: TokenStream): SelectItem {
  const start = stream.peek()
  if (stream.isSymbol('*')) {
    stream.next()
    return { expression: { kind: 'star', qualifier: [], at: start.at }, alias: undefined, at: start.at }
  }
  const expression = stream.grammar.expression(stream)
  const alias = expression.kind === 'star' ? undefined : parseAlias(stream)
  return { expression, alias, at: stream.from(start.at) }
}

/** `AS name`, or a name that is not reserved. */
function parseAlias(stream: TokenStream): Identifier | undefined {
  if (stream.accept('AS')) return stream.identifier('an alias')
  if (!stream.isName()) return undefined
  stream.bareAlias = stream.peek().kind === 'word' ? stream.peek() : undefined
  return stream.identifier('an alias')
}

function parseNamedWindow(stream: TokenStream): NamedWindow {
  const name = stream.identifier('a window')
  stream.expect('AS')
  const window = parseWindowDefinition(stream)
  return { name, window, at: stream.from(name.at) }
}

function parseGroupBy(stream: TokenStream): GroupBy {
  const start = stream.peek(-1).at
  const quantifier = stream.acceptOne(['DISTINCT', 'ALL'])
  const items = stream.commaSeparated(() => parseGroupingItem(stream))
  return { quantifier, items, at: stream.from(start) }
}

function parseGroupingItem(stream: TokenStream): GroupingItem {
  return stream.nested(() => {
    const start = stream.peek().at
    const kind = stream.accept('GROUPING', 'SETS')
      ? 'grouping-sets'
      : stream.accept('ROLLUP')
        ? 'rollup'
        : stream.accept('CUBE')
          ? 'cube'
          : undefined
    if (kind !== undefined) {
      const items = stream.list(() => parseGroupingItem(stream))
      return { kind, items, at: stream.from(start) }
    }
    if (stream.isSymbol('(') && stream.isSymbol(')', 1)) {
      stream.next()
      stream.next()
      return { kind: 'set', expressions: [], at: stream.from(start) }
    }
    const expression = stream.grammar.expression(stream)
    if (expression.kind === 'row' && expression.form === 'PARENTHESES')
      return { kind: 'set', expressions: expression.values, at: expression.at }
    return { kind: 'expression', expression, at: expression.at }
  })
}

import { parseCall } from './parse-call.ts'
import { continuesQuery, startsQuery } from './parse-expression.ts'
import { parseHints } from './parse-hint.ts'
import { parseMatchRecognize } from './parse-match-recognize.ts'
import { parsePivot, parseUnpivot } from './parse-pivot.ts'
import { LEVEL } from './precedence.ts'
import { RESERVED_FUNCTIONS } from './reserved-words.ts'
import type { FromItem, Join, JoinCondition, Query, TableAlias } from './syntax-query.ts'
import type { TokenStream } from './token-stream.ts'

/** What follows FROM. Commas bind less than JOIN. */
export function parseFrom(stream: TokenStream): FromItem {
  return continueCommas(stream, parseJoins(stream))
}

function continueCommas(stream: TokenStream, first: FromItem): FromItem {
  let left = first
  while (stream.acceptSymbol(',')) {
    const right = parseJoins(stream)
    left = { kind: 'join', type: 'COMMA', natural: false, left, right, condition: undefined, at: stream.from(left.at) }
  }
  return left
}

function parseJoins(stream: TokenStream): FromItem {
  return continueJoins(stream, parseItem(stream))
}

function continueJoins(stream: TokenStream, first: FromItem): FromItem {
  let left = first
  for (;;) {
    const natural = stream.accept('NATURAL')
    const type = joinType(stream)
    if (type === undefined) {
      if (natural) throw stream.unexpected()
      return left
    }
    const right = parseItem(stream)
    const condition = type === 'CROSS' || natural ? undefined : joinCondition(stream)
    left = { kind: 'join', type, natural, left, right, condition, at: stream.from(left.at) }
  }
}

/** Passes `LEFT OUTER JOIN` and the like; undefined where no join goes on. */
function joinType(stream: TokenStream): Join['type'] | undefined {
  const type = stream.acceptOne(['INNER', 'LEFT', 'RIGHT', 'FULL', 'CROSS'])
  if (type === undefined) return stream.accept('JOIN') ? 'INNER' : undefined
  if (type !== 'INNER' && type !== 'CROSS') stream.accept('OUTER')
  stream.expect('JOIN')
  return type
}

function joinCondition(stream: TokenStream): JoinCondition {
  const start = stream.peek().at
  if (stream.accept('ON')) {
    const condition = stream.grammar.expression(stream)
    return { kind: 'on', condition, at: stream.from(start) }
  }
  if (stream.accept('USING')) {
    const columns = stream.identifierList('a column')
    return { kind: 'using', columns, at: stream.from(start) }
  }
  if (stream.atEnd() || stream.isSymbol(';') || stream.isSymbol(')') || stream.startsClause()) {
    throw stream.error('Cannot parse the join: it has no condition; write ON or USING behind its right side, or CROSS JOIN', start)
  }
  throw stream.unexpected()
}

/** A table, function or subquery with its alias and what may stand behind it. */
function parseItem(stream: TokenStream): FromItem {
  return stream.nested(() => finishItem(stream, parsePlainItem(stream)))
}

function finishItem(stream: TokenStream, first: FromItem): FromItem {
  let item = first
  for (;;) {
    if (stream.at('MATCH_RECOGNIZE')) item = withAlias(stream, parseMatchRecognize(stream, item))
    else if (stream.at('PIVOT')) item = withAlias(stream, parsePivot(stream, item))
    else if (stream.at('UNPIVOT')) item = withAlias(stream, parseUnpivot(stream, item))
    else if (stream.at('TABLESAMPLE') && item.kind !== 'sample') item = parseSample(stream, item)
    else return item
  }
}

function parsePlainItem(stream: TokenStream): FromItem {
  const start = stream.peek().at
  const lateral = stream.accept('LATERAL')
  if (stream.accept('UNNEST')) {
    const operands = stream.list(() => stream.grammar.expression(stream))
    const withOrdinality = stream.accept('WITH', 'ORDINALITY')
    return withAlias(stream, { kind: 'unnest', operands, withOrdinality, lateral, alias: undefined, at: stream.from(start) })
  }
  if (stream.accept('TABLE')) {
    stream.expectSymbol('(')
    if (startsQuery(stream)) {
      // TABLE(SELECT ..) is a derived table.
      const query = stream.grammar.query(stream)
      stream.expectSymbol(')')
      return withAlias(stream, { kind: 'derived-table', query, lateral, alias: undefined, at: stream.from(start) })
    }
    const call = parseFunction(stream)
    stream.expectSymbol(')')
    return withAlias(stream, { kind: 'table-function', call, lateral, alias: undefined, at: stream.from(start) })
  }
  if (stream.atSymbol('(')) {
    const inside = parseParentheses(stream)
    if (inside.kind !== 'query') return withAlias(stream, { ...inside, at: stream.from(start) })
    return withAlias(stream, { kind: 'derived-table', query: inside, lateral, alias: undefined, at: stream.from(start) })
  }
  return parseNamed(stream, lateral)
}

function parseFunction(stream: TokenStream): ReturnType<typeof parseCall> {
  const token = stream.peek()
  if (token.kind === 'word' && RESERVED_FUNCTIONS.has(token.key) && stream.isSymbol('(', 1)) {
    stream.next()
    return parseCall(stream, { at: token.at, parts: [{ at: token.at, name: token.value }] })
  }
  return parseCall(stream, stream.qualifiedName('a table function'))
}

/** A table by its name, or a function straight in FROM. */
function parseNamed(stream: TokenStream, lateral: boolean): FromItem {
  const start = stream.peek().at
  const name = stream.qualifiedName('a table')
  if (stream.isSymbol('(') || lateral) {
    const call = parseCall(stream, name)
    return withAlias(stream, { kind: 'table-function', call, lateral, alias: undefined, at: stream.from(start) })
  }
  const hints = parseHints(stream)
  const asOf = stream.accept('FOR', 'SYSTEM_TIME', 'AS', 'OF') ? stream.grammar.expressionAbove(stream, LEVEL.range) : undefined
  const more = parseHints(stream)
  return withAlias(stream, { kind: 'named-table', name, hints: [...hints, ...more], asOf, alias: undefined, at: stream.from(start) })
}

/**
 * After `(`: a query, or tables that are joined. `((SELECT ..) UNION (SELECT ..))` and `((SELECT ..) AS a JOIN b ON ..)` begin alike,
 * and only what follows the inner parenthesis tells.
 */
function parseParentheses(stream: TokenStream): Query | FromItem {
  return stream.nested(() => {
    stream.expectSymbol('(')
    const inside = parseInside(stream)
    stream.expectSymbol(')')
    return inside
  })
}

function parseInside(stream: TokenStream): Query | FromItem {
  // TABLE with a parenthesis is a function, TABLE t a query.
  if (!startsQuery(stream) || (stream.isWord('TABLE') && stream.isSymbol('(', 1))) return parseFrom(stream)
  if (!stream.isSymbol('(')) return stream.grammar.query(stream)
  const start = stream.peek().at
  const inner = parseParentheses(stream)
  if (inner.kind !== 'query') return continueCommas(stream, continueJoins(stream, finishItem(stream, withAlias(stream, inner))))
  const at = stream.from(start)
  if (stream.isSymbol(')') || continuesQuery(stream)) return stream.grammar.queryFrom(stream, { ...inner, at })
  const table = withAlias(stream, { kind: 'derived-table', query: inner, lateral: false, alias: undefined, at })
  return continueCommas(stream, continueJoins(stream, finishItem(stream, table)))
}

/** The item with the alias that follows it; joins in parentheses take none. */
function withAlias(stream: TokenStream, item: FromItem): FromItem {
  if (item.kind === 'join' || item.kind === 'sample' || item.alias !== undefined) return item
  const alias = parseTableAlias(stream)
  return alias === undefined ? item : { ...item, alias, at: stream.from(item.at) }
}

function parseTableAlias(stream: TokenStream): TableAlias | undefined {
  const hasAs = stream.accept('AS')
  if (!hasAs && !stream.isName()) return undefined
  if (!hasAs) stream.bareAlias = stream.peek().kind === 'word' ? stream.peek() : undefined
  const name = stream.identifier('an alias')
  // `FROM t WERE (a > 1)`: a misspelt keyword has no list of names behind it.
  const hasColumns = stream.isSymbol('(') && (hasAs || (stream.isName(1) && (stream.isSymbol(',', 2) || stream.isSymbol(')', 2))))
  const columns = hasColumns ? stream.identifierList('a column') : []
  return { name, columns, at: stream.from(name.at) }
}

function parseSample(stream: TokenStream, input: FromItem): FromItem {
  stream.expect('TABLESAMPLE')
  const method = stream.expectOne(['BERNOULLI', 'SYSTEM', 'SUBSTITUTE'])
  stream.expectSymbol('(')
  const size = stream.grammar.expression(stream)
  stream.expectSymbol(')')
  if (method === 'SUBSTITUTE' || !stream.accept('REPEATABLE'))
    return { kind: 'sample', input, method, size, seed: undefined, at: stream.from(input.at) }
  stream.expectSymbol('(')
  const seed = stream.grammar.expression(stream)
  stream.expectSymbol(')')
  return { kind: 'sample', input, method, size, seed, at: stream.from(input.at) }
}

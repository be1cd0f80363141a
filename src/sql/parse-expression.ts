import type { Position } from '../base/errors.ts'
import { parseCall, parseSpecialCall } from './parse-call.ts'
import { parseBinaryLiteral, parseDateTime, parseEscape, parseInterval, parseLocalTimestamp, parseString } from './parse-literal.ts'
import { parseIntervalQualifier, parseTypeNode } from './parse-type.ts'
import { LEVEL } from './precedence.ts'
import { FUNCTIONS_WITHOUT_PARENTHESES, RESERVED_FUNCTIONS, RESERVED_WORDS } from './reserved-words.ts'
import { AN_OPERATOR } from './syntax-message.ts'
import type { BinaryOperator, IsTest } from './syntax-literal.ts'
import type { Case, CaseBranch, Expression, Quantified, Query } from './syntax-query.ts'
import type { Identifier } from './syntax-type.ts'
import type { TokenStream } from './token-stream.ts'

const SYMBOL_LEVELS: Readonly<Record<string, number>> = {
  '=': LEVEL.comparison,
  '<>': LEVEL.comparison,
  '<': LEVEL.comparison,
  '<=': LEVEL.comparison,
  '>': LEVEL.comparison,
  '>=': LEVEL.comparison,
  '+': LEVEL.sum,
  '-': LEVEL.sum,
  '*': LEVEL.product,
  '/': LEVEL.product,
  '%': LEVEL.product,
  '||': LEVEL.product,
}

const WORD_LEVELS: Readonly<Record<string, number>> = {
  OR: LEVEL.or,
  AND: LEVEL.and,
  IS: LEVEL.is,
  NOT: LEVEL.range,
  BETWEEN: LEVEL.range,
  IN: LEVEL.range,
  LIKE: LEVEL.range,
  ILIKE: LEVEL.range,
  RLIKE: LEVEL.range,
  SIMILAR: LEVEL.range,
  OVERLAPS: LEVEL.comparison,
  CONTAINS: LEVEL.comparison,
  EQUALS: LEVEL.comparison,
  PRECEDES: LEVEL.comparison,
  SUCCEEDS: LEVEL.comparison,
  IMMEDIATELY: LEVEL.comparison,
  MEMBER: LEVEL.comparison,
  SUBMULTISET: LEVEL.comparison,
  // The tighter of its operators; parseMultisetOperation knows which one it is.
  MULTISET: LEVEL.multisetIntersect,
}

/** An expression that binds tighter than `floor`. */
export function parseExpressionAbove(stream: TokenStream, floor: number): Expression {
  return stream.nested(() => continueExpression(stream, parseOperand(stream), floor))
}

function parseOperand(stream: TokenStream): Expression {
  const start = stream.peek()
  if (stream.isWord('NOT')) {
    stream.next()
    const operand = parseExpressionAbove(stream, LEVEL.not)
    return { kind: 'unary', operator: 'NOT', operand, at: stream.from(start.at) }
  }
  if (start.kind === 'symbol' && (start.key === '-' || start.key === '+')) {
    stream.next()
    const operand = stream.nested(() => parseOperand(stream))
    return { kind: 'unary', operator: start.key, operand, at: stream.from(start.at) }
  }
  return parsePostfix(stream, parsePrimary(stream))
}

/** Takes up all operators above `floor` that follow `left`. */
export function continueExpression(stream: TokenStream, first: Expression, floor: number): Expression {
  let left = first
  for (;;) {
    stream.note(AN_OPERATOR)
    const next = continueOnce(stream, left, floor)
    if (next === undefined) return left
    left = next
  }
}

function continueOnce(stream: TokenStream, left: Expression, floor: number): Expression | undefined {
  const token = stream.peek()
  if (token.kind === 'symbol') {
    const level = SYMBOL_LEVELS[token.key]
    if (level === undefined || level <= floor) return undefined
    stream.next()
    return level === LEVEL.comparison && isQuantifier(stream)
      ? parseQuantified(stream, left, token.key as Quantified['operator'])
      : binary(stream, left, token.key as BinaryOperator, level, token.at)
  }
  if (token.kind !== 'word') return undefined
  const level = Object.hasOwn(WORD_LEVELS, token.key) ? WORD_LEVELS[token.key] : undefined
  if (level === undefined || level <= floor) return undefined
  switch (token.key) {
    case 'OR':
    case 'AND':
    case 'OVERLAPS':
    case 'CONTAINS':
    case 'EQUALS':
    case 'PRECEDES':
    case 'SUCCEEDS':
      stream.next()
      return binary(stream, left, token.key, level, token.at)
    case 'IMMEDIATELY': {
      const second = stream.peek(1).key
      if (second !== 'PRECEDES' && second !== 'SUCCEEDS') return undefined
      stream.next()
      stream.next()
      return binary(stream, left, `IMMEDIATELY ${second}`, level, stream.from(token.at))
    }
    case 'MEMBER':
    case 'SUBMULTISET':
      stream.next()
      stream.accept('OF')
      return binary(stream, left, `${token.key} OF`, level, stream.from(token.at))
    case 'MULTISET':
      return parseMultisetOperation(stream, left, floor)
    case 'IS':
      return parseIs(stream, left)
    default:
      return parseRange(stream, left)
  }
}

function binary(stream: TokenStream, left: Expression, operator: BinaryOperator, level: number, operatorAt: Position): Expression {
  const right = parseExpressionAbove(stream, level)
  return { kind: 'binary', operator, operatorAt, left, right, at: stream.from(left.at) }
}

function parseMultisetOperation(stream: TokenStream, left: Expression, floor: number): Expression | undefined {
  const start = stream.peek()
  const operation = stream.peek(1).key
  if (operation !== 'UNION' && operation !== 'INTERSECT' && operation !== 'EXCEPT') return undefined
  const level = operation === 'INTERSECT' ? LEVEL.multisetIntersect : LEVEL.multisetUnion
  if (level <= floor) return undefined
  stream.next()
  stream.next()
  const quantifier = stream.acceptOne(['ALL', 'DISTINCT']) ?? 'DISTINCT'
  return binary(stream, left, `MULTISET ${operation} ${quantifier}`, level, stream.from(start.at))
}

function isQuantifier(stream: TokenStream): boolean {
  return (stream.isWord('ANY') || stream.isWord('SOME') || stream.isWord('ALL')) && stream.isSymbol('(', 1)
}

function parseQuantified(stream: TokenStream, left: Expression, operator: Quantified['operator']): Expression {
  const quantifier = stream.next().key === 'ALL' ? 'ALL' : 'ANY'
  const inside = parseParentheses(stream)
  const right: Quantified['right'] = inside.kind === 'query' ? { kind: 'query', query: inside.query } : { kind: 'list', list: inside.list }
  return { kind: 'quantified', operator, quantifier, left, right, at: stream.from(left.at) }
}

function parseIs(stream: TokenStream, operand: Expression): Expression {
  stream.next()
  const negated = stream.accept('NOT')
  if (stream.accept('DISTINCT', 'FROM')) {
    const right = parseExpressionAbove(stream, LEVEL.comparison)
    return { kind: 'is-distinct-from', left: operand, right, negated, at: stream.from(operand.at) }
  }
  const test = isTest(stream)
  return { kind: 'is', operand, test, negated, at: stream.from(operand.at) }
}

function isTest(stream: TokenStream): IsTest {
  if (stream.accept('JSON')) {
    const kind = stream.acceptOne(['VALUE', 'OBJECT', 'ARRAY', 'SCALAR'])
    return `JSON ${kind ?? 'VALUE'}`
  }
  if (stream.accept('A', 'SET')) return 'A SET'
  return stream.expectOne(['NULL', 'TRUE', 'FALSE', 'UNKNOWN', 'EMPTY'])
}

/** [NOT] BETWEEN, IN, LIKE and kin; undefined where NOT belongs to what follows the expression, such as NOT ENFORCED. */
function parseRange(stream: TokenStream, operand: Expression): Expression | undefined {
  const negated = stream.isWord('NOT')
  const accept = (...words: readonly [string, ...string[]]): boolean => (negated ? stream.accept('NOT', ...words) : stream.accept(...words))
  if (accept('BETWEEN')) return parseBetween(stream, operand, negated)
  if (accept('IN')) {
    if (!stream.atSymbol('(')) throw stream.unexpected()
    const inside = parseParentheses(stream)
    const at = stream.from(operand.at)
    return inside.kind === 'query'
      ? { kind: 'in-query', operand, query: inside.query, negated, at }
      : { kind: 'in-list', operand, list: inside.list, negated, at }
  }
  const operator = accept('SIMILAR', 'TO') ? 'SIMILAR TO' : (['LIKE', 'ILIKE', 'RLIKE'] as const).find((word) => accept(word))
  if (operator === undefined) return undefined
  const pattern = parseExpressionAbove(stream, LEVEL.range)
  const escape = stream.accept('ESCAPE') ? parseExpressionAbove(stream, LEVEL.range) : undefined
  return { kind: 'like', operator, operand, pattern, escape, negated, at: stream.from(operand.at) }
}

function parseBetween(stream: TokenStream, operand: Expression, negated: boolean): Expression {
  const symmetric = stream.acceptOne(['SYMMETRIC', 'ASYMMETRIC']) === 'SYMMETRIC'
  const low = parseExpressionAbove(stream, LEVEL.and)
  stream.expect('AND')
  const high = parseExpressionAbove(stream, LEVEL.range)
  return { kind: 'between', operand, low, high, negated, symmetric, at: stream.from(operand.at) }
}

// -------------------------------------------------------------------------------------------------------------------- operands

/** `[index]` and `.field` behind an operand. */
function parsePostfix(stream: TokenStream, first: Expression): Expression {
  let operand = first
  for (;;) {
    if (stream.isSymbol('[')) {
      stream.next()
      const index = stream.grammar.expression(stream)
      stream.expectSymbol(']')
      operand = { kind: 'element', operand, index, at: stream.from(operand.at) }
    } else if (stream.isSymbol('.') && operand.kind !== 'star') {
      stream.next()
      const field = stream.identifier('a field')
      operand = { kind: 'field', operand, field, at: stream.from(operand.at) }
    } else {
      return operand
    }
  }
}

function parsePrimary(stream: TokenStream): Expression {
  stream.note('an expression')
  const token = stream.peek()
  switch (token.kind) {
    case 'number':
      stream.next()
      return {
        kind: 'number',
        form: /e/i.test(token.value) ? 'approximate' : token.value.includes('.') ? 'decimal' : 'integer',
        text: token.value,
        at: token.at,
      }
    case 'string':
      return parseString(stream)
    case 'binary':
      return parseBinaryLiteral(stream)
    case 'quoted':
      return parseName(stream)
    case 'symbol':
      if (token.key === '(') return parseParenthesized(stream)
      if (token.key === '{') return parseEscape(stream)
      if (token.key === '?') {
        stream.next()
        return { kind: 'parameter', index: stream.parameterCount++, at: token.at }
      }
      throw stream.unexpected()
    case 'word':
      return parseWord(stream)
    default:
      throw stream.unexpected()
  }
}

function parseWord(stream: TokenStream): Expression {
  const token = stream.peek()
  switch (token.key) {
    case 'NULL':
      stream.next()
      return { kind: 'null', at: token.at }
    case 'TRUE':
    case 'FALSE':
    case 'UNKNOWN':
      stream.next()
      return { kind: 'boolean', value: token.key === 'UNKNOWN' ? 'unknown' : token.key === 'TRUE', at: token.at }
    case 'DATE':
    case 'TIME':
    case 'TIMESTAMP':
      if (stream.peek(1).kind === 'string') return parseDateTime(stream, token.key)
      if (token.key === 'TIMESTAMP' && stream.isWord('WITH', 1)) return parseLocalTimestamp(stream)
      break
    case 'DEFAULT':
      stream.next()
      return { kind: 'default', at: token.at }
    case 'INTERVAL':
      return parseInterval(stream)
    case 'CASE':
      return parseCase(stream)
    case 'CAST':
    case 'TRY_CAST':
      return parseCast(stream)
    case 'EXISTS': {
      stream.next()
      const inside = parseParentheses(stream)
      if (inside.kind !== 'query')
        throw stream.error('Cannot parse EXISTS: it holds values, a query in parentheses is wanted', stream.from(token.at))
      return { kind: 'exists', query: inside.query, at: stream.from(token.at) }
    }
    case 'ROW':
    case 'PERIOD':
      if (stream.isSymbol('(', 1)) return parseRow(stream, token.key)
      break
    case 'ARRAY':
    case 'MAP':
    case 'MULTISET':
      if (stream.isSymbol('[', 1)) return parseCollection(stream, token.key)
      if (stream.isSymbol('(', 1) && startsQuery(stream, 2)) return parseCollectionQuery(stream, token.key)
      break
    case 'FINAL':
    case 'RUNNING':
      if ((stream.peek(1).kind === 'word' && stream.isSymbol('(', 2)) || (stream.isName(1) && stream.isSymbol('.', 2))) {
        stream.next()
        const operand = parsePrimary(stream)
        return { kind: 'match-modifier', modifier: token.key, operand, at: stream.from(token.at) }
      }
      break
    default:
      break
  }
  if (stream.isSymbol('(', 1)) {
    const special = parseSpecialCall(stream)
    if (special !== undefined) return special
  }
  if (!RESERVED_WORDS.has(token.key)) return parseName(stream)
  if (RESERVED_FUNCTIONS.has(token.key) && stream.isSymbol('(', 1)) {
    stream.next()
    return parseCall(stream, { at: token.at, parts: [{ at: token.at, name: token.value }] })
  }
  if (FUNCTIONS_WITHOUT_PARENTHESES.has(token.key)) return parseCallWithoutParentheses(stream)
  const reserved = stream.acceptReservedName()
  if (reserved === undefined) throw stream.unexpected()
  return parseName(stream, reserved)
}

/** A column, or a call of the function of that name, or `t.*`. */
function parseName(stream: TokenStream, known?: Identifier): Expression {
  stream.note('a column')
  const parts = [known ?? stream.identifier('a column')]
  const at = parts[0]!.at
  while (stream.isSymbol('.')) {
    stream.next()
    if (stream.isSymbol('*')) {
      stream.next()
      return { kind: 'star', qualifier: parts, at: stream.from(at) }
    }
    parts.push(stream.identifier('a column'))
  }
  if (stream.isSymbol('(')) return parseCall(stream, { at: stream.from(at), parts })
  return { kind: 'column', parts, at: stream.from(at) }
}

function parseCallWithoutParentheses(stream: TokenStream): Expression {
  const token = stream.next()
  return {
    kind: 'call',
    name: { at: token.at, parts: [{ at: token.at, name: token.value }] },
    arguments: [],
    hasParentheses: false,
    quantifier: undefined,
    orderBy: [],
    nulls: undefined,
    withinGroup: undefined,
    filter: undefined,
    over: undefined,
    at: token.at,
  }
}

function parseCase(stream: TokenStream): Case {
  const start = stream.expect('CASE').at
  const operand = stream.at('WHEN') ? undefined : stream.grammar.expression(stream)
  const branches: CaseBranch[] = []
  while (branches.length === 0 || stream.at('WHEN')) {
    const at = stream.expect('WHEN').at
    const conditions =
      operand === undefined ? [stream.grammar.expression(stream)] : stream.commaSeparated(() => stream.grammar.expression(stream))
    stream.expect('THEN')
    const result = stream.grammar.expression(stream)
    branches.push({ conditions, result, at: stream.from(at) })
  }
  const otherwise = stream.accept('ELSE') ? stream.grammar.expression(stream) : undefined
  stream.expect('END')
  return { kind: 'case', operand, branches, otherwise, at: stream.from(start) }
}

function parseCast(stream: TokenStream): Expression {
  const start = stream.next()
  stream.expectSymbol('(')
  const operand = stream.grammar.expression(stream)
  stream.expect('AS')
  const type = parseTypeNode(stream)
  const format = stream.accept('FORMAT') ? stream.string('a format') : undefined
  stream.expectSymbol(')')
  return { kind: 'cast', operand, type, isTry: start.key === 'TRY_CAST', format, at: stream.from(start.at) }
}

function parseRow(stream: TokenStream, form: 'ROW' | 'PERIOD'): Expression {
  const start = stream.next().at
  stream.expectSymbol('(')
  const values = stream.atSymbol(')') ? [] : stream.commaSeparated(() => stream.grammar.expression(stream))
  stream.expectSymbol(')')
  return { kind: 'row', form, values, at: stream.from(start) }
}

function parseCollection(stream: TokenStream, type: 'ARRAY' | 'MAP' | 'MULTISET'): Expression {
  const start = stream.next().at
  stream.expectSymbol('[')
  const values = stream.atSymbol(']') ? [] : stream.commaSeparated(() => stream.grammar.expression(stream))
  stream.expectSymbol(']')
  const at = stream.from(start)
  if (type === 'MAP' && values.length % 2 !== 0)
    throw stream.error(`Cannot parse the map: it has ${values.length} entries, keys and values in turn make an even number`, at)
  return { kind: 'collection', type, values, at }
}

function parseCollectionQuery(stream: TokenStream, type: 'ARRAY' | 'MAP' | 'MULTISET'): Expression {
  const start = stream.next().at
  stream.expectSymbol('(')
  const query = stream.grammar.query(stream)
  stream.expectSymbol(')')
  return { kind: 'collection-query', type, query, at: stream.from(start) }
}

// ----------------------------------------------------------------------------------------------------------------- parentheses

type Inside = { readonly kind: 'query'; readonly query: Query } | { readonly kind: 'list'; readonly list: readonly Expression[] }

const QUERY_WORDS: ReadonlySet<string> = new Set(['SELECT', 'WITH', 'VALUES', 'TABLE'])

/** Whether the tokens from `ahead` on are, after any opening parentheses, the start of a query. */
export function startsQuery(stream: TokenStream, ahead = 0): boolean {
  let i = ahead
  while (stream.isSymbol('(', i)) i++
  const token = stream.peek(i)
  return token.kind === 'word' && QUERY_WORDS.has(token.key)
}

/** `(query)` or `(a, b)`: what stands between, both parentheses passed. */
export function parseParentheses(stream: TokenStream): Inside {
  stream.expectSymbol('(')
  return stream.nested(() => {
    if (startsQuery(stream)) {
      for (const word of QUERY_WORDS) stream.note(word)
      const inside = parseQueryOrExpression(stream)
      if (inside.kind === 'query') {
        stream.expectSymbol(')')
        return inside
      }
      const rest = stream.acceptSymbol(',') ? stream.commaSeparated(() => stream.grammar.expression(stream)) : []
      stream.expectSymbol(')')
      return { kind: 'list', list: [...inside.list, ...rest] }
    }
    const list = stream.commaSeparated(() => stream.grammar.expression(stream))
    stream.expectSymbol(')')
    return { kind: 'list', list }
  })
}

/**
 * After `(`, where more parentheses and then a query begin: `((SELECT 1) + 2)` is a value, `((SELECT 1) UNION (SELECT 2))` a
 * query, and only what follows the inner parenthesis tells.
 */
function parseQueryOrExpression(stream: TokenStream): Inside {
  if (!stream.isSymbol('(')) return { kind: 'query', query: stream.grammar.query(stream) }
  const start = stream.peek().at
  const inside = parseParentheses(stream)
  const at = stream.from(start)
  if (inside.kind === 'query' && (stream.isSymbol(')') || continuesQuery(stream))) {
    return { kind: 'query', query: stream.grammar.queryFrom(stream, { ...inside.query, at }) }
  }
  const operand: Expression = inside.kind === 'query' ? { kind: 'scalar-query', query: inside.query, at } : fromList(inside.list, at)
  return { kind: 'list', list: [continueExpression(stream, parsePostfix(stream, operand), LEVEL.none)] }
}

/** Whether what stands behind a query in parentheses goes on with it. */
export function continuesQuery(stream: TokenStream): boolean {
  return ['UNION', 'INTERSECT', 'EXCEPT', 'ORDER', 'LIMIT', 'OFFSET', 'FETCH'].some((word) => stream.isWord(word))
}

/** The units that `(a - b)` may have behind it: the reserved ones, for the others may be its alias. */
const DIFFERENCE_UNITS: ReadonlySet<string> = new Set(['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND'])

function parseParenthesized(stream: TokenStream): Expression {
  const start = stream.peek().at
  const inside = parseParentheses(stream)
  const [only] = inside.kind === 'list' ? inside.list : []
  if (only?.kind === 'binary' && only.operator === '-' && stream.peek().kind === 'word' && DIFFERENCE_UNITS.has(stream.peek().key)) {
    const qualifier = parseIntervalQualifier(stream)
    return { kind: 'datetime-difference', left: only.left, right: only.right, qualifier, at: stream.from(start) }
  }
  const at = stream.from(start)
  return inside.kind === 'query' ? { kind: 'scalar-query', query: inside.query, at } : fromList(inside.list, at)
}

/** One expression in parentheses is itself, several are a row. */
function fromList(list: readonly Expression[], at: Position): Expression {
  return list.length === 1 ? { ...list[0]!, at } : { kind: 'row', form: 'PARENTHESES', values: list, at }
}

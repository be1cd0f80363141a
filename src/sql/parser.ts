import type { Position } from '../base/errors.ts'
import { RheoError } from '../base/errors.ts'
import { lex } from './lexer.ts'
import type { Token } from './lexer.ts'
import { parseExpressionAbove } from './parse-expression.ts'
import { parseQueryFrom, parseQueryNode } from './parse-query.ts'
import { parseStatementNode } from './parse-statement.ts'
import { parseTypeNode } from './parse-type.ts'
import { LEVEL } from './precedence.ts'
import { reservedMessage } from './syntax-message.ts'
import type { Expression, Query } from './syntax-query.ts'
import type { Insert, Script, ScriptStatement, Statement } from './syntax-statement.ts'
import type { TypeNode } from './syntax-type.ts'
import { TokenStream } from './token-stream.ts'
import type { Grammar } from './token-stream.ts'

/** The parsers that need each other, tied here. */
export const GRAMMAR: Grammar = {
  expression: (stream) => parseExpressionAbove(stream, LEVEL.none),
  expressionAbove: parseExpressionAbove,
  query: parseQueryNode,
  queryFrom: parseQueryFrom,
}

/**
 * Parses a file of statements that `;` separates; empty statements vanish.
 *
 * `BEGIN STATEMENT SET; insert; .. END;` comes back as one statement.
 *
 * @param source The path of the script, for messages.
 * @throws {RheoError} `sql/syntax`, `sql/unknown-statement` or `sql/unknown-type` for the first mistake, with its place.
 */
export function parseScript(text: string, source?: string): Script {
  try {
    return { source, text, statements: joinStatementSets(parseStatements(text, lex(text)), text) }
  } catch (error) {
    throw error instanceof RheoError && source !== undefined ? error.at({ source }) : error
  }
}

/** One statement, with a `;` behind it or without. */
export function parseStatement(text: string): Statement {
  return parseWhole(text, (stream) => {
    const statement = parseStatementNode(stream)
    if (stream.isSymbol(';')) stream.next()
    return statement
  })
}

/** A text that is an expression, such as a computed column's. */
export function parseExpression(text: string): Expression {
  return parseWhole(text, GRAMMAR.expression)
}

/** A text that is a query, such as a view's. */
export function parseQuery(text: string): Query {
  return parseWhole(text, GRAMMAR.query)
}

/** A text that is a type: `ROW<a INT NOT NULL>`. */
export function parseType(text: string): TypeNode {
  return parseWhole(text, parseTypeNode)
}

function parseWhole<T>(text: string, parse: (stream: TokenStream) => T): T {
  const tokens = lex(text)
  return withReservedWords(text, tokens, 0, (stream) => {
    const node = parse(stream)
    if (!stream.atEnd()) throw stream.unexpected()
    return { node, index: stream.index }
  }).node
}

function parseStatements(text: string, tokens: readonly Token[]): ScriptStatement[] {
  const statements: ScriptStatement[] = []
  let index = 0
  for (;;) {
    while (tokens[index]!.kind === 'symbol' && tokens[index]!.key === ';') index++
    if (tokens[index]!.kind === 'end') return statements
    const parsed = withReservedWords(text, tokens, index, (stream) => {
      const node = parseStatementNode(stream)
      if (!stream.atSymbol(';') && !stream.atEnd()) throw stream.unexpected()
      return { node, index: stream.index }
    })
    const at = span(tokens[index]!.at, tokens[parsed.index - 1]!.at)
    statements.push({ statement: parsed.node, at, text: text.slice(at.offset, at.offset + at.length) })
    index = parsed.index
  }
}

interface Parsed<T> {
  readonly node: T
  readonly index: number
}

/** Parses; where that fails at a reserved word that is used as a name, looks for all others of the statement before it raises. */
function withReservedWords<T>(text: string, tokens: readonly Token[], index: number, parse: (stream: TokenStream) => Parsed<T>): Parsed<T> {
  const stream = new TokenStream(text, tokens, GRAMMAR, { index })
  try {
    return parse(stream)
  } catch (error) {
    if (!(error instanceof RheoError) || !stream.failedAtReserved) throw error
    const collecting = new TokenStream(text, tokens, GRAMMAR, { index, reservedWords: 'collect' })
    try {
      parse(collecting)
    } catch {
      // What else is wrong shows once the reserved words are quoted.
    }
    const [first] = collecting.reserved
    throw first === undefined ? error : stream.error(reservedMessage(collecting.reserved), first.at)
  }
}

/** Joins BEGIN STATEMENT SET, the inserts behind it and END to one statement. */
function joinStatementSets(statements: readonly ScriptStatement[], text: string): ScriptStatement[] {
  const joined: ScriptStatement[] = []
  for (let i = 0; i < statements.length; i++) {
    const first = statements[i]!
    if (first.statement.kind === 'end-statement-set') throw notInSet('Cannot end a statement set: none was begun', first.at)
    if (first.statement.kind !== 'begin-statement-set') {
      joined.push(first)
      continue
    }
    const inserts: Insert[] = []
    for (i++; i < statements.length && statements[i]!.statement.kind !== 'end-statement-set'; i++) {
      const { statement, at } = statements[i]!
      if (statement.kind !== 'insert')
        throw notInSet('Cannot put this statement into a statement set: only INSERT may stand there, and END closes the set', at)
      inserts.push(statement)
    }
    const last = statements[i]
    if (last === undefined) throw notInSet('Cannot run the statement set: it has no END', first.at)
    const at = span(first.at, last.at)
    joined.push({ statement: { kind: 'statement-set', inserts, at }, at, text: text.slice(at.offset, at.offset + at.length) })
  }
  return joined
}

function notInSet(message: string, position: Position): RheoError {
  return new RheoError(message, { code: 'sql/syntax', domain: 'user', place: { position } })
}

function span(first: Position, last: Position): Position {
  return { offset: first.offset, length: last.offset + last.length - first.offset, line: first.line, column: first.column }
}

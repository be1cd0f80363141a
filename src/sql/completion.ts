import type { Position } from '../base/errors.ts'
import { RheoError } from '../base/errors.ts'
import { type OptionPlace, optionPlace } from './completion-options.ts'
import { type TableInScope, tablesInScope } from './completion-tables.ts'
import { lex } from './lexer.ts'
import type { Token } from './lexer.ts'
import { parseStatementNode } from './parse-statement.ts'
import { TYPE_NAMES } from './parse-type.ts'
import { GRAMMAR } from './parser.ts'
import { AN_OPERATOR, OPERATOR_WORDS } from './syntax-message.ts'
import type { Statement } from './syntax-statement.ts'
import { TokenStream } from './token-stream.ts'

/** Kinds of names that can stand at a place. */
export type WantedName =
  | 'column'
  | 'table'
  | 'function'
  | 'type'
  | 'option'
  | 'value'
  | 'catalog'
  | 'database'
  | 'view'
  | 'model'
  | 'module'
  | 'new name'

/** What could stand at a place of a text. */
export interface CompletionContext {
  /** What the completion replaces: the word that ends at the cursor, or nothing. */
  readonly replaces: { readonly offset: number; readonly length: number }
  /** The beginning of the word before the cursor. */
  readonly prefix: string
  /** The cursor is inside of a string, or at its end. */
  readonly isInString: boolean
  /** The names and dots before it: `o` in `o.cust`. */
  readonly qualifier: readonly string[]
  /** Keywords, in upper case, some of several words; not filtered by the prefix. */
  readonly keywords: readonly string[]
  readonly names: ReadonlySet<WantedName>
  /** Tables of the innermost query around the cursor first, then those of the queries around it. */
  readonly tables: readonly TableInScope[]
  /** `WITH a AS (..) ` for queries over those tables. */
  readonly commonTables: string
  /** Where the cursor stands among `'key' = 'value'` pairs; then nothing else can stand here. */
  readonly option: OptionPlace | undefined
  /** The statement, where the text before the cursor is one already. */
  readonly statement: Statement | undefined
}

const NAMES_BY_THING: Readonly<Record<string, readonly WantedName[]>> = {
  'a column': ['column', 'function'],
  'an expression': ['column', 'function'],
  'a table': ['table'],
  'a view': ['view'],
  'a table function': ['function'],
  'a function': ['function'],
  'a type': ['type'],
  'a catalog': ['catalog'],
  'a database': ['database'],
  'a model': ['model'],
  'a module': ['module'],
  'a hint': [],
  'an option in quotes': ['option'],
  'a value in quotes': ['value'],
  'an alias': ['new name'],
}

/**
 * What could stand at `offset` of a text of one or more statements.
 *
 * The text may be unfinished and wrong: an open string or quote counts as closed at its end, statements before the cursor are
 * not looked at, and what stands behind the cursor only tells the tables of the query.
 */
export function parseForCompletion(text: string, offset: number): CompletionContext {
  const before = lex(text.slice(0, offset), 'close')
  const start = 1 + before.findLastIndex((token) => token.kind === 'symbol' && token.key === ';')
  const word = wordBefore(before, offset)
  const tokens = before.slice(start, word === undefined ? before.length - 1 : word.index)
  const at: Position = word?.token.at ?? before.at(-1)!.at
  const qualifier = takeQualifier(tokens)
  const cut = `${text.slice(0, at.offset)} ${text.slice(offset)}`
  const around = lex(cut, 'close')
  const option = optionPlace(tokens, statementAround(around, at.offset))
  const { expected, statement } = expectedAt(text, tokens, at, qualifier.length > 0)
  const keywords = qualifier.length > 0 ? [] : keywordsIn(expected)
  const names = new Set(expected.flatMap((thing) => NAMES_BY_THING[thing] ?? []))
  if (names.has('column') && qualifier.length > 0) names.delete('function')
  return {
    replaces: { offset: at.offset, length: offset - at.offset },
    prefix: word === undefined ? '' : word.token.value,
    isInString: word?.token.kind === 'string',
    qualifier,
    keywords,
    names,
    ...tablesInScope(cut, around, at.offset),
    option,
    statement,
  }
}

/** The word or quoted name that touches the cursor. */
function wordBefore(tokens: readonly Token[], offset: number): { readonly token: Token; readonly index: number } | undefined {
  const index = tokens.length - 2
  const token = index >= 0 ? tokens[index] : undefined
  if (token === undefined || (token.kind !== 'word' && token.kind !== 'quoted' && token.kind !== 'string')) return undefined
  return token.at.offset + token.at.length === offset ? { token, index } : undefined
}

/** Removes `a.b.` from the end of the tokens and returns its names. */
function takeQualifier(tokens: Token[]): string[] {
  const names: string[] = []
  while (tokens.length >= 2) {
    const dot = tokens.at(-1)!
    const name = tokens.at(-2)!
    if (dot.kind !== 'symbol' || dot.key !== '.' || (name.kind !== 'word' && name.kind !== 'quoted')) break
    names.unshift(name.value)
    tokens.splice(-2)
  }
  return names
}

function expectedAt(
  text: string,
  tokens: readonly Token[],
  at: Position,
  qualified: boolean,
): { readonly expected: readonly string[]; readonly statement: Statement | undefined } {
  const end: Token = { kind: 'end', at: { ...at, length: 0 }, key: '', value: '' }
  const stream = new TokenStream(text, [...tokens, end], GRAMMAR)
  let statement: Statement | undefined
  try {
    statement = parseStatementNode(stream)
  } catch (error) {
    if (!(error instanceof RheoError)) throw error
  }
  const phrase = stream.brokenPhrase()
  if (phrase !== undefined && stream.peek(phrase.ahead).kind === 'end') return { expected: phrase.rests, statement: undefined }
  if (!stream.atEnd()) return { expected: guessBehind(tokens, qualified), statement: undefined }
  return { expected: stream.expectedHere(), statement }
}

/** What can stand behind the last token, where something before it is wrong and the grammar says nothing. */
function guessBehind(tokens: readonly Token[], qualified: boolean): readonly string[] {
  if (qualified) return ['a column']
  const last = tokens.at(-1)
  if (last?.kind === 'symbol') return last.key === ')' || last.key === ']' ? CLAUSES : ['an expression']
  if (last?.kind !== 'word') return CLAUSES
  if (BEFORE_TABLES.has(last.key)) return ['a table']
  return BEFORE_EXPRESSIONS.has(last.key) ? ['an expression'] : CLAUSES
}

const BEFORE_TABLES: ReadonlySet<string> = new Set(['FROM', 'JOIN', 'INTO', 'UPDATE', 'TABLE', 'DESCRIBE'])

const BEFORE_EXPRESSIONS: ReadonlySet<string> = new Set(
  'SELECT DISTINCT WHERE AND OR NOT ON BY HAVING CASE WHEN THEN ELSE BETWEEN LIKE IN'.split(' '),
)

const CLAUSES: readonly string[] = [
  AN_OPERATOR,
  'FROM',
  'WHERE',
  'GROUP BY',
  'HAVING',
  'ORDER BY',
  'LIMIT',
  'JOIN',
  'LEFT JOIN',
  'ON',
  'UNION ALL',
  'AS',
]

/** The tokens of the statement that stands at an offset. */
function statementAround(tokens: readonly Token[], offset: number): readonly Token[] {
  const isEnd = (token: Token): boolean => token.kind === 'symbol' && token.key === ';'
  const from = 1 + tokens.findLastIndex((token) => token.at.offset < offset && isEnd(token))
  const to = tokens.findIndex((token) => token.kind === 'end' || (token.at.offset >= offset && isEnd(token)))
  return tokens.slice(from, to)
}

function keywordsIn(expected: readonly string[]): string[] {
  const keywords = expected.flatMap((item) => {
    if (item === AN_OPERATOR) return OPERATOR_WORDS
    if (item === 'a type') return TYPE_NAMES
    if (item === 'an expression')
      return ['CASE', 'CAST', 'TRY_CAST', 'NOT', 'EXISTS', 'NULL', 'TRUE', 'FALSE', 'INTERVAL', 'DATE', 'TIMESTAMP', 'ARRAY', 'MAP', 'ROW']
    if (item === 'a unit of time such as MINUTE') return ['YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY', 'HOUR', 'MINUTE', 'SECOND']
    return /^[A-Z]/.test(item) ? [item] : []
  })
  return [...new Set(keywords)]
}

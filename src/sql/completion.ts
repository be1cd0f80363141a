import type { Position } from '../base/errors.ts'
import { RheoError } from '../base/errors.ts'
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

/** A table of the query around the cursor, for the columns that it brings. */
export interface TableInScope {
  readonly name: readonly string[]
  readonly alias: string | undefined
}

/** What could stand at a place of a text. */
export interface CompletionContext {
  /** What the completion replaces: the word that ends at the cursor, or nothing. */
  readonly replaces: { readonly offset: number; readonly length: number }
  /** The beginning of the word before the cursor. */
  readonly prefix: string
  /** The names and dots before it: `o` in `o.cust`. */
  readonly qualifier: readonly string[]
  /** Keywords, in upper case, some of several words; not filtered by the prefix. */
  readonly keywords: readonly string[]
  readonly names: ReadonlySet<WantedName>
  /** Tables of the innermost query around the cursor first, then those of the queries around it. */
  readonly tables: readonly TableInScope[]
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
  const { expected, statement } = expectedAt(text, tokens, at, qualifier.length > 0)
  const keywords = qualifier.length > 0 ? [] : keywordsIn(expected)
  const names = new Set(expected.flatMap((thing) => NAMES_BY_THING[thing] ?? []))
  if (names.has('column') && qualifier.length > 0) names.delete('function')
  return {
    replaces: { offset: at.offset, length: offset - at.offset },
    prefix: word === undefined ? '' : word.token.value,
    qualifier,
    keywords,
    names,
    tables: tablesInScope(lex(`${text.slice(0, at.offset)} ${text.slice(offset)}`, 'close'), at.offset),
    statement,
  }
}

/** Whether a text ends inside of a string, quoted name or comment, so that a shell should read on. */
export function isUnclosed(text: string): boolean {
  try {
    lex(text)
    return false
  } catch (error) {
    return error instanceof RheoError && error.message.includes('has no closing')
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
  if (!stream.atEnd()) return { expected: qualified ? ['a column'] : [], statement: undefined }
  return { expected: stream.expectedHere(), statement }
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

/**
 * The tables that FROM, JOIN, INTO and UPDATE name in the statement around the cursor, found by their tokens alone, for the query is
 * seldom whole: those of the innermost parentheses first.
 */
function tablesInScope(tokens: readonly Token[], offset: number): TableInScope[] {
  const from = 1 + tokens.findLastIndex((token) => token.at.offset < offset && token.kind === 'symbol' && token.key === ';')
  const end = tokens.findIndex(
    (token) => token.kind === 'end' || (token.at.offset >= offset && token.kind === 'symbol' && token.key === ';'),
  )
  const cursorPath = new Set<number>()
  const found: { readonly table: TableInScope; readonly scope: number; readonly depth: number }[] = []
  const open: number[] = [-1]
  let scopeCount = 0
  let cursorSeen = false
  for (let i = from; i < end; i++) {
    const token = tokens[i]!
    if (!cursorSeen && token.at.offset >= offset) {
      for (const scope of open) cursorPath.add(scope)
      cursorSeen = true
    }
    if (token.kind === 'symbol' && token.key === '(') open.push(scopeCount++)
    if (token.kind === 'symbol' && token.key === ')' && open.length > 1) open.pop()
    const introduces =
      token.kind === 'word' &&
      (token.key === 'FROM' || token.key === 'JOIN' || token.key === 'INTO' || token.key === 'UPDATE' || token.key === 'TABLE')
    const isComma = token.kind === 'symbol' && token.key === ',' && found.at(-1)?.scope === open.at(-1)
    const table = introduces || isComma ? tableAt(tokens, i + 1, isComma) : undefined
    if (table !== undefined) found.push({ table, scope: open.at(-1)!, depth: open.length })
  }
  if (!cursorSeen) for (const scope of open) cursorPath.add(scope)
  return found
    .filter(({ scope }) => cursorPath.has(scope))
    .toSorted((a, b) => b.depth - a.depth)
    .map(({ table }) => table)
}

/** The name and alias at a token; a word behind a comma counts only if an alias or the end of a list follows, as in `FROM a x, b y`. */
function tableAt(tokens: readonly Token[], index: number, afterComma: boolean): TableInScope | undefined {
  const name: string[] = []
  let i = index
  for (;;) {
    const token = tokens[i]
    if (token === undefined || (token.kind !== 'word' && token.kind !== 'quoted')) break
    name.push(token.value)
    i++
    if (tokens[i]?.key !== '.' || tokens[i]?.kind !== 'symbol') break
    i++
  }
  if (name.length === 0 || (tokens[i]?.kind === 'symbol' && tokens[i]?.key === '(')) return undefined
  if (tokens[i]?.kind === 'word' && tokens[i]?.key === 'AS') i++
  const alias = tokens[i]
  const isAlias = alias !== undefined && (alias.kind === 'quoted' || (alias.kind === 'word' && !FOLLOWS_TABLE.has(alias.key)))
  if (afterComma && !isAlias) return undefined
  return { name, alias: isAlias ? alias.value : undefined }
}

const FOLLOWS_TABLE: ReadonlySet<string> = new Set(
  'WHERE GROUP ORDER HAVING LIMIT OFFSET FETCH JOIN INNER LEFT RIGHT FULL CROSS NATURAL ON USING UNION EXCEPT INTERSECT WINDOW QUALIFY FOR MATCH_RECOGNIZE SELECT VALUES SET PARTITION AS'.split(
    ' ',
  ),
)

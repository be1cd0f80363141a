import type { Token } from './lexer.ts'

/** A table, subquery or call that FROM, JOIN, INTO or UPDATE names, for the columns that it brings. */
export interface TableInScope {
  /** Empty where it is no table of the catalog. */
  readonly name: readonly string[]
  readonly alias: string | undefined
  /** As FROM has it, alias and all: `SELECT * FROM <text>` gives its columns. */
  readonly text: string
}

export interface TablesInScope {
  /** Of the innermost query around the cursor first, then those of the queries around it. */
  readonly tables: readonly TableInScope[]
  /** `WITH a AS (..), b AS (..) ` of what is whole before the cursor, or nothing. */
  readonly commonTables: string
}

/**
 * What FROM, JOIN, INTO and UPDATE name in the statement around the cursor, behind it too, found by their tokens alone, for the query is seldom whole.
 *
 * @param text Without the word at the cursor, which stood at `offset`.
 */
export function tablesInScope(text: string, tokens: readonly Token[], offset: number): TablesInScope {
  const from = 1 + tokens.findLastIndex((token) => token.at.offset < offset && isSymbol(token, ';'))
  const behind = tokens.findIndex((token) => token.kind === 'end' || (token.at.offset >= offset && isSymbol(token, ';')))
  const statement = tokens.slice(from, behind)
  const cursorPath = new Set<number>()
  const found: { readonly table: TableInScope; readonly scope: number; readonly depth: number }[] = []
  const open: { readonly id: number; isFrom: boolean }[] = [{ id: -1, isFrom: false }]
  let scopeCount = 0
  let isCursorSeen = false
  const seeCursor = (): void => {
    for (const { id } of open) cursorPath.add(id)
    isCursorSeen = true
  }
  for (const [i, token] of statement.entries()) {
    if (!isCursorSeen && token.at.offset >= offset) seeCursor()
    if (isSymbol(token, '(')) open.push({ id: scopeCount++, isFrom: false })
    else if (isSymbol(token, ')') && open.length > 1) open.pop()
    const scope = open.at(-1)!
    const introduces = token.kind === 'word' && INTRODUCES.has(token.key)
    if (introduces) scope.isFrom = token.key === 'FROM' || token.key === 'JOIN'
    else if (token.kind === 'word' && ENDS_FROM.has(token.key)) scope.isFrom = false
    if (!introduces && !(scope.isFrom && isSymbol(token, ','))) continue
    const table = tableAt(text, statement, { start: i + 1, cursor: offset, isTarget: introduces && !scope.isFrom })
    if (table !== undefined) found.push({ table, scope: scope.id, depth: open.length })
  }
  if (!isCursorSeen) seeCursor()
  const tables = found
    .filter(({ scope }) => cursorPath.has(scope))
    .toSorted((a, b) => b.depth - a.depth)
    .map(({ table }) => table)
  return { tables, commonTables: commonTables(text, statement, offset) }
}

const INTRODUCES: ReadonlySet<string> = new Set(['FROM', 'JOIN', 'INTO', 'UPDATE'])

const ENDS_FROM: ReadonlySet<string> = new Set(
  'WHERE GROUP ORDER HAVING LIMIT OFFSET FETCH WINDOW QUALIFY SELECT UNION EXCEPT INTERSECT VALUES SET PARTITION'.split(' '),
)

const ENDS_ITEM: ReadonlySet<string> = new Set([...ENDS_FROM, ...'JOIN INNER LEFT RIGHT FULL CROSS NATURAL ON USING FROM'.split(' ')])

/** The item of FROM, or the target of INTO, that begins at a token, unless the cursor is inside. */
function tableAt(
  text: string,
  tokens: readonly Token[],
  { start, cursor, isTarget }: { readonly start: number; readonly cursor: number; readonly isTarget: boolean },
): TableInScope | undefined {
  let depth = 0
  let end = start
  for (; end < tokens.length; end++) {
    const token = tokens[end]!
    if (depth === 0 && (isSymbol(token, ',') || isSymbol(token, ')') || (token.kind === 'word' && ENDS_ITEM.has(token.key)))) break
    if (isTarget && !isName(token) && !isSymbol(token, '.')) break
    if (isSymbol(token, '(')) depth++
    if (isSymbol(token, ')')) depth--
  }
  const item = tokens.slice(start, end)
  const [first] = item
  const last = item.at(-1)
  if (first === undefined || last === undefined) return undefined
  const to = last.at.offset + last.at.length
  if (first.at.offset < cursor && cursor < to) return undefined
  const { name, length } = nameAt(item)
  return { name, alias: aliasIn(item, length), text: text.slice(first.at.offset, to) }
}

function nameAt(item: readonly Token[]): { readonly name: readonly string[]; readonly length: number } {
  const name: string[] = []
  let i = 0
  while (isName(item[i])) {
    name.push(item[i]!.value)
    i++
    if (!isSymbol(item[i], '.')) break
    i++
  }
  return isSymbol(item[i], '(') ? { name: [], length: 0 } : { name, length: i }
}

/** The name behind a table, a parenthesis, a hint or AS, at the item's own level. */
function aliasIn(item: readonly Token[], from: number): string | undefined {
  let depth = 0
  for (let i = from; i < item.length; i++) {
    const token = item[i]!
    if (isSymbol(token, '(')) depth++
    else if (isSymbol(token, ')')) depth--
    if (depth > 0 || !isName(token) || (token.kind === 'word' && NO_ALIAS.has(token.key))) continue
    const before = item[i - 1]
    if (before === undefined || isSymbol(before, '.') || (before.kind === 'word' && before.key === 'OF')) continue
    if (!isSymbol(item[i + 1], '.') && !(i === 1 && item[0]!.key === 'LATERAL')) return token.value
  }
  return undefined
}

const NO_ALIAS: ReadonlySet<string> = new Set([
  'AS',
  'FOR',
  'SYSTEM_TIME',
  'OF',
  'LATERAL',
  'TABLE',
  'UNNEST',
  'MATCH_RECOGNIZE',
  'WITH',
  'ORDINALITY',
])

/** The common tables that are whole before the cursor. */
function commonTables(text: string, tokens: readonly Token[], offset: number): string {
  const whole: string[] = []
  for (const [i, token] of tokens.entries()) {
    if (token.kind !== 'word' || token.key !== 'WITH' || !isName(tokens[i + 1])) continue
    let at = i + 1
    for (;;) {
      const begin = tokens[at]
      if (!isName(begin)) break
      let close = isSymbol(tokens[at + 1], '(') ? closingOf(tokens, at + 1) + 1 : at + 1
      if (!(tokens[close]?.kind === 'word' && tokens[close]?.key === 'AS' && isSymbol(tokens[close + 1], '('))) break
      close = closingOf(tokens, close + 1)
      const last = tokens[close]
      if (last === undefined || last.at.offset >= offset) break
      whole.push(text.slice(begin!.at.offset, last.at.offset + 1))
      if (!isSymbol(tokens[close + 1], ',')) break
      at = close + 2
    }
  }
  return whole.length === 0 ? '' : `WITH ${whole.join(', ')} `
}

/** The place of the parenthesis that closes the one at `open`; behind the last token when none does. */
function closingOf(tokens: readonly Token[], open: number): number {
  let depth = 0
  for (let i = open; i < tokens.length; i++) {
    if (isSymbol(tokens[i], '(')) depth++
    if (isSymbol(tokens[i], ')') && --depth === 0) return i
  }
  return tokens.length
}

function isName(token: Token | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'quoted'
}

function isSymbol(token: Token | undefined, symbol: string): boolean {
  return token?.kind === 'symbol' && token.key === symbol
}

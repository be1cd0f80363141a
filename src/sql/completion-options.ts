import type { Token } from './lexer.ts'

/** A place among `'key' = 'value'` pairs. */
export interface OptionPlace {
  /** What the options are of: a table (WITH, or the hint OPTIONS), the session (SET, RESET), a catalog or another object. */
  readonly owner: 'table' | 'session' | 'catalog' | 'other'
  /** What can stand here: a key, the value of `key`, or the `=` between them. */
  readonly wanted: 'key' | 'value' | '='
  readonly key: string | undefined
  /** The pairs of the statement that are whole. */
  readonly given: ReadonlyMap<string, string>
}

/**
 * Whether the cursor stands among options.
 *
 * @param before The tokens of the statement before the word at the cursor.
 * @param all Those of the whole statement, without that word.
 */
export function optionPlace(before: readonly Token[], all: readonly Token[]): OptionPlace | undefined {
  const owner = ownerOf(before)
  if (owner === undefined) return undefined
  const last = before.at(-1)
  const given = pairsIn(all)
  if (last?.kind === 'symbol' && last.key === '=' && before.at(-2)?.kind === 'string')
    return { owner, wanted: 'value', key: before.at(-2)!.value, given }
  if (last?.kind === 'string') return { owner, wanted: '=', key: last.value, given }
  return { owner, wanted: 'key', key: undefined, given }
}

function ownerOf(before: readonly Token[]): OptionPlace['owner'] | undefined {
  const [first] = before
  if (isWord(first, 'SET') || isWord(first, 'RESET')) return 'session'
  const open = innermostOpen(before)
  const word = open > 0 ? before[open - 1] : undefined
  if (isWord(word, 'OPTIONS')) return 'table'
  if (!isWord(word, 'WITH') && !(isWord(word, 'SET') && isWord(first, 'ALTER'))) return undefined
  const kind = before.find((token) => token.kind === 'word' && OBJECTS.has(token.key))?.key
  return kind === 'TABLE' ? 'table' : kind === 'CATALOG' ? 'catalog' : 'other'
}

const OBJECTS: ReadonlySet<string> = new Set(['TABLE', 'CATALOG', 'DATABASE', 'MODEL', 'MODULE', 'CONNECTION'])

function innermostOpen(tokens: readonly Token[]): number {
  let depth = 0
  for (let i = tokens.length - 1; i >= 0; i--) {
    const token = tokens[i]!
    if (token.kind !== 'symbol') continue
    if (token.key === ')') depth++
    if (token.key === '(' && depth-- === 0) return i
  }
  return -1
}

function pairsIn(tokens: readonly Token[]): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>()
  for (const [i, token] of tokens.entries()) {
    const sign = tokens[i + 1]
    const value = tokens[i + 2]
    if (token.kind === 'string' && sign?.kind === 'symbol' && sign.key === '=' && value?.kind === 'string')
      pairs.set(token.value, value.value)
  }
  return pairs
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.key === word
}

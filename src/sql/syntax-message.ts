import type { Position } from '../base/errors.ts'
import { nearest } from '../base/nearest.ts'
import type { Token } from './lexer.ts'
import { RESERVED_FUNCTIONS, RESERVED_WORDS } from './reserved-words.ts'

/** Words that go on with an expression; the parser notes them together, as `an operator`. */
export const OPERATOR_WORDS: readonly string[] = ['AND', 'OR', 'IS', 'IN', 'NOT', 'BETWEEN', 'LIKE', 'SIMILAR TO', 'IS NULL', 'IS NOT NULL']

export const AN_OPERATOR = 'an operator'

/** What is known where parsing failed. */
export interface Failure {
  /** The token that fits nothing. */
  readonly token: Token
  readonly previous: Token | undefined
  readonly beforePrevious: Token | undefined
  /** The last word that was taken for an alias without AS. */
  readonly bareAlias: Token | undefined
  /** Keywords, symbols and things in words (`a column`) that could stand here. */
  readonly expected: readonly string[]
  /** The token is a reserved word and a name was looked for. */
  readonly isReserved: boolean
}

/** The message for a token that fits nothing: what was found, what was wanted, and a next step where one can be guessed. */
export function syntaxMessage(failure: Failure): { readonly message: string; readonly at: Position } {
  const { token, bareAlias, previous } = failure
  const prefix = 'Cannot parse the statement: '
  const candidates = keywordsOf(failure.expected)
  if (token.kind === 'word' && failure.isReserved) return { message: reservedMessage([token]), at: token.at }

  const foreign = otherDialect(token, previous)
  if (foreign !== undefined) return { message: `${prefix}${foreign}`, at: token.at }

  // A misspelt keyword is first taken for an alias or a name, and only the token behind it surprises.
  const followsAlias = bareAlias !== undefined && bareAlias === previous
  for (const word of followsAlias ? [bareAlias, token] : [token]) {
    const meant = word.kind === 'word' ? nearestKeyword(word.value, candidates) : undefined
    if (meant !== undefined) return { message: `${prefix}unexpected "${word.value}"; did you mean "${meant}"?`, at: word.at }
  }
  if (followsAlias) {
    if (canStartItem(token) && failure.expected.includes(',')) {
      const before = failure.beforePrevious
      const where = before === undefined ? `before "${bareAlias.value}"` : `after ${describe(before)}`
      return {
        message: `${prefix}unexpected ${describe(token)} after the alias "${bareAlias.value}"; is a comma missing ${where}?`,
        at: token.at,
      }
    }
  }
  const found = token.kind === 'end' ? 'it ends too early' : `unexpected ${describe(token)}`
  const after = previous === undefined || token.kind === 'end' ? '' : ` after ${describe(previous)}`
  return { message: `${prefix}${found}${after}${advice(failure)}`, at: token.at }
}

/** The message that names all reserved words of a statement that stand where names belong. */
export function reservedMessage(words: readonly Token[]): string {
  const names = [...new Set(words.map((word) => word.value))]
  const list =
    names.length === 1
      ? `"${names[0]}"`
      : `${names
          .slice(0, -1)
          .map((name) => `"${name}"`)
          .join(', ')} and "${names.at(-1)}"`
  const quoted = names.map((name) => `\`${name}\``).join(', ')
  const [first] = words
  const call =
    names.length === 1 && first !== undefined && RESERVED_FUNCTIONS.has(first.key) ? `; or call the function, ${first.key}(...)` : ''
  return `Cannot parse the statement: ${list} ${names.length === 1 ? 'is a reserved word' : 'are reserved words'} where a name is wanted; put back quotes around it: ${quoted}${call}`
}

function advice(failure: Failure): string {
  const { token, previous, expected } = failure
  if (previous?.key === ',' && previous.kind === 'symbol') {
    if (token.kind === 'symbol' || token.kind === 'word') return '; the comma is one too many, or what follows it is missing'
  }
  const wanted = wantedInWords(expected)
  if (canStartItem(token) && previous !== undefined && expected.includes(',') && endsItem(previous)) {
    return `; is a comma missing before ${describe(token)}?`
  }
  if (token.key === '=' && previous?.key === '=') return '; write one = to compare'
  const cutsOff = token.kind === 'end' || token.key === ';' || (token.kind === 'word' && RESERVED_WORDS.has(token.key))
  if (cutsOff && expected.includes(')')) return `${wanted === '' ? '' : `, expected ${wanted}`}; is a closing parenthesis missing?`
  return wanted === '' ? '' : `, expected ${wanted}`
}

/** What users of other databases write, with the words of Flink SQL for it. */
function otherDialect(token: Token, previous: Token | undefined): string | undefined {
  const { key } = token
  if (key === ':' && previous?.kind !== 'string') return 'Flink SQL has no ::; write CAST(value AS type)'
  if (previous?.key === 'TOP' && token.kind === 'number') return 'Flink SQL has no TOP; write LIMIT at the end of the query'
  if (previous?.key === 'IF' && key === 'EXISTS') return 'IF EXISTS belongs to DROP; write IF NOT EXISTS'
  if (previous?.key === 'INSERT' && token.kind === 'word' && !/^(?:IN|OV)/.test(key))
    return `INTO is missing; write INSERT INTO ${token.value}`
  return undefined
}

/** A few of the expected tokens, in words: things and clauses first, operators only together. */
function wantedInWords(expected: readonly string[]): string {
  const unique = [...new Set(expected)]
  const things = unique.filter((item) => /^[a-z]/.test(item) && item !== AN_OPERATOR)
  const symbols = unique.filter((item) => !/^[a-zA-Z]/.test(item) && item !== '.' && item !== '[').map((item) => `"${item}"`)
  const keywords = unique.filter((item) => /^[A-Z]/.test(item))
  const operators = unique.includes(AN_OPERATOR) ? [AN_OPERATOR] : []
  // Where a thing is wanted, every keyword that could begin it says nothing.
  const all =
    things.length > 0
      ? [...things, ...(keywords.length + symbols.length <= 4 ? [...symbols, ...keywords] : symbols.slice(0, 1))]
      : [...symbols, ...keywords, ...operators]
  const shown = all.length > 7 ? [...all.slice(0, 6), 'another keyword'] : all
  if (shown.length <= 1) return shown[0] ?? ''
  return `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)!}`
}

function keywordsOf(expected: readonly string[]): string[] {
  const keywords = expected.filter((item) => /^[A-Z]/.test(item)).map((item) => item.split(' ')[0]!)
  return expected.includes(AN_OPERATOR) ? [...keywords, ...OPERATOR_WORDS.map((word) => word.split(' ')[0]!)] : keywords
}

/**
 * The keyword that a word may be meant for. One edit turns a keyword of two letters into many others, so these count only with
 * swapped letters; a word that is a keyword already is spelt as it was meant.
 */
function nearestKeyword(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > 2 && RESERVED_WORDS.has(word.toUpperCase())) return undefined
  const swapped = candidates.find(
    (candidate) =>
      candidate.length === 2 && word.length === 2 && candidate[0] === word[1]?.toUpperCase() && candidate[1] === word[0]?.toUpperCase(),
  )
  return (
    swapped ??
    nearest(
      word,
      candidates.filter((candidate) => candidate.length > 2 && word.length > 2),
    )
  )
}

function canStartItem(token: Token): boolean {
  if (token.kind === 'word') return !RESERVED_WORDS.has(token.key) || RESERVED_FUNCTIONS.has(token.key)
  return token.kind === 'quoted' || token.kind === 'string' || token.kind === 'number'
}

function endsItem(token: Token): boolean {
  return token.kind !== 'symbol' || token.key === ')' || token.key === ']' || token.key === '>'
}

export function describe(token: Token): string {
  switch (token.kind) {
    case 'end':
      return 'the end'
    case 'string':
      return `string '${token.value.length > 40 ? `${token.value.slice(0, 40)}...` : token.value}'`
    case 'binary':
      return 'binary literal'
    case 'quoted':
      return `\`${token.value}\``
    default:
      return `"${token.value}"`
  }
}

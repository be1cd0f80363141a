import { EvaluationError } from './evaluation-error.ts'

/** A character outside of classes. */
function literal(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&')
}

function checkEscape(escape: string | undefined): void {
  if (escape !== undefined && [...escape].length !== 1) {
    throw new EvaluationError('data/pattern', `Cannot match a pattern: the escape is "${escape}", one character was wanted`)
  }
}

function badEscape(pattern: string): EvaluationError {
  return new EvaluationError(
    'data/pattern',
    `Cannot match the pattern "${pattern}": its escape character stands before something other than "%", "_" or itself`,
  )
}

/**
 * A test for SQL LIKE: `%` is any text, `_` one character (code point), and behind `escape` only `%`, `_` and the escape itself may stand.
 * Line breaks are ordinary characters.
 */
export function likeMatcher(pattern: string, escape?: string): (text: string) => boolean {
  checkEscape(escape)
  const simple = escape === undefined ? simpleLike(pattern) : undefined
  if (simple !== undefined) return simple
  let source = ''
  const characters = [...pattern]
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i]!
    if (character === escape) {
      const next = characters[++i]
      if (next !== '%' && next !== '_' && next !== escape) throw badEscape(pattern)
      source += literal(next)
    } else if (character === '%') {
      source += '.*'
    } else if (character === '_') {
      source += '.'
    } else {
      source += literal(character)
    }
  }
  const regex = new RegExp(`^(?:${source})$`, 'su')
  return (text) => regex.test(text)
}

/** The frequent forms without `_` and with `%` only at the ends: equality, beginning, end, inside. */
function simpleLike(pattern: string): ((text: string) => boolean) | undefined {
  const start = pattern.startsWith('%') ? 1 : 0
  const end = pattern.endsWith('%') && pattern.length > start ? 1 : 0
  const middle = pattern.slice(start, pattern.length - end)
  if (middle.includes('%') || middle.includes('_')) return undefined
  if (start === 1 && end === 1) return (text) => text.includes(middle)
  if (start === 1) return (text) => text.endsWith(middle)
  if (end === 1) return (text) => text.startsWith(middle)
  return (text) => text === middle
}

const namedClasses: Record<string, string> = {
  ALPHA: 'A-Za-z',
  UPPER: 'A-Z',
  LOWER: 'a-z',
  DIGIT: '0-9',
  ALNUM: 'A-Za-z0-9',
  SPACE: ' ',
  WHITESPACE: '\\s',
}

/** A test for SQL SIMILAR TO over the whole text; see `comparison.ts` for the syntax. */
export function similarMatcher(pattern: string, escape?: string): (text: string) => boolean {
  checkEscape(escape)
  let source = ''
  const characters = [...pattern]
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i]!
    if (character === escape) {
      const next = characters[++i]
      if (next === undefined) throw badEscape(pattern)
      source += literal(next)
    } else if (character === '[') {
      const [text, end] = characterClass(characters, i, pattern)
      source += text
      i = end
    } else {
      source += similarCharacter(character)
    }
  }
  let regex: RegExp
  try {
    regex = new RegExp(`^(?:${source})$`, 'su')
  } catch (cause) {
    throw new EvaluationError('data/pattern', `Cannot match the pattern "${pattern}": ${(cause as Error).message}`)
  }
  return (text) => regex.test(text)
}

function similarCharacter(character: string): string {
  switch (character) {
    case '%':
      return '.*'
    // Flink hands the point to Java, where it is any character too, and so is `^` the beginning.
    case '_':
    case '.':
      return '[^\\n\\r\\u0085\\u2028\\u2029]'
    case '^':
    case '|':
    case '*':
    case '+':
    case '?':
    case '(':
    case ')':
    case '{':
    case '}':
      return character
    default:
      return literal(character)
  }
}

/** From the `[` at `start` to its `]`: ranges, `^` for the complement, and names such as `[:ALPHA:]`. */
function characterClass(characters: readonly string[], start: number, pattern: string): [string, number] {
  let source = '['
  let i = start + 1
  if (characters[i] === '^') {
    source += '^'
    i++
  }
  for (; i < characters.length; i++) {
    const character = characters[i]!
    if (character === ']' && i > start + 1) return [`${source}]`, i]
    if (character === '[' && characters[i + 1] === ':') {
      const end = characters.indexOf(']', i)
      const name = characters
        .slice(i + 2, end - 1)
        .join('')
        .toUpperCase()
      const named = namedClasses[name]
      if (named === undefined)
        throw new EvaluationError('data/pattern', `Cannot match the pattern "${pattern}": "[:${name}:]" is no class of characters`)
      source += named
      i = end
    } else {
      source += character === '-' ? '-' : literal(character)
    }
  }
  throw new EvaluationError('data/pattern', `Cannot match the pattern "${pattern}": a "[" has no "]"`)
}

import { parseSortItems } from './parse-window.ts'
import type { AfterMatch, Pattern, PatternSubset } from './syntax-pattern.ts'
import type { FromItem, MatchRecognize, Measure, PatternDefinition } from './syntax-query.ts'
import type { TokenStream } from './token-stream.ts'

/** MATCH_RECOGNIZE (..) over `input`. */
export function parseMatchRecognize(stream: TokenStream, input: FromItem): MatchRecognize {
  stream.expect('MATCH_RECOGNIZE')
  stream.expectSymbol('(')
  const partitionBy = stream.accept('PARTITION', 'BY') ? stream.commaSeparated(() => stream.grammar.expression(stream)) : []
  const orderBy = stream.accept('ORDER', 'BY') ? parseSortItems(stream) : []
  const measures = stream.accept('MEASURES') ? stream.commaSeparated(() => parseMeasure(stream)) : []
  const rowsPerMatch = parseRowsPerMatch(stream)
  const afterMatch = stream.accept('AFTER', 'MATCH', 'SKIP') ? parseAfterMatch(stream) : undefined
  stream.expect('PATTERN')
  stream.expectSymbol('(')
  const anchoredAtStart = stream.acceptSymbol('^')
  const pattern = parsePattern(stream)
  const anchoredAtEnd = stream.isWord('$')
  if (anchoredAtEnd) stream.next()
  stream.expectSymbol(')')
  const within = stream.accept('WITHIN') ? stream.grammar.expression(stream) : undefined
  const subsets = stream.accept('SUBSET') ? stream.commaSeparated(() => parseSubset(stream)) : []
  stream.expect('DEFINE')
  const definitions = stream.commaSeparated(() => parseDefinition(stream))
  stream.expectSymbol(')')
  return {
    kind: 'match-recognize',
    input,
    partitionBy,
    orderBy,
    measures,
    rowsPerMatch,
    afterMatch,
    pattern,
    anchoredAtStart,
    anchoredAtEnd,
    within,
    subsets,
    definitions,
    alias: undefined,
    at: stream.from(input.at),
  }
}

function parseMeasure(stream: TokenStream): Measure {
  const expression = stream.grammar.expression(stream)
  stream.expect('AS')
  const name = stream.identifier('an alias')
  return { expression, name, at: stream.from(expression.at) }
}

function parseRowsPerMatch(stream: TokenStream): MatchRecognize['rowsPerMatch'] {
  if (stream.accept('ONE', 'ROW', 'PER', 'MATCH')) return 'ONE'
  return stream.accept('ALL', 'ROWS', 'PER', 'MATCH') ? 'ALL' : undefined
}

function parseAfterMatch(stream: TokenStream): AfterMatch {
  const start = stream.previous()!.at
  if (stream.accept('PAST', 'LAST', 'ROW')) return { kind: 'past-last-row', at: stream.from(start) }
  stream.expect('TO')
  if (stream.accept('NEXT')) {
    stream.expect('ROW')
    return { kind: 'next-row', at: stream.from(start) }
  }
  // FIRST and LAST are also fine names of a variable.
  const side = stream.isName(1) ? stream.acceptOne(['FIRST', 'LAST']) : undefined
  const variable = stream.identifier('a pattern variable')
  return { kind: side === 'FIRST' ? 'first' : 'last', variable, at: stream.from(start) }
}

/** Alternatives of sequences of repeated variables or groups. */
function parsePattern(stream: TokenStream): Pattern {
  return stream.nested(() => {
    const start = stream.peek().at
    const parts = [parseSequence(stream)]
    while (stream.acceptSymbol('|')) parts.push(parseSequence(stream))
    return parts.length === 1 ? parts[0]! : { kind: 'alternation', parts, at: stream.from(start) }
  })
}

function parseSequence(stream: TokenStream): Pattern {
  const start = stream.peek().at
  const parts = [parseRepetition(stream)]
  while (
    (stream.isName() && !stream.isWord('$')) ||
    stream.isWord('PERMUTE') ||
    stream.isSymbol('(') ||
    (stream.isSymbol('{') && stream.isSymbol('-', 1))
  ) {
    parts.push(parseRepetition(stream))
  }
  return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts, at: stream.from(start) }
}

function parseRepetition(stream: TokenStream): Pattern {
  const pattern = parsePatternTerm(stream)
  const bounds = parseBounds(stream)
  if (bounds === undefined) return pattern
  const reluctant = stream.isSymbol('?')
  if (reluctant) stream.next()
  return { kind: 'repetition', pattern, least: bounds[0], most: bounds[1], reluctant, at: stream.from(pattern.at) }
}

function parseBounds(stream: TokenStream): readonly [number, number | undefined] | undefined {
  if (stream.acceptSymbol('*')) return [0, undefined]
  if (stream.acceptSymbol('+')) return [1, undefined]
  if (stream.acceptSymbol('?')) return [0, 1]
  if (stream.isSymbol('{', 0) && !stream.isSymbol('-', 1)) {
    const start = stream.next().at
    const least = stream.isSymbol(',') ? 0 : stream.integer('a whole number')
    const most = stream.acceptSymbol(',') ? (stream.isSymbol('}') ? undefined : stream.integer('a whole number')) : least
    stream.expectSymbol('}')
    if (most !== undefined && most < least)
      throw stream.error(`Cannot parse the pattern: it repeats at least ${least} and at most ${most} times`, stream.from(start))
    return [least, most]
  }
  return undefined
}

function parsePatternTerm(stream: TokenStream): Pattern {
  const start = stream.peek().at
  if (stream.acceptSymbol('(')) {
    if (stream.acceptSymbol(')')) return { kind: 'sequence', parts: [], at: stream.from(start) }
    const pattern = parsePattern(stream)
    stream.expectSymbol(')')
    return { ...pattern, at: stream.from(start) }
  }
  if (stream.isSymbol('{')) {
    stream.next()
    stream.expectSymbol('-')
    const pattern = parsePattern(stream)
    stream.expectSymbol('-')
    stream.expectSymbol('}')
    return { kind: 'exclusion', pattern, at: stream.from(start) }
  }
  if (stream.accept('PERMUTE')) {
    const parts = stream.list(() => parsePattern(stream))
    return { kind: 'permutation', parts, at: stream.from(start) }
  }
  const name = stream.identifier('a pattern variable')
  return { kind: 'variable', name, at: name.at }
}

function parseSubset(stream: TokenStream): PatternSubset {
  const name = stream.identifier('a pattern variable')
  stream.expectSymbol('=')
  const variables = stream.identifierList('a pattern variable')
  return { name, variables, at: stream.from(name.at) }
}

function parseDefinition(stream: TokenStream): PatternDefinition {
  const name = stream.identifier('a pattern variable')
  stream.expect('AS')
  const condition = stream.grammar.expression(stream)
  return { name, condition, at: stream.from(name.at) }
}

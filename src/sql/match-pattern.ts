import { unreachable } from '../base/assert.ts'
import { type RheoError, userError } from '../base/errors.ts'
import type { MatchPattern } from '../expr/match.ts'
import type { Pattern } from './syntax-pattern.ts'
import type { MatchRecognize } from './syntax-query.ts'

/** More rows than this are not spelled out. */
const MAX_REPETITIONS = 10_000

interface BoundPattern {
  /** The variables in the order of PATTERN. */
  readonly names: readonly string[]
  readonly pattern: MatchPattern
}

/** PATTERN as the operator runs it; what Flink refuses is refused. */
export function patternOf(item: MatchRecognize): BoundPattern {
  if (item.anchoredAtStart || item.anchoredAtEnd)
    throw userError(
      'plan/match-anchor',
      'Cannot tie a pattern to the ends of its partition by ^ or $: a stream has no end, and a match may begin anywhere',
      item.pattern.at,
    )
  const names: string[] = []
  const parts = partsOf(item.pattern, names)
  const pattern: MatchPattern = { kind: 'group', parts, least: 1, most: 1, reluctant: false }
  if (parts.every((part) => part.least === 0))
    throw userError(
      'plan/match-empty',
      'Cannot match this pattern: it also matches no row at all; a variable that is not optional was wanted',
      item.pattern.at,
    )
  const last = parts.at(-1)!
  if (isGreedy(last))
    throw userError(
      'plan/match-greedy-end',
      'Cannot end a pattern with a greedy quantifier: such a match would never be known to be over; end it with a variable, or make the quantifier reluctant, as in A+?',
      item.pattern.at,
    )
  return { names, pattern }
}

/** Whether the last rows are as many as there can be; `?` of a variable and a fixed number are not that. */
function isGreedy(pattern: MatchPattern): boolean {
  const { least, most, reluctant } = pattern
  if (pattern.kind === 'group' && isGreedy(pattern.parts.at(-1)!)) return true
  return !reluctant && least !== most && !(pattern.kind === 'variable' && least === 0 && most === 1)
}

/** Variables without which there is no match. */
export function requiredVariables(pattern: MatchPattern): ReadonlySet<number> {
  if (pattern.least === 0) return new Set()
  return pattern.kind === 'variable' ? new Set([pattern.variable]) : new Set(pattern.parts.flatMap((part) => [...requiredVariables(part)]))
}

function partsOf(pattern: Pattern, names: string[]): readonly MatchPattern[] {
  switch (pattern.kind) {
    case 'variable': {
      const { name } = pattern.name
      if (names.includes(name))
        throw userError('plan/duplicate-variable', `Cannot use the variable "${name}" twice in PATTERN: each stands there once`, pattern.at)
      names.push(name)
      return [{ kind: 'variable', variable: names.length - 1, least: 1, most: 1, reluctant: false }]
    }
    case 'sequence':
      if (pattern.parts.length === 0) throw refused('the empty pattern ()', pattern)
      return checkedSequence(
        pattern.parts.flatMap((part) => partsOf(part, names)),
        pattern,
      )
    case 'repetition':
      return [repetition(pattern, names)]
    case 'alternation':
      throw refused('alternatives with |', pattern)
    case 'permutation':
      throw refused('PERMUTE', pattern)
    case 'exclusion':
      throw refused('exclusions {- -}', pattern)
    default:
      return unreachable(pattern)
  }
}

/** Behind a greedy variable Flink takes none that is optional but by `{0,n}`. */
function checkedSequence(parts: readonly MatchPattern[], pattern: Pattern): readonly MatchPattern[] {
  parts.forEach((part, i) => {
    const before = parts[i - 1]
    const isOptional = part.kind === 'variable' && part.least === 0 && (part.most === undefined || part.most === 1)
    if (isOptional && before?.kind === 'variable' && isGreedy(before))
      throw refused('an optional variable right behind a greedy one', pattern)
  })
  return parts
}

function repetition(pattern: Extract<Pattern, { kind: 'repetition' }>, names: string[]): MatchPattern {
  const { least, most, reluctant, at } = pattern
  const parts = partsOf(pattern.pattern, names)
  if (most === 0) throw userError('plan/match-quantifier', 'Cannot repeat a variable 0 times: leave it out', at)
  if (Math.max(least, most ?? 0) > MAX_REPETITIONS)
    throw userError('plan/match-quantifier', `Cannot repeat a variable so often: ${MAX_REPETITIONS} times are possible`, at)
  if (least === 0 && most === 1 && reluctant) throw refused('reluctant optional variables ??', pattern)
  const [part] = parts
  if (part?.kind === 'variable' && parts.length === 1 && part.least === 1 && part.most === 1) return { ...part, least, most, reluctant }
  if (parts.every((each) => each.least === 0)) throw refused('a quantifier of a group that matches no row at all', pattern)
  return { kind: 'group', parts, least, most, reluctant }
}

function refused(what: string, pattern: Pattern): RheoError {
  return userError(
    'plan/match-pattern',
    `Cannot match this pattern: it has ${what}, and only plain variables and quantifiers were wanted`,
    pattern.at,
  )
}

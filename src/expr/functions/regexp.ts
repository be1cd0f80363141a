import { types } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import type { CallSite, ScalarFunction } from '../function.ts'
import { findMatch, findMatches, groupText, type JavaRegex, memoRegex } from '../regex.ts'
import { bigint, integer, signature, text } from '../signature.ts'

type Define = Omit<ScalarFunction, 'family' | 'nulls' | 'evaluate'> & {
  /** Gets the compiled pattern, the second argument of all; the result is NULL (or `invalid`) when it is none of Java's. */
  readonly match: (regex: JavaRegex, args: readonly SqlValue[]) => SqlValue
  readonly invalid?: SqlValue
}

function define({ match, invalid = null, ...definition }: Define): ScalarFunction {
  return {
    ...definition,
    family: 'string',
    nulls: 'strict',
    evaluate: (args: readonly SqlValue[], site: CallSite) => {
      const regex = memoRegex(site, args[1] as string)
      return regex === undefined ? invalid : match(regex, args)
    },
  }
}

function extractAll(regex: JavaRegex, value: string, group: number): SqlValue {
  if (group < 0 || group > regex.groupCount) return null
  return Array.from(findMatches(regex, value), (match) => groupText(regex, match, group))
}

function countMatches(regex: JavaRegex, value: string): number {
  let count = 0
  for (const _ of findMatches(regex, value)) count++
  return count
}

export const regexpFunctions: readonly ScalarFunction[] = [
  define({
    name: 'REGEXP',
    forms: ['REGEXP(text, pattern)'],
    doc: 'Whether a part of the text matches a Java regular expression; FALSE for an empty or invalid pattern.',
    examples: [["REGEXP('flink', 'l.n')", 'TRUE']],
    resolve: signature({ parameters: [text, text], returns: types.boolean() }),
    match: (regex, [value, pattern]) => pattern !== '' && findMatch(regex, value as string) !== null,
    invalid: false,
  }),
  define({
    name: 'REGEXP_EXTRACT',
    forms: ['REGEXP_EXTRACT(text, pattern[, group])'],
    doc: 'The first match of a Java regular expression, or one group of it; NULL without one, or for an invalid pattern.',
    examples: [["REGEXP_EXTRACT('foothebar', 'foo(.*?)(bar)', 2)", 'bar']],
    resolve: signature({ parameters: [text, text, integer], optional: 1, returns: types.string(), nullable: 'always' }),
    match: (regex, [value, , group = 0]) => {
      const number = group as number
      const match = number < 0 || number > regex.groupCount ? null : findMatch(regex, value as string)
      return match === null ? null : groupText(regex, match, number)
    },
  }),
  define({
    name: 'REGEXP_EXTRACT_ALL',
    forms: ['REGEXP_EXTRACT_ALL(text, pattern[, group])'],
    doc: 'A group (1 if absent, 0 for the whole) of every match of a Java regular expression; NULL for a group that is not there or an invalid pattern.',
    examples: [["REGEXP_EXTRACT_ALL('a1b22', '[0-9]+', 0)", '[1, 22]']],
    resolve: signature({ parameters: [text, text, bigint], optional: 1, returns: types.array(types.string()), nullable: 'always' }),
    match: (regex, [value, , group = 1n]) => extractAll(regex, value as string, Number(group)),
  }),
  define({
    name: 'REGEXP_REPLACE',
    forms: ['REGEXP_REPLACE(text, pattern, replacement)'],
    doc: 'The text with every match of a Java regular expression replaced by a text, taken literally; NULL for an invalid pattern.',
    examples: [["REGEXP_REPLACE('foobar', 'oo|ar', '')", 'fb']],
    resolve: signature({ parameters: [text, text, text], returns: types.string(), nullable: 'always' }),
    match: (regex, [value, , replacement]) => (value as string).replace(regex.expression, () => replacement as string),
  }),
  define({
    name: 'REGEXP_COUNT',
    forms: ['REGEXP_COUNT(text, pattern)'],
    doc: 'How many times a Java regular expression matches; NULL for an invalid pattern.',
    examples: [["REGEXP_COUNT('a1b22', '[0-9]')", '3']],
    resolve: signature({ parameters: [text, text], returns: types.integer(), nullable: 'always' }),
    match: (regex, [value]) => countMatches(regex, value as string),
  }),
  define({
    name: 'REGEXP_INSTR',
    forms: ['REGEXP_INSTR(text, pattern)'],
    doc: 'Where a Java regular expression first matches, from 1; 0 when nowhere, NULL for an invalid pattern.',
    examples: [["REGEXP_INSTR('abc', 'c')", '3']],
    resolve: signature({ parameters: [text, text], returns: types.integer(), nullable: 'always' }),
    match: (regex, [value]) => (findMatch(regex, value as string)?.index ?? -1) + 1,
  }),
  define({
    name: 'REGEXP_SUBSTR',
    forms: ['REGEXP_SUBSTR(text, pattern)'],
    doc: 'The first match of a Java regular expression; NULL without one, or for an invalid pattern.',
    examples: [["REGEXP_SUBSTR('order 66', '[0-9]+')", '66']],
    resolve: signature({ parameters: [text, text], returns: types.string(), nullable: 'always' }),
    match: (regex, [value]) => findMatch(regex, value as string)?.[0] ?? null,
  }),
]

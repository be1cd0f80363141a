import type { CallSite } from './function.ts'
import { translateJavaRegex } from './regex-translate.ts'

/** A Java regular expression that JavaScript runs. */
export interface JavaRegex {
  /** Global; set `lastIndex` before use. */
  readonly expression: RegExp
  readonly groupCount: number
  /** Names of groups 1 and up where their numbers differ from Java's. */
  readonly groupNames: readonly string[] | undefined
}

/** How many compiled expressions are kept beside those of call sites, for patterns that change from row to row. */
const maxKept = 1_000
const kept = new Map<string, JavaRegex | undefined>()

/** The expression of a Java pattern; undefined when Java would refuse it. */
export function compileJavaRegex(pattern: string): JavaRegex | undefined {
  if (kept.has(pattern)) return kept.get(pattern)
  if (kept.size >= maxKept) kept.clear()
  const compiled = compile(pattern)
  kept.set(pattern, compiled)
  return compiled
}

function compile(pattern: string): JavaRegex | undefined {
  const translated = translateJavaRegex(pattern)
  if (translated === undefined) return undefined
  try {
    return { expression: new RegExp(translated.source, 'gv'), groupCount: translated.groupCount, groupNames: translated.groupNames }
  } catch {
    return undefined
  }
}

type Slot = 'first' | 'second'

interface Memo {
  readonly pattern: string
  readonly regex: JavaRegex | undefined
}

/** The expression of a pattern, kept with the call while the pattern stays; two slots for functions with two patterns. */
export function memoRegex(site: CallSite, pattern: string, slot: Slot = 'first'): JavaRegex | undefined {
  const memos = (site.memo ??= {}) as Partial<Record<Slot, Memo>>
  const memo = memos[slot]
  if (memo?.pattern === pattern) return memo.regex
  const regex = compileJavaRegex(pattern)
  memos[slot] = { pattern, regex }
  return regex
}

/** The first match at or behind `from`. */
export function findMatch(regex: JavaRegex, text: string, from = 0): RegExpExecArray | null {
  regex.expression.lastIndex = from
  return regex.expression.exec(text)
}

/**
 * Every match in order; behind an empty one the search goes on with the next character. A search that began between the two halves of a
 * character would go back to its beginning, so it never does.
 */
export function* findMatches(regex: JavaRegex, text: string): Generator<RegExpExecArray> {
  const { expression } = regex
  for (let match = findMatch(regex, text); match !== null; match = findMatch(regex, text, expression.lastIndex)) {
    const next = match[0] === '' ? match.index + ((text.codePointAt(match.index) ?? 0) > 0xffff ? 2 : 1) : expression.lastIndex
    yield match
    if (next > text.length) return
    expression.lastIndex = next
  }
}

/** The text of a group (0: of the whole match); null for a group that took no part. */
export function groupText(regex: JavaRegex, match: RegExpExecArray, group: number): string | null {
  if (group === 0) return match[0]
  const name = regex.groupNames?.[group - 1]
  return (name === undefined ? match[group] : match.groups?.[name]) ?? null
}

/** Java's `String.split`: a limit of 0 drops empty parts at the end; an empty match at the beginning makes no part. */
export function javaSplit(text: string, regex: JavaRegex, limit: number): readonly string[] {
  const parts: string[] = []
  let from = 0
  for (const match of findMatches(regex, text)) {
    if (limit > 0 && parts.length === limit - 1) break
    const end = match.index + match[0].length
    if (end === 0 || (match[0] === '' && match.index === text.length)) continue
    parts.push(text.slice(from, match.index))
    from = end
  }
  if (parts.length === 0) return [text]
  parts.push(text.slice(from))
  if (limit === 0) while (parts.length > 0 && parts.at(-1) === '') parts.pop()
  return parts
}

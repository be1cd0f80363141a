import { Choices } from './choices.ts'

/**
 * Makes a failing list of choices small: spans are left out, replaced by a span of the same kind inside of them (a query by its subquery), or set to 0, then single
 * numbers are lowered, as long as it still fails.
 *
 * @param fails Makes a case of the choices and says whether it fails in the same way.
 * @param budget How many cases may be tried.
 */
export async function shrink(
  first: readonly number[],
  make: (choices: Choices) => unknown,
  fails: (choices: readonly number[]) => Promise<boolean>,
  budget: number,
): Promise<readonly number[]> {
  let best = first
  let left = budget
  const tryOut = async (candidate: readonly number[]): Promise<boolean> => {
    if (left <= 0 || !isSimpler(candidate, best)) return false
    left--
    if (!(await fails(candidate))) return false
    const choices = new Choices(candidate)
    make(choices)
    best = isSimpler(choices.taken, candidate) ? choices.taken : candidate
    return true
  }
  for (let hasImproved = true; hasImproved && left > 0;) {
    hasImproved = false
    for (const candidate of bySpans) {
      // Spans move when something was left out, so they are made anew after each success.
      for (let i = 0; left > 0;) {
        const choices = new Choices(best)
        make(choices)
        const spans = choices.spans.toSorted((a, b) => b.to - b.from - (a.to - a.from))
        const span = spans[i]
        if (span === undefined) break
        let wasSimplified = false
        for (const simpler of candidate(choices.taken, span, spans)) {
          wasSimplified = await tryOut(simpler)
          if (wasSimplified) break
        }
        if (wasSimplified) hasImproved = true
        else i++
      }
    }
    for (let i = 0; i < best.length && left > 0; i++) {
      const value = best[i]!
      if (value === 0) continue
      for (const lower of [0, value >> 1, value - 1]) {
        if (lower >= best[i]!) break
        if (await tryOut(best.toSpliced(i, 1, lower))) hasImproved = true
      }
    }
  }
  return best
}

type Place = Pick<Choices['spans'][number], 'label' | 'from' | 'to'>
type Candidates = (choices: readonly number[], span: Place, spans: readonly Place[]) => Iterable<readonly number[]>

const bySpans: readonly Candidates[] = [
  // Without the span.
  (choices, { from, to }) => (from === to ? [] : [choices.toSpliced(from, to - from)]),
  // One of the same kind inside of it instead.
  (choices, { label, from, to }, spans) =>
    spans
      .filter((inner) => inner.label === label && inner.from >= from && inner.to <= to && inner.to - inner.from < to - from)
      .map((inner) => choices.toSpliced(from, to - from, ...choices.slice(inner.from, inner.to))),
  // The simplest of its kind.
  (choices, { from, to }) =>
    choices.slice(from, to).every((choice) => choice === 0)
      ? []
      : [choices.toSpliced(from, to - from, ...Array.from({ length: to - from }, () => 0)), choices.toSpliced(from, to - from, 0)],
]

/** Fewer choices, or as many and the first that differs is lower. */
function isSimpler(candidate: readonly number[], than: readonly number[]): boolean {
  if (candidate.length !== than.length) return candidate.length < than.length
  const differing = candidate.findIndex((choice, i) => choice !== than[i])
  return differing >= 0 && candidate[differing]! < than[differing]!
}

/** Letters that a name and a candidate share at least, when one is the beginning of the other. */
const MIN_BEGINNING = 4

/**
 * The candidate nearest to a misspelt name: first one that differs in case only, then one at most a third of the name's length in edits apart, then one of
 * which the name is a beginning, or the other way round (`UPPERCASE` for `UPPER`). Undefined when none is near.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase()
  let best: string | undefined
  // At least one letter is kept: "b" is not meant for "a".
  let bestDistance = Math.min(Math.max(1, Math.floor(name.length / 3)), name.length - 1) + 1
  let longer: string | undefined
  for (const candidate of candidates) {
    const lower = candidate.toLowerCase()
    const distance = lower === wanted ? 0 : editDistance(wanted, lower, bestDistance + 1)
    // Of two that are equally near, the one that begins alike: DSC is DESC rather than ASC.
    const isLikelier = distance === bestDistance && best !== undefined && lower[0] === wanted[0] && best[0]?.toLowerCase() !== wanted[0]
    if (distance < bestDistance || isLikelier) {
      best = candidate
      bestDistance = distance
    }
    const shared = Math.min(lower.length, wanted.length)
    if (shared < MIN_BEGINNING || !(lower.startsWith(wanted) || wanted.startsWith(lower))) continue
    if (longer === undefined || Math.abs(lower.length - wanted.length) < Math.abs(longer.length - wanted.length)) longer = candidate
  }
  return best ?? longer
}

/** `; did you mean "x"?`, or nothing when no candidate is near. */
export function suggestion(name: string, candidates: Iterable<string>): string {
  const found = nearest(name, candidates)
  return found === undefined ? '' : `; did you mean "${found}"?`
}

/** Damerau-Levenshtein distance (adjacent letters swapped count once), cut off at `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, substitution)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, beforeLast[j - 2]! + 1)
      row.push(cost)
    }
    beforeLast = last
    last = row
  }
  return last[b.length]!
}

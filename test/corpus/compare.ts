import type { CorpusCase, Outcome } from './case.ts'

/** Why an outcome is not the answer, or undefined when it is. `exact` compares the changes themselves, not only their fold. */
export function difference(corpusCase: CorpusCase, outcome: Outcome, exact: boolean): string | undefined {
  if (corpusCase.compare === 'error') {
    if (outcome.kind === 'rows') return 'wrong: Flink refuses it, here it gives rows'
    return /^(unsupported|internal)\//.test(outcome.code) ? refusal(outcome) : undefined
  }
  if (outcome.kind === 'error') return refusal(outcome)
  const ours = fold(outcome.rows)
  if (ours.absent !== undefined) return `wrong: takes back what is not there: ${ours.absent}`
  const theirs = fold(corpusCase.rows)
  const tableDifference = firstDifference(theirs.rows, ours.rows)
  if (tableDifference !== undefined) return `wrong: ${tableDifference}`
  if (!exact || corpusCase.compare === 'fold') return undefined
  const inOrder = corpusCase.compare === 'sequence'
  const changes = firstDifference(
    inOrder ? corpusCase.rows : [...corpusCase.rows].sort(),
    inOrder ? outcome.rows : [...outcome.rows].sort(),
  )
  return changes === undefined ? undefined : `wrong changes: ${changes}`
}

function refusal({ code, message }: Extract<Outcome, { kind: 'error' }>): string {
  return `${code}: ${message
    .split('\n')
    .slice(0, code.startsWith('internal') ? 3 : 1)
    .join(' ')}`
}

interface Folded {
  /** What remains, sorted, repeated rows repeated. */
  readonly rows: readonly string[]
  /** A change that took back a row that was not there. */
  readonly absent: string | undefined
}

/**
 * Applies every change in order. A `+U` without an earlier `+I` is an addition (Flink sends such behind a filter over an aggregate); a row that is taken
 * back before it was there is a failure, unless Flink's own answer has the same.
 */
export function fold(changes: readonly string[]): Folded {
  const counts = new Map<string, number>()
  let absent: string | undefined
  for (const change of changes) {
    const row = change.slice(2)
    const count = (counts.get(row) ?? 0) + (change.startsWith('+') ? 1 : -1)
    if (count < 0) absent ??= change
    if (count === 0) counts.delete(row)
    else counts.set(row, count)
  }
  const rows: string[] = []
  for (const [row, count] of counts) for (let i = 0; i < Math.abs(count); i++) rows.push(count > 0 ? row : `minus ${row}`)
  return { rows: rows.sort(), absent }
}

function firstDifference(wanted: readonly string[], found: readonly string[]): string | undefined {
  const length = Math.max(wanted.length, found.length)
  for (let i = 0; i < length; i++) {
    const [a, b] = [wanted[i], found[i]]
    if (a !== undefined && b !== undefined && equalButLastDigits(a, b)) continue
    return `wanted ${cut(a)}, found ${cut(b)} (row ${i + 1} of ${wanted.length}, found ${found.length})`
  }
  return undefined
}

/** A floating point number may differ in its last digits where a sum depends on the order of rows. */
function equalButLastDigits(a: string, b: string): boolean {
  if (a === b) return true
  const number = /-?\d+\.\d{10,}(?:E-?\d+)?/g
  if (a.replace(number, '#') !== b.replace(number, '#')) return false
  const others = b.match(number) ?? []
  return (a.match(number) ?? []).every((text, i) => {
    const [x, y] = [Number(text), Number(others[i])]
    return Math.abs(x - y) <= 1e-13 * Math.max(Math.abs(x), Math.abs(y))
  })
}

function cut(row: string | undefined): string {
  if (row === undefined) return 'nothing'
  return row.length > 300 ? `${row.slice(0, 300)}…` : row
}

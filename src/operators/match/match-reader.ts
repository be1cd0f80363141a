import type { MatchRead, MatchRows as ReadRows } from '../../expr/match.ts'
import type { MatchRows } from './match-rows.ts'
import type { PartialMatches } from './partial-matches.ts'

/** What an expression of a match looks at. One object serves many evaluations. */
export interface MatchView {
  /** The way taken so far, or 0. */
  last: number
  /** In DEFINE the row that is tested, and for which variable; it counts behind the rows taken. Else 0. */
  row: number
  variable: number
  /** What MATCH_ROWTIME gives. */
  time: number
}

/** Which row of a match a read is about. */
type Place = Pick<Extract<MatchRead, { kind: 'cell' | 'classifier' }>, 'rows' | 'from' | 'offset'>

/** The same for reads that are about the same row. */
export function placeKey({ rows, from, offset }: Place): string {
  return JSON.stringify([rows, from, offset])
}

/** Finds one row of a match, counted from the first or the last one on. */
export class RowFinder {
  /** For which variable the row that was found last was taken. */
  variable = 0
  readonly #partials: PartialMatches
  readonly #counts: Uint8Array
  readonly #isFromLast: boolean
  readonly #offset: number

  constructor(partials: PartialMatches, { rows, from, offset }: Place, variables: number) {
    this.#partials = partials
    this.#counts = membership(rows, variables)
    this.#isFromLast = from === 'last'
    this.#offset = offset
  }

  /** The row, or 0. */
  find(view: MatchView): number {
    const counts = this.#counts
    const partials = this.#partials
    // The chain goes backwards: how many rows there are says which one it is from that end.
    let left = this.#isFromLast ? this.#offset : countRows(view, counts, partials) - 1 - this.#offset
    if (left < 0) return 0
    if (view.row !== 0 && counts[view.variable] === 1 && left-- === 0) {
      this.variable = view.variable
      return view.row
    }
    for (let taken = view.last; taken !== 0; taken = partials.before(taken)) {
      const variable = partials.variableOf(taken)
      if (counts[variable] === 1 && left-- === 0) {
        this.variable = variable
        return partials.rowOf(taken)
      }
    }
    return 0
  }
}

function countRows(view: MatchView, counts: Uint8Array, partials: PartialMatches): number {
  let count = view.row !== 0 && counts[view.variable] === 1 ? 1 : 0
  for (let taken = view.last; taken !== 0; taken = partials.before(taken)) count += counts[partials.variableOf(taken)]!
  return count
}

/** By variable 1 where its rows count. */
function membership(rows: ReadRows, variables: number): Uint8Array {
  const counts = new Uint8Array(variables)
  if (rows === 'all') counts.fill(1)
  else for (const variable of rows) counts[variable] = 1
  return counts
}

/** Lists the rows of some variables. */
export class RowLister {
  /** The first `count` of them are the rows that were listed last, the latest one first. */
  readonly rows: number[] = []
  readonly #partials: PartialMatches
  readonly #counts: Uint8Array

  constructor(partials: PartialMatches, rows: ReadRows, variables: number) {
    this.#partials = partials
    this.#counts = membership(rows, variables)
  }

  count(view: MatchView): number {
    return countRows(view, this.#counts, this.#partials)
  }

  /** Lists the rows and returns how many there are. */
  list(view: MatchView): number {
    const { rows } = this
    const counts = this.#counts
    const partials = this.#partials
    let count = 0
    if (view.row !== 0 && counts[view.variable] === 1) rows[count++] = view.row
    for (let taken = view.last; taken !== 0; taken = partials.before(taken))
      if (counts[partials.variableOf(taken)] === 1) rows[count++] = partials.rowOf(taken)
    return count
  }
}

/** What readers of a match share. */
export interface MatchMemory {
  readonly rows: MatchRows
  readonly partials: PartialMatches
  /** Names of the variables. */
  readonly variables: readonly string[]
  /** Where a column of the input stands among those that are kept. */
  readonly placeOf: (column: number) => number
}

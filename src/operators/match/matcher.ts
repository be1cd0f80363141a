import { type RheoError, externalError } from '../../base/errors.ts'
import type { SqlValue } from '../../data/value.ts'
import type { AfterMatch, MatchExpression, MatchSpec } from '../../expr/match.ts'
import { type Automaton, type Take, automatonOf } from './automaton.ts'
import { MatchHeap, type MatchRow, PartialMatch, addToHeap, heapFrom, pollHeap } from './match-queue.ts'
import { type MatchView, type ReaderOptions, prepareMatchExpression, prepareRowExpression } from './match-reader.ts'

/** Conditions of more variables are not remembered with the row. */
export const MAX_BITS = 30

/** What the rows of one key have led to so far. */
export interface KeyMatches {
  /** The values of PARTITION BY. */
  keys: readonly SqlValue[]
  /** A heap. */
  partials: PartialMatch[]
  /** A heap of matches that wait, because one that began earlier may still be complete; undefined: none has. */
  completed: PartialMatch[] | undefined
}

/** Takes each match, as the way that has reached the end. */
export type OnMatch = (match: PartialMatch, time: number) => void

type Condition = (view: MatchView) => unknown

/**
 * Runs a pattern over the rows of one key after another.
 *
 * Every row may begin a match, and every partial match is tried with the row: it goes on along all transitions whose conditions hold, or ends. A match leaves when no
 * partial match began before it; then the skip strategy ends the partial matches and the waiting ones that began too early.
 */
export class Matcher {
  readonly #spec: MatchSpec
  readonly #automaton: Automaton
  readonly #idle: PartialMatch
  readonly #conditions: readonly (Condition | undefined)[]
  /** By variable whether its condition reads the tested row only, and may be remembered with it. */
  readonly #isLocal: readonly boolean[]
  readonly #begins: readonly Take[]
  /** Bits of the variables that a match can begin with, where all of them are remembered with the row; else 0. */
  readonly #beginBits: number
  readonly #view: MatchView = { last: undefined, row: undefined, variable: 0, time: 0 }
  /** Answers of the other conditions for the current row and partial match. */
  readonly #answers: boolean[]
  readonly #answeredAt: number[]
  #attempt = 0
  /** The partial matches behind the current row, and those that it made complete: they go through a heap of their own first, as in Flink. */
  readonly #next = new MatchHeap()
  readonly #complete = new MatchHeap()
  #load: (row: MatchRow) => void = () => {}

  constructor(spec: MatchSpec, options: ReaderOptions) {
    this.#spec = spec
    this.#automaton = automatonOf(spec.pattern)
    const { start, states } = this.#automaton
    this.#idle = PartialMatch.idle(start)
    this.#isLocal = spec.definitions.map((definition, i) => i < MAX_BITS && definition !== undefined && readsRowOnly(definition, i))
    this.#conditions = spec.definitions.map((definition, i): Condition | undefined => {
      if (definition === undefined) return undefined
      if (!this.#isLocal[i]!) return prepareMatchExpression(definition, options)
      const evaluate = prepareRowExpression(definition, options)
      return ({ row }) => evaluate(row!.values!)
    })
    this.#begins = states[start]!.takes
    this.#beginBits = this.#begins.every((take) => this.#isLocal[take.variable])
      ? this.#begins.reduce((bits, take) => bits | (1 << take.variable), 0)
      : 0
    this.#answers = spec.variables.map(() => false)
    this.#answeredAt = spec.variables.map(() => 0)
  }

  /** A key before its first row. */
  newKey(): KeyMatches {
    return { keys: [], partials: [this.#idle], completed: undefined }
  }

  /** The start state stands for itself in a snapshot. */
  get idle(): PartialMatch {
    return this.#idle
  }

  /** Whether a key is as before its first row. */
  isIdle({ partials, completed }: KeyMatches): boolean {
    return partials.length === 1 && completed === undefined
  }

  /** Whether a row of which so much is known cannot begin a match. */
  cannotBegin(known: number, holds: number): boolean {
    const bits = this.#beginBits
    return bits !== 0 && (known & bits) === bits && (holds & bits) === 0
  }

  /** Ends the partial matches that have taken too long when it is `time`, one moment after the other, and gives the matches that waited for them. */
  advance(key: KeyMatches, time: number, onMatch: OnMatch): void {
    const { withinMs } = this.#spec
    if (withinMs === undefined) return
    for (;;) {
      // The one that began first is over first.
      const end = key.partials[0]!.first.time + withinMs
      if (end > time) return
      for (const partial of key.partials) if (partial.first.time + withinMs > end) this.#next.add(partial)
      key.partials = this.#next.moveTo(key.partials)
      this.#release(key, end, onMatch)
    }
  }

  /**
   * Goes on with a row; `advance` to its time comes before.
   *
   * @param load Reads the values of the row, which nobody has asked for yet.
   */
  process(key: KeyMatches, row: MatchRow, load: (row: MatchRow) => void, onMatch: OnMatch): void {
    this.#load = load
    const partials = this.#next
    const { end } = this.#automaton
    const complete = this.#complete
    for (const partial of key.partials) {
      this.#begin(partial, row)
      const { takes } = this.#automaton.states[partial.state]!
      for (const take of takes) {
        if (!this.#canTake(take)) continue
        if (row.values === undefined) load(row)
        const next = new PartialMatch(take.target, row, take.variable, partial.isIdle ? undefined : partial)
        if (take.target === end) {
          complete.add(next)
          continue
        }
        partials.add(next)
        const { ends } = this.#automaton.states[take.target]!
        if (ends.some((guards) => !this.#anyHolds(guards))) complete.add(new PartialMatch(end, row, take.variable, next.before))
      }
      if (partial.isIdle) partials.add(partial)
    }
    key.partials = partials.moveTo(key.partials)
    if (complete.count > 0) {
      const waiting = (key.completed ??= [])
      complete.drain((match) => addToHeap(waiting, match))
    }
    if (key.completed !== undefined) this.#release(key, row.time, onMatch)
  }

  /** Gives the matches before which no other one can begin any more. */
  #release(key: KeyMatches, time: number, onMatch: OnMatch): void {
    while (key.completed !== undefined) {
      const match = key.completed[0]!
      if (match.first.number > key.partials[0]!.first.number) return
      pollHeap(key.completed)
      const from = skipTarget(this.#spec.afterMatch, match, this.#spec.variables)
      key.partials = heapFrom(key.partials, from)
      key.completed = heapFrom(key.completed, from)
      if (key.completed.length === 0) key.completed = undefined
      onMatch(match, time)
    }
  }

  #begin(partial: PartialMatch, row: MatchRow): void {
    this.#attempt++
    this.#view.last = partial.isIdle ? undefined : partial
    this.#view.row = row
    this.#view.time = row.time
  }

  #canTake({ variable, before, after }: Take): boolean {
    return !this.#anyHolds(before) && this.#holds(variable) && !this.#anyHolds(after)
  }

  #anyHolds(variables: readonly number[]): boolean {
    for (const variable of variables) if (this.#holds(variable)) return true
    return false
  }

  /** Whether the condition of a variable is TRUE for the current row after the current partial match. */
  #holds(variable: number): boolean {
    const condition = this.#conditions[variable]
    if (condition === undefined) return true
    const view = this.#view
    if (this.#isLocal[variable]!) {
      const row = view.row!
      const bit = 1 << variable
      if ((row.known & bit) === 0) {
        row.known |= bit
        if (row.values === undefined) this.#load(row)
        if (condition(view) === true) row.holds |= bit
      }
      return (row.holds & bit) !== 0
    }
    if (this.#answeredAt[variable] !== this.#attempt) {
      const row = view.row!
      if (row.values === undefined) this.#load(row)
      view.variable = variable
      this.#answers[variable] = condition(view) === true
      this.#answeredAt[variable] = this.#attempt
    }
    return this.#answers[variable]!
  }
}

/** Whether a condition reads nothing but columns of the row that is tested for `variable`. */
export function readsRowOnly({ reads }: MatchExpression, variable: number): boolean {
  return reads.every(
    (read) => read.kind === 'cell' && read.from === 'last' && read.offset === 0 && (read.rows === 'all' || read.rows.includes(variable)),
  )
}

/** The number of the first row at which another match may begin. */
function skipTarget(afterMatch: AfterMatch, match: PartialMatch, variables: readonly string[]): number {
  if (!('variables' in afterMatch)) return (afterMatch.kind === 'next-row' ? match.first.number : match.row.number) + 1
  let target: PartialMatch | undefined
  for (let taken: PartialMatch | undefined = match; taken !== undefined; taken = taken.before) {
    if (!afterMatch.variables.includes(taken.variable)) continue
    target = taken
    if (afterMatch.kind === 'last') break
  }
  const name = afterMatch.variables.map((variable) => variables[variable]).join(', ')
  const refuse = (found: string): RheoError =>
    externalError(
      'data/match-skip',
      `Cannot go on behind a match at the ${afterMatch.kind} row of ${name}: ${found}`,
      afterMatch.at === undefined ? undefined : { position: afterMatch.at },
    )
  if (target === undefined) throw refuse('the match has no row of it, and one was wanted')
  if (target.row === match.first)
    throw refuse('it is the first row of the match, which would be found again for ever, and a later one was wanted')
  return target.row.number
}

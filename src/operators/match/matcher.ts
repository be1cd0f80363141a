import { type RheoError, externalError } from '../../base/errors.ts'
import type { AfterMatch, MatchExpression, MatchSpec } from '../../expr/match.ts'
import { type Automaton, type Take, automatonOf } from './automaton.ts'
import { COMPLETE, KeyLines, PARTIAL } from './key-lines.ts'
import { type ConditionOptions, type MatchCondition, matchCondition } from './match-condition.ts'
import { MatchHeap } from './match-heap.ts'
import type { MatchMemory, MatchView } from './match-reader.ts'
import { MAX_BITS, type MatchRows } from './match-rows.ts'
import { PartialMatches } from './partial-matches.ts'

/** Takes each match, as the way that has reached the end; whoever takes it holds it. */
export type OnMatch = (match: number, time: number) => void

/** A transition as the states of partial matches name it. */
interface Step extends Take {
  /** Of the partial match that it leads to. */
  readonly place: number
}

interface Stop {
  readonly takes: readonly Step[]
  readonly ends: readonly (readonly number[])[]
}

export interface MatcherOptions extends Omit<ConditionOptions, 'partials'> {
  readonly rows: MatchRows
}

/**
 * Runs a pattern over the rows of one key after another.
 *
 * Every row may begin a match, and every partial match is tried with the row: it goes on along all transitions whose conditions hold, or ends. A match leaves when no
 * partial match began before it; then the skip strategy ends the partial matches and the waiting ones that began too early.
 *
 * What a key has so far lies in its line of the state, see `KeyLines`.
 */
export class Matcher {
  readonly partials: PartialMatches
  readonly keys: KeyLines
  /** Partial matches and waiting ones of all keys; the idle ones do not count. */
  openCount = 0
  readonly #spec: MatchSpec
  readonly #rows: MatchRows
  readonly #u32: Uint32Array
  readonly #automaton: Automaton
  readonly #stops: readonly Stop[]
  readonly #conditions: readonly (MatchCondition | undefined)[]
  /** By variable whether its condition reads the tested row only, and may be remembered with it. */
  readonly #isLocal: readonly boolean[]
  /** Bits of the variables that a match can begin with, where all of them are remembered with the row; else 0. */
  readonly #beginBits: number
  readonly #view: MatchView = { last: 0, row: 0, variable: 0, time: 0 }
  /** Answers of the other conditions for the current row and partial match. */
  readonly #answers: boolean[]
  readonly #answeredAt: number[]
  #attempt = 0
  /** The address of a list of the idle partial match. */
  readonly #idleList: number
  /** The partial matches behind the current row, and those that it made complete: they go through a heap of their own first, as in Flink. */
  readonly #next: MatchHeap
  readonly #complete: MatchHeap
  readonly #waiting: MatchHeap

  constructor(spec: MatchSpec, options: MatcherOptions) {
    const { owner, rows } = options
    this.#spec = spec
    this.#rows = rows
    this.#u32 = owner.arena.u32
    this.#automaton = automatonOf(spec.pattern)
    const { start, states } = this.#automaton
    this.partials = new PartialMatches(owner, rows, { variables: spec.variables.length, start })
    this.keys = new KeyLines(owner.arena, this.partials.pool)
    this.#idleList = owner.allocate(4)
    this.#u32[this.#idleList >>> 2] = this.partials.idle
    this.#next = new MatchHeap(this.partials)
    this.#complete = new MatchHeap(this.partials)
    this.#waiting = new MatchHeap(this.partials)
    this.#stops = states.map(({ takes, ends }) => ({
      takes: takes.map((take) => ({ ...take, place: this.partials.placeOf(take.target, take.variable) })),
      ends,
    }))
    this.#isLocal = spec.definitions.map((definition, i) => i < MAX_BITS && definition !== undefined && readsRowOnly(definition, i))
    this.#conditions = spec.definitions.map((definition) =>
      definition === undefined ? undefined : matchCondition(definition, { ...options, partials: this.partials }),
    )
    const begins = states[start]!.takes
    this.#beginBits = begins.every((take) => this.#isLocal[take.variable])
      ? begins.reduce((bits, take) => bits | (1 << take.variable), 0)
      : 0
    this.#answers = spec.variables.map(() => false)
    this.#answeredAt = spec.variables.map(() => 0)
  }

  /** What reads matches needs to know. */
  get memory(): Pick<MatchMemory, 'rows' | 'partials'> {
    return { rows: this.#rows, partials: this.partials }
  }

  /** Whether a key is as before its first row. */
  isIdle(line: number): boolean {
    return this.keys.count(line, PARTIAL) === 0 && this.keys.count(line, COMPLETE) === 0
  }

  /** Whether a row of which so much is known cannot begin a match. */
  cannotBegin(known: number, holds: number): boolean {
    const bits = this.#beginBits
    return bits !== 0 && (known & bits) === bits && (holds & bits) === 0
  }

  /** When the first of a key's partial matches began; infinite: it has none. */
  firstTime(line: number): number {
    return this.keys.count(line, PARTIAL) === 0 ? Infinity : this.partials.firstTime(this.#u32[this.keys.items(line, PARTIAL) >>> 2]!)
  }

  /** Ends the partial matches that have taken too long when it is `time`, one moment after the other, and gives the matches that waited for them. */
  advance(line: number, time: number, onMatch: OnMatch): void {
    const { withinMs } = this.#spec
    if (withinMs === undefined) return
    const { partials, keys } = this
    const next = this.#next
    const u32 = this.#u32
    for (;;) {
      // The one that began first is over first.
      const end = this.firstTime(line) + withinMs
      if (end > time) return
      const count = keys.count(line, PARTIAL)
      const from = keys.items(line, PARTIAL) >>> 2
      next.count = 0
      for (let i = 0; i < count; i++) {
        const partial = u32[from + i]!
        if (partials.firstTime(partial) + withinMs > end) next.add(partial)
        else partials.release(partial)
      }
      this.#storePartials(line)
      if (keys.count(line, COMPLETE) > 0) this.#release(line, end, onMatch)
    }
  }

  /** Goes on with a row; `advance` to its time comes before. */
  process(line: number, row: number, onMatch: OnMatch): void {
    const { partials, keys } = this
    const u32 = this.#u32
    const next = this.#next
    const complete = this.#complete
    const { end } = this.#automaton
    const { idle } = partials
    const count = Math.max(1, keys.count(line, PARTIAL))
    const from = (keys.count(line, PARTIAL) === 0 ? this.#idleList : keys.items(line, PARTIAL)) >>> 2
    const time = this.#rows.timeOf(row)
    next.count = 0
    complete.count = 0
    for (let i = 0; i < count; i++) {
      const partial = u32[from + i]!
      const before = partial === idle ? 0 : partial
      this.#begin(before, row, time)
      const { takes } = this.#stops[partials.stateOf(partial)]!
      for (const take of takes) {
        if (!this.#canTake(take)) continue
        const way = partials.add(take.place, row, before)
        if (take.target === end) {
          complete.add(way)
          continue
        }
        next.add(way)
        const { ends } = this.#stops[take.target]!
        for (const guards of ends) {
          if (this.#anyHolds(guards)) continue
          complete.add(partials.add(partials.placeOf(end, take.variable), row, before))
          break
        }
      }
      if (before === 0) next.add(idle)
      else partials.release(partial)
    }
    this.#storePartials(line)
    if (complete.count > 0) {
      const waiting = this.#waiting
      keys.load(line, COMPLETE, waiting)
      for (let i = 0; i < complete.count; i++) waiting.add(complete.items[i]!)
      this.#storeComplete(line)
    }
    if (keys.count(line, COMPLETE) > 0) this.#release(line, time, onMatch)
  }

  #storePartials(line: number): void {
    const next = this.#next
    this.openCount += next.count - Math.max(1, this.keys.count(line, PARTIAL))
    if (next.count === 1) next.count = 0
    this.keys.store(line, PARTIAL, next)
  }

  #storeComplete(line: number): void {
    this.openCount += this.#waiting.count - this.keys.count(line, COMPLETE)
    this.keys.store(line, COMPLETE, this.#waiting)
  }

  /** Gives the matches before which no other one can begin any more. */
  #release(line: number, time: number, onMatch: OnMatch): void {
    const { partials, keys } = this
    const waiting = this.#waiting
    const next = this.#next
    const first = this.#u32[keys.items(line, COMPLETE) >>> 2]!
    if (partials.firstNumber(first) > this.#firstNumber(line)) return
    keys.load(line, COMPLETE, waiting)
    if (keys.count(line, PARTIAL) > 0) keys.load(line, PARTIAL, next)
    else {
      next.count = 0
      next.add(partials.idle)
    }
    do {
      const match = waiting.poll()
      const target = skipTarget(this.#spec, match, this.memory)
      next.dropBefore(target)
      waiting.dropBefore(target)
      onMatch(match, time)
    } while (waiting.count > 0 && partials.firstNumber(waiting.items[0]!) <= partials.firstNumber(next.items[0]!))
    this.#storePartials(line)
    this.#storeComplete(line)
  }

  #firstNumber(line: number): number {
    return this.keys.count(line, PARTIAL) === 0 ? Infinity : this.partials.firstNumber(this.#u32[this.keys.items(line, PARTIAL) >>> 2]!)
  }

  #begin(last: number, row: number, time: number): void {
    this.#attempt++
    const view = this.#view
    view.last = last
    view.row = row
    view.time = time
  }

  #canTake({ variable, before, after }: Take): boolean {
    return !this.#anyHolds(before) && this.#holds(variable) && !this.#anyHolds(after)
  }

  #anyHolds(variables: readonly number[]): boolean {
    for (let i = 0; i < variables.length; i++) if (this.#holds(variables[i]!)) return true
    return false
  }

  /** Whether the condition of a variable is TRUE for the current row after the current partial match. */
  #holds(variable: number): boolean {
    const condition = this.#conditions[variable]
    if (condition === undefined) return true
    const view = this.#view
    view.variable = variable
    if (this.#isLocal[variable]!) {
      const { row } = view
      const bit = 1 << variable
      if ((this.#rows.knownOf(row) & bit) === 0) this.#rows.learn(row, bit, condition(view))
      return (this.#rows.holdsOf(row) & bit) !== 0
    }
    if (this.#answeredAt[variable] !== this.#attempt) {
      this.#answers[variable] = condition(view)
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
function skipTarget(
  { afterMatch, variables }: MatchSpec,
  match: number,
  { rows, partials }: Pick<MatchMemory, 'rows' | 'partials'>,
): number {
  if (!('variables' in afterMatch))
    return (afterMatch.kind === 'next-row' ? partials.firstNumber(match) : rows.numberOf(partials.rowOf(match))) + 1
  let target = 0
  for (let taken = match; taken !== 0; taken = partials.before(taken)) {
    if (!afterMatch.variables.includes(partials.variableOf(taken))) continue
    target = partials.rowOf(taken)
    if (afterMatch.kind === 'last') break
  }
  if (target === 0) throw refusedSkip(afterMatch, variables, 'the match has no row of it, and one was wanted')
  const number = rows.numberOf(target)
  if (number === partials.firstNumber(match))
    throw refusedSkip(
      afterMatch,
      variables,
      'it is the first row of the match, which would be found again for ever, and a later one was wanted',
    )
  return number
}

function refusedSkip(afterMatch: Extract<AfterMatch, { variables: unknown }>, variables: readonly string[], found: string): RheoError {
  const name = afterMatch.variables.map((variable) => variables[variable]).join(', ')
  return externalError(
    'data/match-skip',
    `Cannot go on behind a match at the ${afterMatch.kind} row of ${name}: ${found}`,
    afterMatch.at === undefined ? undefined : { position: afterMatch.at },
  )
}

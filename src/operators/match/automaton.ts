import type { MatchPattern } from '../../expr/match.ts'

/**
 * A pattern as states. A row is taken along a `take` transition; `proceed` transitions cost no row. Each holds where the condition of its variable does and
 * those of its guards do not.
 *
 * The states and the order of their transitions are those of Flink's automaton, and so are its answers, where they are not those of the SQL standard:
 *
 * ```text
 * A+ B      (A1) --A--> (A*) --A--> (A*)      a greedy loop takes what it can and gives nothing back: the states behind it are guarded by "not A"
 *                       (A*) ------> (B)      (B) --B, not A--> end
 * A+? B     the same without the guard: both ways are tried, and the match that is complete first counts
 * A{1,2} B  (A1) --A--> (A2) --A--> (B)
 *                       (A2) ------> (B)      again guarded by "not A"
 * ```
 */
export interface Automaton {
  readonly states: readonly State[]
  readonly start: number
  readonly end: number
}

/** What a way that has reached a state can do with the next row, `proceed` transitions followed. */
export interface State {
  readonly takes: readonly Take[]
  /** Ways to the end that need no row: each the variables whose conditions must not hold for the row that was taken last. */
  readonly ends: readonly (readonly number[])[]
}

/** Takes a row for `variable` if no condition of `before` holds, then its own one does, and then none of `after`. */
export interface Take {
  readonly variable: number
  readonly target: number
  readonly before: readonly number[]
  readonly after: readonly number[]
}

interface Transition {
  readonly action: 'take' | 'proceed'
  readonly target: number
  /** Whose condition must hold; -1 of a `proceed`. */
  readonly variable: number
  /** Variables whose conditions must not hold. */
  guards: readonly number[]
}

/** Builds the states from the end of the pattern to its beginning. */
export function automatonOf(pattern: MatchPattern): Automaton {
  const builder = new Builder()
  const end = builder.state()
  const start = builder.part(pattern, end)
  const states = builder.states.map((_, state) => ({ takes: takesOf(state, builder.states), ends: endsOf(state, end, builder.states) }))
  return { start, end, states }
}

/** In the order in which Flink finds them: it leaves a state by all its transitions before it follows the last one that costs no row. */
function takesOf(from: number, states: readonly (readonly Transition[])[]): readonly Take[] {
  const takes: Take[] = []
  const left: { readonly state: number; readonly guards: readonly number[] }[] = [{ state: from, guards: [] }]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    for (const { action, target, variable, guards } of states[next.state]!) {
      if (action === 'take') takes.push({ variable, target, before: next.guards, after: guards })
      else left.push({ state: target, guards: [...next.guards, ...guards] })
    }
  }
  return takes
}

function endsOf(from: number, end: number, states: readonly (readonly Transition[])[]): readonly (readonly number[])[] {
  return states[from]!.flatMap(({ action, target, guards }): readonly (readonly number[])[] => {
    if (action === 'take') return []
    return target === end ? [guards] : endsOf(target, end, states).map((path) => [...guards, ...path])
  })
}

type Group = Extract<MatchPattern, { kind: 'group' }>

class Builder {
  readonly states: Transition[][] = []

  state(): number {
    return this.states.push([]) - 1
  }

  /** The first state of a part that goes on to `sink`. */
  part(pattern: MatchPattern, sink: number): number {
    if (pattern.kind === 'variable') return this.#variable(pattern, sink)
    const { least, most } = pattern
    return least === 1 && most === 1 ? this.#once(pattern, sink) : this.#group(pattern, sink)
  }

  #once({ parts }: Group, sink: number): number {
    return parts.reduceRight((next, part) => this.part(part, next), sink)
  }

  /** Flink has no quantifiers of groups; here they do as those of variables do: a greedy one goes round again if the row can begin another round. */
  #group(pattern: Group, sink: number): number {
    const { least, most, reluctant } = pattern
    const first = Math.max(1, least)
    let next = sink
    let again: number | undefined
    if (most === undefined) {
      next = this.state()
      const entry = this.state()
      this.#proceed(next, sink)
      this.#proceed(next, entry)
      again = this.#once(pattern, next)
      this.#proceed(entry, again)
    }
    for (let i = first; i < (most ?? first); i++) {
      again = this.#once(pattern, next)
      this.#proceed(again, sink)
      next = again
    }
    for (let i = 0; i < first; i++) next = this.#once(pattern, next)
    if (!reluctant && least !== most) {
      const begins = takesOf(again ?? next, this.states).map((take) => take.variable)
      for (const variable of new Set(begins.filter((each) => this.#isIn(pattern, each)))) this.#guard(sink, variable)
    }
    if (least === 0) this.#proceed(next, sink)
    return next
  }

  #isIn(pattern: MatchPattern, variable: number): boolean {
    return pattern.kind === 'variable' ? pattern.variable === variable : pattern.parts.some((part) => this.#isIn(part, variable))
  }

  #variable({ variable, least, most, reluctant }: Extract<MatchPattern, { kind: 'variable' }>, sink: number): number {
    const first = Math.max(1, least)
    const isOptional = least === 0
    if (least === 1 && most === 1) return this.#single(variable, sink, undefined)
    if (least === 0 && most === 1) return this.#single(variable, sink, sink)
    if (most === undefined) {
      const loop = this.state()
      this.#proceed(loop, sink)
      if (!reluctant) this.#guard(sink, variable)
      this.#take(loop, loop, variable)
      return this.#times(variable, { from: loop, first, sink: isOptional ? sink : undefined })
    }
    if (!reluctant && first !== most) this.#guard(sink, variable)
    let next = sink
    for (let i = first; i < most; i++) next = this.#single(variable, next, sink)
    return this.#times(variable, { from: next, first, sink: isOptional ? sink : undefined })
  }

  /** `first` rows of a variable before `from`; where `sink` is given they may all be left out. */
  #times(
    variable: number,
    { from, first, sink }: { readonly from: number; readonly first: number; readonly sink: number | undefined },
  ): number {
    let next = from
    for (let i = 1; i < first; i++) next = this.#single(variable, next, undefined)
    return this.#single(variable, next, sink)
  }

  /** One row; `skip` is where it goes on without. */
  #single(variable: number, sink: number, skip: number | undefined): number {
    const state = this.state()
    this.#take(state, sink, variable)
    if (skip !== undefined) this.#proceed(state, skip)
    return state
  }

  #take(state: number, target: number, variable: number): void {
    this.states[state]!.push({ action: 'take', target, variable, guards: [] })
  }

  #proceed(state: number, target: number): void {
    this.states[state]!.push({ action: 'proceed', target, variable: -1, guards: [] })
  }

  /** What the state has now is for rows that the variable does not take. */
  #guard(state: number, variable: number): void {
    for (const transition of this.states[state]!) transition.guards = [...transition.guards, variable]
  }
}

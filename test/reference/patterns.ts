import type { SqlValue } from '../../src/data/value.ts'
import type { EvaluationContext } from '../../src/expr/function.ts'
import { type Evaluator, interpret, prepare } from '../../src/expr/interpret.ts'
import type { MatchExpression, MatchPattern, MatchRead, MatchSpec } from '../../src/expr/match.ts'
import type { LogicalOf } from '../../src/plan/logical.ts'
import { aggregateOf } from './aggregates.ts'
import { type Row, TooManyRows, sorted } from './evaluate.ts'
import { keyOfValues } from './key-of.ts'

// What a pattern answers, by the rules in words. A pattern is a list of parts, each a variable and how often it comes. Everything that has been begun is kept as a way: the part
// that is under way, how many rows it has, and all rows with their variables.
//
// - Each row is tried with each way, and may begin one. It goes to the part under way, or, when that has enough rows, to a later one; where several parts take it there are
//   several ways. No row leaves a greedy part that would take it.
// - A way that needs nothing more is a match, and goes on as well where it can.
// - A match leaves when no way is left that began earlier; then everything is dropped that began before the row at which the next match may begin.
// - A way ends when WITHIN has passed since its first row, before any row of that time is looked at.
//
// Which of several matches with one first row leaves first is defined by nothing but Flink's Java: ways and matches are in binary heaps of java.util.PriorityQueue, by the first row, and are
// gone through in the order of their arrays. So `Queue` does what the documentation and source of that class say.

/** The matches in a table's rows, partition by partition. */
export function matchedRows(node: LogicalOf<'match'>, rows: readonly Row[], evaluation: EvaluationContext): readonly Row[] {
  const types = node.input.schema.map((field) => field.type)
  const partitions = Map.groupBy(rows, (row) => keyOfValues(node.partitionKeys.map((column) => row[column]!)))
  return [...partitions.values()].flatMap((partition) => {
    const time = node.orderKeys[0]!.column
    const events = sorted(types, partition, node.orderKeys).map((row, number): Event => {
      const moment = row[time]
      if (typeof moment !== 'bigint') throw new TypeError('a match goes by a time')
      return { row, number, ms: Number(moment / NANOS_PER_MS) }
    })
    const keys = node.partitionKeys.map((column) => partition[0]![column]!)
    return new PartitionMatches(node.spec, evaluation).matches(events).map((measures) => [...keys, ...measures])
  })
}

const NANOS_PER_MS = 1_000_000n

/** More ways than nested loops are good for. */
const MOST_WAYS = 3000

interface Event {
  readonly row: Row
  readonly number: number
  readonly ms: number
}

interface Part {
  readonly variable: number
  readonly least: number
  readonly most: number
  readonly isGreedy: boolean
}

interface Taken {
  readonly event: Event
  readonly variable: number
}

interface Way {
  readonly part: number
  readonly count: number
  readonly taken: readonly Taken[]
}

const nothing: Way = { part: 0, count: 0, taken: [] }

class PartitionMatches {
  readonly #spec: MatchSpec
  readonly #evaluation: EvaluationContext
  readonly #parts: readonly Part[]
  readonly #found: (readonly SqlValue[])[] = []
  #ways = new Queue()
  readonly #complete = new Queue()
  readonly #prepared = new Map<MatchExpression, Evaluator>()

  constructor(spec: MatchSpec, evaluation: EvaluationContext) {
    this.#spec = spec
    this.#evaluation = evaluation
    this.#parts = partsOf(spec.pattern)
    this.#ways.add(nothing)
  }

  /** The measures of all matches. */
  matches(events: readonly Event[]): readonly (readonly SqlValue[])[] {
    for (const event of events) {
      this.#end(event.ms)
      this.#take(event)
      this.#leave(event.ms)
    }
    this.#end(Infinity)
    return this.#found
  }

  /** Ends ways whose time is over, one moment after the other. */
  #end(ms: number): void {
    const { withinMs } = this.#spec
    if (withinMs === undefined) return
    for (;;) {
      const first = this.#ways.items[0]!.taken[0]
      if (first === undefined || first.event.ms + withinMs > ms) return
      const moment = first.event.ms + withinMs
      const left = this.#ways.items.filter(({ taken }) => taken.length === 0 || taken[0]!.event.ms + withinMs > moment)
      this.#ways = new Queue()
      for (const way of left) this.#ways.add(way)
      this.#leave(moment)
    }
  }

  #take(event: Event): void {
    const ways = this.#ways.items
    const complete = new Queue()
    this.#ways = new Queue()
    for (const way of ways) {
      for (const part of this.#partsFor(way, event)) {
        const { variable, most } = this.#parts[part]!
        const count = part === way.part ? way.count + 1 : 1
        const next = { part, count, taken: [...way.taken, { event, variable }] }
        const isWhole = part === this.#parts.length - 1 && count === most
        if (!isWhole) this.#ways.add(next)
        if (this.#mayEnd(next, way, event)) complete.add(next)
      }
      if (way.taken.length === 0) this.#ways.add(way)
    }
    for (const way of complete.items) this.#complete.add(way)
    if (this.#ways.items.length + this.#complete.items.length > MOST_WAYS) throw new TooManyRows('ways into a pattern')
  }

  /** The parts that take a row, in their order. */
  #partsFor(way: Way, event: Event): readonly number[] {
    const found: number[] = []
    for (let part = way.part; part < this.#parts.length; part++) {
      if (this.#isHeld(way.part, part, way, event)) break
      const { variable, least, most } = this.#parts[part]!
      const count = part === way.part ? way.count : 0
      if (count < most && this.#fits(variable, way, event)) found.push(part)
      if (count < least) break
    }
    return found
  }

  /** Whether a greedy part from `from` on and before `to` would take the row. */
  #isHeld(from: number, to: number, way: Way, event: Event): boolean {
    return this.#parts.slice(from, to).some((part) => part.isGreedy && this.#fits(part.variable, way, event))
  }

  /** A match is whole with the row that was taken last if the rest may be left out, and no greedy part on the way to the end would take that row. */
  #mayEnd({ part, count }: Way, before: Way, event: Event): boolean {
    if (count < this.#parts[part]!.least || this.#parts.slice(part + 1).some(({ least }) => least > 0)) return false
    return !this.#isHeld(part, this.#parts.length - 1, before, event)
  }

  #fits(variable: number, { taken }: Way, event: Event): boolean {
    const condition = this.#spec.definitions[variable]
    return condition === undefined || this.#value(condition, [...taken, { event, variable }], event.ms) === true
  }

  #leave(ms: number): void {
    for (;;) {
      const match = this.#complete.items[0]
      if (match === undefined || begin(match) > begin(this.#ways.items[0]!)) return
      this.#complete.poll()
      const next = this.#nextBegin(match)
      this.#ways.keep((way) => begin(way) >= next)
      this.#complete.keep((way) => begin(way) >= next)
      this.#found.push(this.#spec.measures.map((measure) => this.#value(measure, match.taken, ms)))
    }
  }

  #nextBegin(match: Way): number {
    const { afterMatch } = this.#spec
    if (!('variables' in afterMatch)) return afterMatch.kind === 'next-row' ? begin(match) + 1 : match.taken.at(-1)!.event.number + 1
    const rows = match.taken.filter(({ variable }) => afterMatch.variables.includes(variable))
    return (afterMatch.kind === 'first' ? rows[0]! : rows.at(-1)!).event.number
  }

  #value(expression: MatchExpression, taken: readonly Taken[], ms: number): SqlValue {
    let evaluate = this.#prepared.get(expression)
    if (evaluate === undefined) {
      evaluate = prepare(expression.expr, this.#evaluation)
      this.#prepared.set(expression, evaluate)
    }
    return evaluate(expression.reads.map((read) => this.#read(read, taken, ms)))
  }

  /** Of a row that is tried it is known for which variable: it is the last one. */
  #read(read: MatchRead, taken: readonly Taken[], ms: number): SqlValue {
    if (read.kind === 'rowtime') return BigInt(ms) * NANOS_PER_MS
    const { rows } = read
    const own = rows === 'all' ? taken : taken.filter(({ variable }) => rows.includes(variable))
    if (read.kind === 'aggregate') {
      const values = own.map(({ event }) => read.args.map((arg) => interpret(arg, event.row, this.#evaluation)))
      return aggregateOf(read.call, values)
    }
    const found = read.from === 'first' ? own[read.offset] : own[own.length - 1 - read.offset]
    if (found === undefined) return null
    return read.kind === 'cell' ? found.event.row[read.column]! : this.#spec.variables[found.variable]!
  }
}

/** The number of the first row; that of nothing is behind all others. */
function begin({ taken }: Way): number {
  return taken[0]?.event.number ?? Infinity
}

/** The parts of a pattern; a group that comes a fixed number of times is written out. */
function partsOf(pattern: MatchPattern): readonly Part[] {
  const { least, most = Infinity, reluctant } = pattern
  if (pattern.kind === 'group') {
    if (least !== most) throw new TypeError('the reference knows no groups that come more or less often')
    return Array.from({ length: least }, () => pattern.parts.flatMap(partsOf)).flat()
  }
  const isOptionalRow = least === 0 && most === 1
  return [{ variable: pattern.variable, least, most, isGreedy: !reluctant && least !== most && !isOptionalRow }]
}

/** A binary heap as java.util.PriorityQueue has it: the array is part of what it promises here. */
class Queue {
  readonly items: Way[] = []

  add(way: Way): void {
    this.items.push(way)
    for (let at = this.items.length - 1; at > 0;) {
      const parent = (at - 1) >> 1
      if (begin(way) >= begin(this.items[parent]!)) return
      this.#swap(at, parent)
      at = parent
    }
  }

  poll(): void {
    const last = this.items.pop()!
    if (this.items.length === 0) return
    this.items[0] = last
    this.#down(0)
  }

  /** Leaves only some; if any went the rest is made a heap from its middle to its top. */
  keep(wanted: (way: Way) => boolean): void {
    const left = this.items.filter(wanted)
    if (left.length === this.items.length) return
    this.items.splice(0, this.items.length, ...left)
    for (let at = (left.length >> 1) - 1; at >= 0; at--) this.#down(at)
  }

  #down(from: number): void {
    for (let at = from; at * 2 + 1 < this.items.length;) {
      const [left, right] = [at * 2 + 1, at * 2 + 2]
      const least = right < this.items.length && begin(this.items[left]!) > begin(this.items[right]!) ? right : left
      if (begin(this.items[at]!) <= begin(this.items[least]!)) return
      this.#swap(at, least)
      at = least
    }
  }

  #swap(a: number, b: number): void {
    const way = this.items[a]!
    this.items[a] = this.items[b]!
    this.items[b] = way
  }
}

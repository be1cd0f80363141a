import type { Arena, ArenaOwner } from '../../data/arena.ts'
import { BlockPool } from './block-pool.ts'
import type { MatchRows } from './match-rows.ts'

// A way into a pattern: the state it has reached and the row it took last. The rows before hang in a chain behind it, which is shared by ways that part later. It is named by
// the address of its line:
//
//   u32 place: the state, then the bits of the variable for which the row was taken; u32 row; u32 the way before, or 0; u32 how many hold this line;
//   f64 number and f64 time of its first row
const PLACE = 0
const ROW = 1
const BEFORE = 2
const HOLDERS = 3
const FIRST_NUMBER = 2
const FIRST_TIME = 3
const LINE_BYTES = 32

/** Ways into a pattern, as lines in the arena that are counted and used again. A line holds its row and the way before it. */
export class PartialMatches {
  /** The way without a row: it comes behind all others, and is never released. */
  readonly idle: number
  /** Of the bits of the variable in a place. */
  readonly variableMask: number
  readonly #arena: Arena
  readonly #pool: BlockPool
  readonly #rows: MatchRows
  readonly #variableBits: number

  /** @param variables How many there are. */
  constructor(owner: ArenaOwner, rows: MatchRows, { variables, start }: { readonly variables: number; readonly start: number }) {
    this.#arena = owner.arena
    this.#pool = new BlockPool(owner)
    this.#rows = rows
    this.#variableBits = 32 - Math.clz32(Math.max(variables - 1, 0))
    this.variableMask = (1 << this.#variableBits) - 1
    this.idle = owner.allocate(LINE_BYTES)
    this.#set(this.idle, this.placeOf(start, 0), 0, 0)
    this.#setFirst(this.idle, Infinity, Infinity)
  }

  /** Where lists of ways lie. */
  get pool(): BlockPool {
    return this.#pool
  }

  placeOf(state: number, variable: number): number {
    return ((state << this.#variableBits) | variable) >>> 0
  }

  /** The way on from `before`, or 0, with a row. It has one holder. */
  add(place: number, row: number, before: number): number {
    const { u32, f64 } = this.#arena
    const line = this.#pool.take(LINE_BYTES)
    this.#set(line, place, row, before)
    this.#rows.hold(row)
    if (before === 0) this.#setFirst(line, this.#rows.numberOf(row), this.#rows.timeOf(row))
    else {
      u32[(before >>> 2) + HOLDERS]!++
      f64[(line >>> 3) + FIRST_NUMBER] = f64[(before >>> 3) + FIRST_NUMBER]!
      f64[(line >>> 3) + FIRST_TIME] = f64[(before >>> 3) + FIRST_TIME]!
    }
    return line
  }

  #set(line: number, place: number, row: number, before: number): void {
    const { u32 } = this.#arena
    const at = line >>> 2
    u32[at + PLACE] = place
    u32[at + ROW] = row
    u32[at + BEFORE] = before
    u32[at + HOLDERS] = 1
  }

  #setFirst(line: number, number: number, time: number): void {
    const { f64 } = this.#arena
    f64[(line >>> 3) + FIRST_NUMBER] = number
    f64[(line >>> 3) + FIRST_TIME] = time
  }

  /** Says that a holder has let go of a way; without holders it is gone, and its row and the ways before it when nothing else holds them. */
  release(line: number): void {
    const { u32 } = this.#arena
    for (let way = line; way !== 0 && way !== this.idle;) {
      const at = way >>> 2
      if (--u32[at + HOLDERS]! > 0) return
      this.#rows.letGo(u32[at + ROW]!)
      const before = u32[at + BEFORE]!
      this.#pool.give(way, LINE_BYTES)
      way = before
    }
  }

  /** One more holds a way. */
  hold(line: number): void {
    this.#arena.u32[(line >>> 2) + HOLDERS]!++
  }

  /** State and variable, as `add` takes them. */
  placeOfLine(line: number): number {
    return this.#arena.u32[(line >>> 2) + PLACE]!
  }

  stateOf(line: number): number {
    return this.#arena.u32[(line >>> 2) + PLACE]! >>> this.#variableBits
  }

  variableOf(line: number): number {
    return this.#arena.u32[(line >>> 2) + PLACE]! & this.variableMask
  }

  rowOf(line: number): number {
    return this.#arena.u32[(line >>> 2) + ROW]!
  }

  /** The way before the row of this one was taken, or 0. */
  before(line: number): number {
    return this.#arena.u32[(line >>> 2) + BEFORE]!
  }

  /** The number of the first row; that of the idle way is infinite. */
  firstNumber(line: number): number {
    return this.#arena.f64[(line >>> 3) + FIRST_NUMBER]!
  }

  firstTime(line: number): number {
    return this.#arena.f64[(line >>> 3) + FIRST_TIME]!
  }
}

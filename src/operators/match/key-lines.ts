import type { Arena } from '../../data/arena.ts'
import type { BlockPool } from './block-pool.ts'
import type { MatchHeap } from './match-heap.ts'

// What a key has, as a line of the state:
//
//   u32 flags; u32 unused; f64 when its partial matches will have taken too long;
//   u32 address and u32 number of its partial matches; the same of its matches that are complete and wait; room for a few partial matches, where most keys have theirs
//
// A key without anything under way has 0 partial matches, which stands for the idle one alone.
const FLAGS = 0
const DEADLINE = 1
const LISTS = 4
const INLINE_BYTES = 32
const INLINE_ROOM = 8
/** Bytes of a line. */
export const KEY_BYTES = 64

const IS_LISTED = 1
const HAS_DEADLINE = 2

/** The partial matches, or the complete ones: each a list by key. */
export type ListName = 0 | 1
export const PARTIAL: ListName = 0
export const COMPLETE: ListName = 1

/** Reads and writes the lines of keys, named by their addresses. */
export class KeyLines {
  readonly #arena: Arena
  readonly #pool: BlockPool

  constructor(arena: Arena, pool: BlockPool) {
    this.#arena = arena
    this.#pool = pool
  }

  /** Whether the key is among those that may have nothing any more. */
  isListed(line: number): boolean {
    return (this.#arena.u32[(line >>> 2) + FLAGS]! & IS_LISTED) !== 0
  }

  setListed(line: number, isListed: boolean): void {
    this.#setFlag(line, IS_LISTED, isListed)
  }

  /** Infinite: there is none. */
  deadline(line: number): number {
    const { u32, f64 } = this.#arena
    return (u32[(line >>> 2) + FLAGS]! & HAS_DEADLINE) === 0 ? Infinity : f64[(line >>> 3) + DEADLINE]!
  }

  setDeadline(line: number, time: number): void {
    this.#setFlag(line, HAS_DEADLINE, time < Infinity)
    this.#arena.f64[(line >>> 3) + DEADLINE] = time
  }

  #setFlag(line: number, flag: number, isSet: boolean): void {
    const { u32 } = this.#arena
    if (isSet) u32[(line >>> 2) + FLAGS]! |= flag
    else u32[(line >>> 2) + FLAGS]! &= ~flag
  }

  count(line: number, list: ListName): number {
    return this.#arena.u32[(line >>> 2) + LISTS + list * 2 + 1]!
  }

  /** The address of a list that is not empty: u32s. */
  items(line: number, list: ListName): number {
    return this.#arena.u32[(line >>> 2) + LISTS + list * 2]!
  }

  load(line: number, list: ListName, heap: MatchHeap): void {
    const { u32 } = this.#arena
    const count = this.count(line, list)
    const from = this.items(line, list) >>> 2
    for (let i = 0; i < count; i++) heap.items[i] = u32[from + i]!
    heap.count = count
  }

  /** Replaces a list by the content of a heap. */
  store(line: number, list: ListName, { items, count }: MatchHeap): void {
    const { u32 } = this.#arena
    const at = (line >>> 2) + LISTS + list * 2
    const before = u32[at + 1]!
    const inline = list === PARTIAL ? INLINE_ROOM : 0
    let address = u32[at]!
    if (roomFor(count, inline) !== roomFor(before, inline)) {
      if (before > inline) this.#pool.give(address, before * 4)
      address = count > inline ? this.#pool.take(count * 4) : line + INLINE_BYTES
      u32[at] = address
    } else if (before === 0) {
      address = line + INLINE_BYTES
      u32[at] = address
    }
    const to = address >>> 2
    for (let i = 0; i < count; i++) u32[to + i] = items[i]!
    u32[at + 1] = count
  }
}

/** So many items have room in the block of a list of `count`; those of a short one lie in the line. */
function roomFor(count: number, inline: number): number {
  return count <= inline ? inline : Math.max(4, 1 << (32 - Math.clz32(count - 1)))
}

import type { Arena, ArenaOwner } from '../../data/arena.ts'
import { TimeHeap } from '../time-heap.ts'

// A record of a row that waits: f64 its time, u32 row, u32 group.
const RECORD_SHIFT = 4
const FIRST_ROOM = 256

/** Rows with their groups, in order; a row 0 stands for a key alone. Filled again and again. */
export class DueRows {
  rows = new Uint32Array(FIRST_ROOM)
  ids = new Uint32Array(FIRST_ROOM)
  count = 0

  add(row: number, id: number): void {
    const at = this.count++
    if (at === this.rows.length) this.#grow()
    this.rows[at] = row
    this.ids[at] = id
  }

  #grow(): void {
    const { rows, ids } = this
    this.rows = new Uint32Array(rows.length * 2)
    this.ids = new Uint32Array(rows.length * 2)
    this.rows.set(rows)
    this.ids.set(ids)
  }
}

/**
 * Rows by the time at which they are due, those of one time in the order of arrival.
 *
 * Most rows come in the order of their times, or nearly so. Those that are not earlier than any one before stand in a ring in the arena, the others in a heap: of one time the
 * rows of the ring have come before those of the heap.
 */
export class WaitingRows {
  readonly #owner: ArenaOwner
  readonly #arena: Arena
  /** Each row before its group. */
  readonly #late = new TimeHeap()
  #ring: number
  #room = FIRST_ROOM
  #first = 0
  #count = 0
  #greatest = -Infinity

  constructor(owner: ArenaOwner) {
    this.#owner = owner
    this.#arena = owner.arena
    this.#ring = owner.allocate(FIRST_ROOM << RECORD_SHIFT)
  }

  add(time: number, row: number, id: number): void {
    if (time < this.#greatest) {
      this.#late.add(time, row)
      this.#late.add(time, id)
      return
    }
    this.#greatest = time
    if (this.#count === this.#room) this.#grow()
    const { u32, f64 } = this.#arena
    const record = this.#record(this.#count++)
    f64[record >>> 3] = time
    u32[(record >>> 2) + 2] = row
    u32[(record >>> 2) + 3] = id
  }

  #record(index: number): number {
    return this.#ring + (((this.#first + index) & (this.#room - 1)) << RECORD_SHIFT)
  }

  #grow(): void {
    const { u8 } = this.#arena
    const grown = this.#owner.allocate(this.#room << (RECORD_SHIFT + 1))
    const head = this.#first << RECORD_SHIFT
    const end = this.#room << RECORD_SHIFT
    u8.copyWithin(grown, this.#ring + head, this.#ring + end)
    u8.copyWithin(grown + end - head, this.#ring, this.#ring + head)
    this.#owner.free(this.#ring)
    this.#ring = grown
    this.#first = 0
    this.#room *= 2
  }

  /** When the next row is due; infinite: none waits. */
  get due(): number {
    const late = this.#late.peek() ?? Infinity
    return this.#count === 0 ? late : Math.min(late, this.#arena.f64[this.#record(0) >>> 3]!)
  }

  /** Takes the rows that are due next, in the order of arrival. */
  take(target: DueRows): void {
    const { u32, f64 } = this.#arena
    const { due } = this
    while (this.#count > 0) {
      const record = this.#record(0)
      if (f64[record >>> 3] !== due) break
      target.add(u32[(record >>> 2) + 2]!, u32[(record >>> 2) + 3]!)
      this.#first = (this.#first + 1) & (this.#room - 1)
      this.#count--
    }
    if (this.#late.peek() !== due) return
    const late = this.#late.idsAt(due)
    for (let i = 0; i < late.length; i += 2) target.add(late[i]!, late[i + 1]!)
    this.#late.pop()
  }

  /** By group the rows that wait, those of one time in the order of arrival. */
  byGroup(): ReadonlyMap<number, readonly number[]> {
    const { u32 } = this.#arena
    const groups = new Map<number, number[]>()
    const add = (row: number, id: number): void => {
      const rows = groups.get(id)
      if (rows === undefined) groups.set(id, [row])
      else rows.push(row)
    }
    for (let i = 0; i < this.#count; i++) {
      const at = this.#record(i) >>> 2
      add(u32[at + 2]!, u32[at + 3]!)
    }
    for (const late of this.#late.lists()) for (let i = 0; i < late.length; i += 2) add(late[i]!, late[i + 1]!)
    return groups
  }
}

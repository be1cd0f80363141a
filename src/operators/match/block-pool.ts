import type { Arena, ArenaOwner } from '../../data/arena.ts'

const SMALLEST_SHIFT = 4
const FIRST_PAGE = 4 << 10
const LAST_PAGE = 1 << 20

/** Blocks of powers of two, from 16 bytes on, at multiples of their size up to 64; cut from pages and used again. When none is in use all pages are given back. */
export class BlockPool {
  readonly #owner: ArenaOwner
  readonly #arena: Arena
  /** By size the first free block, which names the next one. */
  readonly #free: number[] = []
  #pages: number[] = []
  #nextPage = FIRST_PAGE
  #cursor = 0
  #end = 0
  #count = 0

  constructor(owner: ArenaOwner) {
    this.#owner = owner
    this.#arena = owner.arena
    this.#reset()
  }

  #reset(): void {
    for (let i = 0; i < 32; i++) this.#free[i] = 0
    this.#nextPage = FIRST_PAGE
    this.#cursor = 0
    this.#end = 0
  }

  /** A block of at least `sizeBytes` bytes with unknown content. */
  take(sizeBytes: number): number {
    const shift = shiftOf(sizeBytes)
    const { u32 } = this.#arena
    this.#count++
    const free = this.#free[shift]!
    if (free !== 0) {
      this.#free[shift] = u32[free >>> 2]!
      return free
    }
    const size = 1 << shift
    // Blocks up to the width of a cache line do not lie across two of them.
    const step = Math.min(size, 64)
    let block = Math.ceil(this.#cursor / step) * step
    if (block + size > this.#end) {
      const page = Math.max(this.#nextPage, size)
      this.#nextPage = Math.min(page * 2, LAST_PAGE)
      block = this.#owner.allocate(page)
      this.#pages.push(block)
      this.#end = block + page
    }
    this.#cursor = block + size
    return block
  }

  /** Gives back a block that was taken for as many bytes. */
  give(block: number, sizeBytes: number): void {
    const shift = shiftOf(sizeBytes)
    this.#arena.u32[block >>> 2] = this.#free[shift]!
    this.#free[shift] = block
    if (--this.#count > 0 || this.#pages.length < 2) return
    for (const page of this.#pages) this.#owner.free(page)
    this.#pages = []
    this.#reset()
  }
}

function shiftOf(sizeBytes: number): number {
  return Math.max(SMALLEST_SHIFT, 32 - Math.clz32(sizeBytes - 1))
}

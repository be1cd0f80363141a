import type { Arena, ArenaOwner } from '../data/arena.ts'

// The owner's half of `kernels/runs.ts`. Fields of the header, in u32s:
const CURSOR = 0
const END = 1
const MISSING_BYTES = 2
const COUNT = 3
const HEADER_BYTES = 1024

const FIRST_PAGE = 4 << 10
const LAST_PAGE = 1 << 20

/** Memory for runs of bytes of any size, which kernels take and give back. */
export class Runs {
  /** Where the kernels find it. */
  readonly address: number
  readonly #owner: ArenaOwner
  readonly #arena: Arena
  #pages: number[] = []
  #nextPage = FIRST_PAGE

  constructor(owner: ArenaOwner) {
    this.#owner = owner
    this.#arena = owner.arena
    this.address = owner.allocate(HEADER_BYTES)
    this.#clear()
  }

  #clear(): void {
    this.#arena.u8.fill(0, this.address, this.address + HEADER_BYTES)
  }

  /** Runs that are taken. */
  get count(): number {
    return this.#arena.u32[(this.address >>> 2) + COUNT]!
  }

  /** Provides what a kernel stopped for. */
  addPage(): void {
    const { u32 } = this.#arena
    const header = this.address >>> 2
    const size = Math.max(u32[header + MISSING_BYTES]!, this.#nextPage)
    this.#nextPage = Math.min(this.#nextPage * 2, LAST_PAGE)
    const page = this.#owner.allocate(size)
    this.#pages.push(page)
    u32[header + CURSOR] = page
    u32[header + END] = page + size
  }

  /** Gives all pages back; no run is in use. */
  reset(): void {
    for (const page of this.#pages) this.#owner.free(page)
    this.#pages = []
    this.#nextPage = FIRST_PAGE
    this.#clear()
  }
}

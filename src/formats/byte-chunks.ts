import type { ArenaOwner } from '../data/arena.ts'

/** A piece of the arena that goes round: filled, written to a file, filled again. */
export interface Chunk {
  readonly address: number
  readonly bytes: Uint8Array
}

/** Pieces of one size for the writers of one sink, so that what they write is never garbage. Whoever takes pieces bounds how many are under way. */
export class ByteChunks {
  readonly chunkBytes: number
  readonly #owner: ArenaOwner
  readonly #free: Chunk[] = []

  constructor(owner: ArenaOwner, chunkBytes: number) {
    this.#owner = owner
    this.chunkBytes = chunkBytes
  }

  take(): Chunk {
    const free = this.#free.pop()
    if (free !== undefined) return free
    const address = this.#owner.allocate(this.chunkBytes)
    return { address, bytes: this.#owner.arena.u8.subarray(address, address + this.chunkBytes) }
  }

  give(chunk: Chunk): void {
    this.#free.push(chunk)
  }
}

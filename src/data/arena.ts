import { assert } from '../base/assert.ts'
import { RheoError } from '../base/errors.ts'
import { instantiateKernels, type Kernels } from './kernels.ts'

// One shared WebAssembly memory a thread holds every column, hash table and exchange ring. It is created with initial =
// maximum, so that it never grows and views never go stale; pages cost address space only, until they are touched.
//
//   0        1 MiB                                                        4 GiB
//   | kernel |  blocks of powers of two, 64-byte aligned, handed out by   |
//   | data   |  bumping `#top` and reused through one free list a size    |

const PAGE_BYTES = 65536
const ARENA_START = 1 << 20
const SMALLEST_SHIFT = 6
/** Blocks above this are rounded up to it instead of to a power of two. */
const LARGE_BLOCK = 16 << 20

/** A budget of memory ran out. Names the owner, as a user would: an operator or a source. */
export class MemoryExhaustedError extends RheoError {
  constructor(owner: string, wantedBytes: number, usedBytes: number, budgetBytes: number) {
    super(
      `Cannot allocate ${wantedBytes} bytes for "${owner}": ${usedBytes} of the budget of ${budgetBytes} bytes are in use; ` +
        `raise it with "rheo.memory"`,
      { code: 'runtime/memory-exhausted', domain: 'user' },
    )
  }
}

/**
 * The memory of one thread: an allocator of blocks, and typed views of all of it.
 *
 * Views index by element: the i64 at address `a` is `i64[a / 8]`. Addresses are byte offsets below 2^32, multiples of 64
 * when they come from `allocate`; address 0 stands for "absent".
 */
export class Arena {
  readonly memory: WebAssembly.Memory
  readonly kernels: Kernels
  readonly u8: Uint8Array
  readonly i8: Int8Array
  readonly i16: Int16Array
  readonly i32: Int32Array
  readonly u32: Uint32Array
  readonly i64: BigInt64Array
  readonly f32: Float32Array
  readonly f64: Float64Array
  #top = ARENA_START
  #usedBytes = 0
  /** Free blocks by size. */
  readonly #free = new Map<number, number[]>()

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory
    this.kernels = instantiateKernels(memory)
    const buffer = memory.buffer
    this.u8 = new Uint8Array(buffer)
    this.i8 = new Int8Array(buffer)
    this.i16 = new Int16Array(buffer)
    this.i32 = new Int32Array(buffer)
    this.u32 = new Uint32Array(buffer)
    this.i64 = new BigInt64Array(buffer)
    this.f32 = new Float32Array(buffer)
    this.f64 = new Float64Array(buffer)
  }

  get usedBytes(): number {
    return this.#usedBytes
  }

  get sizeBytes(): number {
    return this.u8.length
  }

  /** A block of at least `sizeBytes` bytes with unknown content. Prefer an `ArenaOwner`, which frees all that it took. */
  allocate(sizeBytes: number, owner: string): number {
    const size = blockSize(sizeBytes)
    this.#usedBytes += size
    const reused = this.#free.get(size)?.pop()
    if (reused !== undefined) return reused
    if (this.#top + size > this.u8.length) {
      this.#usedBytes -= size
      throw new MemoryExhaustedError(owner, size, this.#usedBytes, this.u8.length)
    }
    const address = this.#top
    this.#top += size
    return address
  }

  /** Gives a block back; `sizeBytes` is what it was asked with. */
  free(address: number, sizeBytes: number): void {
    const size = blockSize(sizeBytes)
    assert(address >= ARENA_START && address + size <= this.#top, 'a freed block lies in the arena')
    this.#usedBytes -= size
    const list = this.#free.get(size)
    if (list === undefined) this.#free.set(size, [address])
    else list.push(address)
  }
}

/** The size that is really taken for a request. */
export function blockSize(sizeBytes: number): number {
  if (sizeBytes > LARGE_BLOCK) return Math.ceil(sizeBytes / LARGE_BLOCK) * LARGE_BLOCK
  return 1 << Math.max(SMALLEST_SHIFT, 32 - Math.clz32(Math.max(sizeBytes, 1) - 1))
}

/** All memory that one operator, source or sink holds. `close` gives everything back at once. */
export class ArenaOwner {
  readonly arena: Arena
  readonly name: string
  readonly #budgetBytes: number
  readonly #blocks = new Map<number, number>()
  #usedBytes = 0

  constructor(arena: Arena, name: string, budgetBytes: number = Infinity) {
    this.arena = arena
    this.name = name
    this.#budgetBytes = budgetBytes
  }

  get usedBytes(): number {
    return this.#usedBytes
  }

  allocate(sizeBytes: number): number {
    if (this.#usedBytes + sizeBytes > this.#budgetBytes) {
      throw new MemoryExhaustedError(this.name, sizeBytes, this.#usedBytes, this.#budgetBytes)
    }
    const address = this.arena.allocate(sizeBytes, this.name)
    this.#blocks.set(address, sizeBytes)
    this.#usedBytes += sizeBytes
    return address
  }

  /** A block of `count` i32s as an array, which kernels find at its `byteOffset`. */
  ints(count: number): Int32Array {
    const start = this.allocate(count * 4) >>> 2
    return this.arena.i32.subarray(start, start + count)
  }

  free(address: number): void {
    const sizeBytes = this.#blocks.get(address)
    assert(sizeBytes !== undefined, `"${this.name}" frees a block that it owns`)
    this.#blocks.delete(address)
    this.#usedBytes -= sizeBytes
    this.arena.free(address, sizeBytes)
  }

  close(): void {
    for (const address of this.#blocks.keys()) this.free(address)
  }
}

let threadArena: Arena | undefined

/** The one arena of this thread, created at the first call: 4 GiB of address space, less where the system refuses that. */
export function arenaOfThread(): Arena {
  threadArena ??= new Arena(createMemory())
  return threadArena
}

function createMemory(): WebAssembly.Memory {
  for (let pages = (4 * 2 ** 30) / PAGE_BYTES; ; pages /= 2) {
    try {
      return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
    } catch (error) {
      if (!(error instanceof RangeError) || pages <= 1024) throw error
    }
  }
}

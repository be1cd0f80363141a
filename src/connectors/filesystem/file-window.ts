import { assert } from '../../base/assert.ts'
import type { ArenaOwner } from '../../data/arena.ts'
import type { RecordWindow } from '../../formats/format.ts'

const LF = 0x0a

/**
 * The bytes of one file that lie in the arena, moving over the file: bytes before `position` are given up when more are appended, so views into
 * them hold only until then.
 *
 *   base            position                end            base + capacity
 *   | done records  | records to read       | free         |
 */
export class FileWindow implements RecordWindow {
  position = 0
  end = 0
  blockEnd = 0
  isLast = false
  isStart = false
  invalidAt = Infinity
  readonly #memory: ArenaOwner
  readonly #bytes: Uint8Array
  #base = 0
  #capacity = 0
  /** Offset in the file, and number of the line, of the byte at `#base`. */
  #baseOffset = 0
  #baseLine = 1
  #validatedTo = 0

  constructor(memory: ArenaOwner) {
    this.#memory = memory
    this.#bytes = memory.arena.u8
  }

  /** Begins with another file, or goes on in one, with no bytes yet. */
  open(offset: number, line: number): void {
    this.position = this.#base
    this.end = this.#base
    this.isLast = false
    this.isStart = offset === 0
    this.invalidAt = Infinity
    this.#validatedTo = this.#base
    this.#baseOffset = offset
    this.#baseLine = line
  }

  get offset(): number {
    return this.#baseOffset + this.position - this.#base
  }

  /** The number of the line at an address of the window, from 1. */
  lineAt(address: number): number {
    return this.#baseLine + (this.#memory.arena.kernels.countByte(this.#base, address, LF) >>> 0)
  }

  /** Appends `length` bytes that lie elsewhere in the arena; 0 when the file is at its end. */
  append(source: number, length: number): void {
    if (length === 0) {
      this.isLast = true
      this.#validate()
      return
    }
    this.#makeRoom(length)
    this.#memory.arena.kernels.copyBytes(this.end, source, length)
    this.end += length
    this.#validate()
  }

  /** Gives up the bytes before `position`, and grows when the others leave too little room. */
  #makeRoom(length: number): void {
    const kept = this.end - this.position
    this.#baseLine = this.lineAt(this.position)
    this.#baseOffset = this.offset
    let target = this.#base
    if (kept + length > this.#capacity) {
      const capacity = Math.max((kept + length) * 2, 1 << 12)
      target = this.#memory.allocate(capacity)
      this.#capacity = capacity
    }
    this.#memory.arena.kernels.copyBytes(target, this.position, kept)
    if (target !== this.#base && this.#base !== 0) this.#memory.free(this.#base)
    const shift = target - this.position
    this.#base = target
    this.position = target
    this.end += shift
    this.blockEnd += shift
    this.invalidAt += shift
    this.#validatedTo += shift
    assert(this.end + length <= this.#base + this.#capacity, 'the window has room')
  }

  revalidate(address: number): void {
    this.invalidAt = Infinity
    this.#validatedTo = address
    this.#validate()
  }

  #validate(): void {
    if (this.invalidAt !== Infinity) return
    const at = this.#memory.arena.kernels.invalidUtf8(this.#validatedTo, this.end) >>> 0
    if (at === this.end) {
      this.#validatedTo = at
      return
    }
    // A character may be cut at the end of the window: up to three bytes wait for the rest of it.
    if (!this.isLast && this.end - at < 4 && isCutCharacter(this.#bytes, at, this.end)) this.#validatedTo = at
    else this.invalidAt = at
  }
}

/** The bytes from `at` are the start of a character whose rest is not there yet. */
function isCutCharacter(bytes: Uint8Array, at: number, end: number): boolean {
  const first = bytes[at]!
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0
  return at + length > end && isContinued(bytes, at, end)
}

/** The bytes behind the first are such as may follow it: no surrogate, nothing overlong, nothing above U+10FFFF. */
function isContinued(bytes: Uint8Array, at: number, end: number): boolean {
  const first = bytes[at]!
  for (let i = at + 1; i < end; i++) {
    const byte = bytes[i]!
    if (byte < 0x80 || byte > 0xbf) return false
    if (i > at + 1) continue
    if ((first === 0xe0 && byte < 0xa0) || (first === 0xed && byte > 0x9f)) return false
    if ((first === 0xf0 && byte < 0x90) || (first === 0xf4 && byte > 0x8f)) return false
  }
  return true
}

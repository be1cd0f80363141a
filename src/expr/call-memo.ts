import type { ArenaOwner } from '../data/arena.ts'
import { type Column, layoutBytes } from '../data/column.ts'

/** So many calls come before the memo: a short job needs none. */
const CALLS_BEFORE = 512
const SLOTS = 16384
const SLOT_BYTES = 48
const KEPT_BYTES = 4 << 20
/** The memo is judged after so many look-ups, and given up when fewer than one in `USEFUL` found something. */
const JUDGED_AFTER = 16384
const USEFUL = 6

/** Offsets of the struct that `kernels/memo.ts` describes. */
const memoLayout = { slots: 0, mask: 4, bytes: 8, used: 12, capacity: 16, lookups: 20, hits: 24, last: 28, sizeBytes: 32 } as const

/**
 * Remembers what the function of a call site gave, by the bytes of its one argument that is not a literal. Texts of a stream repeat, and to
 * decode and match one costs ten times as much as finding it here.
 */
export class CallMemo {
  /** For generated code: `memoFind` takes it. Off until there were many calls. */
  readonly address: number
  readonly #owner: ArenaOwner
  #calls = 0
  #blocks: readonly number[] = []

  constructor(owner: ArenaOwner) {
    this.#owner = owner
    this.address = owner.allocate(memoLayout.sizeBytes)
    owner.arena.u8.fill(0, this.address, this.address + memoLayout.sizeBytes)
  }

  /** Keeps the result of a call; `argument` and `row` are where its key lies, `result` has it in row 0. */
  store(argument: Column, row: number, result: Column, status: number): void {
    this.#calls++
    if (this.#calls === CALLS_BEFORE) this.#turnOn()
    if (this.#blocks.length === 0) return
    const { kernels, u32 } = this.#owner.arena
    const size = layoutBytes(argument.layout)
    const cell = argument.cells + row * size
    const isText = argument.layout === 'bytes'
    const [address, length] = isText ? [u32[cell / 4]!, u32[cell / 4 + 1]!] : [cell, size]
    kernels.memoStore(this.address, address, length, status, result.cells, layoutBytes(result.layout), result.layout === 'bytes' ? 1 : 0)
  }

  /** Between two batches: makes room when there is little left, gives up when nothing repeats. */
  tidy(): void {
    if (this.#blocks.length === 0) return
    const { u32, kernels } = this.#owner.arena
    const at = this.address / 4
    const lookups = u32[at + memoLayout.lookups / 4]!
    const hits = u32[at + memoLayout.hits / 4]!
    if (lookups >= JUDGED_AFTER) {
      if (hits * USEFUL < lookups) {
        this.#turnOff()
        return
      }
      u32[at + memoLayout.lookups / 4] = 0
      u32[at + memoLayout.hits / 4] = 0
    }
    if (u32[at + memoLayout.used / 4]! > KEPT_BYTES * 0.75) kernels.memoClear(this.address)
  }

  #turnOn(): void {
    const { u32, kernels } = this.#owner.arena
    const at = this.address / 4
    const [slots, bytes] = [this.#owner.allocate(SLOTS * SLOT_BYTES), this.#owner.allocate(KEPT_BYTES)]
    this.#blocks = [slots, bytes]
    u32[at + memoLayout.slots / 4] = slots
    u32[at + memoLayout.mask / 4] = SLOTS - 1
    u32[at + memoLayout.bytes / 4] = bytes
    u32[at + memoLayout.capacity / 4] = KEPT_BYTES
    kernels.memoClear(this.address)
  }

  #turnOff(): void {
    this.#owner.arena.u32[(this.address + memoLayout.mask) / 4] = 0
    for (const block of this.#blocks) this.#owner.free(block)
    this.#blocks = []
  }
}

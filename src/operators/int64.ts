import type { Arena } from '../data/arena.ts'

/** Cells of 64 bits as numbers, without the BigInts that a BigInt64Array would make. Only for values within 2^53, such as times in ms. */
export interface Int64Cells {
  get(index: number): number
  set(index: number, value: number): void
}

const HALF = 0x100000000

/** The i64 cells of an arena, by index: the cell at address `a` is number `a / 8`. */
export function int64Cells({ i32, u32 }: Arena): Int64Cells {
  return {
    get: (index) => i32[index * 2 + 1]! * HALF + u32[index * 2]!,
    set(index, value) {
      const high = Math.floor(value / HALF)
      u32[index * 2] = value - high * HALF
      i32[index * 2 + 1] = high
    },
  }
}

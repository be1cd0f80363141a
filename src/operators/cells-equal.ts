import type { Arena } from '../data/arena.ts'
import { type Column, layoutBytes } from '../data/column.ts'

/** Whether two cells of a column hold the same value, byte by byte; NULL is like NULL. */
export function cellsEqual(arena: Arena, column: Column, a: number, b: number): boolean {
  const isNull = column.isNull(arena, a)
  if (isNull !== column.isNull(arena, b)) return false
  if (isNull) return true
  const { u8, u32 } = arena
  switch (column.layout) {
    case 'row':
      return column.children.every((child) => cellsEqual(arena, child, a, b))
    case 'bytes': {
      const cellA = (column.cells >>> 2) + a * 2
      const cellB = (column.cells >>> 2) + b * 2
      const length = u32[cellA + 1]!
      return length === u32[cellB + 1] && bytesEqual(u8, u32[cellA]!, u32[cellB]!, length)
    }
    case 'ts':
      // The last four bytes of a cell mean nothing.
      return bytesEqual(u8, column.cells + a * 16, column.cells + b * 16, 12)
    default: {
      const size = layoutBytes(column.layout)
      return bytesEqual(u8, column.cells + a * size, column.cells + b * size, size)
    }
  }
}

function bytesEqual(u8: Uint8Array, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (u8[a + i] !== u8[b + i]) return false
  return true
}

import type { Column } from '../../data/column.ts'

/** Says that a cell that is written by hand is not NULL, where the column has a mask. */
export function clearNull(u8: Uint8Array, column: Column, row: number): void {
  if (column.nulls !== 0) u8[column.nulls + row] = 0
}

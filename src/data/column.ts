import { assert, unreachable } from '../base/assert.ts'
import type { Arena } from './arena.ts'
import type { SqlType } from './types.ts'

/**
 * How the cells of a column lie in the arena.
 *
 * | layout | cell | types |
 * | --- | --- | --- |
 * | i8 | 1 byte | BOOLEAN (0, 1), TINYINT, NULL |
 * | i16, i32 | 2, 4 bytes | SMALLINT; INT, DATE (days), TIME (ms), INTERVAL YEAR TO MONTH |
 * | i64 | 8 bytes | BIGINT, TIMESTAMP(0..3) and TIMESTAMP_LTZ(0..3) (epoch ms), INTERVAL DAY TO SECOND (ms), DECIMAL(1..18) (unscaled) |
 * | i128 | 16 bytes: low i64, high i64 | DECIMAL(19..38) (unscaled, two's complement) |
 * | ts | 16 bytes: i64 epoch ms, i32 nanoseconds of the millisecond (0..999999), 4 unused | TIMESTAMP(4..9), TIMESTAMP_LTZ(4..9) |
 * | f32, f64 | 4, 8 bytes | FLOAT, DOUBLE |
 * | bytes | 8 bytes: u32 address, u32 length | text as UTF-8, BINARY and BITMAP as it is; ARRAY, MAP, MULTISET, VARIANT in the row encoding of `row-encoding.ts` |
 * | row | none of its own | ROW: one child column a field, with the same row numbers |
 *
 * A `bytes` cell points anywhere in the arena: into an input block, a text chunk or a state page. The bytes live at least as
 * long as the batch that shows them (see `Batch`), so taking a part of a text copies nothing.
 */
export type Layout = 'i8' | 'i16' | 'i32' | 'i64' | 'i128' | 'ts' | 'f32' | 'f64' | 'bytes' | 'row'

const cellBytes: Record<Layout, number> = { i8: 1, i16: 2, i32: 4, i64: 8, i128: 16, ts: 16, f32: 4, f64: 8, bytes: 8, row: 0 }

/** Layouts as kernels know them. */
export const layoutNumbers = { i8: 0, i16: 1, i32: 2, i64: 3, i128: 4, ts: 5, f32: 6, f64: 7, bytes: 8, row: 10 } as const satisfies Record<
  Layout,
  number
>

/** Bytes of one cell; 0 for `row`. */
export function layoutBytes(layout: Layout): number {
  return cellBytes[layout]
}

export function layoutOf(type: SqlType): Layout {
  switch (type.kind) {
    case 'BOOLEAN':
    case 'TINYINT':
    case 'NULL':
      return 'i8'
    case 'SMALLINT':
      return 'i16'
    case 'INTEGER':
    case 'DATE':
    case 'TIME':
    case 'INTERVAL_YEAR_MONTH':
      return 'i32'
    case 'BIGINT':
    case 'INTERVAL_DAY_TIME':
      return 'i64'
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return type.precision <= 3 ? 'i64' : 'ts'
    case 'DECIMAL':
      return type.precision <= 18 ? 'i64' : 'i128'
    case 'FLOAT':
      return 'f32'
    case 'DOUBLE':
      return 'f64'
    case 'CHAR':
    case 'VARCHAR':
    case 'BINARY':
    case 'VARBINARY':
    case 'BITMAP':
    case 'ARRAY':
    case 'MULTISET':
    case 'MAP':
    case 'VARIANT':
      return 'bytes'
    case 'ROW':
      return 'row'
    default:
      return unreachable(type)
  }
}

/**
 * One column of a batch: where its cells and its null mask lie. Plain mutable fields, for kernels and generated loops take
 * the addresses as parameters; whoever owns the batch may point them elsewhere between two batches.
 */
export class Column {
  readonly type: SqlType
  readonly layout: Layout
  /** Address of cell 0; 0 for `row`. */
  cells: number
  /** Address of one byte a row, 1 for NULL; 0 when the batch has no NULL in this column. */
  nulls: number
  /** Of a ROW, one a field. A NULL row's fields are NULL too. */
  readonly children: readonly Column[]

  constructor(type: SqlType, cells: number, nulls: number, children: readonly Column[] = []) {
    this.type = type
    this.layout = layoutOf(type)
    assert((this.layout === 'row') === (type.kind === 'ROW'), 'only ROW nests columns')
    this.cells = cells
    this.nulls = nulls
    this.children = children
  }

  isNull(arena: Arena, row: number): boolean {
    return this.nulls !== 0 && arena.u8[this.nulls + row] !== 0
  }
}

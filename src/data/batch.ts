import type { Column } from './column.ts'
import { NO_WATERMARK } from './watermark.ts'

/** How many rows a batch holds at most. */
export const BATCH_CAPACITY = 4096

/**
 * A group of rows, by columns.
 *
 * **Life.** A batch is lent: it and every byte it points to stay unchanged until the call that received it is over, which
 * means `onBatch` returned 'done' (see `Operator`). Then its owner fills it again. Whoever wants to keep something copies it.
 *
 * **Rows.** Physical rows are 0 to `rowCount - 1`. `selection` is the address of i32 row numbers in ascending order,
 * `selectedCount` of them, or 0: then all rows count and `selectedCount = rowCount`. A filter changes only the selection; computed
 * columns are written at the same row numbers.
 *
 * **Kinds.** `kinds` is the address of one RowKind byte a physical row, or 0: every row is an insert.
 *
 * **Time.** Each row carries the watermark of the rows before it. `rowWatermarks` is the address of one i64 a physical row (the row's watermark
 * is the greater of it and `watermark`), or 0: then `watermark` holds for every row of the batch, as if it had arrived just before the batch. After the batch the watermark
 * of the stream arrives by `onWatermark`.
 *
 * **Place.** `places` is the address of one i64 a physical row, the place of the source row within its source block that caused it, or 0
 * when nothing above reads arrival order.
 */
export class Batch {
  readonly columns: readonly Column[]
  rowCount = 0
  selection = 0
  selectedCount = 0
  kinds = 0
  watermark = NO_WATERMARK
  rowWatermarks = 0
  places = 0

  constructor(columns: readonly Column[]) {
    this.columns = columns
  }
}

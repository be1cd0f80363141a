import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import type { RowSchema } from './row-schema.ts'

/** One column of an order. */
export interface OrderColumn {
  readonly column: number
  readonly order: 'ascending' | 'descending'
  readonly nulls: 'first' | 'last'
}

const HEADER_BYTES = 16
const DESCRIPTOR_BYTES = 32
const CELLS = 5
const NULLS = 6

const DESCENDING = 1
const NULLS_FIRST = 2

/** Forms of cells whose order 8 bytes tell: whole numbers and times in ms, floating numbers. */
const exactForms: readonly number[] = [0, 1, 2, 3, 6, 7]

/** An order of stored rows that are in no list, as `kernels/row-order.ts` reads it. */
export class RowOrder {
  readonly address: number
  readonly #u32: Uint32Array
  readonly #first: number | undefined

  constructor(owner: ArenaOwner, schema: RowSchema, columns: readonly OrderColumn[]) {
    this.#u32 = owner.arena.u32
    this.#first = columns[0]?.column
    const fields = columns.flatMap(({ column, order, nulls }) =>
      schema.fieldsOf(column).map((field, i) => ({
        field,
        // NULLS FIRST and NULLS LAST say where a row stands that is NULL; in a row, NULL is the least.
        flags: (order === 'descending' ? DESCENDING : 0) | ((i === 0 ? nulls === 'first' : order === 'ascending') ? NULLS_FIRST : 0),
      })),
    )
    this.address = owner.allocate(HEADER_BYTES + fields.length * DESCRIPTOR_BYTES)
    const at = this.address >>> 2
    this.#u32[at] = fields.length
    this.#u32[at + 1] = schema.bodyOffset
    this.#u32[at + 2] = fields.length === 1 && exactForms.includes(fields[0]!.field.form) ? 1 : 0
    fields.forEach(({ field, flags }, i) => {
      const d = (this.address + HEADER_BYTES + i * DESCRIPTOR_BYTES) >>> 2
      this.#u32.set([field.form, field.offset, field.nullByte, field.nullBit, flags, 0, 0], d)
    })
  }

  /** Shows the kernels the rows of a batch. */
  bind(batch: Batch): void {
    if (this.#first === undefined) return
    const { cells, nulls } = batch.columns[this.#first]!
    const d = (this.address + HEADER_BYTES) >>> 2
    this.#u32[d + CELLS] = cells
    this.#u32[d + NULLS] = nulls
  }
}

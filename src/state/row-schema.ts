import type { ArenaOwner } from '../data/arena.ts'
import { type Column, type Layout, layoutBytes, layoutOf } from '../data/column.ts'
import type { SqlType } from '../data/types.ts'

// The schema that `kernels/row-store.ts` reads, see there.
const HAS_NULLS = 4
const SCHEMA_HEADER = 20
const DESCRIPTOR_BYTES = 32
const LINE_HEADER = 16
const CELLS = 6
const NULLS = 7

/** The kernels' names of layouts, and the bytes of their cells in a line. */
const forms = {
  i8: [0, 1],
  i16: [1, 2],
  i32: [2, 4],
  i64: [3, 8],
  i128: [4, 16],
  ts: [5, 16],
  f32: [6, 4],
  f64: [7, 8],
  bytes: [8, 8],
  row: [10, 0],
} as const satisfies Record<Layout, readonly [form: number, sizeBytes: number]>
const NULL_FORM = 11

interface Field {
  readonly form: number
  readonly sizeBytes: number
  readonly parent: number
}

/** Where a cell lies in a line: form of its layout, its offset, and the byte and bit that say that it is NULL. */
export interface RowField {
  readonly form: number
  readonly offset: number
  readonly nullByte: number
  readonly nullBit: number
}

/** How rows of some types lie in lines: the description that kernels read, and where they find or leave the cells of a batch. */
export class RowSchema {
  readonly types: readonly SqlType[]
  /** Bytes before the body of a line. */
  readonly bodyOffset: number
  /** Bytes of the NULL bits. */
  readonly nullBytes: number
  /** Where the kernels find it. */
  readonly address: number
  readonly #u32: Uint32Array

  /** @param extraBytes What the owner keeps with each row, a multiple of 8, between the line's first 16 bytes and its body. */
  constructor(owner: ArenaOwner, types: readonly SqlType[], extraBytes: number) {
    this.types = types
    this.bodyOffset = LINE_HEADER + extraBytes
    const fields = fieldsOf(types)
    this.nullBytes = Math.ceil(fields.length / 8)
    this.address = owner.allocate(SCHEMA_HEADER + fields.length * DESCRIPTOR_BYTES)
    this.#u32 = owner.arena.u32
    // The largest cells first, so that each lies at a multiple of its size.
    const order = fields.map((_, i) => i).sort((a, b) => fields[b]!.sizeBytes - fields[a]!.sizeBytes)
    const offsets = new Array<number>(fields.length).fill(0)
    let end = 0
    for (const i of order) {
      offsets[i] = this.bodyOffset + end
      end += fields[i]!.sizeBytes
    }
    const u32 = this.#u32
    const at = this.address >>> 2
    u32[at] = fields.length
    u32[at + 1] = this.bodyOffset
    u32[at + 2] = end + this.nullBytes
    u32[at + 3] = end
    u32[at + HAS_NULLS] = 0
    fields.forEach(({ form, parent }, i) => {
      const d = this.#descriptor(i)
      u32[d] = form
      u32[d + 1] = offsets[i]!
      u32[d + 2] = this.bodyOffset + end + (i >>> 3)
      u32[d + 3] = 1 << (i & 7)
      u32[d + 4] = parent < 0 ? 0 : this.bodyOffset + end + (parent >>> 3)
      u32[d + 5] = parent < 0 ? 0 : 1 << (parent & 7)
      u32[d + CELLS] = 0
      u32[d + NULLS] = 0
    })
  }

  /** Says that rows come whose bytes are not looked at: they may have NULLs. */
  expectNulls(): void {
    this.#u32[(this.address >>> 2) + HAS_NULLS] = 1
  }

  /** Where a column lies, and behind a ROW its fields. */
  fieldsOf(column: number): readonly RowField[] {
    let first = 0
    for (let i = 0; i < column; i++) first += fieldCount(this.types[i]!)
    return Array.from({ length: fieldCount(this.types[column]!) }, (_, i) => {
      const d = this.#descriptor(first + i)
      const [form, offset, nullByte, nullBit] = this.#u32.subarray(d, d + 4)
      return { form: form!, offset: offset!, nullByte: nullByte!, nullBit: nullBit! }
    })
  }

  #descriptor(field: number): number {
    return (this.address + SCHEMA_HEADER + field * DESCRIPTOR_BYTES) >>> 2
  }

  /** Shows the kernels the columns of a batch, whose rows they are to read. */
  bind(columns: readonly Column[]): void {
    let field = 0
    const bind = (column: Column): void => {
      const d = this.#descriptor(field++)
      this.#u32[d + CELLS] = column.cells
      this.#u32[d + NULLS] = column.nulls
      for (const child of column.children) bind(child)
    }
    for (const column of columns) bind(column)
  }

  /**
   * Shows the kernels where rows go: to `columns`, from row `first` on. A column that is absent is left out.
   *
   * @param nullMask The address of the mask for a column whose bit is set in `nullBits`, or 0.
   */
  bindTarget(columns: readonly (Column | undefined)[], first: number, nullMask: (column: Column, field: number) => number): void {
    let field = 0
    const skip = (type: SqlType): void => {
      const d = this.#descriptor(field++)
      this.#u32[d + CELLS] = 0
      this.#u32[d + NULLS] = 0
      if (type.kind === 'ROW') for (const child of type.fields) skip(child.type)
    }
    const bind = (column: Column): void => {
      const number = field++
      const d = this.#descriptor(number)
      const mask = nullMask(column, number)
      this.#u32[d + CELLS] = column.layout === 'row' ? 0 : column.cells + first * layoutBytes(column.layout)
      this.#u32[d + NULLS] = mask === 0 ? 0 : mask + first
      for (const child of column.children) bind(child)
    }
    columns.forEach((column, i) => {
      if (column === undefined) skip(this.types[i]!)
      else bind(column)
    })
  }
}

function fieldCount(type: SqlType): number {
  return type.kind === 'ROW' ? type.fields.reduce((count, field) => count + fieldCount(field.type), 1) : 1
}

function fieldsOf(types: readonly SqlType[]): readonly Field[] {
  const fields: Field[] = []
  const add = (type: SqlType, parent: number): void => {
    const [form, sizeBytes] = type.kind === 'NULL' ? [NULL_FORM, 0] : forms[layoutOf(type)]
    const number = fields.push({ form, sizeBytes, parent }) - 1
    if (type.kind === 'ROW') for (const field of type.fields) add(field.type, number)
  }
  for (const type of types) add(type, -1)
  return fields
}

import type { ArenaOwner } from '../data/arena.ts'
import { type Column, layoutBytes } from '../data/column.ts'
import type { AggregateLines } from './aggregates/aggregate-lines.ts'
import { cellsEqual } from './cells-equal.ts'
import type { GroupOutput } from './group-output.ts'
import type { TouchedGroups } from './touched-groups.ts'

/**
 * How the rows of touched groups have changed: rows `2k` and `2k + 1` of an output batch are what group k was and what it is, and those of them that
 * tell a change are selected and get their kinds.
 */
export class GroupChanges {
  readonly #owner: ArenaOwner
  readonly #touched: TouchedGroups
  readonly #lines: AggregateLines
  readonly #output: GroupOutput
  /** A byte an entry: whether its two rows differ. */
  readonly #changed: number
  /** How many groups have lost their last row, then their entries, i32s. */
  readonly #emptied: number
  readonly #capacity: number
  #kinds = 0
  #selection = 0
  #selected = 0

  constructor(owner: ArenaOwner, touched: TouchedGroups, lines: AggregateLines, output: GroupOutput) {
    this.#owner = owner
    this.#touched = touched
    this.#lines = lines
    this.#output = output
    this.#capacity = output.capacity / 2
    this.#changed = owner.allocate(this.#capacity)
    this.#emptied = owner.allocate(this.#capacity * 4 + 4)
  }

  start(): void {
    const { u32 } = this.#owner.arena
    this.#kinds = this.#output.buffer.addKinds()
    this.#selection = this.#output.buffer.selectionRoom()
    this.#selected = 0
    u32[this.#emptied >>> 2] = 0
  }

  /** Writes what groups `from` to `to - 1` are now to the first or the second of their rows. */
  write(which: 'before' | 'after', from: number, to: number): void {
    const { buffer, columns } = this.#output
    this.#lines.writeAll(this.#touched.groups, columns, { buffer, from, to, first: which === 'before' ? 0 : 1, step: 2 })
  }

  /** Selects the rows of entries `from` to `to - 1`; `unchanged` ones are also told on demand. */
  select(from: number, to: number, { emitsUpdateBefore, unchanged }: { emitsUpdateBefore: boolean; unchanged: 'silent' | 'told' }): void {
    const { kernels, u8 } = this.#owner.arena
    const { columns } = this.#output
    const changed = this.#changed
    if (unchanged === 'told') u8.fill(1, changed + from, changed + to)
    else {
      kernels.clearBytes(changed + from, to - from)
      for (const column of columns) this.#mark(column, from, to)
    }
    const { groups, hadRowAt } = this.#touched
    this.#selected = kernels.selectChanges(
      groups.linesAt,
      hadRowAt,
      changed,
      from,
      to,
      emitsUpdateBefore,
      this.#kinds,
      this.#selection,
      this.#selected,
      this.#emptied,
    )
  }

  #mark(column: Column, from: number, to: number): void {
    const { arena } = this.#owner
    switch (column.layout) {
      case 'row':
        for (let k = from; k < to; k++) if (!cellsEqual(arena, column, k * 2, k * 2 + 1)) arena.u8[this.#changed + k] = 1
        return
      case 'bytes':
        arena.kernels.markChangedTexts(column.cells, column.nulls, from, to, this.#changed)
        return
      default: {
        const shift = 31 - Math.clz32(layoutBytes(column.layout))
        arena.kernels.markChangedCells(column.cells, column.nulls, shift, from, to, this.#changed)
      }
    }
  }

  /** Makes the output's batch show what was selected of the rows of all entries. */
  finish(): void {
    const { batch } = this.#output
    batch.rowCount = this.#touched.count * 2
    batch.selection = this.#selection
    batch.selectedCount = this.#selected
    batch.kinds = this.#kinds
  }

  /** The ids of groups that had no row left when their change was selected; one may be there twice, and may have rows again. */
  emptied(): Iterable<number> {
    const { u32 } = this.#owner.arena
    const count = u32[this.#emptied >>> 2]!
    if (count === 0) return []
    const entries = u32.subarray((this.#emptied >>> 2) + 1, (this.#emptied >>> 2) + 1 + count)
    return new Set(Array.from(entries, (k) => this.#touched.groups.ids[k]!))
  }
}

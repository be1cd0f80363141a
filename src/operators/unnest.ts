import { unreachable } from '../base/assert.ts'
import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { readCell, writeCell } from '../data/cells.ts'
import { copyRows } from '../data/copy-batch.ts'
import type { SqlType } from '../data/types.ts'
import type { SqlMap, SqlValue } from '../data/value.ts'
import type { Evaluator } from '../expr/interpret.ts'
import type { Operator, Output, Progress } from '../runtime/operator.ts'
import { viewOf } from './batch-view.ts'

export interface UnnestOptions {
  readonly owner: ArenaOwner
  readonly inputTypes: readonly SqlType[]
  /** Of the columns that are added: those of an element, then the ordinal number if it is wanted. */
  readonly elementTypes: readonly SqlType[]
  /** An ARRAY, MAP or MULTISET. */
  readonly collection: number
  readonly withOrdinality: boolean
  /** Which elements count, over their columns. */
  readonly condition?: Evaluator
  /** `left`: a row without elements stays, with NULLs for the element. */
  readonly joinType: 'inner' | 'left'
}

/** Copies of one row are told apart by their places up to this number. */
const PLACES_PER_ROW = 256

/**
 * UNNEST: each row once for each element of a collection of it, in the collection's order, with the element's columns behind its own. The fields of a ROW and
 * the key and value of a map entry are columns; an element of a multiset comes as often as it is there. Changes, watermarks and places are those of the row.
 */
export function unnest(options: UnnestOptions): Operator {
  return new Unnest(options)
}

class Unnest implements Operator {
  readonly name = 'Correlate'
  readonly #options: UnnestOptions
  readonly #type: SqlType
  readonly #rows: BatchBuffer
  readonly #elements: BatchBuffer
  /** i32 numbers of the input rows of the output. */
  readonly #sources: number
  /** The selected row that comes next, its elements, and how many of them were given. */
  #next = 0
  #current: readonly (readonly SqlValue[])[] | undefined
  #given = 0

  constructor(options: UnnestOptions) {
    this.#options = options
    const { owner, inputTypes, elementTypes, collection } = options
    this.#type = inputTypes[collection]!
    this.#rows = new BatchBuffer(owner, inputTypes)
    this.#elements = new BatchBuffer(owner, elementTypes)
    this.#sources = owner.allocate(BATCH_CAPACITY * 4)
  }

  onBatch(_input: number, batch: Batch, out: Output): Progress {
    while (this.#next < batch.selectedCount) {
      const result = this.#fill(batch)
      if (result.rowCount > 0) out.push(result)
      if (out.isFull && this.#next < batch.selectedCount) return 'more'
    }
    this.#next = 0
    return 'done'
  }

  #fill(batch: Batch): Batch {
    const { owner, collection } = this.#options
    const { arena } = owner
    this.#rows.clear()
    this.#elements.clear()
    const { columns } = this.#elements.batch
    const numbers: number[] = []
    let count = 0
    for (; this.#next < batch.selectedCount && count < BATCH_CAPACITY; this.#next++) {
      const row = batch.selection === 0 ? this.#next : arena.i32[(batch.selection >>> 2) + this.#next]!
      this.#current ??= this.#elementsOf(readCell(arena, batch.columns[collection]!, row))
      for (; this.#given < this.#current.length && count < BATCH_CAPACITY; this.#given++) {
        const element = this.#current[this.#given]!
        for (let i = 0; i < columns.length; i++) writeCell(this.#elements, columns[i]!, count, element[i]!)
        numbers.push(this.#given)
        arena.i32[(this.#sources >>> 2) + count++] = row
      }
      if (this.#given < this.#current.length) break
      this.#given = 0
      this.#current = undefined
    }
    copyRows(batch, this.#rows, { rows: this.#sources, from: 0, count })
    const copied = this.#rows.batch
    const result = viewOf(copied, [...copied.columns, ...columns])
    result.watermark = batch.watermark
    if (result.places !== 0) this.#spreadPlaces(result, numbers)
    return result
  }

  /** The added cells of each output row of one collection. */
  #elementsOf(value: SqlValue): readonly (readonly SqlValue[])[] {
    const { joinType, withOrdinality, condition, elementTypes } = this.#options
    const all = value === null ? [] : this.#cellsOf(value)
    const numbered = withOrdinality ? all.map((cells, i) => [...cells, i + 1]) : all
    const elements = condition === undefined ? numbered : numbered.filter((cells) => condition(cells) === true)
    return elements.length === 0 && joinType === 'left' ? [elementTypes.map(() => null)] : elements
  }

  #cellsOf(value: SqlValue): readonly (readonly SqlValue[])[] {
    const type = this.#type
    switch (type.kind) {
      case 'ARRAY':
        return (value as readonly SqlValue[]).map((element) => cellsOfElement(type.element, element))
      case 'MULTISET': {
        const { keys, values } = value as SqlMap
        return keys.flatMap((key, i) => Array.from({ length: Number(values[i]) }, () => cellsOfElement(type.element, key)))
      }
      case 'MAP': {
        const { keys, values } = value as SqlMap
        return keys.map((key, i) => [key, values[i]!])
      }
      default:
        return unreachable(type as never)
    }
  }

  #spreadPlaces(result: Batch, numbers: readonly number[]): void {
    const { i64 } = this.#options.owner.arena
    numbers.forEach((number, row) => {
      const at = result.places / 8 + row
      i64[at] = i64[at]! * BigInt(PLACES_PER_ROW) + BigInt(Math.min(number, PLACES_PER_ROW - 1))
    })
  }

  close(): void {
    this.#options.owner.close()
  }
}

/** A ROW that is NULL gives NULL for each of its fields. */
function cellsOfElement(type: SqlType, element: SqlValue): readonly SqlValue[] {
  if (type.kind !== 'ROW') return [element]
  return element === null ? type.fields.map(() => null) : (element as readonly SqlValue[])
}

import type { ArenaOwner } from '../data/arena.ts'
import type { BatchBuffer } from '../data/batch-buffer.ts'
import { writeCell } from '../data/cells.ts'
import type { Column } from '../data/column.ts'
import type { ParquetNode } from './parquet-schema.ts'
import type { ParquetPages } from './parquet-pages.ts'
import { ParquetDataError, type RawValue, unitOf } from './parquet-values.ts'
import { notUtf8 } from './record-decoder.ts'

/** Fills the cells of a column that is a leaf of the file. */
export interface CellStore {
  fill(from: number, count: number): void
  close(): void
}

/** Sets one cell to a value that is there. */
type RawStore = (row: number, raw: RawValue) => void

export function parquetCells(
  buffer: BatchBuffer,
  column: Column,
  node: ParquetNode & { kind: 'leaf' },
  pages: ParquetPages,
  memory: ArenaOwner,
): CellStore {
  const isText =
    column.type.kind === 'VARCHAR' || column.type.kind === 'CHAR' || column.type.kind === 'VARBINARY' || column.type.kind === 'BINARY'
  const texts = isText ? new DictionaryTexts(memory, pages, column.type.kind === 'VARCHAR' || column.type.kind === 'CHAR') : undefined
  const store = rawStore(buffer, column, node, pages)
  const { u32 } = buffer.arena
  /** Present values, one after the other, from `row` on. */
  const storeRun = (row: number, count: number): void => {
    const { values, isDictionary, dictionary } = pages
    let { valueAt } = pages
    if (valueAt + count > values.length) throw new ParquetDataError('a page has fewer values than its levels say')
    if (isDictionary && texts !== undefined) {
      texts.load()
      const { addresses, lengths } = texts
      for (let i = 0; i < count; i++) {
        const number = values[valueAt++] as number
        if (number >= addresses.length) throw new ParquetDataError(`found entry ${number} of a dictionary of ${addresses.length}`)
        const cell = (column.cells >>> 2) + (row + i) * 2
        u32[cell] = addresses[number]!
        u32[cell + 1] = lengths[number]!
      }
    } else if (isDictionary) {
      for (let i = 0; i < count; i++) {
        const raw = dictionary[values[valueAt++] as number] as RawValue | undefined
        if (raw === undefined) throw new ParquetDataError(`found an entry that is not among the ${dictionary.length} of a dictionary`)
        store(row + i, raw)
      }
    } else for (let i = 0; i < count; i++) store(row + i, values[valueAt++] as RawValue)
    pages.valueAt = valueAt
  }
  return {
    fill(from, count) {
      for (let done = 0; done < count;) {
        if (pages.at === pages.count && !pages.next()) throw new ParquetDataError('a column ends before its rows do')
        const run = Math.min(count - done, pages.count - pages.at)
        const { definitions } = pages
        if (definitions === undefined) storeRun(from + done, run)
        else {
          for (let i = 0; i < run;) {
            const isPresent = definitions[pages.at + i] === node.definition
            let end = i + 1
            while (end < run && (definitions[pages.at + end] === node.definition) === isPresent) end++
            if (isPresent) storeRun(from + done + i, end - i)
            else for (let row = i; row < end; row++) writeCell(buffer, column, from + done + row, null)
            i = end
          }
        }
        pages.at += run
        done += run
      }
    },
    close: () => texts?.close(),
  }
}

/** Directly where a value in the file is that of the cell. */
function rawStore(buffer: BatchBuffer, column: Column, node: ParquetNode & { kind: 'leaf' }, pages: ParquetPages): RawStore {
  const { u8, u32, i32, i64, f32, f64, kernels } = buffer.arena
  const element = pages.leaf.schemaPath.at(-1)!.element
  const { kind } = column.type
  const physical = element.type
  if (
    physical === 'INT32' &&
    (kind === 'INTEGER' || kind === 'DATE' || kind === 'TIME') &&
    element.converted_type?.startsWith('UINT') !== true
  ) {
    return (row, raw) => {
      i32[(column.cells >>> 2) + row] = raw as number
    }
  }
  const isMillis = (kind === 'TIMESTAMP' || kind === 'TIMESTAMP_LTZ') && column.layout === 'i64' && unitOf(element) === 'MILLIS'
  if (physical === 'INT64' && (kind === 'BIGINT' || isMillis)) {
    return (row, raw) => {
      i64[(column.cells >>> 3) + row] = raw as bigint
    }
  }
  if (physical === 'DOUBLE' && kind === 'DOUBLE') {
    return (row, raw) => {
      f64[(column.cells >>> 3) + row] = raw as number
    }
  }
  if (physical === 'FLOAT' && kind === 'FLOAT') {
    return (row, raw) => {
      f32[(column.cells >>> 2) + row] = raw as number
    }
  }
  if (kind === 'VARCHAR' || kind === 'CHAR') {
    return (row, raw) => {
      const bytes = raw as Uint8Array
      const { length } = bytes
      const address = buffer.reserveText(length)
      let bits = 0
      if (length > 64) {
        u8.set(bytes, address)
        bits = 0x80
      } else {
        for (let i = 0; i < length; i++) {
          bits |= bytes[i]!
          u8[address + i] = bytes[i]!
        }
      }
      if (bits > 0x7f && kernels.invalidUtf8(address, address + length) >>> 0 !== address + length) throw new ParquetDataError(notUtf8)
      const cell = (column.cells >>> 2) + row * 2
      u32[cell] = address
      u32[cell + 1] = length
    }
  }
  return (row, raw) => writeCell(buffer, column, row, node.convert(raw))
}

/** The entries of a dictionary in the arena, where cells show them without a copy. */
class DictionaryTexts {
  addresses: Uint32Array = new Uint32Array(0)
  lengths: Uint32Array = new Uint32Array(0)
  readonly #memory: ArenaOwner
  readonly #pages: ParquetPages
  readonly #isText: boolean
  #version = 0
  #blocks: number[] = []

  constructor(memory: ArenaOwner, pages: ParquetPages, isText: boolean) {
    this.#memory = memory
    this.#pages = pages
    this.#isText = isText
  }

  load(): void {
    const { dictionary, dictionaryVersion } = this.#pages
    if (this.#version === dictionaryVersion) return
    this.#version = dictionaryVersion
    const entries = dictionary as readonly Uint8Array[]
    const { u8, kernels } = this.#memory.arena
    let address = this.#memory.allocate(entries.reduce((sum, entry) => sum + entry.length, 0))
    this.#blocks.push(address)
    this.addresses = new Uint32Array(entries.length)
    this.lengths = new Uint32Array(entries.length)
    for (const [i, entry] of entries.entries()) {
      u8.set(entry, address)
      const end = address + entry.length
      if (this.#isText && kernels.invalidUtf8(address, end) >>> 0 !== end) throw new ParquetDataError(notUtf8)
      this.addresses[i] = address
      this.lengths[i] = entry.length
      address = end
    }
  }

  /** Once no batch shows them. */
  close(): void {
    for (const block of this.#blocks) this.#memory.free(block)
    this.#blocks = []
  }
}

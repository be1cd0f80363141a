import type { ColumnMetaData, FileMetaData } from 'hyparquet'
import { externalError, RheoError } from '../base/errors.ts'
import type { BatchBuffer } from '../data/batch-buffer.ts'
import { writeCell } from '../data/cells.ts'
import { formatType } from '../data/types.ts'
import { corrupt, type FileBytes, type FileDecoder } from './file-format.ts'
import type { DecoderSpec } from './format.ts'
import { assembleValue } from './parquet-assembly.ts'
import { parquetCells, type CellStore } from './parquet-cells.ts'
import { parquetReading } from './parquet-packages.ts'
import { ParquetPages } from './parquet-pages.ts'
import { ParquetLeaves, parquetNode, type ParquetNode } from './parquet-schema.ts'
import { ParquetDataError } from './parquet-values.ts'

interface WantedColumn {
  readonly name: string
  readonly index: number
  /** Undefined where the file has no such column: its cells are NULL. */
  readonly node: ParquetNode | undefined
}

/** Reads parquet files, a row group at a time; of its columns only those that are wanted, and of these one page at a time. */
export class ParquetDecoder implements FileDecoder {
  bytesRead = 0
  readonly #spec: DecoderSpec
  #file: FileBytes | undefined
  #metadata: FileMetaData | undefined
  #columns: readonly WantedColumn[] = []
  #leaves = new ParquetLeaves()
  #pages: readonly ParquetPages[] = []
  #stores: readonly (CellStore | undefined)[] = []
  /** The next row group. */
  #group = 0
  #rowsLeft = 0
  #rowInGroup = 0
  #batchStart = 0

  constructor(spec: DecoderSpec) {
    this.#spec = spec
  }

  get position(): number {
    return this.#group
  }

  placeOf(row: number): string {
    return `row group ${this.#group}, row ${this.#batchStart + row + 1}`
  }

  async open(file: FileBytes, position: number): Promise<void> {
    this.#file = file
    this.#group = position
    this.#rowsLeft = 0
    const { parquetMetadataAsync, parquetSchema } = parquetReading()
    const source = {
      byteLength: file.sizeBytes,
      slice: async (start: number, end: number = file.sizeBytes) => {
        const bytes = await file.read(start, end - start)
        return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
      },
    }
    try {
      if (file.sizeBytes < 12) throw new ParquetDataError('it is no parquet file: it is too short')
      this.#metadata = await parquetMetadataAsync(source, { geoparquet: false })
      this.#bind(parquetSchema(this.#metadata))
    } catch (error) {
      throw this.#fileError(error, file.path)
    }
  }

  #bind(root: ReturnType<ReturnType<typeof parquetReading>['parquetSchema']>): void {
    const { columns, nestedPaths } = this.#spec
    this.#leaves = new ParquetLeaves()
    this.#columns = columns.map(({ name, type, index }) => {
      const child = root.children.find(({ element }) => element.name === name)
      if (child === undefined && !type.nullable) throw new ParquetDataError(`it has no column "${name}", wanted is ${formatType(type)}`)
      const node = child && parquetNode([root, child], type, [name], { leaves: this.#leaves, nestedPaths })
      return { name, index, node }
    })
  }

  async nextBlock(isWanted: boolean): Promise<boolean> {
    // The last batch is back: nothing shows the dictionaries any more.
    for (const store of this.#stores) store?.close()
    this.#stores = []
    const group = this.#metadata!.row_groups[this.#group]
    if (group === undefined) return false
    this.#group++
    if (!isWanted) return true
    const file = this.#file!
    const place = `${file.path}, row group ${this.#group}`
    const pages: ParquetPages[] = []
    try {
      for (const leaf of this.#leaves.leaves) {
        const column = group.columns.find(({ meta_data: data }) => data?.path_in_schema.join('\0') === leaf.path.join('\0'))
        if (column?.meta_data === undefined) throw new ParquetDataError(`it has no column "${leaf.path.join('.')}"`)
        if (column.file_path !== undefined) throw new ParquetDataError(`its column "${leaf.path.join('.')}" lies in another file`)
        const bytes = await readChunk(file, column.meta_data)
        this.bytesRead += bytes.length
        pages.push(new ParquetPages(parquetReading(), leaf, column.meta_data, bytes))
      }
    } catch (error) {
      throw this.#fileError(error, place)
    }
    this.#pages = pages
    this.#rowsLeft = Number(group.num_rows)
    this.#rowInGroup = 0
    return true
  }

  decode(buffer: BatchBuffer, maxRows: number): boolean {
    const { batch } = buffer
    const from = batch.rowCount
    const count = Math.min(this.#rowsLeft, maxRows - from)
    this.#batchStart = this.#rowInGroup - from
    if (this.#stores.length === 0) {
      this.#stores = this.#columns.map(({ node, index }) => {
        return node?.kind === 'leaf'
          ? parquetCells(buffer, batch.columns[index]!, node, this.#pages[node.leaf]!, this.#spec.memory)
          : undefined
      })
    }
    for (const [i, { name, index, node }] of this.#columns.entries()) {
      const column = batch.columns[index]!
      const store = this.#stores[i]
      let row = from
      try {
        if (store !== undefined) store.fill(from, count)
        else for (; row < from + count; row++) writeCell(buffer, column, row, node === undefined ? null : assembleValue(node, this.#pages))
      } catch (error) {
        throw this.#rowError(error, name)
      }
    }
    batch.rowCount = from + count
    this.#rowsLeft -= count
    this.#rowInGroup += count
    return this.#rowsLeft === 0
  }

  /** The packages throw bare Errors for what they do not understand. */
  #fileError(error: unknown, path: string): unknown {
    const isForeign = error instanceof Error && !(error instanceof RheoError)
    return isForeign ? corrupt(path, error.message.replace(/^parquet /, ''), error) : error
  }

  #rowError(error: unknown, name: string): unknown {
    const isForeign = error instanceof Error && !(error instanceof RheoError)
    return isForeign ? externalError('format/corrupt', `Cannot read column "${name}": ${error.message}`, undefined, error) : error
  }
}

/** The pages of one column of a row group, compressed as they are. */
function readChunk(file: FileBytes, column: ColumnMetaData): Promise<Uint8Array> {
  const dictionary = Number(column.dictionary_page_offset ?? 0)
  const data = Number(column.data_page_offset)
  const start = dictionary > 0 && dictionary < data ? dictionary : data
  return file.read(start, Number(column.total_compressed_size))
}

import type { ColumnChunk, RowGroup } from 'hyparquet'
import { externalError } from '../base/errors.ts'
import type { Arena } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { readCell } from '../data/cells.ts'
import type { SqlMap, SqlValue } from '../data/value.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { EncoderSpec, FileEncoder } from './format.ts'
import { type ParquetTimestamps, parquetSchemaOf, type WrittenNode, type WrittenSchema } from './parquet-columns.ts'
import { ParquetLeafWriter } from './parquet-leaf-writer.ts'
import { parquetCompressor, type ParquetCompression } from './parquet-codec.ts'
import { parquetWriting } from './parquet-packages.ts'

const MAGIC = 0x31524150

/** Row groups of all files of a sink that are not written yet take so much together at most, less what a row adds. */
const MOST_WAITING_BYTES = 128 << 20
const LEAST_GROUP_BYTES = 1 << 20

/** Open files by what they were made of, which those of one sink share. */
const openFiles = new WeakMap<EncoderSpec, number>()

export interface ParquetWriteSettings {
  readonly compression: ParquetCompression
  readonly timestamps: ParquetTimestamps
  /** A row group is written when its values take so much. */
  readonly groupBytes: number
  readonly pageBytes: number
}

/** Writes parquet files: rows are taken apart by columns until a row group is full, then its columns are written one after the other. */
export class ParquetEncoder implements FileEncoder {
  readonly #spec: EncoderSpec
  readonly #arena: Arena
  readonly #columns: EncoderSpec['columns']
  readonly #settings: ParquetWriteSettings
  readonly #schema: WrittenSchema
  readonly #leaves: readonly ParquetLeafWriter[]
  readonly #groups: RowGroup[] = []
  readonly #writer = new (parquetWriting().ByteWriter)()
  #rowCount = 0
  #allRows = 0
  #fileOffset = 0

  constructor(spec: EncoderSpec, settings: ParquetWriteSettings) {
    this.#spec = spec
    this.#arena = spec.arena
    openFiles.set(spec, (openFiles.get(spec) ?? 0) + 1)
    this.#columns = spec.columns
    this.#settings = settings
    this.#schema = parquetSchemaOf(spec.columns, settings.timestamps)
    this.#leaves = this.#schema.leaves.map((leaf) => new ParquetLeafWriter(leaf, settings.timestamps, settings.pageBytes))
  }

  get waitingBytes(): number {
    let sum = 0
    for (const leaf of this.#leaves) sum += leaf.sizeBytes
    return sum
  }

  encodeRows(batch: Batch, from: number, to: number, out: ByteWriter, limitBytes: number): number {
    const { i32 } = this.#arena
    for (let i = from; i < to; i++) {
      this.#addRow(batch, batch.selection === 0 ? i : i32[(batch.selection >>> 2) + i]!)
      // Seldom enough to cost nothing, often enough to keep to the limit.
      if ((this.#rowCount & 127) !== 0 || this.waitingBytes < this.#groupBytes) continue
      this.#writeGroup(out)
      if (out.length >= limitBytes) return i + 1
    }
    return to
  }

  /** Smaller when many files, such as partitions, are open at once. */
  get #groupBytes(): number {
    const share = MOST_WAITING_BYTES / (openFiles.get(this.#spec) ?? 1)
    return Math.min(this.#settings.groupBytes, Math.max(LEAST_GROUP_BYTES, share))
  }

  #addRow(batch: Batch, row: number): void {
    for (const leaf of this.#leaves) leaf.beginRow()
    for (let i = 0; i < this.#columns.length; i++) {
      const node = this.#schema.nodes[i]!
      const { index } = this.#columns[i]!
      const column = batch.columns[index]!
      if (node.kind === 'leaf') {
        if (!node.isOptional && column.isNull(this.#arena, row)) throw nullError(node.name)
        this.#leaves[node.leaf]!.addCell(this.#arena, batch, index, row)
      } else this.#shred(node, readCell(this.#arena, column, row), { definition: 0, repetition: 0 })
    }
    this.#rowCount++
  }

  /** Gives a value to the leaves below its node. `levels` are those of the place where it stands. */
  #shred(node: WrittenNode, value: SqlValue, levels: { readonly definition: number; readonly repetition: number }): void {
    if (value === null) {
      if (!node.isOptional) throw nullError(node.name)
      this.#absent(node, levels)
      return
    }
    const { repetition } = levels
    if (node.kind === 'leaf') {
      this.#leaves[node.leaf]!.add(value, node.definition, repetition)
      return
    }
    const here = { definition: node.definition, repetition }
    if (node.kind === 'row') {
      for (const [i, child] of node.children.entries()) this.#shred(child, (value as readonly SqlValue[])[i]!, here)
      return
    }
    const lists = node.kind === 'list' ? [value as readonly SqlValue[]] : [(value as SqlMap).keys, (value as SqlMap).values]
    const count = lists[0]!.length
    if (count === 0) this.#absent(node, here)
    for (let i = 0; i < count; i++) {
      const item = { definition: node.definition + 1, repetition: i === 0 ? repetition : node.repetition }
      for (const [j, child] of node.children.entries()) this.#shred(child, lists[j]![i]!, item)
    }
  }

  /** One entry in each leaf, which says how far down something is there. */
  #absent(node: WrittenNode, { definition, repetition }: { readonly definition: number; readonly repetition: number }): void {
    for (const leaf of node.kind === 'leaf' ? [node.leaf] : node.leaves) this.#leaves[leaf]!.add(null, definition, repetition)
  }

  finish(out: ByteWriter): void {
    openFiles.set(this.#spec, (openFiles.get(this.#spec) ?? 1) - 1)
    if (this.#rowCount > 0) this.#writeGroup(out)
    this.#begin()
    const { writeMetadata } = parquetWriting()
    writeMetadata(this.#writer, {
      version: 1,
      created_by: 'rheo',
      schema: [...this.#schema.elements],
      num_rows: BigInt(this.#allRows),
      row_groups: this.#groups,
      metadata_length: 0,
    })
    this.#writer.appendUint32(MAGIC)
    this.#handOver(out)
  }

  #begin(): void {
    if (this.#fileOffset === 0 && this.#writer.offset === 0) this.#writer.appendUint32(MAGIC)
  }

  #writeGroup(out: ByteWriter): void {
    this.#begin()
    const start = this.#fileOffset + this.#writer.offset
    const columns = this.#leaves.map((leaf) => this.#writeColumn(leaf))
    const sum = columns.reduce((bytes, { meta_data: data }) => bytes + (data?.total_uncompressed_size ?? 0n), 0n)
    const compressed = BigInt(this.#fileOffset + this.#writer.offset - start)
    const rows = BigInt(this.#rowCount)
    this.#groups.push({ columns, total_byte_size: sum, num_rows: rows, file_offset: BigInt(start), total_compressed_size: compressed })
    this.#allRows += this.#rowCount
    this.#rowCount = 0
    this.#handOver(out)
  }

  #handOver(out: ByteWriter): void {
    const bytes = this.#writer.getBytes()
    out.copy(bytes, 0, bytes.length)
    this.#fileOffset += bytes.length
    this.#writer.offset = 0
    this.#writer.index = 0
  }

  #writeColumn(leaf: ParquetLeafWriter): ColumnChunk {
    const { element, path } = leaf.leaf
    const writer = this.#writer
    const start = this.#fileOffset + writer.offset
    let uncompressed = 0
    let from = { valueBytes: 0, entries: 0 }
    for (const end of [...leaf.pages, { valueBytes: leaf.values.length, entries: leaf.entries }]) {
      if (end.entries > from.entries) uncompressed += this.#writePage(leaf, from, end)
      from = end
    }
    const size = this.#fileOffset + writer.offset - start
    const { nullCount, entries } = leaf
    leaf.clear()
    return {
      file_offset: BigInt(start),
      meta_data: {
        type: element.type!,
        encodings: ['PLAIN', 'RLE'],
        path_in_schema: [...path],
        codec: this.#settings.compression,
        num_values: BigInt(entries),
        total_uncompressed_size: BigInt(uncompressed),
        total_compressed_size: BigInt(size),
        data_page_offset: BigInt(start),
        statistics: { null_count: BigInt(nullCount) },
      },
    }
  }

  /** A data page of the first kind, which every reader knows. Returns its size before compression, with its header. */
  #writePage(
    leaf: ParquetLeafWriter,
    from: { readonly valueBytes: number; readonly entries: number },
    to: { readonly valueBytes: number; readonly entries: number },
  ): number {
    const { ByteWriter, writePageHeader, writeRleBitPackedHybrid } = parquetWriting()
    const { maxDefinition, maxRepetition, element } = leaf.leaf
    const page = new ByteWriter(to.valueBytes - from.valueBytes + 1024)
    const writeLevels = (levels: Uint8Array, max: number): void => {
      if (max === 0) return
      const runs = new ByteWriter()
      writeRleBitPackedHybrid(runs, Array.from(levels.subarray(from.entries, to.entries)), 32 - Math.clz32(max))
      page.appendUint32(runs.offset)
      page.appendBytes(runs.getBytes())
    }
    writeLevels(leaf.repetitions.bytes, maxRepetition)
    writeLevels(leaf.definitions.bytes, maxDefinition)
    const values = leaf.values.bytes.subarray(from.valueBytes, to.valueBytes)
    page.appendBytes(element.type === 'BOOLEAN' ? packBits(values) : values)
    const bytes = page.getBytes()
    const compressed = parquetCompressor(this.#settings.compression)(bytes)
    const writer = this.#writer
    const before = writer.offset
    writePageHeader(writer, {
      type: 'DATA_PAGE',
      uncompressed_page_size: bytes.length,
      compressed_page_size: compressed.length,
      data_page_header: {
        num_values: to.entries - from.entries,
        encoding: 'PLAIN',
        definition_level_encoding: 'RLE',
        repetition_level_encoding: 'RLE',
      },
    })
    const headerBytes = writer.offset - before
    writer.appendBytes(compressed)
    return headerBytes + bytes.length
  }
}

/** A bit for each byte, the lowest first. */
function packBits(values: Uint8Array): Uint8Array {
  const packed = new Uint8Array(Math.ceil(values.length / 8))
  for (let i = 0; i < values.length; i++) packed[i >>> 3] = packed[i >>> 3]! | (values[i]! << (i & 7))
  return packed
}

function nullError(name: string): Error {
  return externalError('format/null', `Cannot write column "${name}" as parquet: found NULL, wanted a value, for its type is NOT NULL`)
}

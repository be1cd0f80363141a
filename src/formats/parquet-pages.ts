import type { ColumnMetaData, DecodedArray, SchemaTree } from 'hyparquet'
import { ParquetDataError, type RawValue } from './parquet-values.ts'
import type { ParquetReading } from './parquet-packages.ts'

/** A page that is larger is a damaged one: its size is that of an array. */
const MOST_PAGE_BYTES = 1 << 30

/** A column of the file without children. */
export interface ParquetLeaf {
  readonly path: readonly string[]
  /** From the root to the leaf. */
  readonly schemaPath: readonly SchemaTree[]
  readonly maxDefinition: number
  readonly maxRepetition: number
}

/**
 * Goes over the entries of one column of a row group, page by page, so that one page is decoded at a time.
 *
 * An entry is a value, or NULL or an empty list somewhere on the path to it; its levels say which.
 */
export class ParquetPages {
  /** Of the current page: values, or numbers in the dictionary. */
  values: DecodedArray = []
  isDictionary = false
  /** Undefined when every entry of the page is a value. */
  definitions: ArrayLike<number> | undefined
  repetitions: ArrayLike<number> | undefined
  /** Entries of the page, the current one, and the current value. */
  count = 0
  at = 0
  valueAt = 0
  dictionary: DecodedArray = []
  /** Counts up with each dictionary. */
  dictionaryVersion = 0
  readonly leaf: ParquetLeaf
  readonly #packages: ParquetReading
  readonly #reader: { view: DataView; offset: number }
  readonly #column: ColumnMetaData
  #entriesLeft: number

  constructor(packages: ParquetReading, leaf: ParquetLeaf, column: ColumnMetaData, bytes: Uint8Array) {
    this.leaf = leaf
    this.#packages = packages
    this.#column = column
    this.#entriesLeft = Number(column.num_values)
    this.#reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0 }
  }

  /** Goes to the next page with entries; false when there is none. */
  next(): boolean {
    const { leaf } = this
    const { parquetHeader, decompressPage, readDataPage, readDataPageV2, DEFAULT_PARSERS: parsers, compressors } = this.#packages
    const reader = this.#reader
    const element = leaf.schemaPath.at(-1)!.element
    const { type, codec } = this.#column
    const decoder = { pathInSchema: [...leaf.path], type, element, schemaPath: [...leaf.schemaPath], codec, compressors, parsers }
    while (this.#entriesLeft > 0) {
      const header = parquetHeader(reader)
      const size = header.compressed_page_size
      if (!isCount(size) || reader.offset + size > reader.view.byteLength) throw new ParquetDataError('a page goes on behind its column')
      const bytes = new Uint8Array(reader.view.buffer, reader.view.byteOffset + reader.offset, size)
      reader.offset += size
      const claimed = header.data_page_header?.num_values ?? header.data_page_header_v2?.num_values ?? 0
      if (!isCount(claimed) || claimed > this.#entriesLeft)
        throw new ParquetDataError(`found a page of ${claimed} values, where ${this.#entriesLeft} are left`)
      if (!isCount(header.uncompressed_page_size) || header.uncompressed_page_size > MOST_PAGE_BYTES) {
        throw new ParquetDataError(`found a page of ${header.uncompressed_page_size} bytes`)
      }
      if (header.type === 'DICTIONARY_PAGE') {
        this.#readDictionary(
          decompressPage(bytes, header.uncompressed_page_size, codec, compressors),
          header.dictionary_page_header?.num_values,
        )
        continue
      }
      const v1 = header.type === 'DATA_PAGE' ? header.data_page_header : undefined
      const v2 = header.type === 'DATA_PAGE_V2' ? header.data_page_header_v2 : undefined
      const page =
        v1 !== undefined
          ? readDataPage(decompressPage(bytes, header.uncompressed_page_size, codec, compressors), v1, decoder)
          : v2 !== undefined
            ? readDataPageV2(bytes, header, decoder)
            : undefined
      const count = v1?.num_values ?? v2?.num_values ?? 0
      // Pages of indexes, and kinds that are not known yet, are stepped over.
      if (page === undefined || count === 0) continue
      this.#entriesLeft -= count
      this.values = page.dataPage
      this.isDictionary = (v1?.encoding ?? v2?.encoding ?? '').endsWith('_DICTIONARY')
      this.definitions = (page.definitionLevels?.length ?? 0) > 0 ? page.definitionLevels : undefined
      this.repetitions = page.repetitionLevels.length > 0 ? page.repetitionLevels : undefined
      this.count = count
      this.at = 0
      this.valueAt = 0
      return true
    }
    return false
  }

  #readDictionary(bytes: Uint8Array, count: number | undefined): void {
    const { element } = this.leaf.schemaPath.at(-1)!
    const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0 }
    this.dictionary = this.#packages.readPlain(reader, this.#column.type, count ?? 0, element.type_length)
    this.dictionaryVersion++
  }

  /** The repetition level of the current entry; 0, where a row begins, at the end of the column too. */
  get repetition(): number {
    if (this.at === this.count && !this.next()) return 0
    return this.repetitions?.[this.at] ?? 0
  }

  get definition(): number {
    if (this.at === this.count && !this.next()) throw new ParquetDataError('a column ends before its rows do')
    return this.definitions?.[this.at] ?? this.leaf.maxDefinition
  }

  /** The value of the current entry, which is there. */
  value(): RawValue {
    const value: unknown = this.values[this.valueAt]
    const raw: unknown = this.isDictionary ? this.dictionary[value as number] : value
    if (raw === undefined) throw new ParquetDataError('a page has fewer values than its levels say')
    return raw as RawValue
  }

  /** Goes on to the next entry. */
  advance(): void {
    if (this.definition === this.leaf.maxDefinition) this.valueAt++
    this.at++
  }
}

/** What a damaged header holds may be anything at all. */
function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

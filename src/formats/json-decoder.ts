import type { BatchBuffer } from '../data/batch-buffer.ts'
import { writeCell } from '../data/cells.ts'
import { decodeUtf8 } from '../data/utf8.ts'
import type { SqlValue } from '../data/value.ts'
import type { DecodeStop, Decoder, DecoderSpec, RecordWindow } from './format.ts'
import type { JsonSettings } from './json-options.ts'
import { jsonSettings } from './json-options.ts'
import { JsonRecords } from './json-records.ts'
import { JsonSyntaxError, JsonText } from './json-text.ts'
import { JsonValues } from './json-values.ts'
import { badRecord, dropsInvalidUtf8, notUtf8 } from './record-decoder.ts'

/** Reads JSON objects, one a line or element of an array that is a line, into rows. */
export class JsonDecoder implements Decoder {
  badRecords = 0
  readonly #settings: JsonSettings
  readonly #bytes: Uint8Array
  readonly #records: JsonRecords
  readonly #json = new JsonText()
  readonly #values: JsonValues
  readonly #readRecord: (target: SqlValue[]) => void
  readonly #row: SqlValue[]
  readonly #indexes: readonly number[]
  readonly #recordStarts: number[] = []

  constructor(spec: DecoderSpec) {
    this.#settings = jsonSettings(spec.options)
    this.#bytes = spec.memory.arena.u8
    this.#records = new JsonRecords(this.#bytes, spec.maxRecordBytes)
    this.#values = new JsonValues('json', this.#json, this.#settings, spec.allColumns, spec.nestedPaths)
    this.#readRecord = this.#values.record(spec.columns)
    this.#row = spec.columns.map(() => null)
    this.#indexes = spec.columns.map(({ index }) => index)
  }

  get state(): number {
    return this.#records.state
  }

  set state(state: number) {
    this.#records.state = state
  }

  decode(window: RecordWindow, buffer: BatchBuffer, maxRows: number): DecodeStop {
    const { batch } = buffer
    const records = this.#records
    for (;;) {
      if (batch.rowCount >= maxRows) return 'full'
      const stop = records.find(window)
      if (stop !== undefined) return stop
      window.position = records.start
      const problem = dropsInvalidUtf8(window, records.end) ? notUtf8 : records.problem !== '' ? records.problem : this.#parse()
      if (problem !== '') {
        if (!this.#settings.ignoresErrors) throw badRecord(problem)
        this.badRecords++
      } else {
        this.#recordStarts[batch.rowCount] = records.start
        for (let i = 0; i < this.#row.length; i++) writeCell(buffer, batch.columns[this.#indexes[i]!]!, batch.rowCount, this.#row[i]!)
        batch.rowCount++
        batch.selectedCount = batch.rowCount
      }
      records.accept(window)
    }
  }

  skip(window: RecordWindow): DecodeStop {
    for (;;) {
      const stop = this.#records.find(window)
      if (stop !== undefined) return stop
      this.#records.accept(window)
      if (window.invalidAt < window.position) window.revalidate(window.position)
    }
  }

  recordStart(row: number): number {
    return this.#recordStarts[row] ?? 0
  }

  /** Reads the record into `#row`; what is wrong with it, or nothing. */
  #parse(): string {
    const { start, end } = this.#records
    const json = this.#json
    json.reset(decodeUtf8(this.#bytes, start, end - start))
    this.#values.hadBadField = false
    try {
      const kind = json.kind()
      if (kind !== 'object') return `it is not a JSON object but ${kind === 'array' ? 'an array' : `a ${kind}`}`
      this.#readRecord(this.#row)
      json.skipBlanks()
      if (json.at < json.text.length) json.fail()
    } catch (error) {
      if (error instanceof JsonSyntaxError) return `it is not JSON: ${error.message}`
      throw error
    }
    if (this.#values.hadBadField) this.badRecords++
    return ''
  }
}

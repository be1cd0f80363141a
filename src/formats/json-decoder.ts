import type { Arena } from '../data/arena.ts'
import type { BatchBuffer } from '../data/batch-buffer.ts'
import { writeCell } from '../data/cells.ts'
import { decodeUtf8 } from '../data/utf8.ts'
import type { SqlValue } from '../data/value.ts'
import type { DecodeStop, Decoder, DecoderPath, DecoderSpec, RecordWindow } from './format.ts'
import type { JsonSettings } from './json-options.ts'
import { jsonSettings } from './json-options.ts'
import { JsonRecords } from './json-records.ts'
import { JsonSyntaxError, JsonText } from './json-text.ts'
import { JsonValues } from './json-values.ts'
import { badRecord, dropsInvalidUtf8, notUtf8 } from './record-decoder.ts'
import { ScanPlan, scannedFields } from './scan-plan.ts'

/** Room for texts that lose their escapes. */
const TEXT_ROOM = 64 << 10

/** Reads JSON objects, one a line or element of an array that is a line, into rows. */
export class JsonDecoder implements Decoder {
  badRecords = 0
  readonly #settings: JsonSettings
  readonly #arena: Arena
  readonly #bytes: Uint8Array
  readonly #plan: ScanPlan | undefined
  readonly #records: JsonRecords
  readonly #json = new JsonText()
  readonly #values: JsonValues
  readonly #readRecord: (target: SqlValue[]) => void
  readonly #row: SqlValue[]
  readonly #indexes: readonly number[]
  readonly #recordStarts: number[] = []

  readonly #onBadRecord: DecoderSpec['onBadRecord']

  constructor(spec: DecoderSpec, path: DecoderPath = 'scanning') {
    this.#onBadRecord = spec.onBadRecord
    this.#settings = jsonSettings(spec.options)
    this.#arena = spec.memory.arena
    this.#bytes = spec.memory.arena.u8
    this.#records = new JsonRecords(this.#arena, spec.maxRecordBytes)
    this.#values = new JsonValues('json', this.#json, this.#settings, spec.allColumns, spec.nestedPaths)
    this.#readRecord = this.#values.record(spec.columns)
    this.#row = spec.columns.map(() => null)
    this.#indexes = spec.columns.map(({ index }) => index)
    if (path === 'scanning') this.#plan = jsonPlan(spec, this.#settings)
  }

  get state(): number {
    return this.#records.state
  }

  set state(state: number) {
    this.#records.state = state
  }

  decode(window: RecordWindow, buffer: BatchBuffer, maxRows: number): DecodeStop {
    const plan = this.#plan
    if (plan === undefined) {
      for (;;) {
        const stop = this.#readNext(window, buffer, maxRows)
        if (stop !== undefined) return stop
      }
    }
    plan.begin(buffer)
    try {
      return this.#scan(plan, window, buffer, maxRows)
    } finally {
      plan.end(buffer)
    }
  }

  /** Lets the kernel read what is plain, and reads what is not by the general path. */
  #scan(plan: ScanPlan, window: RecordWindow, buffer: BatchBuffer, maxRows: number): DecodeStop {
    const { kernels } = this.#arena
    let roomBytes = TEXT_ROOM
    for (;;) {
      if (!this.#records.isStepping) {
        plan.set(11, this.#records.state)
        plan.set(12, buffer.textAddress)
        plan.set(13, buffer.textEnd)
        plan.set(14, Math.min(window.invalidAt, 0xffffffff))
        const stop = plan.run(kernels.decodeJson, window, buffer, maxRows)
        buffer.textAddress = this.#arena.u32[plan.context + 12]!
        if (stop === 'full' || stop === 'block-end') return stop
        if (stop === 'need-text') {
          // A text that does not fit at once lies wholly in the window.
          buffer.addTextChunk(roomBytes)
          roomBytes = window.end - window.position + 16
          continue
        }
      }
      roomBytes = TEXT_ROOM
      const stop = this.#readNext(window, buffer, maxRows)
      if (stop !== undefined) return stop
    }
  }

  /** Reads one record by the general path. */
  #readNext(window: RecordWindow, buffer: BatchBuffer, maxRows: number): DecodeStop | undefined {
    const { batch } = buffer
    const records = this.#records
    if (batch.rowCount >= maxRows) return 'full'
    const stop = records.find(window)
    if (stop !== undefined) return stop
    window.position = records.start
    const problem = dropsInvalidUtf8(window, records.end) ? notUtf8 : records.problem !== '' ? records.problem : this.#parse()
    if (problem !== '') {
      if (!this.#settings.ignoresErrors) throw badRecord(problem, 'json')
      this.#countBad(problem)
    } else {
      const row = batch.rowCount
      if (this.#plan === undefined) this.#recordStarts[row] = records.start
      else this.#plan.setStart(row, records.start)
      for (let i = 0; i < this.#row.length; i++) writeCell(buffer, batch.columns[this.#indexes[i]!]!, row, this.#row[i]!)
      batch.rowCount = row + 1
      batch.selectedCount = row + 1
    }
    records.accept(window)
    return undefined
  }

  skip(window: RecordWindow): DecodeStop {
    return this.#records.skip(window)
  }

  recordStart(row: number): number {
    return this.#plan?.start(row) ?? this.#recordStarts[row] ?? 0
  }

  #countBad(reason: string): void {
    this.badRecords++
    this.#onBadRecord?.(this.#records.start, reason)
  }

  /** Reads the record into `#row`; what is wrong with it, or nothing. */
  #parse(): string {
    const { start, end } = this.#records
    const json = this.#json
    json.reset(decodeUtf8(this.#bytes, start, end - start))
    this.#values.fieldProblem = ''
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
    if (this.#values.fieldProblem !== '') this.#countBad(this.#values.fieldProblem)
    return ''
  }
}

/** What the kernel needs to know; undefined when a column is of a type that only the general path reads. */
function jsonPlan(spec: DecoderSpec, settings: JsonSettings): ScanPlan | undefined {
  const fields = settings.timestamps === 'ISO-8601-WITH-OFFSET' ? undefined : scannedFields(spec.columns, spec.nestedPaths)
  if (fields === undefined) return undefined
  const plan = new ScanPlan(spec.memory, fields)
  plan.set(6, (settings.timestamps === 'SQL' ? ' ' : 'T').charCodeAt(0))
  plan.set(7, settings.failsOnMissing ? 1 : 0)
  plan.set(15, spec.maxRecordBytes)
  return plan
}

import type { BatchBuffer } from '../data/batch-buffer.ts'
import { writeCell } from '../data/cells.ts'
import type { RowKind } from '../data/row-kind.ts'
import type { RowField } from '../data/types.ts'
import { decodeUtf8 } from '../data/utf8.ts'
import type { SqlValue } from '../data/value.ts'
import type { DecodeStop, Decoder, DecoderSpec, RecordWindow } from './format.ts'
import { jsonSettings } from './json-options.ts'
import { JsonRecords } from './json-records.ts'
import { JsonSyntaxError, JsonText } from './json-text.ts'
import { JsonValues } from './json-values.ts'
import type { ValueReader } from './json-values.ts'
import { badRecord, dropsInvalidUtf8, notUtf8 } from './record-decoder.ts'

/** A row image of a message: the wanted columns, and which of them it names. */
export interface LogRow {
  readonly values: readonly SqlValue[]
  readonly isPresent: readonly boolean[]
}

/** Takes the changes of a message in order. */
export type ChangeSink = (kind: RowKind, values: readonly SqlValue[]) => void

/** What a database's log looks like. */
export interface ChangeLogDialect {
  readonly name: string
  /** The key of the object that holds the rest, if there is one. */
  readonly payload?: string | undefined
  /** Keys that hold a row image, or an array of them. */
  readonly rows: Readonly<Record<string, 'row' | 'rows'>>
  /** Keys of texts. */
  readonly words: readonly string[]
  /** Gives the changes of a message; what is wrong with it, or nothing. */
  apply(message: ChangeMessage, sink: ChangeSink): string
}

export interface ChangeMessage {
  readonly rows: ReadonlyMap<string, readonly LogRow[]>
  readonly words: ReadonlyMap<string, string>
}

/** Reads the messages of a change log into rows with kinds. */
export class ChangeLogDecoder implements Decoder {
  badRecords = 0
  readonly #dialect: ChangeLogDialect
  readonly #ignoresErrors: boolean
  readonly #memory: DecoderSpec['memory']
  readonly #bytes: Uint8Array
  readonly #records: JsonRecords
  readonly #json = new JsonText()
  readonly #values: JsonValues
  readonly #columns: readonly RowField[]
  readonly #indexes: readonly number[]
  readonly #readers: ReadonlyMap<string, { readonly place: number; readonly read: ValueReader }>
  readonly #recordStarts: number[] = []
  #kinds = 0
  /** Changes of the last message that are not in a batch yet. */
  #queue: { readonly kind: RowKind; readonly values: readonly SqlValue[] }[] = []
  #queued = 0
  #queueStart = 0

  readonly #onBadRecord: DecoderSpec['onBadRecord']

  constructor(spec: DecoderSpec, dialect: ChangeLogDialect) {
    this.#onBadRecord = spec.onBadRecord
    const settings = jsonSettings(spec.options)
    this.#dialect = dialect
    this.#ignoresErrors = settings.ignoresErrors
    this.#memory = spec.memory
    this.#bytes = spec.memory.arena.u8
    this.#records = new JsonRecords(spec.memory.arena, spec.maxRecordBytes)
    this.#values = new JsonValues(dialect.name, this.#json, settings, spec.allColumns, spec.nestedPaths)
    this.#columns = spec.columns
    this.#indexes = spec.columns.map(({ index }) => index)
    this.#readers = new Map(spec.columns.map(({ name, type }, place) => [name, { place, read: this.#values.reader(type, [name]) }]))
  }

  #countBad(reason: string): void {
    this.badRecords++
    this.#onBadRecord?.(this.#records.start, reason)
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
    if (this.#kinds === 0) this.#kinds = this.#memory.allocate(buffer.capacity)
    batch.kinds = this.#kinds
    for (;;) {
      if (!this.#drain(buffer, maxRows)) return 'full'
      const stop = records.find(window)
      if (stop !== undefined) return stop
      window.position = records.start
      this.#queue = []
      this.#queued = 0
      this.#queueStart = records.start
      const problem = dropsInvalidUtf8(window, records.end) ? notUtf8 : records.problem !== '' ? records.problem : this.#parse()
      if (problem !== '') {
        if (!this.#ignoresErrors) throw badRecord(problem, this.#dialect.name)
        this.#countBad(problem)
        this.#queue = []
      }
      records.accept(window)
    }
  }

  skip(window: RecordWindow): DecodeStop {
    return this.#records.skip(window)
  }

  recordStart(row: number): number {
    return this.#recordStarts[row] ?? 0
  }

  /** Moves waiting changes into the batch; false when it is full before all are there. */
  #drain(buffer: BatchBuffer, maxRows: number): boolean {
    const { batch, arena } = buffer
    for (; this.#queued < this.#queue.length; this.#queued++) {
      if (batch.rowCount >= maxRows) return false
      const { kind, values } = this.#queue[this.#queued]!
      const row = batch.rowCount++
      batch.selectedCount = batch.rowCount
      arena.u8[this.#kinds + row] = kind
      this.#recordStarts[row] = this.#queueStart
      for (let i = 0; i < values.length; i++) writeCell(buffer, batch.columns[this.#indexes[i]!]!, row, values[i]!)
    }
    return batch.rowCount < maxRows
  }

  #parse(): string {
    const { start, end } = this.#records
    const json = this.#json
    json.reset(decodeUtf8(this.#bytes, start, end - start))
    this.#values.fieldProblem = ''
    const rows = new Map<string, readonly LogRow[]>()
    const words = new Map<string, string>()
    try {
      if (json.kind() !== 'object') return `it is not a JSON object but starts with ${JSON.stringify(json.text[json.at])}`
      if (this.#dialect.payload === undefined) this.#readMessage(rows, words)
      else {
        json.object((name) => {
          if (name === this.#dialect.payload && json.kind() === 'object') this.#readMessage(rows, words)
          else json.skipValue()
        })
      }
      json.skipBlanks()
      if (json.at < json.text.length) json.fail()
    } catch (error) {
      if (error instanceof JsonSyntaxError) return `it is not JSON: ${error.message}`
      throw error
    }
    const problem = this.#dialect.apply({ rows, words }, (kind, values) => this.#queue.push({ kind, values }))
    if (problem === '' && this.#values.fieldProblem !== '') this.#countBad(this.#values.fieldProblem)
    return problem
  }

  #readMessage(rows: Map<string, readonly LogRow[]>, words: Map<string, string>): void {
    const json = this.#json
    json.object((name) => {
      const shape = this.#dialect.rows[name]
      const kind = json.kind()
      if (shape === 'row' && kind === 'object') rows.set(name, [this.#readRow()])
      else if (shape === 'rows' && kind === 'array') {
        const list: LogRow[] = []
        json.array(() => {
          if (json.kind() === 'object') list.push(this.#readRow())
          else json.skipValue()
        })
        rows.set(name, list)
      } else if (kind === 'string' && this.#dialect.words.includes(name)) words.set(name, json.string())
      else json.skipValue()
    })
  }

  #readRow(): LogRow {
    const values = this.#columns.map((): SqlValue => null)
    const isPresent = this.#columns.map(() => false)
    this.#json.object((name) => {
      const reader = this.#readers.get(name)
      if (reader === undefined) this.#json.skipValue()
      else {
        values[reader.place] = reader.read()
        isPresent[reader.place] = true
      }
    })
    return { values, isPresent }
  }
}

import type { Batch } from '../data/batch.ts'
import { rowKindSign } from '../data/row-kind.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { Encoder, EncoderSpec } from './format.ts'
import { JsonRowWriter } from './json-encoder.ts'

/** What stands before and behind the row's object in a message that adds or takes back a row. */
export interface ChangeLogText {
  readonly insert: readonly [string, string]
  readonly delete: readonly [string, string]
}

/** Writes each change as a message: as Flink, +U as an insert and -U as a delete. */
export class ChangeLogEncoder implements Encoder {
  readonly #writer: JsonRowWriter
  readonly #text: ChangeLogText

  constructor(spec: EncoderSpec, text: ChangeLogText) {
    this.#writer = new JsonRowWriter(spec)
    this.#text = text
  }

  encode(batch: Batch, row: number, kind: number, out: ByteWriter): void {
    const [before, after] = rowKindSign(kind) === 1 ? this.#text.insert : this.#text.delete
    out.text(before)
    this.#writer.write(batch, row, out)
    out.text(after)
    out.byte(0x0a)
  }
}

import type { Schema } from '../catalog/schema.ts'
import type { Arena } from '../data/arena.ts'
import { type RowKind, rowKindText } from '../data/row-kind.ts'
import { ByteWriter } from '../formats/byte-writer.ts'
import { JsonRowWriter } from '../formats/json-encoder.ts'
import type { ChangeEncoder } from './change-text.ts'

/** Writes each change as `{"op":"+I","row":{"id":1}}` in a line; values as Flink's json format has them, with all their digits. */
export function changeJsonEncoder(arena: Arena, schema: Schema, timeZone: string): ChangeEncoder {
  const lines = new ByteWriter()
  const columns = schema.map(({ name, type }, index) => ({ name, type, index }))
  const writer = new JsonRowWriter({ arena, columns, options: new Map([['encode.decimal-as-plain-number', true]]), timeZone })
  return (batch) => {
    const { selection, kinds } = batch
    for (let i = 0; i < batch.selectedCount; i++) {
      const row = selection === 0 ? i : arena.i32[selection / 4 + i]!
      lines.text(`{"op":"${rowKindText((kinds === 0 ? 0 : arena.u8[kinds + row]!) as RowKind)}","row":`)
      writer.write(batch, row, lines)
      lines.text('}\n')
    }
    return lines.take()
  }
}

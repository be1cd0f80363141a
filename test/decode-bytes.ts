import { RheoError } from '../src/base/errors.ts'
import { FileWindow } from '../src/connectors/filesystem/file-window.ts'
import { ArenaOwner, arenaOfThread } from '../src/data/arena.ts'
import { BatchBuffer } from '../src/data/batch-buffer.ts'
import { readCell } from '../src/data/cells.ts'
import type { SqlValue } from '../src/data/value.ts'
import type { Decoder, DecoderSpec, FormatColumn, FormatOptions } from '../src/formats/format.ts'

export interface DecodeOptions {
  readonly columns: readonly FormatColumn[]
  readonly wanted?: readonly string[]
  readonly options?: FormatOptions
  readonly nestedPaths?: readonly (readonly string[])[]
  /** How many bytes arrive at a time. */
  readonly chunkBytes?: number
  readonly batchRows?: number
  readonly blockBytes?: number
  readonly maxRecordBytes?: number
}

export interface Decoded {
  readonly rows: readonly (readonly SqlValue[])[]
  /** Code, message and line of the error that ended it. */
  readonly error: string | undefined
  readonly badRecords: number
  readonly lines: readonly number[]
}

/** Decodes bytes as a file that arrives piece by piece, as the reader of files does. */
export function decodeBytes(create: (spec: DecoderSpec) => Decoder, bytes: Uint8Array, given: DecodeOptions): Decoded {
  const memory = new ArenaOwner(arenaOfThread(), 'test')
  const { arena } = memory
  const { chunkBytes = 1 << 20, batchRows = 64, blockBytes = 1 << 20 } = given
  const wanted = given.columns.filter(({ name }) => given.wanted?.includes(name) ?? true).map((column, index) => ({ ...column, index }))
  const buffer = new BatchBuffer(
    memory,
    wanted.map(({ type }) => type),
    batchRows,
  )
  const decoder = create({
    memory,
    columns: wanted,
    allColumns: given.columns,
    options: given.options ?? new Map(),
    timeZone: 'UTC',
    nestedPaths: given.nestedPaths,
    maxRecordBytes: given.maxRecordBytes ?? 1 << 20,
  })
  const window = new FileWindow(memory)
  const source = memory.allocate(Math.max(bytes.length, 1))
  arena.u8.set(bytes, source)
  window.open(0, 1)
  const rows: SqlValue[][] = []
  const lines: number[] = []
  let offset = 0
  let error: string | undefined
  try {
    for (;;) {
      if (!window.isLast && window.position === window.end) {
        window.append(source + offset, Math.min(chunkBytes, bytes.length - offset))
        offset += Math.min(chunkBytes, bytes.length - offset)
        continue
      }
      if (window.isLast && window.position === window.end && decoder.state === 0) break
      window.blockEnd = window.position + blockBytes
      for (;;) {
        buffer.clear()
        let stop: string | undefined
        try {
          stop = decoder.decode(window, buffer, batchRows)
        } finally {
          for (let row = 0; row < buffer.batch.rowCount; row++) {
            rows.push(buffer.batch.columns.map((column) => readCell(arena, column, row)))
            lines.push(window.lineAt(decoder.recordStart(row)))
          }
        }
        if (buffer.batch.rowCount > 0) continue
        if (stop === 'block-end' || (window.isLast && window.position === window.end)) break
        window.append(source + offset, Math.min(chunkBytes, bytes.length - offset))
        offset += Math.min(chunkBytes, bytes.length - offset)
      }
    }
  } catch (thrown) {
    if (!(thrown instanceof RheoError)) throw thrown
    error = `${thrown.code} ${thrown.message} at ${window.lineAt(window.position)}`
  }
  const decoded = { rows, error, badRecords: decoder.badRecords, lines }
  memory.close()
  return decoded
}

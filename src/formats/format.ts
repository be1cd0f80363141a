import type { ChangelogMode } from '../catalog/connector.ts'
import type { OptionDefinition, OptionValue } from '../catalog/option.ts'
import type { Arena, ArenaOwner } from '../data/arena.ts'
import type { BatchBuffer } from '../data/batch-buffer.ts'
import type { Batch } from '../data/batch.ts'
import { RowKind } from '../data/row-kind.ts'
import type { SqlType } from '../data/types.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { FileDecoder } from './file-format.ts'

export interface FormatColumn {
  readonly name: string
  readonly type: SqlType
}

/** The checked options of a format by key, without its prefix. */
export type FormatOptions = ReadonlyMap<string, OptionValue>

/**
 * Turns bytes into rows and back. `options` are written by the user with the format's name before them: `csv.field-delimiter`.
 * A format that only reads has no encoder, and the other way round.
 */
export interface Format {
  readonly name: string
  readonly doc: string
  readonly options: readonly OptionDefinition[]
  /** What decoding gives, and what encoding takes. */
  readonly changes: ChangelogMode
  /** Reads only the fields of ROW columns that are wanted. */
  readonly readsNestedPaths: boolean
  /** Whether one file after another is a file of the format with the rows of both. */
  readonly canJoinFiles?: boolean
  /** Refuses combinations of options and columns that can never work; throws RheoErrors of domain `user`. */
  readonly check?: (columns: readonly FormatColumn[], options: FormatOptions) => void
  readonly createDecoder?: (spec: DecoderSpec) => Decoder
  readonly createEncoder?: (spec: EncoderSpec) => Encoder
  /** Instead of `createEncoder`, where a file is more than its records: one for each file. */
  readonly createFileEncoder?: (spec: EncoderSpec) => FileEncoder
  /** Instead of `createDecoder`, where files consist of blocks that can be found without reading all before them. */
  readonly createFileDecoder?: (spec: DecoderSpec) => FileDecoder
  /** Loads packages that only this format needs; awaited before a decoder or encoder is made. */
  readonly load?: (use: 'read' | 'write') => Promise<void>
}

export interface DecoderSpec {
  readonly memory: ArenaOwner
  /** The physical columns that are wanted, with their place in the batches to fill. */
  readonly columns: readonly (FormatColumn & { readonly index: number })[]
  /** All physical columns that lie in the bytes, as declared and in order. */
  readonly allColumns: readonly FormatColumn[]
  readonly options: FormatOptions
  readonly timeZone: string
  /** Of ROW columns that are listed here only the named fields are wanted (`['bid', 'price']`); the others become NULL. */
  readonly nestedPaths?: readonly (readonly string[])[] | undefined
  /** A longer record is a bad one. */
  readonly maxRecordBytes: number
  /** Told of each record that is dropped or partly taken as NULL, by its address in the window. */
  readonly onBadRecord?: ((address: number, reason: string) => void) | undefined
}

/**
 * The part of the input that lies in the arena. The reader moves `end`, `blockEnd` and `isLast`, the decoder `position` (and, where it drops a record
 * that is not UTF-8, `invalidAt`).
 *
 * Text cells are views into these bytes: they stay where they are until the batch comes back.
 */
export interface RecordWindow {
  /** Address of the next record, or of blank bytes before it. */
  position: number
  /** Address after the last byte that was read. */
  end: number
  /** Records that start here or later belong to the next block. */
  blockEnd: number
  /** Nothing follows `end`. */
  isLast: boolean
  /** `position` is the start of the file. */
  isStart: boolean
  /** Address of the first byte from `position` on that is not UTF-8; Infinity when all are. */
  invalidAt: number
  /** Looks again for bytes that are not UTF-8, from `address` on. */
  revalidate(address: number): void
}

/**
 * Why a call of `decode` or `skip` stopped: the batch is full, the next record belongs to the next block, or the next record is not wholly in the
 * window. At the end of a file the last is 'need-more' with `isLast` and nothing left.
 */
export type DecodeStop = 'full' | 'block-end' | 'need-more'

/** Reads the records of one subtask, file after file. A bad record throws a RheoError without place and leaves `position` at its start. */
export interface Decoder {
  /**
   * Appends the rows of the next records to `buffer`, from its row count on, until it holds `maxRows`. A record of several rows may spread over
   * batches; its block ends after the last of them.
   */
  decode(window: RecordWindow, buffer: BatchBuffer, maxRows: number): DecodeStop
  /** As `decode` without rows: finds where the block ends. */
  skip(window: RecordWindow): DecodeStop
  /** What the format remembers between two records, as a part of the source's position; 0 at the start of a file. */
  state: number
  /** Records that were dropped or partly taken as NULL. */
  readonly badRecords: number
  /** Address of the record that gave a physical row of the last batch. */
  recordStart(row: number): number
}

/** 'general' leaves out the scanning kernels, whose oracle that path is. */
export type DecoderPath = 'scanning' | 'general'

export interface EncoderSpec {
  readonly arena: Arena
  /** The columns to write, with their place in the batch. */
  readonly columns: readonly (FormatColumn & { readonly index: number })[]
  readonly options: FormatOptions
  readonly timeZone: string
}

export interface Encoder {
  /** Appends one physical row of a batch as a record with its line end. */
  encode(batch: Batch, row: number, kind: number, out: ByteWriter): void
  /**
   * Appends the rows at places `from` to `to - 1` of the batch's selection, all inserts, until `out` has at least `limitBytes`; at least one. Returns the next place. Absent
   * where rows are written one by one.
   */
  encodeRows?(batch: Batch, from: number, to: number, out: ByteWriter, limitBytes: number): number
}

/** Writes one file from its first byte to its last: records, and what a format needs before, between and behind them. */
export interface FileEncoder {
  /**
   * Appends the rows at places `from` to `to - 1` of the batch's selection until `out` has at least `limitBytes`; at least one. Returns the next place. Rows may wait
   * within the encoder until a block of them is full.
   */
  encodeRows(batch: Batch, from: number, to: number, out: ByteWriter, limitBytes: number): number
  /** About how many bytes the rows will take that wait. */
  readonly waitingBytes: number
  /** Appends what waits and the end of the file; nothing follows. */
  finish(out: ByteWriter): void
}

/** The encoder of a file: that of the format for whole files, or its records one after the other. */
export function fileEncoder(format: Format, spec: EncoderSpec): FileEncoder {
  return format.createFileEncoder?.(spec) ?? new RecordFileEncoder(format.createEncoder!(spec), spec.arena)
}

class RecordFileEncoder implements FileEncoder {
  readonly waitingBytes = 0
  readonly #encoder: Encoder
  readonly #arena: Arena

  constructor(encoder: Encoder, arena: Arena) {
    this.#encoder = encoder
    this.#arena = arena
  }

  encodeRows(batch: Batch, from: number, to: number, out: ByteWriter, limitBytes: number): number {
    const encoder = this.#encoder
    if (batch.kinds === 0 && encoder.encodeRows !== undefined) return encoder.encodeRows(batch, from, to, out, limitBytes)
    const { i32, u8 } = this.#arena
    for (let i = from; i < to; i++) {
      const row = batch.selection === 0 ? i : i32[(batch.selection >>> 2) + i]!
      encoder.encode(batch, row, batch.kinds === 0 ? RowKind.insert : u8[batch.kinds + row]!, out)
      if (out.length >= limitBytes) return i + 1
    }
    return to
  }

  finish(): void {}
}

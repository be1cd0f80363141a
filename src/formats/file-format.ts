import { externalError, type RheoError } from '../base/errors.ts'
import type { BatchBuffer } from '../data/batch-buffer.ts'

/** The bytes of one file, from any place on. */
export interface FileBytes {
  readonly path: string
  readonly sizeBytes: number
  /** So many bytes from `position`; what a caller keeps of them it copies. @throws {RheoError} `format/corrupt` when the file is shorter. */
  read(position: number, length: number): Promise<Uint8Array>
}

/** What a format keeps of the files that have ended, between the blocks of one, and across a restore. */
export interface FileDecoder {
  /** Begins with a file, at the place of a block that `position` gave; 0 is the first one. */
  open(file: FileBytes, position: number): Promise<void>
  /** Goes to the next block, and loads it when its rows are wanted; false at the end of the file. */
  nextBlock(isWanted: boolean): Promise<boolean>
  /** Appends rows of the block that was loaded until the buffer holds `maxRows`; true when no row of it is left. */
  decode(buffer: BatchBuffer, maxRows: number): boolean
  /** The place of the block behind the current one. */
  readonly position: number
  readonly bytesRead: number
  /** Where a row of the last batch stands, as messages say it: `row group 2, row 17`. */
  placeOf(row: number): string
}

/** A file that does not hold what it has to. */
export function corrupt(path: string, problem: string, cause?: unknown): RheoError {
  return externalError('format/corrupt', `Cannot read "${path}": ${problem}`, { source: path }, cause)
}

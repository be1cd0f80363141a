import type { Ports } from '../base/ports.ts'
import type { Arena } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import type { Progress } from './operator.ts'

/** Writes the rows of one subtask. Columns are the table's persisted ones in order; `kinds` as the sink's abilities allow. */
export interface SinkWriter {
  /** 'done' when the batch may be filled again; a promise when the sink is behind (called again with the same batch). */
  write(batch: Batch): Progress
  /** Event time has come so far; absent where the sink does not look at it. */
  onWatermark?(time: number): void
  /** Everything written so far is handed over (flushed within 100 ms for a person who watches). */
  flush(): Promise<void>
  /** The input has ended: makes everything visible. */
  finish(): Promise<void>
  /** The job stops or fails: releases what it holds; what was not finished must not become visible. */
  close(): Promise<void>
}

export interface SinkOpen {
  readonly arena: Arena
  readonly ports: Ports
  readonly subtask: number
  readonly parallelism: number
  readonly timeZone: string
  /** Standard output and standard error of the program that runs the job. */
  readonly output: (stream: 'out' | 'error', bytes: Uint8Array) => void
}

export interface Sink {
  open(options: SinkOpen): Promise<SinkWriter>
}

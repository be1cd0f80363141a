import type { Ports } from '../base/ports.ts'
import type { Arena } from '../data/arena.ts'
import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'

/** How answers are kept. */
export interface LookupCache {
  /** `none`: every row asks. `partial`: answers are kept for a while. `full`: the table keeps all of itself, and answers at once. */
  readonly kind: 'none' | 'partial' | 'full'
  /** The most keys that are kept; Infinity: all. */
  readonly maxKeys: number
  /** For so long an answer counts, after it came or was used last; undefined: for ever. */
  readonly expireAfterWriteMs: number | undefined
  readonly expireAfterAccessMs: number | undefined
  /** Whether it is kept that there are no rows for a key. */
  readonly keepsMissing: boolean
  /** How often a request that fails is made again. */
  readonly maxRetries: number
}

/** What the plan asks of a table that is looked up. */
export interface LookupRequest {
  /** The physical columns of a row, in order. */
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[]
  /** Those by which rows are found. */
  readonly keys: readonly number[]
}

export interface LookupOpen {
  readonly arena: Arena
  readonly ports: Ports
  readonly batchRows: number
  readonly blockBytes: number
  readonly maxRecordBytes: number
  readonly seed: number
  readonly timeZone: string
}

/** Rows of one key, each with the values of the requested columns. */
export type LookupRows = readonly (readonly SqlValue[])[]

/** Answers for one subtask of a lookup join. */
export interface LookupReader {
  /** How many keys one request may name. */
  readonly keysPerRequest: number
  /** The rows of each key, as they are now. A key has the values of the key columns, in order, and no NULL. */
  lookup(keys: readonly (readonly SqlValue[])[]): Promise<readonly LookupRows[]>
  /** Whether all answers so far still hold. Absent: nobody knows. */
  holds?(): boolean | Promise<boolean>
  close(): Promise<void>
}

/** A table that can be asked for the rows of a key; opened once a subtask. */
export interface Lookup {
  readonly cache: LookupCache
  open(options: LookupOpen): Promise<LookupReader>
}

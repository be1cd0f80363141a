import { basename } from 'node:path'
import type { FileStatus } from '../../base/ports.ts'
import { types } from '../../data/types.ts'
import type { SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'

/** What a table over files can tell of the file that a row came from. */
export const fileMetadata: readonly { readonly key: string; readonly type: SqlType }[] = [
  { key: 'file.path', type: types.string(false) },
  { key: 'file.name', type: types.string(false) },
  { key: 'file.size', type: types.bigint(false) },
  { key: 'file.modification-time', type: types.timestampLtz(3, false) },
]

/** The value of one of the keys of `fileMetadata`. */
export function metadataValue(key: string, file: FileStatus): SqlValue {
  switch (key) {
    case 'file.path':
      return file.path
    case 'file.name':
      return basename(file.path)
    case 'file.size':
      return BigInt(file.sizeBytes)
    default:
      return BigInt(file.modifiedMs) * 1_000_000n
  }
}

import { unreachable } from '../base/assert.ts'
import { snappyCompress } from './snappy.ts'

export const parquetCompressions = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD', 'BROTLI'] as const

/** How pages are compressed when they are written. */
export type ParquetCompression = (typeof parquetCompressions)[number]

// Loaded when it is needed, for the sake of a quick start.
const zlib = (): typeof import('node:zlib') => process.getBuiltinModule('node:zlib')

export function parquetCompressor(compression: ParquetCompression): (bytes: Uint8Array) => Uint8Array {
  switch (compression) {
    case 'UNCOMPRESSED':
      return (bytes) => bytes
    case 'SNAPPY':
      return snappyCompress
    case 'GZIP':
      return (bytes) => zlib().gzipSync(bytes)
    case 'ZSTD':
      return (bytes) => zlib().zstdCompressSync(bytes)
    case 'BROTLI':
      return (bytes) => zlib().brotliCompressSync(bytes, { params: { [zlib().constants.BROTLI_PARAM_QUALITY]: 5 } })
    default:
      return unreachable(compression)
  }
}

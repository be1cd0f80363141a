import type { Transform } from 'node:stream'
import { externalError, userError } from '../../base/errors.ts'
import type { FileReader, Files } from '../../base/ports.ts'

/** The bytes of a file from some place on, decompressed by its name's ending. */
export interface ByteInput {
  /** Fills a part of `target`, at least one byte; 0 at the end. */
  read(target: Uint8Array): Promise<number>
  close(): Promise<void>
}

// Loaded at the first file that needs it, for the sake of a quick start.
const zlib = (): typeof import('node:zlib') => process.getBuiltinModule('node:zlib')

const decompressors: Readonly<Record<string, () => Transform>> = {
  gz: () => zlib().createGunzip(),
  gzip: () => zlib().createGunzip(),
  deflate: () => zlib().createInflate(),
  zst: () => zlib().createZstdDecompress(),
}

/** Opens a file at a byte of its content, after decompression. */
export async function openInput(files: Files, path: string, offset: number): Promise<ByteInput> {
  const ending = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? ''
  if (ending === 'bz2' || ending === 'xz') {
    throw userError(
      'unsupported/compression',
      `Cannot read "${path}": files that end with .${ending} cannot be decompressed, wanted .gz, .deflate or .zst`,
    )
  }
  const createDecompressor = decompressors[ending]
  const reader = await files.openRead(path)
  if (createDecompressor === undefined) return plainInput(reader, offset)
  const input = compressedInput(reader, path, createDecompressor())
  try {
    await skipBytes(input, offset)
  } catch (error) {
    await input.close()
    throw error
  }
  return input
}

function plainInput(reader: FileReader, offset: number): ByteInput {
  let position = offset
  return {
    async read(target) {
      const length = await reader.read(target, position)
      position += length
      return length
    },
    close: () => reader.close(),
  }
}

async function skipBytes(input: ByteInput, count: number): Promise<void> {
  const scratch = new Uint8Array(Math.min(count, 1 << 16))
  for (let rest = count; rest > 0;) {
    const length = await input.read(scratch.subarray(0, Math.min(rest, scratch.length)))
    if (length === 0) return
    rest -= length
  }
}

const COMPRESSED_CHUNK = 64 << 10

function compressedInput(reader: FileReader, path: string, decompressor: Transform): ByteInput {
  const failed = (error: unknown): never => {
    const reason = error instanceof Error ? error.message : String(error)
    throw externalError('file/corrupt', `Cannot decompress "${path}": ${reason}`, { source: path }, error)
  }
  decompressor.on('error', () => undefined)
  void feed(reader, decompressor)
  const chunks = decompressor[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let chunk: Uint8Array = new Uint8Array(0)
  return {
    async read(target) {
      while (chunk.length === 0) {
        const next = await chunks.next().catch(failed)
        if (next.done === true) return 0
        chunk = next.value
      }
      const length = Math.min(chunk.length, target.length)
      target.set(chunk.subarray(0, length))
      chunk = chunk.subarray(length)
      return length
    },
    async close() {
      decompressor.destroy()
      await reader.close()
    },
  }
}

/** Writes the file into the decompressor as fast as that takes it. */
async function feed(reader: FileReader, decompressor: Transform): Promise<void> {
  try {
    for (let position = 0; !decompressor.destroyed;) {
      const bytes = new Uint8Array(COMPRESSED_CHUNK)
      const length = await reader.read(bytes, position)
      if (length === 0) break
      position += length
      if (!decompressor.write(bytes.subarray(0, length))) await drained(decompressor)
    }
    decompressor.end()
  } catch (error) {
    decompressor.destroy(error instanceof Error ? error : new Error(String(error)))
  }
}

function drained(decompressor: Transform): Promise<void> {
  return new Promise((resolve) => {
    decompressor.once('drain', resolve)
    decompressor.once('close', resolve)
  })
}

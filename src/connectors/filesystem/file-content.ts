import type { FileReader, Files, FileStatus } from '../../base/ports.ts'
import { corrupt, type FileBytes } from '../../formats/file-format.ts'

const CHUNK_BYTES = 1 << 20

/** A file opened for reading at any place; small reads close to each other are one. */
export interface FileContent extends FileBytes {
  close(): Promise<void>
}

export async function openContent(files: Files, file: FileStatus): Promise<FileContent> {
  const { path, sizeBytes } = file
  const reader = await files.openRead(path)
  let start = 0
  let chunk: Uint8Array = new Uint8Array(0)
  return {
    path,
    sizeBytes,
    async read(position, length) {
      if (position < 0 || length < 0 || position + length > sizeBytes) {
        throw corrupt(path, `it ends at byte ${sizeBytes}, wanted were ${length} bytes from ${position} on`)
      }
      if (length > CHUNK_BYTES / 2) return readFully(reader, path, position, length)
      if (position < start || position + length > start + chunk.length) {
        chunk = await readFully(reader, path, position, Math.min(CHUNK_BYTES, sizeBytes - position))
        start = position
      }
      return chunk.subarray(position - start, position - start + length)
    },
    close: () => reader.close(),
  }
}

async function readFully(reader: FileReader, path: string, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  for (let filled = 0; filled < length;) {
    const count = await reader.read(bytes.subarray(filled), position + filled)
    if (count === 0) throw corrupt(path, `it ended while it was read, at byte ${position + filled}`)
    filled += count
  }
  return bytes
}

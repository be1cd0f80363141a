import { resolve } from 'node:path'
import type { Source, SourceRequest } from '../../runtime/source.ts'
import { BlockFileReader } from './block-file-reader.ts'
import type { FilePosition } from './file-cursor.ts'
import { FileList } from './file-list.ts'
import { FileSourceReader } from './file-source-reader.ts'
import type { FileTable } from './options.ts'

/** The source of a table over files; its subtasks share one list of files. */
export function fileSource(declared: FileTable, request: SourceRequest): Source {
  const table = { ...declared, path: resolve(declared.path) }
  let list: FileList | undefined
  return {
    async open(options) {
      list ??= new FileList(table, request.partitions, options.ports)
      const position = options.position as FilePosition | undefined
      if (position !== undefined) await list.restore([...position.done, position.path])
      if (table.format.createFileDecoder === undefined) return new FileSourceReader(table, request, list, options)
      await table.format.load?.('read')
      return new BlockFileReader(table, request, list, options)
    },
  }
}

import { resolve } from 'node:path'
import type { Sink } from '../../runtime/sink.ts'
import type { SinkRequest } from '../connector.ts'
import { FileSinkWriter } from './file-sink-writer.ts'
import type { FileTable } from './options.ts'
import type { SinkJob } from './sink-job.ts'
import { startJob } from './sink-job.ts'

/** The sink of a table over files: no file is visible before it is whole. */
export function fileSink(declared: FileTable, request: SinkRequest, columnNames: readonly string[]): Sink {
  const table = { ...declared, path: resolve(declared.path) }
  let job: Promise<SinkJob> | undefined
  return {
    async open(options) {
      await table.format.load?.('write')
      job ??= startJob(table, request, options.ports)
      return new FileSinkWriter(await job, columnNames, options)
    },
  }
}

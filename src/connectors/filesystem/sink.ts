import { resolve } from 'node:path'
import type { Sink } from '../../runtime/sink.ts'
import type { SinkRequest } from '../connector.ts'
import { FileSinkWriter } from './file-sink-writer.ts'
import type { FileTable } from './options.ts'
import type { SinkJob } from './sink-job.ts'
import { startJob } from './sink-job.ts'

/** The sink of a table over files. Nothing is visible before all subtasks have finished. */
export function fileSink(declared: FileTable, request: SinkRequest, columnNames: readonly string[]): Sink {
  const table = { ...declared, path: resolve(declared.path) }
  let job: Promise<SinkJob> | undefined
  return {
    async open(options) {
      job ??= startJob(table, request, options)
      return new FileSinkWriter(await job, columnNames, options)
    },
  }
}

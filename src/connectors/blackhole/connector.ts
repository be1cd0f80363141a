import { checkTableOptions } from '../../catalog/options.ts'
import type { RuntimeConnector } from '../connector.ts'

/** Takes every row and keeps none: to run a job for its speed or its errors. */
export const blackholeConnector: RuntimeConnector = {
  name: 'blackhole',
  doc: 'Takes every row and keeps none',
  options: [],
  sink(table) {
    checkTableOptions(table, { name: 'the connector "blackhole"' }, blackholeConnector.options)
    return { accepts: 'retract', canOverwrite: true, canPartition: true, metadata: [] }
  },
  createSink: () => ({
    open: () =>
      Promise.resolve({
        write: () => 'done' as const,
        flush: () => Promise.resolve(),
        finish: () => Promise.resolve(),
        close: () => Promise.resolve(),
      }),
  }),
}

import { reportError } from './report-error.ts'

/**
 * The status that `work` gives. When nothing is left that could go on and it has still not ended, that is a fault and no end: Node would leave without a
 * word and with status 0.
 */
export async function statusOf(work: Promise<number>): Promise<number> {
  const onAbandoned = (): void => {
    const fault = new Error('nothing is left to do, and the work has not ended')
    process.stderr.write(reportError(fault, { isVerbose: false, isTerminal: false }))
    process.exitCode = 1
  }
  process.once('beforeExit', onAbandoned)
  try {
    return await work
  } finally {
    process.off('beforeExit', onAbandoned)
  }
}

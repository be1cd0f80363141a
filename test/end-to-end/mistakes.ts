// Runs a script in this process as `rheo run` would, and gives what it prints about its mistake.
import { exitStatus, reportError } from '../../src/cli/report-error.ts'
import { startScript } from './script-output.ts'

const LONGEST_MS = 10_000

export interface Mistake {
  readonly status: number
  /** `job.sql:1:8` or `data/orders.csv:2`. */
  readonly place: string
  readonly message: string
  readonly code: string
  readonly out: string
}

/** Undefined when all went well. `folder` is left out of paths. */
export async function mistakeOf(
  sql: string,
  folder: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Mistake | undefined> {
  const { running, text } = startScript(sql, settings)
  const timer = setTimeout(() => void running.stop(), LONGEST_MS)
  try {
    await running.done
    return undefined
  } catch (error) {
    const line = reportError(error, { isVerbose: false, isTerminal: false }).replaceAll(`${folder}/`, '')
    const parts = /^(?:([^ ]+): )?([^]*?) {2}\[([a-z-]+\/[a-z-]+)\]\n$/.exec(line)
    if (parts === null) throw error
    return { status: exitStatus(error), place: parts[1] ?? '', message: parts[2] ?? '', code: parts[3] ?? '', out: text() }
  } finally {
    clearTimeout(timer)
  }
}

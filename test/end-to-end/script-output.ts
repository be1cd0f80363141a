// Runs a script in this process as `rheo run --format changelog` would.
import { runScript, type RunningScript } from '../../src/api/script.ts'
import { resultWriter } from '../../src/cli/result-writer.ts'

export interface ScriptOutput {
  readonly running: RunningScript
  /** What its queries have printed so far. */
  text(): string
}

export function startScript(sql: string, settings: Readonly<Record<string, string>> = {}): ScriptOutput {
  const chunks: Uint8Array[] = []
  const output = (bytes: Uint8Array): void => void chunks.push(bytes)
  const running = runScript(sql, {
    source: 'job.sql',
    settings: new Map(Object.entries(settings)),
    output: (_, bytes) => output(bytes),
    writerOf: (query, timeZone) => resultWriter(query, { format: 'changelog', timeZone, terminalWidth: undefined, limit: 0, output }),
  })
  return { running, text: () => Buffer.concat(chunks).toString() }
}

/** The changes that the queries of a script give in batch mode, in the order of their texts. */
export async function batchRows(sql: string): Promise<readonly string[]> {
  const { running, text } = startScript(sql, { 'execution.runtime-mode': 'batch' })
  await running.done
  return text()
    .split('\n')
    .filter((line) => line !== '')
    .toSorted()
}

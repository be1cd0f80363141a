import { type ChecksumTotals, checksumConnector } from '../connectors/checksum/connector.ts'
import { connectorRegistry } from '../connectors/registry.ts'
import { runScript } from './script.ts'

/** The queries of the benchmark that run. */
export const nexmarkQueries: readonly string[] = ['q0', 'q1', 'q2', 'q14', 'q21', 'q22']

/** One run of one query, generation and checksum included. */
export interface NexmarkMeasurement {
  readonly query: string
  readonly events: number
  readonly parallelism: number
  readonly seconds: number
  readonly eventsPerSecond: number
  readonly cpuSeconds: number
  readonly peakRssBytes: number
  readonly outputRows: number
  readonly checksum: string
}

/** Runs one query's script, whose sink is `checksum` and whose number of events is `${EVENTS}`. */
export async function measureNexmark(
  query: string,
  text: string,
  events: number,
  settings: ReadonlyMap<string, string>,
): Promise<NexmarkMeasurement> {
  const totals: ChecksumTotals = { rows: 0, checksum: 0n }
  const cpuBefore = process.cpuUsage()
  const { done } = runScript(text.replaceAll('${EVENTS}', String(events)), {
    source: `${query}.sql`,
    settings,
    connectors: connectorRegistry([checksumConnector(totals)]),
    output: () => undefined,
    writerOf: () => ({ write: () => undefined, finish: () => undefined }),
  })
  const { summary } = await done
  const cpu = process.cpuUsage(cpuBefore)
  return {
    query,
    events,
    parallelism: Number(settings.get('parallelism.default') ?? 1),
    seconds: summary.seconds,
    eventsPerSecond: Math.round(events / summary.seconds),
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    outputRows: totals.rows,
    checksum: totals.checksum.toString(16).padStart(16, '0'),
  }
}

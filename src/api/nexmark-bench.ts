import { nodePorts } from '../base/node-ports.ts'
import type { Files } from '../base/ports.ts'
import { type ChecksumTotals, checksumConnector } from '../connectors/checksum/connector.ts'
import { nexmarkConnector } from '../connectors/nexmark/connector.ts'
import { connectorRegistry } from '../connectors/registry.ts'
import { arenaOfThread, ArenaOwner } from '../data/arena.ts'
import { eventClock } from './event-clock.ts'
import { runScript } from './script.ts'

/** The queries of the benchmark that have a text: all but q6, which Flink cannot plan. */
export const nexmarkQueries: readonly string[] = Array.from({ length: 23 }, (_, i) => `q${i}`).filter((query) => query !== 'q6')

/** Processing time goes as fast as event time, from its start. */
const START_MS = 1_704_067_200_000
const EVENTS_PER_MS = 100

const SIDE_INPUT_ROWS = 10_000

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

export interface NexmarkOptions {
  readonly events: number
  readonly settings: ReadonlyMap<string, string>
  /** For the files of queries that read or write some. */
  readonly folder: string
}

/**
 * Runs one query's script, whose number of events is `${EVENTS}`. Its sink is `checksum`, or it writes files below `${FOLDER}`, which are summed
 * after the measurement.
 */
export async function measureNexmark(query: string, text: string, options: NexmarkOptions): Promise<NexmarkMeasurement> {
  const { events, settings, folder } = options
  const { files } = nodePorts
  const totals: ChecksumTotals = { rows: 0, checksum: 0n }
  if (text.includes('${FOLDER}/side_input.csv')) await writeSideInput(files, `${folder}/side_input.csv`)
  const { clock, connector } = eventClock(nexmarkConnector, START_MS, EVENTS_PER_MS)
  const cpuBefore = process.cpuUsage()
  const { done } = runScript(text.replaceAll('${EVENTS}', String(events)).replaceAll('${FOLDER}', folder), {
    source: `${query}.sql`,
    settings,
    connectors: connectorRegistry([checksumConnector(totals), connector]),
    ports: { ...nodePorts, clock },
    output: () => undefined,
    writerOf: () => ({ write: () => undefined, finish: () => undefined }),
  })
  const { summary } = await done
  const cpu = process.cpuUsage(cpuBefore)
  const peakRssBytes = process.resourceUsage().maxRSS * 1024
  await addFiles(files, `${folder}/bid`, totals)
  return {
    query,
    events,
    parallelism: Number(settings.get('parallelism.default') ?? 1),
    seconds: summary.seconds,
    eventsPerSecond: Math.round(events / summary.seconds),
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    peakRssBytes,
    outputRows: totals.rows,
    checksum: totals.checksum.toString(16).padStart(16, '0'),
  }
}

async function writeSideInput(files: Files, path: string): Promise<void> {
  const file = await files.openWrite(path)
  await file.write(Buffer.from(Array.from({ length: SIDE_INPUT_ROWS }, (_, key) => `${key},value-${key}\n`).join('')))
  await file.close()
}

const CHUNK_BYTES = 1 << 20
const LINE_FEED = 10

/** Adds the lines of all files of a folder, if it is there: a sum that does not depend on how they are divided among files. */
async function addFiles(files: Files, path: string, totals: ChecksumTotals): Promise<void> {
  if ((await files.status(path)) === undefined) return
  for (const entry of await files.list(path)) {
    if (entry.kind === 'folder') await addFiles(files, entry.path, totals)
    else await addLines(files, entry.path, totals)
  }
}

async function addLines(files: Files, path: string, totals: ChecksumTotals): Promise<void> {
  const owner = new ArenaOwner(arenaOfThread(), 'checksum')
  const { kernels, u8 } = owner.arena
  const start = owner.allocate(CHUNK_BYTES)
  // A port may not write to shared memory.
  const chunk = new Uint8Array(CHUNK_BYTES)
  const file = await files.openRead(path)
  let kept = 0
  for (let position = 0; ;) {
    const count = await file.read(chunk.subarray(0, CHUNK_BYTES - kept), position)
    if (count === 0) break
    u8.set(chunk.subarray(0, count), start + kept)
    position += count
    const end = start + kept + count
    let line = start
    for (;;) {
      const feed = kernels.findByte(line, end, LINE_FEED) >>> 0
      if (feed === end) break
      totals.checksum = BigInt.asUintN(64, totals.checksum + kernels.hashBytes(line, feed - line))
      totals.rows++
      line = feed + 1
    }
    u8.copyWithin(start, line, end)
    kept = end - line
  }
  await file.close()
  owner.close()
}

// Rheo beside a real Apache Flink on the same events of the Nexmark benchmark: are the folded outputs equal, and what do both cost?
// usage: node bench/peers/compare.ts [--query Q]... [--events N] [--only equal|time] [--runs N] [--flink KEY=VALUE]... [--json]
// Needs Java 17 with javac, and Maven, pip and the network the first time, when Flink is fetched. See docs/performance.md.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type NexmarkMeasurement, nexmarkQueries } from '../../src/api/nexmark-bench.ts'
import { buildTables, type FlinkCluster, type FlinkMeasurement, startFlink } from './flink.ts'
import { foldDifference } from './fold-difference.ts'
import { queryScript } from './queries.ts'

const root = join(import.meta.dirname, '../..')
const SIDE_INPUT_ROWS = 10_000
const HEAP_MEGABYTES = 4096

const { values } = parseArgs({
  options: {
    query: { type: 'string', multiple: true },
    events: { type: 'string', default: '1000000' },
    only: { type: 'string' },
    runs: { type: 'string', default: '3' },
    flink: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
  },
})
const queries = values.query ?? nexmarkQueries
const unknown = queries.find((query) => !nexmarkQueries.includes(query))
if (unknown !== undefined) throw new Error(`Cannot find the query "${unknown}": there are ${nexmarkQueries.join(', ')}`)
const events = Number(values.events)
const runs = Number(values.runs)
const settings: ReadonlyMap<string, string> = new Map([
  ['parallelism.default', '1'],
  ['table.local-time-zone', 'UTC'],
  ['table.dml-sync', 'false'],
  // Rows that are handed on without copies, as the public benchmark sets it.
  ['pipeline.object-reuse', 'true'],
  ...(values.flink ?? []).map((pair): [string, string] => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
])

const folder = mkdtempSync(join(tmpdir(), 'rheo-compare-'))
let cluster: FlinkCluster | undefined
let differing = 0
try {
  const jar = buildTables()
  if (values.only !== 'time') {
    cluster = startFlink(jar, HEAP_MEGABYTES)
    print(['query', 'changes Flink', 'changes Rheo', 'rows', 'differing'])
    for (const query of queries) differing += await compareOutputs(query, cluster)
    cluster.stop()
    cluster = undefined
  }
  if (values.only !== 'equal') {
    execFileSync(process.execPath, [join(root, 'scripts/build.ts')], { stdio: ['ignore', 'ignore', 'inherit'] })
    print(['query', 'Flink K/core s', 'Rheo K/core s', 'ratio', 'Flink s', 'Rheo s', 'Flink cpu s', 'Rheo cpu s', 'Flink MB', 'Rheo MB'])
    for (const query of queries) {
      // Each query has a cluster of its own, so that its memory is its own too. The first run, in which the code is compiled, is not counted.
      cluster = startFlink(jar, HEAP_MEGABYTES)
      await measure(query, cluster)
      cluster.stop()
      cluster = undefined
    }
  }
} finally {
  cluster?.stop()
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = differing === 0 ? 0 : 1

/** Runs a query on both and compares what remains of their changes. */
async function compareOutputs(query: string, flink: FlinkCluster): Promise<number> {
  const folders = { flink: emptyFolder(`${query}-flink`), rheo: emptyFolder(`${query}-rheo`) }
  const common = { query, purpose: 'compare', events } as const
  await flink.run(queryScript({ ...common, engine: 'flink', folder: folders.flink }), settings)
  const script = join(folders.rheo, 'script.sql')
  writeFileSync(script, queryScript({ ...common, engine: 'rheo', folder: folders.rheo }))
  writeFileSync(join(folders.rheo, 'side_input.csv'), Array.from({ length: SIDE_INPUT_ROWS }, (_, key) => `${key},value-${key}\n`).join(''))
  execFileSync(process.execPath, [join(import.meta.dirname, 'rheo-changes.ts'), script], { stdio: 'inherit' })
  const found = await foldDifference(join(folders.flink, 'changes'), join(folders.rheo, 'changes'))
  if (values.json) console.log(JSON.stringify({ query, events, ...found }))
  else {
    print([query, count(found.left), count(found.right), count(found.rows), count(found.differing)])
    for (const row of found.onlyLeft) console.log(`  only Flink: ${row.slice(0, 300)}`)
    for (const row of found.onlyRight) console.log(`  only Rheo:  ${row.slice(0, 300)}`)
  }
  for (const each of Object.values(folders)) rmSync(each, { recursive: true, force: true })
  return found.differing
}

async function measure(query: string, flink: FlinkCluster): Promise<void> {
  const theirs: FlinkMeasurement[] = []
  for (let run = 0; run <= runs; run++) {
    const files = emptyFolder(`${query}-time`)
    const measured = await flink.run(queryScript({ query, engine: 'flink', purpose: 'time', events, folder: files }), settings)
    if (run > 0) theirs.push(measured)
  }
  const ours = Array.from({ length: runs }, () => measureRheo(query))
  const flinkCpu = median(theirs.map((each) => each.cpuSeconds))
  const rheoCpu = median(ours.map((each) => each.cpuSeconds))
  const flinkSeconds = median(theirs.map((each) => each.seconds))
  const rheoSeconds = median(ours.map((each) => each.seconds))
  const flinkBytes = Math.max(...theirs.map((each) => each.peakRssBytes))
  const rheoBytes = Math.max(...ours.map((each) => each.peakRssBytes))
  if (values.json) {
    console.log(JSON.stringify({ query, events, flinkSeconds, rheoSeconds, flinkCpu, rheoCpu, flinkBytes, rheoBytes }))
    return
  }
  print([
    query,
    (events / flinkCpu / 1000).toFixed(0),
    (events / rheoCpu / 1000).toFixed(0),
    (flinkCpu / rheoCpu).toFixed(1),
    flinkSeconds.toFixed(2),
    rheoSeconds.toFixed(2),
    flinkCpu.toFixed(2),
    rheoCpu.toFixed(2),
    (flinkBytes / 1e6).toFixed(0),
    (rheoBytes / 1e6).toFixed(0),
  ])
}

function measureRheo(query: string): NexmarkMeasurement {
  const words = ['bench', 'nexmark', '--query', query, '--events', String(events), '--json']
  return JSON.parse(execFileSync(process.execPath, [join(root, 'dist/rheo.js'), ...words], { encoding: 'utf8' })) as NexmarkMeasurement
}

function emptyFolder(name: string): string {
  const path = join(folder, name)
  rmSync(path, { recursive: true, force: true })
  mkdirSync(path)
  return path
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0
}

function count(number: number): string {
  return number.toLocaleString('en-US')
}

function print(cells: readonly string[]): void {
  if (!values.json) console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(6) : cell.padStart(15))).join(''))
}

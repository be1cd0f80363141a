// Measures the parts of a job without the rest: q1 and q2 over prepared batches, JSON lines and CSV to columns; beside them, on the same rows and
// in the same run, DuckDB's Node client and RxJS. Medians of five. usage: npm run bench
import { mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { filter, from, map, range } from 'rxjs'
import { nodePorts } from '../src/base/node-ports.ts'
import { Random } from '../src/base/random.ts'
import type { Table } from '../src/catalog/table.ts'
import { filesystemConnector } from '../src/connectors/filesystem/connector.ts'
import { ArenaOwner, arenaOfThread } from '../src/data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../src/data/batch.ts'
import { BatchBuffer } from '../src/data/batch-buffer.ts'
import { type SqlType, types } from '../src/data/types.ts'
import { createPipeline } from '../src/expr/create-pipeline.ts'
import type { Expr } from '../src/expr/expr.ts'
import { buildCall } from '../src/expr/resolve-call.ts'

const RUNS = 5
const ROWS = 10_000_000
const FILE_ROWS = 1_000_000
const arena = arenaOfThread()
const context = {
  clock: nodePorts.clock,
  random: new Random(0),
  timeZone: 'UTC',
  queryStartMs: undefined,
  currentCatalog: 'default_catalog',
  currentDatabase: 'default_database',
}

/** Median seconds of `RUNS` runs after one that is not counted. */
async function median(run: () => unknown): Promise<number> {
  const seconds: number[] = []
  for (let i = 0; i <= RUNS; i++) {
    const start = performance.now()
    await run()
    if (i > 0) seconds.push((performance.now() - start) / 1000)
  }
  return seconds.sort((a, b) => a - b)[RUNS >> 1] ?? 0
}

function report(name: string, seconds: number, rows: number, bytes?: number): void {
  const speed = `${(rows / seconds / 1e6).toFixed(2)} M rows/s`.padStart(18)
  console.log(`${name.padEnd(44)}${speed}${bytes === undefined ? '' : `${(bytes / seconds / 1e6).toFixed(0)} MB/s`.padStart(12)}`)
}

// --- q1 and q2 over prepared batches -------------------------------------------------------------------------------

const bidTypes: readonly SqlType[] = [types.bigint(), types.bigint(), types.bigint()]
const column = (index: number): Expr => ({ kind: 'column', index, type: bidTypes[index] ?? types.bigint() })
const decimal: Expr = { kind: 'literal', type: types.decimal(3, 3, false), value: 908n }
const integer = (value: number): Expr => ({ kind: 'literal', type: types.integer(false), value })

function preparedBatch(owner: ArenaOwner): Batch {
  const { batch } = new BatchBuffer(owner, bidTypes)
  const random = new Random(1)
  for (const [c, each] of batch.columns.entries()) {
    for (let row = 0; row < BATCH_CAPACITY; row++)
      arena.i64[each.cells / 8 + row] = BigInt(random.nextInt([20_000, 5_000, 100_000_000][c] ?? 1))
  }
  batch.rowCount = BATCH_CAPACITY
  batch.selectedCount = BATCH_CAPACITY
  return batch
}

async function expressions(): Promise<void> {
  const owner = new ArenaOwner(arena, 'bench')
  const batches = Array.from({ length: 64 }, () => preparedBatch(owner))
  const loops = Math.ceil(ROWS / BATCH_CAPACITY)
  for (const execution of ['compiled', 'interpreted'] as const) {
    const options = { owner, context, execution }
    const divisor = execution === 'compiled' ? 1 : 100
    const q1 = createPipeline(
      { inputTypes: bidTypes, steps: [{ kind: 'project', projections: [column(0), column(1), buildCall('*', [decimal, column(2)])] }] },
      options,
    )
    const q2 = createPipeline(
      {
        inputTypes: bidTypes,
        steps: [
          { kind: 'filter', condition: buildCall('=', [buildCall('MOD', [column(0), integer(123)]), integer(0)]) },
          { kind: 'project', projections: [column(0), column(2)] },
        ],
      },
      options,
    )
    for (const [name, pipeline] of [
      ['q1', q1],
      ['q2', q2],
    ] as const) {
      const count = Math.ceil(loops / divisor)
      const seconds = await median(() => {
        for (let i = 0; i < count; i++) pipeline.run(batches[i % batches.length]!)
      })
      report(`${name} over prepared batches, ${execution}`, seconds, count * BATCH_CAPACITY)
    }
  }
  owner.close()
  const bids = Array.from({ length: 1_000_000 }, (_, i) => ({ auction: i % 20_000, bidder: i % 5_000, price: (i * 7919) % 100_000_000 }))
  report(
    'q1, RxJS over objects',
    await median(() =>
      from(bids)
        .pipe(map((bid) => ({ ...bid, price: bid.price * 0.908 })))
        .subscribe(),
    ),
    bids.length,
  )
  report(
    'q2, RxJS over objects',
    await median(() =>
      from(bids)
        .pipe(filter((bid) => bid.auction % 123 === 0))
        .subscribe(),
    ),
    bids.length,
  )
  report('an empty RxJS range', await median(() => range(0, 1_000_000).subscribe()), 1_000_000)
}

// --- files to columns ----------------------------------------------------------------------------------------------

const fileColumns = {
  auction: types.bigint(),
  bidder: types.bigint(),
  price: types.bigint(),
  channel: types.string(),
  url: types.string(),
  dateTime: types.timestamp(3),
  extra: types.string(),
}

function writeBids(path: string, line: (bid: readonly (number | string)[]) => string): void {
  const random = new Random(2)
  const file = openSync(path, 'w')
  let text = ''
  const letters = 'abcdefghijklmnopqrstuvwxyz'.repeat(6)
  for (let i = 0; i < FILE_ROWS; i++) {
    const at = random.nextInt(26)
    const channel = `channel-${random.nextInt(10_000)}`
    const time = new Date(1_704_067_200_000 + Math.floor(i / 100)).toISOString().slice(0, 23).replace('T', ' ')
    const url = `https://www.nexmark.com/${letters.slice(at, at + 4)}/item.htm?query=1&channel_id=${random.nextInt(1e9)}`
    text += line([
      1000 + random.nextInt(20_000),
      1000 + random.nextInt(5_000),
      random.nextInt(1e8),
      channel,
      url,
      time,
      letters.slice(at, at + 68),
    ])
    if (text.length > 1 << 20) {
      writeSync(file, text)
      text = ''
    }
  }
  writeSync(file, text)
}

async function readAll(path: string, format: string): Promise<number> {
  const table: Table = {
    kind: 'table',
    columns: Object.entries(fileColumns).map(([name, type]) => ({ kind: 'physical', name, type })),
    partitionedBy: [],
    options: new Map([
      ['connector', 'filesystem'],
      ['path', path],
      ['format', format],
    ]),
    isTemporary: false,
  }
  const columns = Object.entries(fileColumns).map(([name, type]) => ({ name, type }))
  const reader = await filesystemConnector.createSource?.(table, { columns, metadata: [] }).open({
    arena,
    ports: nodePorts,
    subtask: 0,
    parallelism: 1,
    batchRows: BATCH_CAPACITY,
    blockBytes: 1 << 20,
    maxRecordBytes: 64 << 20,
    seed: 0,
    timeZone: 'UTC',
    position: undefined,
  })
  let rows = 0
  for (;;) {
    const step = reader?.next() ?? { kind: 'end' }
    if (step.kind === 'end') break
    if (step.kind === 'wait') await step.ready
    if (step.kind === 'batch') rows += step.batch.selectedCount
  }
  await reader?.close()
  return rows
}

async function files(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rheo-bench-'))
  const names = Object.keys(fileColumns)
  const json = join(folder, 'bids.jsonl')
  const csv = join(folder, 'bids.csv')
  writeBids(json, (bid) => `${JSON.stringify(Object.fromEntries(names.map((name, i) => [name, bid[i]])))}\n`)
  writeBids(csv, (bid) => `${bid.join(',')}\n`)
  report('JSON lines to columns', await median(() => readAll(json, 'json')), FILE_ROWS, statSync(json).size)
  report('CSV to columns', await median(() => readAll(csv, 'csv')), FILE_ROWS, statSync(csv).size)
  await duckdb(json, csv)
  rmSync(folder, { recursive: true })
}

async function duckdb(json: string, csv: string): Promise<void> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect()
  await connection.run(
    `CREATE TABLE bid AS SELECT range % 20000 AS auction, range % 5000 AS bidder, (range * 7919) % 100000000 AS price FROM range(${ROWS})`,
  )
  const sums = async (sql: string): Promise<void> => void (await connection.runAndReadAll(sql))
  report('q1, DuckDB, one thread', await median(() => sums('SELECT sum(auction), sum(bidder), sum(0.908 * price) FROM bid')), ROWS)
  report('q2, DuckDB, one thread', await median(() => sums('SELECT sum(auction), sum(price) FROM bid WHERE auction % 123 = 0')), ROWS)
  const read = (source: string): string =>
    `SELECT sum(auction), sum(bidder), sum(price), sum(length(channel) + length(url) + length(extra)), max("dateTime") FROM ${source}`
  const list =
    "{auction: 'BIGINT', bidder: 'BIGINT', price: 'BIGINT', channel: 'VARCHAR', url: 'VARCHAR', \"dateTime\": 'TIMESTAMP', extra: 'VARCHAR'}"
  report(
    'JSON lines, DuckDB, one thread',
    await median(() => sums(read(`read_json('${json}', format = 'newline_delimited', columns = ${list})`))),
    FILE_ROWS,
    statSync(json).size,
  )
  report(
    'CSV, DuckDB, one thread',
    await median(() => sums(read(`read_csv('${csv}', header = false, columns = ${list})`))),
    FILE_ROWS,
    statSync(csv).size,
  )
}

await expressions()
await files()

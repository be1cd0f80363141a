// Rows per CPU second that avro and parquet take to read and to write, beside what the packages do alone: node bench/formats.ts [ROWS]
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compressors } from 'hyparquet-compressors'
import { parquetMetadataAsync, parquetRead } from 'hyparquet'
import { ByteWriter, parquetWrite } from 'hyparquet-writer'
import { runScript } from '../src/api/script.ts'

const rows = Number(process.argv[2] ?? 1_000_000)
const folder = mkdtempSync(join(tmpdir(), 'rheo-formats-'))
const columns = 'id BIGINT, name STRING, amount DOUBLE, kind INT, ts TIMESTAMP(3)'
const fields = `'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '${rows}', 'fields.name.length' = '12', 'fields.kind.max' = '100'`

async function run(script: string): Promise<void> {
  const settings = new Map([['execution.runtime-mode', 'batch']])
  await runScript(script, {
    source: 'bench',
    settings,
    output: () => undefined,
    writerOf: () => ({ write: () => undefined, finish: () => undefined }),
  }).done
}

/** Runs a step three times and tells the best of them. */
async function measure(name: string, step: () => Promise<unknown>): Promise<void> {
  let best = Infinity
  for (let i = 0; i < 3; i++) {
    const start = process.cpuUsage()
    await step()
    const { user, system } = process.cpuUsage(start)
    best = Math.min(best, (user + system) / 1e6)
  }
  console.log(`${name.padEnd(44)} ${(rows / best / 1e6).toFixed(2)} M rows/s`)
}

const made = `CREATE TABLE made (${columns}) WITH ('connector' = 'datagen', 'number-of-rows' = '${rows}', 'rows-per-second' = '1000000000', ${fields});`
const nowhere = `CREATE TABLE nowhere (${columns}) WITH ('connector' = 'blackhole');`
const table = (name: string, options: string): string =>
  `CREATE TABLE files (${columns}) WITH ('connector' = 'filesystem', 'path' = '${join(folder, name)}', ${options});`

try {
  await measure('datagen alone', () => run(`${made} ${nowhere} INSERT INTO nowhere SELECT * FROM made`))
  for (const [name, options] of [
    ['csv', `'format' = 'csv'`],
    ['avro, uncompressed', `'format' = 'avro', 'avro.codec' = 'null'`],
    ['avro, snappy', `'format' = 'avro'`],
    ['parquet, uncompressed', `'format' = 'parquet', 'parquet.compression' = 'UNCOMPRESSED'`],
    ['parquet, snappy', `'format' = 'parquet'`],
    ['parquet, snappy, INT64', `'format' = 'parquet', 'parquet.write.int64.timestamp' = 'true', 'parquet.timestamp.time.unit' = 'millis'`],
  ] as const) {
    await measure(`${name}: datagen and write`, () => run(`${made} ${table(name, options)} INSERT OVERWRITE files SELECT * FROM made`))
    await measure(`${name}: read`, () => run(`${table(name, options)} ${nowhere} INSERT INTO nowhere SELECT * FROM files`))
    await measure(`${name}: read two columns`, () => run(`${table(name, options)} SELECT SUM(id), SUM(kind) FROM files`))
  }
  const [file] = readdirSync(join(folder, 'parquet, snappy')).filter((name) => !name.startsWith('.'))
  const path = join(folder, 'parquet, snappy', file!)
  const handle = await open(path)
  const buffer = {
    byteLength: statSync(path).size,
    slice: async (start: number, end: number = statSync(path).size) => {
      const bytes = new Uint8Array(end - start)
      await handle.read(bytes, 0, bytes.length, start)
      return bytes.buffer
    },
  }
  const metadata = await parquetMetadataAsync(buffer)
  const chunks = new Map<string, unknown[]>()
  await measure('hyparquet alone: read as columns', async () => {
    chunks.clear()
    await parquetRead({
      file: buffer,
      metadata,
      compressors,
      onChunk: ({ columnName, columnData }) => {
        const list = chunks.get(columnName) ?? []
        for (const value of columnData as unknown[]) list.push(value)
        chunks.set(columnName, list)
      },
    })
  })
  await handle.close()
  await measure('hyparquet-writer alone: write, snappy', () => {
    const writer = new ByteWriter()
    const types = { id: 'INT64', name: 'STRING', amount: 'DOUBLE', kind: 'INT32', ts: 'TIMESTAMP' } as const
    void parquetWrite({
      writer,
      columnData: Object.entries(types).map(([name, type]) => ({ name, data: chunks.get(name) as never, type })),
    })
    return Promise.resolve(writer.offset)
  })
} finally {
  rmSync(folder, { recursive: true, force: true })
}

// Files between Rheo and a real Apache Flink: Rheo writes, Flink reads and writes again, Rheo reads; the rows must be equal each time.
// usage: FLINK_GATEWAY=http://127.0.0.1:18083 node bench/peers/formats.ts [ROWS]
// Needs a running cluster on this machine with its SQL gateway (default: the one of engines/flink). The jars of avro and parquet are taken from
// FLINK_FORMAT_JARS, a folder, or fetched by Maven the first time.
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Random } from '../../src/base/random.ts'
import { batchRows } from '../../test/end-to-end/script-output.ts'

const gateway = process.env['FLINK_GATEWAY'] ?? 'http://127.0.0.1:18083'
const engines = process.env['RHEO_ENGINES'] ?? join(homedir(), '.cache/rheo-engines')
const jars = process.env['FLINK_FORMAT_JARS'] ?? join(engines, 'flink/formats')
const artifacts = [
  'org.apache.flink:flink-sql-avro:2.3.0',
  'org.apache.flink:flink-sql-parquet:2.3.0',
  'org.apache.hadoop:hadoop-client-api:3.3.6',
  'org.apache.hadoop:hadoop-client-runtime:3.3.6',
]
const rowCount = Number(process.argv[2] ?? 500)

const flat = [
  'id INT NOT NULL',
  'big BIGINT',
  'tiny TINYINT',
  'small SMALLINT',
  'name STRING',
  'ok BOOLEAN',
  'f FLOAT',
  'd DOUBLE',
  'de DECIMAL(20, 4)',
  'wide DECIMAL(38, 10)',
  'da DATE',
  'ti TIME(0)',
  'ts TIMESTAMP(3)',
  'b BYTES',
].join(', ')
const nested = `${flat}, tags ARRAY<STRING>, r ROW<x INT, y ROW<z STRING, w ARRAY<INT>>>, m MAP<STRING, INT>`

const cases: readonly { readonly name: string; readonly columns: string; readonly options: string }[] = [
  { name: 'csv', columns: flat, options: `'format' = 'csv', 'csv.null-literal' = 'NULL'` },
  { name: 'json', columns: nested, options: `'format' = 'json'` },
  { name: 'avro', columns: nested, options: `'format' = 'avro'` },
  {
    name: 'avro-deflate',
    columns: nested,
    options: `'format' = 'avro', 'avro.codec' = 'deflate', 'avro.timestamp_mapping.legacy' = 'false'`,
  },
  { name: 'parquet', columns: nested, options: `'format' = 'parquet'` },
  {
    name: 'parquet-int64',
    columns: nested,
    options: `'format' = 'parquet', 'parquet.compression' = 'GZIP', 'parquet.write.int64.timestamp' = 'true', 'parquet.timestamp.time.unit' = 'millis'`,
  },
]

/** Rows as JSON lines, NULL now and then. Timestamps are after 1970: Flink writes earlier ones of parquet a second too late. */
function sourceLines(): string {
  const random = new Random(1)
  const pick = <T>(make: () => T): T | null => (random.nextInt(6) === 0 ? null : make())
  const digits = (count: number): string => Array.from({ length: 1 + random.nextInt(count) }, () => random.nextInt(10)).join('')
  const two = (limit: number): string => String(random.nextInt(limit)).padStart(2, '0')
  const text = (): string => Array.from({ length: random.nextInt(9) }, () => 'aäß😀 "\',;\\\t7'.at(random.nextInt(13))).join('')
  const day = (): string =>
    `${1970 + random.nextInt(80)}-${String(1 + random.nextInt(12)).padStart(2, '0')}-${String(1 + random.nextInt(28)).padStart(2, '0')}`
  const sign = (): string => (random.nextInt(2) === 0 ? '-' : '')
  const row = (id: number): unknown => ({
    id,
    big: pick(() => `${sign()}${digits(18)}`),
    tiny: pick(() => random.nextInt(256) - 128),
    small: pick(() => random.nextInt(65536) - 32768),
    name: pick(text),
    ok: pick(() => random.nextInt(2) === 1),
    f: pick(() => Math.fround(random.nextInt(10000) / 8)),
    d: pick(() => (random.nextInt(1000000) - 500000) / 7),
    de: pick(() => `${sign()}${digits(16)}.${digits(4)}`),
    wide: pick(() => `${sign()}${digits(28)}.${digits(10)}`),
    da: pick(day),
    ti: pick(() => `${two(24)}:${two(60)}:${two(60)}`),
    ts: pick(() => `${day()} ${two(24)}:${two(60)}:${two(60)}.${two(100)}${random.nextInt(10)}`),
    b: pick(() => Buffer.from(text()).toString('base64')),
    tags: pick(() => Array.from({ length: random.nextInt(4) }, () => pick(text))),
    r: pick(() => ({ x: pick(() => random.nextInt(9)), y: pick(() => ({ z: pick(text), w: pick(() => [random.nextInt(9), null]) })) })),
    m: pick(() => ({ k: pick(() => random.nextInt(9)) })),
  })
  return Array.from({ length: rowCount }, (_, id) => `${JSON.stringify(row(id))}\n`).join('')
}

type Page = {
  readonly resultType: string
  readonly nextResultUri?: string
  readonly results: { readonly data: readonly { readonly fields: readonly (string | null)[] }[] }
}

async function call(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(gateway + path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(text.match(/Caused by: [^\\]*/g)?.at(-1) ?? text.slice(0, 500))
  return JSON.parse(text)
}

/** Runs statements in one session and returns the rows of all that give some. */
async function inFlink(statements: readonly string[]): Promise<readonly string[]> {
  const properties = {
    'execution.runtime-mode': 'batch',
    'table.local-time-zone': 'UTC',
    'table.dml-sync': 'true',
    'parallelism.default': '1',
  }
  const { sessionHandle } = (await call('POST', '/v2/sessions', { properties })) as { sessionHandle: string }
  const rows: string[] = []
  try {
    for (const statement of statements) {
      const base = `/v2/sessions/${sessionHandle}`
      const { operationHandle } = (await call('POST', `${base}/statements`, { statement })) as { operationHandle: string }
      const isQuery = statement.startsWith('SELECT')
      for (let next: string | undefined = `${base}/operations/${operationHandle}/result/0`; next !== undefined;) {
        const page = (await call('GET', `${next.replace(/\?.*/, '')}?rowFormat=PLAIN_TEXT`)) as Page
        if (page.resultType === 'PAYLOAD' && isQuery) {
          for (const { fields } of page.results.data) rows.push(`+I[${fields.map((field) => field ?? 'null').join(', ')}]`)
        } else if (page.resultType === 'NOT_READY') await new Promise((resolve) => setTimeout(resolve, 50))
        next = page.nextResultUri
      }
    }
  } finally {
    await call('DELETE', `/v2/sessions/${sessionHandle}`)
  }
  return rows.toSorted()
}

function difference(a: readonly string[], b: readonly string[]): string {
  const at = a.findIndex((row, i) => row !== b[i])
  return at < 0 && a.length === b.length
    ? 'equal'
    : `DIFFERENT: ${a.length} and ${b.length} rows, first at ${at}: ${a[at] ?? ''} and ${b[at] ?? ''}`
}

mkdirSync(jars, { recursive: true })
for (const artifact of artifacts) {
  const [, name, version] = artifact.split(':')
  if (existsSync(join(jars, `${name}-${version}.jar`))) continue
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy'
  execFileSync('mvn', ['-q', '-B', goal, `-Dartifact=${artifact}`, `-DoutputDirectory=${jars}`, '-Dmdep.useBaseVersion=true'], {
    stdio: 'inherit',
  })
}
const addJars = artifacts
  .map((artifact) => artifact.split(':'))
  .map(([, name, version]) => `ADD JAR '${join(jars, `${name}-${version}.jar`)}'`)
const folder = mkdtempSync(join(tmpdir(), 'rheo-flink-'))
chmodSync(folder, 0o777)
const lines = join(folder, 'source.jsonl')
writeFileSync(lines, sourceLines())
let failures = 0
try {
  for (const { name, columns, options } of cases) {
    const table = (as: string, path: string): string =>
      `CREATE TABLE ${as} (${columns}) WITH ('connector' = 'filesystem', 'path' = '${join(folder, path)}', ${options})`
    const source = `CREATE TABLE lines (${columns}) WITH ('connector' = 'filesystem', 'path' = '${lines}', 'format' = 'json')`
    const ours = await batchRows(`${source}; ${table('ours', `${name}-rheo`)}; INSERT INTO ours SELECT * FROM lines; SELECT * FROM ours`)
    const theirs = join(folder, `${name}-flink`)
    mkdirSync(theirs)
    chmodSync(theirs, 0o777)
    const read = await inFlink([
      ...addJars,
      table('ours', `${name}-rheo`),
      table('theirs', `${name}-flink`),
      'INSERT INTO theirs SELECT * FROM ours',
      'SELECT * FROM ours',
    ])
    const back = await batchRows(`${table('theirs', `${name}-flink`)}; SELECT * FROM theirs`)
    const answers = [difference(ours, read), difference(ours, back)]
    if (answers.some((answer) => answer !== 'equal') || ours.length !== rowCount) failures++
    console.log(
      `${name.padEnd(16)} ${String(ours.length).padStart(6)} rows · Flink reads Rheo's: ${answers[0]} · Rheo reads Flink's: ${answers[1]}`,
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = failures > 0 ? 1 : 0

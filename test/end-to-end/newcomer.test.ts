// Goal: whoever is new, and types what another database understands, is told where the mistake is, what it is, and how to go on. Method: the blocks of
// newcomer-mistakes.sql run one by one; the messages are kept in newcomer-mistakes.golden, whose difference is read. UPDATE_MISTAKES=1 writes it.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { mistakeOf } from './mistakes.ts'

const here = import.meta.dirname
const golden = join(here, 'newcomer-mistakes.golden')

const tables = `CREATE TABLE orders (id INT, customer STRING, amount DECIMAL(10, 2), ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen', 'number-of-rows' = '5');\
 CREATE TABLE customers (name STRING, city STRING) WITH ('connector' = 'datagen', 'number-of-rows' = '5');\
 CREATE TABLE sink (id INT, name STRING) WITH ('connector' = 'blackhole');\n`

test('each mistake has its place, what was found or wanted, and a next step', async () => {
  const blocks = readFileSync(join(here, 'newcomer-mistakes.sql'), 'utf8')
    .replace(/^--.*\n/, '')
    .split(/^;;\n/m)
  assert.ok(blocks.length >= 50, `${blocks.length} mistakes`)
  let told = ''
  for (const block of blocks) {
    const sql = block.trim()
    const mistake = await mistakeOf(tables + sql, process.cwd())
    assert.ok(mistake !== undefined, `no mistake was found: ${sql}`)
    const { place, message, code, status } = mistake
    assert.match(place, /^job\.sql:2:\d+$/, sql)
    assert.match(message, /^Cannot [^]*[^.]$/, sql)
    assert.ok(status === 2 || code.startsWith('file/'), sql)
    told += `${sql}\n    ${place.slice('job.sql:2:'.length)}: ${message}  [${code}]\n`
  }
  if (process.env['UPDATE_MISTAKES'] === '1') writeFileSync(golden, told)
  assert.equal(told, readFileSync(golden, 'utf8'))
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryPorts } from '../../test/memory-ports.ts'
import type { RheoError } from '../base/errors.ts'
import { runScript } from './script.ts'

test('an option that the format does not have is told once, with its place and the nearest one, and stops nothing', async () => {
  const ports = new MemoryPorts()
  ports.put('/in.csv', '1;2\n')
  const warnings: RheoError[] = []
  let rows = 0
  const script = `CREATE TABLE t (a STRING) WITH ('connector' = 'filesystem', 'path' = '/in.csv', 'format' = 'csv',
    'csv.field-delimitr' = ';');
    SELECT * FROM t; SELECT x.a FROM t AS x JOIN t AS y ON x.a = y.a`
  const running = runScript(script, {
    source: 'job.sql',
    settings: new Map(),
    ports,
    output: () => undefined,
    warn: (warning) => void warnings.push(warning),
    writerOf: () => ({ write: (batch) => void (rows += batch.selectedCount), finish: () => undefined }),
  })
  await running.done
  assert.equal(rows, 2)
  assert.deepEqual(
    warnings.map(({ code, place }) => [code, place?.source, place?.position?.line, place?.position?.column]),
    [['sql/ignored-option', 'job.sql', 2, 5]],
  )
  assert.match(warnings[0]!.message, /did you mean "csv.field-delimiter"/)
})

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { answerOf } from '../random-queries/run-script.ts'

// Goal: what an operator says when its input ends is said once, also when the job is restored after that. Method: one input has no rows and ends at once, the other
// goes on; a count of the first one is its row without rows.
const folder = mkdtempSync(join(tmpdir(), 'rheo-restored-'))
after(() => rmSync(folder, { recursive: true, force: true }))
writeFileSync(join(folder, 'nothing.jsonl'), '')
writeFileSync(join(folder, 'numbers.jsonl'), Array.from({ length: 8 }, (_, k) => `{"k":${k}}\n`).join(''))

const table = (name: string): string =>
  `CREATE TABLE ${name} (k INT) WITH ('connector' = 'filesystem', 'path' = '${folder}/${name}.jsonl', 'format' = 'json');`
const script = `${table('nothing')} ${table('numbers')}
SELECT * FROM (SELECT k FROM numbers UNION ALL SELECT -k FROM numbers) CROSS JOIN (SELECT COUNT(*) AS n FROM nothing);`

for (const at of ['1', '3', '6', '3@3']) {
  test(`a count of no rows is joined once when the job goes on from row ${at}`, async () => {
    const settings = { 'execution.runtime-mode': 'batch', 'rheo.restore-at': at, 'rheo.source.block': '16' }
    const { rows } = await answerOf(script, settings)
    assert.equal(rows.length, 16)
  })
}

for (const at of ['1', '3', '5']) {
  test(`a satisfied LIMIT is over when the job goes on from row ${at}`, async () => {
    const limited = `${table('numbers')} SELECT * FROM (SELECT COUNT(*) AS n FROM numbers) CROSS JOIN (SELECT k FROM numbers LIMIT 1);`
    const { rows } = await answerOf(limited, { 'rheo.restore-at': at, 'rheo.source.block': '16' })
    assert.deepEqual(rows, [[8n, 0]])
  })
}

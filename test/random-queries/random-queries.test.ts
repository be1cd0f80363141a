import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judgeSeeds, tallyText } from './judge-seeds.ts'

// Goal: no query, whatever operators it is made of, gives other answers than the tables it reads.
// Method: random queries over random histories of random tables, each run in several ways (batch sizes, parallelism, rules, a restore on the way, interpreted or
// compiled). The fold of its changes is compared with the naive evaluator of test/reference, with batch mode over what is left in the end, and with DuckDB where that reads the
// same text; where the plan has a key, a table that takes its changes by that key has the same rows; where tables have no event time everything is deleted again at the end, and rows and state are gone. `npm run nightly` does 10,000.

const FIRST_SEED = 1
const QUERIES = 300

test(`${QUERIES} random queries from seed ${FIRST_SEED} answer as the reference does`, async (t) => {
  const tally = await judgeSeeds(FIRST_SEED, QUERIES, { mostFailures: 1 })
  t.diagnostic(tallyText(tally))
  assert.deepEqual(tally.reports, [], tally.reports.join('\n'))
  const refused = [...tally.refused.values()].reduce((a, b) => a + b, 0)
  assert(refused < QUERIES * 0.05, `the grammar knows what can be planned: ${tallyText(tally)}`)
  assert(tally.empty < QUERIES * 0.4, `most queries have an answer: ${tallyText(tally)}`)
  for (const [other, least] of [
    ['batch', 0.7],
    ['duckdb', 0.25],
    ['emptied', 0.2],
    ['upserts', 0.1],
  ] as const) {
    assert((tally.comparedWith.get(other) ?? 0) > QUERIES * least, `${other} is asked often enough: ${tallyText(tally)}`)
  }
})

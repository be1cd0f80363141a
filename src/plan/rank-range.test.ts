import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planningEnvironment, planOfScript } from '../testing/planning.ts'
import { planningContext } from './plan-job.ts'
import { rankRange } from './rank-range.ts'

// Goal: a condition over the rank becomes Top-N with just the ranks that it lets through, and what is no single range does not.
// Method: conditions over a column that stands for the rank; beside each the range, or undefined.

const ranges: readonly (readonly [condition: string, range: string | undefined])[] = [
  ['rn <= 3', '1 to 3'],
  ['3 > rn', '1 to 2'],
  ['rn BETWEEN 2 AND 4', '2 to 4'],
  ['rn <= 2.5', '1 to 2'],
  ['rn < 2.5', '1 to 2'],
  ['rn > 1.5 AND rn < 3.0', '2 to 2'],
  ['rn >= -0.5 AND rn <= 4e0', '1 to 4'],
  ['rn = 2.0', '2 to 2'],
  ['rn = 2.5', '2 to 1'],
  ["rn <= '2'", '1 to 2'],
  ['rn * 1 <= 3', '1 to 3'],
  ['0 + rn <= 3', '1 to 3'],
  ['rn + 1 <= 3', undefined],
  ['1 - rn <= 3', undefined],
  ['rn <= ABS(-2)', '1 to 2'],
  ['rn <= NULLIF(1, 1)', '2 to 1'],
  ['rn < 2 OR rn = 2', '1 to 2'],
  ['rn = 1 OR rn = 2', undefined],
  ['rn IN (2, 2)', '2 to 2'],
  ['rn IN (1, 3)', undefined],
  ['rn NOT IN (3)', undefined],
  ['rn NOT BETWEEN 3 AND 5', undefined],
  ['(rn > 2) IS NOT TRUE', '1 to 2'],
  ['NOT rn > 2', '1 to 2'],
  ['(rn > NULLIF(1, 1)) IS NULL AND rn <= 2', '1 to 2, and more'],
  ['rn IS NOT DISTINCT FROM 3', '3 to 3'],
  ['rn IS DISTINCT FROM NULLIF(1, 1) AND rn < 4', '1 to 3, and more'],
  ["CASE WHEN rn < 3 THEN 'a' WHEN rn < 5 THEN 'b' ELSE 'c' END = 'b'", '3 to 4'],
  ['IF(rn <= 2, 10 / 5, 0) > 1', '1 to 2'],
  ['rn <= 3 AND (rn < 2 OR id > 1)', '1 to 3, and more'],
  ['rn <= 3 AND MOD(rn, 2) = 1', '1 to 3, and more'],
  ['rn <= 2 OR id = 1', undefined],
  ['rn <= id', undefined],
  ['rn <= RAND_INTEGER(3)', undefined],
  ['rn IS NOT NULL', undefined],
  ['id <= 3', undefined],
]

const environment = planningEnvironment()
const evaluation = planningContext(environment)

for (const [condition, expected] of ranges) {
  test(`${condition} keeps ${expected ?? 'no single range of ranks'}`, () => {
    const range = rangeOf(condition)
    const shown = range === undefined ? undefined : `${range.from} to ${range.to}${range.isWhole ? '' : ', and more'}`
    assert.equal(shown, expected)
  })
}

function rangeOf(condition: string): ReturnType<typeof rankRange> {
  const table = "CREATE TEMPORARY TABLE IF NOT EXISTS t (id INT, rn BIGINT NOT NULL) WITH ('connector' = 'planned');"
  const plan = planOfScript(`${table} SELECT * FROM t WHERE ${condition}`, environment)
  const filter = plan.kind === 'project' ? plan.input : plan
  assert(filter.kind === 'filter')
  return rankRange(filter.condition, 1, evaluation)
}

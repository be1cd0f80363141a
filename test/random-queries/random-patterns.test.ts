import assert from 'node:assert/strict'
import { test } from 'node:test'
import { patternCase } from './case.ts'
import { judgeSeeds, tallyText } from './judge-seeds.ts'

// Goal: a pattern finds what the rules in words say of it, whatever its parts, conditions, skip strategy and limit of time.
// Method: as that of the random queries; the naive evaluator of patterns is test/reference/patterns.ts.

const FIRST_SEED = 1
const PATTERNS = 60

test(`${PATTERNS} random patterns from seed ${FIRST_SEED} answer as the reference does`, async (t) => {
  const tally = await judgeSeeds(FIRST_SEED, PATTERNS, { mostFailures: 1, make: patternCase })
  t.diagnostic(tallyText(tally))
  assert.deepEqual(tally.reports, [], tally.reports.join('\n'))
  const refused = [...tally.refused.values()].reduce((a, b) => a + b, 0)
  assert(refused < PATTERNS * 0.05, `the grammar knows what can be planned: ${tallyText(tally)}`)
  assert(tally.empty < PATTERNS * 0.7, `most patterns are found: ${tallyText(tally)}`)
  assert((tally.comparedWith.get('end of time') ?? 0) > PATTERNS * 0.2, `time ends state often enough: ${tallyText(tally)}`)
})

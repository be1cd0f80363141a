// Random queries in great number: nightly [--queries N] [--seed N] [--failures N]. A failure is made small and told with its script, its data and its seed.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { judgeSeeds, tallyText } from '../test/random-queries/judge-seeds.ts'

process.chdir(join(import.meta.dirname, '..'))
const { values } = parseArgs({
  options: {
    queries: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Math.floor(Date.now() / 86_400_000) * 100_000) },
    failures: { type: 'string', default: '5' },
  },
})
const first = Number(values.seed)
console.log(`random queries from seed ${first}`)
const tally = await judgeSeeds(first, Number(values.queries), Number(values.failures))
for (const report of tally.reports) console.log(`\n${report}`)
console.log(tallyText(tally))
// Jobs that hang, if any, do not keep the process.
process.exit(tally.reports.length === 0 ? 0 : 1)

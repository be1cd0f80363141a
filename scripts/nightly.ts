// What takes too long for every day: nightly [--queries N] [--patterns N] [--seed N] [--failures N] [--kills N]. Random queries and patterns in great number: a failure is made small and told with its
// script, its data and its seed. Then jobs of the built `rheo` that write files, killed at random moments.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { killSinks } from '../test/end-to-end/kill-sinks.ts'
import { patternCase } from '../test/random-queries/case.ts'
import { judgeSeeds, tallyText } from '../test/random-queries/judge-seeds.ts'
import { watchCases } from '../test/random-queries/watchdog.ts'

process.chdir(join(import.meta.dirname, '..'))
const { values } = parseArgs({
  options: {
    queries: { type: 'string', default: '10000' },
    patterns: { type: 'string', default: '2000' },
    seed: { type: 'string', default: String(Math.floor(Date.now() / 86_400_000) * 100_000) },
    failures: { type: 'string', default: '5' },
    kills: { type: 'string', default: '50' },
  },
})
const first = Number(values.seed)
console.log(`random queries from seed ${first}`)
const watch = watchCases()
const options = { mostFailures: Number(values.failures), onCase: watch.onCase, onReport: (report: string) => console.log(`\n${report}`) }
const tallies = [
  await judgeSeeds(first, Number(values.queries), options),
  await judgeSeeds(first, Number(values.patterns), { ...options, make: patternCase }),
]
for (const tally of tallies) console.log(tallyText(tally))
await watch.stop()
execFileSync(process.execPath, ['scripts/build.ts'], { stdio: 'inherit' })
const kills = await killSinks({ kills: Number(values.kills), seed: first })
for (const fault of kills.faults) console.log(fault)
console.log(
  `${kills.kills} kills, ${kills.halfWay} half-way, ${kills.leftovers} staging folders left behind; ${kills.files} files seen, ${kills.faults.length} faults`,
)
// Jobs that hang, if any, do not keep the process.
process.exit(tallies.flatMap(({ reports }) => reports).length + kills.faults.length === 0 ? 0 : 1)

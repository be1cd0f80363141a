// Runs the corpus of a real Flink's answers: corpus [FAMILY | FAMILY/CASE]... [--modes default|all] [--update] [--errors] [--verbose]
// Lists the cases that do not pass, one line each with its reason, then the share of each family. --update writes test/corpus/pending.txt.
// --errors only writes test/corpus/errors.golden: what Rheo says where Flink refuses.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { goldenFile, goldenLines } from '../test/corpus/golden.ts'
import { allModes, judge, projectFolder, readCorpus } from '../test/corpus/judge.ts'
import { defaultMode, exactMode } from '../test/corpus/modes.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    modes: { type: 'string', default: 'all' },
    update: { type: 'boolean' },
    errors: { type: 'boolean' },
    verbose: { type: 'boolean' },
  },
})
if (values.errors === true) {
  writeFileSync(goldenFile, `${(await goldenLines(readCorpus())).join('\n')}\n`)
  process.exit(0)
}

const cases = [...readCorpus(), ...readCorpus(projectFolder)].filter(
  ({ name, family }) => positionals.length === 0 || positionals.includes(family) || positionals.includes(name),
)
const shares = new Map<string, { passed: number; total: number }>()
const pending: string[] = []
for (const corpusCase of cases) {
  const share = shares.get(corpusCase.family) ?? { passed: 0, total: 0 }
  shares.set(corpusCase.family, share)
  share.total++
  const reason = await judge(corpusCase, values.modes === 'all' ? allModes(corpusCase) : [defaultMode, exactMode])
  if (reason === undefined) share.passed++
  else {
    pending.push(corpusCase.name)
    const width = values.verbose === true ? Infinity : 240
    console.log(`${corpusCase.name}: ${reason.replaceAll('\n', ' ').slice(0, width)}`)
  }
}
for (const [family, { passed, total }] of shares) {
  console.log(
    `${family.padEnd(12)} ${String(passed).padStart(4)} of ${String(total).padStart(4)}  ${((100 * passed) / total).toFixed(1)} %`,
  )
}
if (values.update === true && positionals.length === 0) {
  writeFileSync(join(import.meta.dirname, '../test/corpus/pending.txt'), `${pending.join('\n')}\n`)
}

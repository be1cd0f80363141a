// Runs the streaming cases of the corpus again in batch mode and compares the tables: corpus-batch [FAMILY]...
// Watermarks are put back by 30 days first, so that no row is late: batch mode drops none. Lists the cases that differ and why the others could not be compared.
import { type CorpusCase, runCase } from '../test/corpus/case.ts'
import { fold } from '../test/corpus/compare.ts'
import { projectFolder, readCorpus } from '../test/corpus/judge.ts'

const families = process.argv.slice(2)
/** Cases whose answer in batch mode is another one by definition. */
const others: ReadonlyMap<string, string> = new Map([
  ['aggregates/empty-input-global-streaming', 'an aggregate of nothing is a row in batch mode only'],
  ['ranking/over-rows-of-doubles', 'the last digits of a sum follow the order of its rows'],
])

/** What streaming mode alone can do, or what depends on the moment. */
const streamingOnly = /runtime-mode|debezium-json|table\.exec\.emit|PROCTIME\(\)/i

const counts = { equal: 0, different: 0, refused: 0, skipped: 0 }
for (const corpusCase of [...readCorpus(), ...readCorpus(projectFolder)]) {
  if (families.length > 0 && !families.includes(corpusCase.family)) continue
  if (corpusCase.compare === 'error' || streamingOnly.test(corpusCase.script) || others.has(corpusCase.name)) {
    counts.skipped++
    continue
  }
  const script = withoutLateRows(corpusCase.script)
  const streaming = await runCase({ ...corpusCase, script }, {})
  const batch = await runCase(inBatch({ ...corpusCase, script }), {})
  if (streaming.kind === 'error' || batch.kind === 'error') {
    counts.refused++
    continue
  }
  const [wanted, found] = [fold(streaming.rows).rows, fold(batch.rows).rows]
  if (JSON.stringify(wanted) === JSON.stringify(found)) {
    counts.equal++
    continue
  }
  counts.different++
  const only = (rows: readonly string[], other: readonly string[]): string =>
    rows
      .filter((row) => !other.includes(row))
      .slice(0, 2)
      .join(' ')
  console.log(`${corpusCase.name}: streaming only ${only(wanted, found)}; batch only ${only(found, wanted)}`.slice(0, 300))
}
console.log(
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', '),
)
process.exitCode = counts.different === 0 ? 0 : 1

function inBatch(corpusCase: CorpusCase): CorpusCase {
  return { ...corpusCase, script: `SET 'execution.runtime-mode' = 'batch';\n${corpusCase.script}` }
}

function withoutLateRows(script: string): string {
  return script.replaceAll(/WATERMARK FOR (`?\w+`?) AS [^\n,]*?(?=,\s|\n\)|\)\s*WITH)/g, "WATERMARK FOR $1 AS $1 - INTERVAL '30' DAY")
}

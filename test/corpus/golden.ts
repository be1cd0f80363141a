// What Rheo says where Flink refuses: one line a case, reviewed by hand, in errors.golden.
import { join } from 'node:path'
import { type CorpusCase, runCase } from './case.ts'
import { defaultMode } from './modes.ts'

export const goldenFile = join(import.meta.dirname, 'errors.golden')

/** A line for each case that Flink refuses and that Rheo refuses for good: name, code, place (`LINE:COLUMN` of SQL, `LINE` of data), message. */
export async function goldenLines(cases: readonly CorpusCase[]): Promise<readonly string[]> {
  const lines: string[] = []
  for (const corpusCase of cases) {
    if (corpusCase.compare !== 'error') continue
    const outcome = await runCase(corpusCase, defaultMode)
    if (outcome.kind !== 'error' || /^(unsupported|internal)\//.test(outcome.code)) continue
    const place = [outcome.line, outcome.column].filter((part) => part !== undefined).join(':')
    lines.push([corpusCase.name, outcome.code, place, outcome.message.replaceAll('\n', ' ')].join('\t'))
  }
  return lines
}

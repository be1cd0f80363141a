import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CaseMaker, type Failure, type RandomCase, judgeCase, scriptOf, writeTables } from './case.ts'
import { Choices } from './choices.ts'
import { shrink } from './shrink.ts'
import { emptied, fileName, tableFile } from './tables.ts'

/** Cases that may be tried while a failure is made small. */
const SHRINK_BUDGET = 1500
/** So long a failure is made small at most: jobs that do not end take their time. */
const SHRINK_MS = 180_000

/** The smallest case that was found to fail as the case of a seed does. */
export async function shrunkFailure(
  seed: number,
  failure: Failure,
  make: CaseMaker,
): Promise<{ readonly testCase: RandomCase; readonly failure: Failure }> {
  const first = new Choices(seed)
  make(first)
  const deadline = performance.now() + SHRINK_MS
  // Of the smallest case that failed, so that it is not run once more.
  let last = failure
  const fails = async (choices: readonly number[]): Promise<boolean> => {
    if (performance.now() > deadline) return false
    const found = await judgeCase(make(new Choices(choices)))
    if (found.failure?.kind !== failure.kind) return false
    last = found.failure
    return true
  }
  const smallest = await shrink(first.taken, make, fails, SHRINK_BUDGET)
  return { testCase: make(new Choices(smallest)), failure: last }
}

/** Writes a failing case to a folder, to be run with `rheo run`, and tells it. */
export function reportOf(seed: number, testCase: RandomCase, { kind, detail, settings, files }: Failure): string {
  const folder = join(tmpdir(), `rheo-random-query-${seed}`)
  mkdirSync(folder, { recursive: true })
  const used = testCase.tables.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(testCase.query.sql))
  const small = { ...testCase, tables: used }
  writeTables(used, files, folder)
  const script = scriptOf(small, files, folder, settings)
  const file = join(folder, 'query.sql')
  writeFileSync(file, script)
  const what = files === 'final rows' ? 'final rows' : 'history'
  const data = used.map((table) => `-- ${fileName(table.name, what)}\n${tableFile(files === 'emptied' ? emptied(table) : table, what)}`)
  return `seed ${seed}, ${kind}\n${detail}\nrheo run ${file}\n${script}${data.join('')}`
}

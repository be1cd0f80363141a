import { type CaseMaker, judgeCase, randomCase } from './case.ts'
import { Choices } from './choices.ts'
import { reportOf, shrunkFailure } from './report.ts'

export interface Tally {
  readonly queries: number
  readonly empty: number
  /** By what they were compared with, and how often each operator was in a query, each refusal met. */
  readonly comparedWith: ReadonlyMap<string, number>
  readonly features: ReadonlyMap<string, number>
  readonly refused: ReadonlyMap<string, number>
  /** A minimal script for each failure, in the order of the seeds. */
  readonly reports: readonly string[]
}

interface JudgeOptions {
  /** Ends early when so many have failed. */
  readonly mostFailures: number
  readonly make?: CaseMaker
  /** Called before each case, also before those that are tried while a failure is made small. */
  readonly onCase?: (seed: number) => void
  /** Called with each failure as it is found. */
  readonly onReport?: (report: string) => void
}

/** Judges the cases of so many seeds. */
export async function judgeSeeds(first: number, count: number, options: JudgeOptions): Promise<Tally> {
  const { mostFailures, make = randomCase, onCase = () => undefined, onReport } = options
  const comparedWith = new Map<string, number>()
  const features = new Map<string, number>()
  const refused = new Map<string, number>()
  const reports: string[] = []
  let empty = 0
  let queries = 0
  for (let seed = first; seed < first + count && reports.length < mostFailures; seed++) {
    onCase(seed)
    const testCase = make(new Choices(seed))
    const verdict = await judgeCase(testCase)
    queries++
    if (verdict.rows === 0) empty++
    for (const feature of testCase.query.features) add(features, feature)
    for (const other of verdict.comparedWith) add(comparedWith, other)
    if (verdict.refused !== undefined) add(refused, verdict.refused)
    if (verdict.failure === undefined) continue
    const small = await shrunkFailure(seed, verdict.failure, (choices) => {
      onCase(seed)
      return make(choices)
    })
    const report = reportOf(seed, small.testCase, small.failure)
    reports.push(report)
    onReport?.(report)
  }
  return { queries, empty, comparedWith, features, refused, reports }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

export function tallyText({ queries, empty, comparedWith, features, refused }: Tally): string {
  const list = (counts: ReadonlyMap<string, number>): string =>
    [...counts]
      .sort(([, a], [, b]) => b - a)
      .map(([key, count]) => `${key} ${count}`)
      .join(', ')
  return `${queries} queries (${empty} without rows), compared with: ${list(comparedWith)}\noperators: ${list(features)}\nrefused: ${list(refused)}`
}

import { Random } from '../../src/base/random.ts'
import { ruleNames } from '../../src/plan/rules.ts'
import type { Mode } from './case.ts'

/** The mode that all others are compared with. */
export const defaultMode: Mode = {}
/** `changes` and `sequence` are compared here: parallelism 1, undisturbed, one row a batch. */
export const exactMode: Mode = { 'rheo.batch.rows': '1' }

const aspects: readonly (readonly Mode[])[] = [
  [{ 'rheo.expressions': 'interpreted' }],
  [{ 'rheo.rules.disabled': 'all' }],
  [{ 'parallelism.default': '3' }],
  [{ 'rheo.batch.rows': '7' }],
  [{ 'rheo.plan.roundtrip': 'true' }],
  [{ 'table.optimizer.agg-phase-strategy': 'TWO_PHASE', 'parallelism.default': '3' }],
]

/** Each mode alone against the default: each rule off by itself, restores after a seeded number of rows, and three seeded mixtures. */
export function modesOf(seed: number): readonly Mode[] {
  const random = new Random(seed)
  const rows = (): string => String(1 + random.nextInt(12))
  const restores: readonly Mode[] = [
    { 'rheo.restore-at': rows() },
    { 'rheo.restore-at': `${rows()}@3` },
    { 'parallelism.default': '3', 'rheo.restore-at': `${rows()}@1` },
  ]
  const single = [exactMode, ...aspects.flat(), ...restores]
  const rules = ruleNames.map((name) => ({ 'rheo.rules.disabled': name }))
  return [...single, ...rules, ...mixtures(random, single)]
}

function mixtures(random: Random, single: readonly Mode[]): readonly Mode[] {
  return Array.from({ length: 3 }, () => {
    const mixed: Record<string, string> = { 'rheo.seed': String(random.nextInt(1000)) }
    for (const mode of single) if (random.nextInt(2) === 0) Object.assign(mixed, mode)
    return mixed
  })
}

export function modeName(mode: Mode): string {
  return (
    Object.entries(mode)
      .map(([key, value]) => `${key}=${value}`)
      .join(' ') || 'default'
  )
}

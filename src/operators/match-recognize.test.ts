import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePorts } from '../base/node-ports.ts'
import { Random } from '../base/random.ts'
import { ArenaOwner, arenaOfThread } from '../data/arena.ts'
import { types } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { Expr } from '../expr/expr.ts'
import type { EvaluationContext } from '../expr/function.ts'
import type { AfterMatch, MatchExpression, MatchPattern, MatchRead, MatchSpec } from '../expr/match.ts'
import { buildCall, buildLogical } from '../expr/resolve-call.ts'
import type { Operator } from '../runtime/operator.ts'
import { memoryState } from '../state/keyed-state.ts'
import { RandomlyAsynchronousState } from '../state/random-state.ts'
import { type OperatorInput, runOperator } from '../testing/run-operator.ts'
import { matchRecognize } from './match-recognize.ts'

// Goal: matches are those of Flink's automaton, whatever the order of arrival, the batches, a restore in the middle.
// Method: random patterns over three variables, random conditions, skip strategies and time limits, over two keys. The oracle knows no automaton: it keeps all ways into the
// pattern as (part, count) and follows the rules in words: a row may be taken for the part that is under way or, when that may be left, for a later one, if no greedy part that is
// left would take the row; a match leaves when no way that began earlier is left. Where one row completes several ways of one beginning, any of them will do.
// Planted: a guard that is forgotten, a limit of time off by one, a late row that is kept, a skip that is off by one, a queue that a snapshot changes: each failed within 110 runs.

interface Row {
  readonly id: number
  readonly key: number
  readonly p: number
  readonly time: number
}

type ConditionName = 'any' | 'high' | 'low' | 'rising' | 'few' | 'above first'

interface Part {
  readonly least: number
  readonly most: number | undefined
  readonly reluctant: boolean
  readonly condition: ConditionName
}

interface Sample {
  readonly parts: readonly Part[]
  readonly afterMatch: AfterMatch
  readonly withinMs: number | undefined
  readonly rows: readonly Row[]
  /** Arrival, as numbers of rows. */
  readonly order: readonly number[]
  readonly batches: readonly number[]
  readonly seed: number
  readonly restoreAt: number
}

const quantifiers: readonly (readonly [number, number | undefined])[] = [
  [1, 1],
  [1, 1],
  [0, 1],
  [0, undefined],
  [1, undefined],
  [2, 2],
  [1, 2],
  [0, 2],
  [2, undefined],
]

const part: fc.Arbitrary<Part> = fc
  .record({
    bounds: fc.constantFrom(...quantifiers),
    reluctant: fc.boolean(),
    condition: fc.constantFrom<ConditionName>('any', 'high', 'low', 'rising', 'few', 'above first'),
  })
  .map(({ bounds: [least, most], reluctant, condition }) => ({
    least,
    most,
    reluctant: reluctant && least !== most && !(least === 0 && most === 1),
    condition,
  }))

const isGreedy = ({ least, most, reluctant }: Part): boolean => !reluctant && least !== most && !(least === 0 && most === 1)

const sample: fc.Arbitrary<Sample> = fc
  .record({
    parts: fc.array(part, { minLength: 2, maxLength: 3 }),
    skip: fc.constantFrom<AfterMatch>(
      { kind: 'next-row' },
      { kind: 'past-last-row' },
      { kind: 'first', variables: [1] },
      { kind: 'last', variables: [1] },
    ),
    withinMs: fc.constantFrom(undefined, undefined, 3, 6),
    cells: fc.array(fc.record({ key: fc.nat(1), p: fc.nat(5), step: fc.nat(2), delay: fc.nat(3) }), { maxLength: 26 }),
    batches: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 26, maxLength: 26 }),
    seed: fc.nat(1000),
    restoreAt: fc.nat(8),
  })
  .filter(({ parts }) => parts.some((each) => each.least > 0) && !isGreedy(parts.at(-1)!))
  .map(({ parts, skip, cells, ...rest }) => {
    let time = 10
    const rows = cells.map(({ key, p, step }, id) => ({ id, key, p, time: (time += step) }))
    const order = rows.map((row) => row.id).sort((a, b) => a + cells[a]!.delay - b - cells[b]!.delay || a - b)
    // The row to skip to is there, and is not the first one.
    const canSkip = parts[0]!.least > 0 && parts[1]!.least > 0
    const afterMatch = 'variables' in skip && !canSkip ? ({ kind: 'next-row' } as const) : skip
    return { ...rest, parts, afterMatch, rows, order }
  })

const DELAY = 2

test('matches are those of the rules in words', async () => {
  await fc.assert(
    fc.asyncProperty(sample, async (given) => {
      const found = await run(given)
      for (const key of [0, 1])
        check(
          given,
          key,
          found.filter((match) => match.key === key),
        )
    }),
    { numRuns: 400 },
  )
})

test('rows that begin nothing leave no state, and those that wait too long end with their time', async () => {
  const spec = specOf({ parts: [onePart('high'), onePart('low')], afterMatch: { kind: 'next-row' }, withinMs: 5 })
  const operator = create(spec)
  const rows = [0, 5, 0, 5, 0].map((p, id) => ({ id, key: id, p, time: id + 1 }))
  const sizes: number[] = []
  const probe: Operator = {
    ...bound(operator),
    onWatermark: (time, out) => {
      const progress = operator.onWatermark!(time, out)
      sizes.push(operator.stateSize!().rows)
      return progress
    },
  }
  await runOperator(probe, {
    inputTypes,
    inputs: [{ changes: rows.map(changeOf) }, { watermark: 3 }, { watermark: 5 }, { watermark: 8 }, { watermark: 9 }],
    seed: 1,
  })
  assert.deepEqual([...new Set(sizes)], [3, 2, 1, 0])
})

test('what matches took is given back when they are over, lists of many partial matches too', async () => {
  const parts = [onePart('any'), { least: 1, most: undefined, reluctant: true, condition: 'any' } as const, onePart('low')]
  const operator = create(specOf({ parts, afterMatch: { kind: 'next-row' }, withinMs: 400 }))
  const sizes: { readonly rows: number; readonly bytes: number }[] = []
  const probe: Operator = {
    ...bound(operator),
    onWatermark(time, out) {
      const progress = operator.onWatermark!(time, out)
      sizes.push(operator.stateSize!())
      return progress
    },
  }
  // No row is low, so that nothing is ever complete and every row opens a match. Keys are woken at multiples of 50 ms.
  const rowsFrom = (first: number, count: number): readonly Row[] =>
    Array.from({ length: count }, (_, i) => ({ id: first + i, key: i % 3, p: 5, time: first + i }))
  const inputs: OperatorInput[] = []
  for (const [round, count] of [6, 600, 600, 600].entries()) {
    const first = 1000 + round * 2000
    inputs.push({ changes: rowsFrom(first, count).map(changeOf) }, { watermark: first + 600 }, { watermark: first + 1000 })
  }
  await runOperator(probe, { inputTypes, inputs, seed: 1 })
  assert.deepEqual(
    sizes.map(({ rows }) => rows),
    [0, 0, 399, 0, 399, 0, 399, 0, 0],
  )
  const used = sizes.map(({ bytes }) => bytes)
  assert.ok(used[2]! > used[0]! + 500_000)
  // The list of rows that are gone has grown, and pools keep a first page.
  for (const bytes of used.filter((_, i) => sizes[i]!.rows === 0)) assert.ok(bytes < used[0]! + 16_384, used.join())
})

// --- the rules in words ---

interface Way {
  readonly part: number
  readonly count: number
  readonly path: readonly (readonly [part: number, row: Row])[]
}

interface Found {
  readonly key: number
  /** Ids of the rows by variable. */
  readonly ids: readonly (readonly number[])[]
}

function check({ parts, afterMatch, withinMs, rows, order, batches }: Sample, key: number, found: readonly Found[]): void {
  const kept = onTime(rows, order, batches).filter((row) => row.key === key)
  const numberOf = new Map(kept.map((row, i) => [row, i]))
  let ways: Way[] = []
  let complete: Way[] = []
  let next = 0
  const begin = (way: Way): number => numberOf.get(way.path[0]![1])!
  const release = (): void => {
    for (;;) {
      const first = Math.min(...complete.map(begin))
      if (complete.length === 0 || ways.some((way) => begin(way) < first)) return
      const choices = complete.filter((way) => begin(way) === first)
      const match = found[next++]
      assert.ok(match !== undefined, `a match from row ${kept[first]!.id} on is missing`)
      const chosen = choices.find((way) => JSON.stringify(idsOf(way, parts.length)) === JSON.stringify(match.ids))
      assert.ok(
        chosen !== undefined,
        `${JSON.stringify(match.ids)} is none of ${JSON.stringify(choices.map((way) => idsOf(way, parts.length)))}`,
      )
      const target = skipTo(chosen)
      ways = ways.filter((way) => begin(way) >= target)
      complete = complete.filter((way) => begin(way) >= target)
    }
  }
  const skipTo = (way: Way): number => {
    if (!('variables' in afterMatch)) return numberOf.get(afterMatch.kind === 'next-row' ? way.path[0]![1] : way.path.at(-1)![1])! + 1
    const targets = way.path.filter(([each]) => afterMatch.variables.includes(each))
    return numberOf.get((afterMatch.kind === 'first' ? targets[0]! : targets.at(-1)!)[1])!
  }
  for (const row of kept) {
    if (withinMs !== undefined) {
      ways = ways.filter((way) => row.time - way.path[0]![1].time < withinMs)
      release()
    }
    const before = [...ways, { part: 0, count: 0, path: [] }]
    ways = []
    for (const way of before) {
      for (const after of takes(way, row, parts)) {
        ways.push(...(isFull(after, parts) ? [] : [after]))
        if (mayEnd(after, way, row, parts)) complete.push(after)
      }
    }
    release()
  }
  // At the end of all time every limit is over.
  if (withinMs !== undefined) ways = []
  release()
  assert.equal(found.length, next, 'matches that are none')
}

/** A row for the part under way, or for a later one. */
function* takes(way: Way, row: Row, parts: readonly Part[]): Iterable<Way> {
  for (let part = way.part; part < parts.length; part++) {
    const { most } = parts[part]!
    const count = part === way.part ? way.count : 0
    const left = parts.slice(way.part, part)
    if (left.some((each, i) => isGreedy(each) && holds(way.part + i, way, row, parts))) return
    if (count < (most ?? Infinity) && holds(part, way, row, parts)) yield { part, count: count + 1, path: [...way.path, [part, row]] }
    if (count < parts[part]!.least) return
  }
}

function isFull({ part, count }: Way, parts: readonly Part[]): boolean {
  return part === parts.length - 1 && count === parts[part]!.most
}

/** A match is complete with the row that was taken, if nothing more is needed and no greedy part on the way to the end would take the row. */
function mayEnd({ part, count }: Way, before: Way, row: Row, parts: readonly Part[]): boolean {
  if (count < parts[part]!.least || parts.slice(part + 1).some((each) => each.least > 0)) return false
  return !parts.slice(part, -1).some((each, i) => isGreedy(each) && holds(part + i, before, row, parts))
}

function holds(part: number, { path }: Way, { p }: Row, parts: readonly Part[]): boolean {
  const own = path.filter(([each]) => each === part).map(([, row]) => row.p)
  switch (parts[part]!.condition) {
    case 'any':
      return true
    case 'high':
      return p > 2
    case 'low':
      return p < 4
    case 'rising':
      return own.length === 0 || p >= own.at(-1)!
    case 'few':
      return own.length + 1 < 3
    case 'above first':
      return p >= (path.find(([each]) => each === 0)?.[1].p ?? (part === 0 ? p : 0))
  }
}

function idsOf({ path }: Way, width: number): readonly (readonly number[])[] {
  return Array.from({ length: width }, (_, part) => path.filter(([each]) => each === part).map(([, row]) => row.id))
}

/** Rows that are not late, in the order in which they are looked at. */
function onTime(rows: readonly Row[], order: readonly number[], batches: readonly number[]): readonly Row[] {
  const kept: Row[] = []
  let watermark = 0
  for (const batch of inBatches(rows, order, batches)) {
    kept.push(...batch.filter((row) => row.time > watermark))
    watermark = Math.max(watermark, ...batch.map((row) => row.time - DELAY))
  }
  const arrival = new Map(order.map((id, i) => [id, i]))
  return kept.sort((a, b) => a.time - b.time || arrival.get(a.id)! - arrival.get(b.id)!)
}

function inBatches(rows: readonly Row[], order: readonly number[], batches: readonly number[]): readonly (readonly Row[])[] {
  const result: Row[][] = []
  for (let at = 0, i = 0; at < order.length; at += batches[i++]!) result.push(order.slice(at, at + batches[i]!).map((id) => rows[id]!))
  return result
}

// --- the operator ---

const inputTypes = [types.integer(false), types.integer(false), types.integer(false), types.timestamp(3, false)]
const context: EvaluationContext = {
  clock: nodePorts.clock,
  random: new Random(1),
  timeZone: 'UTC',
  queryStartMs: undefined,
  currentCatalog: 'c',
  currentDatabase: 'd',
}

function onePart(condition: ConditionName): Part {
  return { least: 1, most: 1, reluctant: false, condition }
}

function specOf({ parts, afterMatch, withinMs }: Pick<Sample, 'parts' | 'afterMatch' | 'withinMs'>): MatchSpec {
  const pattern: MatchPattern = {
    kind: 'group',
    least: 1,
    most: 1,
    reluctant: false,
    parts: parts.map(({ least, most, reluctant }, variable) => ({ kind: 'variable', variable, least, most, reluctant })),
  }
  const measures = parts.map((_, variable): MatchExpression => {
    const type = { kind: 'ARRAY', element: types.integer(false), nullable: true } as const
    const call = { name: 'ARRAY_AGG', args: [0], argTypes: [types.integer(false)], distinct: false, type }
    return { expr: column(0, type), reads: [{ kind: 'aggregate', rows: [variable], call, args: [column(0, types.integer(false))] }] }
  })
  return {
    variables: parts.map((_, i) => `V${i}`),
    pattern,
    definitions: parts.map((each, variable) => conditionOf(each.condition, variable)),
    measures,
    afterMatch,
    withinMs,
  }
}

function conditionOf(name: ConditionName, variable: number): MatchExpression | undefined {
  const p: MatchRead = { kind: 'cell', rows: [variable], column: 2, from: 'last', offset: 0 }
  const value = column(0, types.integer(false))
  const before = column(1, types.integer(true))
  const int = (number: number): Expr => ({ kind: 'literal', type: types.integer(false), value: number })
  switch (name) {
    case 'any':
      return undefined
    case 'high':
      return { expr: buildCall('>', [value, int(2)]), reads: [p] }
    case 'low':
      return { expr: buildCall('<', [value, int(4)]), reads: [p] }
    case 'rising':
      return {
        expr: buildLogical('or', [buildCall('IS NULL', [before]), buildCall('>=', [value, before])]),
        reads: [p, { ...p, offset: 1 }],
      }
    case 'few': {
      const call = { name: 'COUNT', args: [], argTypes: [], distinct: false, type: types.bigint(false) }
      return {
        expr: buildCall('<', [column(0, types.bigint(false)), { kind: 'literal', type: types.bigint(false), value: 3n }]),
        reads: [{ kind: 'aggregate', rows: [variable], call, args: [] }],
      }
    }
    case 'above first':
      return {
        expr: buildCall('>=', [value, buildCall('COALESCE', [before, int(0)])]),
        reads: [p, { ...p, rows: [0], from: 'first' }],
      }
  }
}

function column(index: number, type: Expr['type']): Expr {
  return { kind: 'column', index, type }
}

function create(spec: MatchSpec, seed?: number): Operator {
  const random = seed === undefined ? undefined : new Random(seed)
  return matchRecognize({
    id: 'match',
    owner: new ArenaOwner(arenaOfThread(), 'match'),
    inputTypes,
    outputTypes: [types.integer(false), ...spec.measures.map((measure) => measure.expr.type)],
    keys: [1],
    timeColumn: 3,
    time: 'rowtime',
    thenBy: [],
    spec,
    context,
    execution: seed === undefined || seed % 2 === 0 ? 'interpreted' : 'compiled',
    clock: nodePorts.clock,
    ordersOutput: seed !== undefined && seed % 3 === 0,
    givesPlaces: false,
    ...(random === undefined ? {} : { createState: (options) => new RandomlyAsynchronousState(memoryState(options), random) }),
  })
}

/** The operator as plain functions, for a test that puts its own before them. */
function bound(operator: Operator): Operator {
  return {
    name: operator.name,
    onBatch: (input, batch, out) => operator.onBatch(input, batch, out),
    onWatermark: (time, out) => operator.onWatermark!(time, out),
    close: () => operator.close!(),
  }
}

function changeOf({ id, key, p, time }: Row): { readonly kind: 0; readonly row: readonly SqlValue[] } {
  return { kind: 0, row: [id, key, p, BigInt(time) * 1_000_000n] }
}

async function run({ parts, afterMatch, withinMs, rows, order, batches, seed, restoreAt }: Sample): Promise<readonly Found[]> {
  const spec = specOf({ parts, afterMatch, withinMs })
  const inputs: OperatorInput[] = []
  let watermark = 0
  for (const batch of inBatches(rows, order, batches)) {
    inputs.push({ changes: batch.map(changeOf), watermark })
    watermark = Math.max(watermark, ...batch.map((row) => row.time - DELAY))
    inputs.push({ watermark })
  }
  let operator = create(spec, seed)
  let calls = 0
  // At the barrier a new operator goes on with what the old one left.
  const replaced = (): Operator => {
    if (++calls !== restoreAt) return operator
    const snapshot = operator.snapshot!()
    operator = create(spec, seed + 1)
    operator.restore!([snapshot], () => true)
    return operator
  }
  let isNew = true
  const probe: Operator = {
    name: 'Match',
    onBatch(input, batch, out) {
      if (isNew) replaced()
      const progress = operator.onBatch(input, batch, out)
      isNew = progress === 'done'
      return progress
    },
    onWatermark: (time, out) => operator.onWatermark!(time, out),
    close: () => operator.close!(),
  }
  const changes = await runOperator(probe, { inputTypes, inputs, seed })
  return changes.map(({ row: [key, ...ids] }) => ({ key: Number(key), ids: ids.map((each) => (each as readonly number[] | null) ?? []) }))
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Random } from '../base/random.ts'
import { ArenaOwner, arenaOfThread } from '../data/arena.ts'
import { RowKind } from '../data/row-kind.ts'
import { types } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { EvaluationContext } from '../expr/function.ts'
import { buildCall } from '../expr/resolve-call.ts'
import type { Operator } from '../runtime/operator.ts'
import type { Change } from '../testing/memory-connector.ts'
import { type OperatorInput, runOperator } from '../testing/run-operator.ts'
import { SimulatedClock } from '../testing/simulated-clock.ts'
import { joinCondition } from './join-condition.ts'
import { lookupJoin } from './lookup-join.ts'

type LookupJoinOptions = Parameters<typeof lookupJoin>[0]
type LookupReader = Awaited<ReturnType<LookupJoinOptions['open']>>

const context: EvaluationContext = {
  clock: new SimulatedClock(),
  random: new Random(1),
  timeZone: 'UTC',
  queryStartMs: undefined,
  currentCatalog: 'c',
  currentDatabase: 'd',
}
const integer = types.integer()
const inputTypes = [integer, integer]
const outputTypes = [...inputTypes, integer, types.string()]
const noCache: LookupJoinOptions['cache'] = {
  kind: 'none',
  maxKeys: Infinity,
  expireAfterWriteMs: undefined,
  expireAfterAccessMs: undefined,
  keepsMissing: true,
  maxRetries: 0,
}

/** A table of (key, name) that a test changes, and what was asked of it. */
interface Asked {
  readonly rows: Map<number, readonly string[]>
  readonly keys: number[]
  most: number
}

const asked = (): Asked => ({ rows: new Map(), keys: [], most: 0 })

/** Answers after a while, as a random number says; counts what is in flight. */
function readerOf(table: Asked, keysPerRequest: number, random: Random | undefined): LookupReader {
  let inFlight = 0
  return {
    keysPerRequest,
    async lookup(keys) {
      assert(keys.length <= keysPerRequest)
      table.most = Math.max(table.most, ++inFlight)
      for (let wait = random?.nextInt(4) ?? 0; wait > 0; wait--) await Promise.resolve()
      inFlight--
      return keys.map(([key]) => {
        table.keys.push(Number(key))
        return (table.rows.get(Number(key)) ?? []).map((name) => [key!, name])
      })
    },
    close: () => Promise.resolve(),
  }
}

function lookingUp(reader: LookupReader, options: Partial<LookupJoinOptions> & { readonly capacity?: number } = {}): Operator {
  const { capacity = 10, clock = new SimulatedClock(), cache = noCache, ...rest } = options
  return lookupJoin({
    owner: new ArenaOwner(arenaOfThread(), 'test'),
    clock,
    joinType: 'inner',
    inputTypes,
    types: outputTypes,
    keys: [0],
    keyOf: (values) => values,
    shown: (row) => row,
    condition: undefined,
    cache,
    requests: { clock, table: 't', capacity, timeoutMs: undefined, maxRetries: cache.maxRetries, missing: undefined },
    open: () => Promise.resolve(reader),
    ...rest,
  })
}

const rowsOf = (keys: readonly (number | null)[]): OperatorInput => ({
  changes: keys.map((key, i): Change => ({ kind: RowKind.insert, row: [key, i] })),
})

const names = (changes: readonly Change[]): readonly SqlValue[] => changes.map((change) => change.row[3]!)

// Goal: every row meets exactly the rows of its key, whatever a request takes and however many run, and rows keep their order.
// Method: against nested loops; random tables, batches, kinds of changes, conditions and requests.
test('each row is joined with the rows of its key, in order', async () => {
  const inputs = fc.array(
    fc.array(fc.record({ kind: fc.constantFrom<RowKind>(0, 1, 2, 3), key: fc.option(fc.nat({ max: 6 })), value: fc.nat({ max: 5 }) })),
    { maxLength: 4 },
  )
  const table = fc.dictionary(fc.nat({ max: 6 }).map(String), fc.array(fc.constantFrom('a', 'bb', 'ccc'), { maxLength: 3 }))
  const shape = fc.record({
    joinType: fc.constantFrom('inner' as const, 'left' as const),
    hasCondition: fc.boolean(),
    keysPerRequest: fc.constantFrom(1, 2, Infinity),
    capacity: fc.integer({ min: 1, max: 3 }),
    cache: fc.constantFrom('none' as const, 'partial' as const),
    maxKeys: fc.constantFrom(0, 2, Infinity),
    seed: fc.nat(),
  })
  await fc.assert(
    fc.asyncProperty(inputs, table, shape, async (batches, content, { joinType, hasCondition, ...chosen }) => {
      const { keysPerRequest, capacity, seed, cache, maxKeys } = chosen
      const side = asked()
      for (const [key, values] of Object.entries(content)) side.rows.set(Number(key), values)
      const owner = new ArenaOwner(arenaOfThread(), 'test')
      const length = buildCall('CHAR_LENGTH', [{ kind: 'column', index: 3, type: types.string() }])
      const longer = buildCall('>', [{ kind: 'column', index: 1, type: integer }, length])
      const operator = lookingUp(readerOf(side, keysPerRequest, new Random(seed)), {
        joinType,
        capacity,
        cache: { ...noCache, kind: cache, maxKeys, keepsMissing: seed % 2 === 0 },
        condition: hasCondition ? joinCondition(longer, { owner, context, execution: 'interpreted', types: outputTypes }) : undefined,
      })
      const changes = await runOperator(operator, {
        inputTypes,
        inputs: batches.map((batch) => ({ changes: batch.map(({ kind, key, value }): Change => ({ kind, row: [key, value] })) })),
        seed,
      })
      owner.close()
      const expected = batches.flat().flatMap(({ kind, key, value }): Change[] => {
        const found = (key === null ? undefined : side.rows.get(key)) ?? []
        const matches = found.filter((name) => !hasCondition || value > name.length)
        if (matches.length === 0 && joinType === 'left') return [{ kind, row: [key, value, null, null] }]
        return matches.map((name) => ({ kind, row: [key, value, key, name] }))
      })
      assert.deepEqual(changes, expected)
      assert(side.most <= capacity, 'no more requests are in flight than the capacity says')
    }),
    { numRuns: 150 },
  )
})

test('more matches than a batch holds', async () => {
  const side = asked()
  side.rows.set(
    1,
    Array.from({ length: 9000 }, (_, i) => `n${i}`),
  )
  const changes = await runOperator(lookingUp(readerOf(side, 1, undefined)), { inputTypes, inputs: [rowsOf([1, 2, 1])], seed: 3 })
  assert.equal(changes.length, 18_000)
  assert.deepEqual(names([changes[8999]!, changes[9000]!]), ['n8999', 'n0'])
})

test('without a cache every batch asks, and sees what is there then', async () => {
  const side = asked()
  side.rows.set(1, ['old'])
  const clock = new SimulatedClock()
  clock.schedule(5, () => side.rows.set(1, ['new']))
  const operator = lookingUp(readerOf(side, 1, undefined), { clock })
  const changes = await runOperator(operator, { inputTypes, inputs: [rowsOf([1, 1]), { clock: 5 }, rowsOf([1])], seed: 1, clock })
  assert.deepEqual(names(changes), ['old', 'old', 'new'])
  assert.deepEqual(side.keys, [1, 1])
})

test('answers that the reader says to hold are not asked for again', async () => {
  const side = asked()
  side.rows.set(1, ['a'])
  let holds = true
  const clock = new SimulatedClock()
  clock.schedule(5, () => {
    holds = false
    side.rows.set(1, ['b'])
  })
  const reader = { ...readerOf(side, 1, undefined), holds: () => Promise.resolve(holds) }
  const operator = lookingUp(reader, { clock })
  const inputs = [rowsOf([1]), rowsOf([1]), { clock: 5 }, rowsOf([1])]
  assert.deepEqual(names(await runOperator(operator, { inputTypes, inputs, seed: 1, clock })), ['a', 'a', 'b'])
  assert.deepEqual(side.keys, [1, 1])
})

test('a cache forgets by age, by disuse, by number, and what is missing', async () => {
  const run = async (cache: Partial<LookupJoinOptions['cache']>, inputs: readonly OperatorInput[]): Promise<readonly number[]> => {
    const side = asked()
    for (const key of [1, 2, 3]) side.rows.set(key, ['x'])
    const clock = new SimulatedClock()
    const operator = lookingUp(readerOf(side, 1, undefined), { clock, cache: { ...noCache, kind: 'partial', ...cache } })
    await runOperator(operator, { inputTypes, inputs, seed: 1, clock })
    return side.keys
  }
  const kept = [rowsOf([1, 9]), rowsOf([1, 9]), { clock: 1e9 }, rowsOf([1, 9])]
  assert.deepEqual(await run({}, kept), [1, 9])
  assert.deepEqual(await run({ keepsMissing: false }, kept), [1, 9, 9, 9])
  const aging = [rowsOf([1]), { clock: 9 }, rowsOf([1]), { clock: 10 }, rowsOf([1])]
  assert.deepEqual(await run({ expireAfterWriteMs: 10 }, aging), [1, 1])
  assert.deepEqual(await run({ expireAfterAccessMs: 10 }, aging), [1])
  assert.deepEqual(await run({ expireAfterAccessMs: 9 }, aging), [1, 1])
  assert.deepEqual(await run({ maxKeys: 2 }, [rowsOf([1]), rowsOf([2]), rowsOf([1]), rowsOf([3]), rowsOf([1]), rowsOf([2])]), [1, 2, 3, 2])
})

test('a key without rows is asked for again after a pause, so often in all', async () => {
  const side = asked()
  const clock = new SimulatedClock()
  clock.schedule(20, () => side.rows.set(1, ['late']))
  const missing = { delayMs: 10, maxAttempts: 4 }
  const requests = { clock, table: 't', capacity: 2, timeoutMs: undefined, maxRetries: 0, missing }
  const operator = lookingUp(readerOf(side, 1, undefined), { clock, requests, joinType: 'left' })
  const running = runOperator(operator, { inputTypes, inputs: [rowsOf([1, 2])], seed: 1, clock })
  for (let ms = 1; ms <= 60; ms++) {
    await new Promise(setImmediate)
    clock.moveTo(ms)
  }
  assert.deepEqual(names(await running), ['late', null])
  assert.deepEqual(
    side.keys.toSorted((a, b) => a - b),
    [1, 1, 1, 2, 2, 2, 2],
  )
})

test('a request that fails is made again, and then fails the job; one that takes too long does at once', async () => {
  const failing = (failures: number): LookupReader => {
    let left = failures
    return {
      keysPerRequest: 1,
      lookup: () => (left-- > 0 ? Promise.reject(new TypeError('broken')) : Promise.resolve([[[1, 'a']]])),
      close: () => Promise.resolve(),
    }
  }
  const run = (reader: LookupReader): Promise<readonly Change[]> =>
    runOperator(lookingUp(reader, { cache: { ...noCache, maxRetries: 2 } }), { inputTypes, inputs: [rowsOf([1])], seed: 1 })
  assert.deepEqual(names(await run(failing(2))), ['a'])
  await assert.rejects(run(failing(3)), /broken/)
  const clock = new SimulatedClock()
  const requests = { clock, table: 'rates', capacity: 1, timeoutMs: 100, maxRetries: 0, missing: undefined }
  const silent: LookupReader = { keysPerRequest: 1, lookup: () => new Promise(() => {}), close: () => Promise.resolve() }
  const waiting = runOperator(lookingUp(silent, { clock, requests }), { inputTypes, inputs: [rowsOf([1])], seed: 1, clock })
  const told = assert.rejects(waiting, { code: 'lookup/timeout', message: /"rates": no answer came within 100 ms/ })
  await new Promise(setImmediate)
  clock.moveTo(100)
  await told
})

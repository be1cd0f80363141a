import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nodePorts } from '../base/node-ports.ts'
import { Random } from '../base/random.ts'
import { ArenaOwner, arenaOfThread } from '../data/arena.ts'
import { RowKind } from '../data/row-kind.ts'
import { types } from '../data/types.ts'
import type { Operator } from '../runtime/operator.ts'
import { type CreateState, memoryState } from '../state/keyed-state.ts'
import { RandomlyAsynchronousState } from '../state/random-state.ts'
import type { Change } from '../testing/memory-connector.ts'
import { type OperatorInput, runOperator } from '../testing/run-operator.ts'
import { changelogNormalize } from './changelog-normalize.ts'
import { groupAggregate } from './group-aggregate.ts'
import { intervalJoin } from './interval-join.ts'
import { join } from './join.ts'
import { markJoin } from './mark-join.ts'
import { temporalJoin } from './temporal-join.ts'
import { sessionAggregate } from './session-aggregate.ts'
import { windowAggregate } from './window-aggregate.ts'
import { windowJoin } from './window-join.ts'
import { windowTime } from './window-time.ts'

const inputTypes = [types.timestamp(3), types.integer(), types.integer()]
const count = { name: 'COUNT', args: [], argTypes: [], distinct: false, type: types.bigint(false) }
const sum = { name: 'SUM', args: [2], argTypes: [types.integer()], distinct: false, type: types.integer() }

/** Makes an operator whose state is in memory, or answers with a promise now and then. */
type Make = (owner: ArenaOwner, random: Random | undefined) => Operator

const stateOf =
  (random: Random | undefined): CreateState =>
  (options) =>
    random === undefined ? memoryState(options) : new RandomlyAsynchronousState(memoryState(options), random)

const keysOfWindow = [0, 1]

const joinOptions = (owner: ArenaOwner, random: Random | undefined) =>
  ({
    id: 'j',
    owner,
    inputTypes: [inputTypes, inputTypes],
    types: [...inputTypes, ...inputTypes],
    keys: [[1], [1]],
    nullSafe: [false],
    condition: undefined,
    ordersOutput: true,
    givesPlaces: false,
    createState: stateOf(random),
  }) as const

const operators: Readonly<Record<string, Make>> = {
  'group-aggregate': (owner, random) =>
    groupAggregate({
      id: 'g',
      owner,
      clock: nodePorts.clock,
      inputTypes,
      batchRows: 3,
      keys: [1],
      aggregates: [count, sum],
      inputRetracts: true,
      emitsUpdateBefore: true,
      emission: 'batch',
      mode: 'streaming',
      ordersOutput: false,
      givesPlaces: false,
      stateTtlMs: 0,
      createState: stateOf(random),
    }),
  'session aggregate': (owner, random) =>
    sessionAggregate({
      id: 's',
      owner,
      inputTypes,
      propertyTypes: [types.timestamp(3), types.timestamp(3)],
      keys: [1],
      aggregates: [count, sum],
      timeColumn: 0,
      gapMs: 4,
      properties: ['window_start', 'window_end'],
      inputRetracts: true,
      mode: 'streaming',
      time: windowTime(undefined),
      ordersOutput: false,
      givesPlaces: false,
      createState: stateOf(random),
    }),
  'window-aggregate': (owner, random) =>
    windowAggregate({
      id: 'w',
      owner,
      inputTypes,
      propertyTypes: [types.timestamp(3), types.timestamp(3)],
      keys: [1],
      aggregates: [count, sum],
      window: { kind: 'hop', sizeMs: 12, slideMs: 4, offsetMs: 0 },
      source: { kind: 'rowtime', column: 0 },
      properties: ['window_start', 'window_end'],
      inputRetracts: false,
      mode: 'streaming',
      time: windowTime(undefined),
      ordersOutput: false,
      givesPlaces: false,
      createState: stateOf(random),
    }),
  'interval-join': (owner, random) =>
    intervalJoin({ ...joinOptions(owner, random), joinType: 'full', times: [0, 0], lowerMs: -4, upperMs: 3 }),
  'regular-join': (owner, random) =>
    join({
      ...joinOptions(owner, random),
      joinType: 'full',
      retracts: [false, false],
      emitsKinds: true,
      mode: 'final',
      clock: nodePorts.clock,
      stateTtlMs: [0, 0],
    }),
  'mark join': (owner, random) =>
    markJoin({
      ...joinOptions(owner, random),
      types: [...inputTypes, types.boolean()],
      answer: undefined,
      hasCondition: false,
      equal: [[], []],
      retracts: [true, true],
      mode: 'streaming',
      clock: nodePorts.clock,
      stateTtlMs: 0,
    }),
  'temporal-join': (owner, random) => temporalJoin({ ...joinOptions(owner, random), joinType: 'left', times: [0, 0], leftRetracts: false }),
  'window-join': (owner, random) =>
    windowJoin({
      ...joinOptions(owner, random),
      joinType: 'full',
      keys: [keysOfWindow, keysOfWindow],
      ends: [0, 0],
      time: windowTime(undefined),
    }),
  'changelog-normalize': (owner, random) =>
    changelogNormalize({
      id: 'n',
      clock: nodePorts.clock,
      stateTtlMs: 0,
      owner,
      types: inputTypes,
      keys: [1],
      createState: stateOf(random),
    }),
}

const row = fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 3 }), fc.nat({ max: 5 }))
const inputs = fc.array(
  fc.oneof(
    fc
      .tuple(fc.array(fc.tuple(row, fc.boolean()), { maxLength: 12 }), fc.constantFrom(0 as const, 1 as const))
      .map(([rows, input]): OperatorInput => ({
        input,
        changes: rows.map(([[at, key, value], isAdded]): Change => ({
          kind: isAdded ? RowKind.insert : RowKind.delete,
          row: [BigInt(at) * 1_000_000n, key, value],
        })),
      })),
    fc.nat({ max: 50 }).map((watermark): OperatorInput => ({ watermark })),
  ),
  { maxLength: 12 },
)

for (const [name, make] of Object.entries(operators)) {
  // Goal: promises of the state and a consumer that is full change nothing about what an operator gives.
  // Method: the same input through state in memory before a fast consumer.
  test(`${name} waits for its state and for room`, async () => {
    await fc.assert(
      fc.asyncProperty(inputs, fc.nat(), async (given, seed) => {
        const isTimed = name === 'window-aggregate' || name.endsWith('-join')
        const rising = risingWatermarks(isTimed ? given.map(onlyAdded) : given)
        const owner = (): ArenaOwner => new ArenaOwner(arenaOfThread(), name)
        const wanted = await runOperator(make(owner(), undefined), { inputTypes, inputs: rising, seed: 0 })
        const found = await runOperator(make(owner(), new Random(seed)), { inputTypes, inputs: rising, seed })
        assert.deepEqual(found, wanted)
      }),
      { numRuns: 100 },
    )
  })
}

function onlyAdded(input: OperatorInput): OperatorInput {
  return 'changes' in input ? { ...input, changes: input.changes.map((change) => ({ ...change, kind: RowKind.insert })) } : input
}

/** Watermarks rise, and rows carry the last one. */
function risingWatermarks(given: readonly OperatorInput[]): readonly OperatorInput[] {
  let last = -1
  return given.map((input): OperatorInput => {
    if ('changes' in input) return { ...input, watermark: last }
    if ('clock' in input) return input
    last = Math.max(last, input.watermark)
    return { watermark: last }
  })
}

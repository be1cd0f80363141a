import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Clock } from '../base/ports.ts'
import { ArenaOwner, arenaOfThread } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { readCell, writeCell } from '../data/cells.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import { RowKind } from '../data/row-kind.ts'
import { types } from '../data/types.ts'
import type { Operator, OperatorSnapshot } from '../runtime/operator.ts'
import { SimulatedClock } from '../testing/simulated-clock.ts'
import { arrivalOver } from './arrival-over.ts'
import { changelogNormalize } from './changelog-normalize.ts'
import { deduplicate } from './deduplicate.ts'
import { groupAggregate } from './group-aggregate.ts'
import { join } from './join.ts'
import { overAggregate } from './over-aggregate.ts'
import { overByValue } from './over-by-value.ts'
import { rank } from './rank.ts'
import { sinkMaterializer } from './sink-materializer.ts'

// Goal: the state of a key that was not written for its time to live is as if it had never been, and is freed. Method: at a clock that the test moves, a key's changes must be those of
// operators without a time to live, a new one after each silence of that length; a snapshot in the middle changes nothing.

const TTL_MS = 10
const rowTypes = [types.integer(), types.integer()]

interface Step {
  readonly waitMs: number
  readonly key: number
  readonly value: number
}

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({ waitMs: fc.constantFrom(0, 1, 4, TTL_MS - 1, TTL_MS, TTL_MS + 1), key: fc.nat({ max: 2 }), value: fc.nat({ max: 3 }) }),
  { maxLength: 25 },
)

const count = { name: 'COUNT', args: [], argTypes: [], distinct: false, type: types.bigint(false) }
const sum = { name: 'SUM', args: [1], argTypes: [rowTypes[1]!], distinct: false, type: types.integer() }
const ascending = { column: 1, order: 'ascending', nulls: 'first' } as const

const operators: Readonly<Record<string, (clock: Clock, stateTtlMs: number) => Operator>> = {
  'GROUP BY': (clock, stateTtlMs) => {
    const given = { id: 'a', owner: newOwner(), clock, inputTypes: rowTypes, batchRows: 4096, keys: [0], aggregates: [count, sum] }
    const how = { inputRetracts: false, emitsUpdateBefore: true, emission: 'batch', mode: 'streaming', ordersOutput: false } as const
    return groupAggregate({ ...given, ...how, givesPlaces: false, stateTtlMs })
  },
  'Top-N': (clock, stateTtlMs) => {
    const given = { id: 'r', owner: newOwner(), clock, types: rowTypes, keys: [0], orderKeys: [ascending], ties: 'first-come' } as const
    const how = { from: 1, to: 2, showsRank: true, inputRetracts: true, emitsUpdateBefore: true, changes: 'retract' } as const
    return rank({ ...given, ...how, stateTtlMs })
  },
  'OVER by value': (clock, stateTtlMs) =>
    overByValue({
      id: 'o',
      owner: newOwner(),
      clock,
      inputTypes: rowTypes,
      keys: [0],
      orderKeys: [ascending],
      unit: 'RANGE',
      calls: [sum],
      stateTtlMs,
    }),
  'changelog normalize': (clock, stateTtlMs) =>
    changelogNormalize({ id: 'n', owner: newOwner(), clock, types: rowTypes, keys: [0], stateTtlMs }),
  'OVER by arrival': (clock, stateTtlMs) =>
    arrivalOver({ id: 'p', owner: newOwner(), clock, inputTypes: rowTypes, keys: [0], preceding: 2, calls: [sum], stateTtlMs }),
  'sink materializer': (clock, stateTtlMs) =>
    sinkMaterializer({ id: 's', owner: newOwner(), clock, types: rowTypes, keys: [0], rowKey: [1], keeps: 'last', stateTtlMs }),
}

/** Rows have their event time as a column, and the watermark follows each of them. */
const timedTypes = [...rowTypes, types.timestamp(3)]
const timed = { types: timedTypes, inputTypes: timedTypes, keys: [0], timeColumn: 2, ordersOutput: false, givesPlaces: false }
const timedOperators: typeof operators = {
  'the first row by event time': (clock, stateTtlMs) => deduplicate({ id: 'd', owner: newOwner(), clock, stateTtlMs, ...timed }),
  'OVER all earlier rows by event time': (clock, stateTtlMs) =>
    overAggregate({ id: 't', owner: newOwner(), clock, stateTtlMs, unit: 'RANGE', preceding: undefined, calls: [sum], ...timed }),
  'OVER some earlier rows by event time': (clock, stateTtlMs) =>
    overAggregate({ id: 'u', owner: newOwner(), clock, stateTtlMs, unit: 'ROWS', preceding: 1, calls: [sum], ...timed }),
}

function newOwner(): ArenaOwner {
  return new ArenaOwner(arenaOfThread(), 'test')
}

/** Gives an operator one row and returns its changes as texts. */
function give(operator: Operator, input: number, { key, value }: Step, time?: number): readonly string[] {
  const owner = newOwner()
  const buffer = new BatchBuffer(owner, time === undefined ? rowTypes : timedTypes, 8)
  const { batch, arena } = buffer
  arena.u8[buffer.addKinds()] = RowKind.insert
  writeCell(buffer, batch.columns[0]!, 0, key)
  writeCell(buffer, batch.columns[1]!, 0, value)
  if (time !== undefined) writeCell(buffer, batch.columns[2]!, 0, BigInt(time) * 1_000_000n)
  batch.rowCount = 1
  batch.selectedCount = 1
  const texts: string[] = []
  const push = (result: Batch): 'done' => {
    for (let i = 0; i < result.selectedCount; i++) {
      const row = result.selection === 0 ? i : arena.i32[(result.selection >>> 2) + i]!
      const kind = result.kinds === 0 ? RowKind.insert : arena.u8[result.kinds + row]!
      texts.push([kind, ...result.columns.map((column) => String(readCell(arena, column, row)))].join(' '))
    }
    return 'done'
  }
  assert.equal(operator.onBatch(input, batch, { isFull: false, push }), 'done')
  if (time !== undefined) assert.equal(operator.onWatermark?.(time, { isFull: false, push }), 'done')
  owner.close()
  return texts
}

for (const [name, create] of Object.entries({ ...operators, ...timedOperators })) {
  const isTimed = name in timedOperators
  test(`${name}: a key begins anew when it was not written for its time to live`, () => {
    fc.assert(
      fc.property(steps, fc.nat({ max: 25 }), (list, cut) => {
        const clock = new SimulatedClock(1000)
        let operator = create(clock, TTL_MS)
        const forever = new Map<number, { operator: Operator; at: number }>()
        list.forEach((step, i) => {
          clock.moveTo(clock.nowMs() + step.waitMs)
          if (i === cut) operator = restored(operator, () => create(clock, TTL_MS))
          const now = clock.nowMs()
          const before = forever.get(step.key)
          const life = before === undefined || now - before.at >= TTL_MS ? create(clock, 0) : before.operator
          // A key whose first row has left is not written any more.
          const isWritten = name !== 'the first row by event time' || life !== before?.operator
          forever.set(step.key, { operator: life, at: isWritten ? now : before.at })
          // An aggregate with a time to live says an unchanged row again, so that those behind it keep it.
          const time = isTimed ? i : undefined
          const expected = give(life, 0, step, time)
          const found = give(operator, 0, step, time)
          assert.deepEqual(name === 'GROUP BY' && expected.length === 0 ? found.slice(2) : found, expected)
        })
        clock.moveTo(clock.nowMs() + TTL_MS)
        const fresh = create(clock, TTL_MS)
        for (const one of [operator, fresh]) give(one, 0, { waitMs: 0, key: 99, value: 0 }, isTimed ? list.length : undefined)
        assert.equal(operator.stateSize!().rows, fresh.stateSize!().rows)
      }),
      { numRuns: 100 },
    )
  })
}

function restored(operator: Operator, create: () => Operator): Operator {
  const parts: readonly OperatorSnapshot[] = [operator.snapshot!()]
  const again = create()
  again.restore!(parts, (keyGroup) => keyGroup < KEY_GROUPS)
  return again
}

for (const retracts of [false, true]) {
  test(`a join forgets each side's rows of a key by themselves (${retracts ? 'changing' : 'appending'})`, () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            steps.filter((list) => list.length > 0).map((list) => list[0]!),
            fc.constantFrom(0, 1),
          ),
          { maxLength: 25 },
        ),
        fc.nat({ max: 25 }),
        (list, cut) => {
          const clock = new SimulatedClock(1000)
          const ttls = [TTL_MS, 2 * TTL_MS] as const
          const create = (): Operator => {
            const sides = { inputTypes: [rowTypes, rowTypes], keys: [[0], [0]], retracts: [retracts, retracts], stateTtlMs: ttls } as const
            const how = {
              nullSafe: [false],
              condition: undefined,
              joinType: 'inner',
              emitsKinds: retracts,
              mode: 'streaming',
              ordersOutput: false,
            } as const
            return join({ id: 'j', owner: newOwner(), clock, types: [...rowTypes, ...rowTypes], ...sides, ...how, givesPlaces: false })
          }
          let operator = create()
          const kept: readonly Map<number, { values: number[]; at: number }>[] = [new Map(), new Map()]
          list.forEach(([step, side], i) => {
            clock.moveTo(clock.nowMs() + step.waitMs)
            if (i === cut) operator = restored(operator, create)
            const now = clock.nowMs()
            kept.forEach((rows, s) => {
              for (const [key, { at }] of rows) if (now - at >= ttls[s]!) rows.delete(key)
            })
            const own = kept[side]!.get(step.key) ?? { values: [], at: now }
            own.values.push(step.value)
            kept[side]!.set(step.key, { ...own, at: now })
            const others = kept[1 - side]!.get(step.key)?.values ?? []
            const expected = others.map((other) =>
              side === 0 ? `0 ${step.key} ${step.value} ${step.key} ${other}` : `0 ${step.key} ${other} ${step.key} ${step.value}`,
            )
            assert.deepEqual([...give(operator, side, step)].sort(), expected.sort())
          })
          clock.moveTo(clock.nowMs() + 2 * TTL_MS)
          give(operator, 0, { waitMs: 0, key: 99, value: 0 })
          assert.equal(operator.stateSize?.().rows, 1)
        },
      ),
      { numRuns: 100 },
    )
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ArenaOwner, arenaOfThread } from '../data/arena.ts'
import { RowKind } from '../data/row-kind.ts'
import { types } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { AggregateCall } from '../expr/aggregate.ts'
import type { Operator } from '../runtime/operator.ts'
import { runOperator } from '../testing/run-operator.ts'
import { SimulatedClock } from '../testing/simulated-clock.ts'
import { arrivalOver } from './arrival-over.ts'

const inputTypes = [types.integer(false), types.integer()]
const call = (name: string, more: Partial<AggregateCall> = {}): AggregateCall => ({
  name,
  args: [1],
  argTypes: [types.integer()],
  distinct: false,
  type: name === 'COUNT' ? types.bigint(false) : types.integer(),
  ...more,
})
const calls = [call('SUM'), call('MIN'), call('COUNT', { args: [], argTypes: [] }), call('LAG', { options: ['2'] })]

interface Row {
  readonly key: number
  readonly value: number | null
}

/** Each row with the answers over it and the rows of its key before it. */
function expected(rows: readonly Row[], preceding: number | undefined): readonly (readonly SqlValue[])[] {
  return rows.map(({ key, value }, i) => {
    const before = rows.slice(0, i + 1).filter((row) => row.key === key)
    const frame = preceding === undefined ? before : before.slice(-1 - preceding)
    const values = frame.flatMap((row) => row.value ?? [])
    const sum = values.length === 0 ? null : values.reduce((a, b) => a + b, 0)
    const least = values.length === 0 ? null : Math.min(...values)
    return [key, value, sum, least, BigInt(frame.length), before.at(-3)?.value ?? null]
  })
}

const rowsOfTest = fc.array(fc.record({ key: fc.nat({ max: 2 }), value: fc.option(fc.nat({ max: 9 })) }), { maxLength: 40 })

// Goal: rows are answered at once and in order, over the frame that ends with them.
// Method: against the definition; the operator is dropped and restored at a random row.
for (const preceding of [undefined, 0, 1, 3]) {
  test(`${preceding ?? 'all'} rows before the current one, in the order of arrival`, async () => {
    await fc.assert(
      fc.asyncProperty(rowsOfTest, fc.nat({ max: 40 }), fc.nat(), async (rows, cut, seed) => {
        const create = (): Operator =>
          arrivalOver({
            id: 'o',
            owner: new ArenaOwner(arenaOfThread(), 'test'),
            inputTypes,
            keys: [0],
            preceding,
            calls,
            clock: new SimulatedClock(0),
            stateTtlMs: 0,
          })
        const toInput = (part: readonly Row[]) => ({
          changes: part.map((row) => ({ kind: RowKind.insert, row: [row.key, row.value] })),
        })
        const first = create()
        let part: ReturnType<NonNullable<Operator['snapshot']>> | undefined
        const watched: Operator = {
          name: first.name,
          onBatch: (input, batch, out) => first.onBatch(input, batch, out),
          onEnd: () => ((part = first.snapshot?.()), 'done'),
        }
        const before = await runOperator(watched, { inputTypes, inputs: [toInput(rows.slice(0, cut))], seed })
        first.close?.()
        const second = create()
        second.restore?.([part!], () => true)
        const after = await runOperator(second, { inputTypes, inputs: [toInput(rows.slice(cut))], seed })
        assert.deepEqual(
          [...before, ...after].map((change) => change.row),
          expected(rows, preceding),
        )
      }),
      { numRuns: 60 },
    )
  })
}

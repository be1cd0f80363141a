import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import * as twin from './accumulate.twin.ts'
import { ArenaOwner, arenaOfThread } from './arena.ts'
import { BatchBuffer } from './batch-buffer.ts'
import { readCell, writeCell } from './cells.ts'
import { layoutNumbers, layoutOf } from './column.ts'
import { joinHalves } from './row-encoding.ts'
import { type SqlType, types } from './types.ts'
import type { SqlValue } from './value.ts'

// Goal: lines of groups hold, after any rows, what the twin says of the rows of each group, and give the values that it says.
// Method: random rows of few groups through the kernels, into lines that begin somewhere behind a header.
const arena = arenaOfThread()
const { kernels } = arena
const GROUPS = 3
const LINE_BYTES = 64
const OFFSET = 16
const ROOM = 64

interface Row {
  readonly group: number
  readonly value: SqlValue
  readonly sign: 1 | -1
}

/** Lines with rows brought to them by `add`, and what `take` makes of them as a column of `resultType`. */
function runKernels(
  rows: readonly Row[],
  type: SqlType,
  add: (cells: number, nulls: number, place: readonly [number, number, number, number, number]) => void,
  resultType: SqlType,
  take: (place: readonly [number, number, number, number, number, number, number]) => number,
): { readonly lines: readonly number[]; readonly values: readonly SqlValue[]; readonly close: () => void } {
  const owner = new ArenaOwner(arena, 'test')
  const input = new BatchBuffer(owner, [type], ROOM)
  const column = input.batch.columns[0]!
  // Rows lie in the batch in another order than they are named.
  const rowOf = (i: number): number => ROOM - 1 - i
  rows.forEach(({ value }, i) => writeCell(input, column, rowOf(i), value))
  const numbers = owner.ints(ROOM)
  const lineOf = owner.ints(ROOM)
  const signs = owner.allocate(ROOM)
  const first = owner.allocate(LINE_BYTES * GROUPS)
  arena.u8.fill(0, first, first + LINE_BYTES * GROUPS)
  rows.forEach(({ group, sign }, i) => {
    numbers[i] = rowOf(i)
    lineOf[i] = first + group * LINE_BYTES
    arena.i8[signs + i] = sign
  })
  add(column.cells, column.nulls, [numbers.byteOffset, lineOf.byteOffset, signs, rows.length, OFFSET])
  const output = new BatchBuffer(owner, [resultType], ROOM)
  const result = output.batch.columns[0]!
  const groups = owner.ints(GROUPS)
  for (let group = 0; group < GROUPS; group++) groups[group] = first + group * LINE_BYTES
  const missing = owner.allocate(ROOM)
  const missingCount = take([groups.byteOffset, GROUPS, OFFSET, result.cells, 1, 2, missing])
  if (missingCount > 0) kernels.spreadMissing(missing, GROUPS, output.addNullMask(result), 1, 2)
  const values = [...groups].map((_, k) => readCell(arena, result, 1 + k * 2))
  assert.equal(missingCount, values.filter((value) => value === null).length)
  return { lines: [...groups].map((line) => line + OFFSET), values, close: () => owner.close() }
}

function rowsOf<Value extends SqlValue>(value: fc.Arbitrary<Value>): fc.Arbitrary<Row[]> {
  return fc.array(fc.record({ group: fc.nat(GROUPS - 1), value: fc.option(value, { freq: 5 }), sign: fc.constantFrom<1 | -1>(1, 1, -1) }), {
    maxLength: ROOM,
  })
}

function ofGroup<Value>(rows: readonly Row[], group: number): readonly twin.Signed<Value>[] {
  return rows.filter((row) => row.group === group) as unknown as readonly twin.Signed<Value>[]
}

const big = (value: bigint | number): bigint => BigInt(value)
const wholes: readonly { type: SqlType; bits: number; value: fc.Arbitrary<number | bigint> }[] = [
  { type: types.tinyint(), bits: 8, value: fc.integer({ min: -128, max: 127 }) },
  { type: types.smallint(), bits: 16, value: fc.integer({ min: -32768, max: 32767 }) },
  { type: types.integer(), bits: 32, value: fc.integer() },
  { type: types.bigint(), bits: 64, value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) },
]

for (const { type, bits, value } of wholes) {
  const layout = layoutNumbers[layoutOf(type)]
  const result = (whole: bigint | null): SqlValue => (whole === null || bits === 64 ? whole : Number(whole))
  test(`sums, averages and counts of ${type.kind}`, () => {
    fc.assert(
      fc.property(rowsOf(value), (rows) => {
        const add = (cells: number, nulls: number, place: readonly [number, number, number, number, number]): void =>
          kernels.addWholes(layout, cells, nulls, ...place)
        const sums = runKernels(rows, type, add, type, (place) => kernels.takeWords(layout, false, ...place))
        const averages = runKernels(rows, type, add, type, (place) => kernels.takeWholeAverages(layout, ...place))
        for (let group = 0; group < GROUPS; group++) {
          const mine = ofGroup<bigint | number>(rows, group).map((row) => ({ ...row, value: row.value === null ? null : big(row.value) }))
          const count = twin.countOf(mine)
          const sum = twin.wholeSum(mine, 64)
          assert.equal(arena.f64[sums.lines[group]! / 8], count)
          assert.equal(sums.values[group], count === 0 ? null : result(BigInt.asIntN(bits, sum)))
          assert.equal(averages.values[group], result(twin.wholeAverage(sum, count, bits)))
        }
        const counts = runKernels(
          rows,
          type,
          (_cells, nulls, place) => kernels.addCounts(nulls, ...place),
          types.bigint(),
          ([lines, count, offset, cells, first, step]) => {
            kernels.takeCounts(lines, count, offset, cells, first, step)
            return 0
          },
        )
        assert.deepEqual(
          counts.values,
          counts.values.map((_, group) => BigInt(twin.countOf(ofGroup(rows, group)))),
        )
        for (const each of [sums, averages, counts]) each.close()
      }),
    )
  })
}

const double = fc.double({ noDefaultInfinity: true, noNaN: true, min: -1e12, max: 1e12 })
for (const [type, value] of [
  [types.float(), fc.float({ noDefaultInfinity: true, noNaN: true, min: -1e6, max: 1e6 })],
  [types.double(), double],
] as const) {
  const layout = layoutNumbers[layoutOf(type)]
  const isSingle = type.kind === 'FLOAT'
  test(`sums and averages of ${type.kind}`, () => {
    fc.assert(
      fc.property(rowsOf(value), (rows) => {
        const sums = runKernels(
          rows,
          type,
          (cells, nulls, place) => kernels.addFloats(layout, isSingle, cells, nulls, ...place),
          type,
          (place) => kernels.takeWords(layout, true, ...place),
        )
        const averages = runKernels(
          rows,
          type,
          (cells, nulls, place) => kernels.addFloats(layout, false, cells, nulls, ...place),
          type,
          (place) => kernels.takeFloatAverages(layout, ...place),
        )
        for (let group = 0; group < GROUPS; group++) {
          const mine = ofGroup<number>(rows, group)
          const count = twin.countOf(mine)
          const average = twin.floatSum(mine, false) / count
          assert.equal(sums.values[group], count === 0 ? null : twin.floatSum(mine, isSingle))
          assert.equal(averages.values[group], count === 0 ? null : isSingle ? Math.fround(average) : average)
        }
        sums.close()
        averages.close()
      }),
    )
  })
}

const LIMIT = 10n ** 38n
for (const [precision, limit] of [
  [18, 10n ** 18n],
  [38, LIMIT],
] as const) {
  test(`sums and averages of DECIMAL(${precision}, 2)`, () => {
    const type = types.decimal(precision, 2)
    const layout = layoutNumbers[layoutOf(type)]
    const value = fc.oneof(fc.bigInt({ min: 1n - limit, max: limit - 1n }), fc.bigInt({ min: -1000n, max: 1000n }))
    fc.assert(
      fc.property(rowsOf(value), fc.constantFrom(0, 4), (rows, digits) => {
        const add = (cells: number, nulls: number, place: readonly [number, number, number, number, number]): void =>
          kernels.addDecimals(layout, cells, nulls, ...place)
        const sums = runKernels(rows, type, add, types.decimal(38, 2), (place) => kernels.takeDecimals(...place))
        const averages = runKernels(rows, type, add, types.decimal(38, 6), (place) => kernels.takeDecimalAverages(digits, ...place))
        for (let group = 0; group < GROUPS; group++) {
          const mine = ofGroup<bigint>(rows, group)
          const sum = twin.wholeSum(mine, 192)
          const at = sums.lines[group]! / 8
          assert.equal((arena.i64[at + 3]! << 128n) | BigInt.asUintN(128, joinHalves(arena.i64[at + 1]!, arena.i64[at + 2]!)), sum)
          assert.equal(sums.values[group], twin.decimalValue(sum, twin.countOf(mine)))
          assert.equal(averages.values[group], twin.decimalAverage(sum, twin.countOf(mine), digits))
        }
        sums.close()
        averages.close()
      }),
    )
  })
}

const numbers: readonly (readonly [SqlType, fc.Arbitrary<SqlValue>])[] = [
  [types.tinyint(), fc.integer({ min: -128, max: 127 })],
  [types.smallint(), fc.integer({ min: -32768, max: 32767 })],
  [types.integer(), fc.integer()],
  [types.float(), fc.float()],
  [types.double(), fc.double()],
  [types.bigint(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  [types.decimal(38, 0), fc.oneof(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), fc.bigInt({ min: -3n, max: 3n }))],
]

for (const [type, value] of numbers) {
  for (const direction of [1, -1] as const) {
    test(`the ${direction > 0 ? 'least' : 'greatest'} ${type.kind}`, () => {
      const layout = layoutOf(type)
      const number = layoutNumbers[layout]
      fc.assert(
        fc.property(rowsOf(value), (rows) => {
          const kept = runKernels(
            rows,
            type,
            (cells, nulls, place) => {
              if (layout === 'i64') kernels.keepWords(direction, cells, nulls, ...place)
              else if (layout === 'i128') kernels.keepWides(direction, cells, nulls, ...place)
              else kernels.keepNumbers(number, direction, cells, nulls, ...place)
            },
            type,
            (place) => (layout === 'i128' ? kernels.takeWides(...place) : kernels.takeWords(number, layout !== 'i64', ...place)),
          )
          const isBefore = (a: number | bigint, b: number | bigint): boolean => (direction > 0 ? a < b : a > b)
          for (let group = 0; group < GROUPS; group++) {
            assert.deepEqual(kept.values[group], twin.extremum(ofGroup<number | bigint>(rows, group), isBefore))
          }
          kept.close()
        }),
      )
    })
  }
}

test('the least and the greatest text, by bytes', () => {
  const text = fc.oneof(fc.string({ maxLength: 3 }), fc.string({ unit: 'binary', maxLength: 20 }), fc.constantFrom('abcdefgh', 'abcdefghi'))
  fc.assert(
    fc.property(rowsOf(text), fc.constantFrom<1 | -1>(1, -1), (rows, direction) => {
      const owner = new ArenaOwner(arena, 'test')
      const kept = runKernels(
        rows,
        types.string(),
        (cells, nulls, [numbersAt, lines, signs, count, offset]) => {
          for (let from = 0; ;) {
            from = kernels.keepTexts(direction, cells, nulls, numbersAt, lines, signs, from, count, offset)
            if (from === count) return
            const slot = (arena.u32[lines / 4 + from]! + offset) / 4
            const room = arena.u32[cells / 4 + arena.u32[numbersAt / 4 + from]! * 2 + 1]!
            const block = owner.allocate(room)
            kernels.copyBytes(block, arena.u32[slot + 2]!, arena.u32[slot + 3]!)
            arena.u32[slot + 1] = room
            arena.u32[slot + 2] = block
          }
        },
        types.string(),
        (place) => {
          const missing = kernels.takeTexts(...place)
          const [, count, , cells, first, step] = place
          const bytes = owner.allocate(kernels.takenTextSize(cells, count, first, step))
          kernels.copyTakenTexts(cells, count, first, step, bytes)
          return missing
        },
      )
      const isBefore = (a: string, b: string): boolean => Buffer.compare(Buffer.from(a), Buffer.from(b)) * direction < 0
      for (let group = 0; group < GROUPS; group++) assert.equal(kept.values[group], twin.extremum(ofGroup<string>(rows, group), isBefore))
      kept.close()
      owner.close()
    }),
    { numRuns: 300 },
  )
})

// Goal: what is merged is what the rows of both groups give together, and what is taken away again leaves no trace. Method: rows of group 0 and of group 1, merged into group 0, are
// all of group 0.
const merging: readonly {
  readonly type: SqlType
  readonly value: fc.Arbitrary<SqlValue>
  readonly add: (cells: number, nulls: number, place: readonly [number, number, number, number, number]) => void
  readonly merge: (lines: number, others: number, count: number, offset: number) => void
  readonly unmerge?: (lines: number, others: number, count: number, offset: number) => void
  readonly bytes: number
}[] = [
  {
    type: types.bigint(),
    value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    add: (_cells, nulls, place) => kernels.addCounts(nulls, ...place),
    merge: kernels.mergeCounts,
    unmerge: kernels.unmergeCounts,
    bytes: 8,
  },
  {
    type: types.bigint(),
    value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    add: (...args) => kernels.addWholes(layoutNumbers.i64, args[0], args[1], ...args[2]),
    merge: kernels.mergeWholes,
    unmerge: kernels.unmergeWholes,
    bytes: 16,
  },
  {
    // Whole numbers, for the sum of others depends on the order.
    type: types.double(),
    value: fc.integer(),
    add: (...args) => kernels.addFloats(layoutNumbers.f64, false, args[0], args[1], ...args[2]),
    merge: (...pairs) => kernels.mergeFloats(false, ...pairs),
    bytes: 16,
  },
  {
    type: types.decimal(38, 0),
    value: fc.bigInt({ min: 1n - LIMIT, max: LIMIT - 1n }),
    add: (...args) => kernels.addDecimals(layoutNumbers.i128, args[0], args[1], ...args[2]),
    merge: kernels.mergeDecimals,
    unmerge: kernels.unmergeDecimals,
    bytes: 32,
  },
  ...([1, -1] as const).flatMap((direction) => [
    {
      type: types.double(),
      value: fc.double({ noNaN: true }).map((value) => value + 0),
      add: (cells: number, nulls: number, place: readonly [number, number, number, number, number]): void =>
        kernels.keepNumbers(layoutNumbers.f64, direction, cells, nulls, ...place),
      merge: (...pairs: [number, number, number, number]): void => kernels.mergeKept(layoutNumbers.f64, direction, ...pairs),
      bytes: 16,
    },
    {
      type: types.bigint(),
      value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      add: (cells: number, nulls: number, place: readonly [number, number, number, number, number]): void =>
        kernels.keepWords(direction, cells, nulls, ...place),
      merge: (...pairs: [number, number, number, number]): void => kernels.mergeKept(layoutNumbers.i64, direction, ...pairs),
      bytes: 16,
    },
    {
      type: types.decimal(38, 0),
      value: fc.oneof(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), fc.bigInt({ min: -2n, max: 2n })),
      add: (cells: number, nulls: number, place: readonly [number, number, number, number, number]): void =>
        kernels.keepWides(direction, cells, nulls, ...place),
      merge: (...pairs: [number, number, number, number]): void => kernels.mergeKept(layoutNumbers.i128, direction, ...pairs),
      bytes: 24,
    },
  ]),
]

merging.forEach(({ type, value, add, merge, unmerge, bytes }, i) => {
  test(`groups of ${type.kind} are merged (${i})`, () => {
    fc.assert(
      fc.property(rowsOf(value), (rows) => {
        const pair = rows.filter(({ group }) => group < 2)
        const parts = runKernels(pair, type, add, types.bigint(), () => 0)
        const whole = runKernels(
          pair.map((row) => ({ ...row, group: 0 })),
          type,
          add,
          types.bigint(),
          () => 0,
        )
        const owner = new ArenaOwner(arena, 'test')
        const [lines, others] = [owner.ints(1), owner.ints(1)]
        lines[0] = parts.lines[0]! - OFFSET
        others[0] = parts.lines[1]! - OFFSET
        const line = (start: number): Uint8Array => arena.u8.slice(start, start + bytes)
        const before = line(parts.lines[0]!)
        merge(lines.byteOffset, others.byteOffset, 1, OFFSET)
        assert.deepEqual(line(parts.lines[0]!), line(whole.lines[0]!))
        unmerge?.(lines.byteOffset, others.byteOffset, 1, OFFSET)
        if (unmerge !== undefined) assert.deepEqual(line(parts.lines[0]!), before)
        for (const each of [parts, whole]) each.close()
        owner.close()
      }),
    )
  })
})

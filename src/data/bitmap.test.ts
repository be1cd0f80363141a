import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Bitmap, bitmapOf, formatBitmap, parseBitmap } from './bitmap.ts'

// Method: a Set of numbers is the oracle. Numbers lie where forms of chunks change: next to each other for runs, thousands in one chunk for dense ones.

const numbers: fc.Arbitrary<readonly number[]> = fc
  .array(
    fc.oneof(
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((number) => [number]),
      fc.tuple(fc.integer({ min: 0, max: 200_000 }), fc.integer({ min: 1, max: 9000 }), fc.integer({ min: 1, max: 3 })).map(range),
      fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 2 })).map(range),
    ),
    { maxLength: 5 },
  )
  .map((parts) => parts.flat())

function range([start, count, step]: readonly [number, number, number]): number[] {
  return Array.from({ length: count }, (_, i) => start + i * step)
}

function bitmapWith(members: Iterable<number>): Bitmap {
  const bitmap = new Bitmap()
  for (const member of members) bitmap.add(member)
  return bitmap
}

function sorted(members: Iterable<number>): number[] {
  return [...new Set(Array.from(members, (member) => member >>> 0))].sort((a, b) => a - b)
}

test('a bitmap has the numbers that were added, unsigned and ascending', () => {
  fc.assert(
    fc.property(numbers, (members) => {
      const bitmap = bitmapWith(members)
      assert.deepEqual([...bitmap.numbers()], sorted(members))
      assert.equal(bitmap.cardinality, sorted(members).length)
      assert.equal(bitmap.isEmpty, members.length === 0)
    }),
    { numRuns: 60 },
  )
})

test('numbers that were removed are gone, and the bytes are those of a bitmap that never had them', () => {
  fc.assert(
    fc.property(numbers, numbers, fc.nat(4), (members, others, each) => {
      const gone = [...others, ...members.filter((_, i) => i % 5 < each)]
      const bitmap = bitmapWith(members)
      for (const number of gone) bitmap.remove(number)
      const left = new Set(sorted(members))
      for (const number of gone) left.delete(number >>> 0)
      assert.deepEqual([...bitmap.numbers()], sorted(left))
      assert.deepEqual(bitmap.toBytes(), bitmapWith(left).toBytes())
    }),
    { numRuns: 60 },
  )
})

const operations = {
  and: (a: boolean, b: boolean) => a && b,
  or: (a: boolean, b: boolean) => a || b,
  xor: (a: boolean, b: boolean) => a !== b,
  andnot: (a: boolean, b: boolean) => a && !b,
} as const

test('sets combine as their numbers do, and go on to take numbers of their own', () => {
  fc.assert(
    fc.property(numbers, numbers, fc.constantFrom('and', 'or', 'xor', 'andnot'), fc.boolean(), (left, right, operation, isRead) => {
      // Read bitmaps have chunks in their shortest forms, runs among them.
      const make = (members: readonly number[]): Bitmap => (isRead ? bitmapOf(bitmapWith(members).toBytes()) : bitmapWith(members))
      const [a, b] = [new Set(sorted(left)), new Set(sorted(right))]
      const expected = sorted([...a, ...b]).filter((number) => operations[operation](a.has(number), b.has(number)))
      const bitmap = make(left)
      const other = make(right)
      bitmap.combine(operation, other)
      assert.deepEqual([...bitmap.numbers()], expected)
      assert.deepEqual(bitmap.toBytes(), bitmapWith(expected).toBytes())
      for (const number of right) bitmap.remove(number)
      bitmap.add(70_000)
      assert.deepEqual([...other.numbers()], sorted(right), 'the other set stays as it was')
      assert.deepEqual([...bitmap.numbers()], sorted([...expected.filter((number) => !b.has(number)), 70_000]))
    }),
    { numRuns: 120 },
  )
})

test('a bitmap comes back from its bytes', () => {
  fc.assert(
    fc.property(numbers, (members) => {
      const bytes = bitmapWith(members).toBytes()
      assert.deepEqual([...bitmapOf(bytes).numbers()], sorted(members))
      assert.deepEqual(bitmapOf(bytes).toBytes(), bytes)
    }),
    { numRuns: 60 },
  )
})

test('bytes that are no bitmap are refused, whatever they are', () => {
  fc.assert(
    fc.property(
      numbers,
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 3 }),
      fc.nat(),
      (members, changes, cut) => {
        const bytes = bitmapWith(members).toBytes()
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte
        const read = parseBitmap(bytes.subarray(0, Math.max(0, bytes.length - (cut % 9))))
        // What is read is a set: its numbers ascend, and its bytes say the same.
        if (read === undefined) return
        const found = [...read.numbers()]
        assert.deepEqual(found, sorted(found))
        assert.deepEqual([...bitmapOf(read.toBytes()).numbers()], found)
      },
    ),
    { numRuns: 300 },
  )
  for (const hex of ['', '00', '3a30', '3a300000', '3a30000001000000', '3b300000', '3a300000010000000000010010000000050001'])
    assert.equal(parseBitmap(Buffer.from(hex, 'hex')), undefined, hex)
})

// The forms are those of the Java library, as a real Flink wrote them.
const written: readonly (readonly [readonly number[], string])[] = [
  [[], '3a30000000000000'],
  [[5, 1, 3, 1], '3a300000010000000000020010000000010003000500'],
  [[1, 2, 3], '3a300000010000000000020010000000010002000300'],
  [[3, -1], '3a3000000200000000000000ffff0000180000001a0000000300ffff'],
]

for (const [members, hex] of written) {
  test(`the bytes of {${members.join(',')}} are those of Flink`, () => {
    assert.equal(Buffer.from(bitmapWith(members).toBytes()).toString('hex'), hex)
  })
}

test('bytes are read whatever form their chunks have', () => {
  // A run of one number, which takes more bytes than the number.
  assert.equal(formatBitmap(Buffer.from('3b3000000100000000010005000000', 'hex')), '{5}')
})

test('the text of a bitmap is its numbers without a sign; a very long one is cut', () => {
  assert.equal(formatBitmap(bitmapWith([]).toBytes()), '{}')
  assert.equal(formatBitmap(bitmapWith([5, 1, -3]).toBytes()), '{1,5,4294967293}')
  const text = formatBitmap(bitmapWith(range([0, 100_000, 1])).toBytes())
  assert.equal(text.slice(-16), '89231,89232,...}')
  assert.ok(text.length > 0x80000 && text.length < 0x80020)
})

test('a set of two thousand million numbers takes little room', () => {
  // 32,768 chunks that are one run each.
  const runs = new Bitmap()
  runs.add(0)
  const bytes = Buffer.alloc(4 + 4096 + 32768 * (4 + 4 + 6))
  bytes.writeUInt32LE((12347 + 32767 * 65536) >>> 0, 0)
  bytes.fill(0xff, 4, 4 + 4096)
  for (let i = 0; i < 32768; i++) {
    bytes.writeUInt16LE(i, 4 + 4096 + i * 4)
    bytes.writeUInt16LE(65535, 4 + 4096 + i * 4 + 2)
    const at = 4 + 4096 + 32768 * 8 + i * 6
    bytes.writeUInt16LE(1, at)
    bytes.writeUInt16LE(65535, at + 4)
  }
  const all = parseBitmap(bytes)
  assert.equal(all?.cardinality, 2 ** 31)
  all.combine('andnot', runs)
  assert.equal(all.cardinality, 2 ** 31 - 1)
  assert.equal(all.toBytes().length, bytes.length)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ArenaOwner, arenaOfThread } from './arena.ts'
import * as twin from './text.twin.ts'
import { decodeUtf8, utf8Bytes } from './utf8.ts'

// Goal: the kernels compute on UTF-8 bytes what the twin computes on strings.
// Method: short texts over few characters of one to four bytes, so that parts, patterns and sets do occur, and longer ones for the loops over words.
const arena = arenaOfThread()
const { kernels } = arena
const owner = new ArenaOwner(arena, 'test')
const room = owner.allocate(1 << 16)
const out = owner.allocate(1 << 12)
const runs = { numRuns: 1000 }

const unit = fc.constantFrom('a', 'b', 'ab', 'ä', '€', '😀', ' ', '_', '%')
const text = fc.oneof(fc.string({ unit, maxLength: 10 }), fc.string({ unit, maxLength: 60 }), fc.string({ maxLength: 60 }))
const shortText = fc.string({ unit, maxLength: 3 })
const partText = fc.string({ unit, minLength: 1, maxLength: 2 })

/** Puts texts into the arena, one behind the other from an odd address; gives address and length of each in turn. */
function put(...texts: readonly string[]): number[] {
  let at = room + 1
  return texts.flatMap((each) => {
    const bytes = utf8Bytes(each)
    arena.u8.set(bytes, at)
    at += bytes.length
    return [at - bytes.length, bytes.length]
  })
}

function textOf(view: bigint): string {
  return decodeUtf8(arena.u8, Number(BigInt.asUintN(32, view)), Number(BigInt.asUintN(64, view) >> 32n))
}

type Pair = [number, number]

test('lengths, cases and offsets of characters', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 0, max: 70 }), (value, index) => {
      const [at, length] = put(value) as Pair
      assert.equal(kernels.charLength(at, length), twin.charLength(value))
      const isAscii = twin.upperAscii(value) !== undefined
      assert.equal(kernels.isAscii(at, length) !== 0, isAscii)
      assert.equal(kernels.upperAscii(at, length, out) !== 0, isAscii)
      if (isAscii) assert.equal(decodeUtf8(arena.u8, out, length), twin.upperAscii(value))
      assert.equal(kernels.lowerAscii(at, length, out) !== 0, isAscii)
      if (isAscii) assert.equal(decodeUtf8(arena.u8, out, length), twin.lowerAscii(value))
      assert.equal(kernels.byteOffsetOfChar(at, length, index), utf8Bytes([...value].slice(0, index).join('')).length)
    }),
    runs,
  )
})

test('substrings', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: -70, max: 70 }), fc.oneof(fc.nat(70), fc.constant(2147483647)), (value, position, count) => {
      const [at, length] = put(value) as Pair
      assert.equal(textOf(kernels.substring(at, length, position, count)), twin.substring(value, position, count))
    }),
    runs,
  )
})

test('order and parts', () => {
  fc.assert(
    fc.property(text, fc.oneof(text, shortText), fc.nat(70), (value, other, from) => {
      const [a, aLength, b, bLength] = put(value, other) as [number, number, number, number]
      assert.equal(kernels.textCompare(a, aLength, b, bLength), twin.compare(value, other))
      assert.equal(kernels.textEquals(a, aLength, b, bLength) !== 0, value === other)
      const bytes = Buffer.from(value)
      const start = Math.min(from, aLength)
      assert.equal(kernels.indexOf(a, aLength, b, bLength, start), bytes.indexOf(other, start))
      assert.equal(kernels.startsWith(a, aLength, b, bLength) !== 0, value.startsWith(other))
      assert.equal(kernels.endsWith(a, aLength, b, bLength) !== 0, value.endsWith(other))
    }),
    runs,
  )
})

test('a text compares with one that differs late', () => {
  fc.assert(
    fc.property(text, shortText, shortText, (common, a, b) => {
      const pair = put(common + a, common + b) as [number, number, number, number]
      assert.equal(kernels.textCompare(...pair), twin.compare(common + a, common + b))
      assert.equal(kernels.textEquals(...pair) !== 0, a === b)
    }),
    runs,
  )
})

test('replacements, and how much room they need', () => {
  fc.assert(
    fc.property(text, partText, shortText, fc.nat(80), (value, part, by, given) => {
      const [at, length, ...rest] = put(value, part, by) as [number, number, number, number, number, number]
      const expected = utf8Bytes(twin.replace(value, part, by))
      arena.u8.fill(1, out, out + 1000)
      const found = kernels.replaceText(at, length, ...rest, out, given)
      assert.equal(found, expected.length)
      if (found <= given) assert.deepEqual(arena.u8.slice(out, out + found), expected)
      assert.equal(arena.u8[out + given], 1)
    }),
    runs,
  )
})

test('trimmed and split texts', () => {
  fc.assert(
    fc.property(
      text,
      shortText,
      partText,
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: -1, max: 5 }),
      (value, chars, part, sides, index) => {
        const [at, length, charsAt, charsLength, partAt, partLength] = put(value, chars, part) as [
          number,
          number,
          number,
          number,
          number,
          number,
        ]
        assert.equal(textOf(kernels.trimText(at, length, charsAt, charsLength, sides)), twin.trim(value, chars, sides))
        const view = kernels.splitPart(at, length, partAt, partLength, index)
        assert.equal(view === -1n ? null : textOf(view), twin.splitPart(value, part, index))
      },
    ),
    runs,
  )
})

test('LIKE', () => {
  const piece = fc.constantFrom('a', 'b', 'ä', '€', '😀', '%', '%', '_', '!%', '!_', '!!')
  fc.assert(
    fc.property(text, fc.string({ unit: piece, maxLength: 6 }), fc.boolean(), (value, pattern, hasEscape) => {
      const pair = put(value, pattern) as [number, number, number, number]
      const expected = twin.likeMatch(value, pattern, hasEscape ? '!' : 'none')
      assert.equal(kernels.likeMatch(...pair, hasEscape ? 33 : 0) !== 0, expected)
    }),
    runs,
  )
})

test('whole numbers', () => {
  const spelling = fc.oneof(
    fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String),
    fc.bigInt({ min: -(2n ** 63n) - 3n, max: -(2n ** 63n) + 3n }).map(String),
    fc.bigInt({ min: 2n ** 63n - 3n, max: 2n ** 63n + 3n }).map(String),
    fc.string({ unit: fc.constantFrom('0', '7', '-', '+', '.', ' ', 'x'), maxLength: 6 }),
  )
  fc.assert(
    fc.property(spelling, (value) => {
      const [at, length] = put(value) as Pair
      const status = kernels.parseInteger(at, length, out)
      assert.equal(status === 0 ? arena.i64[out / 8] : status, twin.parseInteger(value))
    }),
    runs,
  )
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.nat(63), (value, shift) => {
      const number = value >> BigInt(shift)
      assert.equal(decodeUtf8(arena.u8, out, kernels.formatInteger(number, out)), String(number))
    }),
    runs,
  )
})

test('doubles, where they are easy', () => {
  let easy = 0
  const spelling = fc.tuple(fc.double({ noNaN: true }), fc.nat(20)).map(([value, digits]) => value.toPrecision(digits + 1))
  const short = fc.tuple(fc.integer(), fc.integer({ min: -25, max: 25 })).map(([value, exponent]) => `${value / 100}e${exponent}`)
  fc.assert(
    fc.property(fc.oneof(spelling, short, fc.integer().map(String)), (value) => {
      const [at, length] = put(value) as Pair
      const status = kernels.parseDouble(at, length, out)
      if (status !== 0) return assert.equal(status, 3)
      easy++
      assert.equal(arena.f64[out / 8], Number(value))
    }),
    runs,
  )
  assert.ok(easy > 300)
  for (const value of ['', '.', 'e5', '1e', '1x', '--1', 'NaN', '1.5.5']) {
    const [at, length] = put(value) as Pair
    assert.equal(kernels.parseDouble(at, length, out), 3, value)
  }
})

test('dates and times, there and back', () => {
  const ms = fc.bigInt({ min: -70_000_000_000_000n, max: 260_000_000_000_000n })
  fc.assert(
    fc.property(ms, fc.nat(999_999), fc.nat(9), (value, nanos, digits) => {
      const expected = twin.formatTimestamp(value, nanos, digits)
      const length = kernels.formatTimestamp(value, nanos, digits, out)
      assert.equal(length === 0 ? undefined : decodeUtf8(arena.u8, out, length), expected)
      if (expected === undefined) return
      assert.equal(kernels.parseTimestamp(...(put(expected) as Pair), out), 0)
      assert.deepEqual({ ms: arena.i64[out / 8], nanos: arena.u32[out / 4 + 2] }, twin.parseTimestamp(expected))
      const date = expected.slice(0, 10)
      assert.equal(kernels.parseDate(...(put(date) as Pair), out), 0)
      const days = arena.i32[out / 4]!
      assert.equal(days, Date.parse(`${date}T00:00:00Z`) / 86_400_000)
      assert.equal(decodeUtf8(arena.u8, out, kernels.formatDate(days, out)), date)
    }),
    runs,
  )
})

test('what is no usual time is left to the slow way', () => {
  const spelling = fc
    .tuple(
      fc.constantFrom('2024', '1900', '0000', '2023', '20x3'),
      fc.constantFrom('-02', '-13', '-00', '-12', '/01'),
      fc.constantFrom('-29', '-31', '-00', '-01'),
      fc.constantFrom(' ', 'T', 'x'),
      fc.constantFrom('23:59:59', '24:00:00', '00:60:00', '00:00:60', '1:00:000', '00-00:00'),
      fc.constantFrom('', '.', '.1', '.123456789', '.1234567890', '.12x'),
    )
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(spelling, (value) => {
      const status = kernels.parseTimestamp(...(put(value) as Pair), out)
      const expected = twin.parseTimestamp(value)
      assert.equal(status, expected === undefined ? 3 : 0)
      if (expected !== undefined) assert.deepEqual({ ms: arena.i64[out / 8], nanos: arena.u32[out / 4 + 2] }, expected)
    }),
    runs,
  )
})

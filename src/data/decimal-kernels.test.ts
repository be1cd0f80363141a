import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ArenaOwner, arenaOfThread } from './arena.ts'
import * as twin from './decimal.twin.ts'
import { joinHalves } from './row-encoding.ts'
import { encodeUtf8 } from './utf8.ts'

// Goal: the kernels compute what the twin computes with bigints, on numbers of every length, near powers of ten and of two.
const arena = arenaOfThread()
const { kernels } = arena
const owner = new ArenaOwner(arena, 'test')
const out = owner.allocate(256)

const LIMIT = 10n ** 38n
const clamp = (value: bigint): bigint => (value >= LIMIT ? LIMIT - 1n : value <= -LIMIT ? 1n - LIMIT : value)
const sign = fc.constantFrom(1n, -1n)
// Limbs for which the guesses of long division are wrong.
const limb = fc.constantFrom(0n, 1n, 0x7fffffffn, 0x80000000n, 0x80000001n, 0xfffffffen, 0xffffffffn)
const number = fc.oneof(
  fc
    .tuple(fc.array(limb, { minLength: 1, maxLength: 4 }), sign)
    .map(([limbs, s]) => clamp(s * limbs.reduce<bigint>((value, next) => (value << 32n) | next, 0n))),
  fc.bigInt({ min: 1n - LIMIT, max: LIMIT - 1n }),
  fc.tuple(fc.nat(38), fc.bigInt({ min: -2n, max: 2n }), sign).map(([digits, near, s]) => clamp(s * (10n ** BigInt(digits) + near))),
  fc.tuple(fc.nat(38), fc.bigInt({ min: -2n, max: 2n }), sign).map(([digits, near, s]) => clamp(s * (5n * 10n ** BigInt(digits) + near))),
  fc.tuple(fc.nat(126), fc.bigInt({ min: -2n, max: 2n }), sign).map(([bits, near, s]) => clamp(s * (2n ** BigInt(bits) + near))),
  fc.tuple(fc.nat(38), fc.bigInt({ min: 1n - LIMIT, max: LIMIT - 1n })).map(([digits, value]) => value % 10n ** BigInt(digits + 1)),
)
const low = (value: bigint): bigint => BigInt.asIntN(64, value)
const high = (value: bigint): bigint => value >> 64n
const result = (overflow: number): bigint | undefined =>
  overflow === 0 ? joinHalves(arena.i64[out / 8]!, arena.i64[out / 8 + 1]!) : undefined
const runs = { numRuns: 2000 }

test('sums and differences', () => {
  fc.assert(
    fc.property(number, number, (a, b) => {
      assert.equal(result(kernels.decimalAdd(low(a), high(a), low(b), high(b), out)), twin.decimalAdd(a, b))
      assert.equal(result(kernels.decimalSubtract(low(a), high(a), low(b), high(b), out)), twin.decimalSubtract(a, b))
    }),
    runs,
  )
})

test('products, rounded', () => {
  fc.assert(
    fc.property(number, number, fc.oneof(fc.nat(76), fc.nat(20)), (a, b, digits) => {
      assert.equal(result(kernels.decimalMultiply(low(a), high(a), low(b), high(b), digits, out)), twin.decimalMultiply(a, b, digits))
    }),
    runs,
  )
})

test('quotients, rounded, and remainders', () => {
  const divisor = number.filter((value) => value !== 0n)
  fc.assert(
    fc.property(number, divisor, fc.integer({ min: -38, max: 76 }), fc.nat(38), (a, b, digits, more) => {
      assert.equal(result(kernels.decimalDivide(low(a), high(a), low(b), high(b), digits, out)), twin.decimalDivide(a, b, digits))
      // A remainder below 10^38 whose dividend outgrows 256 bits does not occur: both scales are at most 38.
      const [x, y] = digits > 0 ? [more, 0] : [0, more]
      assert.equal(result(kernels.decimalRemainder(low(a), high(a), low(b), high(b), x, y, out)), twin.decimalRemainder(a, b, x, y))
    }),
    runs,
  )
})

test('moves of the point in every rounding', () => {
  fc.assert(
    fc.property(number, fc.integer({ min: -80, max: 80 }), fc.constantFrom<twin.Rounding>(0, 1, 2, 3), (value, digits, rounding) => {
      const found = result(kernels.decimalRescale(low(value), high(value), digits, rounding, out))
      assert.equal(found, twin.decimalRescale(value, digits, rounding))
    }),
    runs,
  )
})

test('comparisons and limits', () => {
  fc.assert(
    fc.property(number, number, fc.integer({ min: -38, max: 38 }), fc.integer({ min: 1, max: 38 }), (a, b, digits, precision) => {
      assert.equal(kernels.decimalCompare(low(a), high(a), low(b), high(b), digits), twin.decimalCompare(a, b, digits))
      assert.equal(kernels.decimalCompare(low(a), high(a), low(a), high(a), 0), 0)
      const fits = (a < 0n ? -a : a) < 10n ** BigInt(precision)
      assert.equal(kernels.decimalFits(low(a), high(a), precision) !== 0, fits)
    }),
    runs,
  )
})

test('text of numbers, there and back', () => {
  fc.assert(
    fc.property(number, fc.nat(38), fc.nat(38), (value, scale, other) => {
      const text = twin.formatDecimal(value, scale)
      const length = kernels.formatDecimal(low(value), high(value), scale, out)
      assert.equal(Buffer.from(arena.u8.slice(out, out + length)).toString(), text)
      assert.equal(parse(text, scale), value)
      assert.equal(parse(text, other), twin.parseDecimal(text, other))
    }),
    runs,
  )
})

function parse(text: string, scale: number): bigint | undefined | null {
  const length = encodeUtf8(text, arena.u8, out + 32)
  const status = kernels.parseDecimal(out + 32, length, scale, out)
  return status === 2 ? null : result(status)
}

test('numbers in any spelling, and what is none', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 40 })
  const spelling = fc
    .tuple(
      fc.constantFrom('', ' ', '-', '+', ' -'),
      digits,
      fc.constantFrom('', '.', 'x'),
      digits,
      fc.constantFrom('', '', 'e', 'E-', 'e+', 'e5 '),
      fc.constantFrom('', '3', '12', '40', '999999999999'),
    )
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(spelling, fc.nat(38), (text, scale) => {
      assert.equal(parse(text, scale), twin.parseDecimal(text, scale))
    }),
    runs,
  )
})

test('a double where one division gives the nearest one', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n }), fc.nat(22), (value, scale) => {
      assert.equal(kernels.decimalToDouble(low(value), high(value), scale), Number(twin.formatDecimal(value, scale)))
    }),
    runs,
  )
  assert.ok(Number.isNaN(kernels.decimalToDouble(low(LIMIT - 1n), high(LIMIT - 1n), 3)))
})

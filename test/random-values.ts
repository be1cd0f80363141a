import type { Random } from '../src/base/random.ts'
import { Bitmap } from '../src/data/bitmap.ts'
import { powerOfTen } from '../src/data/decimal.ts'
import type { SqlType } from '../src/data/types.ts'
import { SqlMap, type SqlValue, Variant } from '../src/data/value.ts'

// Values for tests of expressions, from a seed: mostly those at which functions change their mind.

const texts = [
  '',
  'a',
  'A',
  'abc',
  'Apple',
  'apple',
  ' x ',
  '  ',
  'a,b,,c',
  'x/y/z/w',
  'https://www.nexmark.com/a/b/item.htm?q=1&channel_id=12',
  '0',
  '1',
  '-1',
  '12',
  '3.75',
  '-0.5',
  '1e3',
  '99999999999999999999',
  'true',
  'F',
  'NaN',
  '2024-02-29',
  '2024-02-29 13:14:15.678',
  '12:30:00',
  'äöü',
  'ß',
  '日本語',
  '😀x',
  'é',
  'İ',
  'a%b_c',
  '%a%',
  'a_',
  '{"a": [1, 2]}',
  '[1]',
  'key=1&b=2',
  'aaa',
  'aXbXc',
  '\t1\n',
  "it's",
]
const doubles = [0, -0, 1, -1, 0.5, -2.5, 1e10, -1e300, 1e-300, 123456.789, 2 ** 31, 2 ** 63, 2 ** 53, Number.NaN, Infinity, -Infinity]
const days = [0, 1, -1, 19782, 11016, -25567, 36524, 18321, 2932896]

export function pick<T>(random: Random, items: readonly T[]): T {
  return items[random.nextInt(items.length)]!
}

/** NULL now and then; `nullsIn`: once in so many, 0 for never. */
export function randomValue(random: Random, type: SqlType, nullsIn: number): SqlValue {
  if (type.kind === 'NULL' || (nullsIn > 0 && random.nextInt(nullsIn) === 0)) return null
  switch (type.kind) {
    case 'BOOLEAN':
      return random.nextInt(2) === 1
    case 'TINYINT':
      return integerOf(random, 8)
    case 'SMALLINT':
      return integerOf(random, 16)
    case 'INTEGER':
      return integerOf(random, 32)
    case 'DATE':
      return random.nextInt(3) === 0 ? random.nextInt(60000) - 20000 : pick(random, days)
    case 'INTERVAL_YEAR_MONTH':
      return random.nextInt(60) - 30
    case 'BIGINT':
      return bigintOf(random, 64)
    case 'INTERVAL_DAY_TIME':
      return BigInt(random.nextInt(1000000) - 500000) * pick(random, [1n, 1000n, 86400n])
    case 'FLOAT':
      return Math.fround(random.nextInt(3) === 0 ? (random.nextDouble() - 0.5) * 1e4 : pick(random, doubles))
    case 'DOUBLE':
      return random.nextInt(3) === 0 ? (random.nextDouble() - 0.5) * 10 ** random.nextInt(20) : pick(random, doubles)
    case 'DECIMAL':
      return decimalOf(random, type.precision)
    case 'CHAR':
    case 'VARCHAR':
      return textOf(random, type)
    case 'BINARY':
    case 'VARBINARY': {
      const length = type.kind === 'BINARY' ? type.length : Math.min(type.length, random.nextInt(6))
      return Uint8Array.from({ length }, () => pick(random, [0, 1, 65, 97, 128, 195, 255]))
    }
    case 'BITMAP': {
      const bitmap = new Bitmap()
      for (let left = random.nextInt(4); left > 0; left--) bitmap.add(pick(random, [0, 1, 2, 65536, -1]))
      return bitmap.toBytes()
    }
    case 'TIME':
      return Math.floor(random.nextInt(86_400_000) / 10 ** (3 - Math.min(type.precision, 3))) * 10 ** (3 - Math.min(type.precision, 3))
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ': {
      const unit = 10n ** BigInt(9 - type.precision)
      const nanos =
        BigInt(pick(random, days)) * 86_400_000_000_000n +
        BigInt(random.nextInt(86_400_000)) * 1_000_000n +
        BigInt(random.nextInt(1_000_000))
      return (nanos / unit) * unit
    }
    case 'ARRAY':
      return Array.from({ length: random.nextInt(4) }, () => randomValue(random, type.element, nullsIn))
    case 'MAP':
      return mapOf(random, type.key, () => randomValue(random, type.value, nullsIn))
    case 'MULTISET':
      return mapOf(random, type.element, () => random.nextInt(3) + 1)
    case 'ROW':
      return type.fields.map((field) => randomValue(random, field.type, nullsIn))
    case 'VARIANT':
      return new Variant(
        pick(random, [
          { kind: 'null' },
          { kind: 'integer', value: 3 },
          { kind: 'string', value: 'a' },
          { kind: 'boolean', value: true },
        ] as const),
      )
  }
}

function integerOf(random: Random, bits: number): number {
  return Number(bigintOf(random, bits))
}

function bigintOf(random: Random, bits: number): bigint {
  const limit = 1n << BigInt(bits - 1)
  switch (random.nextInt(4)) {
    case 0:
      return BigInt.asIntN(bits, (BigInt(random.nextUint32()) << 32n) | BigInt(random.nextUint32()))
    case 1:
      return pick(random, [0n, 1n, -1n, 2n, limit - 1n, -limit, -limit + 1n, limit / 2n])
    default:
      return BigInt(random.nextInt(20) - 8)
  }
}

function decimalOf(random: Random, precision: number): bigint {
  const limit = powerOfTen(precision)
  const digits = powerOfTen(1 + random.nextInt(precision))
  switch (random.nextInt(4)) {
    case 0:
      return pick(random, [0n, 1n, -1n, limit - 1n, 1n - limit, limit / 2n])
    case 1:
      return (
        BigInt.asIntN(127, (BigInt(random.nextUint32()) << 95n) | (BigInt(random.nextUint32()) << 64n) | BigInt(random.nextUint32())) %
        limit
      )
    default:
      return (BigInt(random.nextUint32()) * 4294967311n * BigInt(random.nextUint32()) - 2n ** 94n) % digits
  }
}

function textOf(random: Random, type: SqlType & { readonly length: number }): string {
  let text = pick(random, texts)
  if (random.nextInt(6) === 0) text += pick(random, texts)
  const points = [...text].slice(0, type.length)
  return type.kind === 'CHAR' ? points.join('') + ' '.repeat(type.length - points.length) : points.join('')
}

function mapOf(random: Random, keyType: SqlType, value: () => SqlValue): SqlMap {
  const entries = new Map<string, readonly [SqlValue, SqlValue]>()
  for (let i = random.nextInt(3); i > 0; i--) {
    const key = randomValue(random, keyType, 0)
    entries.set(String(key), [key, value()])
  }
  const all = [...entries.values()]
  return new SqlMap(
    all.map(([key]) => key),
    all.map(([, item]) => item),
  )
}

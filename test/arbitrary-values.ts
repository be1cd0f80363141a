import fc from 'fast-check'
import { Bitmap } from '../src/data/bitmap.ts'
import { types, type SqlType } from '../src/data/types.ts'
import { SqlMap, Variant, type SqlValue, type VariantContent } from '../src/data/value.ts'

// Random SQL types and values for property tests.

const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> => fc.record(model, { noNullPrototype: true })
const int = (bits: number) => fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 })
const bigint64 = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -10n, max: 10n }))
const float = fc.float().map(Math.fround)
const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 8 }), fc.string({ maxLength: 60 }))
const bytes = fc.uint8Array({ maxLength: 20 })
const nanos = fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n })

const flatTypes: readonly SqlType[] = [
  types.boolean(),
  types.tinyint(),
  types.smallint(),
  types.integer(),
  types.bigint(),
  types.float(),
  types.double(),
  types.date(),
  types.variant(),
  types.bitmap(),
  types.null(),
  types.intervalYearMonth(),
  types.intervalDayTime(),
  types.decimal(10, 2),
  types.decimal(18, 0),
  types.decimal(19, 3),
  types.decimal(38, 10),
  types.char(3),
  types.varchar(10),
  types.string(),
  types.binary(2),
  types.bytes(),
  types.time(0),
  types.time(3),
  types.timestamp(0),
  types.timestamp(3),
  types.timestamp(6),
  types.timestamp(9),
  types.timestampLtz(3),
  types.timestampLtz(6),
]

/** A type without nested ones. */
export const arbitraryFlatType: fc.Arbitrary<SqlType> = fc.constantFrom(...flatTypes)

/** Any type, at most three levels deep. */
export const arbitraryType: fc.Arbitrary<SqlType> = fc.letrec<{ type: SqlType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { arbitrary: arbitraryFlatType, weight: 4 },
    { arbitrary: tie('type').map((element) => types.array(element)), weight: 1 },
    { arbitrary: tie('type').map((element) => types.multiset(element)), weight: 1 },
    { arbitrary: fc.tuple(tie('type'), tie('type')).map(([key, value]) => types.map(key, value)), weight: 1 },
    {
      arbitrary: fc
        .array(tie('type'), { minLength: 1, maxLength: 3 })
        .map((fields) => types.row(fields.map((type, i) => ({ name: `f${i}`, type })))),
      weight: 2,
    },
  ),
})).type

/** A value of `type`, or NULL. */
export function arbitraryValue(type: SqlType): fc.Arbitrary<SqlValue> {
  return fc.option(arbitraryPresent(type), { nil: null, freq: 5 })
}

function arbitraryPresent(type: SqlType): fc.Arbitrary<SqlValue> {
  switch (type.kind) {
    case 'BOOLEAN':
      return fc.boolean()
    case 'TINYINT':
      return int(8)
    case 'SMALLINT':
      return int(16)
    case 'INTEGER':
    case 'DATE':
    case 'INTERVAL_YEAR_MONTH':
      return int(32)
    case 'BIGINT':
    case 'INTERVAL_DAY_TIME':
      return bigint64
    case 'FLOAT':
      return float
    case 'DOUBLE':
      return fc.double()
    case 'DECIMAL':
      return fc.oneof(fc.bigInt({ min: 1n - 10n ** BigInt(type.precision), max: 10n ** BigInt(type.precision) - 1n }), fc.bigInt(-9n, 9n))
    case 'CHAR':
    case 'VARCHAR':
      return text.map((characters) => [...characters].slice(0, type.length).join(''))
    case 'BINARY':
    case 'VARBINARY':
      return bytes
    case 'BITMAP':
      return arbitraryBitmap
    case 'TIME':
      return fc.integer({ min: 0, max: 86_399_999 })
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ': {
      const unit = 10n ** BigInt(9 - type.precision)
      return nanos.map((value) => (value / unit) * unit)
    }
    case 'ARRAY':
      return fc.array(arbitraryValue(type.element), { maxLength: 4 })
    case 'MAP':
      return fc.array(fc.tuple(arbitraryValue(type.key), arbitraryValue(type.value)), { maxLength: 3 }).map(
        (entries) =>
          new SqlMap(
            entries.map(([key]) => key),
            entries.map(([, value]) => value),
          ),
      )
    case 'MULTISET':
      return fc.array(fc.tuple(arbitraryValue(type.element), fc.integer({ min: 1, max: 9 })), { maxLength: 3 }).map(
        (entries) =>
          new SqlMap(
            entries.map(([key]) => key),
            entries.map(([, value]) => value),
          ),
      )
    case 'ROW':
      return fc.tuple(...type.fields.map((field) => arbitraryValue(field.type)))
    case 'VARIANT':
      return arbitraryVariant.map((content) => new Variant(content))
    case 'NULL':
      return fc.constant(null)
  }
}

const arbitraryBitmap: fc.Arbitrary<Uint8Array> = fc
  .array(fc.oneof(int(32), fc.integer({ min: 65530, max: 65540 })), { maxLength: 8 })
  .map((numbers) => {
    const bitmap = new Bitmap()
    for (const number of numbers) bitmap.add(number)
    return bitmap.toBytes()
  })

const arbitraryVariant: fc.Arbitrary<VariantContent> = fc.letrec<{ content: VariantContent }>((tie) => ({
  content: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    fc.constant({ kind: 'null' } as const),
    record({ kind: fc.constant('boolean'), value: fc.boolean() }),
    record({ kind: fc.constant('tinyint'), value: int(8) }),
    record({ kind: fc.constantFrom('integer', 'date'), value: int(32) }),
    record({ kind: fc.constant('float'), value: float }),
    record({ kind: fc.constant('double'), value: fc.double() }),
    record({ kind: fc.constantFrom('bigint', 'timestamp', 'timestamp_ltz'), value: bigint64 }),
    record({ kind: fc.constant('decimal'), value: bigint64, scale: fc.integer({ min: 0, max: 38 }) }),
    record({ kind: fc.constant('string'), value: text }),
    record({ kind: fc.constant('bytes'), value: bytes }),
    fc.array(tie('content'), { maxLength: 3 }).map((items) => ({ kind: 'array', items }) as const),
    fc.dictionary(text, tie('content'), { maxKeys: 3, noNullPrototype: true }).map((fields) => ({
      kind: 'object' as const,
      // In the order of names, which is the order that a decoded VARIANT has.
      fields: new Map(Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    })),
  ),
})).content

/** A random type with `count` values of it. */
export function arbitraryTypedValues(count: number): fc.Arbitrary<{ readonly type: SqlType; readonly values: readonly SqlValue[] }> {
  return arbitraryType.chain((type) =>
    fc.tuple(...Array.from({ length: count }, () => arbitraryValue(type))).map((values) => ({ type, values })),
  )
}

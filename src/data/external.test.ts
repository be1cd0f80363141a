import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { arbitraryTypedValues } from '../../test/arbitrary-values.ts'
import { fromExternal, toExternal } from './external.ts'
import { rowBytes } from './row-encoding.ts'
import { type SqlType, types } from './types.ts'

/** Types whose values come back from programs. */
function comesBack(type: SqlType): boolean {
  switch (type.kind) {
    case 'VARIANT':
    case 'INTERVAL_YEAR_MONTH':
    case 'INTERVAL_DAY_TIME':
    case 'NULL':
      return false
    // The values made for them are not all those of SQL: keys are there twice, texts and bytes are not of their length.
    case 'MAP':
    case 'MULTISET':
    case 'CHAR':
    case 'BINARY':
    case 'VARBINARY':
      return false
    case 'ARRAY':
      return comesBack(type.element)
    case 'ROW':
      return type.fields.every((field) => comesBack(field.type)) && new Set(type.fields.map(({ name }) => name)).size === type.fields.length
    case 'DATE':
    case 'TIME':
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      // Years beyond 9999 and before 1 have texts that SQL does not read, and a text has no more digits than its type.
      return false
    default:
      return true
  }
}

test('a value that goes to a program comes back the same', () => {
  fc.assert(
    fc.property(
      arbitraryTypedValues(4).filter(({ type }) => comesBack(type)),
      ({ type, values }) => {
        const nullable: SqlType = { ...type, nullable: true }
        for (const value of values) {
          const back = fromExternal(nullable, toExternal(nullable, value))
          assert.notEqual(back, undefined)
          assert.deepEqual(rowBytes([nullable], [back!]), rowBytes([nullable], [value]))
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('times are texts, or a Date for an instant', () => {
  const moment = 1_704_164_645_678_000_000n
  assert.equal(fromExternal(types.timestamp(3), '2024-01-02 03:04:05.678'), moment)
  assert.equal(fromExternal(types.timestampLtz(3), new Date(1_704_164_645_678)), moment)
  assert.equal(fromExternal(types.timestampLtz(3), '2024-01-02 03:04:05.678'), moment)
  assert.equal(fromExternal({ kind: 'DATE', nullable: true }, '2024-01-02'), 19_724)
  assert.equal(fromExternal(types.timestampLtz(3), new Date(Number.NaN)), undefined)
})

test('maps keep their order, CHAR is padded', () => {
  const map: SqlType = { kind: 'MAP', key: types.string(), value: types.integer(), nullable: true }
  const given = new Map([
    ['b', 1],
    ['a', null],
  ])
  assert.deepEqual(toExternal(map, fromExternal(map, given)!), given)
  assert.equal(fromExternal({ kind: 'CHAR', length: 3, nullable: true }, 'a'), 'a  ')
})

test('what is no value of a type is none', () => {
  const wrong: readonly (readonly [SqlType, unknown])[] = [
    [types.integer(), 1.5],
    [types.integer(), 2 ** 31],
    [types.integer(), '1'],
    [types.integer(), undefined],
    [types.integer(false), null],
    [types.bigint(), 2 ** 53],
    [types.bigint(), 2n ** 63n],
    [{ kind: 'VARCHAR', length: 2, nullable: true }, 'abc'],
    [{ kind: 'DECIMAL', precision: 3, scale: 1, nullable: true }, '100'],
    [{ kind: 'DECIMAL', precision: 3, scale: 1, nullable: true }, 'x'],
    [types.timestamp(3), 'soon'],
    [{ kind: 'ARRAY', element: types.integer(false), nullable: true }, [1, null]],
    [{ kind: 'ROW', fields: [{ name: 'a', type: types.integer() }], nullable: true }, {}],
    [{ kind: 'MAP', key: types.string(), value: types.integer(), nullable: true }, { a: 1 }],
  ]
  for (const [type, value] of wrong) assert.equal(fromExternal(type, value), undefined, `${type.kind} ${String(value)}`)
})

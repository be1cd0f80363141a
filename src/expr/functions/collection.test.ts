import assert from 'node:assert/strict'
import { test } from 'node:test'
import { types, type SqlType } from '../../data/types.ts'
import { SqlMap, type SqlValue } from '../../data/value.ts'
import type { Expr } from '../expr.ts'
import { ask, call, column, literal, show, typeOf } from './ask.ts'

const list = (type: SqlType, items: readonly SqlValue[] | null): Expr => literal(types.array(type), items)
const ints = (...items: readonly (number | null)[]): Expr => list(types.integer(), items)
const words = (...items: readonly (string | null)[]): Expr => list(types.string(), items)
const none = list(types.integer(), null)
const noInt = literal(types.integer(), null)
const map = (keys: readonly string[], values: readonly (string | null)[]): Expr =>
  literal(types.map(types.string(), types.string()), new SqlMap(keys, values))

test('access by position and key; a literal position below 1 is refused', () => {
  assert.equal(ask('ITEM', words('a', 'b'), 2), 'b')
  assert.equal(ask('ITEM', words('a', 'b'), 3), null)
  assert.equal(
    show({ ...call('ITEM', words('a'), column(types.integer())), args: [words('a'), literal(types.integer(), 0)] } as Expr),
    null,
  )
  assert.equal(ask('ITEM', map(['gift', 'x'], ['yes', null]), 'gift'), 'yes')
  assert.equal(ask('ITEM', map(['gift'], ['yes']), 'none'), null)
  assert.equal(typeOf('ITEM', column(types.array(types.integer(false), false)), 1), 'INT')
  assert.throws(() => call('ITEM', words('a'), 0), { code: 'sql/argument-type' })
  assert.throws(() => call('ITEM', words('a'), 'x'), { code: 'sql/argument-type' })
  assert.throws(() => call('ITEM', map(['a'], ['b']), 1), { code: 'sql/argument-type' })
})

test('CARDINALITY and ELEMENT', () => {
  assert.equal(ask('CARDINALITY', ints(1, null)), '2')
  assert.equal(ask('CARDINALITY', map(['a'], [null])), '1')
  assert.equal(ask('CARDINALITY', literal(types.multiset(types.string()), new SqlMap(['a', 'b'], [2, 1]))), '3')
  assert.equal(ask('ELEMENT', ints()), null)
  assert.equal(ask('ELEMENT', ints(9)), '9')
  assert.throws(() => ask('ELEMENT', ints(1, 2)), { code: 'data/element' })
})

test('functions of an array and an element, as Flink answered', () => {
  assert.equal(ask('ARRAY_CONTAINS', words('kiwi', null, 'pear', null), 'pear'), 'TRUE')
  assert.equal(ask('ARRAY_CONTAINS', ints(1, null), noInt), 'TRUE')
  assert.equal(ask('ARRAY_CONTAINS', ints(1), noInt), 'FALSE')
  assert.equal(ask('ARRAY_CONTAINS', none, 1), null)
  assert.equal(ask('ARRAY_POSITION', words('kiwi', null, 'pear'), 'pear'), '3')
  assert.equal(ask('ARRAY_POSITION', ints(1), noInt), null)
  assert.equal(ask('ARRAY_APPEND', ints(null, 5), 100), '[NULL, 5, 100]')
  assert.equal(ask('ARRAY_APPEND', ints(1, 2), null), '[1, 2, NULL]')
  assert.equal(ask('ARRAY_PREPEND', words(), 'first'), '[first]')
  assert.equal(ask('ARRAY_REMOVE', ints(null, 1, null), noInt), '[1]')
  assert.equal(ask('ARRAY_REMOVE', words('apple', 'pear', 'apple'), 'apple'), '[pear]')
  assert.equal(typeOf('ARRAY_APPEND', column(types.array(types.string(false), false)), literal(types.string(), null)), 'ARRAY<STRING>')
  assert.equal(typeOf('ARRAY_CONTAINS', column(types.array(types.integer(), false)), noInt), 'BOOLEAN NOT NULL')
  for (const name of ['ARRAY_APPEND', 'ARRAY_CONTAINS', 'ARRAY_POSITION', 'ARRAY_REMOVE']) {
    assert.throws(() => call(name, words('a'), 1), { code: 'sql/argument-type' }, name)
    assert.throws(() => call(name, ints(1), true), { code: 'sql/argument-type' }, name)
  }
})

test('ARRAY_SORT and ARRAY_SLICE, as Flink answered', () => {
  const basket = words('kiwi', null, 'pear', null)
  assert.equal(ask('ARRAY_SORT', basket), '[NULL, NULL, kiwi, pear]')
  assert.equal(ask('ARRAY_SORT', ints(null, 5, null), false), '[5, NULL, NULL]')
  assert.equal(ask('ARRAY_SORT', ints(null, 5, null), true, false), '[5, NULL, NULL]')
  assert.equal(ask('ARRAY_SORT', basket, false, true), '[NULL, NULL, pear, kiwi]')
  assert.equal(ask('ARRAY_SORT', words('Äpfel', '🍎', '')), '[, Äpfel, 🍎]')
  const five = ints(1, 2, 3, 4, 5)
  const slices: readonly (readonly [number, number | undefined, string])[] = [
    [-123, undefined, '[1, 2, 3, 4, 5]'],
    [0, undefined, '[1, 2, 3, 4, 5]'],
    [-3, undefined, '[3, 4, 5]'],
    [9, undefined, '[]'],
    [-123, -231, '[]'],
    [-5, -5, '[1]'],
    [-6, -5, '[1]'],
    [5, 6, '[5]'],
    [20, 30, '[]'],
    [-123, 123, '[1, 2, 3, 4, 5]'],
    [0, -1, '[1, 2, 3, 4, 5]'],
    [1, 0, '[1]'],
    [-3, -2, '[3, 4]'],
  ]
  for (const [start, end, wanted] of slices)
    assert.equal(end === undefined ? ask('ARRAY_SLICE', five, start) : ask('ARRAY_SLICE', five, start, end), wanted, `${start}, ${end}`)
  assert.throws(() => call('ARRAY_SORT', column(types.array(types.row([{ name: 'a', type: types.integer() }])))), {
    code: 'sql/argument-type',
  })
})

test('sets of elements, as Flink answered', () => {
  const basket = words('b', 'a', 'c', 'a', 'b')
  assert.equal(ask('ARRAY_DISTINCT', ints(null, 1, 2, 1, null)), '[NULL, 1, 2]')
  assert.equal(ask('ARRAY_UNION', basket, words('kiwi', 'apple')), '[b, a, c, kiwi, apple]')
  assert.equal(ask('ARRAY_INTERSECT', basket, words('apple', 'b', 'a')), '[b, a]')
  assert.equal(ask('ARRAY_EXCEPT', basket, words('apple', 'b')), '[a, c]')
  assert.equal(ask('ARRAY_EXCEPT', words('kiwi', null, 'pear', null), words('x')), '[kiwi, NULL, pear]')
  assert.equal(ask('ARRAY_CONCAT', ints(null, 5), ints(0, 0)), '[NULL, 5, 0, 0]')
  assert.equal(ask('ARRAY_CONCAT', ints(1), none), null)
  const nested = types.array(types.integer())
  assert.equal(ask('ARRAY_UNION', list(nested, [[1, null]]), list(nested, [[1, null], [2]])), '[[1, NULL], [2]]')
  assert.throws(() => call('ARRAY_UNION', ints(1), words('a')), { code: 'sql/argument-type' })
})

test('ARRAY_JOIN, ARRAY_MAX, ARRAY_MIN, ARRAY_REVERSE, ARRAY_FLATTEN, SPLIT', () => {
  assert.equal(ask('ARRAY_JOIN', words('kiwi', null, 'pear', null), '+'), 'kiwi+pear')
  assert.equal(ask('ARRAY_JOIN', words('kiwi', null, 'pear', null), '+', '?'), 'kiwi+?+pear+?')
  assert.equal(ask('ARRAY_JOIN', words(null, '1', null), '', ' '), ' 1 ')
  assert.equal(ask('ARRAY_MAX', ints(null, 5)), '5')
  assert.equal(ask('ARRAY_MIN', words('b', '', 'a')), '')
  assert.equal(ask('ARRAY_MAX', ints()), null)
  assert.equal(ask('ARRAY_REVERSE', ints(3, null, 2)), '[2, NULL, 3]')
  assert.equal(ask('ARRAY_FLATTEN', list(types.array(types.integer()), [[1, null], null, [3]])), '[1, NULL, 3]')
  assert.equal(ask('SPLIT', 'math,poetry,,code', ','), '[math, poetry, , code]')
  assert.equal(ask('SPLIT', ',', ','), '[, ]')
  assert.equal(ask('SPLIT', literal(types.string(), ''), ','), '[]')
  assert.equal(ask('SPLIT', 'a🚀', ''), '[a, 🚀]')
  assert.throws(() => call('ARRAY_JOIN', ints(1), ','), { code: 'sql/argument-type' })
})

test('maps, as Flink answered', () => {
  const gift = map(['gift'], [null])
  assert.equal(ask('MAP_KEYS', gift), '[gift]')
  assert.equal(ask('MAP_VALUES', gift), '[NULL]')
  assert.equal(ask('MAP_ENTRIES', gift), '[(gift, NULL)]')
  assert.equal(ask('MAP_FROM_ARRAYS', ints(1), words(null)), '{1=NULL}')
  assert.equal(ask('MAP_UNION', map(['a', 'b'], ['1', '2']), map(['a'], ['3'])), '{a=3, b=2}')
  assert.equal(
    typeOf('MAP_ENTRIES', column(types.map(types.string(), types.integer(), false))),
    'ARRAY<ROW<`key` STRING, `value` INT>> NOT NULL',
  )
  assert.throws(() => ask('MAP_FROM_ARRAYS', ints(1, 2), words('a')), { code: 'data/map' })
})

test('constructors find common types', () => {
  assert.equal(ask('ARRAY', 1, literal(types.decimal(2, 1, false), 25n)), '[1.0, 2.5]')
  assert.equal(ask('ARRAY', 'a', literal(types.string(), null)), '[a, NULL]')
  assert.equal(ask('MAP', 1, literal(types.string(), 'Ana'), 1, literal(types.string(), 'Bo')), '{1=Bo}')
  assert.equal(ask('ROW', 1, 'x', noInt), '(1, x, NULL)')
  assert.equal(typeOf('ARRAY', 1, noInt), 'ARRAY<INT> NOT NULL')
  assert.equal(typeOf('ROW', 1, 'x'), 'ROW<`EXPR$0` INT NOT NULL, `EXPR$1` CHAR(1) NOT NULL> NOT NULL')
  assert.throws(() => call('ARRAY', 1, 'a'), { code: 'sql/argument-type' })
  assert.throws(() => call('ARRAY', null), { code: 'sql/argument-type' })
  assert.throws(() => call('MAP', 'a'), { code: 'sql/argument-count' })
})

test('objects show the names of their fields and can be changed', () => {
  const bob = call('OBJECT_OF', 'com.example.User', 'name', 'Bob', 'age', 42)
  assert.equal(show(bob), '(name=Bob, age=42)')
  assert.equal(show(call('OBJECT_UPDATE', bob, 'age', 43)), '(name=Bob, age=43)')
  assert.equal(typeOf('OBJECT_OF', 'User', 'age', 42), "STRUCTURED<'User', `age` INT NOT NULL>")
  assert.throws(() => call('OBJECT_UPDATE', bob, 'size', 1), { code: 'sql/argument-type' })
  assert.throws(() => call('OBJECT_OF', 'User', 'a', 1, 'a', 2), { code: 'sql/argument-type' })
})

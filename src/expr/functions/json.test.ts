import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTimestamp } from '../../data/datetime.ts'
import { types } from '../../data/types.ts'
import { SqlMap } from '../../data/value.ts'
import type { Expr } from '../expr.ts'
import {
  isJsonConstructor,
  jsonArrayArgs,
  jsonExistsArgs,
  jsonObjectArgs,
  jsonQueryArgs,
  jsonValueArgs,
  type JsonExistsOnError,
  type JsonQueryClauses,
  type JsonValueClauses,
} from '../json-arguments.ts'
import { argument, ask, call, column, literal, show, typeOf, type Argument } from './ask.ts'

/** The corpus' documents, by their id. */
const documents: readonly (string | null)[] = [
  '{"type":"click","pos":{"x":10,"y":-3},"tags":["a","b"],"ok":true,"price":12.50}',
  '{"type":"view","pos":null,"tags":[],"ok":false,"price":"9.99"}',
  '{"type":null,"tags":["only"],"price":1e3}',
  '{"type":"über","pos":{"x":2147483648,"y":0.5},"tags":[1,2,[3,4],{"k":"v"}]}',
  '[1,{"type":"in array"},null]',
  '"just text"',
  '42',
  '{"type":"broken"',
  '',
  null,
  '{"a.b":"dotted","type":"q\\"uote","pos":{"x":"7"}}',
  'null',
]
const texts = documents.map((document) => literal(types.string(), document))

const value = (input: Argument, path: string, clauses: JsonValueClauses = {}): Expr =>
  call('JSON_VALUE', ...jsonValueArgs(argument(input), argument(path), clauses))
const query = (input: Argument, path: string, clauses: JsonQueryClauses = {}): Expr =>
  call('JSON_QUERY', ...jsonQueryArgs(argument(input), argument(path), clauses))
const exists = (input: Argument, path: string, onError?: JsonExistsOnError): Expr =>
  call('JSON_EXISTS', ...jsonExistsArgs(argument(input), argument(path), onError))
const values = (path: string, clauses: JsonValueClauses = {}): readonly (string | null)[] =>
  texts.map((text) => show(value(text, path, clauses)))
const queries = (path: string, clauses: JsonQueryClauses = {}): readonly (string | null)[] =>
  texts.map((text) => show(query(text, path, clauses)))

test('IS JSON over good, broken, empty and NULL text', () => {
  const answers = (name: string): string => texts.map((text) => (ask(name, text) === 'TRUE' ? 'T' : 'f')).join('')
  assert.equal(answers('IS JSON'), 'TTTTTTTfffTT')
  assert.equal(answers('IS JSON OBJECT'), 'TTTTffffffTf')
  assert.equal(answers('IS JSON ARRAY'), 'ffffTfffffff')
  assert.equal(answers('IS JSON SCALAR'), 'fffffTTffffT')
  assert.equal(typeOf('IS JSON VALUE', column(types.string())), 'BOOLEAN NOT NULL')
})

test('JSON_VALUE over documents, as Flink answered', () => {
  assert.deepEqual(values('$.type'), ['click', 'view', null, 'über', null, null, null, null, null, null, 'q"uote', null])
  assert.deepEqual(values('$.pos.x'), ['10', null, null, '2147483648', null, null, null, null, null, null, '7', null])
  assert.deepEqual(values('$.tags[1]'), ['b', null, null, '2', null, null, null, null, null, null, null, null])
  assert.deepEqual(values('$[1].type').slice(3, 6), [null, 'in array', null])
  assert.deepEqual(values('$.price').slice(0, 3), ['12.50', '9.99', '1E+3'])
  const onError: JsonValueClauses = { onError: 'DEFAULT', defaultOnError: argument('err') }
  assert.deepEqual(values('strict $.type', onError), [
    'click',
    'view',
    'err',
    'über',
    'err',
    'err',
    'err',
    'err',
    'err',
    null,
    'q"uote',
    'err',
  ])
  assert.deepEqual(values('lax $.tags', onError), [null, null, null, null, null, null, null, null, null, null, null, 'err'])
})

test('JSON_VALUE RETURNING, ON EMPTY and ON ERROR', () => {
  assert.equal(show(value('{"a":1}', 'lax $.b', { onEmpty: 'DEFAULT', defaultOnEmpty: argument('none') })), 'none')
  assert.equal(show(value('{"a":1}', 'lax $.b', { returning: types.integer(), onEmpty: 'DEFAULT', defaultOnEmpty: argument(7) })), '7')
  assert.equal(show(value('{"a":1}', 'lax $.b', { onEmpty: 'DEFAULT', defaultOnEmpty: argument(false) })), 'false')
  assert.equal(show(value('{"a":true}', '$.a', { returning: types.boolean() })), 'TRUE')
  assert.equal(show(value('{"a":2.50}', '$.a', { returning: types.double() })), '2.5')
  assert.equal(show(value('{"a":2.50}', '$.a', { returning: types.integer() })), '2')
  assert.equal(show(value('{"a":"x"}', '$.a', { returning: types.integer() })), null)
  assert.equal(show(value('{"a":99999999999}', '$.a', { returning: types.integer() })), null)
  assert.throws(() => show(value('{"a":1}', 'lax $.nothing', { onEmpty: 'ERROR' })), { code: 'data/json' })
  assert.throws(() => show(value('{"a":1}', '$.nothing', { onError: 'ERROR' })), { code: 'data/json' })
  assert.throws(() => value('{}', '$.a', { returning: types.bigint() }), { code: 'sql/argument-type' })
  assert.equal(value('{}', '$.a').type.nullable, true)
})

test('JSON_QUERY over documents, as Flink answered', () => {
  assert.deepEqual(queries('$.pos'), [
    '{"x":10,"y":-3}',
    null,
    null,
    '{"x":2147483648,"y":0.5}',
    null,
    null,
    null,
    null,
    null,
    null,
    '{"x":"7"}',
    null,
  ])
  assert.deepEqual(queries('$.tags', { wrapper: 'CONDITIONAL' }).slice(0, 4), ['["a","b"]', '[]', '["only"]', '[1,2,[3,4],{"k":"v"}]'])
  assert.deepEqual(queries('$.type', { wrapper: 'UNCONDITIONAL' }).slice(0, 4), ['["click"]', '["view"]', null, '["über"]'])
  assert.deepEqual(queries('strict $.pos', { onError: 'EMPTY OBJECT' }), [
    '{"x":10,"y":-3}',
    '{}',
    '{}',
    '{"x":2147483648,"y":0.5}',
    '{}',
    '{}',
    '{}',
    '{}',
    '{}',
    null,
    '{"x":"7"}',
    '{}',
  ])
})

test('JSON_QUERY of wildcards, slices, filters; empty and returning', () => {
  const d = '{"a":[1,2,3],"o":[{"p":1},{"p":5,"q":"x"}]}'
  const answers = {
    '$.a[0:2]': '[1,2]',
    '$.a[-1:]': '[3]',
    '$.o[?(@.p > 2)]': '[{"p":5,"q":"x"}]',
    '$..p': '[1,5]',
    '$.o[*].p': '[1,5]',
    '$.o[1]': '{"p":5,"q":"x"}',
  }
  for (const [path, wanted] of Object.entries(answers)) assert.equal(show(query(d, path)), wanted, path)
  assert.equal(show(query(d, 'lax $.no', { onEmpty: 'EMPTY OBJECT' })), '{}')
  assert.equal(show(query(d, 'lax $.no', { onEmpty: 'EMPTY ARRAY' })), '[]')
  const strings = { returning: types.array(types.string()) }
  assert.equal(show(query('{"i":[{"b":1,"a":2},null,"x",3]}', '$.i', strings)), '[{"a":2,"b":1}, NULL, x, 3]')
  assert.equal(show(query('{"i":"x"}', '$.i', { ...strings, wrapper: 'CONDITIONAL' })), '[x]')
  assert.throws(() => query(d, '$.a', { ...strings, onError: 'EMPTY OBJECT' }), { code: 'sql/argument-type' })
  assert.throws(() => query(d, '$.a', { returning: types.integer() }), { code: 'sql/argument-type' })
})

test('JSON_EXISTS, as Flink answered', () => {
  const answers = (path: string, onError?: JsonExistsOnError): string =>
    texts.map((text) => show(exists(text, path, onError))?.[0] ?? '-').join('')
  assert.equal(answers('$.pos'), 'TFFTFFFFF-TF')
  assert.equal(answers('strict $.pos', 'UNKNOWN'), 'T--T------T-')
  assert.equal(show(exists('{"a":1}', 'strict $.b', 'TRUE')), 'TRUE')
  assert.equal(show(exists('{"a":1}', 'lax $.b', 'TRUE')), 'FALSE')
  assert.throws(() => show(exists('{"a":1}', 'strict $.b', 'ERROR')), { code: 'data/json' })
})

test('JSON_OBJECT and JSON_ARRAY take other constructors as JSON', () => {
  const nothing = literal(types.string(), null)
  const entry = (key: string, of: Argument): { key: Expr; value: Expr } => ({ key: argument(key), value: argument(of) })
  const object = (entries: readonly { key: Expr; value: Expr }[], onNull?: 'ABSENT ON NULL'): Expr =>
    call('JSON_OBJECT', ...jsonObjectArgs(entries, onNull))
  const array = (items: readonly Argument[], onNull?: 'NULL ON NULL'): Expr =>
    call('JSON_ARRAY', ...jsonArrayArgs(items.map(argument), onNull))
  assert.equal(show(object([entry('id', 1), entry('cust', nothing)])), '{"cust":null,"id":1}')
  assert.equal(show(object([entry('id', 1), entry('cust', nothing)], 'ABSENT ON NULL')), '{"id":1}')
  assert.equal(show(object([])), '{}')
  assert.equal(show(array([1, 'Ana', nothing, true, literal(types.decimal(3, 2, false), 150n)])), '[1,"Ana",true,1.50]')
  assert.equal(show(array([1, nothing], 'NULL ON NULL')), '[1,null]')
  assert.equal(show(object([entry('z', array([1])), entry('a', object([entry('n', '{}')]))])), '{"a":{"n":"{}"},"z":[1]}')
  assert.equal(show(array([call('JSON', '{"b": 2, "a": 1}'), call('JSON', ' ')], 'NULL ON NULL')), '[{"a":1,"b":2},null]')
  assert.ok(isJsonConstructor(array([])))
  assert.throws(() => object([{ key: column(types.string()), value: argument(1) }]), { code: 'sql/argument-type' })
  assert.throws(() => show(array([call('JSON', '{')])), { code: 'data/json' })
})

test('JSON_STRING of every kind of value', () => {
  const row = types.row([
    { name: 'name', type: types.string() },
    { name: 'addr', type: types.row([{ name: 'zip', type: types.integer() }]) },
  ])
  assert.equal(ask('JSON_STRING', literal(row, ['Ana', [1000]])), '{"addr":{"zip":1000},"name":"Ana"}')
  assert.equal(ask('JSON_STRING', literal(types.array(types.string()), ['kiwi', null])), '["kiwi",null]')
  assert.equal(
    ask('JSON_STRING', literal(types.map(types.string(), types.integer()), new SqlMap(['b', 'a'], [1, null]))),
    '{"a":null,"b":1}',
  )
  assert.equal(ask('JSON_STRING', literal(types.timestamp(6), parseTimestamp('1990-06-02 13:37:42.001')!)), '"1990-06-02T13:37:42.001"')
  assert.equal(ask('JSON_STRING', literal(types.timestampLtz(3), parseTimestamp('1990-06-02 13:37:42')!)), '"1990-06-02T13:37:42Z"')
  assert.equal(ask('JSON_STRING', literal(types.bytes(), new TextEncoder().encode('Test'))), '"VGVzdA=="')
  assert.equal(ask('JSON_STRING', literal(types.double(), 1e10)), '1.0E+10')
  assert.equal(ask('JSON_STRING', literal(types.double(), Number.NaN)), '"NaN"')
  assert.equal(ask('JSON_STRING', literal(types.string(), null)), null)
  assert.throws(() => call('JSON_STRING', column(types.date())), { code: 'sql/argument-type' })
  assert.throws(() => call('JSON_STRING', column(types.map(types.integer(), types.integer()))), { code: 'sql/argument-type' })
})

test('JSON_QUOTE and JSON_UNQUOTE', () => {
  assert.equal(ask('JSON_QUOTE', '\ttab and fwd slash /'), '"\\ttab and fwd slash \\/"')
  assert.equal(ask('JSON_QUOTE', '≠ "'), '"\\u2260 \\""')
  const answers: Readonly<Record<string, string>> = {
    '"abc"': 'abc',
    '"["abc"]"': '["abc"]',
    '"\\u0041\\t"': 'A\t',
    '"""': '"',
    '[1,2,3]': '[1,2,3]',
    '1': '1',
    '"invalid \\u006z"': '"invalid \\u006z"',
    '"[1,2,3]': '"[1,2,3]',
    '"': '"',
    '[': '[',
  }
  for (const [text, wanted] of Object.entries(answers)) assert.equal(ask('JSON_UNQUOTE', text), wanted, text)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { types } from '../../data/types.ts'
import { ask, call, literal, show, typeOf } from './ask.ts'

const document = '{"type":"über","pos":{"x":2147483648,"y":0.50},"tags":[1,2,[3,4],{"k":"v"}]}'

test('PARSE_JSON sorts keys and makes the least type of a number', () => {
  assert.equal(ask('PARSE_JSON', document), '{"pos":{"x":2147483648,"y":0.5},"tags":[1,2,[3,4],{"k":"v"}],"type":"über"}')
  const answers = {
    '12.50': '12.5',
    '1.0': '1',
    '0.00': '0',
    '1e3': '1000.0',
    '100.00': '100',
    '-0': '0',
    '123456789012345678901234567890': '123456789012345678901234567890',
    null: 'null',
  }
  for (const [text, wanted] of Object.entries(answers)) assert.equal(ask('PARSE_JSON', text), wanted, text)
  assert.equal(typeOf('PARSE_JSON', '1'), 'VARIANT NOT NULL')
})

test('PARSE_JSON fails where TRY_PARSE_JSON is NULL', () => {
  for (const bad of ['{"type":"broken"', '', '{"k":1,"k":2}', '1e400']) {
    const text = literal(types.string(), bad)
    assert.throws(() => ask('PARSE_JSON', text), { code: 'data/json' }, bad)
    assert.equal(ask('TRY_PARSE_JSON', text), null, bad)
  }
  assert.equal(ask('TRY_PARSE_JSON', '{"k":1,"k":2}', true), '{"k":2}')
  assert.equal(ask('TRY_PARSE_JSON', literal(types.string(), null)), null)
})

test('members are reached by key and by position from 1', () => {
  const variant = call('PARSE_JSON', document)
  assert.equal(show(call('ITEM', call('ITEM', variant, 'pos'), 'x')), '2147483648')
  assert.equal(show(call('ITEM', call('ITEM', variant, 'tags'), 3)), '[3,4]')
  assert.equal(show(call('ITEM', variant, 'type')), '"über"')
  assert.equal(show(call('ITEM', variant, 'none')), null)
  for (const missing of [0, -1, 9]) assert.equal(show(call('ITEM', call('ITEM', variant, 'tags'), missing)), null)
  assert.throws(() => show(call('ITEM', variant, 1)), { code: 'data/variant' })
  assert.throws(() => show(call('ITEM', call('ITEM', variant, 'tags'), 'x')), { code: 'data/variant' })
  assert.equal(show(call('JSON_STRING', call('ITEM', variant, 'tags'))), '[1,2,[3,4],{"k":"v"}]')
  assert.equal(typeOf('ITEM', variant, 'pos'), 'VARIANT')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columnTypes } from '../../test/random-expressions.ts'
import { randomValue } from '../../test/random-values.ts'
import { Random } from '../base/random.ts'
import { hasJsonForm, jsonText } from './json-text.ts'
import { formatType, types } from './types.ts'

// Goal: what the binder lets through has a JSON form that JSON readers take; what has none is refused there, and not when a row comes. Method: random values of every type.
for (const type of columnTypes) {
  if (!hasJsonForm(type)) continue
  test(`${formatType(type)} has a JSON form`, () => {
    const random = new Random(5)
    for (let i = 0; i < 50; i++) JSON.parse(jsonText(type, randomValue(random, type, 4)))
  })
}

test('a bitmap has no JSON form, alone or inside of another value', () => {
  assert.equal(hasJsonForm(types.bitmap()), false)
  assert.equal(hasJsonForm(types.array(types.bitmap())), false)
})

// Goal: no text becomes code. Method: the runner starts every test file, and the end-to-end tests every `rheo`, with
// --disallow-code-generation-from-strings; this test would notice if it no longer did.
import assert from 'node:assert/strict'
import { test } from 'node:test'

test('tests run where strings cannot become code', () => {
  assert.ok(process.execArgv.includes('--disallow-code-generation-from-strings'), 'run the tests by npm test')
  assert.throws(() => Reflect.construct(Function, ['return 1']), EvalError)
})

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { referencePages } from '../../scripts/reference-pages.ts'
import { errorCodes } from '../../src/base/error-codes.ts'

const root = join(import.meta.dirname, '../..')

for (const [name, text] of referencePages()) {
  test(`docs/reference/${name} says what the registries say (npm run reference writes it)`, () => {
    assert.equal(readFileSync(join(root, 'docs/reference', name), 'utf8'), text)
  })
}

/** Codes whose last part is made of a word of the statement, or of what a library threw. */
const composed = /^sql\/unknown-(view|connection|job|model|materialized-table)$|^internal\/fault$/

test('the list of error codes is that of the sources', () => {
  const prefixes = [...new Set(Object.keys(errorCodes).map((code) => code.slice(0, code.indexOf('/'))))].join('|')
  const found = new Set<string>()
  for (const file of globSync('src/**/*.ts', { cwd: root })) {
    if (file.endsWith('.test.ts') || file.endsWith('error-codes.ts')) continue
    const text = readFileSync(join(root, file), 'utf8')
    for (const [, code] of text.matchAll(new RegExp(`'((?:${prefixes})/[a-z0-9-]+)'`, 'g'))) found.add(code!)
    for (const [, feature] of text.matchAll(/refusals\.add\(\s*'([a-z-]+)'/g)) found.add(`unsupported/${feature!}`)
  }
  const listed = Object.keys(errorCodes)
  assert.deepEqual([...found].filter((code) => !listed.includes(code)).sort(), [], 'add them to src/base/error-codes.ts')
  assert.deepEqual(listed.filter((code) => !found.has(code) && !composed.test(code)).sort(), [], 'nothing has these codes any more')
})

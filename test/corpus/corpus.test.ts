// Goal: Rheo answers as a real Flink did, in every mode. Method: each case of the corpus runs in all modes; pending.txt names those that do
// not pass yet (npm run corpus -- --update writes it, npm run corpus tells the reasons), and a case of it that passes fails the test.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { allModes, beyondFlink, judge, projectFolder, readCorpus } from './judge.ts'
import { defaultMode } from './modes.ts'

const pending = new Set(
  readFileSync(join(import.meta.dirname, 'pending.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== ''),
)
const cases = [...readCorpus(), ...readCorpus(projectFolder)]

test('beyond-flink.txt names cases that exist', () => {
  const names = new Set(cases.map(({ name }) => name))
  assert.deepEqual(
    [...beyondFlink.keys()].filter((name) => !names.has(name)),
    [],
  )
})

test('pending.txt names cases that exist', () => {
  const names = new Set(cases.map(({ name }) => name))
  assert.deepEqual(
    [...pending].filter((name) => !names.has(name)),
    [],
  )
})

for (const corpusCase of cases) {
  test(corpusCase.name, async () => {
    if (pending.has(corpusCase.name)) {
      if ((await judge(corpusCase, [defaultMode])) !== undefined) return
      assert.notEqual(await judge(corpusCase, allModes(corpusCase)), undefined, 'passes now: take it out of pending.txt')
      return
    }
    assert.equal(await judge(corpusCase, allModes(corpusCase)), undefined)
  })
}

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

/** Tests one of `parts` equal parts of the corpus, `part` from 0 on: a file of tests is run by one process, and the corpus takes the longest of all. */
export function testCases(part: number, parts: number): void {
  cases.forEach((corpusCase, i) => {
    if (i % parts !== part) return
    void test(corpusCase.name, async () => {
      if (pending.has(corpusCase.name)) {
        if ((await judge(corpusCase, [defaultMode])) !== undefined) return
        assert.notEqual(await judge(corpusCase, allModes(corpusCase)), undefined, 'passes now: take it out of pending.txt')
        return
      }
      assert.equal(await judge(corpusCase, allModes(corpusCase)), undefined)
    })
  })
}

/** Tests that the lists of cases name none that is gone. */
export function testLists(): void {
  const names = new Set(cases.map(({ name }) => name))
  const lists = { 'beyond-flink.txt': [...beyondFlink.keys()], 'pending.txt': [...pending] }
  for (const [file, listed] of Object.entries(lists)) {
    void test(`${file} names cases that exist`, () => {
      assert.deepEqual(
        listed.filter((name) => !names.has(name)),
        [],
      )
    })
  }
}

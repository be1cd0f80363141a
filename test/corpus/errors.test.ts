// Goal: what Rheo says about a mistake changes only when somebody has read the change. Method: each case that Flink refuses runs once; code, place and
// message must be those of errors.golden (npm run corpus -- --errors writes it; read the difference before you commit it).
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { goldenFile, goldenLines } from './golden.ts'
import { readCorpus } from './judge.ts'

test('codes, places and messages are the reviewed ones', async () => {
  const found = await goldenLines(readCorpus())
  const wanted = readFileSync(goldenFile, 'utf8').trimEnd().split('\n')
  const byName = (lines: readonly string[]): Record<string, string> =>
    Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('\t')), line]))
  assert.deepEqual(byName(found), byName(wanted))
})

test('every message reads "Cannot ...: ..." and ends without a period', () => {
  for (const line of readFileSync(goldenFile, 'utf8').trimEnd().split('\n')) {
    const [name, code, place, message] = line.split('\t')
    assert.match(message ?? '', /^Cannot [^]*: [^]*[^.]$/, name)
    assert.match(code ?? '', /^(sql|plan|data|format|file)\/[a-z-]+$/, name)
    assert.match(place ?? '', /^\d+(:\d+)?$/, name)
  }
})

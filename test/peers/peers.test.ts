import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { foldDifference } from '../../bench/peers/fold-difference.ts'
import { queryScript } from '../../bench/peers/queries.ts'
import { nexmarkQueries } from '../../src/api/nexmark-bench.ts'

async function differenceOf(left: string, right: string): ReturnType<typeof foldDifference> {
  const folder = mkdtempSync(join(tmpdir(), 'rheo-fold-'))
  try {
    writeFileSync(join(folder, 'left'), left)
    writeFileSync(join(folder, 'right'), right)
    return await foldDifference(join(folder, 'left'), join(folder, 'right'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('what remains of two files of changes', () => {
  test('is equal whatever the order and the changes between', async () => {
    const found = await differenceOf('+I[1, a]\n-U[1, a]\n+U[1, b]\n+I[2, c]\n+I[2, c]\n', '+I[2, c]\n+I[1, b]\n+I[2, c]\n')
    assert.deepEqual(found, { left: 5, right: 3, rows: 3, onlyLeft: [], onlyRight: [], differing: 0 })
  })

  test('differs by rows that one has more often, and by deletions of what is absent', async () => {
    const found = await differenceOf('+I[1]\n+I[1]\n', '+I[1]\n-D[3]\n')
    assert.deepEqual(found, { left: 2, right: 2, rows: 2, onlyLeft: ['[1]', '[3]'], onlyRight: [], differing: 2 })
  })

  test('cannot be told of a line that is no change', async () => {
    await assert.rejects(differenceOf('1\n', ''), /found "1", wanted \+I\[\.\.\.\]/)
  })
})

describe('the scripts of the comparison', () => {
  for (const query of nexmarkQueries) {
    test(`${query} has the sink and the source of its engine and its purpose`, () => {
      const script = (engine: 'rheo' | 'flink', purpose: 'compare' | 'time'): string =>
        queryScript({ query, engine, purpose, events: 7, folder: '/f' })
      for (const engine of ['rheo', 'flink'] as const) {
        const compared = script(engine, 'compare')
        assert.match(compared, /WITH \('connector' = 'changes', 'path' = '\/f\/changes'\)/)
        assert.doesNotMatch(compared, /'checksum'|\$\{/)
      }
      assert.match(script('flink', 'time'), query === 'q10' ? /'path' = '\/f\/bid'/ : /'blackhole'/)
      assert.equal(script('flink', 'time').includes('side_input.csv'), false)
      assert.equal(script('rheo', 'time').includes('checksum'), query !== 'q10')
    })
  }
})

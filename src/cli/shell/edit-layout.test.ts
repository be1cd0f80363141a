import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { displayWidth } from '../terminal-text.ts'
import { type Layout, layoutText } from './edit-layout.ts'

function layout(text: string, cursor: number, width: number): Layout {
  const promptOf = (line: number): string => (line === 0 ? '> ' : '. ')
  return layoutText({ text, cursor, width, promptOf, styleAt: () => undefined, paint: (_, run) => run })
}

test('lines break at the edge of the screen, and the cursor is where it will type', () => {
  assert.deepEqual(layout('abcdef', 6, 6), { rows: ['> abcd', 'ef'], widths: [6, 2], cursorRow: 1, cursorColumn: 2 })
  assert.deepEqual(layout('abcd', 4, 6), { rows: ['> abcd', ''], widths: [6, 0], cursorRow: 1, cursorColumn: 0 })
  assert.deepEqual(layout('ab\ncd', 3, 9), { rows: ['> ab', '. cd'], widths: [4, 4], cursorRow: 1, cursorColumn: 2 })
  assert.deepEqual(layout('abc日', 5, 6), { rows: ['> abc', '日'], widths: [5, 2], cursorRow: 1, cursorColumn: 2 })
})

test('runs of one style are painted together, also across rows', () => {
  const { rows } = layoutText({
    text: 'aabb',
    cursor: 0,
    width: 4,
    promptOf: () => '',
    styleAt: (offset) => (offset < 3 ? 'x' : undefined),
    paint: (style, run) => (style === 'prompt' ? run : `<${run}>`),
  })
  assert.deepEqual(rows, ['<aab>b'])
})

test('no row is wider than the screen, and no character is lost', () => {
  const character = fc.constantFrom('a', 'b', ' ', '\n', 'é', '日', '😀')
  fc.assert(
    fc.property(fc.array(character, { maxLength: 60 }), fc.integer({ min: 4, max: 20 }), fc.nat(60), (characters, width, at) => {
      const text = characters.join('')
      const cursor = characters.slice(0, at).join('').length
      const { rows, widths, cursorRow, cursorColumn } = layout(text, cursor, width)
      for (const [i, row] of rows.entries()) {
        assert.equal(displayWidth(row), widths[i])
        assert.ok((widths[i] ?? 0) <= width)
      }
      assert.ok(cursorRow < rows.length && cursorColumn < width)
      assert.equal(rows.join('').replaceAll('> ', '').replaceAll('. ', '').replace(/\s/g, ''), text.replace(/\s/g, ''))
    }),
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EditBuffer } from './edit-buffer.ts'

/** A buffer from a text with `|` at the cursor, and back. */
function edited(text: string, act: (buffer: EditBuffer) => unknown): string {
  const buffer = new EditBuffer()
  buffer.set(text.replace('|', ''), text.indexOf('|'))
  act(buffer)
  return `${buffer.text.slice(0, buffer.cursor)}|${buffer.text.slice(buffer.cursor)}`
}

test('keys of a line editor', () => {
  const cases: readonly (readonly [string, (buffer: EditBuffer) => unknown, string])[] = [
    ['ab|c', (buffer) => buffer.insert('x\ty'), 'abx  y|c'],
    ['ab|', (buffer) => buffer.insert('\u001b[31m\u0007é\r\nz'), 'ab[31mé\nz|'],
    ['a😀|b', (buffer) => buffer.deleteBack(), 'a|b'],
    ['a|😀b', (buffer) => buffer.deleteForward(), 'a|b'],
    ['a😀|', (buffer) => buffer.moveLeft(), 'a|😀'],
    ['|😀', (buffer) => buffer.moveRight(), '😀|'],
    ['|', (buffer) => buffer.deleteBack(), '|'],
    ['select foo_1 |, b', (buffer) => buffer.moveWordLeft(), 'select |foo_1 , b'],
    ['select| foo_1, b', (buffer) => buffer.moveWordRight(), 'select foo_1|, b'],
    ['select foo|bar', (buffer) => buffer.cutWordBack(), 'select |bar'],
    ['a\nbc|d\ne', (buffer) => buffer.moveToLineStart(), 'a\n|bcd\ne'],
    ['a\nbc|d\ne', (buffer) => buffer.moveToLineEnd(), 'a\nbcd|\ne'],
    ['a\nbc|d\ne', (buffer) => buffer.cutToLineEnd(), 'a\nbc|\ne'],
    ['a\nbcd|\ne', (buffer) => buffer.cutToLineEnd(), 'a\nbcd|e'],
    ['a\nbc|d', (buffer) => buffer.cutToLineStart(), 'a\n|d'],
    ['abcd\nxy|z', (buffer) => buffer.moveUp(), 'ab|cd\nxyz'],
    ['ab|cd\nx', (buffer) => buffer.moveDown(), 'abcd\nx|'],
    ['ab|cd', (buffer) => buffer.moveDown(), 'ab|cd'],
    ['😀😀\nab|', (buffer) => buffer.moveUp(), '😀|😀\nab'],
    ['ab|', (buffer) => buffer.transpose(), 'ba|'],
    ['a|b', (buffer) => buffer.transpose(), 'ba|'],
    ['one two|', (buffer) => (buffer.cutWordBack(), buffer.moveToLineStart(), buffer.yank()), 'two|one '],
  ]
  for (const [before, act, after] of cases) assert.equal(edited(before, act), after, before)
})

test('the first and the last line have none above or below', () => {
  const buffer = new EditBuffer()
  buffer.set('a\nb')
  assert.equal(buffer.moveDown(), false)
  assert.equal(buffer.moveUp(), true)
  assert.equal(buffer.moveUp(), false)
})

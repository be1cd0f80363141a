import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ScriptSession } from '../../api/script-session.ts'
import { StatementReader } from './statement-reader.ts'

function partsOf(text: string): readonly string[] {
  const session = new ScriptSession({ settings: new Map(), output: () => undefined })
  const reader = new StatementReader((each) => session.endOfStatements(each))
  const parts = [...text.split('\n').flatMap((line) => reader.push(line)), ...reader.end()]
  return parts.map((part) => `${part.line} ${part.kind} ${part.text.trim()}`)
}

test('statements and commands, with their lines', () => {
  assert.deepEqual(partsOf("SELECT 1;\n\n\\d t\nSELECT\n  ';'\n; SELECT 2; SELECT 3\nquit;\n-- end"), [
    '1 sql SELECT 1;',
    '3 command \\d t',
    "4 sql SELECT\n  ';'\n; SELECT 2;",
    '6 sql SELECT 3\nquit;',
    '8 sql -- end',
  ])
  assert.deepEqual(partsOf('EXIT ;\nhelp'), ['1 command \\q', '2 command \\help'])
  assert.deepEqual(partsOf("SELECT '\n\\d\n';"), ["1 sql SELECT '\n\\d\n';"])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explainScript } from './explain.ts'

const table = "CREATE TABLE t (id INT, name STRING) WITH ('connector' = 'datagen');\n"

test('EXPLAIN tells what is compiled and what the interpreter is called for', () => {
  const options = { source: 'x.sql', settings: new Map([['parallelism.default', '2']]), showsChanges: true }
  const text = explainScript(`${table}SELECT name, COUNT(*) FROM (SELECT MD5(name) AS name FROM t WHERE id > 1) GROUP BY name`, options)
  assert.match(text, /changelogMode=\[I,UB,UA\]/)
  const execution = text.slice(text.indexOf('== Local Execution =='))
  assert.match(execution, /GroupAggregate\(state=\[keyed\], subtasks=\[2\]\)/)
  assert.match(execution, /Exchange\(rows=\[by key\]/)
  assert.match(execution, /Pipeline\(steps=\[filter, project\], compiled=\[>\], called=\[MD5\], subtasks=\[2\]\)/)
})

test('interpreted, everything is called', () => {
  const options = { source: 'x.sql', settings: new Map([['rheo.expressions', 'interpreted']]), showsChanges: false }
  assert.match(explainScript(`${table}SELECT id + 1 FROM t`, options), /Pipeline\(steps=\[project\], called=\[\+\]/)
})

// Goal: a person at `rheo sql` sees what they should. Method: the built bin on a pseudo-terminal; what is asserted is the screen, as a model of a terminal has it.
// oxlint-disable no-control-regex -- the escapes of a terminal are what is looked for
import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { folderWith, rheo } from './rheo.ts'
import { hasScript, keys, TestTerminal } from './terminal.ts'

const ticks =
  "CREATE TABLE t (k INT) WITH ('connector' = 'datagen', 'rows-per-second' = '100', 'fields.k.min' = '1', 'fields.k.max' = '4');\n"
const skip = !hasScript

test('a statement goes on in the next line until it is whole, and its result is a table', { skip }, async () => {
  using folder = folderWith({})
  await using terminal = TestTerminal.start(['sql', '--history', 'none'], { cwd: folder.path, columns: 60, rows: 16 })
  await terminal.waitFor(/^rheo> *$/m)
  await terminal.enter('SELECT 1 AS id, (')
  await terminal.waitFor(/^ {3}\(>/m)
  await terminal.enter("2 + 3) AS five, 'it")
  await terminal.waitFor(/^ {3}'>/m)
  await terminal.enter("is' AS text, CAST(NULL AS INT) AS nothing;")
  const screen = await terminal.waitFor(/1 row\nrheo>/)
  assert.equal(
    screen,
    [
      'Rheo 0.1.0: SQL ends with ;  \\help tells more, \\q leaves',
      'rheo> SELECT 1 AS id, (',
      "   (> 2 + 3) AS five, 'it",
      "   '> is' AS text, CAST(NULL AS INT) AS nothing;",
      '┌────┬──────┬───────┬─────────┐',
      '│ id │ five │ text  │ nothing │',
      '├────┼──────┼───────┼─────────┤',
      '│  1 │    5 │ it↵is │    NULL │',
      '└────┴──────┴───────┴─────────┘',
      '1 row',
      'rheo>',
    ].join('\n'),
  )
  assert.match(terminal.raw, /\u001b\[2m +NULL\u001b\[22m/, 'NULL is dim')
  terminal.type(keys.ctrlD)
  assert.equal(await terminal.exited, 0)
})

test('a mistake is shown with its place, and the shell goes on; Ctrl-C clears the line', { skip }, async () => {
  using folder = folderWith({})
  await using terminal = TestTerminal.start(['sql', '--history', 'none'], { cwd: folder.path })
  await terminal.waitFor(/^rheo> *$/m)
  await terminal.enter('CREATE TABLE orders (id INT, amount INT)')
  await terminal.enter("WITH ('connector' = 'blackhole');")
  await terminal.waitFor(/^ok$/m)
  await terminal.enter('SELECT id,')
  await terminal.enter('       amuont FROM (VALUES (1, 2)) AS o (id, amount);')
  const screen = await terminal.waitFor(/\[sql\/unknown-column\][^]*rheo> *$/)
  assert.match(screen, /^sql:2:8: Cannot find column "amuont": .*\n?.*did you mean "amou\nnt"\?/m)
  assert.match(screen, /\n {4}2 \| {8}amuont FROM .*\n {6}\| {8}\^{6}\n/)
  // An older statement's place is told with its own text.
  await terminal.enter("INSERT INTO orders VALUES ('x', 'y', 3);")
  await terminal.waitFor(/\[sql\/[a-z-]+\][^]*VALUES[^]*rheo> *$/)
  terminal.type("SELECT 'never")
  await terminal.waitFor(/never$/)
  terminal.type(keys.ctrlC)
  await terminal.waitFor(/SELECT 'never\^C\nrheo> *$/)
  await terminal.enter('\\wtach')
  await terminal.waitFor(/did you mean \n"\\watch"\?/)
  terminal.type('\\q\r')
  assert.equal(await terminal.exited, 0)
})

test('Tab completes, and shows what there is to choose from', { skip }, async () => {
  using folder = folderWith({ 'rides.csv': '1,Rome\n' })
  await using terminal = TestTerminal.start(['sql', '--history', 'none'], { cwd: folder.path, rows: 30 })
  await terminal.waitFor(/^rheo> *$/m)
  terminal.type("CREATE TABLE rides (id INT, city STRING) WITH ('conn\t = 'files\t, 'path\t = 'ri\t, 'form\t = '\t")
  const menu = await terminal.waitFor(/^ {2}'debezium-json'/m)
  assert.match(menu, /'connector' = 'filesystem',\n 'path' = 'rides\.csv', 'format' = '/)
  assert.match(menu, /^ {2}'json' {2,}\S/m)
  terminal.type(`cs\t);${keys.enter}`)
  await terminal.waitFor(/^ok$/m)
  // The table behind the cursor gives the columns.
  terminal.type(`SELECT  FROM rides;${keys.left.repeat(12)}\t`)
  assert.match(await terminal.waitFor(/1 to \d+ of \d+/), /^ {2}id .* INT .*\n {2}city .* STRING/m)
  terminal.type('\t\t')
  await terminal.waitFor(/^rheo> SELECT city FROM rides;/m)
  assert.match(terminal.raw, /\u001b\[7m {2}city /, 'the chosen one stands out')
  terminal.type(`${keys.enter}${keys.end}${keys.enter}`)
  await terminal.waitFor(/│ Rome │/)
  terminal.type('\\ti\t')
  await terminal.waitFor(/^rheo> \\timing$/m)
  terminal.type(`${keys.ctrlC}SELECT UPP\t`)
  await terminal.waitFor(/^rheo> SELECT UPPER\($/m)
})

test('an endless query is a table drawn in place; c shows its changes, q comes back to the prompt', { skip }, async () => {
  using folder = folderWith({ 'init.sql': ticks })
  await using terminal = TestTerminal.start(['sql', '--history', 'none', '--init', 'init.sql'], { cwd: folder.path })
  await terminal.waitFor(/^rheo> *$/m)
  await terminal.enter('SELECT k, COUNT(*) AS n FROM t GROUP BY k;')
  const first = await terminal.waitFor(/│ 4 │ +\d+ │/)
  assert.equal(terminal.isAlternate, true)
  assert.match(first, /c changes {2}q leaves {2}· {2}\d+ rows from \d+ changes {2}[\d.]+\/s/)
  // The same rows in the same places, with greater numbers.
  const rowsOf = (screen: string): readonly string[] => screen.split('\n').filter((line) => /^│ +\d/.test(line))
  const keysOf = (screen: string): string =>
    rowsOf(screen)
      .map((line) => line.slice(0, 5))
      .join()
  await terminal.waitFor((screen) => rowsOf(screen).length === 4)
  const before = terminal.screen()
  const after = await terminal.waitFor((screen) => screen !== before && keysOf(screen) === keysOf(before), 'redrawn in place')
  assert.equal(rowsOf(after).length, 4)
  terminal.type('c')
  await terminal.waitFor(/^-U\[\d, \d+\]\n\+U\[\d, \d+\]$/m)
  terminal.type('c')
  await terminal.waitFor(/^│ k │ +n │/m)
  terminal.resize(40, 10)
  const small = await terminal.waitFor((screen) => screen.split('\n').length <= 10 && /│ k │ +n │/.test(screen))
  for (const line of small.split('\n')) assert.ok(line.length <= 40, line)
  terminal.type('q')
  const left = await terminal.waitFor(/stopped · [\d,]+ rows? in[^]*rheo> *$/)
  assert.equal(terminal.isAlternate, false)
  assert.match(left, /│ 4 │ +\d+ │/, 'the last table stays')
  // The session's tables stay.
  await terminal.enter('SHOW TABLES;')
  await terminal.waitFor(/│ t +│\n[^]*1 row\nrheo>/)
})

test('rows that only come are followed; arrows scroll; what ORDER BY sorts stays sorted', { skip }, async () => {
  using folder = folderWith({
    'init.sql': `CREATE TABLE n (i INT) WITH ('connector' = 'datagen', 'rows-per-second' = '200', 'fields.i.kind' = 'sequence', 'fields.i.start' = '1', 'fields.i.end' = '1000000');\n${ticks}`,
  })
  await using terminal = TestTerminal.start(['sql', '--history', 'none', '--init', 'init.sql'], { cwd: folder.path, rows: 12 })
  await terminal.waitFor(/^rheo> *$/m)
  const numbers = (screen: string): readonly number[] => Array.from(screen.matchAll(/^│ +(\d+) │$/gm), (match) => Number(match[1]))
  // A sequence has an end, and so has the query; but this one takes longer than anybody waits.
  await terminal.enter('\\set limit 3')
  await terminal.enter('SELECT i FROM n;')
  await terminal.waitFor(/Ctrl-C stops/)
  terminal.type(keys.ctrlC)
  await terminal.waitFor(/^… and [\d,]+ more rows? .*\n[^]*stopped · [^]*rheo> *$/m)
  await terminal.enter('SELECT k, CURRENT_TIMESTAMP AS seen FROM t;')
  await terminal.waitFor((screen) => screen.split('\n').filter((line) => /^│ +\d/.test(line)).length === 7)
  terminal.type(keys.home)
  // Rows still come, but the first ones are shown.
  const seen: string[] = []
  await terminal.waitFor((screen) => {
    seen.push(screen.split('\n').slice(3, 10).join('\n'))
    return seen.length > 20 && seen.slice(-20).every((rows) => rows === seen.at(-1))
  }, 'the first rows stay')
  terminal.type(keys.ctrlC)
  await terminal.waitFor(/rheo> *$/)
  await terminal.enter('SELECT COUNT(*) AS n, k FROM t GROUP BY k ORDER BY n DESC LIMIT 3;')
  const sorted = await terminal.waitFor(
    (screen) => /│ +\d\d │ 1|│ +\d\d │/.test(screen) && (screen.match(/^│ +\d+ │ \d │$/gm)?.length ?? 0) === 3,
  )
  const counts = Array.from(sorted.matchAll(/^│ +(\d+) │ \d │$/gm), (match) => Number(match[1]))
  assert.deepEqual(
    counts,
    [...counts].sort((a, b) => b - a),
  )
  assert.deepEqual(numbers(sorted), [])
})

test('a pasted text of several lines runs when Enter says so; what is typed ahead waits its turn', { skip }, async () => {
  using folder = folderWith({})
  await using terminal = TestTerminal.start(['sql', '--history', 'none'], { cwd: folder.path, rows: 40 })
  await terminal.waitFor(/^rheo> *$/m)
  terminal.type("\u001b[200~SELECT 1 AS a;\r\n\\help sql/unknown-column\r\nSELECT '\u001b[31mx\ty' AS b;\u001b[201~")
  await terminal.waitFor(/^ {3}-> SELECT '\[31mx {2}y' AS b;$/m)
  assert.equal(/│/.test(terminal.screen()), false, 'nothing has run yet')
  terminal.type(keys.enter)
  await terminal.waitFor(/│ 1 │[^]*column[^]*│ \[31mx {2}y │[^]*rheo> *$/)
  terminal.type("SELECT 3 AS c;\rSET 'sql-client.execution.result-mode' = 'tableau';\rSELECT 4 AS d;\r")
  await terminal.waitFor(/│ 3 │[^]*│ 4 │[^]*rheo> *$/)
  terminal.type(`SELECT '日本😀' AS w;${keys.left.repeat(7)}x${keys.enter}`)
  await terminal.waitFor(/│ 日本😀x │/)
})

test('a narrower terminal breaks the line that is typed anew', { skip }, async () => {
  using folder = folderWith({})
  await using terminal = TestTerminal.start(['sql', '--history', 'none'], { cwd: folder.path, columns: 60, rows: 10 })
  await terminal.waitFor(/^rheo> *$/m)
  terminal.type("SELECT 'one' AS a, 'two' AS b, 'three' AS c")
  await terminal.waitFor(/AS c$/)
  terminal.resize(30, 10)
  await terminal.waitFor(/rheo> SELECT 'one' AS a, 'two'\n AS b, 'three' AS c$/)
  terminal.type(';')
  terminal.resize(60, 10)
  const wide = await terminal.waitFor(/^rheo> SELECT 'one' AS a, 'two' AS b, 'three' AS c;$/m)
  assert.equal(wide.split('rheo>').length, 2, 'no rest of it is left')
  terminal.type(keys.enter)
  await terminal.waitFor(/│ three │/)
})

test('the editor gives a statement back; EXPLAIN is printed whole; a terminal that goes away ends the shell', { skip }, async () => {
  using folder = folderWith({ 'editor.sh': '#!/bin/sh\nsed -i s/one/two/ "$1"\n' })
  await using terminal = TestTerminal.start(['sql', '--history', 'none'], {
    cwd: folder.path,
    rows: 40,
    env: { EDITOR: `sh ${join(folder.path, 'editor.sh')}` },
  })
  await terminal.waitFor(/^rheo> *$/m)
  await terminal.enter("SELECT 'one' AS word;")
  await terminal.waitFor(/│ one /)
  await terminal.enter('\\e')
  await terminal.waitFor(/^rheo> SELECT 'two' AS word;$/m)
  terminal.type(keys.enter)
  await terminal.waitFor(/│ two /)
  await terminal.enter('EXPLAIN SELECT 1 AS a;')
  await terminal.waitFor(/^== Local Execution ==/m)
  assert.match(terminal.raw, /\u001b\[1m== Local Execution ==\u001b\[22m/)
  terminal.hangUp()
  await terminal.exited
  assert.equal(/fault|Error/.test(terminal.raw), false)
})

test('a terminal that knows no cursor gets a prompt and no more', { skip }, async () => {
  using folder = folderWith({})
  await using terminal = TestTerminal.start(['sql', '--history', 'none'], { cwd: folder.path, env: { TERM: 'dumb' } })
  await terminal.waitFor(/^rheo> *$/m)
  terminal.type('SELECT\r')
  await terminal.waitFor(/^ {3}-> *$/m)
  terminal.type('x;\r')
  await terminal.waitFor(/\[sql\/unknown-column\][^]*rheo> *$/)
  terminal.type('SELECT 1 AS a;\r')
  await terminal.waitFor(/^a\n1\nrheo> *$/m)
  assert.equal(terminal.raw.includes('\u001b'), false)
  terminal.type(keys.ctrlD)
  // The mistake was seen, but a status tells scripts of it.
  assert.equal(await terminal.exited, 2)
})

test('Ctrl-C really ends what runs', { skip }, async () => {
  using folder = folderWith({ 'init.sql': ticks })
  await using terminal = TestTerminal.start(['sql', '--history', 'none', '--init', 'init.sql'], { cwd: folder.path })
  await terminal.waitFor(/^rheo> *$/m)
  await terminal.enter("CREATE TABLE sink (k INT) WITH ('connector' = 'print');")
  await terminal.waitFor(/^ok$/m)
  await terminal.enter('INSERT INTO sink SELECT k FROM t;')
  await terminal.waitFor(/^\+I\[\d\]\n\+I\[\d\]\n/m)
  terminal.type(keys.ctrlC)
  await terminal.waitFor(/rows written[^]*rheo> *$/)
  const sent = terminal.raw.length
  await sleep(300)
  assert.equal(terminal.raw.length, sent, 'nothing is written any more')
  await terminal.enter('SELECT 40 + 2 AS answer;')
  await terminal.waitFor(/│ +42 │/)
})

test('history is there in the next shell: whole, searchable, private, without secrets', { skip }, async () => {
  using folder = folderWith({})
  const file = join(folder.path, 'state/rheo/history')
  {
    await using terminal = TestTerminal.start(['sql'], { cwd: folder.path })
    await terminal.waitFor(/^rheo> *$/m)
    await terminal.enter("SELECT 'first' AS a,")
    await terminal.enter("  'line' AS b;")
    await terminal.waitFor(/│ first │/)
    await terminal.enter("CREATE TABLE p (a INT) WITH ('connector' = 'blackhole', 'password' = 'hunter2');")
    await terminal.waitFor(/\[sql\/unknown-option\]|^ok$/m)
    await terminal.enter('SELECT 3 AS three;')
    await terminal.waitFor(/│ +3 │/)
    terminal.type(keys.ctrlD)
    assert.equal(await terminal.exited, 0)
  }
  assert.equal(statSync(file).mode & 0o777, 0o600)
  const kept = readFileSync(file, 'utf8')
  assert.equal(kept.includes('hunter2'), false)
  assert.match(kept, /'password' = '\*{4}'/)
  await using terminal = TestTerminal.start(['sql'], { cwd: folder.path })
  await terminal.waitFor(/^rheo> *$/m)
  terminal.type(keys.up)
  await terminal.waitFor(/^rheo> SELECT 3 AS three;$/m)
  terminal.type(`${keys.up}${keys.up}`)
  await terminal.waitFor(/^rheo> SELECT 'first' AS a,\n {3}-> {3}'line' AS b;$/m)
  terminal.type(`${keys.ctrlC}${keys.ctrlR}FIRST`)
  await terminal.waitFor(/^\(search "FIRST"\) SELECT 'first' AS a,/m)
  terminal.type(keys.enter)
  await terminal.waitFor(/│ first │ line │/)
})

test('what values hold never reaches the terminal as commands', { skip }, async () => {
  using folder = folderWith({ 'evil.jsonl': `${JSON.stringify({ s: '\u001b[31mred\u001b]0;title\u0007\u009b5m' })}\n` })
  await using terminal = TestTerminal.start(['sql', '--history', 'none'], { cwd: folder.path })
  await terminal.waitFor(/^rheo> *$/m)
  await terminal.enter("CREATE TABLE evil (s STRING) WITH ('connector' = 'filesystem', 'path' = 'evil.jsonl', 'format' = 'json');")
  await terminal.waitFor(/^ok$/m)
  await terminal.enter('SELECT s AS `a name` FROM evil;')
  await terminal.waitFor(/│ ␛\[31mred␛\]0;title␇␦5m │/)
  await terminal.enter('\\set format changelog')
  await terminal.enter('SELECT s FROM evil;')
  await terminal.waitFor(/^\+I\[␛\[31mred␛\]0;title␇␦5m\]$/m)
  await terminal.enter("CREATE TABLE shown (s STRING) WITH ('connector' = 'print');")
  await terminal.enter('INSERT INTO shown SELECT s FROM evil;')
  await terminal.waitFor(/1 row written/)
  await terminal.enter('SELECT CAST(s AS INT) AS n FROM evil;')
  await terminal.waitFor(/\[data\/[a-z-]+\]/)
  assert.equal(/\u001b\[31mred|\u001b\]0;|\u0007|\u009b/.test(terminal.raw), false)
})

test('commands: \\d, \\f, \\timing, \\o, \\i, \\set, \\chart, \\watch', { skip }, async () => {
  using folder = folderWith({ 'more.sql': "CREATE VIEW v AS SELECT * FROM (VALUES ('a', 3), ('b', 12)) AS x (name, amount);\n\\d\n" })
  await using terminal = TestTerminal.start(['sql', '--history', 'none', '--var', 'LEAST=1'], { cwd: folder.path, columns: 90, rows: 40 })
  await terminal.waitFor(/^rheo> *$/m)
  await terminal.enter('\\i more.sql')
  await terminal.waitFor(/│ v +│ view │ +│ name, amount │/)
  await terminal.enter('\\d v')
  await terminal.waitFor(/│ amount +│ INT NOT NULL +│|│ amount │ INT/)
  await terminal.enter('\\f btrim')
  await terminal.waitFor(/^BTRIM\(text/m)
  await terminal.enter('\\timing')
  await terminal.enter('SELECT * FROM v WHERE amount > ${LEAST};')
  await terminal.waitFor(/2 rows\nTime: [\d.]+ ms/)
  await terminal.enter('\\chart amount')
  await terminal.waitFor(/│ b +│ +12 │ █{20} │/)
  await terminal.enter('\\chart off')
  await terminal.enter('\\o out.csv')
  await terminal.enter('SELECT * FROM v;')
  await terminal.waitFor(/out\.csv[^]*Time:/)
  await terminal.enter('\\o')
  await terminal.enter('\\watch 0.2')
  await terminal.waitFor(/q leaves {2}· {2}every 0\.2 s/)
  assert.equal(terminal.isAlternate, true)
  terminal.type('q')
  await terminal.waitFor(/rheo> *$/)
  assert.equal(readFileSync(join(folder.path, 'out.csv'), 'utf8'), 'op,name,amount\n+I,a,3\n+I,b,12\n')
  await terminal.enter('\\set limit 1')
  await terminal.enter('SELECT * FROM v;')
  await terminal.waitFor(/… and 1 more row \(\\set limit 0 shows all\)/)
})

test('a wide result fits, and what finds no room is named', { skip }, async () => {
  using folder = folderWith({})
  await using terminal = TestTerminal.start(['sql', '--history', 'none'], { cwd: folder.path, columns: 40 })
  await terminal.waitFor(/^rheo> *$/m)
  await terminal.enter("SELECT 1 AS id, REPEAT('long ', 30) AS text;")
  const screen = await terminal.waitFor(/1 row\nrheo>/)
  assert.match(screen, /^│ {2}1 │ (?:long )+.*… │$/m)
  const columns = Array.from({ length: 20 }, (_, i) => `${i} AS column${i}`).join(', ')
  terminal.type(`SELECT ${columns};${keys.enter}`)
  await terminal.waitFor(/^… and 1\d more columns: column/m)
  for (const line of terminal.screen().split('\n')) assert.ok(line.length <= 40, line)
})

test('without a terminal statements come from standard input, and the first mistake ends it', async () => {
  using folder = folderWith({})
  const run = (input: string, ...args: readonly string[]): ReturnType<typeof rheo> => rheo(['sql', ...args], { input, cwd: folder.path })
  const good = await run("SELECT 1 AS a;\n\\d\nCREATE TABLE t (n INT)\nWITH ('connector' = 'blackhole');\n\\d\nSELECT 2 AS b")
  assert.deepEqual(
    { status: good.status, out: good.out },
    {
      status: 0,
      out: 'a\n1\nThere are no tables yet: CREATE TABLE makes one, \\i file runs a script\nname\tkind\tconnector\tcolumns\nt\ttable\tblackhole\tn\nb\n2\n',
    },
  )
  const bad = await run('SELECT 1 AS a;\n\nSELECT\n  amount;\nSELECT 2 AS b;\n')
  assert.deepEqual({ status: bad.status, out: bad.out }, { status: 2, out: 'a\n1\n' })
  assert.match(bad.error, /^<stdin>:4:3: Cannot find column "amount".*\[sql\/unknown-column\]\n$/)
  const on = await run('\\set on-error continue\nSELECT amount;\nSELECT 2 AS b;\n')
  assert.deepEqual({ status: on.status, out: on.out }, { status: 2, out: 'b\n2\n' })
  assert.equal((await run('SELECT 1 AS a;', '--format', 'json')).out, '{"op":"+I","row":{"a":1}}\n')
  const missing = await run('', '--init', 'nothing.sql')
  assert.equal(missing.status, 3)
  assert.match(missing.error, /Cannot read the script "nothing\.sql": there is no such file/)
  writeFileSync(join(folder.path, 'job.sql'), 'SELECT 1 AS a;\nSELECT x;\n')
  const inner = await run('\\i job.sql\nSELECT 2 AS b;')
  assert.deepEqual({ status: inner.status, out: inner.out }, { status: 2, out: 'a\n1\n' })
  assert.match(inner.error, /^job\.sql:2:8: /)
})

test('a closed pipe ends the shell quietly', async () => {
  const { status, error } = await rheo(['sql'], { input: `${ticks}SELECT k FROM t;\n`, closeAfterLines: 3 })
  assert.deepEqual({ status, error }, { status: 0, error: '' })
})

// Goal: the command line keeps its contract in what scripts and people rely on. Method: the built bin in a process of its own; `script` of util-linux gives it a terminal.
// oxlint-disable no-control-regex -- the escapes of a terminal are what is looked for
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, writeFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { folderWith, rheo, root } from './rheo.ts'

const bin = join(root, 'dist/rheo.js')
const values = "SELECT * FROM (VALUES (1, 'ann'), (2, 'bob'), (3, CAST(NULL AS STRING))) AS t (id, name)"
const endless = "CREATE TABLE t (n INT) WITH ('connector' = 'datagen', 'rows-per-second' = '200');\n"

const hasScript = spawnSync('script', ['--version']).status === 0

/** A terminal with colours, whatever the one that runs the tests has. */
const terminal: NodeJS.ProcessEnv = { PATH: process.env['PATH'], HOME: process.env['HOME'], TERM: 'xterm-256color' }

/** `rheo ARGS` on a terminal of `columns` columns: everything that it draws, line ends as `\n`. */
function onTerminal(args: string, cwd: string, columns = 80, env = terminal): string {
  const command = `stty cols ${columns} rows 24; '${process.execPath}' '${bin}' ${args}`
  const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], { cwd, env, encoding: 'utf8', timeout: 20_000 })
  return stdout.replaceAll('\r\n', '\n')
}

test('on a terminal a bounded query is a framed table that fits, cut to --limit', { skip: !hasScript }, () => {
  using folder = folderWith({ 'job.sql': values, 'wide.sql': `SELECT 1 AS id, REPEAT('x', 200) AS padding_of_the_row` })
  const drawn = onTerminal('run job.sql --limit 2', folder.path)
  assert.equal(
    drawn.slice(0, drawn.indexOf('3 rows')),
    '┌────┬──────┐\n│ id │ name │\n├────┼──────┤\n│  1 │ ann  │\n│  2 │ bob  │\n└────┴──────┘\n… and 1 more row (--limit 0 shows all)\n',
  )
  assert.match(onTerminal('run job.sql --limit 0', folder.path), /\u001b\[2mNULL\u001b\[22m/)
  for (const line of onTerminal('run wide.sql', folder.path, 40).split('\n').slice(0, 5)) assert.equal([...line].length, 40, line)
})

test('on a terminal a mistake shows the line with a mark under the place', { skip: !hasScript }, () => {
  using folder = folderWith({ 'job.sql': 'SELECT 1 AS one_,\n       amount' })
  const drawn = onTerminal('run job.sql', folder.path)
  assert.match(drawn, /^job\.sql:2:8: Cannot find column "amount".*\[sql\/unknown-column\]/)
  assert.match(drawn, /\n {4}2 \| {8}amount\n {6}\| {8}\u001b\[31m\^{6}\u001b\[39m\n$/)
})

test('what values and messages hold never reaches a terminal as commands; elsewhere it is as it is', { skip: !hasScript }, async () => {
  const query = "SELECT CONCAT(CHR(27), '[31mred', CHR(7)) AS `\u001b[32ma`"
  using folder = folderWith({ 'job.sql': query, 'bad.sql': `SELECT CAST(CONCAT(CHR(27), '[31mred') AS INT) AS n` })
  for (const format of ['table', 'changelog', 'json', 'csv']) {
    const drawn = onTerminal(`run job.sql --format ${format}`, folder.path)
    assert.equal(/\u001b\[3[12]m|\u0007/.test(drawn), false, `${format}: ${JSON.stringify(drawn)}`)
  }
  assert.match(onTerminal('run job.sql', folder.path), /│ ␛\[31mred␇ │/)
  assert.match(onTerminal('run bad.sql', folder.path), /␛\[31mred/)
  assert.equal((await rheo(['run', 'job.sql', '--format', 'changelog'], { cwd: folder.path })).out, '+I[\u001b[31mred\u0007]\n')
})

test('no colours where the terminal has none or NO_COLOR asks for none', { skip: !hasScript }, () => {
  using folder = folderWith({ 'job.sql': values, 'mistake.sql': 'SELECT amount' })
  for (const env of [
    { ...terminal, NO_COLOR: '1' },
    { ...terminal, TERM: 'dumb' },
  ]) {
    assert.match(onTerminal('run job.sql --limit 0', folder.path, 80, env), /│ {2}3 │ NULL │/)
    assert.match(onTerminal('run mistake.sql', folder.path, 80, env), /\[sql\/unknown-column\]\n {4}1 \| SELECT amount\n {6}\| {8}\^{6}\n$/)
  }
})

test('on a terminal one line tells how the job goes, and leaves when it ends', { skip: !hasScript }, () => {
  using folder = folderWith({ 'job.sql': `${endless}SELECT n FROM t` })
  const command = `'${process.execPath}' '${bin}' run job.sql`
  const { stdout } = spawnSync('timeout', ['-s', 'INT', '15', 'script', '-qefc', `timeout -s INT 3 ${command}`, '/dev/null'], {
    cwd: folder.path,
    env: terminal,
    encoding: 'utf8',
    timeout: 20_000,
  })
  assert.match(stdout, /\r\u001b\[2K\u001b\[2m\d+ rows? {2}[\d.]+\/s {2}watermark none {2}state 0 B/)
  assert.match(stdout, /(?:\n|\r\u001b\[2K)stopped · \d+ rows in/)
})

test('json keeps every digit, csv quotes, changelog prints kinds', async () => {
  const sql = `SELECT CAST(9007199254740993 AS BIGINT) AS b, CAST('12345678901234567890.1234567890' AS DECIMAL(38, 10)) AS d, 'a"b,c' AS s, x'6869' AS y,
    CAST(NULL AS INT) AS n, ARRAY[1, 2] AS a`
  const run = async (format: string): Promise<string> => (await rheo(['run', '-', '--format', format], { input: sql })).out
  assert.equal(
    await run('json'),
    '{"op":"+I","row":{"b":9007199254740993,"d":12345678901234567890.1234567890,"s":"a\\"b,c","y":"aGk=","n":null,"a":[1,2]}}\n',
  )
  assert.equal(await run('csv'), `op,b,d,s,y,n,a\n+I,9007199254740993,12345678901234567890.1234567890,"a""b,c",x'6869',,"[1, 2]"\n`)
  assert.equal(await run('changelog'), `+I[9007199254740993, 12345678901234567890.1234567890, a"b,c, x'6869', null, [1, 2]]\n`)
  assert.equal(await run('table'), `b\td\ts\ty\tn\ta\n9007199254740993\t12345678901234567890.1234567890\ta"b,c\tx'6869'\tNULL\t[1, 2]\n`)
})

test('a bounded query is a table, one without an end a changelog', async () => {
  const counts = 'SELECT k, COUNT(*) AS n FROM (VALUES (1), (1), (2)) AS t (k) GROUP BY k'
  assert.equal((await rheo(['run', '-'], { input: counts })).out, 'k\tn\n1\t2\n2\t1\n')
  const endlessRun = await rheo(['run', '-'], { input: `${endless}SELECT n FROM t`, interrupt: { afterLines: 2, signal: 'SIGINT' } })
  assert.match(endlessRun.out, /^\+I\[-?\d+\]\n/)
})

test('DDL, SET and INSERT print nothing, SHOW and DESCRIBE print rows, plans and statements are printed as they are', async () => {
  const script = `CREATE TABLE t (n INT) WITH ('connector' = 'datagen');\nSET 'rheo.seed' = '1';\nCREATE TABLE s (n INT) WITH ('connector' = 'blackhole');
INSERT INTO s VALUES (1);\nSHOW TABLES;\nDESCRIBE t;\nSHOW CREATE TABLE t;`
  const { out, status } = await rheo(['run', '-'], { input: script })
  assert.equal(status, 0)
  assert.equal(
    out,
    'table name\ns\nt\nname\ttype\tnull\tkey\textras\twatermark\nn\tINT\tTRUE\tNULL\tNULL\tNULL\n' +
      "CREATE TABLE `default_catalog`.`default_database`.`t` (\n  `n` INT\n)\nWITH (\n  'connector' = 'datagen'\n)\n",
  )
})

test('jobs of a script run one after another', async () => {
  using folder = folderWith({
    'job.sql': `CREATE TABLE f (n INT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'csv');
INSERT INTO f VALUES (1), (2);\nSELECT SUM(n) AS total FROM f;\nINSERT INTO f VALUES (3);\nSELECT SUM(n) AS total FROM f;`,
  })
  assert.equal((await rheo(['run', 'job.sql'], { cwd: folder.path })).out, 'total\n3\ntotal\n6\n')
})

test('the summary says what was read, written, late and bad; as one object with --summary json', async () => {
  const { error } = await rheo(['run', '-'], { input: values })
  assert.match(error, /^3 rows · 3 read in \d\.\d\d s \([\d.]+( [KM])?\/s\) · late 0 · bad 0\n$/)
  const { error: json } = await rheo(['run', '-', '--summary', 'json'], { input: values })
  const summary = JSON.parse(json) as Record<string, unknown>
  assert.deepEqual(
    [summary['rowsIn'], summary['rowsOut'], summary['lateRows'], summary['badRecords'], summary['isStopped']],
    [3, 3, 0, 0, false],
  )
  assert.equal((await rheo(['run', '-', '--summary', 'none'], { input: values })).error, '')
})

test("every key of the engine's own is accepted, and none changes the answer", async () => {
  const sql = 'SELECT k, COUNT(*) AS n FROM (VALUES (1), (1), (2)) AS t (k) GROUP BY k'
  const keys = [
    'rheo.batch.rows=1',
    'rheo.expressions=interpreted',
    'rheo.expressions=compiled',
    'rheo.rules.disabled=all',
    'rheo.rules.disabled=fold-constants',
    'rheo.seed=42',
    'rheo.source.block=256',
    'rheo.threads=0',
    'rheo.plan.roundtrip=true',
    'rheo.restore-at=1',
    'rheo.restore-at=1@3',
    'rheo.memory=1 gb',
    'rheo.max-record=1 mb',
    'parallelism.default=3',
  ]
  for (const key of keys) {
    const { out, status, error } = await rheo(['run', '-', '--set', key], { input: sql })
    assert.equal(status, 0, `${key}: ${error}`)
    assert.deepEqual(out.trim().split('\n').sort(), ['1\t2', '2\t1', 'k\tn'], key)
  }
  assert.equal((await rheo(['run', '-', '--parallelism', '3', '--set', 'rheo.seed=7'], { input: sql })).status, 0)
})

test('a mistake on the command line is told in a line, with status 2', async () => {
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['run'], /Cannot run: the script is missing/],
    [['run', 'a.sql', 'b.sql'], /Cannot run "b\.sql" as well/],
    [['run', '-', '--fromat', 'csv'], /"--fromat".*did you mean "--format"\?/],
    [['run', '-', '--format', 'tabel'], /"--format tabel": wanted is one of table, changelog, json, csv; did you mean "table"\?/],
    [['run', '-', '--format'], /"--format": it wants a value/],
    [['run', '-', '--limit', 'ten'], /"--limit ten": wanted is a whole number/],
    [['run', '-', '--parallelism', '0'], /"--parallelism 0": wanted is a whole number of at least 1/],
    [['run', '-', '--set', 'rheo.seed'], /"--set rheo\.seed": wanted is KEY=VALUE/],
    [['run', '-', '--set', 'rheo.sed=1'], /"rheo\.sed".*did you mean "rheo\.seed"\?/],
    [['run', '-', '--set', 'rheo.batch.rows=0'], /"rheo\.batch\.rows": found "0", wanted a whole number from 1 to 4096/],
    [['run', '-', '--summary', 'jsn'], /did you mean "json"\?/],
    [['run', '-', '--verbose=yes'], /"--verbose=yes": it takes no value/],
    [['run', '-', '--limit', '1', '--limit', '2'], /"--limit" twice/],
    [['run', '-', '--engine', 'flnk=x'], /wanted is local, flink=URL or spark=URL/],
    [['run', '-', '--engine', 'flink=http://localhost:1'], /unsupported\/engine/],
    [['run', '-', '--checkpoint-dir', 'x'], /unsupported\/checkpoint/],
    [['run', 'job.ts'], /unsupported\/program/],
    [['rnu'], /Cannot find the command "rnu".*did you mean "run"\?/],
    [['hlep'], /Cannot find the command "hlep".*did you mean "help"\?/],
    [['run', '-', '--json'], /Cannot understand "--json": the options of rheo run are --format, --limit, /],
    [['bench'], /rheo bench nexmark/],
    [['bench', 'nexmark', '--query', 'q99'], /Cannot find the query "q99"/],
    [['completion'], /the shell is missing/],
    [['completion', 'bsh'], /did you mean "bash"\?/],
  ]
  for (const [args, pattern] of cases) {
    const { status, error, out } = await rheo(args, { input: 'SELECT 1' })
    assert.equal(status, 2, args.join(' '))
    assert.equal(out, '')
    assert.match(error, pattern)
    assert.match(error, /^[^\n]+ {2}\[[a-z]+\/[a-z-]+\]\n$/, args.join(' '))
  }
})

test('a missing script has status 3 and names the one that was meant', async () => {
  using folder = folderWith({ 'job.sql': values })
  const { status, error } = await rheo(['run', 'jbo.sql'], { cwd: folder.path })
  assert.equal(status, 3)
  assert.equal(error, 'Cannot read the script "jbo.sql": there is no such file; did you mean "job.sql"?  [file/not-found]\n')
})

test('an error after rows leaves the rows, and --verbose adds the stack', async () => {
  const sql = "SELECT CAST(s AS INT) AS i FROM (VALUES ('1'), ('x')) AS t (s)"
  const { out, error, status } = await rheo(['run', '-', '--verbose'], { input: sql })
  assert.equal(status, 3)
  assert.equal(out, 'i\n1\n')
  assert.match(error, /^<stdin>:1:8: Cannot cast "x" to INT in "CAST\(s AS INT\)".*\[data\/cast\]\n[^]* at /)
})

test('the place of data is a path from here', async () => {
  using folder = folderWith({
    'bad.csv': '1\nx\n',
    'job.sql': "CREATE TABLE t (n INT) WITH ('connector' = 'filesystem', 'path' = 'bad.csv', 'format' = 'csv');\nSELECT n FROM t;",
  })
  assert.match((await rheo(['run', 'job.sql'], { cwd: folder.path })).error, /^bad\.csv:2: Cannot read the row: field "n" holds "x"/)
})

test('a byte order mark and Windows line ends change nothing', async () => {
  const { out, error } = await rheo(['run', '-'], { input: '\uFEFFSELECT\r\n  1 AS n;\r\n' })
  assert.equal(out, 'n\n1\n', error)
})

test('variables move no place: an error behind one points into the file', async () => {
  using folder = folderWith({ 'job.sql': "SELECT '${A}', '${DAY}', wrong" })
  const { error } = await rheo(['run', 'job.sql', '--var', 'A=a long text instead', '--var', 'DAY='], { cwd: folder.path })
  assert.match(error, /^job\.sql:1:26: Cannot find column "wrong"/)
  assert.match(
    (await rheo(['run', 'job.sql', '--var', 'A=x', '--var', 'DAYS=y'], { cwd: folder.path })).error,
    /^job\.sql:1:17: .*did you mean "DAYS"\?/,
  )
})

test('each change is out within 100 ms', async () => {
  const child = spawn(process.execPath, [bin, 'run', '-'], { stdio: 'pipe' })
  child.stdin.end("CREATE TABLE t (n INT) WITH ('connector' = 'datagen', 'rows-per-second' = '5');\nSELECT n FROM t;")
  const times: number[] = []
  await new Promise<void>((resolve) => {
    child.stdout.on('data', () => {
      if (times.push(performance.now()) === 5) resolve()
    })
  })
  child.kill('SIGTERM')
  await new Promise((resolve) => child.on('close', resolve))
  // Five rows a second, each on its own: had they been held back, they would come together.
  for (let i = 1; i < times.length; i++) assert.ok(times[i]! - times[i - 1]! > 60, `the rows came ${times[i]! - times[i - 1]!} ms apart`)
})

test('a second Ctrl-C ends at once', async () => {
  const child = spawn(process.execPath, [bin, 'run', '-'], { stdio: 'pipe' })
  child.stdin.end(`${endless}SELECT n FROM t;`)
  await new Promise((resolve) => child.stdout.once('data', resolve))
  child.kill('SIGINT')
  child.kill('SIGINT')
  const status = await new Promise((resolve) => child.on('close', resolve))
  assert.ok(status === 130 || status === 0, String(status))
})

test('a stopped INSERT finishes its files', async () => {
  using folder = folderWith({
    'job.sql': `CREATE TABLE t (n INT) WITH ('connector' = 'datagen', 'rows-per-second' = '1000');
CREATE TABLE f (n INT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'csv', 'sink.rolling-policy.file-size' = '1kb');
INSERT INTO f SELECT n FROM t;`,
  })
  const child = spawn(process.execPath, [bin, 'run', 'job.sql', '--summary', 'json'], { cwd: folder.path, stdio: 'pipe' })
  let error = ''
  child.stderr.on('data', (bytes: Buffer) => (error += bytes.toString()))
  const closed = new Promise((resolve) => child.on('close', resolve))
  // How long it takes to start depends on the machine: a first file says that the job is under way, and others will be open.
  while (!existsSync(join(folder.path, 'out')) && child.exitCode === null) await setTimeout(20)
  child.kill('SIGTERM')
  assert.equal(await closed, 0, error)
  const { rowsOut, isStopped } = JSON.parse(error) as { rowsOut: number; isStopped: boolean }
  assert.equal(isStopped, true)
  const read = "CREATE TABLE f (n INT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'csv');\nSELECT COUNT(*) AS n FROM f"
  assert.equal((await rheo(['run', '-'], { cwd: folder.path, input: read })).out, `n\n${rowsOut}\n`)
})

test('a statement set runs its INSERTs together', async () => {
  using folder = folderWith({})
  const script = `CREATE TABLE a (n INT) WITH ('connector' = 'filesystem', 'path' = 'a', 'format' = 'csv');
CREATE TABLE b (n INT) WITH ('connector' = 'filesystem', 'path' = 'b', 'format' = 'csv');
EXECUTE STATEMENT SET BEGIN
INSERT INTO a VALUES (1);
INSERT INTO b VALUES (2);
END;
SELECT * FROM a UNION ALL SELECT * FROM b;`
  const { out, error } = await rheo(['run', '-'], { cwd: folder.path, input: script })
  assert.deepEqual(out.trim().split('\n').sort(), ['1', '2', 'n'], error)
})

test('explain shows the plan and runs nothing', async () => {
  using folder = folderWith({})
  const script = `CREATE TABLE f (n INT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'csv');\nINSERT INTO f VALUES (1);\nSELECT n FROM f WHERE n > 1;`
  const { out, status } = await rheo(['explain', '-', '--changelog'], { cwd: folder.path, input: script })
  assert.equal(status, 0)
  for (const part of [
    '-- <stdin>:2: INSERT',
    '-- <stdin>:3: SELECT',
    '== Abstract Syntax Tree ==',
    '== Optimized Physical Plan ==',
    'changelogMode=[I]',
  ])
    assert.ok(out.includes(part), part)
  assert.ok(!existsSync(join(folder.path, 'out')))
  const wrong = await rheo(['explain', '-'], { input: 'SELECT wrong' })
  assert.equal(wrong.status, 2)
  assert.match(wrong.error, /^<stdin>:1:8: .*\[sql\/unknown-column\]\n$/)
})

test('completion scripts are read by their shells', { skip: spawnSync('bash', ['--version']).status !== 0 }, async () => {
  using folder = folderWith({})
  const { out } = await rheo(['completion', 'bash'])
  writeFileSync(join(folder.path, 'complete.bash'), out)
  const ask = (words: string, at: number): string =>
    spawnSync('bash', ['-c', `source complete.bash; COMP_WORDS=(${words}); COMP_CWORD=${at}; _rheo; echo "\${COMPREPLY[@]}"`], {
      cwd: folder.path,
      encoding: 'utf8',
    }).stdout.trim()
  assert.equal(ask('rheo r', 1), 'run')
  assert.equal(ask('rheo run --par', 2), '--parallelism')
  assert.equal(ask('rheo explain --ch', 2), '--changelog')
  assert.equal(ask('rheo run --format ch', 3), 'changelog')
  for (const shell of ['zsh', 'fish']) assert.match((await rheo(['completion', shell])).out, /explain/)
})

test('an older Node gets one line and status 2', () => {
  // The bin decides by this text; a Node that old may not be here.
  const old = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.19.0'})`, bin],
    {
      encoding: 'utf8',
    },
  )
  assert.equal(old.status, 2)
  assert.equal(old.stderr, 'Cannot start rheo: this is Node 20.19.0, wanted is 22.18 or later  [cli/old-node]\n')
})

test('output that cannot be written has status 3', { skip: !existsSync('/dev/full') }, () => {
  const { status, stderr } = spawnSync('sh', ['-c', `echo 'SELECT 1' | '${process.execPath}' '${bin}' run - > /dev/full`], {
    encoding: 'utf8',
  })
  assert.equal(status, 3)
  assert.equal(stderr, 'Cannot write to standard output: the disk is full  [file/failed]\n')
})

test('a table below a file cannot be written, and says so', async () => {
  using folder = folderWith({ file: '' })
  const input = "CREATE TABLE t (n INT) WITH ('connector' = 'filesystem', 'path' = 'file/t', 'format' = 'csv');\nINSERT INTO t VALUES (1)"
  const { status, error } = await rheo(['run', '-'], { cwd: folder.path, input })
  assert.equal(status, 3)
  assert.match(error, /^<stdin>:2:1: Cannot write ".*": a file stands where a folder was wanted {2}\[file\/failed\]\n$/)
})

test('a disk that takes no more ends an INSERT with status 3, and nothing can be seen', { skip: process.platform === 'win32' }, () => {
  using folder = folderWith({})
  const script = `CREATE TABLE t (id INT, x STRING) WITH ('connector' = 'filesystem', 'path' = '${folder.path}/t', 'format' = 'csv');
    CREATE TABLE n (id INT) WITH ('connector' = 'datagen', 'rows-per-second' = '100000000', 'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '60000');
    INSERT INTO t SELECT id, 'abcdefghijklmnopqrstuvwxyz' FROM n;`
  // Files of 200 blocks of 512 bytes or, in some shells, 1024: less than the first 256 KiB that are written.
  const { status, stderr } = spawnSync('sh', ['-c', `ulimit -f 200; '${process.execPath}' '${bin}' run -`], {
    encoding: 'utf8',
    input: script,
  })
  assert.equal(status, 3)
  assert.match(stderr, /Cannot write ".*": a file may not grow any more {2}\[file\/disk-full\]/)
  assert.deepEqual(readdirSync(join(folder.path, 't')), [])
})

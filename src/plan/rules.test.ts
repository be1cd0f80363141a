import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logicalTree } from './explain.ts'
import type { LogicalNode } from './logical.ts'
import type { PhysicalNode } from './physical.ts'
import { planJob, planningContext } from './plan-job.ts'
import { stateNotes } from './state-notes.ts'
import { applyRules, ruleNames, rules } from './rules.ts'
import { planOfScript, planningEnvironment } from '../testing/planning.ts'

const tables = `
CREATE TABLE clicks (id INT, page STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'planned');
CREATE TABLE days (id INT, \`day\` STRING, at_day DATE) PARTITIONED BY (\`day\`) WITH ('connector' = 'planned');
CREATE TABLE timed (id INT, \`day\` STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) PARTITIONED BY (\`day\`) WITH ('connector' = 'planned');
CREATE TABLE plain (id INT, n INT, r ROW<a INT, b ROW<c INT, d INT>>) WITH ('connector' = 'planned');
CREATE TABLE changing (id INT, n INT) WITH ('connector' = 'planned', 'changes' = 'retract');
`

/** The logical plan after one rule alone. */
function after(rule: string, sql: string): LogicalNode {
  const environment = planningEnvironment()
  const others = new Set(ruleNames.filter((name) => name !== rule))
  const plan = planOfScript(tables + sql, environment)
  return applyRules(plan, { connectors: environment.connectors, mode: 'streaming', evaluation: planningContext(environment) }, others)
}

function kinds(node: LogicalNode): readonly string[] {
  const inputs = node.kind === 'union' ? node.inputs : 'input' in node ? [node.input] : []
  return [node.kind, ...inputs.flatMap(kinds)]
}

function scanOf(node: LogicalNode): Extract<LogicalNode, { kind: 'scan' }> {
  if (node.kind === 'scan') return node
  const input = node.kind === 'union' ? node.inputs[0] : 'input' in node ? node.input : undefined
  assert(input !== undefined, 'the plan reads a table')
  return scanOf(input)
}

test('a filter stays above the watermark: a row that is left out still advances it', () => {
  const plan = after('push-filters', 'SELECT id FROM (SELECT id, page FROM clicks) WHERE id > 1')
  assert.deepEqual(kinds(plan), ['project', 'project', 'filter', 'watermark', 'scan'])
})

test('a filter goes below windows, unions and the keys of groups, and no further than it may', () => {
  const windowed = after(
    'push-filters',
    "SELECT id FROM TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE) WHERE id > 1 AND window_start > TIMESTAMP '2024-01-01 00:00:00'",
  )
  assert.deepEqual(kinds(windowed), ['project', 'filter', 'window-table-function', 'filter', 'watermark', 'scan'])
  const grouped = after('push-filters', 'SELECT n, COUNT(*) FROM plain GROUP BY n HAVING n > 1 AND COUNT(*) > 2')
  assert.deepEqual(kinds(grouped), ['project', 'filter', 'aggregate', 'project', 'filter', 'scan'])
  const united = after('push-filters', 'SELECT id FROM (SELECT id FROM plain UNION ALL SELECT n FROM plain) WHERE id > 1')
  assert.deepEqual(kinds(united), ['project', 'union', 'project', 'filter', 'scan', 'project', 'filter', 'scan'])
  const limited = after('push-filters', 'SELECT id FROM (SELECT id FROM plain LIMIT 3) WHERE id > 1')
  assert.deepEqual(kinds(limited), ['project', 'filter', 'sort', 'project', 'scan'])
})

test('what is not deterministic is neither moved nor evaluated twice', () => {
  const moved = after('push-filters', 'SELECT id FROM (SELECT id, n FROM plain) WHERE RAND() < 0.5')
  assert.deepEqual(kinds(moved), ['project', 'filter', 'project', 'scan'])
  const merged = after('merge-projects', 'SELECT r, r + 1 FROM (SELECT RAND() AS r FROM plain)')
  assert.deepEqual(kinds(merged), ['project', 'project', 'scan'])
  const once = after('merge-projects', 'SELECT r + 1 FROM (SELECT RAND() AS r FROM plain)')
  assert.deepEqual(kinds(once), ['project', 'scan'])
})

test('constants are folded, but not what fails or depends on the clock', () => {
  const text = (sql: string): string => logicalTree(after('fold-constants', sql))
  assert.match(text('SELECT id + (1 + 2) * 3 FROM plain'), /\+\(id, 9\)/)
  assert.match(text('SELECT id / (1 - 1) FROM plain'), /\/\(id, 0\)/)
  assert.match(text('SELECT 1 / 0 FROM plain'), /\/\(1, 0\)/)
  assert.match(text("SELECT CAST('x' AS INT) FROM plain"), /CAST\('x' AS INT\)/)
  assert.match(text('SELECT CURRENT_TIMESTAMP FROM plain'), /CURRENT_TIMESTAMP/)
  assert.deepEqual(kinds(after('fold-constants', 'SELECT id FROM plain WHERE 1 = 1')), ['project', 'scan'])
  assert.deepEqual(kinds(after('fold-constants', 'SELECT id FROM plain WHERE CAST(NULL AS BOOLEAN)')), ['project', 'values'].slice(1))
  assert.deepEqual(kinds(after('fold-constants', "SELECT UPPER(b) FROM (VALUES (1, 'x'), (2, 'y')) AS t (a, b) WHERE a > 1")), ['values'])
})

test('sources read the columns, fields, partitions and rows that are needed', () => {
  const pruned = scanOf(after('prune-columns', 'SELECT COUNT(*) FROM plain WHERE n > 1'))
  assert.deepEqual(pruned.columns, ['n'])
  const nested = scanOf(after('prune-nested', 'SELECT r.b.c, r.a FROM plain WHERE r.b.c > 1'))
  assert.deepEqual(nested.nestedPaths, [
    ['r', 'b', 'c'],
    ['r', 'a'],
  ])
  assert.equal(scanOf(after('prune-nested', 'SELECT r, r.a FROM plain')).nestedPaths, undefined)
  assert.deepEqual(scanOf(after('prune-partitions', "SELECT id FROM days WHERE `day` = 'a' OR `day` = 'b'")).partitions, [
    { day: 'a' },
    { day: 'b' },
  ])
  assert.deepEqual(scanOf(after('prune-partitions', "SELECT id FROM days WHERE `day` = 'a' AND `day` = 'b'")).partitions, [])
  assert.equal(scanOf(after('prune-partitions', "SELECT id FROM days WHERE `day` > 'a'")).partitions, undefined)
  assert.equal(
    scanOf(after('prune-partitions', "SELECT id FROM timed WHERE `day` = 'a'")).partitions,
    undefined,
    'skipped rows would advance the watermark',
  )
  assert.equal(scanOf(after('push-limits', 'SELECT id FROM plain LIMIT 3 OFFSET 2')).limit, 5)
  assert.equal(scanOf(after('push-limits', 'SELECT id FROM plain WHERE id > 1 LIMIT 3')).limit, undefined)
  assert.equal(scanOf(after('push-limits', 'SELECT id FROM changing LIMIT 3')).limit, undefined)
})

test('rules have names and docs of their own', () => {
  assert.equal(new Set(ruleNames).size, ruleNames.length)
  assert.deepEqual(
    rules.filter(({ name, doc }) => !/^[a-z]+(-[a-z]+)+$/.test(name) || doc === ''),
    [],
  )
})

function planned(sql: string, settings: Readonly<Record<string, string>> = {}): PhysicalNode {
  const environment = planningEnvironment(settings)
  return planJob(planOfScript(tables + sql, environment), environment)
}

function findNodes<K extends PhysicalNode['kind']>(node: PhysicalNode, kind: K): readonly Extract<PhysicalNode, { kind: K }>[] {
  const inputs = node.kind === 'union' ? node.inputs : 'input' in node ? [node.input] : []
  return [...(node.kind === kind ? [node as Extract<PhysicalNode, { kind: K }>] : []), ...inputs.flatMap((input) => findNodes(input, kind))]
}

test('an aggregate sends each change by itself only below what reads arrival order', () => {
  const emissions = (sql: string): readonly string[] => findNodes(planned(sql), 'group-aggregate').map((node) => node.emission)
  const counts = 'SELECT id, COUNT(*) AS n FROM plain GROUP BY id'
  assert.deepEqual(emissions(`SELECT MAX(n) FROM (${counts})`), ['batch', 'batch'])
  assert.deepEqual(emissions(`SELECT LAST_VALUE(n) FROM (${counts})`), ['batch', 'row'])
  assert.deepEqual(emissions(`SELECT n FROM (${counts}) LIMIT 2`), ['row'])
})

test('state is kept for as long as the setting or the hint says', () => {
  const ttl = (sql: string): readonly number[] =>
    findNodes(planned(sql, { 'table.exec.state.ttl': '2 h' }), 'group-aggregate').map((node) => node.stateTtlMs)
  assert.deepEqual(ttl('SELECT COUNT(*) FROM plain'), [7_200_000])
  assert.deepEqual(ttl("SELECT /*+ STATE_TTL('p' = '1 d') */ COUNT(*) FROM plain AS p"), [86_400_000])
  const first = 'SELECT id FROM clicks QUALIFY ROW_NUMBER() OVER (PARTITION BY page ORDER BY ts) = 1'
  const sums = 'SELECT SUM(id) OVER (PARTITION BY page ORDER BY ts) FROM clicks'
  const settings = { 'table.exec.state.ttl': '2 h' }
  assert.deepEqual(
    findNodes(planned(first, settings), 'deduplicate').map((node) => node.stateTtlMs),
    [7_200_000],
  )
  assert.deepEqual(
    findNodes(planned(sums, settings), 'over-aggregate').map((node) => node.stateTtlMs),
    [7_200_000],
  )
})

test('EXPLAIN names what keeps state without end, and what ends it', () => {
  const notes = (sql: string, settings = {}): readonly string[] => stateNotes(planned(sql, settings)).map(({ text }) => text)
  const first = 'SELECT id FROM clicks QUALIFY ROW_NUMBER() OVER (PARTITION BY page ORDER BY ts) = 1'
  const ends = "'table.exec.state.ttl' ends it"
  assert.deepEqual(notes(first), [`Deduplicate keeps every key (page): ${ends}, and so does deduplication within windows`])
  assert.deepEqual(notes(first, { 'table.exec.state.ttl': '1 d' }), [])
  const sums = 'SELECT SUM(id) OVER (PARTITION BY page ORDER BY ts) FROM clicks'
  assert.deepEqual(notes(sums), [`OverAggregate keeps every key (page): ${ends}, and so does a RANGE of some time`])
  assert.deepEqual(notes(sums, { 'table.exec.state.ttl': '1 d' }), [])
  const pattern = (partition: string, parts: string, within: string): string =>
    `SELECT * FROM clicks MATCH_RECOGNIZE (${partition} ORDER BY ts MEASURES B.id AS b PATTERN (${parts}) ${within} DEFINE A AS A.id > 1)`
  assert.deepEqual(notes(pattern('PARTITION BY page', 'A B', ''), { 'table.exec.state.ttl': '1 d' }), [
    'Match keeps open matches of every key (page): WITHIN ends them',
  ])
  assert.deepEqual(notes(pattern('', 'A+ B', '')), ['Match keeps open matches: WITHIN ends them'])
  assert.deepEqual(notes(pattern('', 'A{3} B', '')), [])
  assert.deepEqual(notes(pattern('PARTITION BY page', 'A+ B', "WITHIN INTERVAL '1' HOUR")), [])
})

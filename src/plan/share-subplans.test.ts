import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planningEnvironment, planOfScript } from '../testing/planning.ts'
import { physicalTree } from './explain.ts'
import { planFromJson, planToJson } from './json.ts'
import type { PhysicalNode } from './physical.ts'
import { inputsOfStep, sharedSteps } from './physical-inputs.ts'
import { planJob } from './plan-job.ts'
import { groupsOfSinks } from './share-subplans.ts'

const tables = `
CREATE TABLE t (id INT, k STRING, n INT, r ROW<a INT, b INT>, m STRING METADATA FROM 'origin' VIRTUAL) WITH ('connector' = 'planned');
CREATE TABLE u (id INT, k STRING) WITH ('connector' = 'planned');
CREATE VIEW counts AS SELECT k, COUNT(*) AS c FROM t GROUP BY k;
`

function plan(sql: string, settings: Readonly<Record<string, string>> = {}): PhysicalNode {
  const environment = planningEnvironment(settings)
  return planJob(planOfScript(tables + sql, environment), environment)
}

/** What is shared, and how many read it. */
function shared(sql: string, settings?: Readonly<Record<string, string>>): readonly (readonly [string, number])[] {
  return Array.from(sharedSteps([plan(sql, settings)]), ([node, readers]) => [node.kind, readers] as const)
}

test('a view that is read twice is one part', () => {
  const sql = "SELECT k FROM counts WHERE c > 1 UNION ALL SELECT k || 'x' FROM counts WHERE c < 9"
  assert.deepEqual(shared(sql), [['group-aggregate', 2]])
  assert.match(physicalTree(plan(sql)), /GroupAggregate\(.*\)\(reuse_id=\[1\]\)[^]*Reused\(reference_id=\[1\]\)/)
})

test('tables that are read for other columns are read once, for all of them', () => {
  const sql = 'SELECT id, r.a, k FROM t UNION ALL SELECT r.b, r.a, m FROM t'
  const [[scan]] = [[...sharedSteps([plan(sql)]).keys()]]
  assert.ok(scan?.kind === 'scan')
  assert.deepEqual([scan.columns, scan.metadata], [['id', 'k', 'r'], ['origin']])
  assert.deepEqual(
    scan.nestedPaths?.map((path) => path.join('.')),
    ['r.a', 'r.b'],
  )
})

test('parts at different depths are not shared, nor what chance or the clock decides', () => {
  assert.deepEqual(shared('SELECT a.id FROM t a JOIN (SELECT x.id FROM t x JOIN u y ON x.id = y.id) b ON a.id = b.id'), [])
  assert.deepEqual(
    shared('SELECT a.id FROM t a JOIN (SELECT x.id, y.n FROM t x JOIN t y ON x.id = y.id) b ON a.id = b.id').map(([, readers]) => readers),
    [2],
  )
  const drawn = 'SELECT k, RAND() AS d FROM t'
  assert.deepEqual(shared(`SELECT k FROM (${drawn}) WHERE d > 0.5 UNION ALL SELECT k FROM (${drawn}) WHERE d < 0.5`), [['scan', 2]])
})

test('a union in a union takes turns with its neighbours, so its inputs are shared and not itself', () => {
  const both = 'SELECT id FROM t UNION ALL SELECT id FROM u'
  assert.deepEqual(shared(`SELECT * FROM (${both}) UNION ALL SELECT * FROM (${both})`), [
    ['scan', 2],
    ['scan', 2],
  ])
})

test('settings and the rule turn it off', () => {
  const sql = 'SELECT id, k FROM t UNION ALL SELECT n, k FROM t'
  const views = 'SELECT * FROM counts UNION ALL SELECT k, c + 1 FROM counts'
  assert.deepEqual(shared(sql), [['scan', 2]])
  assert.deepEqual(shared(sql, { 'table.optimizer.reuse-source-enabled': 'false' }), [])
  assert.deepEqual(shared(views, { 'table.optimizer.reuse-source-enabled': 'false' }), [['group-aggregate', 2]])
  assert.deepEqual(shared(views, { 'table.optimizer.reuse-sub-plan-enabled': 'false' }), [])
  assert.deepEqual(shared(views, { 'rheo.rules.disabled': 'share-subplans' }), [])
})

test('a shared part is written once and read as one', () => {
  const before = plan('SELECT * FROM counts UNION ALL SELECT k, c + 1 FROM counts')
  const json = JSON.stringify(planToJson(before))
  assert.equal(json.split('"group-aggregate"').length, 2)
  const after = planFromJson(JSON.parse(json))
  assert.equal(physicalTree(after, { changes: true }), physicalTree(before, { changes: true }))
  assert.deepEqual([...sharedSteps([after]).values()], [2])
})

test('sinks that read a view together are one job, with ids of their own', () => {
  const sinks = `
    CREATE TABLE a (k STRING, c BIGINT) WITH ('connector' = 'planned', 'sink' = 'retract');
    CREATE TABLE b (k STRING, c BIGINT) WITH ('connector' = 'planned', 'sink' = 'retract');
    CREATE TABLE d (id INT) WITH ('connector' = 'planned');`
  const inserts = [
    'INSERT INTO a SELECT * FROM counts',
    'INSERT INTO d SELECT id FROM u',
    'INSERT INTO b SELECT k, MAX(c) FROM counts GROUP BY k',
  ]
  const plans = inserts.map((insert) => plan(`${sinks}${insert}`))
  const groups = groupsOfSinks(plans, { sources: true })
  assert.deepEqual(
    groups.map((group) => group.map((sink) => sink.kind === 'sink' && sink.target?.path.name)),
    [['d'], ['a', 'b']],
  )
  const [joined] = groups.slice(1)
  assert.deepEqual(
    Array.from(sharedSteps(joined!), ([node]) => node.kind),
    ['calc'],
  )
  const nodes = new Set(joined!.flatMap(allSteps))
  assert.equal(new Set([...nodes].map((node) => node.id)).size, nodes.size)
})

function allSteps(node: PhysicalNode): readonly PhysicalNode[] {
  return [node, ...inputsOfStep(node).flatMap(allSteps)]
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RheoError } from '../base/errors.ts'
import { parseExpression, parseQuery, parseScript, parseStatement, parseType } from './parser.ts'
import { unparseExpression, unparseQuery, unparseType } from './unparse.ts'

function failure(text: string): string {
  try {
    parseScript(text, 'a.sql')
  } catch (error) {
    assert(error instanceof RheoError, String(error))
    assert.equal(error.place?.source, 'a.sql')
    const at = error.place.position
    return `${error.code} ${at?.line}:${at?.column} ${error.message.replace('Cannot parse the statement: ', '')}`
  }
  return 'no error'
}

/** The expression with parentheses around every operation. */
function grouped(text: string): string {
  const show = (node: ReturnType<typeof parseExpression>): string => {
    switch (node.kind) {
      case 'binary':
        return `(${show(node.left)} ${node.operator} ${show(node.right)})`
      case 'unary':
        return `(${node.operator} ${show(node.operand)})`
      case 'is':
        return `(${show(node.operand)} IS ${node.negated ? 'NOT ' : ''}${node.test})`
      case 'is-distinct-from':
        return `(${show(node.left)} DISTINCT ${show(node.right)})`
      case 'between':
        return `(${show(node.operand)} BETWEEN ${show(node.low)} AND ${show(node.high)})`
      case 'like':
        return `(${show(node.operand)} ${node.operator} ${show(node.pattern)})`
      case 'in-list':
        return `(${show(node.operand)} IN ..)`
      case 'column':
        return node.parts.map((part) => part.name).join('.')
      default:
        return unparseExpression(node)
    }
  }
  return show(parseExpression(text))
}

test('operators bind as in Flink', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['a OR b AND c', '(a OR (b AND c))'],
    ['NOT a = b AND c', '((NOT (a = b)) AND c)'],
    ['NOT a IS NULL', '(NOT (a IS NULL))'],
    ['a = b IS NULL', '((a = b) IS NULL)'],
    ['a < b = c', '((a < b) = c)'],
    ['a - b - c', '((a - b) - c)'],
    ['a + b * c % d / e', '(a + (((b * c) % d) / e))'],
    ['a || b + c', '((a || b) + c)'],
    ['- a * b', '((- a) * b)'],
    ['- a - - b', '((- a) - (- b))'],
    ['a BETWEEN b + 1 AND c * 2 AND d', '((a BETWEEN (b + 1) AND (c * 2)) AND d)'],
    ['a BETWEEN 1 AND 2 = TRUE', '((a BETWEEN 1 AND 2) = TRUE)'],
    ["a LIKE 'x' || b OR c", "((a LIKE ('x' || b)) OR c)"],
    ['a + b IN (1) = c', '(((a + b) IN ..) = c)'],
    ['a IS NOT DISTINCT FROM b + 1 AND c', '((a DISTINCT (b + 1)) AND c)'],
    ['a <> b OR NOT c AND d IS UNKNOWN', '((a <> b) OR ((NOT c) AND (d IS UNKNOWN)))'],
  ]
  for (const [text, expected] of cases) assert.equal(grouped(text), expected, text)
})

test('expressions of every form read and print', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['price*2', '`price` * 2'],
    ['t.a.b[1].c', '`t`.`a`.`b`[1].`c`'],
    ['upper(name)', 'UPPER(`name`)'],
    ["date '2024-01-01'", "DATE '2024-01-01'"],
    ["timestamp with local time zone '2024-01-01 00:00:00'", "TIMESTAMP WITH LOCAL TIME ZONE '2024-01-01 00:00:00'"],
    ["interval -'1 02:03' day(3) to minute", "INTERVAL -'1 02:03' DAY(3) TO MINUTE"],
    ["interval '1' hours", "INTERVAL '1' HOUR"],
    ["U&'d!0061t!+000061' UESCAPE '!'", "'data'"],
    ["E'a\\tb'", "'a\tb'"],
    ["x'0a'", "X'0A'"],
    ["'a'\n'b'", "'ab'"],
    ['case a when 1, 2 then b else c end', 'CASE `a` WHEN 1, 2 THEN `b` ELSE `c` END'],
    ['try_cast(a as decimal(10,2))', 'TRY_CAST(`a` AS DECIMAL(10, 2))'],
    ['a not between symmetric 1 and 2', '`a` NOT BETWEEN SYMMETRIC 1 AND 2'],
    ['a in (select 1)', '`a` IN (SELECT 1)'],
    ["a not similar to 'x' escape '!'", "`a` NOT SIMILAR TO 'x' ESCAPE '!'"],
    ['a is not json', '`a` IS NOT JSON VALUE'],
    ['a is json array', '`a` IS JSON ARRAY'],
    ['exists (select 1)', 'EXISTS (SELECT 1)'],
    ['a > all (select 1)', '`a` > ALL (SELECT 1)'],
    ['a = any (1, 2)', '`a` = SOME (1, 2)'],
    ['row(1, a)', 'ROW(1, `a`)'],
    ['(1, 2) = (a, b)', '(1, 2) = (`a`, `b`)'],
    ['((select 1) + 2) * 3', '((SELECT 1) + 2) * 3'],
    ["map['a', 1]['a']", "MAP['a', 1]['a']"],
    ['array[1, 2][1]', 'ARRAY[1, 2][1]'],
    ['multiset[1]', 'MULTISET[1]'],
    ['array(select 1)', 'ARRAY(SELECT 1)'],
    ['extract(day from a)', 'EXTRACT(DAY FROM `a`)'],
    ['ceiling(a to hour)', 'CEIL(`a` TO HOUR)'],
    ['floor(a)', 'FLOOR(`a`)'],
    ['trim(a)', "TRIM(BOTH ' ' FROM `a`)"],
    ["trim(leading 'x' from a)", "TRIM(LEADING 'x' FROM `a`)"],
    ['position(a in b)', 'POSITION(`a` IN `b`)'],
    ['substring(a, 1, 2)', 'SUBSTRING(`a`, 1, 2)'],
    ['overlay(a placing b from 1)', 'OVERLAY(`a` PLACING `b` FROM 1)'],
    ['timestampdiff(minute, a, b)', 'TIMESTAMPDIFF(MINUTE, `a`, `b`)'],
    ['(a - b) day to second(3)', '(`a` - `b`) DAY TO SECOND(3)'],
    ['current_timestamp', 'CURRENT_TIMESTAMP'],
    ['left(a, 1) || `left`', 'LEFT(`a`, 1) || `left`'],
    ["if(a, 'x', 'y')", "IF(`a`, 'x', 'y')"],
    ['count(distinct a) filter (where b > 1)', 'COUNT(DISTINCT `a`) FILTER (WHERE `b` > 1)'],
    ['count(*)', 'COUNT(*)'],
    ['percentile_cont(0.5) within group (order by a desc)', 'PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY `a` DESC)'],
    [
      'sum(a) over (partition by b order by c rows between 2 preceding and current row)',
      'SUM(`a`) OVER (PARTITION BY `b` ORDER BY `c` ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)',
    ],
    ["sum(a) over (order by c range interval '1' day preceding)", "SUM(`a`) OVER (ORDER BY `c` RANGE INTERVAL '1' DAY PRECEDING)"],
    ['lag(a) ignore nulls over w', 'LAG(`a`) IGNORE NULLS OVER `w`'],
    ['f(x => 1, y => default)', 'F(`x` => 1, `y` => DEFAULT)'],
    ['cat.db.fn(1)', '`cat`.`db`.`fn`(1)'],
    [
      "json_value(a, 'lax $.b' returning int null on empty default -1 on error)",
      "JSON_VALUE(`a`, 'lax $.b' RETURNING INTEGER NULL ON EMPTY DEFAULT -1 ON ERROR)",
    ],
    ["json_query(a, '$' with wrapper empty array on error)", "JSON_QUERY(`a`, '$' WITH UNCONDITIONAL ARRAY WRAPPER EMPTY ARRAY ON ERROR)"],
    ["json_exists(a, '$.b' unknown on error)", "JSON_EXISTS(`a`, '$.b' UNKNOWN ON ERROR)"],
    [
      "json_object('a' value 1, key 'b' value json_array(1, null) absent on null)",
      "JSON_OBJECT(KEY 'a' VALUE 1, KEY 'b' VALUE JSON_ARRAY(1, NULL) ABSENT ON NULL)",
    ],
    ['json_array(null on null)', 'JSON_ARRAY(NULL ON NULL)'],
    ['json_objectagg(k value v)', 'JSON_OBJECTAGG(KEY `k` VALUE `v`)'],
    ['(a, b) overlaps (c, d)', '(`a`, `b`) OVERLAPS (`c`, `d`)'],
    ['a member of multiset[1]', '`a` MEMBER OF MULTISET[1]'],
    ["{ts '2024-01-01 00:00:00'}", "TIMESTAMP '2024-01-01 00:00:00'"],
    ['- (- a)', '- - `a`'],
    ['not (a or b)', 'NOT (`a` OR `b`)'],
    ['(t.a).b', '(`t`.`a`).`b`'],
  ]
  for (const [text, expected] of cases) assert.equal(unparseExpression(parseExpression(text)), expected, text)
})

test('types of every form', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['int not null', 'INTEGER NOT NULL'],
    ["ROW<a INT 'x', `b` ROW(c STRING)>", "ROW< `a` INTEGER 'x', `b` ROW< `c` STRING > >"],
    ["ROW(a INT COMMENT 'x')", "ROW< `a` INTEGER 'x' >"],
    ['INT NOT NULL ARRAY NOT NULL MULTISET', 'MULTISET< ARRAY< INTEGER NOT NULL > NOT NULL >'],
    ['map<string, array<int>>', 'MAP< STRING, ARRAY< INTEGER > >'],
    ['timestamp(3) with local time zone', 'TIMESTAMP_LTZ(3)'],
    ['timestamp without time zone', 'TIMESTAMP'],
    ['double precision', 'DOUBLE'],
    ['dec(4, 1)', 'DECIMAL(4, 1)'],
    ['char varying(3)', 'VARCHAR(3)'],
    ['interval day(2) to second(3)', 'INTERVAL DAY(2) TO SECOND(3)'],
    ["raw('a.B', 'xyz=')", "RAW('a.B', 'xyz=')"],
    ["structured<'a.B', x int>", "STRUCTURED<'a.B', `x` INTEGER>"],
    ['row<>', 'ROW<>'],
    ['variant', 'VARIANT'],
    ['bitmap', 'BITMAP'],
  ]
  for (const [text, expected] of cases) assert.equal(unparseType(parseType(text)), expected, text)
})

test('queries of every clause', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['select id + 1, upper(name) from t where id > 3', 'SELECT `id` + 1, UPPER(`name`)\nFROM `t`\nWHERE `id` > 3'],
    [
      'with a (x) as (select 1), b as (values 1, (2)) select * from a, b',
      'WITH `a` (`x`) AS (SELECT 1), `b` AS (VALUES ROW(1),\nROW(2)) SELECT *\nFROM `a`,\n`b`',
    ],
    [
      'select 1 union select 2 intersect select 3 except all select 4',
      'SELECT 1\nUNION\nSELECT 2\nINTERSECT\nSELECT 3\nEXCEPT ALL\nSELECT 4',
    ],
    [
      '(select 1 limit 1) union all (select 2) order by 1 nulls last limit 3 offset 2',
      '(SELECT 1\nFETCH NEXT 1 ROWS ONLY)\nUNION ALL\n(SELECT 2)\nORDER BY 1 NULLS LAST\nOFFSET 2 ROWS\nFETCH NEXT 3 ROWS ONLY',
    ],
    ['select * from (((select 1) union (select 2))) as t', 'SELECT *\nFROM (((SELECT 1)\nUNION\n(SELECT 2))) AS `t`'],
    ['select * from ((select 1) as a cross join b)', 'SELECT *\nFROM (SELECT 1) AS `a`\nCROSS JOIN `b`'],
    ['select * from a left join (b join c using (x)) on true', 'SELECT *\nFROM `a`\nLEFT JOIN (`b`\nINNER JOIN `c` USING (`x`)) ON TRUE'],
    [
      "select /*+ STATE_TTL('a' = '1d') */ * from t /*+ OPTIONS('k'='v') */ as x",
      "SELECT /*+ `STATE_TTL`('a' = '1d') */ *\nFROM `t`\n/*+ `OPTIONS`('k' = 'v') */ AS `x`",
    ],
    [
      'select * from o join r for system_time as of o.ts as r on o.k = r.k',
      'SELECT *\nFROM `o`\nINNER JOIN `r` FOR SYSTEM_TIME AS OF `o`.`ts` AS `r` ON `o`.`k` = `r`.`k`',
    ],
    [
      "select * from table(tumble(table t, descriptor(ts), interval '1' minute))",
      "SELECT *\nFROM TABLE(TUMBLE(TABLE `t`, DESCRIPTOR(`ts`), INTERVAL '1' MINUTE))",
    ],
    [
      "select * from session(data => table t partition by (a, b) order by ts, gap => interval '1' minute)",
      "SELECT *\nFROM TABLE(SESSION(`data` => TABLE `t` PARTITION BY (`a`, `b`) ORDER BY `ts`, `gap` => INTERVAL '1' MINUTE))",
    ],
    [
      'select * from a, lateral table(f(a.x)) as t (y) cross join unnest(a.z) with ordinality as u (p, o)',
      'SELECT *\nFROM `a`,\nLATERAL TABLE(F(`a`.`x`)) AS `t` (`y`)\nCROSS JOIN UNNEST(`a`.`z`) WITH ORDINALITY AS `u` (`p`, `o`)',
    ],
    [
      'select a from t group by grouping sets ((a, b), rollup (c), ()), cube (d) having count(*) > 1 window w as (order by a) qualify rank() over w = 1',
      'SELECT `a`\nFROM `t`\nGROUP BY GROUPING SETS((`a`, `b`), ROLLUP(`c`), ()), CUBE(`d`)\nHAVING COUNT(*) > 1\nWINDOW `w` AS (ORDER BY `a`)\nQUALIFY RANK() OVER `w` = 1',
    ],
    ['table t', 'TABLE `t`'],
  ]
  for (const [text, expected] of cases) assert.equal(unparseQuery(parseQuery(text)), expected, text)
})

test('MATCH_RECOGNIZE with all its clauses', () => {
  const text = `select * from t match_recognize (partition by a order by ts measures last(B.x) as x, final first(A.y) as y
    one row per match after match skip to last B pattern (A B*? (C | D){2,3}) within interval '1' hour subset E = (A, B) define A as A.x > 1, B as true) as m`
  assert.equal(
    unparseQuery(parseQuery(text)),
    [
      'SELECT *',
      'FROM `t` MATCH_RECOGNIZE(',
      'PARTITION BY `a`',
      'ORDER BY `ts`',
      'MEASURES LAST(`B`.`x`) AS `x`, FINAL FIRST(`A`.`y`) AS `y`',
      'ONE ROW PER MATCH',
      'AFTER MATCH SKIP TO LAST `B`',
      'PATTERN (`A` `B`*? (`C` | `D`){2,3})',
      "WITHIN INTERVAL '1' HOUR",
      'SUBSET `E` = (`A`, `B`)',
      'DEFINE `A` AS `A`.`x` > 1, `B` AS TRUE) AS `m`',
    ].join('\n'),
  )
})

test('statements of every kind', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['CREATE TABLE t (a INT)', 'create-table'],
    [
      "CREATE TEMPORARY TABLE IF NOT EXISTS c.d.t (a INT NOT NULL PRIMARY KEY NOT ENFORCED COMMENT 'x', m STRING METADATA FROM 'k' VIRTUAL, b AS a + 1, WATERMARK FOR b AS b) COMMENT 'y' DISTRIBUTED BY HASH(a) INTO 4 BUCKETS PARTITIONED BY (a) WITH ('k' = 'v')",
      'create-table',
    ],
    ["CREATE TABLE t (x INT) WITH ('a' = 'b') LIKE s (INCLUDING ALL OVERWRITING OPTIONS EXCLUDING WATERMARKS)", 'create-table'],
    ["CREATE OR REPLACE TABLE t (b, a) WITH ('a' = 'b') AS SELECT 1, 2", 'create-table'],
    ['REPLACE TABLE t AS SELECT 1', 'create-table'],
    ["CREATE TEMPORARY VIEW IF NOT EXISTS v (a COMMENT 'x') COMMENT 'y' AS SELECT 1", 'create-view'],
    [
      "CREATE OR ALTER MATERIALIZED TABLE m PARTITIONED BY (a) WITH ('a' = 'b') FRESHNESS = INTERVAL '3' MINUTE REFRESH_MODE = FULL START_MODE = FROM_NOW(INTERVAL '1' DAY) AS SELECT 1 AS a",
      'create-materialized-table',
    ],
    ["CREATE CATALOG IF NOT EXISTS c COMMENT 'x' WITH ('type' = 'm')", 'create-catalog'],
    ["CREATE DATABASE IF NOT EXISTS c.d COMMENT 'x' WITH ()", 'create-database'],
    ["CREATE TEMPORARY SYSTEM FUNCTION IF NOT EXISTS f AS 'a.B' LANGUAGE JAVA USING JAR 'x', ARTIFACT 'y'", 'create-function'],
    ["CREATE MODEL m INPUT (a STRING) OUTPUT (b STRING COMMENT 'x') WITH ('provider' = 'p')", 'create-model'],
    ["CREATE CONNECTION c WITH ('a' = 'b')", 'create-connection'],
    ['ALTER TABLE IF EXISTS t RENAME TO u', 'alter-table'],
    ['ALTER TABLE t RENAME a TO b', 'alter-table'],
    ["ALTER TABLE t SET ('a' = 'b')", 'alter-table'],
    ["ALTER TABLE t RESET ('a')", 'alter-table'],
    ['ALTER TABLE t ADD (a INT FIRST, b AS a AFTER a, PRIMARY KEY (a) NOT ENFORCED, WATERMARK FOR b AS b)', 'alter-table'],
    ["ALTER TABLE t MODIFY a BIGINT COMMENT 'x' AFTER b", 'alter-table'],
    ['ALTER TABLE t DROP (a, b)', 'alter-table'],
    ['ALTER TABLE t DROP PRIMARY KEY', 'alter-table'],
    ["ALTER TABLE t ADD IF NOT EXISTS PARTITION (a = '1') WITH ('k' = 'v') PARTITION (a = '2')", 'alter-table'],
    ["ALTER TABLE t DROP IF EXISTS PARTITION (a = '1'), PARTITION (a = '2')", 'alter-table'],
    ['ALTER TABLE t ADD DISTRIBUTION BY HASH(a) INTO 3 BUCKETS', 'alter-table'],
    ['ALTER MATERIALIZED TABLE m SUSPEND', 'alter-materialized-table'],
    ["ALTER MATERIALIZED TABLE m REFRESH PARTITION (a = '1')", 'alter-materialized-table'],
    ['ALTER MATERIALIZED TABLE m AS SELECT 1', 'alter-materialized-table'],
    ['ALTER VIEW v RENAME TO w', 'alter-view'],
    ['ALTER VIEW v AS SELECT 1', 'alter-view'],
    ["ALTER CATALOG c COMMENT 'x'", 'alter-catalog'],
    ["ALTER DATABASE d SET ('a' = 'b')", 'alter-database'],
    ["ALTER TEMPORARY SYSTEM FUNCTION IF EXISTS f AS 'x' LANGUAGE SCALA", 'alter-function'],
    ['ALTER MODEL IF EXISTS m RENAME TO n', 'alter-model'],
    ['DROP TEMPORARY TABLE IF EXISTS t', 'drop'],
    ['DROP DATABASE IF EXISTS d CASCADE', 'drop'],
    ['DROP TEMPORARY SYSTEM FUNCTION f', 'drop'],
    ['DROP MATERIALIZED TABLE m', 'drop'],
    ['DESC EXTENDED t', 'describe'],
    ['DESCRIBE CATALOG c', 'describe'],
    ['DESCRIBE catalog', 'describe'],
    ["DESCRIBE JOB 'x'", 'describe'],
    ["SHOW TABLES FROM c.d NOT LIKE 'a%'", 'show'],
    ["SHOW COLUMNS IN t ILIKE 'a%'", 'show'],
    ['SHOW USER FUNCTIONS', 'show'],
    ['SHOW FULL MODULES', 'show'],
    ['SHOW CREATE MATERIALIZED TABLE m', 'show-create'],
    ['SHOW CURRENT CATALOG', 'show-current'],
    ["SHOW PARTITIONS t PARTITION (a = '1')", 'show-partitions'],
    ['USE CATALOG c', 'use'],
    ['USE c.d', 'use'],
    ['USE MODULES a, b', 'use-modules'],
    ["LOAD MODULE m WITH ('a' = 'b')", 'load-module'],
    ['UNLOAD MODULE m', 'unload-module'],
    ["SET 'a' = 'b'", 'set'],
    ['SET', 'set'],
    ["RESET 'a'", 'reset'],
    ['RESET', 'reset'],
    ["ADD JAR 'x'", 'jar'],
    ["STOP JOB 'x' WITH SAVEPOINT WITH DRAIN", 'stop-job'],
    ["CALL c.d.p('x', y => 1)", 'call-procedure'],
    ["ANALYZE TABLE t PARTITION (a = '1', b) COMPUTE STATISTICS FOR ALL COLUMNS", 'analyze-table'],
    ["INSERT INTO t /*+ OPTIONS('a'='b') */ PARTITION (a = '1') (b, c) VALUES (1, DEFAULT) ON CONFLICT DO NOTHING", 'insert'],
    ['INSERT OVERWRITE t (SELECT 1)', 'insert'],
    ['UPDATE t SET a = 1, b = c WHERE d', 'update'],
    ['DELETE FROM t WHERE a', 'delete'],
    ['TRUNCATE TABLE t', 'truncate'],
    ['EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; INSERT INTO b SELECT 2; END', 'statement-set'],
    ['BEGIN STATEMENT SET', 'begin-statement-set'],
    ['EXPLAIN CHANGELOG_MODE, PLAN_ADVICE SELECT 1', 'explain'],
    ['EXPLAIN PLAN FOR INSERT INTO a SELECT 1', 'explain'],
    ['EXPLAIN STATEMENT SET BEGIN INSERT INTO a SELECT 1; END', 'explain'],
    ["COMPILE PLAN 'x' IF NOT EXISTS FOR INSERT INTO a SELECT 1", 'compile-plan'],
    ["COMPILE AND EXECUTE PLAN 'x' FOR STATEMENT SET BEGIN INSERT INTO a SELECT 1; END", 'compile-plan'],
    ["EXECUTE PLAN 'x'", 'execute-plan'],
    ['EXECUTE SELECT 1', 'select-statement'],
    ['QUIT', 'shell-command'],
  ]
  for (const [text, kind] of cases) assert.equal(parseStatement(`${text};`).kind, kind, text)
})

test('a script has its statements with place and text; a statement set is one', () => {
  const text = "-- first\nSELECT 1 ; ;\n\n  BEGIN STATEMENT SET;\nINSERT INTO a SELECT 1;\nEND;\nSET 'a' = 'b'"
  const { statements } = parseScript(text)
  assert.deepEqual(
    statements.map(({ statement, at, text: slice }) => [statement.kind, at.line, at.column, slice]),
    [
      ['select-statement', 2, 1, 'SELECT 1'],
      ['statement-set', 4, 3, 'BEGIN STATEMENT SET;\nINSERT INTO a SELECT 1;\nEND'],
      ['set', 7, 1, "SET 'a' = 'b'"],
    ],
  )
})

test('every node covers its text', () => {
  const text = 'SELECT a, SUM( b ) FILTER (WHERE c) AS s\nFROM t AS x\nWHERE (a + 1) * 2 > ALL (SELECT 1) AND b IS NOT NULL ORDER BY a DESC'
  const query = parseQuery(text)
  const slices: string[] = []
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit)
    if (typeof node !== 'object' || node === null) return
    const { at, kind } = node as { at?: { offset: number; length: number }; kind?: string }
    if (at !== undefined && kind !== undefined) slices.push(`${kind}: ${text.slice(at.offset, at.offset + at.length)}`)
    Object.values(node).forEach(visit)
  }
  visit(query)
  for (const expected of [
    `query: ${text}`,
    'call: SUM( b ) FILTER (WHERE c)',
    'named-table: t AS x',
    'binary: (a + 1)',
    'binary: (a + 1) * 2',
    'quantified: (a + 1) * 2 > ALL (SELECT 1)',
    'is: b IS NOT NULL',
    'column: a',
  ]) {
    assert(slices.includes(expected), `${expected} is not among\n${slices.join('\n')}`)
  }
})

test('messages say where, what and a next step', () => {
  const cases: readonly (readonly [string, string])[] = [
    [
      'SELECT id customer amount FROM orders',
      'sql/syntax 1:20 unexpected "amount" after the alias "customer"; is a comma missing after "id"?',
    ],
    ['SELECT id FROM orders WERE id > 1', 'sql/syntax 1:23 unexpected "WERE"; did you mean "WHERE"?'],
    ['SELECT id FORM orders', 'sql/syntax 1:11 unexpected "FORM"; did you mean "FROM"?'],
    ['SELECT id FROM orders GROUP YB id', 'sql/syntax 1:29 unexpected "YB"; did you mean "BY"?'],
    ['SELECT id, FROM orders', 'sql/syntax 1:12 unexpected "FROM" after ","; the comma is one too many, or what follows it is missing'],
    [
      'CREATE TABLE t (id INT, value INT, timestamp TIMESTAMP(3))',
      'sql/syntax 1:25 "value" and "timestamp" are reserved words where a name is wanted; put back quotes around it: `value`, `timestamp`',
    ],
    [
      'SELECT (a FROM t',
      'sql/syntax 1:11 unexpected "FROM" after "a", expected ",", ")" or an operator; is a closing parenthesis missing?',
    ],
    [
      'SELECT * FROM a JOIN b',
      'sql/syntax 1:23 Cannot parse the join: it has no condition; write ON or USING behind its right side, or CROSS JOIN',
    ],
    ['SELECT a FROM t MINUS SELECT b FROM t', 'sql/syntax 1:17 Cannot parse the query: Flink SQL has no MINUS; write EXCEPT'],
    ['CREATE TABLE t (id INTT)', 'sql/unknown-type 1:20 Cannot use the type "INTT": there is no such type; did you mean "INT"?'],
    ['SELCT 1', 'sql/unknown-statement 1:1 Cannot run "SELCT": no statement begins with it; did you mean "SELECT"?'],
    ['SET a = b', "sql/syntax 1:5 Cannot parse SET: the option \"a\" has no quotes; write SET 'key' = 'value'"],
    ["SELECT 'a' 'b'", "sql/syntax 1:12 unexpected string 'b' after string 'a'; is a comma missing before string 'b'?"],
    ['SELECT a FROM t WHERE a == 1', 'sql/syntax 1:26 unexpected "=" after "="; write one = to compare'],
    [
      'BEGIN STATEMENT SET; SELECT 1; END',
      'sql/syntax 1:22 Cannot put this statement into a statement set: only INSERT may stand there, and END closes the set',
    ],
  ]
  for (const [text, expected] of cases) assert.equal(failure(text), expected, text)
  assert.match(
    failure('GRANT SELECT ON orders TO bob'),
    /^sql\/unknown-statement 1:1 Cannot run "GRANT".*statements of Flink SQL are queries, INSERT/,
  )
})

test('nesting is bounded, chains are not', () => {
  assert.match(failure(`SELECT ${'('.repeat(5000)}1`), /nests more than 400 levels deep/)
  assert.match(failure(`SELECT ${'- '.repeat(5000)}1`), /nests more than 400 levels deep/)
  assert.match(failure(`SELECT CAST(1 AS ${'ARRAY<'.repeat(5000)}`), /nests more than 400 levels deep/)
  assert.match(failure(`SELECT * FROM ${'('.repeat(5000)}`), /nests more than 400 levels deep/)
  const chain = unparseExpression(parseExpression(Array.from({ length: 20_000 }, (_, i) => `a${i}`).join(' + ')))
  assert.equal(chain.split(' + ').length, 20_000)
  assert.equal(failure(`SELECT ${'('.repeat(60)}SELECT 1${')'.repeat(60)}`), 'no error')
  assert.equal(failure(`SELECT ${'((SELECT '.repeat(60)}1${'))'.repeat(60)}`), 'no error')
  assert.equal(failure(`SELECT * FROM ${'((SELECT * FROM '.repeat(60)}t${'))'.repeat(60)}`), 'no error')
  const calls = `${'f('.repeat(100)}1${')'.repeat(100)}`
  assert.equal(unparseExpression(parseExpression(calls)), calls.toUpperCase())
})

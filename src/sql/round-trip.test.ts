import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { RheoError } from '../base/errors.ts'
import { lex } from './lexer.ts'
import { parseExpression, parseQuery, parseScript, parseType } from './parser.ts'
import type { Query } from './syntax-query.ts'
import { openPartOf } from './statement-text.ts'
import { unparseExpression, unparseQuery, unparseType } from './unparse.ts'

// Goal: printing and parsing are inverse, on real scripts and on random trees; and no text, however broken, does worse than a RheoError.

const folder = existsSync('test/conformance/queries') ? 'test/conformance' : process.env['RHEO_CONFORMANCE']
assert(folder !== undefined, 'the corpus is missing: run `npm run corpus:refresh`, or set RHEO_CONFORMANCE to its folder')
const scripts = globSync(`${folder}/*/*.sql`)
  .toSorted()
  .map((path) => ({ path, text: readFileSync(path, 'utf8'), answer: readFileSync(path.replace(/sql$/, 'out'), 'utf8') }))

/** The tree without places, and with names of functions in one case, which is all that printing changes. */
function bare(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(bare)
  if (typeof node !== 'object' || node === null) return node
  const entries = Object.entries(node).filter(([key]) => key !== 'at' && key !== 'operatorAt')
  const copy = Object.fromEntries(entries.map(([key, value]) => [key, bare(value)]))
  const name = copy['kind'] === 'call' ? (copy['name'] as { parts: { name: string }[] }) : undefined
  if (name?.parts.length === 1) copy['name'] = { parts: [{ name: name.parts[0]!.name.toUpperCase() }] }
  return copy
}

function queriesIn(node: unknown): Query[] {
  if (Array.isArray(node)) return node.flatMap(queriesIn)
  if (typeof node !== 'object' || node === null) return []
  if ((node as { kind?: string }).kind === 'query') return [node as Query]
  return Object.values(node).flatMap(queriesIn)
}

test('every script of the corpus parses, unless Flink could not parse it either', () => {
  assert(scripts.length > 600, `only ${scripts.length} scripts were found`)
  for (const { path, text, answer } of scripts) {
    const refused = /^# flink [\d.]+, error/.test(answer)
    try {
      parseScript(text, path)
      const reason = answer.split('\n')[1] ?? ''
      assert(!/sql.parser.impl.ParseException/.test(reason), `${path} parses, but Flink says ${reason}`)
    } catch (error) {
      assert(error instanceof RheoError, `${path}: ${String(error)}`)
      assert(refused, `${path}: ${error.message}`)
    }
  }
})

test('the queries of the corpus survive printing', () => {
  let count = 0
  for (const { path, text, answer } of scripts) {
    if (/^# flink [\d.]+, error/.test(answer)) continue
    for (const query of queriesIn(parseScript(text).statements)) {
      count++
      const printed = unparseQuery(query)
      assert.deepEqual(bare(parseQuery(printed)), bare(query), `${path}:\n${printed}`)
    }
  }
  assert(count > 500, `only ${count} queries were found`)
})

const name = fc.constantFrom('a', 'b', 'select', 'Größe', 'x y', 'tick`s')
const quoted = name.map((text) => `\`${text.replaceAll('`', '``')}\``)
const text = fc.constantFrom("'it''s'", "''", "'x'")
const typeText = fc.letrec<{ type: string }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(
      'INT',
      'STRING NOT NULL',
      'DECIMAL(10, 2)',
      'TIMESTAMP(3) WITH LOCAL TIME ZONE',
      'INTERVAL DAY TO SECOND(3)',
      'VARCHAR(3)',
      'VARIANT',
      'BITMAP',
    ),
    tie('type').map((inner) => `ARRAY<${inner}>`),
    tie('type').map((inner) => `${inner} MULTISET NOT NULL`),
    fc.tuple(tie('type'), tie('type')).map(([key, value]) => `MAP<${key}, ${value}>`),
    fc.tuple(quoted, tie('type')).map(([field, inner]) => `ROW<${field} ${inner} COMMENT 'c'>`),
  ),
})).type

const BINARY = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '||',
  '=',
  '<>',
  '<',
  '>=',
  'AND',
  'OR',
  'OVERLAPS',
  'MULTISET UNION ALL',
  'MULTISET INTERSECT',
  'IS DISTINCT FROM',
  'LIKE',
  'NOT SIMILAR TO',
]

/** Text of expressions, each operand in parentheses or not at random, so that precedence decides some trees. */
const expressionText = fc.letrec<{ expression: string; operand: string }>((tie) => {
  const inner = tie('expression')
  const operand = tie('operand')
  return {
    operand: fc.oneof(
      inner,
      inner.map((value) => `(${value})`),
    ),
    expression: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom(
        '1',
        '1.50',
        '2e3',
        'NULL',
        'TRUE',
        'UNKNOWN',
        "DATE '2024-01-01'",
        "INTERVAL -'1' DAY",
        "X'0A'",
        'CURRENT_DATE',
        'COUNT(*)',
      ),
      text,
      quoted,
      fc.tuple(quoted, quoted).map(([table, column]) => `${table}.${column}`),
      fc.tuple(operand, fc.constantFrom(...BINARY), operand).map(([left, operator, right]) => `${left} ${operator} ${right}`),
      operand.map((value) => `NOT ${value}`),
      operand.map((value) => `- ${value}`),
      fc.tuple(operand, fc.constantFrom('NULL', 'NOT TRUE', 'JSON OBJECT')).map(([value, test_]) => `${value} IS ${test_}`),
      fc.tuple(operand, operand, operand).map(([value, low, high]) => `${value} NOT BETWEEN ${low} AND ${high}`),
      fc.tuple(operand, inner, inner).map(([value, first, second]) => `${value} IN (${first}, ${second})`),
      fc.tuple(operand, inner).map(([value, column]) => `${value} > ALL (SELECT ${column} FROM t)`),
      fc.tuple(inner, inner, inner).map(([when, then, other]) => `CASE WHEN ${when} THEN ${then} ELSE ${other} END`),
      fc.tuple(inner, typeText).map(([value, type]) => `TRY_CAST(${value} AS ${type})`),
      fc.tuple(inner, inner).map(([value, from]) => `SUBSTRING(${value} FROM ${from})`),
      inner.map((value) => `TRIM(LEADING FROM ${value})`),
      fc.tuple(operand, inner).map(([wanted, value]) => `POSITION((${wanted}) IN ${value})`),
      inner.map((value) => `FLOOR(${value} TO DAY)`),
      inner.map((value) => `JSON_OBJECT('k' VALUE ${value} ABSENT ON NULL)`),
      fc.tuple(inner, inner).map(([value, index]) => `(${value})[${index}]`),
      inner.map((value) => `(${value}).f`),
      fc.tuple(inner, inner).map(([first, second]) => `ROW(${first}, ${second})`),
      fc.tuple(inner, inner).map(([first, second]) => `MAP[${first}, ${second}]`),
      fc
        .tuple(inner, inner, inner)
        .map(
          ([value, key, order]) =>
            `SUM(DISTINCT ${value}) FILTER (WHERE ${order}) OVER (PARTITION BY ${key} ORDER BY ${order} ROWS 1 PRECEDING)`,
        ),
      fc.tuple(inner, inner).map(([first, second]) => `f(x => ${first}, y => ${second})`),
    ),
  }
}).expression

test('random expressions survive printing', () => {
  let parsed = 0
  fc.assert(
    fc.property(expressionText, (source) => {
      let tree: ReturnType<typeof parseExpression>
      try {
        tree = parseExpression(source)
      } catch (error) {
        // Some operand without parentheses does not fit its place; that is no matter of printing.
        assert(error instanceof RheoError, source)
        return
      }
      parsed++
      assert.deepEqual(bare(parseExpression(unparseExpression(tree))), bare(tree), `${source}\n${unparseExpression(tree)}`)
    }),
    { numRuns: 1500 },
  )
  assert(parsed > 700, `only ${parsed} of 1500 texts were expressions`)
})

test('random types survive printing', () => {
  fc.assert(
    fc.property(typeText, (source) => {
      const tree = parseType(source)
      assert.deepEqual(bare(parseType(unparseType(tree))), bare(tree), source)
    }),
    { numRuns: 300 },
  )
})

test('broken scripts end in a RheoError with a place, quickly', () => {
  const index = fc.nat()
  const edit = fc.record({ kind: fc.constantFrom('delete', 'double', 'swap', 'cut'), at: index })
  fc.assert(
    fc.property(
      fc.constantFrom(
        ...scripts.map((script) => script.text).filter((text) => !['string', 'name', 'comment'].includes(openPartOf(text) ?? '')),
      ),
      fc.array(edit, { minLength: 1, maxLength: 4 }),
      (source, edits) => {
        const parts = lex(source)
          .slice(0, -1)
          .map((token) => source.slice(token.at.offset, token.at.offset + token.at.length))
        for (const { kind, at } of edits) {
          const i = at % Math.max(1, parts.length)
          if (kind === 'delete') parts.splice(i, 1)
          if (kind === 'double') parts.splice(i, 0, parts[i] ?? '')
          if (kind === 'swap' && i > 0) [parts[i - 1], parts[i]] = [parts[i]!, parts[i - 1]!]
          if (kind === 'cut') parts.length = i
        }
        const broken = parts.join(' ')
        const start = performance.now()
        try {
          parseScript(broken)
        } catch (error) {
          assert(error instanceof RheoError, `${String(error)}\n${broken}`)
          const at = error.place?.position
          assert(at !== undefined && at.offset >= 0 && at.offset + at.length <= broken.length, broken)
          assert.match(error.message, /^Cannot [^\n]+[^.]$/)
        }
        assert(performance.now() - start < 1000, `parsing took too long:\n${broken}`)
      },
    ),
    { numRuns: 1500 },
  )
})

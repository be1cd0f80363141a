import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseExpression, parseQuery } from './parser.ts'
import { unparseExpression, unparseQuery } from './unparse.ts'
import { validatedForm, withTableNames } from './validated-form.ts'

test('expressions are printed as the validator leaves them', () => {
  const cases: readonly (readonly [string, string])[] = [
    ["case a when 1 then 'one' end", "CASE WHEN `a` = 1 THEN 'one' ELSE NULL END"],
    ["case a when 1, 2 then 'few' else 'many' end", "CASE WHEN `a` IN (1, 2) THEN 'few' ELSE 'many' END"],
    ['(a, b)', 'ROW(`a`, `b`)'],
    ['12e3 + 1e-3 + 1.50e1 + 007', '1.2E4 + 1E-3 + 1.50E1 + 7'],
    ["json_object('k' value json_array(a))", "JSON_OBJECT(KEY 'k' VALUE JSON_ARRAY(`a` ABSENT ON NULL) NULL ON NULL)"],
    ["json_query(a, '$.b')", "JSON_QUERY(`a`, '$.b' WITHOUT ARRAY WRAPPER NULL ON EMPTY NULL ON ERROR)"],
    ['dayofweek(a)', 'EXTRACT(DOW FROM `a`)'],
    ["greatest(a, 'ß')", "`GREATEST`(`a`, u&'\\00df')"],
  ]
  for (const [text, wanted] of cases) assert.equal(unparseExpression(validatedForm(parseExpression(text))), wanted, text)
})

test('tables without a name are numbered, outer ones first; a named table takes a number too', () => {
  const query = withTableNames(parseQuery('select a from (select b from t, (values (1))), table(tumble(table t, descriptor(b)))'))
  assert.equal(
    unparseQuery(query),
    [
      'SELECT `a`',
      'FROM (SELECT `b`',
      'FROM `t`,',
      '(VALUES ROW(1)) AS `EXPR$2`) AS `EXPR$0`,',
      'TABLE(TUMBLE((SELECT *',
      'FROM `t`), DESCRIPTOR(`b`))) AS `EXPR$3`',
    ].join('\n'),
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Random } from '../src/base/random.ts'
import { Catalogs } from '../src/catalog/catalog.ts'
import { Settings } from '../src/catalog/settings.ts'
import { connectorRegistry } from '../src/connectors/registry.ts'
import { formatValue } from '../src/data/text.ts'
import type { EvaluationContext, ScalarFunction } from '../src/expr/function.ts'
import { internalFunctions } from '../src/expr/functions/internal.ts'
import { interpret } from '../src/expr/interpret.ts'
import { scalarFunctions } from '../src/expr/registry.ts'
import { bindExpression } from '../src/sql/bind-expression.ts'
import { newContext } from '../src/sql/binder.ts'
import { parseExpression } from '../src/sql/parser.ts'
import { emptyScope } from '../src/sql/scope.ts'

// Goal: the examples that docs and completion show are true.
// Method: each goes through parser, binder and interpreter, and its value through CAST AS STRING.

const evaluation: EvaluationContext = {
  clock: { nowMs: () => 0, monotonicMs: () => 0, schedule: () => () => {} },
  random: new Random(1),
  timeZone: 'UTC',
  queryStartMs: undefined,
  currentCatalog: 'default_catalog',
  currentDatabase: 'default_database',
}

const context = newContext({ catalogs: new Catalogs(), connectors: connectorRegistry(), settings: new Settings(new Map()) })

function evaluate(sql: string): string | null {
  const expr = bindExpression(parseExpression(sql), { context, scope: emptyScope, clause: 'SELECT' })
  return formatValue(expr.type, interpret(expr, [], evaluation))
}

/** Two need a watermark, which an expression alone has not; the others come from the planner and have no name that SQL could write. */
const withoutExamples = ['SOURCE_WATERMARK', 'CURRENT_WATERMARK', ...internalFunctions.map(({ name }) => name)]

test('every function has examples, forms and a doc line', () => {
  const incomplete = scalarFunctions().filter(
    ({ examples, forms, doc }) => examples.length === 0 || forms.length === 0 || !/^[^\n]+\.$/.test(doc),
  )
  assert.deepEqual(
    incomplete.map(({ name }) => name).filter((name) => !withoutExamples.includes(name)),
    [],
  )
})

for (const { name, examples } of scalarFunctions() satisfies readonly ScalarFunction[]) {
  if (examples.length === 0) continue
  test(`the examples of ${name} are true`, () => {
    for (const [sql, wanted] of examples) assert.equal(evaluate(sql), wanted, sql)
  })
}

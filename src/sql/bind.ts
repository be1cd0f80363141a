import { type ErrorPlace, type Position, RheoError, userError } from '../base/errors.ts'
import { Catalogs } from '../catalog/catalog.ts'
import type { Schema } from '../catalog/schema.ts'
import { Settings } from '../catalog/settings.ts'
import { formatType } from '../data/types.ts'
import type { Expr } from '../expr/expr.ts'
import { type ExplainDetail, explainPlans } from '../plan/explain.ts'
import type { LogicalNode } from '../plan/logical.ts'
import { bindDefinition, type QueryBinder } from './bind-definition.ts'
import { bindExpression } from './bind-expression.ts'
import { bindCreateTableAs, bindInsert, planCreateTableAs } from './bind-insert.ts'
import { compilePlan, executePlan } from './bind-plan.ts'
import { bindQuery } from './bind-query.ts'
import { type BindContext, Refusals, newContext } from './binder.ts'
import type { BindEnvironment, BoundStatement } from './bound-statement.ts'
import { Expansion } from './expansion.ts'
import { parseExpression, parseQuery } from './parser.ts'
import { textRows } from './show.ts'
import { emptyScope } from './scope.ts'
import type { Query } from './syntax-query.ts'
import type { Explain, ScriptStatement, Statement } from './syntax-statement.ts'
import { unparseQuery } from './unparse.ts'
import { validatedForm, withTableNames } from './validated-form.ts'

/**
 * Turns a parsed statement into what it means: a plan with names resolved and types checked, an answer, or, for DDL and SET, a change of the environment that is made before this
 * returns.
 *
 * @throws {RheoError} `sql/...` for the user's mistakes and what no engine can, `plan/...` for queries that make no sense on streams or tables as they are,
 *   `unsupported/...` for what Flink can and Rheo cannot yet; each with its place.
 */
export function bindStatement({ statement }: Pick<ScriptStatement, 'statement'>, env: BindEnvironment): BoundStatement {
  const context = newContext(env)
  try {
    const bound = bind(statement, context)
    context.refusals.throwFirst()
    return bound
  } catch (error) {
    if (!(error instanceof RheoError) || error.domain !== 'user') throw error
    const place: ErrorPlace = { position: statement.at, ...(env.source === undefined ? {} : { source: env.source }) }
    throw error.at(place)
  }
}

/** An expression without columns, such as a function's example. */
export function bindScalar(text: string, env: BindEnvironment = emptyEnvironment()): Expr {
  const context = newContext(env)
  const expr = bindExpression(parseExpression(text), { context, scope: emptyScope, clause: 'an expression' })
  context.refusals.throwFirst()
  return expr
}

function emptyEnvironment(): BindEnvironment {
  return { catalogs: new Catalogs(), settings: new Settings(), connectors: { get: () => undefined, names: () => [] } }
}

function bind(statement: Statement, context: BindContext): BoundStatement {
  switch (statement.kind) {
    case 'select-statement':
      return { kind: 'query', plan: withUniqueNames(bindQuery(statement.query, context, undefined, 'top')) }
    case 'insert':
      return { kind: 'insert', plans: [bindInsert(statement, context)] }
    case 'statement-set':
      return { kind: 'insert', plans: statement.inserts.map((insert) => bindInsert(insert, context)) }
    case 'create-table':
      return statement.query === undefined
        ? bindDefinition(statement, context, queryBinder)
        : bindCreateTableAs(statement, queryOfTable(statement.query, context), context)
    case 'explain':
      return bindExplain(statement, context)
    case 'update':
    case 'delete':
    case 'truncate':
      throw cannotChangeRows(statement.kind, statement.at)
    case 'begin-statement-set':
    case 'end-statement-set':
      throw userError(
        'sql/statement-set',
        'Cannot run this by itself: BEGIN STATEMENT SET and END stand around the statements of one set',
        statement.at,
      )
    case 'compile-plan': {
      const inserts = statement.statement.kind === 'insert' ? [statement.statement] : statement.statement.inserts
      return compilePlan(statement, context, () => inserts.map((insert) => bindInsert(insert, context)))
    }
    case 'execute-plan':
      return executePlan(statement, context)
    default:
      return bindDefinition(statement, context, queryBinder)
  }
}

function queryOfTable(query: Query, context: BindContext): LogicalNode {
  const plan = bindQuery(query, context, undefined, 'top')
  context.refusals.throwFirst()
  return withUniqueNames(plan)
}

const queryBinder: QueryBinder = {
  viewQuery(query, context) {
    // A view may be made of what cannot run yet: it is refused where it is read.
    const bindAgain = (tree: Query, expansion?: Expansion): Schema =>
      bindQuery(tree, { ...context, refusals: new Refusals(), expansion }, undefined, 'top').schema
    const schema = bindAgain(query)
    const written = unparseQuery(query)
    const shown = attempt(() => {
      const named = withTableNames(parseQuery(written))
      const expansion = new Expansion()
      bindAgain(named, expansion)
      return unparseQuery(validatedForm(expansion.apply(named)))
    })
    if (shown === undefined) return { schema, query: written }
    const meansTheSame = attempt(() => isSameSchema(bindAgain(parseQuery(shown)), schema)) === true
    return meansTheSame ? { schema, query: shown } : { schema, query: written, shownQuery: shown }
  },
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof RheoError) return undefined
    throw error
  }
}

function isSameSchema(a: Schema, b: Schema): boolean {
  const texts = (schema: Schema): readonly string[] =>
    schema.map(({ name, type, timeAttribute }) => `${name}\0${formatType(type)}\0${timeAttribute ?? ''}`)
  return texts(a).join('\n') === texts(b).join('\n')
}

/** The columns of an answer have names apart: of two `id` the second is `id0`. */
function withUniqueNames(plan: LogicalNode): LogicalNode {
  const taken = new Set(plan.schema.map((field) => field.name))
  if (taken.size === plan.schema.length) return plan
  const seen = new Set<string>()
  const schema = plan.schema.map((field) => {
    let { name } = field
    for (let i = 0; seen.has(name) || (name !== field.name && taken.has(name)); i++) name = `${field.name}${i}`
    seen.add(name)
    return { ...field, name }
  })
  return { ...plan, schema }
}

function bindExplain(node: Explain, context: BindContext): BoundStatement {
  const { statement } = node
  const query = statement.kind === 'create-table' ? statement.query : undefined
  const isExplainable = statement.kind === 'select-statement' || statement.kind === 'insert' || statement.kind === 'statement-set'
  if (!isExplainable && query === undefined)
    throw userError('sql/explain', 'Cannot explain this statement: a query, an INSERT or a statement set was wanted', statement.at)
  // Of CREATE TABLE AS the INSERT is explained: nothing is created.
  const bound: BoundStatement =
    query === undefined || statement.kind !== 'create-table'
      ? bind(statement, context)
      : { kind: 'insert', plans: [planCreateTableAs(statement, queryOfTable(query, context), context)] }
  context.refusals.throwFirst()
  const plans = bound.kind === 'query' ? [bound.plan] : bound.kind === 'insert' ? bound.plans : []
  return textRows(['result'], [[explainText(plans, context.env, node.details)]])
}

/** The sections of EXPLAIN: Flink's, then how the session's engine would run the plans. */
export function explainText(plans: readonly LogicalNode[], env: BindEnvironment, details: readonly ExplainDetail[]): string {
  const sections = explainPlans(plans, env, details)
  const executions = plans.flatMap((plan) => env.describeExecution?.(plan) ?? [])
  const [first] = executions
  return first === undefined ? sections : `${sections}\n== ${first.title} ==\n${executions.map(({ text }) => text).join('\n\n')}\n`
}

function cannotChangeRows(kind: 'update' | 'delete' | 'truncate', at: Position): RheoError {
  const name = kind.toUpperCase()
  return userError(
    'plan/rows-not-changeable',
    `Cannot run ${name}: no connector changes rows where they lie; write the new rows into another table`,
    at,
  )
}

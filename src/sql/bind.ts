import { RheoError, userError } from '../base/errors.ts'
import type { Schema } from '../catalog/schema.ts'
import type { CatalogObject, ObjectPath, View } from '../catalog/table.ts'
import { bindDefinition, type QueryBinder } from './bind-definition.ts'
import { bindObject } from './bind-from.ts'
import { bindQuery } from './bind-query.ts'
import { type BindContext, newContext } from './binder.ts'
import type { BindEnvironment, BoundStatement } from './bound-statement.ts'
import type { ScriptStatement, Statement } from './syntax-statement.ts'

/**
 * Resolves the names and types of one statement. DDL and SET have worked when it returns.
 *
 * @throws {RheoError} codes `sql/...`, `plan/...`, `unsupported/...`, at the place in the script.
 */
export function bindStatement({ statement }: ScriptStatement, env: BindEnvironment): BoundStatement {
  const context = newContext(env)
  try {
    const bound = bind(statement, context)
    context.refusals.throwFirst()
    return bound
  } catch (error) {
    throw error instanceof RheoError && error.place?.position !== undefined ? error.at({ source: env.source }) : error
  }
}

function bind(statement: Statement, context: BindContext): BoundStatement {
  switch (statement.kind) {
    case 'select-statement':
      return { kind: 'query', plan: bindQuery(statement.query, context, undefined, 'top') }
    case 'insert':
    case 'update':
    case 'delete':
    case 'truncate':
    case 'statement-set':
    case 'begin-statement-set':
    case 'end-statement-set':
    case 'explain':
    case 'compile-plan':
    case 'execute-plan':
      throw userError(`unsupported/${statement.kind}`, `Cannot run this statement yet: ${statement.kind}`, statement.at)
    default:
      return bindDefinition(statement, context, queryBinder(context))
  }
}

function queryBinder(context: BindContext): QueryBinder {
  return {
    querySchema: (query, where) => bindQuery(query, where).schema,
    schemaOf(path: ObjectPath, object: CatalogObject): Schema {
      const at = object.place?.position ?? { offset: 0, length: 0, line: 1, column: 1 }
      const name = { at, parts: [path.catalog, path.database, path.name].map((part) => ({ name: part, at })) }
      return bindObject(path, { hints: [], at, name }, context, bindQuery).schema
    },
    expandedQuery: (view: View) => view.query,
  }
}

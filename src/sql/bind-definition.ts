import { userError } from '../base/errors.ts'
import type { Schema } from '../catalog/schema.ts'
import type { View } from '../catalog/table.ts'
import { types } from '../data/types.ts'
import { alterCatalog, alterDatabase, alterTable, alterView } from './bind-alter.ts'
import { createCatalog, createDatabase, createTable, createView, databasePath } from './bind-create.ts'
import { dropObject } from './bind-drop.ts'
import { alterFunction, createFunction } from './bind-function.ts'
import { type BindContext, nameText } from './binder.ts'
import type { BoundStatement } from './bound-statement.ts'
import { describe, type SchemaOf, show, showCreate, showCurrent, showPartitions } from './show.ts'
import type { Query } from './syntax-query.ts'
import type { Statement, StatementOf } from './syntax-statement.ts'

/** What definitions need of the binder of queries. */
export interface QueryBinder {
  /** The columns of a query, with every mistake in it told. */
  readonly querySchema: (query: Query, context: BindContext) => Schema
  readonly schemaOf: SchemaOf
  /** A view's query with every name written out. */
  readonly expandedQuery: (view: View, context: BindContext) => string
}

/** Statements that define, show or set something: everything but queries, changes of rows, plans and CREATE TABLE AS. */
export type Definition = Exclude<
  Statement,
  StatementOf<
    | 'select-statement'
    | 'insert'
    | 'update'
    | 'delete'
    | 'truncate'
    | 'statement-set'
    | 'begin-statement-set'
    | 'end-statement-set'
    | 'explain'
    | 'compile-plan'
    | 'execute-plan'
  >
>

const done: BoundStatement = { kind: 'done' }

/** Applies a definition to the session's catalogs and settings, or gives the rows of SHOW and DESCRIBE. */
export function bindDefinition(statement: Definition, context: BindContext, queries: QueryBinder): BoundStatement {
  const { settings } = context.env
  switch (statement.kind) {
    case 'create-table':
      createTable(statement, context)
      return done
    case 'create-view':
      createView(statement, queries.querySchema(statement.query, context), context)
      return done
    case 'create-catalog':
      createCatalog(statement, context)
      return done
    case 'create-database':
      createDatabase(statement, context)
      return done
    case 'drop':
      dropObject(statement, context)
      return done
    case 'alter-table':
      alterTable(statement, context)
      return done
    case 'alter-view': {
      const { action } = statement
      alterView(statement, context, () => (action.kind === 'as-query' ? queries.querySchema(action.query, context) : []))
      return done
    }
    case 'alter-database':
      alterDatabase(statement, context)
      return done
    case 'alter-catalog':
      alterCatalog(statement, context)
      return done
    case 'use':
      use(statement, context)
      return done
    case 'set':
      if (statement.key === undefined) return listSettings(context)
      settings.set(statement.key.value, statement.value?.value ?? '', statement.key.at)
      return done
    case 'reset':
      if (statement.key === undefined) settings.resetAll()
      else settings.reset(statement.key.value, statement.key.at)
      return done
    case 'show':
      return show(statement, context, queries.schemaOf)
    case 'describe':
      return describe(statement, context, queries.schemaOf)
    case 'show-current':
      return showCurrent(statement, context)
    case 'show-create':
      return showCreate(statement, context, queries.expandedQuery)
    case 'show-partitions':
      return showPartitions(statement, context)
    case 'load-module':
    case 'unload-module':
    case 'use-modules':
      return modules(statement)
    case 'create-function':
      createFunction(statement, context)
      return done
    case 'alter-function':
      alterFunction(statement, context)
      return done
    case 'create-materialized-table':
    case 'alter-materialized-table':
      throw userError(
        'unsupported/materialized-table',
        'Cannot keep a materialized table yet: use CREATE TABLE and INSERT INTO',
        statement.at,
      )
    case 'create-model':
    case 'alter-model':
      throw userError('unsupported/model', 'Cannot use models yet', statement.at)
    case 'create-connection':
    case 'alter-connection':
      throw userError('unsupported/connection', 'Cannot use connections yet', statement.at)
    case 'jar':
      throw userError('unsupported/jar', 'Cannot load a jar: classes of Java do not run here', statement.at)
    case 'stop-job':
      throw userError('unsupported/stop-job', 'Cannot stop a job by its id yet: a job ends with Ctrl-C', statement.at)
    case 'call-procedure':
      throw userError(
        'sql/unknown-procedure',
        `Cannot call procedure "${nameText(statement.name)}": there is none of that name`,
        statement.name.at,
      )
    case 'analyze-table':
      throw userError('unsupported/analyze-table', 'Cannot gather statistics yet: no plan depends on them', statement.at)
    case 'shell-command':
      throw userError('sql/shell-command', `Cannot run ${statement.command} here: it is a command of a shell`, statement.at)
  }
}

function use(statement: StatementOf<'use'>, { env }: BindContext): void {
  const { catalogs } = env
  const { name } = statement
  if (statement.object === 'CATALOG') {
    catalogs.useCatalog(nameText(name), name.at)
    return
  }
  const path = databasePath(
    name.parts.map((part) => part.name),
    catalogs.currentCatalog,
  )
  catalogs.useDatabase(path.catalog, path.name, name.at)
}

function listSettings({ env }: BindContext): BoundStatement {
  const schema = ['key', 'value'].map((name) => ({ name, type: types.string() }))
  return { kind: 'rows', schema, rows: env.settings.entries() }
}

function modules(statement: StatementOf<'load-module' | 'unload-module' | 'use-modules'>): BoundStatement {
  const names = statement.kind === 'use-modules' ? statement.names : [statement.name]
  const other = names.find(({ name }) => name !== 'core')
  if (statement.kind === 'use-modules' && other === undefined) return done
  const name = other ?? names[0]
  if (statement.kind === 'load-module' && name?.name === 'core')
    throw userError('sql/duplicate-module', 'Cannot load module "core": it is loaded', name.at)
  if (statement.kind === 'unload-module' && name?.name === 'core')
    throw userError('unsupported/module', 'Cannot unload module "core" yet', name.at)
  throw userError('sql/unknown-module', `Cannot find module "${name?.name ?? ''}": there is "core"`, name?.at)
}

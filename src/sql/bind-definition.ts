import { userError } from '../base/errors.ts'
import { types } from '../data/types.ts'
import { alterTable } from './bind-alter.ts'
import { analyzeTable } from './bind-analyze.ts'
import { alterCatalog, alterDatabase, createCatalog, createDatabase, databasePath } from './bind-catalog.ts'
import { createTable, newTable } from './bind-create.ts'
import { dropObject } from './bind-drop.ts'
import { alterFunction, createFunction } from './bind-function.ts'
import { alterView, type BindViewQuery, createView } from './bind-view.ts'
import { type BindContext, nameText } from './binder.ts'
import type { BoundStatement } from './bound-statement.ts'
import { describe, show, showCreate, showCurrent, showPartitions } from './show.ts'
import type { Statement, StatementOf } from './syntax-statement.ts'

/** What definitions need of the binder of queries. */
export interface QueryBinder {
  readonly viewQuery: BindViewQuery
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
  const { settings, catalogs } = context.env
  switch (statement.kind) {
    case 'create-table':
      createTable(statement, context, newTable(statement, context).table)
      return done
    case 'create-view':
      createView(statement, context, queries.viewQuery)
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
    case 'alter-view':
      alterView(statement, context, queries.viewQuery)
      return done
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
      return show(statement, context)
    case 'describe':
      return describe(statement, context)
    case 'show-current':
      return showCurrent(statement, context)
    case 'show-create':
      return showCreate(statement, context)
    case 'show-partitions':
      return showPartitions(statement, context)
    case 'load-module':
      refuseOptions(statement)
      catalogs.modules.load(statement.name.name, statement.name.at)
      return done
    case 'unload-module':
      catalogs.modules.unload(statement.name.name, statement.name.at)
      return done
    case 'use-modules':
      catalogs.modules.use(statement.names)
      return done
    case 'create-function':
      createFunction(statement, context)
      return done
    case 'alter-function':
      alterFunction(statement, context)
      return done
    case 'alter-materialized-table':
      throw userError(
        'sql/unknown-materialized-table',
        `Cannot alter materialized table "${nameText(statement.name)}": there is none of that name`,
        statement.name.at,
      )
    case 'alter-model':
      throw userError(
        'sql/unknown-model',
        `Cannot alter model "${nameText(statement.name)}": there is none of that name`,
        statement.name.at,
      )
    case 'alter-connection':
      throw userError(
        'sql/unknown-connection',
        `Cannot alter connection "${nameText(statement.name)}": there is none of that name`,
        statement.name.at,
      )
    case 'create-materialized-table':
      throw userError(
        'unsupported/materialized-table',
        'Cannot keep a materialized table yet: use CREATE TABLE and INSERT INTO',
        statement.at,
      )
    case 'create-model':
      throw userError('unsupported/model', 'Cannot use models yet', statement.at)
    case 'create-connection':
      throw userError('unsupported/connection', 'Cannot use connections yet', statement.at)
    case 'jar':
      throw userError(
        'sql/java-jar',
        `Cannot ${statement.action === 'ADD' ? 'load' : 'remove'} the jar "${statement.path.value}": classes of Java do not run here; write functions in TypeScript, CREATE FUNCTION f AS 'module.ts#f' LANGUAGE TYPESCRIPT`,
        statement.path.at,
      )
    case 'stop-job':
      throw userError(
        'sql/unknown-job',
        `Cannot stop job "${statement.job.value}": this session runs none of that id; a job that runs here ends with Ctrl-C`,
        statement.job.at,
      )
    case 'call-procedure':
      throw userError(
        'sql/unknown-procedure',
        `Cannot call procedure "${nameText(statement.name)}": there is none of that name`,
        statement.name.at,
      )
    case 'analyze-table':
      analyzeTable(statement, context)
      return done
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

function refuseOptions({ name, options }: StatementOf<'load-module'>): void {
  const [first] = options
  if (name.name === 'core' && first !== undefined)
    throw userError('sql/unknown-option', `Cannot set option "${first.key.value}": the module "core" has none`, first.at)
}

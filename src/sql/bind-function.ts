import { type Position, type RheoError, userError } from '../base/errors.ts'
import { suggestion } from '../base/nearest.ts'
import type { CatalogFunction } from '../catalog/catalog-function.ts'
import type { FunctionScope } from '../catalog/functions.ts'
import { DEFAULT_CATALOG } from '../catalog/catalog.ts'
import type { ObjectPath } from '../catalog/table.ts'
import { type SqlType, formatType } from '../data/types.ts'
import { type ModuleFunction, scalarOf } from '../expr/module-function.ts'
import { registerFunction } from '../expr/registry.ts'
import { typeFromSyntax } from './bind-type.ts'
import { type BindContext, nameText, pathOf } from './binder.ts'
import { parseType } from './parser.ts'
import type { AlterFunction, CreateFunction } from './syntax-definition.ts'
import type { Drop } from './syntax-statement.ts'
import type { QualifiedName } from './syntax-type.ts'

/**
 * CREATE FUNCTION. `AS 'path/to/module.ts#export' LANGUAGE TYPESCRIPT` loads the module at once, so that mistakes of it are told here. A function in another language is only
 * noted, as in Flink, which looks for its class when it is called; nothing here can call it.
 */
export function createFunction(statement: CreateFunction, context: BindContext): void {
  const { functions } = context.env.catalogs
  const scope = scopeOf(statement)
  const path = pathOfFunction(statement.name, scope, context)
  const entry = entryOf(statement)
  if (statement.ifNotExists && functions.has(scope, path)) return
  if (entry.language === 'TYPESCRIPT') moduleFunction(entry, statement.className.at, context)
  else if (scope !== 'permanent') throw javaFunction(path.name, statement.className.at)
  functions.create(scope, path, entry, { ifExists: statement.ifNotExists ? 'keep' : 'fail', at: statement.name.at })
}

export function alterFunction(statement: AlterFunction, context: BindContext): void {
  const { functions } = context.env.catalogs
  const scope = scopeOf(statement)
  const path = pathOfFunction(statement.name, scope, context)
  if (!functions.has(scope, path)) {
    if (statement.ifExists) return
    throw userError('sql/unknown-function', `Cannot change function "${path.name}": there is none of that name`, statement.name.at)
  }
  const entry = entryOf(statement)
  if (entry.language === 'TYPESCRIPT') moduleFunction(entry, statement.className.at, context)
  functions.create(scope, path, entry, { ifExists: 'replace', at: statement.name.at })
}

export function dropFunction(statement: Drop, context: BindContext): void {
  const scope = scopeOf(statement)
  const path = pathOfFunction(statement.name, scope, context)
  context.env.catalogs.functions.drop(scope, path, { ifExists: statement.ifExists, at: statement.name.at })
}

/** What DESCRIBE FUNCTION says of a function of the session; undefined when there is none of that name. */
export function describeFunction(name: QualifiedName, context: BindContext): readonly (readonly [string, string])[] | undefined {
  const found = lookup(name, context, 'any')
  if (found === undefined) return undefined
  const info: (readonly [string, string])[] = [
    ['is system function', String(found.scope === 'temporary-system')],
    ['is temporary', String(found.scope !== 'permanent')],
  ]
  const definition = definitionOf(found.entry, name, context)
  const args = definition.argTypes.map((type) => formatType(type)).join(', ')
  return [
    ...info,
    ['kind', definition.kind.toUpperCase()],
    ['signature', `${found.path}(${args}) => ${formatType(definition.returns)}`],
    ['is deterministic', String(definition.isDeterministic)],
  ]
}

/** The function of a name that the session defined. `system`: only one that takes the place of a built-in function; `any`: that or one of the catalogs. */
export function userFunction(name: QualifiedName, context: BindContext, which: 'system' | 'any'): ModuleFunction | undefined {
  const found = lookup(name, context, which)
  return found === undefined ? undefined : definitionOf(found.entry, name, context)
}

interface FoundFunction {
  readonly entry: CatalogFunction
  readonly scope: FunctionScope
  readonly path: string
}

function lookup(name: QualifiedName, context: BindContext, which: 'system' | 'any'): FoundFunction | undefined {
  const { functions } = context.env.catalogs
  const [first, ...rest] = name.parts
  const system = rest.length === 0 ? functions.system(first!.name) : undefined
  if (system !== undefined) return { entry: system, scope: 'temporary-system', path: first!.name.toLowerCase() }
  if (which === 'system' || name.parts.length > 3) return undefined
  const path = pathOf(name, context)
  const found = functions.find(path)
  return found === undefined ? undefined : { ...found, path: path.name.toLowerCase() }
}

function definitionOf(entry: CatalogFunction, name: QualifiedName, context: BindContext): ModuleFunction {
  if (entry.language === 'OTHER') throw javaFunction(nameText(name), name.at)
  return moduleFunction(entry, name.at, context)
}

function scopeOf({ temporary, system }: { readonly temporary: boolean; readonly system?: boolean }): FunctionScope {
  return system === true ? 'temporary-system' : temporary ? 'temporary' : 'permanent'
}

function pathOfFunction(name: QualifiedName, scope: FunctionScope, context: BindContext): ObjectPath {
  if (scope === 'temporary-system') {
    if (name.parts.length > 1)
      throw userError('sql/unknown-function', `Cannot use "${nameText(name)}": a system function has a plain name`, name.at)
    return { catalog: DEFAULT_CATALOG, database: '', name: name.parts[0]!.name }
  }
  const path = pathOf(name, context)
  if (scope === 'permanent') context.env.catalogs.database(path.catalog, path.database, name.at)
  return path
}

function entryOf({ className, language }: CreateFunction | AlterFunction): CatalogFunction {
  if (language === 'TYPESCRIPT' || language === 'JAVASCRIPT') return { language: 'TYPESCRIPT', source: className.value }
  if (/\.[cm]?[jt]s(#|$)/.test(className.value))
    throw userError(
      'sql/function-language',
      `Cannot define a function by "${className.value}": without a language that is a class of Java; add LANGUAGE TYPESCRIPT`,
      className.at,
    )
  return { language: 'OTHER', source: className.value }
}

function javaFunction(name: string, at: Position): RheoError {
  return userError(
    'sql/java-function',
    `Cannot use function "${name}": classes of Java and functions in Python do not run here; write it in TypeScript, AS 'module.ts#export' LANGUAGE TYPESCRIPT`,
    at,
  )
}

// --- what a module declares ---

/** The function that a module has under a name; plans of this session may call it from now on. */
export function loadModuleFunction(path: string, exportName: string, at: Position, context: BindContext): ModuleFunction {
  return moduleFunction({ language: 'TYPESCRIPT', source: `${path}#${exportName}` }, at, context)
}

/** Loads the module and takes the export as a function; adds it to those that plans may name. */
function moduleFunction({ source }: CatalogFunction, at: Position, { env }: BindContext): ModuleFunction {
  const [path, exportName = 'default'] = source.split('#')
  if (env.modules === undefined || path === undefined)
    throw userError('sql/function-definition', `Cannot load "${source}": this session has no modules`, at)
  const loaded = env.modules.load(path)
  const declared = loaded.exports[exportName]
  if (declared === undefined) {
    const names = Object.keys(loaded.exports)
    throw userError(
      'sql/function-definition',
      `Cannot find the export "${exportName}" in "${path}"${suggestion(exportName, names) || `: it has ${names.join(', ') || 'none'}`}`,
      at,
    )
  }
  const definition = readDeclaration(declared, `${loaded.path}#${exportName}@${loaded.hash}`, exportName, at)
  registerFunction(scalarOf(definition))
  return definition
}

/** `{ args: ['INT'], returns: 'STRING', call(x) { .. } }`; `kind: 'table'` for one that gives rows. */
function readDeclaration(declared: unknown, name: string, exportName: string, at: Position): ModuleFunction {
  const refuse = (why: string): RheoError =>
    userError(
      'sql/function-definition',
      `Cannot take "${exportName}" as a function: ${why}; wanted is { args: ['INT'], returns: 'STRING', call: (x) => .. }`,
      at,
    )
  if (typeof declared !== 'object' || declared === null) throw refuse(`found ${declared === null ? 'null' : `a ${typeof declared}`}`)
  const { kind = 'scalar', args, returns, nulls = 'called', deterministic = true, call } = declared as Readonly<Record<string, unknown>>
  if (kind !== 'scalar' && kind !== 'table') throw refuse(`its "kind" is ${JSON.stringify(kind)}, neither "scalar" nor "table"`)
  if (!Array.isArray(args) || !args.every((arg) => typeof arg === 'string')) throw refuse('its "args" are no array of SQL types')
  if (typeof returns !== 'string') throw refuse('its "returns" is no SQL type')
  if (nulls !== 'called' && nulls !== 'strict') throw refuse(`its "nulls" is ${JSON.stringify(nulls)}, neither "called" nor "strict"`)
  if (typeof call !== 'function') throw refuse('it has no function "call"')
  return {
    kind,
    name,
    exportName,
    argTypes: args.map((arg) => declaredType(arg, exportName, at)),
    returns: declaredType(returns, exportName, at),
    nulls,
    isDeterministic: deterministic !== false,
    call: (...values) => (call as (...values: readonly unknown[]) => unknown).call(declared, ...values),
  }
}

function declaredType(text: string, exportName: string, at: Position): SqlType {
  try {
    return typeFromSyntax(parseType(text))
  } catch (cause) {
    const reason = cause instanceof Error ? ` (${cause.message})` : ''
    throw userError(
      'sql/function-definition',
      `Cannot take "${exportName}" as a function: it declares "${text}", a SQL type was wanted${reason}`,
      at,
      cause,
    )
  }
}

import { assert } from '../base/assert.ts'
import { type Position, type RheoError, userError } from '../base/errors.ts'
import { nearest } from '../base/nearest.ts'
import type { Field, Schema } from '../catalog/schema.ts'
import { lookupAggregate } from '../expr/aggregates.ts'
import type { Expr } from '../expr/expr.ts'
import { lookupFunction } from '../expr/registry.ts'
import type { SqlType } from '../data/types.ts'
import { expressionKey } from '../plan/expression-properties.ts'
import { foreignColumns } from './foreign-words.ts'
import type { Identifier } from './syntax-type.ts'

/** One table of a FROM clause: its columns stand from `offset` on in the row that expressions read. */
export interface Relation {
  /** The alias, or the table's own name; undefined for a subquery without one. */
  readonly alias: string | undefined
  /** `catalog.database.name` of a table without an alias, by which columns may be named too. */
  readonly path: readonly string[]
  readonly fields: Schema
  readonly offset: number
  /** Columns that only a name with its table in front, or `t.*`, means: those that USING shows once for both sides. */
  readonly hidden?: ReadonlySet<number>
}

/** The names that an expression may use. */
export interface Scope {
  readonly relations: readonly Relation[]
  /** Columns that `*` shows before all others: those of USING. */
  readonly first?: readonly number[] | undefined
  /** Of the query around a subquery. */
  readonly outer?: Scope | undefined
  /** Of a scope that is an outer one: what the query inside reads of it. Without them its columns are those of the row at hand. */
  readonly parameters?: Parameters | undefined
}

/** The values that a query inside of another reads of the row around it, each once. */
export class Parameters {
  readonly #values: Expr[] = []

  get values(): readonly Expr[] {
    return this.#values
  }

  /** What stands for a value in the query inside. */
  add(value: Expr): Expr {
    const key = expressionKey(value)
    const found = this.#values.findIndex((other) => expressionKey(other) === key)
    const index = found >= 0 ? found : this.#values.push(value) - 1
    return { kind: 'outer', index, type: value.type, ...(value.at === undefined ? {} : { at: value.at }) }
  }
}

export const emptyScope: Scope = { relations: [] }

/** A scope of one table. */
export function scopeOf(fields: Schema, alias?: string, path: readonly string[] = []): Scope {
  return { relations: [{ alias, path, fields, offset: 0 }] }
}

/** The scope of two sides of a join. */
export function joinedScope(left: Scope, right: Scope, leftWidth: number): Scope {
  return {
    relations: [...left.relations, ...right.relations.map((relation) => ({ ...relation, offset: relation.offset + leftWidth }))],
    outer: left.outer,
  }
}

/** The fields that all relations of a scope show, in order. */
export function fieldsOfScope(scope: Scope): Schema {
  return scope.relations.flatMap((relation) => relation.fields)
}

interface FoundColumn {
  readonly index: number
  readonly field: Field
}

/** What a name of several parts stands for, and the same name with its table in front, as an expanded view shows it. */
export interface ResolvedName {
  readonly expr: Expr
  readonly qualified: readonly string[]
}

/**
 * The column, or field of a ROW column, that a name stands for. `t.a` is column `a` of table `t` if there is a table `t`, else field `a` of column `t`.
 *
 * @throws {RheoError} `sql/unknown-column` with the nearest name, `sql/ambiguous-column`, `sql/unknown-table`.
 */
export function resolveName(parts: readonly Identifier[], scope: Scope, at: Position): ResolvedName {
  const found = findOutwards(parts, scope, at)
  if (found === undefined) throw unknownName(parts, scope, at)
  return found
}

function findOutwards(parts: readonly Identifier[], scope: Scope, at: Position): ResolvedName | undefined {
  const found = findInScope(parts, scope, at)
  if (found !== undefined || scope.outer === undefined) return found
  const outer = findOutwards(parts, scope.outer, at)
  const { parameters } = scope.outer
  return outer === undefined || parameters === undefined ? outer : { ...outer, expr: parameters.add(outer.expr) }
}

function findInScope(parts: readonly Identifier[], scope: Scope, at: Position): ResolvedName | undefined {
  for (let length = Math.min(parts.length - 1, 3); length >= 1; length--) {
    const relation = findRelation(parts.slice(0, length), scope, at)
    if (relation === undefined) continue
    const name = parts[length]!
    const found = findInRelation(name, relation, 'qualified')
    if (found !== undefined) return resolved(found, relation, parts.slice(length + 1), at)
    // A column of the same name as the table may hold a ROW.
    if (!scope.relations.some((other) => hasColumn(other, parts[0]!.name))) throw unknownColumnOf(name, relation, parts)
  }
  const first = parts[0]!
  const candidates = scope.relations.flatMap((relation) => {
    const found = findInRelation(first, relation, 'bare')
    return found === undefined ? [] : [{ found, relation }]
  })
  if (candidates.length > 1)
    throw ambiguous(
      first.name,
      candidates.map(({ relation }) => relation),
      at,
    )
  const [candidate] = candidates
  return candidate === undefined ? undefined : resolved(candidate.found, candidate.relation, parts.slice(1), at)
}

function resolved(found: FoundColumn, relation: Relation, rest: readonly Identifier[], at: Position): ResolvedName {
  const name = [found.field.name, ...rest.map((part) => part.name)]
  return { expr: accessFields(columnExpr(found, at), rest, at), qualified: relation.alias === undefined ? name : [relation.alias, ...name] }
}

/** The table that `t` or `database.t` names. */
export function findRelation(parts: readonly Identifier[], scope: Scope, at: Position): Relation | undefined {
  const names = parts.map((part) => part.name)
  const matches = scope.relations.filter((relation) => matchesRelation(relation, names))
  if (matches.length > 1)
    throw userError(
      'sql/ambiguous-table',
      `Cannot tell which table "${names.join('.')}" is: ${matches.length} tables of FROM have that name; give them aliases`,
      at,
    )
  return matches[0]
}

function matchesRelation(relation: Relation, names: readonly string[]): boolean {
  if (names.length === 1) return relation.alias === names[0]
  const path = relation.path.slice(-names.length)
  return path.length === names.length && path.every((part, i) => part === names[i])
}

function findInRelation({ name, at }: Identifier, relation: Relation, form: 'bare' | 'qualified'): FoundColumn | undefined {
  const isMeant = (field: Field, i: number): boolean => field.name === name && (form === 'qualified' || relation.hidden?.has(i) !== true)
  const index = relation.fields.findIndex(isMeant)
  if (index < 0) return undefined
  const isDouble = relation.fields.some((field, i) => i > index && isMeant(field, i))
  if (isDouble) throw ambiguous(name, [relation], at)
  return { index: relation.offset + index, field: relation.fields[index]! }
}

function hasColumn(relation: Relation, name: string): boolean {
  return relation.fields.some((field) => field.name === name)
}

function columnExpr({ index, field }: FoundColumn, at: Position): Expr {
  return { kind: 'column', index, type: field.type, at }
}

/** `.a.b` on a ROW. */
export function accessFields(base: Expr, fields: readonly Identifier[], at: Position): Expr {
  return fields.reduce((expr, field) => accessField(expr, field, at), base)
}

export function accessField(base: Expr, field: Identifier, at: Position): Expr {
  const { type } = base
  if (type.kind !== 'ROW') {
    throw userError(
      'sql/not-a-row',
      `Cannot read field "${field.name}": it is asked of a value of type ${type.kind}, which has no fields`,
      field.at,
    )
  }
  const index = type.fields.findIndex(({ name }) => name === field.name)
  if (index < 0)
    throw unknownField(
      field,
      type.fields.map(({ name }) => name),
    )
  const fieldType = type.fields[index]!.type
  const nullable = fieldType.nullable || type.nullable
  const shown: SqlType = fieldType.nullable === nullable ? fieldType : { ...fieldType, nullable }
  return { kind: 'field', base, index, type: shown, at }
}

function unknownField(field: Identifier, names: readonly string[]): RheoError {
  return userError(
    'sql/unknown-field',
    `Cannot find field "${field.name}": the ROW has ${list(names)}${didYouMean(field.name, names)}`,
    field.at,
  )
}

function ambiguous(name: string, relations: readonly Relation[], at: Position): RheoError {
  const places = relations.map((relation) => relation.alias).filter((alias) => alias !== undefined)
  const hint =
    new Set(places).size > 1
      ? `it is in ${list(places)}; write ${places.map((place) => `"${place}.${name}"`).join(' or ')}`
      : 'several columns have that name; give them aliases'
  return userError('sql/ambiguous-column', `Cannot tell which column "${name}" is: ${hint}`, at)
}

function unknownColumnOf(name: Identifier, relation: Relation, parts: readonly Identifier[]): RheoError {
  const names = relation.fields.map((field) => field.name)
  const table = relation.path.at(-1)
  const shown =
    table === undefined || table === relation.alias ? `"${relation.alias ?? parts[0]!.name}"` : `"${relation.alias}" (table ${table})`
  return userError(
    'sql/unknown-column',
    `Cannot find column "${name.name}": ${shown} has ${list(names)}${didYouMean(name.name, names)}`,
    name.at,
  )
}

function unknownName(parts: readonly Identifier[], scope: Scope, at: Position): RheoError {
  const first = parts[0]
  assert(first !== undefined, 'a name has a part')
  const aliases = scope.relations.flatMap((relation) => relation.alias ?? [])
  if (parts.length > 1) {
    const near = nearest(first.name, aliases)
    const renamed = scope.relations.find((relation) => relation.path.at(-1) === first.name)?.alias
    const others = aliases.length === 0 || aliases.length > 8 ? '' : `; it has ${list(aliases)}`
    const hint =
      renamed !== undefined ? `; "${first.name}" is called "${renamed}" here` : near === undefined ? others : `; did you mean "${near}"?`
    return userError(
      'sql/unknown-column',
      `Cannot find "${parts.map((part) => part.name).join('.')}": FROM has no table or column "${first.name}"${hint}`,
      at,
    )
  }
  const names = [...new Set(fieldsOfScope(scope).map((field) => field.name))]
  if (names.length === 0)
    return userError(
      'sql/unknown-column',
      `Cannot find column "${first.name}": no table is read here; FROM names one, and a text is written '${first.name}'`,
      at,
    )
  const foreign = foreignColumns.get(first.name.toUpperCase())
  if (foreign !== undefined)
    return userError('sql/unknown-column', `Cannot find column "${first.name}": Flink SQL has none; ${foreign}`, at)
  if (nearest(first.name, names) === undefined && (lookupFunction(first.name) ?? lookupAggregate(first.name)) !== undefined)
    return userError(
      'sql/unknown-column',
      `Cannot find column "${first.name}": it is the name of a function; write ${first.name.toUpperCase()}(...) to call it`,
      at,
    )
  const where = scope.relations.length === 1 && aliases.length === 1 ? `"${aliases[0]!}" has` : 'there are'
  return userError('sql/unknown-column', `Cannot find column "${first.name}": ${where} ${list(names)}${didYouMean(first.name, names)}`, at)
}

function didYouMean(name: string, names: readonly string[]): string {
  const near = names.find((candidate) => candidate.toLowerCase() === name.toLowerCase()) ?? nearest(name, names)
  return near === undefined ? '' : `; did you mean "${near}"?`
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => `"${name}"`)
  return names.length > 12 ? `${shown.join(', ')} and ${names.length - 12} more` : shown.join(', ')
}

import { types, type SqlType } from '../data/types.ts'
import type { Expr } from './expr.ts'
import type { Parameter } from './signature.ts'

/*
 * How the clauses of the JSON functions travel as arguments: as literal texts behind the values, always all of them.
 *
 * | function | arguments |
 * | --- | --- |
 * | IS JSON VALUE, IS JSON OBJECT, IS JSON ARRAY, IS JSON SCALAR | text |
 * | JSON_EXISTS | text, path, on error |
 * | JSON_VALUE | text, path, returning, on empty, default on empty, on error, default on error |
 * | JSON_QUERY | text, path, returning, wrapper, on empty, on error |
 * | JSON_OBJECT | on null, forms, key, value, key, value, ... |
 * | JSON_ARRAY | on null, forms, value, value, ... |
 *
 * `forms` has a letter for each value: `j` when the value is JSON already (another JSON constructor, or JSON(text)) and goes in as it is, `v` otherwise.
 */

export type JsonExistsOnError = 'TRUE' | 'FALSE' | 'UNKNOWN' | 'ERROR'
export type JsonValueBehavior = 'NULL' | 'ERROR' | 'DEFAULT'
export type JsonQueryBehavior = 'NULL' | 'ERROR' | 'EMPTY ARRAY' | 'EMPTY OBJECT'
export type JsonWrapper = 'WITHOUT' | 'CONDITIONAL' | 'UNCONDITIONAL'
export type JsonOnNull = 'NULL ON NULL' | 'ABSENT ON NULL'

const textLiteral = (value: string): Expr => ({ kind: 'literal', type: types.varchar(Math.max(1, value.length), false), value })
const nullLiteral: Expr = { kind: 'literal', type: types.null(), value: null }

/** Arguments of JSON_EXISTS; FALSE ON ERROR unless told otherwise. */
export function jsonExistsArgs(input: Expr, path: Expr, onError: JsonExistsOnError = 'FALSE'): readonly Expr[] {
  return [input, path, textLiteral(onError)]
}

export interface JsonValueClauses {
  readonly returning?: SqlType | undefined
  readonly onEmpty?: JsonValueBehavior | undefined
  readonly defaultOnEmpty?: Expr | undefined
  readonly onError?: JsonValueBehavior | undefined
  readonly defaultOnError?: Expr | undefined
}

/** Arguments of JSON_VALUE; STRING, NULL ON EMPTY and NULL ON ERROR unless told otherwise. */
export function jsonValueArgs(input: Expr, path: Expr, clauses: JsonValueClauses = {}): readonly Expr[] {
  return [
    input,
    path,
    textLiteral(returningText(clauses.returning)),
    textLiteral(clauses.onEmpty ?? 'NULL'),
    clauses.defaultOnEmpty ?? nullLiteral,
    textLiteral(clauses.onError ?? 'NULL'),
    clauses.defaultOnError ?? nullLiteral,
  ]
}

export interface JsonQueryClauses {
  readonly returning?: SqlType | undefined
  readonly wrapper?: JsonWrapper | undefined
  readonly onEmpty?: JsonQueryBehavior | undefined
  readonly onError?: JsonQueryBehavior | undefined
}

/** Arguments of JSON_QUERY; STRING, WITHOUT WRAPPER, NULL ON EMPTY and NULL ON ERROR unless told otherwise. */
export function jsonQueryArgs(input: Expr, path: Expr, clauses: JsonQueryClauses = {}): readonly Expr[] {
  return [
    input,
    path,
    textLiteral(returningText(clauses.returning)),
    textLiteral(clauses.wrapper ?? 'WITHOUT'),
    textLiteral(clauses.onEmpty ?? 'NULL'),
    textLiteral(clauses.onError ?? 'NULL'),
  ]
}

/** Arguments of JSON_OBJECT, which keeps NULLs unless told otherwise. */
export function jsonObjectArgs(
  entries: readonly { readonly key: Expr; readonly value: Expr }[],
  onNull: JsonOnNull = 'NULL ON NULL',
): readonly Expr[] {
  const forms = entries.map(({ value }) => formOf(value)).join('')
  return [textLiteral(onNull), textLiteral(forms), ...entries.flatMap(({ key, value }) => [key, value])]
}

/** Arguments of JSON_ARRAY, which leaves NULLs out unless told otherwise. */
export function jsonArrayArgs(values: readonly Expr[], onNull: JsonOnNull = 'ABSENT ON NULL'): readonly Expr[] {
  return [textLiteral(onNull), textLiteral(values.map(formOf).join('')), ...values]
}

const CONSTRUCTORS: ReadonlySet<string> = new Set(['JSON_OBJECT', 'JSON_ARRAY', 'JSON'])

/** Whether an expression is a call that makes JSON: other constructors, and JSON_STRING, take it as JSON and not as a text. */
export function isJsonConstructor(expr: Expr): boolean {
  return expr.kind === 'call' && CONSTRUCTORS.has(expr.name)
}

function formOf(value: Expr): 'j' | 'v' {
  return isJsonConstructor(value) ? 'j' : 'v'
}

/** The types that RETURNING knows, by the text that stands for them: those of JSON_VALUE, and one more for JSON_QUERY. */
export const RETURNING: ReadonlyMap<string, SqlType> = new Map<string, SqlType>([
  ['STRING', types.string()],
  ['BOOLEAN', types.boolean()],
  ['INTEGER', types.integer()],
  ['DOUBLE', types.double()],
  ['ARRAY<STRING>', types.array(types.string())],
])

/** The text of a RETURNING type; `resolve` refuses those that are not in `RETURNING`. */
function returningText(type: SqlType | undefined): string {
  if (type === undefined || type.kind === 'CHAR' || type.kind === 'VARCHAR') return 'STRING'
  if (type.kind === 'ARRAY') return `ARRAY<${returningText(type.element)}>`
  return type.kind
}

/** A clause as `resolve` sees it: a literal that is one of some words. */
export function clause(...words: readonly string[]): Parameter {
  return {
    wanted: `one of ${words.map((word) => `"${word}"`).join(', ')}`,
    accept: ({ type, literal }) => (typeof literal === 'string' && words.includes(literal) ? type : undefined),
  }
}

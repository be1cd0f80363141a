import { parseExactDecimal } from '../../data/decimal.ts'
import { compileJsonPath, evaluateJsonPath, type JsonPath } from '../../data/json-path.ts'
import { JsonNumber, numberText, parseJson, writeJson, type JsonNode } from '../../data/json-tree.ts'
import { formatValue } from '../../data/text.ts'
import { types, withNullability, type SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { EvaluationError } from '../evaluation-error.ts'
import type { ArgInfo, CallSite, ResolvedCall, ScalarFunction } from '../function.ts'
import { clause, RETURNING } from '../json-arguments.ts'
import { any, signature, text } from '../signature.ts'

/*
 * JSON_EXISTS, JSON_VALUE and JSON_QUERY. A path may start with `lax` or `strict`; as in Flink one without counts as strict. Strict means that a broken
 * document, a place that is not there, and a JSON null are errors (ON ERROR); lax makes them empty (ON EMPTY).
 */

/** What a path gave: a value, nothing, or an error with its reason. */
type Outcome =
  | { readonly kind: 'value'; readonly node: Exclude<JsonNode, null>; readonly mode: Mode }
  | { readonly kind: 'empty' }
  | { readonly kind: 'error'; readonly reason: string }

type Mode = 'lax' | 'strict'

interface CompiledPath {
  readonly text: string
  readonly mode: Mode
  /** Undefined when the path is none: an error in both modes. */
  readonly path: JsonPath | undefined
}

function compiledPath(source: string, site: CallSite): CompiledPath {
  const memo = site.memo as CompiledPath | undefined
  if (memo?.text === source) return memo
  const match = /^\s*(strict|lax)\s+(.+)$/is.exec(source)
  const mode = match?.[1]?.toLowerCase() === 'lax' ? 'lax' : 'strict'
  const compiled: CompiledPath = { text: source, mode, path: compileJsonPath(match?.[2] ?? source) }
  site.memo = compiled
  return compiled
}

/** Several functions of a row often read one document: the last one parsed is kept. */
let lastText: string | undefined
let lastNode: JsonNode | undefined

function parseDocument(source: string): JsonNode | undefined {
  if (source === lastText) return lastNode
  const node = parseJson(source)
  // A huge document is not worth the memory that it would hold until the next one.
  if (source.length <= 1_000_000) {
    lastText = source
    lastNode = node
  }
  return node
}

function follow(document: string, source: string, site: CallSite): Outcome {
  const { mode, path } = compiledPath(source, site)
  const root = parseDocument(document)
  if (root === undefined) return mode === 'lax' ? { kind: 'empty' } : { kind: 'error', reason: 'the text is no JSON' }
  if (root === null) return { kind: 'error', reason: 'the document is null' }
  if (path === undefined) return { kind: 'error', reason: `"${source}" is no JSON path` }
  const result = evaluateJsonPath(path, root)
  if (result.kind === 'found' && result.node !== null) return { kind: 'value', node: result.node, mode }
  if (mode === 'strict') return { kind: 'error', reason: `"${source}" leads to no value` }
  return result.kind === 'missing' && !path.isDefinite ? { kind: 'value', node: [], mode } : { kind: 'empty' }
}

function isScalar(node: JsonNode): boolean {
  return !Array.isArray(node) && !(node instanceof Map)
}

function failure(name: string, reason: string): EvaluationError {
  return new EvaluationError('data/json', `Cannot evaluate "${name}": ${reason}, a value was wanted (ERROR ON EMPTY or ERROR ON ERROR)`)
}

// --- JSON_EXISTS ---------------------------------------------------------------------------------------------------------------------

const jsonExists: ScalarFunction = {
  name: 'JSON_EXISTS',
  family: 'json',
  forms: ['JSON_EXISTS(text, path [TRUE | FALSE | UNKNOWN | ERROR ON ERROR])'],
  doc: 'Whether a JSON path leads to a value that is not null; FALSE for an error unless told otherwise.',
  examples: [
    [`JSON_EXISTS('{"a": [{"b": 1}]}', '$.a[0].b')`, 'TRUE'],
    [`JSON_EXISTS('{"a": true}', 'strict $.b' UNKNOWN ON ERROR)`, null],
  ],
  resolve: signature({
    parameters: [text, text, clause('TRUE', 'FALSE', 'UNKNOWN', 'ERROR')],
    returns: types.boolean(),
    nullable: 'always',
  }),
  nulls: 'strict',
  evaluate: ([document, path, onError], site) => {
    const outcome = follow(document as string, path as string, site)
    if (outcome.kind === 'value')
      return !(Array.isArray(outcome.node) && outcome.node.length === 0 && compiledPath(path as string, site).path?.isDefinite === false)
    if (outcome.kind === 'empty' || onError === 'FALSE') return false
    if (onError === 'ERROR') throw failure('JSON_EXISTS', outcome.reason)
    return onError === 'TRUE' ? true : null
  },
  sparkName: null,
}

// --- JSON_VALUE ----------------------------------------------------------------------------------------------------------------------

const valueBehavior = clause('NULL', 'ERROR', 'DEFAULT')
const valueTypes = signature({
  parameters: [text, text, text, valueBehavior, any, valueBehavior, any],
  returns: types.string(),
  nullable: 'always',
})

function returningType(arg: ArgInfo | undefined, isWanted: (type: SqlType) => boolean): SqlType | undefined {
  const type = typeof arg?.literal === 'string' ? RETURNING.get(arg.literal) : undefined
  return type !== undefined && isWanted(type) ? type : undefined
}

const jsonValue: ScalarFunction = {
  name: 'JSON_VALUE',
  family: 'json',
  forms: ['JSON_VALUE(text, path [RETURNING type] [NULL | ERROR | DEFAULT value ON EMPTY] [NULL | ERROR | DEFAULT value ON ERROR])'],
  doc: 'The number, text or boolean to which a JSON path leads, as STRING or as the type told (STRING, BOOLEAN, INTEGER, DOUBLE).',
  examples: [
    [`JSON_VALUE('{"a": true}', '$.a')`, 'true'],
    [`JSON_VALUE('{"a": 1}', 'lax $.b' DEFAULT 'none' ON EMPTY)`, 'none'],
    [`JSON_VALUE('{"a.b": [0.998, 0.996]}', '$["a.b"][0]' RETURNING DOUBLE)`, '0.998'],
  ],
  resolve: (args) => {
    const resolved = valueTypes(args)
    if (typeof resolved === 'string') return resolved
    const type = returningType(args[2], (found) => found.kind !== 'ARRAY')
    if (type === undefined) return 'RETURNING STRING, BOOLEAN, INTEGER or DOUBLE as argument 3'
    return { type, argTypes: resolved.argTypes.map((argType, i) => (i === 4 || i === 6 ? defaultType(argType, type) : argType)) }
  },
  nulls: 'custom',
  evaluate: (args, site) => {
    const [document, path, , onEmpty, defaultOnEmpty, onError, defaultOnError] = args
    if (document === null || path === null) return null
    const outcome = follow(document as string, path as string, site)
    let reason: string
    if (outcome.kind === 'error') {
      reason = outcome.reason
    } else if (outcome.kind === 'empty' || (outcome.mode === 'lax' && !isScalar(outcome.node))) {
      return substitute(onEmpty!, defaultOnEmpty!, site.argTypes[4]!, site, 'the path leads to no scalar')
    } else if (isScalar(outcome.node)) {
      const value = convert(outcome.node, site.type)
      if (value !== undefined) return value
      reason = `${writeJson(outcome.node)} is no ${site.type.kind}`
    } else {
      reason = 'the value is no scalar'
    }
    return substitute(onError!, defaultOnError!, site.argTypes[6]!, site, reason)
  },
  sparkName: 'GET_JSON_OBJECT',
}

/** A default of another type is cast, but one for STRING is written as JSON writes it (`false`, not `FALSE`). */
function defaultType(type: SqlType, wanted: SqlType): SqlType {
  if (type.kind === 'NULL') return withNullability(wanted, true)
  return wanted.kind === 'VARCHAR' ? type : withNullability(wanted, type.nullable)
}

function substitute(behavior: SqlValue, value: SqlValue, type: SqlType, site: CallSite, reason: string): SqlValue {
  if (behavior === 'ERROR') throw failure('JSON_VALUE', reason)
  if (behavior !== 'DEFAULT' || value === null) return null
  if (site.type.kind !== 'VARCHAR' || typeof value === 'string') return value
  return typeof value === 'boolean' ? String(value) : formatValue(type, value, site.context.timeZone)
}

/** A scalar in the type told; undefined when it is none of that type. Numbers are cut to INTEGER, texts are read. */
function convert(node: Exclude<JsonNode, null>, type: SqlType): SqlValue | undefined {
  const source = node instanceof JsonNumber ? numberText(node) : String(node)
  switch (type.kind) {
    case 'BOOLEAN':
      return typeof node === 'boolean' ? node : typeof node === 'string' ? booleans.get(node.trim().toLowerCase()) : undefined
    case 'INTEGER':
    case 'DOUBLE':
      return typeof node === 'boolean' ? undefined : convertNumber(source, type.kind)
    default:
      return source
  }
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ...['true', 't', 'yes', '1'].map((word) => [word, true] as const),
  ...['false', 'f', 'no', '0'].map((word) => [word, false] as const),
])

function convertNumber(source: string, kind: 'INTEGER' | 'DOUBLE'): number | undefined {
  if (parseExactDecimal(source) === undefined) return undefined
  const value = Number(source)
  if (kind === 'DOUBLE') return Number.isFinite(value) ? value : undefined
  const whole = Math.trunc(value)
  return whole >= -2147483648 && whole <= 2147483647 ? whole + 0 : undefined
}

// --- JSON_QUERY ----------------------------------------------------------------------------------------------------------------------

const wrapperClause = clause('WITHOUT', 'CONDITIONAL', 'UNCONDITIONAL')
const queryBehaviorClause = clause('NULL', 'ERROR', 'EMPTY ARRAY', 'EMPTY OBJECT')
const queryTypes = signature({
  parameters: [text, text, text, wrapperClause, queryBehaviorClause, queryBehaviorClause],
  returns: types.string(),
  nullable: 'always',
})

function resolveQuery(args: readonly ArgInfo[]): ResolvedCall | string {
  const resolved = queryTypes(args)
  if (typeof resolved === 'string') return resolved
  const type = returningType(args[2], (found) => found.kind === 'VARCHAR' || found.kind === 'ARRAY')
  if (type === undefined) return 'RETURNING STRING or ARRAY<STRING> as argument 3'
  if (type.kind === 'ARRAY' && args[4]?.literal === 'EMPTY OBJECT') return 'another behavior than EMPTY OBJECT ON EMPTY as argument 5'
  if (type.kind === 'ARRAY' && args[5]?.literal === 'EMPTY OBJECT') return 'another behavior than EMPTY OBJECT ON ERROR as argument 6'
  return { type, argTypes: resolved.argTypes }
}

const jsonQuery: ScalarFunction = {
  name: 'JSON_QUERY',
  family: 'json',
  forms: [
    'JSON_QUERY(text, path [RETURNING type] [WITHOUT | WITH [CONDITIONAL | UNCONDITIONAL] [ARRAY] WRAPPER] [NULL | EMPTY ARRAY | EMPTY OBJECT | ERROR ON EMPTY] [... ON ERROR])',
  ],
  doc: 'The JSON object or array to which a path leads, as STRING with sorted keys or as ARRAY<STRING>; scalars need a wrapper.',
  examples: [
    [`JSON_QUERY('{"a": {"c": 1, "b": 2}}', '$.a')`, '{"b":2,"c":1}'],
    [`JSON_QUERY('{"a": [{"c": "c1"}, {"c": "c2"}]}', 'lax $.a[*].c')`, '["c1","c2"]'],
    [`JSON_QUERY('{"a": 1}', '$.a' WITH CONDITIONAL ARRAY WRAPPER)`, '[1]'],
    [`JSON_QUERY('{"a": 1}', '$.a')`, null],
  ],
  resolve: resolveQuery,
  nulls: 'strict',
  evaluate: ([document, path, , wrapper, onEmpty, onError], site) => {
    const outcome = follow(document as string, path as string, site)
    if (outcome.kind === 'error') return queryBehavior(onError!, site, outcome.reason)
    if (outcome.kind === 'empty') return queryBehavior(onEmpty!, site, 'the path leads to no value')
    const isWrapped = wrapper === 'UNCONDITIONAL' || (wrapper === 'CONDITIONAL' && !Array.isArray(outcome.node))
    const node = isWrapped ? [outcome.node] : outcome.node
    if (isScalar(node))
      return queryBehavior(outcome.mode === 'lax' ? onEmpty! : onError!, site, 'the value is a scalar, an object or array was wanted')
    if (site.type.kind !== 'ARRAY') return writeJson(node)
    if (!Array.isArray(node)) return queryBehavior(onError!, site, 'the value is an object, an array was wanted')
    return node.map(elementText)
  },
  sparkName: null,
}

function elementText(node: JsonNode): string | null {
  if (node === null || typeof node === 'string') return node
  return writeJson(node)
}

function queryBehavior(behavior: SqlValue, site: CallSite, reason: string): SqlValue {
  switch (behavior) {
    case 'ERROR':
      throw failure('JSON_QUERY', reason)
    case 'EMPTY ARRAY':
      return site.type.kind === 'ARRAY' ? [] : '[]'
    case 'EMPTY OBJECT':
      return '{}'
    default:
      return null
  }
}

/** Functions that follow a path into a document. */
export const jsonPathFunctions: readonly ScalarFunction[] = [jsonExists, jsonValue, jsonQuery]

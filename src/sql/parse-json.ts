import { parseTypeNode } from './parse-type.ts'
import { parseFilter, parseOver, parseSortItems } from './parse-window.ts'
import type { JsonNullClause } from './syntax-literal.ts'
import type { Expression, JsonBehavior, JsonElement, JsonEntry, JsonQuery } from './syntax-query.ts'
import type { TokenStream } from './token-stream.ts'

/** The JSON functions of the SQL standard, or undefined where the current word names none. */
export function parseJsonCall(stream: TokenStream): Expression | undefined {
  switch (stream.peek().key) {
    case 'JSON_EXISTS':
      return jsonExists(stream)
    case 'JSON_VALUE':
      return jsonValue(stream)
    case 'JSON_QUERY':
      return jsonQuery(stream)
    case 'JSON_OBJECT':
      return jsonObject(stream)
    case 'JSON_OBJECTAGG':
      return jsonObjectAggregate(stream)
    case 'JSON_ARRAY':
      return jsonArray(stream)
    case 'JSON_ARRAYAGG':
      return jsonArrayAggregate(stream)
    default:
      return undefined
  }
}

/** The input, with FORMAT JSON or without, and the path. */
function inputAndPath(stream: TokenStream): { readonly input: Expression; readonly path: Expression } {
  stream.expectSymbol('(')
  const { value: input } = jsonElement(stream)
  stream.expectSymbol(',')
  return { input, path: stream.grammar.expression(stream) }
}

function jsonExists(stream: TokenStream): Expression {
  const start = stream.next().at
  const { input, path } = inputAndPath(stream)
  const onError = stream.acceptOne(['TRUE', 'FALSE', 'UNKNOWN', 'ERROR'])
  if (onError !== undefined) stream.expect('ON', 'ERROR')
  stream.expectSymbol(')')
  return { kind: 'json-exists', input, path, onError, at: stream.from(start) }
}

function jsonValue(stream: TokenStream): Expression {
  const start = stream.next().at
  const { input, path } = inputAndPath(stream)
  const returning = stream.accept('RETURNING') ? parseTypeNode(stream) : undefined
  const { onEmpty, onError } = behaviors(stream, () => {
    const at = stream.peek().at
    if (stream.accept('DEFAULT')) {
      const value = stream.grammar.expression(stream)
      return { kind: 'DEFAULT', value, at: stream.from(at) }
    }
    const kind = stream.acceptOne(['NULL', 'ERROR'])
    return kind === undefined ? undefined : { kind, at }
  })
  stream.expectSymbol(')')
  return { kind: 'json-value', input, path, returning, onEmpty, onError, at: stream.from(start) }
}

function jsonQuery(stream: TokenStream): Expression {
  const start = stream.next().at
  const { input, path } = inputAndPath(stream)
  const returning = stream.accept('RETURNING') ? parseTypeNode(stream) : undefined
  const wrapper = jsonWrapper(stream)
  const { onEmpty, onError } = behaviors(stream, () => {
    const at = stream.peek().at
    if (stream.accept('EMPTY')) {
      const kind = stream.expectOne(['ARRAY', 'OBJECT'])
      return { kind: `EMPTY ${kind}`, at: stream.from(at) }
    }
    const kind = stream.acceptOne(['NULL', 'ERROR'])
    return kind === undefined ? undefined : { kind, at }
  })
  stream.expectSymbol(')')
  return { kind: 'json-query', input, path, returning, wrapper, onEmpty, onError, at: stream.from(start) }
}

function jsonWrapper(stream: TokenStream): JsonQuery['wrapper'] {
  const word = stream.acceptOne(['WITHOUT', 'WITH'])
  if (word === undefined) return undefined
  const condition = word === 'WITH' ? stream.acceptOne(['CONDITIONAL', 'UNCONDITIONAL']) : undefined
  stream.accept('ARRAY')
  stream.expect('WRAPPER')
  return word === 'WITHOUT' ? 'WITHOUT' : (condition ?? 'UNCONDITIONAL')
}

/** `.. ON EMPTY` and `.. ON ERROR` in any order, each once. */
function behaviors(
  stream: TokenStream,
  behavior: () => JsonBehavior | undefined,
): { readonly onEmpty: JsonBehavior | undefined; readonly onError: JsonBehavior | undefined } {
  let onEmpty: JsonBehavior | undefined
  let onError: JsonBehavior | undefined
  for (;;) {
    const found = behavior()
    if (found === undefined) return { onEmpty, onError }
    stream.expect('ON')
    const event = stream.expectOne(['EMPTY', 'ERROR'])
    if ((event === 'EMPTY' ? onEmpty : onError) !== undefined) {
      throw stream.error(`Cannot parse the JSON function: ON ${event} stands twice, once is allowed`, stream.from(found.at))
    }
    if (event === 'EMPTY') onEmpty = found
    else onError = found
  }
}

function jsonObject(stream: TokenStream): Expression {
  const start = stream.next().at
  stream.expectSymbol('(')
  const entries = stream.atSymbol(')') || atNullClause(stream) ? [] : stream.commaSeparated(() => jsonEntry(stream))
  const onNull = nullClause(stream)
  stream.expectSymbol(')')
  return { kind: 'json-object', entries, onNull, at: stream.from(start) }
}

function jsonObjectAggregate(stream: TokenStream): Expression {
  const start = stream.next().at
  stream.expectSymbol('(')
  const entry = jsonEntry(stream)
  const onNull = nullClause(stream)
  stream.expectSymbol(')')
  return { kind: 'json-objectagg', entry, onNull, filter: parseFilter(stream), over: parseOver(stream), at: stream.from(start) }
}

function jsonArray(stream: TokenStream): Expression {
  const start = stream.next().at
  stream.expectSymbol('(')
  if (stream.isWord('SELECT') || stream.isWord('WITH') || stream.isWord('VALUES')) {
    const query = stream.grammar.query(stream)
    const onNull = nullClause(stream)
    stream.expectSymbol(')')
    return { kind: 'json-array-query', query, onNull, at: stream.from(start) }
  }
  const elements = stream.atSymbol(')') || atNullClause(stream) ? [] : stream.commaSeparated(() => jsonElement(stream))
  const onNull = nullClause(stream)
  stream.expectSymbol(')')
  return { kind: 'json-array', elements, onNull, at: stream.from(start) }
}

function jsonArrayAggregate(stream: TokenStream): Expression {
  const start = stream.next().at
  stream.expectSymbol('(')
  const element = jsonElement(stream)
  let orderBy = stream.accept('ORDER', 'BY') ? parseSortItems(stream) : []
  const onNull = nullClause(stream)
  stream.expectSymbol(')')
  if (stream.accept('WITHIN', 'GROUP')) {
    stream.expectSymbol('(')
    stream.expect('ORDER', 'BY')
    orderBy = parseSortItems(stream)
    stream.expectSymbol(')')
  }
  return { kind: 'json-arrayagg', element, orderBy, onNull, filter: parseFilter(stream), over: parseOver(stream), at: stream.from(start) }
}

/** `KEY k VALUE v`, `k VALUE v`, `k : v`, `k, v`. */
function jsonEntry(stream: TokenStream): JsonEntry {
  const start = stream.peek().at
  // KEY is also a fine name of a column: `key VALUE v`.
  if (
    stream.isWord('KEY') &&
    !stream.isWord('VALUE', 1) &&
    !stream.isSymbol(':', 1) &&
    !stream.isSymbol(',', 1) &&
    !stream.isSymbol('.', 1)
  )
    stream.next()
  const key = stream.grammar.expression(stream)
  if (!stream.accept('VALUE') && !stream.acceptSymbol(':')) stream.expectSymbol(',')
  const { value, isJson } = jsonElement(stream)
  return { key, value, isJson, at: stream.from(start) }
}

function jsonElement(stream: TokenStream): JsonElement {
  const value = stream.grammar.expression(stream)
  const isJson = stream.accept('FORMAT', 'JSON')
  if (isJson && stream.accept('ENCODING')) stream.expectOne(['UTF8', 'UTF16', 'UTF32'])
  return { value, isJson, at: stream.from(value.at) }
}

function atNullClause(stream: TokenStream): boolean {
  return (stream.isWord('NULL') || stream.isWord('ABSENT')) && stream.isWord('ON', 1)
}

function nullClause(stream: TokenStream): JsonNullClause | undefined {
  if (stream.accept('NULL', 'ON', 'NULL')) return 'NULL ON NULL'
  return stream.accept('ABSENT', 'ON', 'NULL') ? 'ABSENT ON NULL' : undefined
}

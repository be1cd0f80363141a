import { unreachable } from '../base/assert.ts'
import { types } from '../data/types.ts'
import type { Expr } from '../expr/expr.ts'
import {
  type JsonQueryBehavior,
  jsonArrayArgs,
  jsonExistsArgs,
  jsonObjectArgs,
  jsonQueryArgs,
  jsonValueArgs,
} from '../expr/json-arguments.ts'
import { buildCall } from '../expr/resolve-call.ts'
import { userError } from '../base/errors.ts'
import { typeFromSyntax } from './bind-type.ts'
import type { Expression, JsonBehavior, JsonExists, JsonObject, JsonArray, JsonQuery, JsonValue } from './syntax-query.ts'

/** The JSON functions of the SQL standard, their clauses written as arguments. */
export function bindJson(node: JsonExists | JsonValue | JsonQuery | JsonObject | JsonArray, bind: (part: Expression) => Expr): Expr {
  const { at } = node
  switch (node.kind) {
    case 'json-exists':
      return buildCall('JSON_EXISTS', jsonExistsArgs(bind(node.input), bind(node.path), node.onError), at)
    case 'json-value':
      return buildCall('JSON_VALUE', jsonValueArgs(bind(node.input), bind(node.path), jsonValueClauses(node, bind)), at)
    case 'json-query': {
      const clauses = {
        returning: node.returning === undefined ? undefined : typeFromSyntax(node.returning),
        wrapper: node.wrapper,
        onEmpty: queryBehavior(node.onEmpty),
        onError: queryBehavior(node.onError),
      }
      return buildCall('JSON_QUERY', jsonQueryArgs(bind(node.input), bind(node.path), clauses), at)
    }
    case 'json-object': {
      const entries = node.entries.map(({ key, value, isJson }) => ({ key: bind(key), value: asJson(value, isJson, bind) }))
      return buildCall('JSON_OBJECT', jsonObjectArgs(entries, node.onNull), at)
    }
    case 'json-array':
      return buildCall(
        'JSON_ARRAY',
        jsonArrayArgs(
          node.elements.map(({ value, isJson }) => asJson(value, isJson, bind)),
          node.onNull,
        ),
        at,
      )
    default:
      return unreachable(node)
  }
}

/** `value FORMAT JSON` and `JSON(value)` are texts that are JSON already. */
function asJson(value: Expression, isJson: boolean, bind: (part: Expression) => Expr): Expr {
  if (isJson) return buildCall('JSON', [bind(value)], value.at)
  if (value.kind !== 'call' || value.name.parts.length !== 1 || value.name.parts[0]!.name.toUpperCase() !== 'JSON') return bind(value)
  const args = value.arguments.map((argument) => bind(argument.value))
  return buildCall('JSON', args, value.at)
}

function jsonValueClauses(
  { returning, onEmpty, onError }: JsonValue,
  bind: (part: Expression) => Expr,
): Parameters<typeof jsonValueArgs>[2] {
  return {
    returning: returning === undefined ? undefined : typeFromSyntax(returning),
    onEmpty: valueBehavior(onEmpty),
    defaultOnEmpty: onEmpty?.kind === 'DEFAULT' ? defaultValue(bind(onEmpty.value)) : undefined,
    onError: valueBehavior(onError),
    defaultOnError: onError?.kind === 'DEFAULT' ? defaultValue(bind(onError.value)) : undefined,
  }
}

function defaultValue(value: Expr): Expr {
  return value.type.kind === 'NULL' ? { ...value, type: types.string() } : value
}

function valueBehavior(behavior: JsonBehavior | undefined): 'NULL' | 'ERROR' | 'DEFAULT' | undefined {
  if (behavior === undefined) return undefined
  if (behavior.kind === 'NULL' || behavior.kind === 'ERROR' || behavior.kind === 'DEFAULT') return behavior.kind
  throw userError(
    'sql/json-clause',
    `Cannot use ${behavior.kind} in JSON_VALUE: it gives a scalar; NULL, ERROR and DEFAULT are possible`,
    behavior.at,
  )
}

function queryBehavior(behavior: JsonBehavior | undefined): JsonQueryBehavior | undefined {
  if (behavior?.kind !== 'DEFAULT') return behavior?.kind
  throw userError(
    'sql/json-clause',
    'Cannot use DEFAULT in JSON_QUERY: NULL, ERROR, EMPTY ARRAY and EMPTY OBJECT are possible',
    behavior.at,
  )
}

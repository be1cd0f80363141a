import type { Position } from '../base/errors.ts'
import { type RheoError, userError } from '../base/errors.ts'
import { suggestion } from '../base/nearest.ts'
import { formatType, type SqlType, types, typesEqual, withNullability } from '../data/types.ts'
import { commonType, isText } from './coercion.ts'
import type { Expr } from './expr.ts'
import type { ArgInfo, ScalarFunction } from './function.ts'
import { callableNames, lookupFunction } from './registry.ts'

/**
 * A call of the function or operator `name` (any case, aliases too) with its result type and the casts of its arguments written out.
 * COALESCE, IFNULL, IF, NULLIF, AND and OR become the node kinds that evaluate lazily.
 *
 * @throws {RheoError} `sql/unknown-function`, `sql/argument-count`, `sql/argument-type`.
 */
export function buildCall(name: string, args: readonly Expr[], position?: Position): Expr {
  const upper = name.toUpperCase()
  const lazy = lazyForms[upper]
  if (lazy !== undefined) return lazy(args, position)
  const definition = lookupFunction(name)
  if (definition === undefined) {
    const hint = upper === 'ILIKE' ? "; write LOWER(text) LIKE 'pattern'" : suggestion(upper, callableNames())
    throw userError('sql/unknown-function', `Cannot call "${name}": there is no function of this name${hint}`, position)
  }
  const resolved = definition.resolve(args.map(argInfo))
  if (typeof resolved === 'string') throw resolutionError(definition, resolved, args, position)
  const mode = resolved.refused === 'null' ? 'try' : 'cast'
  const cast = args.map((arg, i) => implicitCast(arg, resolved.argTypes[i] ?? arg.type, mode))
  return { kind: 'call', name: definition.name, args: cast, type: resolved.type, ...at(position) }
}

type Build = (args: readonly Expr[], position: Position | undefined) => Expr

const lazyForms: Record<string, Build> = {
  AND: (args, position) => buildLogical('and', args, position),
  OR: (args, position) => buildLogical('or', args, position),
  COALESCE: buildCoalesce,
  IFNULL: (args, position) => {
    checkCount('IFNULL', args, 2, position)
    return buildCoalesce(args, position)
  },
  IF: (args, position) => {
    checkCount('IF', args, 3, position)
    const built = buildCase([{ when: args[0]!, then: args[1]! }], args[2], position)
    // Unlike that of CASE its type is nullable when only the condition is.
    return { ...built, type: withNullability(built.type, built.type.nullable || args[0]!.type.nullable) }
  },
  NULLIF: (args, position) => {
    checkCount('NULLIF', args, 2, position)
    const [value, other] = args as [Expr, Expr]
    const nothing: Expr = { kind: 'literal', type: types.null(), value: null, ...at(position) }
    const equal = buildCall('=', [value, other], position)
    return buildCase([{ when: equal, then: nothing }], value, position)
  },
}

const countForms: Readonly<Record<string, string>> = {
  IF: '"IF(condition, then, else)"',
  IFNULL: '"IFNULL(value, other)"',
  NULLIF: '"NULLIF(value, other)"',
}

function checkCount(name: string, args: readonly Expr[], count: number, position: Position | undefined): void {
  if (args.length !== count) throw countError(name, countForms[name] ?? `${count} arguments`, args.length, position)
}

/** `a AND b AND ...`; operands must be BOOLEAN. */
export function buildLogical(kind: 'and' | 'or', args: readonly Expr[], position?: Position): Expr {
  const operands = args.map((arg) => asBoolean(arg, kind.toUpperCase(), position))
  return { kind, args: operands, type: types.boolean(operands.some((arg) => arg.type.nullable)), ...at(position) }
}

/** A condition: the expression itself when it is BOOLEAN, an untyped NULL as BOOLEAN, else an error that names `user` (`AND`, `WHERE`). */
export function asBoolean(expr: Expr, user: string, position?: Position): Expr {
  if (expr.type.kind === 'BOOLEAN') return expr
  if (expr.type.kind === 'NULL') return implicitCast(expr, types.boolean())
  throw userError(
    'sql/argument-type',
    `Cannot use this ${user === 'AND' || user === 'OR' ? 'beside' : 'in'} ${user}: it is ${shownType(expr.type)}, wanted is a condition (BOOLEAN)`,
    expr.at ?? position,
  )
}

/** The first argument that is not NULL, in the common type of all. */
export function buildCoalesce(args: readonly Expr[], position?: Position): Expr {
  if (args.length === 0) throw countError('COALESCE', 'at least 1 argument', 0, position)
  const common = commonType(args.map((arg) => arg.type))
  if (common === undefined) throw noCommonType('COALESCE', args, position)
  // One argument that is never NULL makes the result never NULL; arguments behind it cannot be reached.
  const type = withNullability(
    common,
    args.every((arg) => arg.type.nullable),
  )
  return { kind: 'coalesce', args: args.map((arg) => implicitCast(arg, withNullability(common, arg.type.nullable))), type, ...at(position) }
}

/** CASE WHEN ... with its branches in their common type; without `otherwise` it is NULL where no branch applies. */
export function buildCase(
  branches: readonly { readonly when: Expr; readonly then: Expr }[],
  otherwise: Expr | undefined,
  position?: Position,
): Expr {
  const nothing: Expr = { kind: 'literal', type: types.null(), value: null, ...at(position) }
  const last = otherwise ?? nothing
  const results = [...branches.map((branch) => branch.then), last]
  const type = commonType(
    results.map((result) => result.type),
    'query',
  )
  if (type === undefined) throw noCommonType('CASE', results, position)
  const cast = (result: Expr): Expr => implicitCast(result, withNullability(type, result.type.nullable))
  return {
    kind: 'case',
    branches: branches.map(({ when, then }) => ({ when: asBoolean(when, 'CASE', position), then: cast(then) })),
    otherwise: cast(last),
    type,
    ...at(position),
  }
}

/** The expression in another type; nullability alone needs no cast. An untyped NULL and a literal text become literals of the type. */
export function implicitCast(expr: Expr, type: SqlType, mode: 'cast' | 'try' = 'cast'): Expr {
  if (typesEqual(withNullability(expr.type, true), withNullability(type, true))) return expr
  if (expr.kind === 'literal' && expr.value === null) return { ...expr, type: withNullability(type, true) }
  return { kind: 'cast', mode, arg: expr, type: withNullability(type, mode === 'try' || expr.type.nullable), ...at(expr.at) }
}

function at(position: Position | undefined): { readonly at?: Position } {
  return position === undefined ? {} : { at: position }
}

/** What a function's `resolve` sees of an argument: a literal's value also behind casts that keep it. */
export function argInfo(expr: Expr): ArgInfo {
  return { type: expr.type, literal: literalValue(expr) }
}

function literalValue(expr: Expr): ArgInfo['literal'] {
  switch (expr.kind) {
    case 'literal':
      return expr.value
    case 'cast':
      return expr.arg.kind === 'literal' && expr.arg.type.kind === expr.type.kind ? expr.arg.value : undefined
    case 'call': {
      if (expr.name !== 'NEGATE') return undefined
      const value = literalValue(expr.args[0]!)
      return typeof value === 'number' || typeof value === 'bigint' ? -value : undefined
    }
    default:
      return undefined
  }
}

function resolutionError(definition: ScalarFunction, wanted: string, args: readonly Expr[], position: Position | undefined): RheoError {
  if (wanted === 'count') {
    const forms = definition.forms.map((form) => `"${form}"`).join(' or ')
    return countError(definition.name, forms, args.length, position)
  }
  const found = shownCall(definition, args)
  const numbered = /^([^]*?),? as argument (\d+)$/.exec(wanted)
  const culprit = numbered === null ? undefined : args[Number(numbered[2]) - 1]
  if (numbered === null || culprit === undefined)
    return userError('sql/argument-type', `Cannot evaluate "${found}": ${wanted} was wanted`, position)
  const number = Number(numbered[2])
  const place = isWord(definition.name)
    ? `argument ${number}`
    : args.length !== 2
      ? 'the operand'
      : number === 1
        ? 'the left side'
        : 'the right side'
  const hint = typeHint(definition.name, args, culprit, numbered[1]!)
  return userError(
    'sql/argument-type',
    `Cannot evaluate "${found}": ${place} is ${shownOperand(culprit)}, wanted is ${numbered[1]!}${hint}`,
    culprit.at ?? position,
  )
}

/** A number that is written out as it is, everything else by its type. */
function shownOperand(expr: Expr): string {
  const literal = literalValue(expr)
  return typeof literal === 'number' ? String(literal) : shownType(expr.type)
}

/** What to write instead, where it can be guessed. */
function typeHint(name: string, args: readonly Expr[], culprit: Expr, wanted: string): string {
  const [left, right] = args
  if ((name === '+' || name === '-') && left !== undefined && right !== undefined && args.some((arg) => isTime(arg.type))) {
    if (isTime(left.type) && isTime(right.type))
      return name === '-' ? '; write TIMESTAMPDIFF(SECOND, earlier, later) for the time between' : ''
    return "; write a length of time as INTERVAL '5' SECOND"
  }
  if (name === 'ITEM' && culprit === right && left?.type.kind === 'ARRAY') return '; the first element is [1]'
  if (/\b(?:number|integer)$/.test(wanted) && isText(culprit.type)) return '; CAST(... AS INT) or AS DOUBLE makes a number of it'
  if (name === '||' && args.every((arg) => !isText(arg.type))) return '; CAST(... AS STRING) makes a text of it, and "or" is written OR'
  if (/\btext\b/.test(wanted)) return '; CAST(... AS STRING) makes a text of it'
  return wanted.startsWith('a value that compares') ? '; CAST one side to the type of the other' : ''
}

function isTime({ kind }: SqlType): boolean {
  return kind === 'DATE' || kind === 'TIME' || kind === 'TIMESTAMP' || kind === 'TIMESTAMP_LTZ'
}

function isWord(name: string): boolean {
  return /^[A-Z0-9_]+$/.test(name) && !/^(?:LIKE|IN|NOT)$/.test(name)
}

/** `INT + STRING` for operators, `CONCAT(STRING, INT)` for functions. */
function shownCall(definition: ScalarFunction, args: readonly Expr[]): string {
  const found = args.map((arg) => shownType(arg.type))
  const { name } = definition
  if (name === 'ITEM') return `${found[0]}[${found[1]}]`
  if (isWord(name)) return name === 'NEGATE' ? `-${found[0]}` : `${name}(${found.join(', ')})`
  if (name === 'IN') return `${found[0]} IN (${found.slice(1).join(', ')})`
  if (name === 'NOT') return `NOT ${found[0]}`
  return found.length === 1 ? `${found[0]} ${name}` : `${found[0]} ${name} ${found.slice(1).join(' ESCAPE ')}`
}

function countError(name: string, wanted: string, found: number, position: Position | undefined): RheoError {
  return userError(
    'sql/argument-count',
    `Cannot call "${name}" with ${found} argument${found === 1 ? '' : 's'}: ${wanted} was wanted`,
    position,
  )
}

function noCommonType(name: string, args: readonly Expr[], position: Position | undefined): RheoError {
  const found = args.map((arg) => shownType(arg.type)).join(', ')
  return userError(
    'sql/argument-type',
    `Cannot find a common type for ${name}: its values are ${found}, wanted are types of one family; CAST makes them so`,
    position,
  )
}

function shownType(type: SqlType): string {
  return formatType(withNullability(type, true))
}

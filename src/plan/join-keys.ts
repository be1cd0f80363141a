import { typesEqual, withNullability } from '../data/types.ts'
import { commonType, isText } from '../expr/coercion.ts'
import { type Expr, mapColumns } from '../expr/expr.ts'
import { implicitCast } from '../expr/resolve-call.ts'
import { allColumns, project } from './build.ts'
import { columnsOf, conjunction, conjuncts, expressionKey, isDeterministic } from './expression-properties.ts'
import type { Keys } from './keys.ts'
import type { LogicalNode, LogicalOf } from './logical.ts'
import type { JoinType, PhysicalNode } from './physical.ts'

/** The condition of a join taken apart. */
export interface JoinKeys {
  /** Expressions over each side, of equal types in pairs. */
  readonly left: readonly Expr[]
  readonly right: readonly Expr[]
  /** By pair: whether NULL matches NULL. */
  readonly nullSafe: readonly boolean[]
  /** What is left of the condition. */
  readonly residual: Expr | undefined
}

/** Finds the parts of a join's condition that say that something of the left side equals something of the right one: by them rows find each other. */
export function joinKeys({ inputs, condition }: Pick<LogicalOf<'join'>, 'inputs'> & { readonly condition?: Expr | undefined }): JoinKeys {
  const width = inputs[0].schema.length
  const left: Expr[] = []
  const right: Expr[] = []
  const nullSafe: boolean[] = []
  const residual: Expr[] = []
  const seen = new Set<string>()
  for (const part of condition === undefined ? [] : conjuncts(condition)) {
    const pair = keyPair(part, width)
    if (pair === undefined) {
      if (!residual.some((known) => expressionKey(known) === expressionKey(part))) residual.push(part)
    } else {
      const text = `${expressionKey(pair.left)} ${expressionKey(pair.right)} ${pair.nullSafe}`
      if (seen.has(text)) continue
      seen.add(text)
      left.push(pair.left)
      right.push(pair.right)
      nullSafe.push(pair.nullSafe)
    }
  }
  return { left, right, nullSafe, residual: conjunction(residual) }
}

/** Equal expressions of both sides. */
export interface KeyPair {
  readonly left: Expr
  readonly right: Expr
  readonly nullSafe: boolean
}

/** What a part of a join's condition says is equal, when it is that; the right side's columns count from 0. */
export function keyPair(part: Expr, width: number): KeyPair | undefined {
  const spelledOut = nullSafePair(part)
  if (spelledOut !== undefined) return pairOf(spelledOut, width, true)
  if (part.kind !== 'call' || part.args.length !== 2) return undefined
  if (part.name === '=') return pairOf(part.args, width, false)
  return part.name === 'IS NOT DISTINCT FROM' ? pairOf(part.args, width, true) : undefined
}

/** `a = b OR (a IS NULL AND b IS NULL)`. */
function nullSafePair(part: Expr): readonly Expr[] | undefined {
  if (part.kind !== 'or' || part.args.length !== 2) return undefined
  const equal = part.args.find((arg) => arg.kind === 'call' && arg.name === '=')
  const both = part.args.find((arg) => arg.kind === 'and')
  if (equal?.kind !== 'call' || both?.kind !== 'and' || both.args.length !== 2) return undefined
  const tested = both.args.map((arg) => (arg.kind === 'call' && arg.name === 'IS NULL' ? expressionKey(arg.args[0]!) : undefined))
  const wanted = equal.args.map(expressionKey)
  return wanted.every((text) => tested.includes(text)) && wanted[0] !== wanted[1] ? equal.args : undefined
}

function pairOf([a, b]: readonly Expr[], width: number, nullSafe: boolean): KeyPair | undefined {
  if (a === undefined || b === undefined || !isDeterministic(a) || !isDeterministic(b)) return undefined
  const side = (expr: Expr): 'left' | 'right' | 'both' => {
    const columns = [...columnsOf(expr)]
    if (columns.length === 0) return 'both'
    return columns.every((column) => column < width) ? 'left' : columns.every((column) => column >= width) ? 'right' : 'both'
  }
  const first = side(a)
  const second = side(b)
  if (first === 'both' || second === 'both' || first === second) return undefined
  const [left, right] = first === 'left' ? [a, b] : [b, a]
  const typed = ofOneType(left, right)
  if (typed === undefined) return undefined
  const shifted = mapColumns(typed[1], (column) => ({ ...column, index: column.index - width }))
  return { left: typed[0], right: shifted, nullSafe }
}

/** Keys are found by their bytes, which are equal where type and value are. */
function ofOneType(left: Expr, right: Expr): readonly [Expr, Expr] | undefined {
  const types = [left.type, right.type].map((type) => withNullability(type, true))
  if (typesEqual(types[0]!, types[1]!) || (isText(types[0]!) && isText(types[1]!))) return [left, right]
  const common = commonType(types)
  if (common === undefined) return undefined
  return [
    implicitCast(left, withNullability(common, left.type.nullable)),
    implicitCast(right, withNullability(common, right.type.nullable)),
  ]
}

/** The input with columns behind its own for keys that are none of its columns, and where its keys are. */
export function withKeyColumns(
  input: LogicalNode,
  expressions: readonly Expr[],
): { readonly input: LogicalNode; readonly keys: readonly number[] } {
  const projections = [...allColumns(input.schema)]
  const keys = expressions.map((expression) => {
    if (expression.kind === 'column') return expression.index
    projections.push(expression)
    return projections.length - 1
  })
  if (projections.length === input.schema.length) return { input, keys }
  const names = [...input.schema.map((field) => field.name), ...projections.slice(input.schema.length).map((_, i) => `$key${i}`)]
  return { input: project(input, projections, names), keys }
}

interface KeyedSide {
  readonly input: PhysicalNode
  readonly keys: readonly number[]
}

/**
 * Keys of a join's rows: those of one side where the other has at most one match for each row, and those of both sides together. A side's keys stay only where
 * it is not padded.
 */
export function joinedKeys(
  joinType: JoinType,
  [left, right]: readonly [KeyedSide, KeyedSide],
  which: 'uniqueKeys' | 'upsertKeys',
  leftWidth: number,
): Keys {
  const ofLeft = left.input[which]
  if (joinType === 'semi' || joinType === 'anti') return ofLeft
  const ofRight = right.input[which].map((key) => key.map((column) => column + leftWidth))
  const isSingle = (side: KeyedSide): boolean => side.input[which].some((key) => key.every((column) => side.keys.includes(column)))
  const padsLeft = joinType === 'right' || joinType === 'full'
  const padsRight = joinType === 'left' || joinType === 'full'
  return [
    ...(isSingle(right) && !padsLeft ? ofLeft : []),
    ...(isSingle(left) && !padsRight ? ofRight : []),
    ...ofLeft.flatMap((key) => ofRight.map((other) => [...key, ...other])),
  ]
}

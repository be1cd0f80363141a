import { assert } from '../base/assert.ts'
import { RheoError, userError } from '../base/errors.ts'
import { type SqlType, types } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { AggregateFunction } from '../expr/aggregate.ts'
import { type Expr, walk } from '../expr/expr.ts'
import { interpret } from '../expr/interpret.ts'
import { implicitCast } from '../expr/resolve-call.ts'
import { planningContext } from '../plan/plan-job.ts'
import type { BindContext } from './binder.ts'
import type { Call } from './syntax-query.ts'

/** The arguments of an aggregate, as its call has them: values of each row, and constants as texts. */
export interface AggregateArguments {
  readonly args: readonly Expr[]
  readonly options: readonly string[]
}

/** Parts what an aggregate was given into values, of the types that it wants, and constants. The types were checked. */
export function aggregateArguments(
  definition: AggregateFunction,
  given: readonly Expr[],
  { argTypes, node, context }: { readonly argTypes: readonly SqlType[]; readonly node: Call; readonly context: BindContext },
): AggregateArguments {
  if (definition.name === 'PERCENTILE') return percentileArguments(given, node, context)
  const args = given.slice(0, definition.valueCount ?? given.length).map((arg, i) => implicitCast(arg, argTypes[i] ?? arg.type))
  return { args, options: given.slice(args.length).map((option) => constantText(definition.name, option, node)) }
}

/** The value, with its frequency as a ROW of both where there is one; the percentages as texts of DOUBLE. */
function percentileArguments([value, percentage, frequency]: readonly Expr[], node: Call, context: BindContext): AggregateArguments {
  assert(value !== undefined && percentage !== undefined, 'the number of arguments was checked')
  const at = percentage.at ?? node.at
  const wanted = percentage.type.kind === 'ARRAY' ? types.array(types.double()) : types.double()
  const constant = constantValue(implicitCast(percentage, wanted), context)
  const numbers = (wanted.kind === 'ARRAY' ? (constant as readonly SqlValue[] | null | undefined) : [constant]) ?? [null]
  const isShare = (number: SqlValue | undefined): boolean => typeof number === 'number' && number >= 0 && number <= 1
  if (!numbers.every(isShare))
    throw userError(
      'sql/argument-type',
      'Cannot call "PERCENTILE" with this percentage: a constant from 0 to 1 was wanted, or an array of such',
      at,
    )
  const double = implicitCast(value, types.double(value.type.nullable))
  const options = numbers.map(String)
  if (frequency === undefined) return { args: [double], options }
  const times = implicitCast(frequency, types.bigint(frequency.type.nullable))
  const fields = [
    { name: 'value', type: double.type },
    { name: 'times', type: times.type },
  ]
  return { args: [{ kind: 'call', name: 'ROW', args: [double, times], type: types.row(fields, false) }], options }
}

/** The value of an expression without columns; undefined where it has none. */
function constantValue(expr: Expr, context: BindContext): SqlValue | undefined {
  let isConstant = true
  walk(expr, (part) => {
    if (part.kind === 'column') isConstant = false
  })
  if (!isConstant) return undefined
  try {
    return interpret(expr, [], planningContext(context.env))
  } catch (error) {
    if (error instanceof RheoError) return undefined
    throw error
  }
}

function constantText(name: string, option: Expr, node: Call): string {
  if (option.kind === 'literal' && typeof option.value === 'string') return option.value
  throw userError('sql/argument-type', `Cannot call "${name}" with this separator: a constant text was wanted`, option.at ?? node.at)
}

import { type ExternalValue, fromExternal, toExternal } from '../data/external.ts'
import { type SqlType, formatType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import { EvaluationError } from './evaluation-error.ts'
import type { ScalarFunction } from './function.ts'

/** A function of a user's module, as the module declares it. */
export interface ModuleFunction {
  readonly kind: 'scalar' | 'table'
  /** What stands in plans: `/path/module.ts#export@hash`. */
  readonly name: string
  readonly exportName: string
  readonly argTypes: readonly SqlType[]
  /** Of a table function: of its rows. */
  readonly returns: SqlType
  /** `strict`: NULL, or no rows, when any argument is NULL, and the function is not called. */
  readonly nulls: 'strict' | 'called'
  readonly isDeterministic: boolean
  readonly call: (...args: readonly ExternalValue[]) => unknown
}

/** Rows that one call of a table function gives at most. */
const MOST_ROWS = 1_000_000
const SHOWN_LENGTH = 80

/** The type of what a call gives: of a table function all rows of the call, as an array. */
export function resultType({ kind, returns }: ModuleFunction): SqlType {
  return kind === 'scalar' ? returns : { kind: 'ARRAY', element: returns, nullable: true }
}

/** A function of a module as one of the registry: values go over in the forms of `toExternal`, and what it throws fails the row. */
export function scalarOf(definition: ModuleFunction): ScalarFunction {
  const { kind, name, exportName, argTypes, nulls, isDeterministic } = definition
  const form = `${exportName}(${argTypes.map((type) => formatType(type)).join(', ')})`
  return {
    name,
    family: 'auxiliary',
    forms: [form],
    doc: 'A function of a module of the program',
    examples: [],
    resolve: (args) => (args.length === argTypes.length ? { type: resultType(definition), argTypes } : 'count'),
    nulls: nulls === 'strict' ? 'strict' : 'custom',
    isDeterministic,
    evaluate(args) {
      const given = args.map((value, i) => toExternal(argTypes[i]!, value))
      const result = called(definition, given)
      return kind === 'table' ? rowsOf(definition, result) : valueOf(definition, definition.returns, result)
    },
  }
}

function called({ call, exportName }: ModuleFunction, args: readonly ExternalValue[]): unknown {
  try {
    return call(...args)
  } catch (error) {
    throw failed(exportName, error)
  }
}

function failed(name: string, error: unknown): EvaluationError {
  const reason = error instanceof Error ? error.message : shown(error)
  return new EvaluationError('data/function-failed', `Cannot evaluate "${name}": it threw "${reason}"`)
}

function valueOf({ exportName }: ModuleFunction, type: SqlType, value: unknown): SqlValue {
  const converted = value === undefined ? undefined : fromExternal(type, value)
  if (converted !== undefined) return converted
  const found = value instanceof Promise ? 'a promise, and functions give their values at once' : shown(value)
  throw new EvaluationError(
    'data/function-result',
    `Cannot take the result of "${exportName}": found ${found}, wanted is a value of ${formatType(type)}`,
  )
}

function rowsOf(definition: ModuleFunction, result: unknown): readonly SqlValue[] {
  const { exportName, returns } = definition
  if (typeof result !== 'object' || result === null || !(Symbol.iterator in result)) {
    throw new EvaluationError(
      'data/function-result',
      `Cannot take the rows of "${exportName}": found ${shown(result)}, wanted is an array or another iterable`,
    )
  }
  const rows: SqlValue[] = []
  try {
    for (const row of result as Iterable<unknown>) {
      rows.push(valueOf(definition, returns, row))
      if (rows.length > MOST_ROWS)
        throw new EvaluationError('data/function-result', `Cannot take the rows of "${exportName}": one call gave more than ${MOST_ROWS}`)
    }
  } catch (error) {
    throw error instanceof EvaluationError ? error : failed(exportName, error)
  }
  return rows
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `"${value.length > SHOWN_LENGTH ? `${value.slice(0, SHOWN_LENGTH)}…` : value}"`
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? 'an array' : `an object of ${value.constructor?.name ?? 'no class'}`
  return String(value)
}

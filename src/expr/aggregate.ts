import type { SqlType } from '../data/types.ts'
import type { ArgInfo, ResolvedCall } from './function.ts'

/**
 * A SQL aggregate function as the binder, docs and engines know it. How it is computed lives in `operators/aggregates`, one file a
 * function, looked up by `name`.
 */
export interface AggregateFunction {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly forms: readonly string[]
  readonly doc: string
  readonly resolve: (args: readonly ArgInfo[]) => ResolvedCall | string
  /** How many arguments are values; those behind them are constant texts. All of them where it is absent. */
  readonly valueCount?: number
  readonly flinkName?: string | null
  readonly sparkName?: string | null
}

/** One aggregate of a query; arguments and filter are columns of the input, computed below if they are expressions. */
export interface AggregateCall {
  readonly name: string
  readonly args: readonly number[]
  readonly argTypes: readonly SqlType[]
  readonly distinct: boolean
  /** A BOOLEAN column: only rows where it is TRUE count. */
  readonly filter?: number
  readonly type: SqlType
  /** MIN or MAX whose argument only moves that way: what is taken back comes back as great at once, so taking back does nothing. */
  readonly oneWay?: true
  /** Constant arguments behind the columns, such as LISTAGG's separator. */
  readonly options?: readonly string[]
}

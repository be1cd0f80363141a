import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import type { Clock } from '../base/ports.ts'
import type { Random } from '../base/random.ts'

/** What an expression may read besides its row. One per job; time and randomness come from ports only. */
export interface EvaluationContext {
  readonly clock: Clock
  readonly random: Random
  /** IANA name or offset (`GMT+02:00`), from `table.local-time-zone`. */
  readonly timeZone: string
  /** In batch mode CURRENT_TIMESTAMP and its kin are one value a query: epoch milliseconds. */
  readonly queryStartMs: number | undefined
  readonly currentCatalog: string
  readonly currentDatabase: string
}

/** One place in an expression where a function is called. Kept for the life of the job. */
export interface CallSite {
  readonly argTypes: readonly SqlType[]
  readonly type: SqlType
  readonly context: EvaluationContext
  /** A slot for what the function wants to keep between rows: a compiled pattern or path, with the text that it was made from. */
  memo: unknown
}

/** An argument as the binder sees it while it looks for a result type. */
export interface ArgInfo {
  readonly type: SqlType
  /** The value of a literal (also of one behind a cast or a sign); undefined when it is not one. */
  readonly literal: SqlValue | undefined
}

export interface ResolvedCall {
  readonly type: SqlType
  /** The types that the arguments are cast to before the call, one an argument. An equal type adds no cast. */
  readonly argTypes: readonly SqlType[]
  /** What becomes of an argument that its cast refuses: the row fails, or it is NULL as in TRY_CAST. */
  readonly refused?: 'fails' | 'null'
}

export type FunctionFamily =
  | 'comparison'
  | 'logical'
  | 'arithmetic'
  | 'string'
  | 'temporal'
  | 'conditional'
  | 'conversion'
  | 'collection'
  | 'json'
  | 'variant'
  | 'bitmap'
  | 'construction'
  | 'hash'
  | 'auxiliary'

/**
 * A SQL scalar function: everything that anyone needs to know of it, but for its compiled form, which `compiled/index.ts` has by name. The binder asks for types, both executions and both cluster
 * engines for what to do, reference docs and completion for the texts, the differential test for everything.
 */
export interface ScalarFunction {
  /** Canonical name: what stands in the plan, upper case (`CHAR_LENGTH`); operators by their sign (`+`, `=`, `IS NULL`, `LIKE`). */
  readonly name: string
  /** Other names in SQL, upper case. */
  readonly aliases?: readonly string[]
  readonly family: FunctionFamily
  /** `UPPER(text)`: names of arguments as the docs show them, optional ones in brackets, `...` for repeated ones. One line a form. */
  readonly forms: readonly string[]
  /** One line: what it gives, and when NULL. */
  readonly doc: string
  /** SQL expressions with their answers as text (`CAST(x AS STRING)`), run by a test: `["UPPER('abc')", 'ABC']`; null for NULL. */
  readonly examples: readonly (readonly [string, string | null])[]
  /**
   * Types of a call, or a text that says what was wanted ("a number as argument 1"), from which the binder makes `sql/argument-type`; 'count'
   * when the number of arguments fits no form.
   */
  readonly resolve: (args: readonly ArgInfo[]) => ResolvedCall | string
  /** `strict`: NULL when any argument is NULL, and `evaluate` then is not called. `custom`: `evaluate` sees the NULLs. */
  readonly nulls: 'strict' | 'custom'
  /** False for RAND, UUID, the clock: never folded, never evaluated twice. */
  readonly isDeterministic?: boolean
  /**
   * The specification. Arguments have exactly `site.argTypes`. Throws `EvaluationError` for a value that it refuses (it becomes the row's
   * error, with its place).
   */
  readonly evaluate: (args: readonly SqlValue[], site: CallSite) => SqlValue
  /** Its name in Flink SQL and Spark SQL where it differs from `name`; null: that engine has none. */
  readonly flinkName?: string | null
  readonly sparkName?: string | null
}

/**
 * A function that SQL may call, as a module exports it: `CREATE FUNCTION net AS './functions.ts#net' LANGUAGE TYPESCRIPT`.
 *
 * Types are those of SQL. Values come and go as in rows: BIGINT is `bigint`, DECIMAL and text are `string`, TIMESTAMP_LTZ(3) is `Date`, other times are their SQL text,
 * ROW is an object, ARRAY an array, MAP a `Map`, NULL `null`. What `call` throws, or gives that is no value of `returns`, fails the row and ends the job.
 */
export interface FunctionDeclaration {
  /** The types of the arguments. A type with NOT NULL takes only arguments that are never NULL. */
  readonly args: readonly string[]
  /** The type of the result; of a table function that of its rows: a ROW, or another type for rows of one column. */
  readonly returns: string
  /** `strict`: with a NULL among the arguments the result is NULL, or there are no rows, without a call. Default: `called`. */
  readonly nulls?: 'called' | 'strict'
  /** False for a function that may give two answers to one question. */
  readonly deterministic?: boolean
}

/**
 * Declares a function that gives one value.
 *
 * @example Net price
 * ```ts
 * export const net = scalarFunction({ args: ['DECIMAL(10, 2)', 'INT'], returns: 'DECIMAL(12, 2)' }, (price: string, percent: number) =>
 *   (Number(price) * (1 - percent / 100)).toFixed(2),
 * )
 * ```
 */
export function scalarFunction<Call extends (...args: never[]) => unknown>(
  declaration: FunctionDeclaration,
  call: Call,
): FunctionDeclaration & { readonly kind: 'scalar'; readonly call: Call } {
  return { ...declaration, kind: 'scalar', call }
}

/**
 * Declares a function that gives rows, for FROM: `FROM t, LATERAL TABLE(words(t.line)) AS w (word, length)`.
 *
 * @example The words of a text
 * ```ts
 * export const words = tableFunction({ args: ['STRING'], returns: 'ROW<word STRING, length INT>' }, function* (text: string | null) {
 *   for (const word of text?.split(' ') ?? []) yield { word, length: word.length }
 * })
 * ```
 */
export function tableFunction<Call extends (...args: never[]) => Iterable<unknown>>(
  declaration: FunctionDeclaration,
  call: Call,
): FunctionDeclaration & { readonly kind: 'table'; readonly call: Call } {
  return { ...declaration, kind: 'table', call }
}

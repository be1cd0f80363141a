/** What a WITH option takes. Durations are Flink's (`5 s`, `1 min`, `100ms`), in milliseconds; memory (`128 mb`) in bytes. */
export type OptionType = 'string' | 'boolean' | 'int' | 'long' | 'double' | 'duration' | 'memory' | { readonly oneOf: readonly string[] }

/**
 * One option of a connector or format. The schema checks values, suggests names that were misspelt, and makes docs and completion.
 * In `key` a `#` stands for a column's path: `fields.#.kind`.
 */
export interface OptionDefinition {
  readonly key: string
  readonly type: OptionType
  readonly isRequired?: boolean
  /** As the docs print it; absent: none. */
  readonly default?: string
  readonly doc: string
}

export type OptionValue = string | boolean | number | bigint

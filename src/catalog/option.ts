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
  /** Keys by which the option may be set as well; `deprecated` ones with a warning. The option's own key goes before them. */
  readonly otherKeys?: readonly { readonly key: string; readonly deprecated?: boolean }[] | undefined
}

/** What is odd about the options of a table but does not stop it. */
export interface OptionWarning {
  readonly key: string
  readonly message: string
}

export type OptionValue = string | boolean | number | bigint

/** The type as docs and completion show it: `duration`, or the words that it may be. */
export function optionTypeText(type: OptionType): string {
  return typeof type === 'string' ? type : type.oneOf.join(', ')
}

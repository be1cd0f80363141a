/**
 * A SQL value as the interpreter, text forms and JavaScript sides of operators see it. Null is SQL NULL. By type:
 *
 * | type | value |
 * | --- | --- |
 * | BOOLEAN | boolean |
 * | TINYINT, SMALLINT, INT, FLOAT, DOUBLE | number (a FLOAT is already rounded by Math.fround) |
 * | BIGINT | bigint, within 64 bits |
 * | DECIMAL(p, s) | bigint: the value times 10^s |
 * | CHAR, VARCHAR, STRING | string |
 * | BINARY, VARBINARY, BYTES | Uint8Array, never changed after it was made |
 * | DATE | number: days since 1970-01-01 |
 * | TIME | number: milliseconds of the day |
 * | TIMESTAMP, TIMESTAMP_LTZ | bigint: nanoseconds since the epoch, of the wall clock or of UTC |
 * | INTERVAL YEAR TO MONTH | number: months |
 * | INTERVAL DAY TO SECOND | bigint: milliseconds |
 * | ARRAY, ROW | array of the element's or fields' values |
 * | MAP | SqlMap; MULTISET: SqlMap from element to INT count |
 * | BITMAP | Uint8Array: the set in the portable format of `bitmap.ts`, every chunk in its shortest form |
 * | VARIANT | Variant |
 */
export type SqlValue = null | boolean | number | bigint | string | Uint8Array | readonly SqlValue[] | SqlMap | Variant

/** The entries of a MAP or MULTISET in their order; keys are distinct by SQL equality. */
export class SqlMap {
  readonly keys: readonly SqlValue[]
  readonly values: readonly SqlValue[]

  constructor(keys: readonly SqlValue[], values: readonly SqlValue[]) {
    this.keys = keys
    this.values = values
  }
}

/** What a VARIANT may hold. Scalars keep the SQL type that they came with. */
export type VariantContent =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'tinyint' | 'smallint' | 'integer' | 'float' | 'double' | 'date'; readonly value: number }
  | { readonly kind: 'bigint' | 'timestamp' | 'timestamp_ltz'; readonly value: bigint }
  | { readonly kind: 'decimal'; readonly value: bigint; readonly scale: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'array'; readonly items: readonly VariantContent[] }
  | { readonly kind: 'object'; readonly fields: ReadonlyMap<string, VariantContent> }

export class Variant {
  readonly content: VariantContent

  constructor(content: VariantContent) {
    this.content = content
  }
}

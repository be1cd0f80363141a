/** A SQL value in generated code: locals of the loop that is being emitted. */
export interface Fragment {
  /** An i32 local that is 1 for NULL; undefined when the value is never NULL. */
  readonly isNull: number | undefined
  /** One local for most types; text: address and length; DECIMAL above 18 digits: low and high; TIMESTAMP above 3 digits: ms and nanos. */
  readonly value: readonly number[]
}

/** Emits instructions of one loop. */
export interface Emitter {
  readonly todo: never
}

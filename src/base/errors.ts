/** Who must act: the user (exit status 2), something outside such as data or a broker (3), or the authors of Rheo (1). */
export type ErrorDomain = 'user' | 'external' | 'internal'

/** A range of a SQL text. Line and column count from 1; `offset` and `length` count UTF-16 units of the script. */
export interface Position {
  readonly offset: number
  readonly length: number
  readonly line: number
  readonly column: number
}

/** Where something happened: in a SQL text (`position`), or in data (`source`, such as a file, and `line` or `record`). */
export interface ErrorPlace {
  readonly position?: Position | undefined
  /** The path of the script for SQL, of the input for data; absent for a text without a file. */
  readonly source?: string | undefined
  /** Line of the input record, from 1. */
  readonly line?: number | undefined
  /** The expression that refused a row. */
  readonly expression?: FailedExpression | undefined
}

/** An expression of the SQL text, and the values on which it failed. */
export interface FailedExpression {
  readonly position: Position
  /** Its operands that have a place in the text, with their values as SQL prints them; long ones are cut. */
  readonly operands: readonly { readonly position: Position; readonly value: string }[]
}

export interface RheoErrorOptions {
  readonly code: string
  readonly domain: ErrorDomain
  readonly place?: ErrorPlace | undefined
  readonly cause?: unknown
}

/**
 * The one root of errors that Rheo raises on purpose.
 *
 * `code` is part of the public API (`sql/unknown-column`), the message is not. Messages read "Cannot do what: what was
 * found, what was wanted", strings in double quotes, no period at the end.
 */
export class RheoError extends Error {
  override readonly name = 'RheoError'
  readonly code: string
  readonly domain: ErrorDomain
  readonly place: ErrorPlace | undefined

  constructor(message: string, options: RheoErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = options.code
    this.domain = options.domain
    this.place = options.place
  }

  /** The same error at a better known place; a place that is already known is kept. */
  at(place: ErrorPlace): RheoError {
    return new RheoError(this.message, {
      code: this.code,
      domain: this.domain,
      cause: this.cause,
      place: { ...place, ...this.place },
    })
  }
}

/** The user's mistake: syntax, an unknown name, a bad option, a refused feature. */
export function userError(code: string, message: string, position?: Position, cause?: unknown): RheoError {
  return new RheoError(message, { code, domain: 'user', cause, place: position === undefined ? undefined : { position } })
}

/** A failure outside Rheo: bad data, a missing file, a broker that is gone. */
export function externalError(code: string, message: string, place?: ErrorPlace, cause?: unknown): RheoError {
  return new RheoError(message, { code, domain: 'external', place, cause })
}

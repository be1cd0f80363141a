import { RheoError } from '../base/errors.ts'

/** An operator refused a row. Where its rows lie at the numbers of the source's batch, `row` is that number. */
export class RowError extends RheoError {
  readonly row: number | undefined

  constructor(cause: RheoError, row: number | undefined) {
    super(cause.message, { code: cause.code, domain: cause.domain, place: cause.place, cause: cause.cause })
    this.row = row
  }
}

import type { AggregateCall } from './aggregate.ts'

/** The option of LAG and LEAD whose distance is their second argument, and no constant. */
export const DISTANCE_OF_ROW = 'of row'

/** What LAG or LEAD reads, by places among its arguments. */
export interface LagParts {
  /** How many rows back or forth; undefined where each row says it. */
  readonly distance: number | undefined
  readonly distanceArg: number | undefined
  readonly fallbackArg: number | undefined
}

export function lagParts({ options, args }: Pick<AggregateCall, 'options' | 'args'>): LagParts {
  const isOfRow = options?.[0] === DISTANCE_OF_ROW
  const fallbackArg = isOfRow ? 2 : 1
  return {
    distance: isOfRow ? undefined : Number(options?.[0] ?? 1),
    distanceArg: isOfRow ? 1 : undefined,
    fallbackArg: fallbackArg < args.length ? fallbackArg : undefined,
  }
}

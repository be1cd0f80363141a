import { type RheoError, userError } from '../base/errors.ts'
import type { LogicalOf } from './logical.ts'
import type { OverWindow } from './physical.ts'

export interface StreamingFrame {
  readonly frame: OverWindow['frame']
  readonly timeColumn: number
  /** Rows or milliseconds; undefined: all. */
  readonly preceding: number | undefined
  readonly byClock: boolean
}

/** Functions that run over event time besides the aggregates. */
const streamingFunctions: ReadonlySet<string> = new Set(['ROW_NUMBER', 'LAG'])
const batchOnly: ReadonlySet<string> = new Set(['LEAD', 'NTILE', 'PERCENT_RANK', 'CUME_DIST'])

/** What OVER says, where a stream can answer it: the rows up to the current one, in the order of event time. */
export function streamingFrame({ window, calls, input, at }: LogicalOf<'over'>): StreamingFrame {
  const { orderKeys, frame } = window
  const refuse = (code: string, message: string): RheoError => userError(code, message, at)
  for (const { name } of calls) {
    if (batchOnly.has(name))
      throw refuse(
        'plan/over-needs-batch',
        `Cannot compute ${name} OVER in streaming mode: it needs rows that are still to come; use batch mode`,
      )
    if ((name === 'RANK' || name === 'DENSE_RANK') && !streamingFunctions.has(name))
      throw refuse('unsupported/over', `Cannot compute ${name} OVER yet: in streaming mode there are aggregates, ROW_NUMBER and LAG`)
  }
  if (frame.end.kind !== 'current-row') {
    throw refuse(
      'plan/over-needs-batch',
      'Cannot compute OVER with this frame in streaming mode: it ends behind the current row, with rows that are still to come; end it with CURRENT ROW, or use batch mode',
    )
  }
  const [first] = orderKeys
  const attribute = first === undefined ? undefined : input.schema[first.column]?.timeAttribute
  if (first === undefined || orderKeys.length > 1 || attribute === undefined || first.order === 'descending')
    throw refuse(
      'unsupported/over',
      'Cannot compute OVER in this order yet: in streaming mode rows are ordered by a time attribute alone, ascending',
    )
  const { start } = frame
  if (start.kind === 'following' || start.kind === 'unbounded-following')
    throw refuse('plan/frame', 'Cannot compute OVER with this frame: it begins behind the current row, where it ends')
  const preceding = 'offset' in start ? Number(start.offset.value) : start.kind === 'current-row' ? 0 : undefined
  return { frame, timeColumn: first.column, preceding, byClock: attribute === 'proctime' }
}

/** A RANGE with an offset measures distances by one number or time. */
export function checkRange({ window, input, at }: LogicalOf<'over'>): void {
  const { frame, orderKeys } = window
  const hasOffset = 'offset' in frame.start || 'offset' in frame.end
  if (frame.unit === 'ROWS' || !hasOffset) return
  const kind = orderKeys.length === 1 ? input.schema[orderKeys[0]!.column]?.type.kind : undefined
  if (kind === undefined || !measurable.has(kind))
    throw userError('plan/frame', 'Cannot compute OVER with this RANGE: its offset needs an order by one number or time', at)
}

const measurable: ReadonlySet<string> = new Set([
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'DECIMAL',
  'FLOAT',
  'DOUBLE',
  'DATE',
  'TIME',
  'TIMESTAMP',
  'TIMESTAMP_LTZ',
])

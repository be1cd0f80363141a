import { type RheoError, userError } from '../base/errors.ts'
import type { SqlType } from '../data/types.ts'
import type { LogicalOf } from './logical.ts'

/** How a stream answers OVER: by a time attribute or by plain values. */
export type StreamingOver =
  | {
      readonly order: 'time'
      readonly unit: 'ROWS' | 'RANGE'
      readonly timeColumn: number
      /** Rows or milliseconds; undefined: all. */
      readonly preceding: number | undefined
      readonly byClock: boolean
    }
  | { readonly order: 'value'; readonly unit: 'ROWS' | 'RANGE' }

const batchOnly: ReadonlySet<string> = new Set(['LEAD', 'NTILE', 'PERCENT_RANK', 'CUME_DIST'])

/** What OVER says, where a stream can answer it: the rows up to the current one, in one ascending order. */
export function streamingOver({ window, calls, input, at }: LogicalOf<'over'>): StreamingOver {
  const { orderKeys, frame } = window
  const refuse = (code: string, message: string): RheoError => userError(code, message, at)
  for (const { name } of calls) {
    if (batchOnly.has(name))
      throw refuse(
        'plan/over-needs-batch',
        `Cannot compute ${name} OVER in streaming mode: it needs rows that are still to come; use batch mode`,
      )
  }
  if (frame.end.kind !== 'current-row') {
    throw refuse(
      'plan/over-needs-batch',
      'Cannot compute OVER with this frame in streaming mode: it ends behind the current row, with rows that are still to come; end it with CURRENT ROW, or use batch mode',
    )
  }
  const [first] = orderKeys
  if (first === undefined || orderKeys.length > 1 || first.order === 'descending')
    throw refuse(
      'plan/over-order',
      'Cannot compute OVER in this order in streaming mode: one ascending column was wanted, best the event time; or use batch mode',
    )
  const { start } = frame
  if (start.kind === 'following' || start.kind === 'unbounded-following')
    throw refuse('plan/frame', 'Cannot compute OVER with this frame: it begins behind the current row, where it ends')
  const preceding = 'offset' in start ? Number(start.offset.value) : start.kind === 'current-row' ? 0 : undefined
  const attribute = input.schema[first.column]?.timeAttribute
  if (attribute !== undefined)
    return { order: 'time', unit: frame.unit, timeColumn: first.column, preceding, byClock: attribute === 'proctime' }
  const ordered = input.schema[first.column]
  if (preceding !== undefined && ordered !== undefined && isTimestamp(ordered.type))
    throw refuse(
      'plan/over-order',
      `Cannot compute OVER with a frame of so many rows in the order of "${ordered.name}" in streaming mode: it is no event time here; add WATERMARK FOR it to its table, or use batch mode where its rows change below`,
    )
  if (preceding !== undefined)
    throw refuse(
      'plan/over-order',
      'Cannot compute OVER with a frame of so many rows in the order of plain values in streaming mode: the frame is all rows up to the current one there; order by the event time, or use batch mode',
    )
  return { order: 'value', unit: frame.unit }
}

function isTimestamp({ kind }: SqlType): boolean {
  return kind === 'TIMESTAMP' || kind === 'TIMESTAMP_LTZ'
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

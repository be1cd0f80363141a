import type { SqlType } from '../data/types.ts'

/** A column of a table or of a query's rows. */
export interface Field {
  readonly name: string
  readonly type: SqlType
  /**
   * `rowtime` on the column that event-time operators may go by (TIMESTAMP(0..3) or TIMESTAMP_LTZ(0..3) with a watermark),
   * `proctime` on one that PROCTIME() made. A computation on it loses the mark; a plain reference keeps it.
   */
  readonly timeAttribute?: 'rowtime' | 'proctime'
  /** A value that was made of event times alone, as by adding an interval: windows in GROUP BY and temporal joins go by it, nothing else does. */
  readonly movesTime?: true
}

/** The columns of a table or of a query, in order. Names may repeat in a query. */
export type Schema = readonly Field[]

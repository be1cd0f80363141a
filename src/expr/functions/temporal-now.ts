import { assert } from '../../base/assert.ts'
import { MS_PER_DAY } from '../../data/datetime.ts'
import { types, type SqlType } from '../../data/types.ts'
import { isTimestamp } from '../coercion.ts'
import type { CallSite, ScalarFunction } from '../function.ts'
import { signature, type Parameter } from '../signature.ts'
import { sessionZone } from './temporal-arguments.ts'

/** The moment of a query: in batch mode one for all its rows, else that of the row. */
function queryMs(site: CallSite): number {
  return site.context.queryStartMs ?? site.context.clock.nowMs()
}

const nanosOfMs = (ms: number): bigint => BigInt(ms) * 1_000_000n

const localMs = (site: CallSite): number => {
  const ms = queryMs(site)
  return ms + sessionZone(site).offsetAtUtc(ms)
}

interface Now {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly form: string
  readonly type: SqlType
  readonly doc: string
  readonly evaluate: (site: CallSite) => number | bigint
}

function now({ name, aliases, form, type, doc, evaluate }: Now): ScalarFunction {
  return {
    name,
    ...(aliases === undefined ? {} : { aliases }),
    family: 'temporal',
    forms: [form],
    doc,
    examples: [[`${form} IS NULL`, 'FALSE']],
    resolve: signature({ parameters: [], returns: type, nullable: 'own' }),
    nulls: 'strict',
    isDeterministic: false,
    evaluate: (_, site) => evaluate(site),
  }
}

const each = 'evaluated for each row, in batch mode once a query'

const clockFunctions: readonly ScalarFunction[] = [
  now({
    name: 'CURRENT_TIMESTAMP',
    form: 'CURRENT_TIMESTAMP',
    type: types.timestampLtz(3, false),
    doc: `Now as TIMESTAMP_LTZ(3); ${each}.`,
    evaluate: (site) => nanosOfMs(queryMs(site)),
  }),
  now({
    name: 'NOW',
    form: 'NOW()',
    type: types.timestampLtz(3, false),
    doc: `Now as TIMESTAMP_LTZ(3), as CURRENT_TIMESTAMP; ${each}.`,
    evaluate: (site) => nanosOfMs(queryMs(site)),
  }),
  now({
    name: 'CURRENT_ROW_TIMESTAMP',
    form: 'CURRENT_ROW_TIMESTAMP()',
    type: types.timestampLtz(3, false),
    doc: 'Now as TIMESTAMP_LTZ(3); evaluated for each row in every mode.',
    evaluate: (site) => nanosOfMs(site.context.clock.nowMs()),
  }),
  now({
    name: 'PROCTIME',
    form: 'PROCTIME()',
    type: types.timestampLtz(3, false),
    doc: 'The processing time of the row as TIMESTAMP_LTZ(3).',
    evaluate: (site) => nanosOfMs(site.context.clock.nowMs()),
  }),
  now({
    name: 'LOCALTIMESTAMP',
    form: 'LOCALTIMESTAMP',
    type: types.timestamp(3, false),
    doc: `Now on the wall clock of the session as TIMESTAMP(3); ${each}.`,
    evaluate: (site) => nanosOfMs(localMs(site)),
  }),
  now({
    name: 'CURRENT_DATE',
    form: 'CURRENT_DATE',
    type: types.date(false),
    doc: `Today in the zone of the session; ${each}.`,
    evaluate: (site) => Math.floor(localMs(site) / MS_PER_DAY),
  }),
  now({
    name: 'LOCALTIME',
    aliases: ['CURRENT_TIME'],
    form: 'LOCALTIME',
    type: types.time(0, false),
    doc: `The time of day in the zone of the session as TIME(0); ${each}.`,
    evaluate: (site) => {
      const ms = localMs(site)
      return Math.floor((ms - Math.floor(ms / MS_PER_DAY) * MS_PER_DAY) / 1000) * 1000
    },
  }),
]

const rowtime: Parameter = {
  wanted: 'an event time column',
  accept: ({ type }) => (isTimestamp(type) ? type : undefined),
}

/** Functions that stand for a watermark: the planner replaces them, they are never evaluated. */
const watermarkFunctions: readonly ScalarFunction[] = [
  {
    name: 'SOURCE_WATERMARK',
    family: 'temporal',
    forms: ['SOURCE_WATERMARK()'],
    doc: 'In WATERMARK FOR only: the watermark that the source itself knows.',
    examples: [],
    resolve: signature({ parameters: [], returns: types.timestampLtz(3, false), nullable: 'own' }),
    nulls: 'strict',
    isDeterministic: false,
    evaluate: () => replaced('SOURCE_WATERMARK'),
  },
  {
    name: 'CURRENT_WATERMARK',
    family: 'temporal',
    forms: ['CURRENT_WATERMARK(rowtime)'],
    doc: 'The watermark of the rows before this one, in the type of the event time column with precision 3; NULL before the first.',
    examples: [],
    resolve: signature({
      parameters: [rowtime],
      returns: ([type]) => (type!.kind === 'TIMESTAMP_LTZ' ? types.timestampLtz(3) : types.timestamp(3)),
      nullable: 'always',
    }),
    nulls: 'custom',
    isDeterministic: false,
    evaluate: () => replaced('CURRENT_WATERMARK'),
  },
]

function replaced(name: string): never {
  assert(false, `the planner replaces ${name}`)
}

/** The clock, and what stands for watermarks. */
export const temporalNowFunctions: readonly ScalarFunction[] = [...clockFunctions, ...watermarkFunctions]

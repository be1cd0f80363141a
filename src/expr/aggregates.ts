import { assert } from '../base/assert.ts'
import { MAX_DECIMAL_PRECISION, type SqlType, types, withNullability } from '../data/types.ts'
import type { AggregateFunction } from './aggregate.ts'
import { bitmapAggregates } from './bitmap-aggregates.ts'
import { isInteger } from './coercion.ts'
import type { ArgInfo, ResolvedCall } from './function.ts'

/** The aggregate functions that run. Result types are Flink's: a sum or average of integers keeps their type and wraps. */
const supported: readonly AggregateFunction[] = [
  {
    name: 'COUNT',
    forms: ['COUNT(*)', 'COUNT([DISTINCT] value)'],
    doc: 'Counts rows, or the rows whose value is not NULL',
    resolve: (args) => {
      if (args.length === 0) return { type: types.bigint(false), argTypes: [] }
      return args.length === 1
        ? { type: types.bigint(false), argTypes: [args[0]!.type] }
        : 'one value; COUNT(ROW(a, b)) counts several together'
    },
  },
  {
    name: 'SUM',
    forms: ['SUM([DISTINCT] number)'],
    doc: 'The sum of the values that are not NULL; NULL when there are none. Integers keep their type and wrap',
    resolve: ofNumber((type) => (type.kind === 'DECIMAL' ? types.decimal(MAX_DECIMAL_PRECISION, type.scale, type.nullable) : type)),
  },
  {
    name: 'AVG',
    forms: ['AVG([DISTINCT] number)'],
    doc: 'The average of the values that are not NULL; NULL when there are none. That of integers is an integer, cut',
    resolve: ofAverage,
  },
  {
    name: 'MIN',
    forms: ['MIN(value)'],
    doc: 'The least value that is not NULL; NULL when there is none',
    resolve: ofComparable,
  },
  {
    name: 'MAX',
    forms: ['MAX(value)'],
    doc: 'The greatest value that is not NULL; NULL when there is none',
    resolve: ofComparable,
  },
  {
    name: 'FIRST_VALUE',
    forms: ['FIRST_VALUE(value)'],
    doc: 'The value that is not NULL and arrived first; NULL when there is none',
    resolve: ofAny,
  },
  {
    name: 'LAST_VALUE',
    forms: ['LAST_VALUE(value)'],
    doc: 'The value that is not NULL and arrived last; NULL when there is none',
    resolve: ofAny,
  },
  {
    name: 'COLLECT',
    forms: ['COLLECT([DISTINCT] value)'],
    doc: 'The multiset of the values that are not NULL',
    resolve: (args) => {
      const [arg] = args
      if (args.length !== 1 || arg === undefined) return 'count'
      return { type: types.multiset(arg.type, false), argTypes: [arg.type] }
    },
  },
  {
    name: 'LISTAGG',
    forms: ['LISTAGG([DISTINCT] text [, separator])'],
    doc: 'The texts that are not NULL, in the order in which they arrived, between them a comma or the separator; NULL when there are none',
    valueCount: 1,
    resolve: (args) => {
      const [arg] = args
      if (arg === undefined || args.length > 2) return 'count'
      if (!isText(arg.type)) return 'a text as argument 1'
      return { type: arg.type, argTypes: [arg.type] }
    },
  },
  {
    name: 'ARRAY_AGG',
    forms: ['ARRAY_AGG([DISTINCT] value [ORDER BY key, ...]) [IGNORE NULLS | RESPECT NULLS]'],
    doc: 'The values in the order in which they arrived or that ORDER BY says, NULLs among them unless they are ignored; NULL when there is no row',
    resolve: (args) => {
      const [arg] = args
      if (args.length !== 1 || arg === undefined) return 'count'
      return { type: types.array(arg.type, arg.type.nullable), argTypes: [arg.type] }
    },
  },
  {
    name: 'JSON_ARRAYAGG',
    forms: ['JSON_ARRAYAGG(value [ORDER BY key, ...] [NULL ON NULL | ABSENT ON NULL])'],
    doc: 'The values as a JSON array, in the order in which they arrived or that ORDER BY says; NULLs are left out unless told otherwise',
    resolve: ofJsonPart,
  },
  {
    name: 'JSON_OBJECTAGG',
    forms: ['JSON_OBJECTAGG([KEY] key VALUE value [NULL ON NULL | ABSENT ON NULL])'],
    doc: 'A JSON object of the keys and values, by key; it is an error for a key to come twice',
    resolve: ofJsonPart,
  },
  {
    name: 'STDDEV_POP',
    forms: ['STDDEV_POP([DISTINCT] number)'],
    doc: 'The standard deviation of the values, as the whole population; NULL when there are none',
    resolve: ofAverage,
  },
  {
    name: 'STDDEV_SAMP',
    aliases: ['STDDEV'],
    forms: ['STDDEV_SAMP([DISTINCT] number)'],
    doc: 'The standard deviation of the values, as a sample; NULL when there are less than two',
    resolve: ofAverage,
  },
  {
    name: 'VAR_POP',
    forms: ['VAR_POP([DISTINCT] number)'],
    doc: 'The variance of the values, as the whole population; NULL when there are none',
    resolve: ofAverage,
  },
  {
    name: 'VAR_SAMP',
    aliases: ['VARIANCE'],
    forms: ['VAR_SAMP([DISTINCT] number)'],
    doc: 'The variance of the values, as a sample; NULL when there are less than two',
    resolve: ofAverage,
  },
  {
    name: 'SINGLE_VALUE',
    forms: ['SINGLE_VALUE(value)'],
    doc: 'The value of the only row; an error when there are more, NULL when there is none',
    resolve: ofAny,
  },
  {
    name: 'PERCENTILE',
    forms: [
      'PERCENTILE([DISTINCT] number, percentage [, frequency])',
      'PERCENTILE([DISTINCT] number, ARRAY[percentage, ...] [, frequency])',
    ],
    doc: 'The value below which that share of the values lies, from 0 to 1, between two values in proportion; NULL when there are none. A frequency counts a value so often',
    valueCount: 1,
    resolve: ofPercentile,
  },
  ...bitmapAggregates,
  {
    name: 'APPROX_COUNT_DISTINCT',
    forms: ['APPROX_COUNT_DISTINCT(value)'],
    doc: 'The number of different values that are not NULL; exact here',
    resolve: (args) => {
      const [arg] = args
      return args.length !== 1 || arg === undefined ? 'count' : { type: types.bigint(false), argTypes: [arg.type] }
    },
  },
]

/** Aggregates of Flink that the binder refuses by name. */
const laterAggregates: ReadonlySet<string> = new Set([
  'JSON_OBJECTAGG_NULL_ON_NULL',
  'JSON_ARRAYAGG_NULL_ON_NULL',
  'GROUPING',
  'GROUPING_ID',
  'GROUP_ID',
])

/** Functions that need an OVER clause. */
const overFunctions: ReadonlySet<string> = new Set([
  'ROW_NUMBER',
  'RANK',
  'DENSE_RANK',
  'PERCENT_RANK',
  'CUME_DIST',
  'NTILE',
  'LEAD',
  'LAG',
  'NTH_VALUE',
])

const byName = new Map(
  supported.flatMap((definition) => [definition.name, ...(definition.aliases ?? [])].map((name) => [name, definition] as const)),
)

/** Aggregates that answer by the order in which rows arrive. */
const orderSensitive: ReadonlySet<string> = new Set([
  'FIRST_VALUE',
  'LAST_VALUE',
  'COLLECT',
  'LISTAGG',
  'ARRAY_AGG',
  'JSON_ARRAYAGG',
  'JSON_OBJECTAGG',
])

/** Every aggregate function that runs, by name. */
export function aggregateFunctions(): readonly AggregateFunction[] {
  return supported.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

export function lookupAggregate(name: string): AggregateFunction | undefined {
  return byName.get(name.toUpperCase())
}

/** `supported` runs, `later` is Flink's and not here yet, `over` needs an OVER clause; undefined: no aggregate. */
export function aggregateKind(name: string): 'supported' | 'later' | 'over' | undefined {
  const upper = name.toUpperCase()
  if (byName.has(upper)) return 'supported'
  if (laterAggregates.has(upper)) return 'later'
  return overFunctions.has(upper) ? 'over' : undefined
}

/** Every name that Flink knows as an aggregate or ranking function, for lists and suggestions. */
export function aggregateNames(): readonly string[] {
  return [...byName.keys(), ...laterAggregates, ...overFunctions]
}

export function readsArrivalOrder(name: string): boolean {
  return orderSensitive.has(name)
}

function isText(type: SqlType): boolean {
  return type.kind === 'VARCHAR' || type.kind === 'CHAR'
}

/** Each row as JSON of one member, which the binder makes. */
function ofJsonPart(args: readonly ArgInfo[]): ResolvedCall | string {
  const [arg] = args
  return args.length !== 1 || arg === undefined ? 'count' : { type: types.varchar(2000, false), argTypes: [arg.type] }
}

function isNumber(type: SqlType): boolean {
  return ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'DECIMAL', 'FLOAT', 'DOUBLE'].includes(type.kind)
}

function ofNumber(result: (type: SqlType) => SqlType): (args: readonly ArgInfo[]) => ResolvedCall | string {
  return (args) => {
    const [arg] = args
    if (args.length !== 1 || arg === undefined) return 'count'
    return isNumber(arg.type) ? { type: result(arg.type), argTypes: [arg.type] } : 'a number as argument 1'
  }
}

function ofAverage(args: readonly ArgInfo[]): ResolvedCall | string {
  return ofNumber((type) =>
    type.kind === 'DECIMAL' ? types.decimal(MAX_DECIMAL_PRECISION, Math.max(6, type.scale), type.nullable) : type,
  )(args)
}

function ofPercentile(args: readonly ArgInfo[]): ResolvedCall | string {
  const [value, percentage, frequency] = args
  if (value === undefined || percentage === undefined || args.length > 3) return 'count'
  if (!isNumber(value.type)) return 'a number as argument 1'
  const isArray = percentage.type.kind === 'ARRAY'
  const share = percentage.type.kind === 'ARRAY' ? percentage.type.element : percentage.type
  if (!isNumber(share)) return 'a number from 0 to 1 as argument 2, or an array of such'
  if (frequency !== undefined && !isInteger(frequency.type)) return 'a whole number as argument 3'
  return { type: isArray ? types.array(types.double()) : types.double(), argTypes: args.map((arg) => arg.type) }
}

function ofAny(args: readonly ArgInfo[]): ResolvedCall | string {
  const [arg] = args
  if (args.length !== 1 || arg === undefined) return 'count'
  return { type: arg.type, argTypes: [arg.type] }
}

const comparableKinds: ReadonlySet<SqlType['kind']> = new Set([
  'BOOLEAN',
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'DECIMAL',
  'FLOAT',
  'DOUBLE',
  'CHAR',
  'VARCHAR',
  'DATE',
  'TIME',
  'TIMESTAMP',
  'TIMESTAMP_LTZ',
  'INTERVAL_YEAR_MONTH',
  'INTERVAL_DAY_TIME',
])

function ofComparable(args: readonly ArgInfo[]): ResolvedCall | string {
  const [arg] = args
  if (args.length !== 1 || arg === undefined) return 'count'
  if (!comparableKinds.has(arg.type.kind)) return 'a number, text, time or BOOLEAN as argument 1'
  return { type: arg.type, argTypes: [arg.type] }
}

const neverNull: ReadonlySet<string> = new Set(['COUNT', 'COLLECT', 'JSON_ARRAYAGG', 'JSON_OBJECTAGG', 'APPROX_COUNT_DISTINCT'])

/** The type of an aggregate's result where it may see no row at all: without GROUP BY, or behind FILTER. */
export function typeOverNoRows(name: string, type: SqlType): SqlType {
  assert(byName.has(name), 'the aggregate is known')
  return neverNull.has(name) ? type : withNullability(type, true)
}

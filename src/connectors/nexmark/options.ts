import { userError } from '../../base/errors.ts'
import type { OptionDefinition } from '../../catalog/option.ts'
import { checkTableOptions, parseMemorySize, inTable } from '../../catalog/options.ts'
import type { Table } from '../../catalog/table.ts'
import { formatType, type SqlType, types, withNullability } from '../../data/types.ts'

/** The options of the public benchmark's source, with its defaults, and `base-time`, without which nothing would be repeatable. */
export const nexmarkOptions: readonly OptionDefinition[] = [
  { key: 'first-event.rate', type: 'int', default: '10000', doc: 'Events a second of event time at first' },
  { key: 'next-event.rate', type: 'int', default: '10000', doc: 'Events a second of event time in turn with the first rate' },
  { key: 'rate.shape', type: { oneOf: ['SQUARE', 'SINE'] }, default: 'SQUARE', doc: 'How the rate goes between the two' },
  { key: 'rate.period', type: 'duration', default: '600 s', doc: 'Time after which the rates repeat' },
  { key: 'rate.limited', type: 'boolean', default: 'false', doc: 'Whether events come at their rate in real time' },
  { key: 'events.num', type: 'long', default: '0', doc: 'How many events there are; 0: no end' },
  { key: 'person.proportion', type: 'int', default: '1', doc: 'People among the events' },
  { key: 'auction.proportion', type: 'int', default: '3', doc: 'Auctions among the events' },
  { key: 'bid.proportion', type: 'int', default: '46', doc: 'Bids among the events' },
  { key: 'person.avg-size', type: 'memory', default: '200b', doc: 'Average bytes of a person' },
  { key: 'auction.avg-size', type: 'memory', default: '500b', doc: 'Average bytes of an auction' },
  { key: 'bid.avg-size', type: 'memory', default: '100b', doc: 'Average bytes of a bid' },
  { key: 'bid.hot-ratio.auctions', type: 'int', default: '2', doc: 'One in so many bids is not for a hot auction' },
  { key: 'bid.hot-ratio.bidders', type: 'int', default: '4', doc: 'One in so many bids is not by a hot bidder' },
  { key: 'auction.hot-ratio.sellers', type: 'int', default: '4', doc: 'One in so many auctions is not by a hot seller' },
  { key: 'base-time', type: 'long', default: '1704067200000', doc: 'Event time of the first event, epoch milliseconds' },
]

export interface NexmarkSettings {
  readonly firstRate: number
  readonly nextRate: number
  readonly shape: 'SQUARE' | 'SINE'
  readonly periodSeconds: number
  readonly isRateLimited: boolean
  /** Infinity: no end. */
  readonly eventCount: number
  readonly personProportion: number
  readonly auctionProportion: number
  readonly bidProportion: number
  readonly personBytes: number
  readonly auctionBytes: number
  readonly bidBytes: number
  readonly hotAuctionRatio: number
  readonly hotBidderRatio: number
  readonly hotSellerRatio: number
  readonly baseTimeMs: number
}

export function nexmarkSettings(table: Table): NexmarkSettings {
  const values = checkTableOptions(table, { name: 'the connector "nexmark"' }, nexmarkOptions)
  const fallback = new Map(nexmarkOptions.map((option) => [option.key, option.default ?? '']))
  const number = (key: string, least: number): number => {
    const value = Number(values.get(key) ?? (key.endsWith('-size') ? parseMemorySize(fallback.get(key) ?? '') : fallback.get(key)))
    if (value < least) throw atTable(table, `Cannot set option "${key}": found ${value}, wanted at least ${least}`)
    return value
  }
  const events = number('events.num', 0)
  return {
    firstRate: number('first-event.rate', 1),
    nextRate: number('next-event.rate', 1),
    shape: values.get('rate.shape') === 'SINE' ? 'SINE' : 'SQUARE',
    periodSeconds: Number(values.get('rate.period') ?? 600_000) / 1000,
    isRateLimited: values.get('rate.limited') === true,
    eventCount: events === 0 ? Infinity : events,
    personProportion: number('person.proportion', 1),
    auctionProportion: number('auction.proportion', 1),
    bidProportion: number('bid.proportion', 0),
    personBytes: number('person.avg-size', 0),
    auctionBytes: number('auction.avg-size', 0),
    bidBytes: number('bid.avg-size', 0),
    hotAuctionRatio: number('bid.hot-ratio.auctions', 1),
    hotBidderRatio: number('bid.hot-ratio.bidders', 1),
    hotSellerRatio: number('auction.hot-ratio.sellers', 1),
    baseTimeMs: number('base-time', 0),
  }
}

const time = types.timestamp(3)
const text = types.string()
const long = types.bigint()

function row(fields: Readonly<Record<string, SqlType>>): SqlType {
  return types.row(Object.entries(fields).map(([name, type]) => ({ name, type })))
}

/** The physical columns that the source can give, as the public benchmark declares them. */
export const nexmarkColumns: Readonly<Record<string, SqlType>> = {
  event_type: types.integer(),
  person: row({ id: long, name: text, emailAddress: text, creditCard: text, city: text, state: text, dateTime: time, extra: text }),
  auction: row({
    id: long,
    itemName: text,
    description: text,
    initialBid: long,
    reserve: long,
    dateTime: time,
    expires: time,
    seller: long,
    category: long,
    extra: text,
  }),
  bid: row({ auction: long, bidder: long, price: long, channel: text, url: text, dateTime: time, extra: text }),
}

/** Refuses a table whose columns are not the benchmark's. A column may be missing; its type must be the same. */
export function checkNexmarkColumns(table: Table): void {
  for (const column of table.columns) {
    if (column.kind !== 'physical') continue
    const wanted = nexmarkColumns[column.name]
    if (wanted === undefined) {
      throw atTable(table, `Cannot read column "${column.name}": nexmark has ${Object.keys(nexmarkColumns).join(', ')}`)
    }
    if (formatType(withNullability(column.type, true)) !== formatType(wanted)) {
      throw atTable(table, `Cannot read column "${column.name}" as ${formatType(column.type)}: nexmark has ${formatType(wanted)}`)
    }
  }
}

function atTable(table: Table, message: string): Error {
  const error = userError('sql/option-value', message)
  return inTable(error, table)
}

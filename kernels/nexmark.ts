// Events of the Nexmark benchmark, straight into columns. An event depends only on the seed and its number, so that any range can be made
// without those before it. Names, proportions and distributions are those of the public generator; its random numbers are not.
//
// `context` is a struct of u32 slots that `src/connectors/nexmark/events.ts` fills; an address of 0 stands for a column that nobody reads.

const GOLDEN: u64 = 0x9e3779b97f4a7c15

const FIRST_AUCTION_ID: i64 = 1000
const FIRST_PERSON_ID: i64 = 1000
const FIRST_CATEGORY_ID: i64 = 10
const CATEGORIES: u32 = 5
const PERSON_ID_LEAD: i64 = 10
const AUCTION_ID_LEAD: i64 = 10
const ACTIVE_PEOPLE: i64 = 1000
const IN_FLIGHT_AUCTIONS: i64 = 100
/** One in so many auctions, people and sellers is a hot one. */
const HOT_SPACING: i64 = 100
const HOT_CHANNELS: u32 = 4
const CHANNELS: u32 = 10000
const SHORTEST_TEXT: u32 = 3
/** Of 65,537 prices; behind them 256 powers of the upper byte of their number, times 100, and 256 of the lower byte. */
const PRICE_TABLE_BYTES: usize = 65537 * 8
/** Bytes of a bid beside its padding. */
const BID_USED: u32 = 32

// Slots of the context, in units of 4 bytes. The same numbers stand in events.ts.
const TEXT = 0
const POOL = 1
const POOL_MASK = 2
const PRICES = 3
const CHANNEL_VIEWS = 4
const URL_VIEWS = 5
const NAME_VIEWS = 6
const CITY_VIEWS = 7
const STATE_VIEWS = 8
const NAME_COUNT = 9
const CITY_COUNT = 10
const STATE_COUNT = 11
const PERSON_PROPORTION = 12
const AUCTION_PROPORTION = 13
const BID_PROPORTION = 14
const HOT_AUCTION_RATIO = 15
const HOT_BIDDER_RATIO = 16
const HOT_SELLER_RATIO = 17
const PERSON_SIZE = 18
const AUCTION_SIZE = 19
const BID_SIZE = 20
const EVENT_TYPE = 21
const PERSON_NULLS = 22
const AUCTION_NULLS = 23
const BID_NULLS = 24
const PERSON_ID = 25
const PERSON_NAME = 26
const PERSON_EMAIL = 27
const PERSON_CARD = 28
const PERSON_CITY = 29
const PERSON_STATE = 30
const PERSON_TIME = 31
const PERSON_EXTRA = 32
const AUCTION_ID = 33
const AUCTION_ITEM = 34
const AUCTION_DESCRIPTION = 35
const AUCTION_INITIAL = 36
const AUCTION_RESERVE = 37
const AUCTION_TIME = 38
const AUCTION_EXPIRES = 39
const AUCTION_SELLER = 40
const AUCTION_CATEGORY = 41
const AUCTION_EXTRA = 42
const BID_AUCTION = 43
const BID_BIDDER = 44
const BID_PRICE = 45
const BID_CHANNEL = 46
const BID_URL = 47
const BID_TIME = 48
const BID_EXTRA = 49

let state: u64 = 0

@inline
function next(): u64 {
  state += GOLDEN
  let z = state
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb
  return z ^ (z >> 31)
}

/** Uniform below `bound`, from the upper half of a draw. */
@inline
function below(bound: u32): u32 {
  return <u32>(((next() >> 32) * <u64>bound) >> 32)
}

@inline
function slot(context: usize, index: usize): usize {
  return <usize>load<u32>(context + (index << 2))
}

@inline
function number(context: usize, index: usize): u32 {
  return load<u32>(context + (index << 2))
}

@inline
function setLong(cells: usize, row: usize, value: i64): void {
  if (cells !== 0) store<i64>(cells + (row << 3), value)
}

@inline
function setView(cells: usize, row: usize, address: usize, length: u32): void {
  store<u64>(cells + (row << 3), <u64>address | (<u64>length << 32))
}

@inline
function price(table: usize): i64 {
  return priceOf(table, next())
}

/** What a step of the price table multiplies: 10 to the power of 6 / 65536, less 1. */
const PRICE_STEP: f64 = 0.00021083018295447873
/** How near to a half a price may lie before its last bits decide which way it is rounded: far above the error of a product of two table cells. */
const PRICE_DOUBT: f64 = 0.0001

/**
 * 10 to the power of a uniform number up to 6, times 100, rounded: a straight line between two of 65,536 steps. The whole table does not stay in the cache, so its cells
 * are products of the powers of the upper and of the lower byte of the step, which do; only where rounding is in doubt the table itself is read.
 */
@inline
function priceOf(table: usize, bits: u64): i64 {
  const step = <usize>(bits >> 48)
  const share = <f64>(<u32>bits) * (1.0 / 4294967296.0)
  const powers = table + PRICE_TABLE_BYTES
  const low = load<f64>(powers + (step >> 8 << 3)) * load<f64>(powers + ((step & 0xff) << 3), 256 << 3)
  const value = low + low * PRICE_STEP * share
  const rounded = nearest(value)
  return abs(value - rounded) > 0.5 - PRICE_DOUBT ? exactPrice(table + (step << 3), share) : <i64>rounded
}

function exactPrice(at: usize, share: f64): i64 {
  const low = load<f64>(at)
  return <i64>nearest(low + (load<f64>(at, 8) - low) * share)
}

/** A text of the pool of letters, `length` characters from a random place. */
@inline
function setPoolText(context: usize, cells: usize, row: usize, length: u32): void {
  const place = <u32>next()
  if (cells !== 0) setView(cells, row, slot(context, POOL) + <usize>(place & number(context, POOL_MASK)), length)
}

@inline
function setExtra(context: usize, cells: usize, row: usize, size: u32, used: u32): void {
  const draw = <u32>(next() >> 32)
  const place = <u32>next()
  if (cells !== 0) setPadding(context, cells, row, size, used, draw, place)
}

/** How much shorter or longer padding may be than the `wanted` bytes. */
@inline
function paddingDelta(wanted: u32): u32 {
  return <u32>nearest(<f64>wanted * 0.2)
}

/** Padding that brings an event to its average size, give or take a fifth. */
@inline
function setPadding(context: usize, cells: usize, row: usize, size: u32, used: u32, draw: u32, place: u32): void {
  if (used >= size) {
    setView(cells, row, 0, 0)
    return
  }
  const wanted = size - used
  const delta = paddingDelta(wanted)
  const length = wanted - delta + (delta === 0 ? 0 : <u32>((<u64>draw * (<u64>delta << 1)) >> 32))
  setView(cells, row, slot(context, POOL) + <usize>(place & number(context, POOL_MASK)), length)
}

/** The latest person when event `offset` of an epoch happens, of which each has `people`. */
@inline
function lastPerson(epoch: i64, offset: i64, people: i64): i64 {
  return epoch * people + (offset >= people ? people - 1 : offset)
}

@inline
function lastAuction(epoch: i64, offset: i64, people: i64, auctions: i64): i64 {
  if (offset < people) return epoch * auctions - 1
  return epoch * auctions + (offset >= people + auctions ? auctions - 1 : offset - people)
}

@inline
function somePerson(last: i64): i64 {
  const people = last + 1
  const active = min<i64>(people, ACTIVE_PEOPLE)
  return people - active + <i64>below(<u32>(active + PERSON_ID_LEAD))
}

@inline
function copyView(cells: usize, row: usize, views: usize, index: u32): void {
  if (cells !== 0) store<u64>(cells + (row << 3), load<u64>(views + (<usize>index << 3)))
}

function makePerson(context: usize, row: usize, person: i64): void {
  setLong(slot(context, PERSON_ID), row, person + FIRST_PERSON_ID)
  copyView(slot(context, PERSON_NAME), row, slot(context, NAME_VIEWS), below(number(context, NAME_COUNT)))
  copyView(slot(context, PERSON_CITY), row, slot(context, CITY_VIEWS), below(number(context, CITY_COUNT)))
  copyView(slot(context, PERSON_STATE), row, slot(context, STATE_VIEWS), below(number(context, STATE_COUNT)))
  setExtra(context, slot(context, PERSON_EXTRA), row, number(context, PERSON_SIZE), 70)
  const beforeEmail = state
  const email = slot(context, PERSON_EMAIL)
  if (email !== 0) {
    const at = slot(context, TEXT)
    let end = letters(at, SHORTEST_TEXT + below(4))
    store<u8>(end++, 0x40)
    end = letters(end, SHORTEST_TEXT + below(2))
    store<u32>(end, 0x6d6f632e) // ".com"
    end += 4
    setView(email, row, at, <u32>(end - at))
    store<u32>(context + (TEXT << 2), <u32>end)
  }
  state = beforeEmail + 1
  const card = slot(context, PERSON_CARD)
  if (card !== 0) {
    const at = slot(context, TEXT)
    for (let i: usize = 0; i < 19; i++) store<u8>(at + i, i % 5 === 4 ? 0x20 : <u8>(0x30 + below(10)))
    setView(card, row, at, 19)
    store<u32>(context + (TEXT << 2), <u32>(at + 19))
  }
}

function letters(at: usize, length: u32): usize {
  const end = at + <usize>length
  for (let i = at; i < end; i++) store<u8>(i, <u8>(0x61 + below(26)))
  return end
}

function makeAuction(context: usize, row: usize, auction: i64, person: i64, time: i64, horizonMs: i64): void {
  const initial = price(slot(context, PRICES))
  const itemLength = SHORTEST_TEXT + below(17)
  const descriptionLength = SHORTEST_TEXT + below(97)
  setLong(slot(context, AUCTION_ID), row, auction + FIRST_AUCTION_ID)
  setLong(slot(context, AUCTION_INITIAL), row, initial)
  setLong(slot(context, AUCTION_RESERVE), row, initial + price(slot(context, PRICES)))
  setLong(slot(context, AUCTION_EXPIRES), row, time + 1 + <i64>below(<u32>max<i64>(horizonMs * 2, 1)))
  const isHot = below(number(context, HOT_SELLER_RATIO)) > 0
  const seller = isHot ? (person / HOT_SPACING) * HOT_SPACING : somePerson(person)
  setLong(slot(context, AUCTION_SELLER), row, seller + FIRST_PERSON_ID)
  setLong(slot(context, AUCTION_CATEGORY), row, FIRST_CATEGORY_ID + <i64>below(CATEGORIES))
  setPoolText(context, slot(context, AUCTION_ITEM), row, itemLength)
  setPoolText(context, slot(context, AUCTION_DESCRIPTION), row, descriptionLength)
  setExtra(context, slot(context, AUCTION_EXTRA), row, number(context, AUCTION_SIZE), 64 + itemLength + descriptionLength)
}

/** Whether anybody reads more of an event than its time. Each event draws its numbers for itself: one that is not read need not be made. */
@inline
function isRead(context: usize, from: usize, to: usize, time: usize): bool {
  let any: u32 = 0
  for (let index = from; index <= to; index++) any |= index === time ? 0 : number(context, index)
  return any !== 0
}

/**
 * Makes events `first` to `first + count - 1` at rows 0 to `count - 1`. Event `first + i` happens `i * delayUs` microseconds, rounded down to
 * milliseconds, after `baseUs`. A bid draws its numbers in a fixed order whatever is read, so that a projection never changes another column.
 */
export function nexmarkEvents(context: usize, seed: u64, first: i64, count: i32, baseUs: f64, delayUs: f64, horizonMs: i64): void {
  const people = <i64>number(context, PERSON_PROPORTION)
  const auctions = <i64>number(context, AUCTION_PROPORTION)
  const total = people + auctions + <i64>number(context, BID_PROPORTION)
  const types = slot(context, EVENT_TYPE)
  const personNulls = slot(context, PERSON_NULLS)
  const auctionNulls = slot(context, AUCTION_NULLS)
  const bidNulls = slot(context, BID_NULLS)
  const hasPeople = isRead(context, PERSON_ID, PERSON_EXTRA, PERSON_TIME)
  const hasAuctions = isRead(context, AUCTION_ID, AUCTION_EXTRA, AUCTION_TIME)
  let epoch = first / total
  let offset = first % total
  let i: usize = 0
  while (i < <usize>count) {
    if (offset == total) {
      epoch++
      offset = 0
    }
    // The bids of an epoch follow each other, and have the same people and auctions before them.
    const isBid = offset >= people + auctions
    const kind: i32 = isBid ? 2 : offset < people ? 0 : 1
    const end = isBid ? min(i + <usize>(total - offset), <usize>count) : i + 1
    for (let row = i; row < end; row++) {
      if (types !== 0) store<i32>(types + (row << 2), kind)
      if (personNulls !== 0) store<u8>(personNulls + row, <u8>(kind !== 0))
      if (auctionNulls !== 0) store<u8>(auctionNulls + row, <u8>(kind !== 1))
      if (bidNulls !== 0) store<u8>(bidNulls + row, <u8>(kind !== 2))
    }
    const person = lastPerson(epoch, offset, people)
    const auction = lastAuction(epoch, offset, people, auctions)
    if (isBid) makeBids(context, i, end, seed + <u64>first, person, auction, baseUs, delayUs)
    else {
      const time = <i64>((baseUs + <f64>i * delayUs) * 0.001)
      setLong(slot(context, kind === 0 ? PERSON_TIME : AUCTION_TIME), i, time)
      state = (seed + <u64>first + <u64>i) * 0xd1342543de82ef95
      if (kind === 0) {
        if (hasPeople) makePerson(context, i, person)
      } else if (hasAuctions) makeAuction(context, i, auction, person, time, horizonMs)
    }
    offset += <i64>(end - i)
    i = end
  }
}

/** The draw number `turn`, from 1, of the event whose draws begin at `start`: each can be drawn without those before it. */
@inline
function draw(start: u64, turn: u64): u64 {
  let z = start * 0xd1342543de82ef95 + turn * GOLDEN
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb
  return z ^ (z >> 31)
}

/** `a` where `choice` is not 0, else `b`: a branch that chance decides costs more than the rest of a draw. */
@inline
function either(choice: u64, a: i64, b: i64): i64 {
  return b ^ ((a ^ b) & (0 - i64(choice != 0)))
}

/**
 * Makes bids at rows `from` to `to - 1`, of events `first + row`, when `person` and `auction` are the latest. Column by column: short loops have more loads from
 * tables under way at once.
 */
function makeBids(context: usize, from: usize, to: usize, first: u64, person: i64, auction: i64, baseUs: f64, delayUs: f64): void {
  const auctionCells = slot(context, BID_AUCTION)
  const bidderCells = slot(context, BID_BIDDER)
  const priceCells = slot(context, BID_PRICE)
  const channelCells = slot(context, BID_CHANNEL)
  const urlCells = slot(context, BID_URL)
  const timeCells = slot(context, BID_TIME)
  const extraCells = slot(context, BID_EXTRA)
  if (timeCells !== 0) {
    for (let row = from; row < to; row++) store<i64>(timeCells + (row << 3), <i64>((baseUs + <f64>row * delayUs) * 0.001))
  }
  if ((auctionCells | bidderCells) !== 0) {
    const auctionRatio = <u64>number(context, HOT_AUCTION_RATIO)
    const hotAuction = (auction / HOT_SPACING) * HOT_SPACING + FIRST_AUCTION_ID
    const leastAuction = max<i64>(auction - IN_FLIGHT_AUCTIONS, 0)
    const auctionSpan = <u64>(auction - leastAuction + 1 + AUCTION_ID_LEAD)
    const bidderRatio = <u64>number(context, HOT_BIDDER_RATIO)
    const hotBidder = (person / HOT_SPACING) * HOT_SPACING + 1 + FIRST_PERSON_ID
    const active = min<i64>(person + 1, ACTIVE_PEOPLE)
    const leastBidder = person + 1 - active + FIRST_PERSON_ID
    const bidderSpan = <u64>(active + PERSON_ID_LEAD)
    for (let row = from; row < to; row++) {
      const choice = draw(first + <u64>row, 1)
      const pick = draw(first + <u64>row, 2)
      if (auctionCells !== 0) {
        const some = leastAuction + FIRST_AUCTION_ID + <i64>(((pick & 0xffffffff) * auctionSpan) >> 32)
        store<i64>(auctionCells + (row << 3), either(((choice & 0xffffffff) * auctionRatio) >> 32, hotAuction, some))
      }
      if (bidderCells !== 0) {
        const some = leastBidder + <i64>(((pick >> 32) * bidderSpan) >> 32)
        store<i64>(bidderCells + (row << 3), either(((choice >> 32) * bidderRatio) >> 32, hotBidder, some))
      }
    }
  }
  if (priceCells !== 0) {
    const prices = slot(context, PRICES)
    for (let row = from; row < to; row++) store<i64>(priceCells + (row << 3), priceOf(prices, draw(first + <u64>row, 3)))
  }
  if ((channelCells | urlCells) !== 0) {
    const channelViews = slot(context, CHANNEL_VIEWS)
    const urlViews = slot(context, URL_VIEWS)
    for (let row = from; row < to; row++) {
      const pick = draw(first + <u64>row, 4)
      const high = pick >> 32
      const channel = <u32>either(pick & 1, high & (HOT_CHANNELS - 1), HOT_CHANNELS + <u32>((high * <u64>CHANNELS) >> 32))
      copyView(channelCells, row, channelViews, channel)
      copyView(urlCells, row, urlViews, channel)
    }
  }
  if (extraCells !== 0) {
    const size = number(context, BID_SIZE)
    const pool = slot(context, POOL)
    const mask = number(context, POOL_MASK)
    const wanted = size > BID_USED ? size - BID_USED : 0
    const delta = paddingDelta(wanted)
    for (let row = from; row < to; row++) {
      const length = wanted - delta + <u32>(((draw(first + <u64>row, 5) >> 32) * <u64>(delta << 1)) >> 32)
      setView(extraCells, row, wanted === 0 ? 0 : pool + <usize>(<u32>draw(first + <u64>row, 6) & mask), length)
    }
  }
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ArenaOwner, arenaOfThread } from '../../data/arena.ts'
import { BatchBuffer } from '../../data/batch-buffer.ts'
import { eventMaker } from './events.ts'
import { nexmarkColumns, type NexmarkSettings } from './options.ts'

const GOLDEN = 0x9e3779b97f4a7c15n
const asU64 = (value: bigint): bigint => BigInt.asUintN(64, value)

/** The draw number `turn` of an event, as the kernel's comment has it. */
function draw(start: bigint, turn: bigint): bigint {
  let z = asU64(start * 0xd1342543de82ef95n + turn * GOLDEN)
  z = asU64((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n)
  z = asU64((z ^ (z >> 27n)) * 0x94d049bb133111ebn)
  return z ^ (z >> 31n)
}

/** To the nearest whole number, of two as near as each other to the even one. */
function nearest(value: number): number {
  const low = Math.floor(value)
  const rest = value - low
  return rest < 0.5 || (rest === 0.5 && low % 2 === 0) ? low : low + 1
}

const settings: NexmarkSettings = {
  firstRate: 1000,
  nextRate: 1000,
  shape: 'SQUARE',
  periodSeconds: 600,
  isRateLimited: false,
  eventCount: Infinity,
  personProportion: 1,
  auctionProportion: 3,
  bidProportion: 46,
  personBytes: 200,
  auctionBytes: 500,
  bidBytes: 100,
  hotAuctionRatio: 2,
  hotBidderRatio: 4,
  hotSellerRatio: 4,
  baseTimeMs: 0,
}

// Goal: a price is the rounded straight line between two of the 65,537 prices, to the last unit, though the kernel makes both of powers of other steps.
// Method: many bids against the formula; at 10^8 every second price is rounded up, and one in 5,000 is so near to a half that the kernel must look closer.
test('the price of a bid is on the straight line between two steps', () => {
  const owner = new ArenaOwner(arenaOfThread(), 'test')
  const rows = 4096
  const buffer = new BatchBuffer(owner, [nexmarkColumns['bid']!], rows)
  const column = buffer.batch.columns[0]!
  const seed = 42
  const make = eventMaker(owner, buffer, [{ name: 'bid', column, fields: new Set(['price']) }], settings, seed)
  const prices = Array.from({ length: 65_537 }, (_, i) => 10 ** ((i / 65_536) * 6) * 100)
  const wideSeed = asU64(BigInt(seed) * 0x2545f4914f6cdd1dn)
  const cells = column.children[2]!.cells / 8
  let bids = 0
  for (let first = 0; first < 40 * rows; first += rows) {
    buffer.clear()
    make(first, rows, 0, 10)
    for (let i = 0; i < rows; i++) {
      if (owner.arena.u8[column.nulls + i] !== 0) continue
      const bits = draw(wideSeed + BigInt(first + i), 3n)
      const step = Number(bits >> 48n)
      const share = Number(bits & 0xffffffffn) / 2 ** 32
      const low = prices[step]!
      assert.equal(owner.arena.i64[cells + i], BigInt(nearest(low + (prices[step + 1]! - low) * share)), `event ${first + i}`)
      bids++
    }
  }
  assert.ok(bids > 140_000)
  owner.close()
})

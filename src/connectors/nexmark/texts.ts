import type { ArenaOwner } from '../../data/arena.ts'
import { RowRandom } from '../row-random.ts'

const POOL_BYTES = 1 << 16
/** Longest text that may start anywhere in the pool. */
const LONGEST_TEXT = 4096
const CHANNELS = 10_000
const BLANK = 0x20
/** What of a url is not random, and how long one can be. */
const urlParts = ['https://www.nexmark.com/', '/item.htm?query=1', '&channel_id=']
const LONGEST_URL = 80
const firstNames = 'Peter,Paul,Luke,John,Saul,Vicky,Kate,Julie,Sarah,Deiter,Walter'.split(',')
const lastNames = 'Shultz,Abrams,Spencer,White,Bartels,Walton,Smith,Jones,Noris'.split(',')
const cities = 'Phoenix,Los Angeles,San Francisco,Boise,Portland,Bend,Redmond,Seattle,Kent,Cheyenne'.split(',')
const states = 'AZ,CA,ID,OR,WA,WY'.split(',')
const hotChannels = ['Google', 'Facebook', 'Baidu', 'Apple']

/** Texts in the arena that events show parts of: a pool of letters, and lists of views (u32 address, u32 length). */
export interface NexmarkTexts {
  readonly pool: number
  readonly poolMask: number
  /** 65,537 doubles: 100 times 10 to the power of 0 to 6. */
  readonly prices: number
  /** The four hot channels, then the 10,000 others; the urls in the same order. */
  readonly channels: number
  readonly urls: number
  readonly names: number
  readonly nameCount: number
  readonly cities: number
  readonly cityCount: number
  readonly states: number
  readonly stateCount: number
}

export function nexmarkTexts(owner: ArenaOwner, seed: number): NexmarkTexts {
  const { f64, kernels } = owner.arena
  const random = new RowRandom(seed, 0)
  random.seek(0)
  const pool = owner.allocate(POOL_BYTES + LONGEST_TEXT)
  const stateBehindPool = kernels.nexmarkLetters(random.state, pool, POOL_BYTES + LONGEST_TEXT, BLANK)

  const prices = owner.allocate((65_537 + 2 * 256) * 8)
  for (let i = 0; i <= 65_536; i++) f64[prices / 8 + i] = 10 ** ((i / 65_536) * 6) * 100
  for (let i = 0; i < 256; i++) {
    f64[prices / 8 + 65_537 + i] = f64[prices / 8 + i * 256]!
    f64[prices / 8 + 65_537 + 256 + i] = f64[prices / 8 + i]! / 100
  }

  const channels = [...hotChannels, ...Array.from({ length: CHANNELS }, (_, i) => `channel-${i}`)]
  const urls = owner.allocate(channels.length * 8)
  const parts = views(owner, urlParts)
  const urlBytes = owner.allocate(channels.length * LONGEST_URL)
  kernels.nexmarkUrls(stateBehindPool, parts, hotChannels.length, CHANNELS, urls, urlBytes)
  const names = firstNames.flatMap((first) => lastNames.map((last) => `${first} ${last}`))
  return {
    pool,
    poolMask: POOL_BYTES - 1,
    prices,
    channels: views(owner, channels),
    urls,
    names: views(owner, names),
    nameCount: names.length,
    cities: views(owner, cities),
    cityCount: cities.length,
    states: views(owner, states),
    stateCount: states.length,
  }
}

/** Puts texts one behind the other into the arena, ASCII all of them, and returns the address of their views. */
function views(owner: ArenaOwner, texts: readonly string[]): number {
  const { u8, u32 } = owner.arena
  const bytes = new TextEncoder().encode(texts.join(''))
  const list = owner.allocate(texts.length * 8)
  let at = owner.allocate(bytes.length)
  u8.set(bytes, at)
  for (const [i, { length }] of texts.entries()) {
    u32[list / 4 + i * 2] = at
    u32[list / 4 + i * 2 + 1] = length
    at += length
  }
  return list
}

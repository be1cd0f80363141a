import type { ArenaOwner } from '../../data/arena.ts'
import { RowRandom } from '../row-random.ts'

const POOL_BYTES = 1 << 16
/** Longest text that may start anywhere in the pool. */
const LONGEST_TEXT = 4096
const CHANNELS = 10_000
const BLANK = 0x20
const UNDERSCORE = 0x5f
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
  const { u8, f64 } = owner.arena
  const random = new RowRandom(seed, 0)
  random.seek(0)
  const below = (bound: number): number => Math.floor(random.nextDouble() * bound)
  // As in the public generator, one character of thirteen is not a letter.
  const letter = (special: number): number => (below(13) === 0 ? special : 0x61 + below(26))
  const word = (longest: number): string => {
    let text = ''
    for (let left = 3 + below(longest - 3); left > 0; left--) text += String.fromCharCode(letter(UNDERSCORE))
    return text
  }
  const baseUrl = (): string => `https://www.nexmark.com/${word(5)}/${word(5)}/${word(5)}/item.htm?query=1`

  const pool = owner.allocate(POOL_BYTES + LONGEST_TEXT)
  for (let i = 0; i < POOL_BYTES + LONGEST_TEXT; i++) u8[pool + i] = letter(BLANK)

  const prices = owner.allocate(65_537 * 8)
  for (let i = 0; i <= 65_536; i++) f64[prices / 8 + i] = 10 ** ((i / 65_536) * 6) * 100

  const channels = [...hotChannels]
  const urls = hotChannels.map(baseUrl)
  for (let i = 0; i < CHANNELS; i++) {
    channels.push(`channel-${i}`)
    urls.push(below(10) > 0 ? `${baseUrl()}&channel_id=${Math.abs(reverseBits(i))}` : baseUrl())
  }
  const names = firstNames.flatMap((first) => lastNames.map((last) => `${first} ${last}`))
  return {
    pool,
    poolMask: POOL_BYTES - 1,
    prices,
    channels: views(owner, channels),
    urls: views(owner, urls),
    names: views(owner, names),
    nameCount: names.length,
    cities: views(owner, cities),
    cityCount: cities.length,
    states: views(owner, states),
    stateCount: states.length,
  }
}

/** Puts ASCII texts one behind the other into the arena and returns the address of their views. */
function views(owner: ArenaOwner, texts: readonly string[]): number {
  const { u8, u32 } = owner.arena
  const list = owner.allocate(texts.length * 8)
  let at = owner.allocate(texts.reduce((sum, text) => sum + text.length, 0))
  for (const [i, text] of texts.entries()) {
    u32[list / 4 + i * 2] = at
    u32[list / 4 + i * 2 + 1] = text.length
    for (let c = 0; c < text.length; c++) u8[at++] = text.charCodeAt(c)
  }
  return list
}

/** Java's Integer.reverse. */
function reverseBits(value: number): number {
  let reversed = 0
  for (let i = 0; i < 32; i++) reversed = (reversed << 1) | ((value >>> i) & 1)
  return reversed
}

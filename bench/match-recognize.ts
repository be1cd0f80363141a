// MATCH_RECOGNIZE over the bids of the Nexmark benchmark, generation and checksum included, one thread: with few and with many partitions, with a condition of one row that
// fails most of the time, with one that often holds, and with conditions over the rows of the match. Each measurement is a process of its own, so that memory is its own too.
// usage: node bench/match-recognize.ts [EVENTS]
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { measureNexmark } from '../src/api/nexmark-bench.ts'

interface Pattern {
  readonly measures: string
  readonly columns: string
  readonly rest: string
}

const measures = 'FIRST(A.price) AS p1, LAST(B.price) AS p2, COUNT(B.price) AS n, C.bidder AS bidder'
const columns = 'k BIGINT, p1 BIGINT, p2 BIGINT, n BIGINT, bidder BIGINT'

const patterns: Readonly<Record<string, Pattern>> = {
  /** One row in fifty begins something. */
  rare: {
    measures,
    columns,
    rest: 'AFTER MATCH SKIP PAST LAST ROW PATTERN (A B{2} C) DEFINE A AS A.price > 75000000, B AS B.price < 1000000, C AS C.price > 100000',
  },
  /** One row in three begins something. */
  often: {
    measures,
    columns,
    rest: 'AFTER MATCH SKIP PAST LAST ROW PATTERN (A B+ C) DEFINE A AS A.price > 1000000, B AS B.price < 100000, C AS C.price >= 100000',
  },
  /** Prices that fall and rise again. */
  falling: {
    measures,
    columns,
    rest: `AFTER MATCH SKIP PAST LAST ROW PATTERN (A B+ C) WITHIN INTERVAL '10' SECOND
      DEFINE B AS B.price < LAST(B.price, 1) OR (LAST(B.price, 1) IS NULL AND B.price < A.price), C AS C.price > LAST(B.price)`,
  },
}

const partitions = [8, 100_000]

function scriptOf({ measures: shown, columns: written, rest }: Pattern, keys: number): string {
  const tables = readFileSync(join(import.meta.dirname, 'nexmark/tables.sql'), 'utf8')
  return `${tables}
CREATE TABLE found (${written}) WITH ('connector' = 'checksum');
INSERT INTO found SELECT * FROM (SELECT MOD(auction * 7919 + bidder, ${keys}) AS k, bidder, price, \`dateTime\` FROM bid) MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY \`dateTime\` MEASURES ${shown} ${rest}
);`
}

async function measure(name: string, keys: number, events: number): Promise<void> {
  const pattern = patterns[name]
  if (pattern === undefined) throw new Error(`no pattern "${name}"`)
  const result = await measureNexmark(name, scriptOf(pattern, keys), { events, settings: new Map(), folder: '' })
  const { eventsPerSecond, cpuSeconds, peakRssBytes, outputRows } = result
  console.log(
    [
      name.padEnd(8),
      `${keys} keys`.padStart(12),
      `${(eventsPerSecond / 1e6).toFixed(2)} M events/s`.padStart(18),
      `${cpuSeconds.toFixed(1)} s cpu`.padStart(12),
      `${(peakRssBytes / 1e6).toFixed(0)} MB`.padStart(9),
      `${outputRows} matches`.padStart(16),
    ].join(''),
  )
}

const [first = '10000000', keys, events] = process.argv.slice(2)
if (keys !== undefined) await measure(first, Number(keys), Number(events))
else {
  for (const name of Object.keys(patterns)) {
    for (const count of partitions)
      execFileSync(process.execPath, [fileURLToPath(import.meta.url), name, String(count), first], { stdio: 'inherit' })
  }
}

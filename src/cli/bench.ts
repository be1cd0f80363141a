import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suggestion } from '../base/nearest.ts'
import { measureNexmark, type NexmarkMeasurement, nexmarkQueries as queries } from '../api/nexmark-bench.ts'
import { type Command, type CommandArguments, parseWholeNumber, usageError } from './command.ts'
import { settingsOf } from './run.ts'
import { countText } from './count-text.ts'

const DEFAULT_EVENTS = '10000000'

export const benchCommand: Command = {
  name: 'bench',
  operands: 'nexmark',
  summary: 'measures the queries of the Nexmark benchmark, generation and checksum included',
  options: {
    query: { type: 'string', value: 'q0..q22', doc: `one query; default: ${queries.join(', ')}` },
    events: { type: 'string', value: 'N', doc: `events of all three kinds (default ${countText(Number(DEFAULT_EVENTS))})` },
    parallelism: { type: 'string', value: 'N', doc: 'subtasks of an operator' },
    set: { type: 'string', multiple: true, value: 'KEY=VALUE', doc: 'a setting, as SET' },
    json: { type: 'boolean', doc: 'one JSON object a query' },
    verbose: { type: 'boolean', doc: 'errors with their stack' },
  },
  examples: ['rheo bench nexmark --query q1 --events 20000000', 'rheo bench nexmark --json'],
  run,
}

async function run(args: CommandArguments): Promise<number> {
  const [name, another] = args.operands
  if (name !== 'nexmark' || another !== undefined)
    throw usageError(`Cannot measure "${args.operands.join(' ')}": wanted is rheo bench nexmark`)
  const query = args.text('query')
  if (query !== undefined && !queries.includes(query)) {
    const cannot = `Cannot find the query "${query}"`
    const list = `there are ${queries.join(', ')}`
    if (query === 'q6') throw usageError(`${cannot}: neither Flink nor Rheo has a plan for its OVER window over rows that change; ${list}`)
    throw usageError(`${cannot}: ${list}${suggestion(query, queries)}`)
  }
  const events = parseWholeNumber('--events', args.text('events') ?? DEFAULT_EVENTS, 1)
  const settings = settingsOf(args)
  if (!args.flag('json')) process.stdout.write('query     M events/s    seconds   cpu s    peak MB        rows  checksum\n')
  const folder = mkdtempSync(join(tmpdir(), 'rheo-bench-'))
  try {
    for (const each of query === undefined ? queries : [query]) {
      const result = await measureNexmark(each, queryText(each), { events, settings, folder: join(folder, each) })
      process.stdout.write(`${args.flag('json') ? JSON.stringify(result) : tableLine(result)}\n`)
      rmSync(join(folder, each), { recursive: true, force: true })
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return 0
}

function tableLine({ query, eventsPerSecond, seconds, cpuSeconds, peakRssBytes, outputRows, checksum }: NexmarkMeasurement): string {
  return [
    query.padEnd(8),
    (eventsPerSecond / 1e6).toFixed(2).padStart(12),
    seconds.toFixed(3).padStart(10),
    cpuSeconds.toFixed(2).padStart(7),
    (peakRssBytes / 1e6).toFixed(0).padStart(10),
    countText(outputRows).padStart(11),
    ` ${checksum}`,
  ].join(' ')
}

function queryText(query: string): string {
  return ['tables.sql', `${query}.sql`].map((file) => readFileSync(join(queryFolder(), file), 'utf8')).join('\n')
}

/** The queries' texts: beside the bundle, or in the sources. */
function queryFolder(): string {
  const here = import.meta.dirname
  const bundled = join(here, 'nexmark')
  return existsSync(bundled) ? bundled : join(here, '../../bench/nexmark')
}

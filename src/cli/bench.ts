import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { userError } from '../base/errors.ts'
import { suggestion } from '../base/nearest.ts'
import { runScript } from '../api/script.ts'
import { type ChecksumTotals, checksumConnector } from '../connectors/checksum/connector.ts'
import { connectorRegistry } from '../connectors/registry.ts'
import { type Command, type CommandArguments, parseWholeNumber, usageError } from './command.ts'
import { settingsOf } from './run.ts'
import { expandVariables } from './variables.ts'

const queries = ['q0', 'q1', 'q2', 'q14', 'q21', 'q22']
const DEFAULT_EVENTS = '10000000'

interface Measurement {
  readonly query: string
  readonly events: number
  readonly parallelism: number
  readonly seconds: number
  readonly eventsPerSecond: number
  readonly cpuSeconds: number
  readonly peakRssBytes: number
  readonly outputRows: number
  readonly checksum: string
}

export const benchCommand: Command = {
  name: 'bench',
  operands: 'nexmark',
  summary: 'measures the queries of the Nexmark benchmark, generation and checksum included',
  options: {
    query: { type: 'string', value: 'q0..q22', doc: `one query; default: ${queries.join(', ')}` },
    events: { type: 'string', value: 'N', doc: `events of all three kinds (default ${Number(DEFAULT_EVENTS).toLocaleString('en')})` },
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
  if (name !== 'nexmark' || another !== undefined) throw usageError(`Cannot measure "${args.operands.join(' ')}": wanted is rheo bench nexmark`)
  const query = args.text('query')
  if (query !== undefined && !queries.includes(query)) {
    if (/^q(\d|1\d|2[0-3])$/.test(query)) throw userError('unsupported/query', `Cannot run ${query} yet: there are ${queries.join(', ')}`)
    throw usageError(`Cannot find the query "${query}": there are ${queries.join(', ')}${suggestion(query, queries)}`)
  }
  const events = parseWholeNumber('--events', args.text('events') ?? DEFAULT_EVENTS, 1)
  const settings = settingsOf(args)
  if (!args.flag('json')) process.stdout.write('query     M events/s    seconds   cpu s    peak MB        rows  checksum\n')
  for (const each of query === undefined ? queries : [query]) {
    const result = await measure(each, events, settings)
    process.stdout.write(`${args.flag('json') ? JSON.stringify(result) : tableLine(result)}\n`)
  }
  return 0
}

async function measure(query: string, events: number, settings: ReadonlyMap<string, string>): Promise<Measurement> {
  const text = ['tables.sql', `${query}.sql`].map((file) => readFileSync(join(queryFolder(), file), 'utf8')).join('\n')
  const totals: ChecksumTotals = { rows: 0, checksum: 0n }
  const script = expandVariables(text, `${query}.sql`, new Map([['EVENTS', String(events)]]))
  const cpuBefore = process.cpuUsage()
  const { done } = runScript(script.text, {
    source: `${query}.sql`,
    settings,
    connectors: connectorRegistry([checksumConnector(totals)]),
    output: () => undefined,
    writerOf: () => ({ write: () => undefined, finish: () => undefined }),
  })
  const { summary } = await done
  const cpu = process.cpuUsage(cpuBefore)
  return {
    query,
    events,
    parallelism: Number(settings.get('parallelism.default') ?? 1),
    seconds: summary.seconds,
    eventsPerSecond: Math.round(events / summary.seconds),
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    outputRows: totals.rows,
    checksum: totals.checksum.toString(16).padStart(16, '0'),
  }
}

function tableLine({ query, eventsPerSecond, seconds, cpuSeconds, peakRssBytes, outputRows, checksum }: Measurement): string {
  return [
    query.padEnd(8),
    (eventsPerSecond / 1e6).toFixed(2).padStart(12),
    seconds.toFixed(3).padStart(10),
    cpuSeconds.toFixed(2).padStart(7),
    (peakRssBytes / 1e6).toFixed(0).padStart(10),
    outputRows.toLocaleString('en').padStart(11),
    ` ${checksum}`,
  ].join(' ')
}

/** The queries' texts: beside the bundle, or in the sources. */
function queryFolder(): string {
  const here = import.meta.dirname
  const bundled = join(here, 'nexmark')
  return existsSync(bundled) ? bundled : join(here, '../../bench/nexmark')
}

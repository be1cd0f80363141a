// Kills jobs that write files, at random moments, while a reader looks at what can be seen.
//
// Goal: a reader sees only whole files with whole rows, at any time; jobs that died leave nothing that the next one does not clear away; what INSERT OVERWRITE replaces is
// there, wholly or as the new rows, as soon as the next job has begun. Method: each text follows from its number, so that a row tells whether it is whole; half of the
// kills come at any time, half shortly after the first change that a reader sees.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Random } from '../../src/base/random.ts'
import { answerOf } from '../random-queries/run-script.ts'
import { root } from './rheo.ts'

export interface KillTally {
  readonly kills: number
  /** Kills at which something of the job could be seen, or a part of what it replaced was gone. */
  readonly halfWay: number
  /** Files that were looked at. */
  readonly files: number
  /** Staging folders that kills left behind. */
  readonly leftovers: number
  /** What should not have been. */
  readonly faults: readonly string[]
}

interface Scenario {
  readonly name: string
  readonly format: string
  readonly isPartitioned: boolean
  readonly kind: 'append' | 'overwrite' | 'endless'
}

const scenarios: readonly Scenario[] = [
  { name: 'endless-csv', format: 'csv', isPartitioned: false, kind: 'endless' },
  { name: 'overwrite-json', format: 'json', isPartitioned: true, kind: 'overwrite' },
  { name: 'append-csv', format: 'csv', isPartitioned: true, kind: 'append' },
  { name: 'endless-json', format: 'json', isPartitioned: true, kind: 'endless' },
  { name: 'overwrite-csv', format: 'csv', isPartitioned: false, kind: 'overwrite' },
  { name: 'endless-avro', format: 'avro', isPartitioned: false, kind: 'endless' },
  { name: 'overwrite-parquet', format: 'parquet', isPartitioned: true, kind: 'overwrite' },
]

const ROWS = 60_000
const PARTITIONS = 8
/** Jobs without end are killed after so long at the latest. */
const ENDLESS_MS = 1200
/** Before that no job has begun. */
const START_MS = 80

export async function killSinks(options: { readonly kills: number; readonly seed: number }): Promise<KillTally> {
  const random = new Random(options.seed)
  const folder = mkdtempSync(join(tmpdir(), 'rheo-kill-'))
  const tally = { kills: 0, halfWay: 0, files: 0, leftovers: 0, faults: [] as string[] }
  try {
    const used = scenarios.slice(0, options.kills)
    const longestMs = new Map<Scenario, number>()
    for (const scenario of used) {
      mkdirSync(join(folder, scenario.name))
      longestMs.set(scenario, scenario.kind === 'endless' ? ENDLESS_MS : await run(scenario, folder, 0))
    }
    for (let kill = 0; kill < options.kills; kill++) {
      const scenario = used[kill % used.length]!
      await killOnce({ scenario, folder, number: kill + 1, random, longestMs: longestMs.get(scenario)!, tally })
    }
    for (const scenario of used) await checkEnd(scenario, folder, tally)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return tally
}

interface Kill {
  readonly scenario: Scenario
  readonly folder: string
  readonly number: number
  readonly random: Random
  readonly longestMs: number
  readonly tally: { kills: number; halfWay: number; files: number; leftovers: number; readonly faults: string[] }
}

async function killOnce({ scenario, folder, number, random, longestMs, tally }: Kill): Promise<void> {
  const reader = new Reader(scenario, join(folder, scenario.name))
  await reader.look()
  const before = reader.names()
  const child = start(scenario, folder, number)
  const closed = once(child, 'close')
  const started = performance.now()
  const isAimed = random.nextDouble() < 0.5
  let killAt = started + (isAimed ? 2 * longestMs : START_MS + random.nextDouble() * (longestMs - START_MS))
  let isChanged = false
  while (child.exitCode === null && child.signalCode === null && performance.now() < killAt) {
    await sleep(1)
    reader.list()
    if (!isChanged && reader.names() !== before) {
      isChanged = true
      if (isAimed) killAt = performance.now() + random.nextDouble() * 4
    }
  }
  child.kill('SIGKILL')
  await closed
  tally.kills++
  await reader.look()
  if (child.exitCode === null && reader.names() !== before) tally.halfWay++
  tally.leftovers += stagingFolders(join(folder, scenario.name)).length
  tally.files += reader.looked
  tally.faults.push(...reader.faults.map((fault) => `kill ${number} of ${scenario.name}: ${fault}`))
  // What is written without end need not be read again and again.
  if (scenario.kind === 'endless') for (const path of reader.paths()) rmSync(path)
}

/** A job that lives to its end: the tables are as the script says, and nothing is left over. */
async function checkEnd(scenario: Scenario, folder: string, tally: Kill['tally']): Promise<void> {
  const path = join(folder, scenario.name)
  await run({ ...scenario, kind: scenario.kind === 'endless' ? 'append' : scenario.kind }, folder, 999)
  const left = stagingFolders(path)
  if (left.length > 0) tally.faults.push(`${scenario.name}: left over ${left.join(', ')}`)
  const reader = new Reader(scenario, path)
  await reader.look()
  tally.faults.push(...reader.faults)
  const last = reader.rows.get(999) ?? 0
  if (last !== ROWS) tally.faults.push(`${scenario.name}: ${last} rows of the last job, wanted ${ROWS}`)
  if (scenario.kind === 'overwrite' && reader.rows.size > 1)
    tally.faults.push(`${scenario.name}: rows of ${reader.rows.size} jobs after OVERWRITE`)
}

function stagingFolders(path: string): readonly string[] {
  return readdirSync(path).filter((name) => name.startsWith('.staging-'))
}

/** The table, or one of its files. */
function tableOf({ format, isPartitioned }: Scenario, path: string, of: 'folder' | 'file'): string {
  const columns = of === 'file' && isPartitioned ? '' : ', part INT'
  const partitions = of === 'folder' && isPartitioned ? 'PARTITIONED BY (part)' : ''
  return `CREATE TABLE t (id INT, job INT, content STRING${columns}) ${partitions} WITH ('connector' = 'filesystem', 'path' = '${path}',
    'format' = '${format}', 'sink.rolling-policy.file-size' = '64 kb');`
}

const content = (id: number, job: number): string => `${`${id}-${job};`.repeat(3)}!`

function scriptOf(scenario: Scenario, folder: string, job: number): string {
  const isEndless = scenario.kind === 'endless'
  const [rate, end] = isEndless ? [200_000, 2_000_000_000] : [100_000_000, ROWS]
  return `${scenario.kind === 'overwrite' ? "SET 'execution.runtime-mode' = 'batch';" : ''}
    ${tableOf(scenario, join(folder, scenario.name), 'folder')}
    CREATE TABLE numbers (id INT) WITH ('connector' = 'datagen', 'rows-per-second' = '${rate}', 'fields.id.kind' = 'sequence', 'fields.id.start' = '1',
      'fields.id.end' = '${end}');
    INSERT ${scenario.kind === 'overwrite' ? 'OVERWRITE' : 'INTO'} t
    SELECT id, ${job}, REPEAT(CAST(id AS STRING) || '-${job};', 3) || '!', MOD(id, ${PARTITIONS}) FROM numbers;`
}

function start(scenario: Scenario, folder: string, job: number): ChildProcess {
  const child = spawn(process.execPath, [join(root, 'dist/rheo.js'), 'run', '-'], { stdio: ['pipe', 'ignore', 'pipe'] })
  // A process that was killed reads no script.
  child.stdin.on('error', () => undefined)
  child.stdin.end(scriptOf(scenario, folder, job))
  return child
}

/** Runs a job to its end and returns how many milliseconds it took. */
async function run(scenario: Scenario, folder: string, job: number): Promise<number> {
  const started = performance.now()
  const child = start(scenario, folder, job)
  let error = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (error += text))
  await once(child, 'close')
  if (child.exitCode !== 0) throw new Error(`The job ended with ${child.exitCode}: ${error}`)
  return performance.now() - started
}

/** Looks at the files of a table as another program would. */
class Reader {
  readonly faults: string[] = []
  /** Rows by the job that wrote them. */
  readonly rows = new Map<number, number>()
  looked = 0
  readonly #scenario: Scenario
  readonly #path: string
  /** Content of each file when it was first seen. */
  readonly #seen = new Map<string, Buffer>()
  readonly #checked = new Set<string>()
  #now = ''

  constructor(scenario: Scenario, path: string) {
    this.#scenario = scenario
    this.#path = path
  }

  /** What could be seen at the last look. */
  names(): string {
    return this.#now
  }

  paths(): readonly string[] {
    return this.#now === '' ? [] : this.#now.split('\n').map((path) => join(this.#path, path))
  }

  /** Reads what can be seen right now; a file that goes away meanwhile was replaced. */
  list(): void {
    const files: string[] = []
    this.#walk('', files)
    this.#now = files.join('\n')
  }

  #walk(folder: string, files: string[]): void {
    for (const name of readdirSync(join(this.#path, folder)).toSorted()) {
      if (name.startsWith('.') || name.startsWith('_')) continue
      const path = join(folder, name)
      try {
        if (statSync(join(this.#path, path)).isDirectory()) {
          this.#walk(path, files)
          continue
        }
        files.push(path)
        if (!this.#seen.has(path)) this.#seen.set(path, readFileSync(join(this.#path, path)))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      }
    }
  }

  /** Reads again, and checks every row of every file that was ever seen. */
  async look(): Promise<void> {
    this.list()
    for (const [path, bytes] of this.#seen) {
      if (this.#checked.has(path)) continue
      this.#checked.add(path)
      this.looked++
      const fault = await this.#check(path, bytes)
      if (fault !== undefined) this.faults.push(`"${path}" ${fault}`)
    }
  }

  async #check(path: string, bytes: Buffer): Promise<string | undefined> {
    if (bytes.length === 0) return 'is empty'
    const isText = this.#scenario.format === 'csv' || this.#scenario.format === 'json'
    if (isText && bytes.at(-1) !== 0x0a) return 'ends within a row'
    const full = join(this.#path, path)
    try {
      if (!readFileSync(full).equals(bytes)) return 'has changed since it was first seen'
    } catch {
      // It was replaced; what was seen of it is read from the bytes alone.
      return undefined
    }
    const { rows } = await answerOf(`${tableOf(this.#scenario, full, 'file')} SELECT id, job, content FROM t;`, {})
    for (const [id, job, text] of rows) {
      if (text !== content(Number(id), Number(job))) return `has a row that is not whole: ${String(id)}, ${String(job)}, ${String(text)}`
      this.rows.set(Number(job), (this.rows.get(Number(job)) ?? 0) + 1)
    }
    return undefined
  }
}

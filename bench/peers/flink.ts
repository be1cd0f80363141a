// A Flink cluster of one TaskManager on this machine's loopback: started with the benchmark's tables on its class path, asked through its SQL gateway, measured from outside.
import { execFileSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'

const sources = join(import.meta.dirname, 'flink')
const engines = process.env['RHEO_ENGINES'] ?? join(homedir(), '.cache/rheo-engines')
/** Not those of a cluster that may run beside it. */
const ports = { FLINK_REST_PORT: '28081', GATEWAY_PORT: '28083', FLINK_RPC_PORT: '26123' }
const gateway = `http://127.0.0.1:${ports.GATEWAY_PORT}`
const rest = `http://127.0.0.1:${ports.FLINK_REST_PORT}`
/** Milliseconds of a tick of /proc/PID/stat, which Linux has fixed at a hundredth of a second. */
const TICK_SECONDS = 0.01
const POLL_MS = 20

export interface FlinkMeasurement {
  /** From when the job runs to its end, without its planning. */
  readonly seconds: number
  /** Of the TaskManager, all its threads: operators, collector, compiler. */
  readonly cpuSeconds: number
  /** The greatest resident memory of the TaskManager since it was started. */
  readonly peakRssBytes: number
}

export interface FlinkCluster {
  /** Runs a script whose last statement is an INSERT, to its end. */
  run(script: string, settings: ReadonlyMap<string, string>): Promise<FlinkMeasurement>
  stop(): void
}

/** Compiles the Java tables of `flink/src` and returns the path of their jar. */
export function buildTables(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rheo-peers-'))
  const classes = join(folder, 'classes')
  mkdirSync(classes)
  execFileSync(join(sources, 'cluster/install'), { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, RHEO_ENGINES: engines } })
  const files = globSync('src/**/*.java', { cwd: sources }).map((file) => join(sources, file))
  execFileSync('javac', ['-proc:none', '-d', classes, '-cp', join(engines, 'flink/lib/*'), ...files], { stdio: 'inherit' })
  cpSync(join(sources, 'resources'), classes, { recursive: true })
  const jar = join(folder, 'tables.jar')
  execFileSync('jar', ['--create', '--file', jar, '-C', classes, '.'])
  return jar
}

/** Starts a cluster in a folder of its own, with so many megabytes of heap for its tasks. */
export function startFlink(jar: string, heapMegabytes: number): FlinkCluster {
  const home = mkdtempSync(join(tmpdir(), 'rheo-peers-flink-'))
  mkdirSync(join(home, 'flink/connectors'), { recursive: true })
  for (const part of ['lib', 'opt']) symlinkSync(join(engines, 'flink', part), join(home, 'flink', part))
  const env = { ...process.env, ...ports, RHEO_ENGINES: home, FLINK_EXTRA_JARS: jar }
  const stop = (): void => {
    execFileSync(join(sources, 'cluster/stop'), { env, stdio: 'ignore' })
    rmSync(home, { recursive: true, force: true })
  }
  try {
    execFileSync(join(sources, 'cluster/start'), ['--taskmanagers', '1', '--slots', '4', '--heap', String(heapMegabytes)], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  } catch (error) {
    stop()
    throw error
  }
  const pid = Number(readFileSync(join(home, 'flink/run/taskmanager-1.pid'), 'utf8'))
  return {
    stop,
    async run(script, settings) {
      const cpuBefore = cpuSecondsOf(pid)
      const job = await submit(script, settings)
      const seconds = await jobSeconds(job)
      return { seconds, cpuSeconds: cpuSecondsOf(pid) - cpuBefore, peakRssBytes: peakRssOf(pid) }
    },
  }
}

/** Sends the statements of a script and returns the id of the job of the last one. */
async function submit(script: string, settings: ReadonlyMap<string, string>): Promise<string> {
  const { sessionHandle } = (await call('POST', `${gateway}/v2/sessions`, { properties: Object.fromEntries(settings) })) as {
    sessionHandle: string
  }
  let job = ''
  for (const statement of statementsOf(script)) {
    const { operationHandle } = (await call('POST', `${gateway}/v2/sessions/${sessionHandle}/statements`, { statement })) as {
      operationHandle: string
    }
    let next: string | undefined = `/v2/sessions/${sessionHandle}/operations/${operationHandle}/result/0?rowFormat=JSON`
    while (next !== undefined) {
      const page = (await call('GET', gateway + next)) as ResultPage
      if (page.resultType === 'NOT_READY') await new Promise((resolve) => setTimeout(resolve, POLL_MS))
      job = page.jobID ?? job
      next = page.nextResultUri
    }
  }
  return job
}

interface ResultPage {
  readonly resultType: string
  readonly jobID?: string
  readonly nextResultUri?: string
}

interface JobStatus {
  readonly state: string
  readonly timestamps: Readonly<Record<string, number>>
}

async function jobSeconds(job: string): Promise<number> {
  for (;;) {
    const { state, timestamps } = (await call('GET', `${rest}/jobs/${job}`)) as JobStatus
    if (state === 'FINISHED') return ((timestamps['FINISHED'] ?? 0) - (timestamps['RUNNING'] ?? 0)) / 1000
    if (state === 'FAILED' || state === 'CANCELED') {
      const failure = (await call('GET', `${rest}/jobs/${job}/exceptions`)) as { 'root-exception'?: string }
      throw new Error(`The job ${job} of Flink ended as ${state}: ${failure['root-exception']?.slice(0, 2000) ?? ''}`)
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

async function call(method: 'GET' | 'POST', url: string, body?: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method,
    // A cluster of the same port may have been another one.
    headers: { 'content-type': 'application/json', connection: 'close' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`Flink answered ${response.status} to ${method} ${url}: ${deepestCause(text)}`)
  return JSON.parse(text)
}

/** The gateway sends Java's traces; the last cause says what went wrong. */
function deepestCause(text: string): string {
  const causes = text.split(/\\n|\n/).filter((line) => line.includes('Caused by: '))
  return (causes.at(-1) ?? text).slice(0, 1000)
}

/** Semicolons end statements; the benchmark's texts have none in quotes, and comments only on lines of their own. */
function statementsOf(script: string): readonly string[] {
  const bare = script.replace(/^\s*--.*$/gm, '')
  return bare.split(';').flatMap((statement) => (statement.trim() === '' ? [] : [statement.trim()]))
}

function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name, in parentheses, may hold blanks; user and system time are the 14th and 15th words of the whole.
  const words = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(words[11]) + Number(words[12])) * TICK_SECONDS
}

function peakRssOf(pid: number): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * 1024
}

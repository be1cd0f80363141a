import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Processes } from './ports.ts'

interface ProcessName {
  readonly machine: string
  readonly pid: number
  readonly start: string
}

/**
 * Processes of this machine. A name is `MACHINE-PID-START`: the machine as it was started, and as its container numbers processes; and when the process
 * began, for numbers are used again.
 */
export const nodeProcesses: Processes = {
  get self() {
    own ??= ownName()
    return own
  },
  state(id) {
    const name = parse(id)
    if (name === undefined || name.machine !== parse(this.self)?.machine) return 'unknown'
    return isAlive(name.pid) && startOf(name.pid) === name.start ? 'running' : 'gone'
  },
}

let own: string | undefined

function ownName(): string {
  return `${machineName()}-${process.pid}-${startOf(process.pid)}`
}

/** A short name that differs between machines, starts of one machine, and containers. */
function machineName(): string {
  const text = `${hostname()} ${textOf('/proc/sys/kernel/random/boot_id')} ${linkOf('/proc/self/ns/pid')}`
  let hash = 0xcbf29ce484222325n
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return hash.toString(36)
}

/** Clock ticks from the machine's start to that of a process; `0` where nobody says. */
function startOf(pid: number): string {
  const stat = textOf(`/proc/${pid}/stat`)
  // The second field is the program's name in parentheses, which may hold anything. One that was killed and not yet asked about has the state Z.
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return state === 'Z' ? 'ended' : (rest[18] ?? '0')
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function parse(id: string): ProcessName | undefined {
  const parts = /^([0-9a-z]+)-(\d+)-(\d+)$/.exec(id)
  return parts === null ? undefined : { machine: parts[1]!, pid: Number(parts[2]), start: parts[3]! }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

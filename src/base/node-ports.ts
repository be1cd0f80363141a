import { externalError } from './errors.ts'
import { nodeFiles } from './node-files.ts'
import { nodeProcesses } from './node-processes.ts'
import type { Clock, Network, Ports } from './ports.ts'

const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  schedule(delayMs, callback) {
    // Node takes longer times for none at all; 24 days are as good as for ever.
    const timer = setTimeout(callback, Math.min(delayMs, LONGEST_TIMER_MS))
    return () => clearTimeout(timer)
  },
}

const LONGEST_TIMER_MS = 2 ** 31 - 1

const tcp: Network = {
  connect(host, port) {
    return new Promise((resolve, reject) => {
      const socket = process.getBuiltinModule('node:net').connect(port, host)
      socket.once('connect', () => resolve({ input: socket, write: (bytes) => void socket.write(bytes), close: () => socket.destroy() }))
      socket.once('error', (error) =>
        reject(externalError('network/failed', `Cannot connect to ${host}:${port}: ${error.message}`, undefined, error)),
      )
    })
  },
}

/** The machine's own clock, disk, network and processes. */
export const nodePorts: Ports = { clock: systemClock, files: nodeFiles, network: tcp, processes: nodeProcesses }

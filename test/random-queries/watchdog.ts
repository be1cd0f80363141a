import { writeSync } from 'node:fs'
import { Worker, isMainThread, workerData } from 'node:worker_threads'

/** No case takes as long as this: not even one whose job is aborted because it does not end. */
const STUCK_MS = 180_000

interface Watch {
  /** A case begins. */
  readonly onCase: (seed: number) => void
  readonly stop: () => Promise<unknown>
}

/**
 * Tells the seed of a case that never gives way to the event loop, and ends the process: a job in an endless loop cannot be aborted. A thread of its own looks whether cases go on.
 */
export function watchCases(stuckMs: number = STUCK_MS): Watch {
  const shared = new SharedArrayBuffer(16)
  const [seeds, counts] = [new Float64Array(shared, 0, 1), new Int32Array(shared, 8, 1)]
  const worker = new Worker(import.meta.filename, { workerData: { shared, stuckMs } })
  worker.unref()
  return {
    onCase(seed) {
      seeds[0] = seed
      Atomics.add(counts, 0, 1)
    },
    stop: () => worker.terminate(),
  }
}

function guard(shared: SharedArrayBuffer, stuckMs: number): void {
  const [seeds, counts] = [new Float64Array(shared, 0, 1), new Int32Array(shared, 8, 1)]
  let before = -1
  setInterval(() => {
    const count = Atomics.load(counts, 0)
    if (count === before) {
      writeSync(1, `seed ${seeds[0]}, no end within ${stuckMs / 1000} s, and no way to abort it\n`)
      process.kill(process.pid, 'SIGKILL')
    }
    before = count
  }, stuckMs)
}

if (!isMainThread) {
  const { shared, stuckMs } = workerData as { shared: SharedArrayBuffer; stuckMs: number }
  guard(shared, stuckMs)
}

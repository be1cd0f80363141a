// Latency through GROUP BY with 100,000 keys at 100,000 events a second, in this process, from when each event was due to when the sink saw its change; beside it that
// of a loop that only waits for each event and takes it, in the same run. usage: node bench/latency.ts [SECONDS]
import { arenaOfThread } from '../src/data/arena.ts'
import { RowKind } from '../src/data/row-kind.ts'
import { runGrouped } from './grouped-rows.ts'

const RATE = 100_000
const KEYS = 100_000
const seconds = Number(process.argv[2] ?? 5)
const eventCount = Math.round(RATE * seconds)
/** Events of the first second are not counted: code is being compiled. */
const WARM_UP = RATE

function percentiles(latencies: Float64Array): Record<string, number> {
  const sorted = latencies.toSorted()
  const at = (share: number): number => Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(3))
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999), max: at(1) }
}

async function pacer(): Promise<Float64Array> {
  const latencies = new Float64Array(eventCount)
  const start = performance.now()
  for (let event = 0; event < eventCount;) {
    const now = performance.now()
    const due = Math.min(eventCount, Math.floor(((now - start) * RATE) / 1000) + 1)
    for (; event < due; event++) latencies[event] = now - start - (event * 1000) / RATE
    await new Promise((resolve) => setImmediate(resolve))
  }
  return latencies.subarray(Math.min(WARM_UP, eventCount >> 1))
}

async function grouped(): Promise<Float64Array> {
  const latencies = new Float64Array(eventCount)
  const { i32, u32, u8 } = arenaOfThread()
  let start = 0
  const due = (): number => {
    start ||= performance.now()
    return Math.floor(((performance.now() - start) * RATE) / 1000) + 1
  }
  const keyOf = (row: number): number => (Math.imul(row, 0x9e3779b1) >>> 0) % KEYS
  await runGrouped({ rowCount: eventCount, due, keyOf }, (batch) => {
    const now = performance.now() - start
    const numbers = batch.columns[2]!.cells >>> 2
    for (let i = 0; i < batch.selectedCount; i++) {
      const row = batch.selection === 0 ? i : i32[(batch.selection >>> 2) + i]!
      if (batch.kinds !== 0 && u8[batch.kinds + row] === RowKind.updateBefore) continue
      const event = u32[numbers + row * 2]!
      latencies[event] = now - (event * 1000) / RATE
    }
  })
  // Events of one key in one batch leave as one change, that of the last of them.
  return latencies.subarray(Math.min(WARM_UP, eventCount >> 1)).filter((latency) => latency !== 0)
}

console.log(
  JSON.stringify({ events: eventCount, emptyPacerMs: percentiles(await pacer()), groupByMs: percentiles(await grouped()) }, undefined, 2),
)

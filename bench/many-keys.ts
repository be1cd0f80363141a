// GROUP BY over many distinct keys: memory, and the longest pause between two batches, by the clock and by the processor time of this thread (on a machine
// that others use, the clock also counts them). usage: node bench/many-keys.ts [KEYS] [--hot | --text | --distinct | --min-max]; with --hot 99 % of as many rows are of one key, against evenly spread keys; --text: keys
// are texts; --distinct: COUNT(DISTINCT) beside COUNT; --min-max: MIN and MAX, two rows a key and one of them taken back.
import { type MadeRows, runGrouped } from './grouped-rows.ts'

const keys = Number(process.argv.find((word) => /^\d+$/.test(word)) ?? 10_000_000)

function threadMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

async function measure(rowCount: number, keyOf: (row: number) => number, more: Partial<MadeRows> = {}): Promise<Record<string, number>> {
  let rows = 0
  let last = performance.now()
  let lastCpu = threadMs()
  let longestMs = 0
  let longestCpuMs = 0
  const startCpu = lastCpu
  await runGrouped({ rowCount, due: () => rowCount, keyOf, ...more }, (batch) => {
    rows += batch.selectedCount
    const now = performance.now()
    const cpu = threadMs()
    // The first batch waits for the start of the job.
    if (rows > batch.selectedCount) {
      longestMs = Math.max(longestMs, now - last)
      longestCpuMs = Math.max(longestCpuMs, cpu - lastCpu)
    }
    last = now
    lastCpu = cpu
  })
  const cpuSeconds = (threadMs() - startCpu) / 1000
  return {
    rows: rowCount,
    changes: rows,
    cpuSeconds,
    rowsPerCpuSecond: Math.round(rowCount / cpuSeconds),
    longestPauseMs: longestMs,
    longestPauseCpuMs: longestCpuMs,
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  }
}

// Keys are spread over 32 bits by a bijection, so that neither their order nor their density helps.
const spread = (n: number): number => Math.imul(n, 0x9e3779b1) >>> 0

if (process.argv.includes('--hot')) {
  const rowCount = keys
  const even = await measure(rowCount, (row) => spread(row % 10_000))
  const hot = await measure(rowCount, (row) => (row % 100 === 0 ? spread(row % 10_000) : 7))
  console.log(JSON.stringify({ even, hot, hotOverEven: (hot['cpuSeconds'] ?? 0) / (even['cpuSeconds'] ?? 1) }, undefined, 2))
} else {
  const has = (flag: string): boolean => process.argv.includes(flag)
  const isBack = has('--min-max')
  const rows = isBack ? keys * 3 : keys
  const aggregates = isBack ? (['MIN(n)', 'MAX(n)'] as const) : has('--distinct') ? (['COUNT(*)', 'COUNT(DISTINCT n)'] as const) : undefined
  const keyOf = isBack ? (row: number): number => spread(Math.floor(row / 3)) : spread
  const more = { keyType: has('--text') ? ('STRING' as const) : ('BIGINT' as const), takesBack: isBack, ...(aggregates && { aggregates }) }
  console.log(JSON.stringify(await measure(rows, keyOf, more), undefined, 2))
}

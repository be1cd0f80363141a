import { unreachable } from '../../src/base/assert.ts'
import type { SqlValue } from '../../src/data/value.ts'
import type { WindowSpec } from '../../src/plan/physical.ts'
import type { Row } from './evaluate.ts'
import { keyOfValues } from './key-of.ts'

const NANOS = 1_000_000n

/** Each row once for each of its windows, behind its columns window_start, window_end and window_time. A row without a time is in no window. */
export function windowedRows(rows: readonly Row[], timeColumn: number, window: WindowSpec): readonly Row[] {
  const timed = rows.filter((row) => row[timeColumn] !== null)
  const timeOf = (row: Row): number => Number((row[timeColumn] as bigint) / NANOS)
  if (window.kind === 'session') return sessions(timed, timeOf, window)
  return timed.flatMap((row) => windowsOf(window, timeOf(row)).map(([start, end]) => [...row, ...bounds(start, end)]))
}

function bounds(start: number, end: number): readonly SqlValue[] {
  return [start, end, end - 1].map((ms) => BigInt(ms) * NANOS)
}

/** All windows that might hold the time, tried one by one. */
function windowsOf(window: Exclude<WindowSpec, { kind: 'session' }>, time: number): readonly (readonly [number, number])[] {
  const found: [number, number][] = []
  switch (window.kind) {
    case 'tumble':
    case 'hop': {
      const { sizeMs, offsetMs } = window
      const step = window.kind === 'hop' ? window.slideMs : sizeMs
      const near = Math.round((time - offsetMs) / step)
      const reach = Math.ceil(sizeMs / step) + 2
      for (let i = near - reach; i <= near + reach; i++) {
        const start = i * step + offsetMs
        if (start <= time && time < start + sizeMs) found.push([start, start + sizeMs])
      }
      return found
    }
    case 'cumulate': {
      const { maxSizeMs, stepMs, offsetMs } = window
      const near = Math.round((time - offsetMs) / maxSizeMs)
      for (let i = near - 2; i <= near + 2; i++) {
        const start = i * maxSizeMs + offsetMs
        for (let end = start + stepMs; end <= start + maxSizeMs; end += stepMs) if (start <= time && time < end) found.push([start, end])
      }
      return found
    }
    default:
      return unreachable(window)
  }
}

/** Rows of one key whose times are at most a gap apart share a session. */
function sessions(rows: readonly Row[], timeOf: (row: Row) => number, window: Extract<WindowSpec, { kind: 'session' }>): readonly Row[] {
  const { gapMs, partitionKeys } = window
  const keyOf = (row: Row): string => keyOfValues(partitionKeys.map((column) => row[column]!))
  return rows.map((row) => {
    const times = rows.filter((other) => keyOf(other) === keyOf(row)).map(timeOf)
    let [start, end] = [timeOf(row), timeOf(row) + gapMs]
    for (let hasGrown = true; hasGrown;) {
      const touching = times.filter((time) => time <= end && time + gapMs >= start)
      const [least, greatest] = [Math.min(start, ...touching), Math.max(end, ...touching.map((time) => time + gapMs))]
      hasGrown = least < start || greatest > end
      start = least
      end = greatest
    }
    return [...row, ...bounds(start, end)]
  })
}

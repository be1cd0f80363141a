import { formatTime, formatTimestamp } from '../data/datetime.ts'
import type { TimestampStandard } from './temporal-text.ts'

/** `03:04:05`, `03:04:05.6`: the fraction without zeros at its end. */
export function isoTimeText(ms: number): string {
  return trimFraction(`${formatTime(ms)}.${String(ms % 1000).padStart(3, '0')}`)
}

/** `2024-01-02 03:04:05.6`, or with T. */
export function timestampText(ns: bigint, standard: TimestampStandard): string {
  const text = trimFraction(formatTimestamp(ns, 9))
  if (standard === 'SQL') return text
  return `${text.replace(' ', 'T')}${standard === 'ISO-8601' ? '' : 'Z'}`
}

/** As `timestampText`, of an instant in UTC: with Z. */
export function instantText(ns: bigint, standard: TimestampStandard): string {
  const text = `${trimFraction(formatTimestamp(ns, 9))}Z`
  return standard === 'SQL' ? text : text.replace(' ', 'T')
}

function trimFraction(text: string): string {
  return text.replace(/\.?0+$/, '')
}

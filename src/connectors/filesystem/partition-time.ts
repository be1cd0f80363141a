import { externalError, userError } from '../../base/errors.ts'
import type { OptionValue } from '../../catalog/option.ts'
import { daysFromCivil, floorMod, MS_PER_DAY, NS_PER_MS } from '../../data/datetime.ts'
import { parseWithPattern } from '../../data/datetime-pattern-parse.ts'
import { compileDateTimePattern } from '../../data/datetime-pattern.ts'
import { zone } from '../../data/time-zone.ts'

/** The time of a partition in epoch milliseconds, from the texts in its folders' names. Throws a RheoError of domain `external` where they are no time. */
export type PartitionTime = (values: readonly (readonly [name: string, text: string])[]) => number

/** How the options of a table say that the time of a partition is found. */
export function partitionTime(values: ReadonlyMap<string, OptionValue>): PartitionTime {
  if (values.get('partition.time-extractor.kind') === 'custom') {
    throw userError('unsupported/partition-time', 'Cannot set option "partition.time-extractor.kind": found "custom", wanted "default"')
  }
  const zoneName = String(values.get('sink.partition-commit.watermark-time-zone') ?? 'UTC')
  const timeZone = zone(zoneName)
  if (timeZone === undefined) {
    throw userError(
      'sql/option-value',
      `Cannot set option "sink.partition-commit.watermark-time-zone": found "${zoneName}", wanted a time zone such as "Europe/Berlin"`,
    )
  }
  const pattern = values.get('partition.time-extractor.timestamp-pattern') as string | undefined
  const parse = timeParser(values.get('partition.time-extractor.timestamp-formatter') as string | undefined)
  return (partition) => {
    const text = pattern === undefined ? partition[0]![1] : filled(pattern, partition)
    const localMs = parse(text)
    if (localMs !== undefined) return timeZone.localToUtc(localMs)
    const folder = partition.map(([name, value]) => `${name}=${value}`).join('/')
    throw externalError('file/partition-time', `Cannot tell the time of the partition "${folder}": found "${text}", wanted a time`)
  }
}

function filled(pattern: string, partition: readonly (readonly [string, string])[]): string {
  return partition.reduce((text, [name, value]) => text.replaceAll(`$${name}`, () => value), pattern)
}

function timeParser(formatter: string | undefined): (text: string) => number | undefined {
  if (formatter === undefined) return parseLenient
  const pattern = compileDateTimePattern(formatter)
  if (typeof pattern === 'string') {
    throw userError(
      'sql/option-value',
      `Cannot set option "partition.time-extractor.timestamp-formatter": found "${formatter}", in which ${pattern}`,
    )
  }
  return (text) => {
    const ns = parseWithPattern(pattern, text)
    return ns === undefined ? undefined : Number(ns / NS_PER_MS)
  }
}

/** `2024-1-2`, `2024-01-02 03:04:05.6`; months, days and hours beyond their range roll over. */
function parseLenient(text: string): number | undefined {
  const parts = /^(\d{1,10})-(\d{1,2})-(\d{1,2})(?: (\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d{1,9})?)?$/.exec(text)
  if (parts === null) return undefined
  const part = (i: number): number => Number(parts[i] ?? 0)
  const month = part(2) - 1
  const days = daysFromCivil(part(1) + Math.floor(month / 12), floorMod(month, 12) + 1, 1) + part(3) - 1
  return days * MS_PER_DAY + part(4) * 3_600_000 + part(5) * 60_000 + part(6) * 1000 + Math.floor(part(7) * 1000)
}

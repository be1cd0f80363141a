import type { OptionDefinition, OptionValue } from '../catalog/option.ts'
import type { LookupCache } from '../runtime/lookup.ts'

/** The options of tables that are looked up, as Flink names them. */
export const lookupOptions: readonly OptionDefinition[] = [
  { key: 'lookup.cache', type: { oneOf: ['NONE', 'PARTIAL', 'FULL'] }, default: 'NONE', doc: 'Which answers of lookups are kept.' },
  { key: 'lookup.partial-cache.max-rows', type: 'long', doc: 'The most keys that a PARTIAL cache keeps; absent: all.' },
  { key: 'lookup.partial-cache.expire-after-write', type: 'duration', doc: 'How long an answer counts after it came.' },
  { key: 'lookup.partial-cache.expire-after-access', type: 'duration', doc: 'How long an answer counts after it was used last.' },
  {
    key: 'lookup.partial-cache.cache-missing-key',
    type: 'boolean',
    default: 'true',
    doc: 'Whether it is kept that there are no rows for a key.',
  },
  {
    key: 'lookup.full-cache.reload-strategy',
    type: { oneOf: ['PERIODIC'] },
    default: 'PERIODIC',
    doc: 'When a FULL cache reads the table again.',
  },
  { key: 'lookup.full-cache.periodic-reload.interval', type: 'duration', doc: 'How often it does; absent: never.' },
  { key: 'lookup.max-retries', type: 'int', default: '3', doc: 'How often a lookup that fails is made again.' },
]

const kinds = { NONE: 'none', PARTIAL: 'partial', FULL: 'full' } as const

/** What the checked options of a table say about the answers of lookups. */
export function lookupCache(values: ReadonlyMap<string, OptionValue>): LookupCache {
  const ms = (key: string): number | undefined => values.get(key) as number | undefined
  const maxRows = values.get('lookup.partial-cache.max-rows')
  return {
    kind: kinds[String(values.get('lookup.cache') ?? 'NONE') as keyof typeof kinds],
    maxKeys: maxRows === undefined ? Infinity : Number(maxRows),
    expireAfterWriteMs: ms('lookup.partial-cache.expire-after-write'),
    expireAfterAccessMs: ms('lookup.partial-cache.expire-after-access'),
    keepsMissing: values.get('lookup.partial-cache.cache-missing-key') !== false,
    maxRetries: Number(values.get('lookup.max-retries') ?? 3),
  }
}

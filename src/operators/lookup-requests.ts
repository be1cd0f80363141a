import { externalError } from '../base/errors.ts'
import type { Clock } from '../base/ports.ts'
import type { SqlValue } from '../data/value.ts'
import type { LookupReader, LookupRows } from '../runtime/lookup.ts'

export interface LookupRequestOptions {
  readonly clock: Clock
  /** For messages. */
  readonly table: string
  /** Requests in flight at most. */
  readonly capacity: number
  /** How long one may take; undefined: as long as it does. */
  readonly timeoutMs: number | undefined
  /** How often a request that fails is made again. */
  readonly maxRetries: number
  /** Asks again for keys without rows, so often in all, with a pause before each. */
  readonly missing: { readonly delayMs: number; readonly maxAttempts: number } | undefined
}

/**
 * Asks for the rows of keys, in requests of as many keys as the reader takes, `capacity` of them at a time, and says each answer as it comes.
 *
 * @throws {RheoError} `lookup/failed` when a request has failed for the last time, `lookup/timeout`.
 */
export async function requestAll(
  reader: LookupReader,
  keys: readonly (readonly SqlValue[])[],
  options: LookupRequestOptions,
  answer: (key: number, rows: LookupRows) => void,
): Promise<void> {
  const size = Math.max(1, Math.min(keys.length, reader.keysPerRequest))
  let next = 0
  const work = async (): Promise<void> => {
    while (next < keys.length) {
      const from = next
      next += size
      const rows = await withMissing(reader, keys.slice(from, from + size), options)
      rows.forEach((found, i) => answer(from + i, found))
    }
  }
  await Promise.all(Array.from({ length: Math.min(options.capacity, Math.ceil(keys.length / size)) }, work))
}

async function withMissing(
  reader: LookupReader,
  keys: readonly (readonly SqlValue[])[],
  options: LookupRequestOptions,
): Promise<readonly LookupRows[]> {
  const rows = [...(await withRetries(reader, keys, options))]
  const { missing, clock } = options
  for (let attempt = 1; missing !== undefined && attempt < missing.maxAttempts; attempt++) {
    const without = keys.flatMap((_, i) => (rows[i]!.length === 0 ? [i] : []))
    if (without.length === 0) break
    await sleep(clock, missing.delayMs)
    const again = await withRetries(
      reader,
      without.map((i) => keys[i]!),
      options,
    )
    without.forEach((i, place) => (rows[i] = again[place]!))
  }
  return rows
}

async function withRetries(
  reader: LookupReader,
  keys: readonly (readonly SqlValue[])[],
  options: LookupRequestOptions,
): Promise<readonly LookupRows[]> {
  for (let failures = 0; ; failures++) {
    try {
      return await inTime(reader.lookup(keys), options)
    } catch (error) {
      if (failures >= options.maxRetries) throw error
    }
  }
}

function inTime<T>(work: Promise<T>, { clock, timeoutMs, table }: LookupRequestOptions): Promise<T> {
  if (timeoutMs === undefined) return work
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(timeoutMs, () =>
      reject(
        externalError('lookup/timeout', `Cannot look up rows of "${table}": no answer came within ${timeoutMs} ms, the timeout of lookups`),
      ),
    )
    work.then(resolve, reject).finally(cancel)
  })
}

function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.schedule(ms, resolve)
  })
}

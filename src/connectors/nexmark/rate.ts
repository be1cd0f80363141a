import type { NexmarkSettings } from './options.ts'

/** Steps of a period when the rate follows a sine. */
const SINE_STEPS = 10

/** A run of events at one rate: event `first + i` happens `i * delayUs` microseconds after `baseUs`. */
export interface RateStep {
  readonly first: number
  /** The event behind the last one of this step. */
  readonly end: number
  readonly baseUs: number
  readonly delayUs: number
}

/** When events happen: at one rate without end, or at rates that take turns within a period, as in the public generator. */
export function rateSteps(settings: NexmarkSettings): (event: number) => RateStep {
  const baseUs = settings.baseTimeMs * 1000
  const delays = delaysUs(settings)
  const [only] = delays
  if (delays.length === 1 && only !== undefined) return () => ({ first: 0, end: Infinity, baseUs, delayUs: only })
  const stepUs = Math.ceil(settings.periodSeconds / delays.length) * 1_000_000
  const stepEvents = delays.map((delay) => Math.floor(stepUs / delay))
  const periodEvents = stepEvents.reduce((sum, count) => sum + count, 0)
  return (event) => {
    const period = Math.floor(event / periodEvents)
    let first = period * periodEvents
    let startUs = baseUs + period * stepUs * delays.length
    for (const [i, count] of stepEvents.entries()) {
      if (event < first + count) return { first, end: first + count, baseUs: startUs, delayUs: delays[i] ?? 1 }
      first += count
      startUs += stepUs
    }
    return { first: event, end: first, baseUs: startUs, delayUs: delays.at(-1) ?? 1 }
  }
}

function delaysUs({ firstRate, nextRate, shape }: NexmarkSettings): readonly number[] {
  const delay = (rate: number): number => 1_000_000 / rate
  if (firstRate === nextRate) return [delay(firstRate)]
  if (shape === 'SQUARE') return [delay(firstRate), delay(nextRate)]
  const middle = (firstRate + nextRate) / 2
  const amplitude = (firstRate - nextRate) / 2
  return Array.from({ length: SINE_STEPS }, (_, i) => delay(Math.round(middle + amplitude * Math.cos((2 * Math.PI * i) / SINE_STEPS))))
}

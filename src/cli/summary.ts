import { END_WATERMARK, NO_WATERMARK } from '../data/watermark.ts'
import type { JobSummary } from '../api/index.ts'
import { countText } from './count-text.ts'

/** The last line on standard error: what the jobs of a script did. */
export function summaryText(summary: JobSummary, isStopped: boolean): string {
  const { rowsIn, rowsOut, lateRows, badRecords, peakStateBytes, watermark, seconds } = summary
  const time = `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`
  if (isStopped) return `stopped · ${rowsText(rowsOut)} in ${time} · read ${countText(rowsIn)} · watermark ${watermarkText(watermark)}`
  const rate = seconds > 0 ? ` (${shortNumber(rowsIn / seconds)}/s)` : ''
  const state = peakStateBytes > 0 ? ` · state ${sizeText(peakStateBytes)}` : ''
  return `${rowsText(rowsOut)} · ${countText(rowsIn)} read in ${time}${rate} · late ${countText(lateRows)} · bad ${countText(badRecords)}${state}`
}

/** The same as one JSON object. */
export function summaryJson(summary: JobSummary, isStopped: boolean): string {
  const { watermark, badRecordSamples, ...numbers } = summary
  return JSON.stringify({
    ...numbers,
    watermark: watermark === NO_WATERMARK || watermark === END_WATERMARK ? null : watermark,
    isStopped,
    badRecordSamples: badRecordSamples.map(({ place, message }) => ({ source: place.source, line: place.line, message })),
  })
}

/**
 * The line that is redrawn while a job runs.
 *
 * @param rows What it gave; the number of rows unless told.
 */
export function statusText({ rowsOut, seconds, watermark, peakStateBytes }: JobSummary, rows = rowsText(rowsOut)): string {
  const rate = seconds > 0 ? shortNumber(rowsOut / seconds) : '0'
  return `${rows}  ${rate}/s  watermark ${watermarkText(watermark)}  state ${sizeText(peakStateBytes)}`
}

function rowsText(count: number): string {
  return count === 1 ? '1 row' : `${countText(count)} rows`
}

function shortNumber(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} M`
  if (value >= 1e4) return `${(value / 1e3).toFixed(0)} K`
  return value >= 100 ? value.toFixed(0) : value.toFixed(1)
}

function sizeText(bytes: number): string {
  if (bytes >= 1 << 30) return `${(bytes / (1 << 30)).toFixed(1)} GB`
  if (bytes >= 1 << 20) return `${(bytes / (1 << 20)).toFixed(1)} MB`
  return bytes >= 1024 ? `${(bytes / 1024).toFixed(0)} KB` : `${bytes} B`
}

function watermarkText(watermark: number): string {
  if (watermark === NO_WATERMARK) return 'none'
  if (watermark === END_WATERMARK) return 'end'
  const text = new Date(watermark).toISOString()
  return text.slice(0, -1).replace('T', ' ')
}

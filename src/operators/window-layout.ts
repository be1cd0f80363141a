import { assert, unreachable } from '../base/assert.ts'

/** TUMBLE, HOP and CUMULATE; all in milliseconds. */
export type FixedWindow =
  | { readonly kind: 'tumble'; readonly sizeMs: number; readonly offsetMs: number }
  | { readonly kind: 'hop'; readonly sizeMs: number; readonly slideMs: number; readonly offsetMs: number }
  | { readonly kind: 'cumulate'; readonly maxSizeMs: number; readonly stepMs: number; readonly offsetMs: number }

/**
 * Where the windows of one kind lie on the time line, and the panes that they are made of: the longest stretches that no window
 * begins or ends in.
 *
 *     HOP(size 3, slide 2)      panes   |0|1|2|3|4|5|      a window is named by its end, a pane by its start
 *                               windows |-----|     |
 *                                           |-----|
 */
export interface WindowLayout {
  /** The pane that a time falls into. */
  paneOf(time: number): number
  /** The ends of the first and the last window that a pane belongs to; the first is after the last where the pane is in no window. */
  firstEnd(pane: number): number
  lastEnd(pane: number): number
  /** The end of the window behind the one with this end. */
  nextEnd(end: number): number
  startOf(end: number): number
  /** The length of panes; undefined where some are in no window. */
  readonly paneMs: number | undefined
}

export function windowLayout(window: FixedWindow): WindowLayout {
  switch (window.kind) {
    case 'tumble':
      return hopLayout(window.sizeMs, window.sizeMs, window.offsetMs)
    case 'hop':
      return hopLayout(window.sizeMs, window.slideMs, window.offsetMs)
    case 'cumulate':
      return cumulateLayout(window.maxSizeMs, window.stepMs, window.offsetMs)
    default:
      return unreachable(window)
  }
}

/** The greatest multiple of `size`, moved by `offset`, that is not after `time`. */
export function floorTo(time: number, size: number, offset: number): number {
  const remainder = (time - offset) % size
  return remainder < 0 ? time - remainder - size : time - remainder
}

function hopLayout(size: number, slide: number, offset: number): WindowLayout {
  assert(size > 0 && slide > 0, 'windows have a length')
  const paneSize = greatestCommonDivisor(size, slide)
  return {
    paneOf: (time) => floorTo(time, paneSize, offset),
    firstEnd(pane) {
      // The first start that is late enough for its end not to come before the pane's.
      const earliest = pane + paneSize - size
      const start = floorTo(earliest, slide, offset)
      return (start < earliest ? start + slide : start) + size
    },
    lastEnd: (pane) => floorTo(pane, slide, offset) + size,
    nextEnd: (end) => end + slide,
    startOf: (end) => end - size,
    paneMs: slide <= size ? paneSize : undefined,
  }
}

function cumulateLayout(maxSize: number, step: number, offset: number): WindowLayout {
  assert(step > 0 && maxSize % step === 0, 'steps fill the window')
  const startOf = (end: number): number => floorTo(end - 1, maxSize, offset)
  return {
    paneOf: (time) => floorTo(time, step, offset),
    firstEnd: (pane) => pane + step,
    lastEnd: (pane) => startOf(pane + step) + maxSize,
    nextEnd: (end) => end + step,
    startOf,
    paneMs: step,
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

/** The windows that a time falls into: from the last start to the first, or for CUMULATE from the first end to the last. */
export function windowsOf(window: FixedWindow, time: number): readonly { readonly start: number; readonly end: number }[] {
  const windows: { start: number; end: number }[] = []
  switch (window.kind) {
    case 'tumble': {
      const start = floorTo(time, window.sizeMs, window.offsetMs)
      windows.push({ start, end: start + window.sizeMs })
      return windows
    }
    case 'hop': {
      const { sizeMs, slideMs, offsetMs } = window
      for (let start = floorTo(time, slideMs, offsetMs); start > time - sizeMs; start -= slideMs)
        windows.push({ start, end: start + sizeMs })
      return windows
    }
    case 'cumulate': {
      const { maxSizeMs, stepMs, offsetMs } = window
      const start = floorTo(time, maxSizeMs, offsetMs)
      for (let end = floorTo(time, stepMs, offsetMs) + stepMs; end <= start + maxSizeMs; end += stepMs) windows.push({ start, end })
      return windows
    }
    default:
      return unreachable(window)
  }
}

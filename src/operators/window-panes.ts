import { ByteSink } from '../data/byte-sink.ts'
import { NO_WATERMARK } from '../data/watermark.ts'
import type { PendingWindow } from './window-heap.ts'
import { type FixedWindow, type WindowLayout, windowLayout } from './window-layout.ts'
import type { WindowTime } from './window-time.ts'

/**
 * How the rows of a window aggregate are divided into panes. A pane is named by its start and `from`: ALL_WINDOWS, or the end of the first window that it
 * counts in, when its rows were late for those before. Where windows come with the rows, `from` is the window's end.
 */
export interface WindowPanes {
  /** The start of the pane of a wall clock time. */
  paneOf(local: number): number
  /**
   * The `from` of a row in a pane: `late` when the row's watermark has passed all of its windows, `none` when it is in no window.
   * `end` is that of the window that the row carries.
   */
  openFrom(pane: number, end: number, watermark: number): number | 'late' | 'none'
  /** Where panes lie one behind the other on the line of event times and each is in some window: their length, and where one begins. Else undefined. */
  readonly regular: { readonly sizeMs: number; readonly offsetMs: number } | undefined
  /** The first window that a pane counts in and that has not left. */
  firstWindow(start: number, from: number, fired: number): PendingWindow | undefined
  /** What there is where windows share panes; undefined where each window is one pane. */
  readonly sharing:
    | {
        isPaneOf(window: PendingWindow, start: number, from: number): boolean
        /** Whether no window behind this one needs a pane. */
        isOver(start: number, window: PendingWindow): boolean
        windowAfter(window: PendingWindow): PendingWindow
      }
    | undefined
}

/** The `from` of panes whose rows count in all of their windows. */
export const ALL_WINDOWS = Number.MIN_SAFE_INTEGER
/** The `from` that names groups made by merging panes. */
export const MERGED = Number.MAX_SAFE_INTEGER

/** The bytes that panes take at the start of encoded keys: two BIGINTs. */
export const PANE_PREFIX_BYTES = 18

/** What `start` and `from` are in an encoded key. */
export function panePrefix(start: number, from: number): Uint8Array {
  const sink = new ByteSink(PANE_PREFIX_BYTES)
  for (const value of [start, from]) {
    sink.u8(1)
    sink.i64(BigInt(value))
  }
  return sink.toBytes()
}

/** Rows that carry the bounds of their window. */
export function attachedPanes(time: WindowTime): WindowPanes {
  return {
    paneOf: (local) => local,
    openFrom: (_pane, end, watermark) => (watermark >= time.timerOf(end - 1) ? 'late' : end),
    firstWindow: (start, from) => ({ start, end: from, timer: time.timerOf(from - 1) }),
    regular: time.isEventTime ? { sizeMs: 1, offsetMs: 0 } : undefined,
    sharing: undefined,
  }
}

/** Rows that fall into windows by their event time. */
export function fixedPanes(window: FixedWindow, time: WindowTime): WindowPanes {
  const layout = windowLayout(window)
  return window.kind === 'tumble' ? tumblingPanes(window, layout, time) : sharedPanes(layout, time)
}

function tumblingPanes({ sizeMs, offsetMs }: { sizeMs: number; offsetMs: number }, layout: WindowLayout, time: WindowTime): WindowPanes {
  // Nearly all rows fall into the window of the row before.
  let lastPane = Number.NaN
  let lastTimer = 0
  return {
    paneOf: (local) => layout.paneOf(local),
    openFrom(pane, _end, watermark) {
      if (watermark === NO_WATERMARK) return ALL_WINDOWS
      if (pane !== lastPane) {
        lastPane = pane
        lastTimer = time.timerOf(pane + sizeMs - 1)
      }
      return watermark >= lastTimer ? 'late' : ALL_WINDOWS
    },
    firstWindow: (start) => ({ start, end: start + sizeMs, timer: time.timerOf(start + sizeMs - 1) }),
    regular: time.isEventTime ? { sizeMs, offsetMs } : undefined,
    sharing: undefined,
  }
}

function sharedPanes(layout: WindowLayout, time: WindowTime): WindowPanes {
  const timerOf = (end: number): number => time.timerOf(end - 1)
  const pending = (end: number): PendingWindow => ({ start: layout.startOf(end), end, timer: timerOf(end) })
  return {
    paneOf: (local) => layout.paneOf(local),
    openFrom(pane, _end, watermark) {
      let end = layout.firstEnd(pane)
      const last = layout.lastEnd(pane)
      if (end > last) return 'none'
      if (watermark < timerOf(end)) return ALL_WINDOWS
      if (watermark >= timerOf(last)) return 'late'
      while (watermark >= timerOf(end)) end = layout.nextEnd(end)
      return end
    },
    firstWindow(start, from, fired) {
      let end = from === ALL_WINDOWS ? layout.firstEnd(start) : from
      const last = layout.lastEnd(start)
      while (end <= last && timerOf(end) <= fired) end = layout.nextEnd(end)
      return end > last ? undefined : pending(end)
    },
    regular: time.isEventTime && layout.paneMs !== undefined ? { sizeMs: layout.paneMs, offsetMs: layout.paneOf(0) } : undefined,
    sharing: {
      isPaneOf: (window, start, from) => start >= window.start && start < window.end && from <= window.end,
      isOver: (start, window) => layout.lastEnd(start) <= window.end,
      windowAfter: (window) => pending(layout.nextEnd(window.end)),
    },
  }
}

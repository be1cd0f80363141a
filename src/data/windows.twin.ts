// What `kernels/windows.ts` computes, in plain TypeScript.

export interface PaneRow {
  /** Null for NULL. */
  readonly time: number | null
  readonly watermark: number
  /** Of the window that the row carries. */
  readonly end: number
}

export interface PaneOfRow {
  readonly place: number
  readonly start: number
  readonly from: number
}

/** The panes of rows from place `from` on, to the first one whose watermark may have passed a window of its pane. */
export function assignPanes(
  rows: readonly PaneRow[],
  from: number,
  options: { readonly size: number; readonly offset: number; readonly all: number; readonly isAttached: boolean },
): { readonly next: number; readonly kept: readonly PaneOfRow[] } {
  const { size, offset, all, isAttached } = options
  const kept: PaneOfRow[] = []
  for (let place = from; place < rows.length; place++) {
    const { time, watermark, end } = rows[place]!
    if (time === null) continue
    const start = isAttached ? time : Math.floor((time - offset) / size) * size + offset
    if (watermark >= (isAttached ? end : start + size) - 1) return { next: place, kept }
    kept.push({ place, start, from: isAttached ? end : all })
  }
  return { next: rows.length, kept }
}

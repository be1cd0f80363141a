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

/** An open session of a key that has no other, or undefined; `isOnly`: the key has this one only. */
export interface OpenSession {
  rows: number
  start: number
  end: number
  readonly isOnly: boolean
}

/** Brings rows into the sessions of their keys, to the first row for which that takes more than growing the only one. Returns the next place. */
export function extendSessions(
  rows: readonly (PaneRow & { readonly key: number; readonly sign: 1 | -1 })[],
  from: number,
  sessions: ReadonlyMap<number, OpenSession>,
  gap: number,
): number {
  for (let place = from; place < rows.length; place++) {
    const { time, watermark, key, sign } = rows[place]!
    const session = sessions.get(key)
    if (time === null || session === undefined || !session.isOnly) return place
    if (session.start > time + gap || session.end < time || session.end - 1 <= watermark) return place
    session.start = Math.min(session.start, time)
    session.end = Math.max(session.end, time + gap)
    session.rows += sign
  }
  return rows.length
}

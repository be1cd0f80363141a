// What `kernels/groups.ts` computes, in plain TypeScript.

/** A row of a batch as `touchGroups` takes it. */
export interface TouchingRow {
  readonly id: number
  readonly sign: 1 | -1
}

export interface TouchResult {
  /** The place behind the last row that was looked at. */
  readonly next: number
  /** Places of the rows that count. */
  readonly kept: readonly number[]
}

/** Counts rows in `counts`, by group; `touched` gets each group once, with the place of its first row and what it had before. */
export function touchGroups(
  rows: readonly TouchingRow[],
  from: number,
  counts: Map<number, number>,
  touched: Map<number, { readonly place: number; readonly hadRow: boolean }>,
  isOpen: boolean,
): TouchResult {
  const kept: number[] = []
  for (let place = from; place < rows.length; place++) {
    const { id, sign } = rows[place]!
    const before = counts.get(id) ?? 0
    if (!touched.has(id)) touched.set(id, { place, hadRow: before !== 0 })
    if (!isOpen && sign < 0 && before === 0) continue
    kept.push(place)
    counts.set(id, before + sign)
    if (!isOpen && before + sign === 0) return { next: place + 1, kept }
  }
  return { next: rows.length, kept }
}

/** The changes of groups, as `row:kind`, rows `2k` and `2k + 1` being what entry k was and what it is. */
export function selectChanges(
  entries: readonly { readonly hadRow: boolean; readonly hasRow: boolean; readonly isChanged: boolean }[],
  emitsBefore: boolean,
): readonly string[] {
  return entries.flatMap(({ hadRow, hasRow, isChanged }, k) => {
    const [before, after] = [k * 2, k * 2 + 1]
    if (!hasRow) return hadRow ? [`${before}:3`] : []
    if (!hadRow) return [`${after}:0`]
    if (!isChanged) return []
    return emitsBefore ? [`${before}:1`, `${after}:2`] : [`${after}:2`]
  })
}

import type { ArenaOwner } from '../../data/arena.ts'
import type { SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import type { Accumulator, AccumulatorPlace, GroupRows } from './accumulator.ts'
import { newGroupRows } from './group-rows.ts'
import { GroupValues, VALUES_BYTES } from './group-values.ts'

/** An aggregate over each value once: passes on the first row of a value that a group gets, and the last one that is taken back. */
export function distinctAccumulator(
  owner: ArenaOwner,
  type: SqlType,
  place: AccumulatorPlace,
  inner: Accumulator,
  nulls: 'with-null' | 'without-null' = 'without-null',
): Accumulator {
  const { kernels } = owner.arena
  const values = new GroupValues(owner, type, place.offset + inner.lineBytes)
  const present = newGroupRows(owner)
  const add = (id: number, line: number, value: SqlValue, change: number): void => {
    if (value === null && nulls === 'without-null') return
    const count = values.add(id, line, value, change)
    const before = count - change
    if (before <= 0 && count > 0) inner.add(id, line, value, 1)
    else if (before > 0 && count <= 0) inner.add(id, line, value, -1)
  }
  const withoutNull = (all: GroupRows): GroupRows => {
    const { rowsAt, idsAt, linesAt, signsAt, count, batch } = all
    const mask = batch.columns[place.column]!.nulls
    if (mask === 0 || nulls === 'with-null') return all
    present.batch = batch
    present.count = kernels.filterRows(
      0,
      mask,
      rowsAt,
      idsAt,
      linesAt,
      signsAt,
      count,
      present.rowsAt,
      present.idsAt,
      present.linesAt,
      present.signsAt,
    )
    return present
  }
  return {
    ...(inner.writeAll !== undefined && { writeAll: inner.writeAll }),
    lineBytes: inner.lineBytes + VALUES_BYTES,
    update(all) {
      const kept = values.count(withoutNull(all), all.batch.columns[place.column]!)
      if (kept.count > 0) inner.update(kept)
    },
    add,
    write: (id, line, target) => inner.write(id, line, target),
    merge(id, line, _otherId, otherLine) {
      for (const { value, count } of values.values(otherLine)) add(id, line, value, count)
    },
    clear(id, line) {
      values.clear(line)
      inner.clear?.(id, line)
    },
    save(id, line, sink) {
      values.save(line, sink)
      inner.save(id, line, sink)
    },
    load(id, line, reader) {
      values.load(id, line, reader)
      inner.load(id, line, reader)
    },
  }
}

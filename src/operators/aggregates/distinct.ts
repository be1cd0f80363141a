import type { ArenaOwner } from '../../data/arena.ts'
import type { SqlType } from '../../data/types.ts'
import type { Accumulator, AccumulatorPlace, GroupRows } from './accumulator.ts'
import { GroupValues, MOST_MEMBERS, VALUES_BYTES, allMembers, newMemberRows } from './group-values.ts'

/** An aggregate of the values, each once. */
export interface DistinctMember {
  readonly inner: Accumulator
  /** A BOOLEAN column: only rows where it is TRUE count. */
  readonly filter: number | undefined
}

export interface DistinctOptions {
  readonly type: SqlType
  /** `with-null`: NULL is a value too. */
  readonly nulls: 'with-null' | 'without-null'
  readonly input: 'appending' | 'changing'
  /** Where the values' part of the line begins, and their column. */
  readonly place: AccumulatorPlace
}

/**
 * Aggregates over each value of one argument once: passes on the first row of a value that a group gets, and the last one that is taken back. However many aggregates there
 * are, each with a filter of its own, the values are kept and looked up once.
 *
 * The line of the members' parts is theirs; the values add `VALUES_BYTES`. What is written is the value of the first member.
 */
export function distinctAccumulator(owner: ArenaOwner, members: readonly DistinctMember[], options: DistinctOptions): Accumulator {
  const { kernels } = owner.arena
  const { type, nulls, input, place } = options
  const values = new GroupValues(owner, { type, list: place.offset, members: members.length, input })
  const all = allMembers(members.length)
  const hasFilters = members.every(({ filter }) => filter !== undefined)
  const marked = newMemberRows(owner)
  const present = newMemberRows(owner)
  const [first] = members

  const mark = (rows: GroupRows): void => {
    members.forEach(({ filter }, m) => {
      const column = filter === undefined ? undefined : rows.batch.columns[filter]!
      kernels.markMembers(column?.cells ?? 0, column?.nulls ?? 0, rows.rowsAt, rows.count, m, marked.masksAt)
    })
  }
  /** The rows with a wanted member that `mask` does not mark as NULL. */
  const keep = (rows: GroupRows, masksAt: number, mask: number, wanted: number): GroupRows => {
    const kept = present.rows
    kept.batch = rows.batch
    kept.count = kernels.keepMembers(
      mask,
      rows.rowsAt,
      rows.idsAt,
      rows.linesAt,
      rows.signsAt,
      masksAt,
      rows.count,
      wanted,
      kept.rowsAt,
      kept.idsAt,
      kept.linesAt,
      kept.signsAt,
      present.masksAt,
    )
    return kept
  }
  const addEach = (id: number, line: number, changed: number, add: (inner: Accumulator) => void): void => {
    for (let m = 0; changed >>> m !== 0 && m < MOST_MEMBERS; m++) if ((changed >>> m) & 1) add(members[m]!.inner)
  }
  return {
    ...(first?.inner.writeAll !== undefined && { writeAll: first.inner.writeAll }),
    lineBytes: VALUES_BYTES,
    update(rows) {
      const column = rows.batch.columns[place.column]!
      const mask = nulls === 'with-null' ? 0 : column.nulls
      mark(rows)
      const isWhole = mask === 0 && !hasFilters
      const wanted = isWhole ? { rows, masksAt: marked.masksAt } : { rows: keep(rows, marked.masksAt, mask, all), masksAt: present.masksAt }
      const changed = values.count(wanted, column)
      const { rows: kept, masksAt } = values.kept
      for (let m = 0; m < members.length; m++) {
        if (((changed >>> m) & 1) === 0) continue
        members[m]!.inner.update(members.length === 1 ? kept : keep(kept, masksAt, 0, (1 << m) >>> 0))
      }
    },
    add(id, line, value, sign) {
      if (value === null && nulls === 'without-null') return
      addEach(id, line, values.add(id, line, value, sign), (inner) => inner.add(id, line, value, sign))
    },
    write: (id, line, target) => first!.inner.write(id, line, target),
    merge(id, line, _otherId, otherLine) {
      values.merge(id, line, otherLine, (value, got, lost) => {
        addEach(id, line, got, (inner) => inner.add(id, line, value, 1))
        addEach(id, line, lost, (inner) => inner.add(id, line, value, -1))
      })
    },
    clear(id, line) {
      values.clear(line)
      for (const { inner } of members) inner.clear?.(id, line)
    },
    save(id, line, sink) {
      values.save(line, sink)
      for (const { inner } of members) inner.save(id, line, sink)
    },
    load(id, line, reader) {
      values.load(id, line, reader)
      for (const { inner } of members) inner.load(id, line, reader)
    },
  }
}

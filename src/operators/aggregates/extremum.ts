import type { Arena, ArenaOwner } from '../../data/arena.ts'
import { readCell, writeCell } from '../../data/cells.ts'
import type { SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import type { Accumulator, AccumulatorPlace, GroupPairs } from './accumulator.ts'
import { compareValues } from './compare-values.ts'
import { ValueCounts } from './value-counts.ts'
import { valueSlot } from './value-slot.ts'

/** MIN (`direction` 1) and MAX (-1) of rows that are only added; one that is taken back is passed over. NaN is neither less nor greater: it stays when it came first. */
export function extremumAccumulator(owner: ArenaOwner, type: SqlType, place: AccumulatorPlace, direction: 1 | -1): Accumulator {
  const slot = valueSlot(owner, type, place.offset)
  const { u8 } = owner.arena
  const isBefore = (value: SqlValue, kept: SqlValue): boolean => {
    if (typeof value === 'number' && typeof kept === 'number') return direction > 0 ? value < kept : value > kept
    return compareValues(value, kept) * direction < 0
  }
  const add = (id: number, line: number, value: SqlValue): void => {
    if (value !== null && (!slot.has(line) || isBefore(value, slot.value(id, line)))) slot.put(id, line, value)
  }
  return {
    lineBytes: slot.lineBytes,
    update(all) {
      const { batch, count, rows, ids, lines, signs } = all
      const column = batch.columns[place.column]!
      if (slot.keep !== undefined) {
        slot.keep(direction, column, all)
        return
      }
      for (let i = 0; i < count; i++) {
        const row = rows[i]!
        if (signs[i]! < 0 || (column.nulls !== 0 && u8[column.nulls + row] !== 0)) continue
        if (!slot.has(lines[i]!) || slot.compare(ids[i]!, lines[i]!, column, row) * direction < 0)
          slot.take(ids[i]!, lines[i]!, column, row)
      }
    },
    add,
    write: (id, line, target) => slot.write(id, line, target),
    ...(slot.writeAll !== undefined && { writeAll: slot.writeAll }),
    merge: (id, line, otherId, otherLine) => add(id, line, slot.value(otherId, otherLine)),
    ...(slot.mergeKept !== undefined && { mergeAll: (pairs: GroupPairs) => slot.mergeKept!(direction, pairs) }),
    ...(slot.clear !== undefined && { clear: slot.clear }),
    save: (id, line, sink) => slot.save(id, line, sink),
    load: (id, line, reader) => slot.load(id, line, reader),
  }
}

/** MIN and MAX of rows that are also taken back: keeps every value, and looks for the extremum anew after it was taken back. */
export function retractableExtremum(arena: Arena, type: SqlType, place: AccumulatorPlace, direction: 1 | -1): Accumulator {
  const counts = new ValueCounts(type)
  /** The extremum by group; undefined when it is to be looked for. */
  const known: (SqlValue | undefined)[] = []
  const add = (id: number, value: SqlValue, change: number): void => {
    if (value === null) return
    const count = counts.add(id, value, change)
    const current = known[id]
    if (current === undefined) return
    if (count === change && change > 0) {
      if (current === null || compareValues(value, current) * direction < 0) known[id] = value
    } else if (count <= 0) known[id] = undefined
  }
  const find = (id: number): SqlValue => {
    const cached = known[id]
    if (cached !== undefined) return cached
    let found: SqlValue = null
    for (const { value } of counts.entries(id)) if (found === null || compareValues(value, found) * direction < 0) found = value
    known[id] = found
    return found
  }
  return {
    lineBytes: 0,
    update({ batch, count, rows, ids, signs }) {
      const column = batch.columns[place.column]!
      for (let i = 0; i < count; i++) add(ids[i]!, readCell(arena, column, rows[i]!), signs[i]!)
    },
    add: (id, _line, value, sign) => add(id, value, sign),
    write(id, _line, { buffer, column, row }) {
      writeCell(buffer, column, row, find(id))
    },
    merge(id, _line, otherId) {
      for (const { value, count } of counts.allEntries(otherId)) add(id, value, count)
      known[id] = undefined
    },
    clear(id) {
      counts.clear(id)
      known[id] = undefined
    },
    save: (id, _line, sink) => counts.save(id, sink),
    load: (id, _line, reader) => counts.load(id, reader),
  }
}

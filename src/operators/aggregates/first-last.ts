import type { ArenaOwner } from '../../data/arena.ts'
import { writeCell } from '../../data/cells.ts'
import type { SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import type { Accumulator, AccumulatorPlace, CellRange, GroupLines } from './accumulator.ts'
import { Arrivals, arrivalsAccumulator } from './arrivals.ts'
import { valueSlot } from './value-slot.ts'

/** FIRST_VALUE and LAST_VALUE by arrival, of rows that are only added. NULL is skipped. */
export function arrivalAccumulator(owner: ArenaOwner, type: SqlType, place: AccumulatorPlace, which: 'first' | 'last'): Accumulator {
  const slot = valueSlot(owner, type, place.offset)
  const { u8 } = owner.arena
  const add = (id: number, line: number, value: SqlValue): void => {
    if (value !== null && (which === 'last' || !slot.has(line))) slot.put(id, line, value)
  }
  return {
    lineBytes: slot.lineBytes,
    update({ batch, count, rows, ids, lines }) {
      const column = batch.columns[place.column]!
      for (let i = 0; i < count; i++) {
        const row = rows[i]!
        if (column.nulls !== 0 && u8[column.nulls + row] !== 0) continue
        if (which === 'last' || !slot.has(lines[i]!)) slot.take(ids[i]!, lines[i]!, column, row)
      }
    },
    add,
    write: (id, line, target) => slot.write(id, line, target),
    ...(slot.writeAll !== undefined && { writeAll: slot.writeAll }),
    merge: (id, line, otherId, otherLine) => add(id, line, slot.value(otherId, otherLine)),
    ...(slot.clear !== undefined && { clear: slot.clear }),
    save: (id, line, sink) => slot.save(id, line, sink),
    load: (id, line, reader) => slot.load(id, line, reader),
  }
}

/** FIRST_VALUE and LAST_VALUE of rows that are also taken back: of equal values the one that came first is. */
export function retractableArrival(owner: ArenaOwner, type: SqlType, place: AccumulatorPlace, which: 'first' | 'last'): Accumulator {
  const arrivals = new Arrivals(owner, { type, list: place.offset, input: 'changing' })
  return {
    ...arrivalsAccumulator(owner, arrivals, { column: place.column, nulls: 'without-null' }),
    write(_id, line, { buffer, column, row }) {
      writeCell(buffer, column, row, arrivals.end(line, which))
    },
    ...(isPlain(type) && { writeAll: (groups: GroupLines, range: CellRange) => arrivals.writeEnds(groups, range, which) }),
  }
}

/** Whether the cells of a type are of fixed width or bytes of their own, and not encoded values. */
function isPlain(type: SqlType): boolean {
  switch (type.kind) {
    case 'ARRAY':
    case 'MAP':
    case 'MULTISET':
    case 'ROW':
    case 'VARIANT':
    case 'NULL':
      return false
    default:
      return true
  }
}

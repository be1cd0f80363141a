import type { ArenaOwner } from '../../data/arena.ts'
import { writeCell } from '../../data/cells.ts'
import type { SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import type { Accumulator, AccumulatorPlace, GroupPairs } from './accumulator.ts'
import { compareValues } from './compare-values.ts'
import { GroupValues, HEAP_BYTES, VALUES_BYTES } from './group-values.ts'
import { valueSlot } from './value-slot.ts'
import { valuesAccumulator } from './values-accumulator.ts'

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

/** MIN and MAX of rows that are also taken back: keeps every value, the first of them at hand. */
export function retractableExtremum(owner: ArenaOwner, type: SqlType, place: AccumulatorPlace, direction: 1 | -1): Accumulator {
  const first = direction > 0 ? 'least' : 'greatest'
  const values = new GroupValues(owner, { type, list: place.offset, members: 1, input: 'changing', first })
  return {
    ...valuesAccumulator(owner, values, place.column),
    lineBytes: VALUES_BYTES + HEAP_BYTES,
    write(_id, line, { buffer, column, row }) {
      writeCell(buffer, column, row, values.first(line))
    },
    writeAll: (groups, range) => values.writeFirsts(groups, range),
  }
}

import type { Arena, ArenaOwner } from '../../data/arena.ts'
import type { ByteReader, ByteSink } from '../../data/byte-sink.ts'
import { readCell, writeCell } from '../../data/cells.ts'
import { decodeValue, encodeValue } from '../../data/row-encoding.ts'
import type { SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import type { Accumulator, AccumulatorPlace } from './accumulator.ts'
import { keyOf } from './value-counts.ts'
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

/** All values of a group by arrival: by number, and the numbers of each value. */
interface Arrivals {
  readonly values: Map<number, SqlValue>
  readonly numbers: Map<string, number[]>
  next: number
}

/** FIRST_VALUE and LAST_VALUE of rows that are also taken back: of equal values the one that came first is. */
export function retractableArrival(arena: Arena, type: SqlType, place: AccumulatorPlace, which: 'first' | 'last'): Accumulator {
  const groups: (Arrivals | undefined)[] = []
  const add = (id: number, value: SqlValue, sign: number): void => {
    if (value === null) return
    let group = groups[id]
    if (group === undefined) {
      group = { values: new Map(), numbers: new Map(), next: 0 }
      groups[id] = group
    }
    if (sign > 0) append(group, keyOf(type, value), value)
    else takeBack(group, keyOf(type, value))
  }
  return {
    lineBytes: 0,
    update({ batch, count, rows, ids, signs }) {
      const column = batch.columns[place.column]!
      for (let i = 0; i < count; i++) add(ids[i]!, readCell(arena, column, rows[i]!), signs[i]!)
    },
    add: (id, _line, value, sign) => add(id, value, sign),
    write(id, _line, { buffer, column, row }) {
      writeCell(buffer, column, row, pick(groups[id], which))
    },
    merge(id, _line, otherId) {
      for (const value of groups[otherId]?.values.values() ?? []) add(id, value, 1)
    },
    clear(id) {
      groups[id] = undefined
    },
    save: (id, _line, sink) => saveArrivals(groups[id], type, sink),
    load(id, _line, reader) {
      loadArrivals(type, reader, (value) => add(id, value, 1))
    },
  }
}

function append(group: Arrivals, key: string, value: SqlValue): void {
  const number = group.next++
  group.values.set(number, value)
  const numbers = group.numbers.get(key)
  if (numbers === undefined) group.numbers.set(key, [number])
  else numbers.push(number)
}

function takeBack(group: Arrivals, key: string): void {
  const numbers = group.numbers.get(key)
  const number = numbers?.shift()
  if (number === undefined || numbers === undefined) return
  if (numbers.length === 0) group.numbers.delete(key)
  group.values.delete(number)
}

function pick(group: Arrivals | undefined, which: 'first' | 'last'): SqlValue {
  if (group === undefined || group.values.size === 0) return null
  if (which === 'first') return group.values.values().next().value ?? null
  // Numbers behind the last value are of values that were taken back, and are not asked for again.
  while (!group.values.has(group.next - 1)) group.next--
  return group.values.get(group.next - 1) ?? null
}

function saveArrivals(group: Arrivals | undefined, type: SqlType, sink: ByteSink): void {
  sink.varint(group?.values.size ?? 0)
  for (const value of group?.values.values() ?? []) encodeValue(type, value, sink)
}

function loadArrivals(type: SqlType, reader: ByteReader, add: (value: SqlValue) => void): void {
  for (let left = reader.varint(); left > 0; left--) {
    const { value, offset } = decodeValue(type, reader.bytes, reader.offset)
    reader.offset = offset
    add(value)
  }
}

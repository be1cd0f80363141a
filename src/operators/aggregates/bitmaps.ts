import type { Arena } from '../../data/arena.ts'
import { Bitmap, bitmapOf } from '../../data/bitmap.ts'
import type { ByteReader, ByteSink } from '../../data/byte-sink.ts'
import { readCell, writeCell } from '../../data/cells.ts'
import type { SqlValue } from '../../data/value.ts'
import type { Accumulator, AccumulatorPlace } from './accumulator.ts'

/** What is told of the set: itself, or how many numbers it has. */
export type BitmapResult = 'set' | 'cardinality'

/** What an aggregate of bitmaps keeps for a group. */
interface GroupForm<Group> {
  create(): Group
  change(group: Group, value: SqlValue, sign: number): void
  merge(group: Group, other: Group): void
  /** Undefined is NULL. */
  set(group: Group): Bitmap | undefined
  save(group: Group, sink: ByteSink): void
  load(reader: ByteReader): Group
}

/** BITMAP_BUILD_AGG: the set of the integers. A row that is taken back takes its number out, so with such rows it is to be given each number once. */
export function buildAccumulator(arena: Arena, place: AccumulatorPlace, result: BitmapResult): Accumulator {
  return accumulatorOf<Bitmap>(arena, place, result, {
    create: () => new Bitmap(),
    change(set, value, sign) {
      if (sign > 0) set.add(value as number)
      else set.remove(value as number)
    },
    merge: (set, other) => set.combine('or', other),
    set: (set) => (set.isEmpty ? undefined : set),
    save: (set, sink) => sink.prefixed(set.toBytes()),
    load: readSet,
  })
}

interface Combined {
  readonly set: Bitmap
  /** How many bitmaps it comes from. */
  count: number
}

/** BITMAP_AND_AGG, BITMAP_OR_AGG and BITMAP_XOR_AGG: only that of XOR can take rows back. */
export function combineAccumulator(
  arena: Arena,
  place: AccumulatorPlace,
  operation: 'and' | 'or' | 'xor',
  result: BitmapResult,
): Accumulator {
  const include = (group: Combined, set: Bitmap, count: number): void => {
    // The first bitmap of all is what they have in common.
    group.set.combine(operation === 'and' && group.count === 0 ? 'or' : operation, set)
    group.count += count
  }
  return accumulatorOf<Combined>(arena, place, result, {
    create: () => ({ set: new Bitmap(), count: 0 }),
    change: (group, value, sign) => include(group, bitmapOf(value as Uint8Array), sign),
    merge(group, other) {
      if (other.count !== 0) include(group, other.set, other.count)
    },
    set: ({ set, count }) => (count > 0 ? set : undefined),
    save({ set, count }, sink) {
      sink.i64(BigInt(count))
      sink.prefixed(set.toBytes())
    },
    load: (reader) => ({ count: Number(reader.i64()), set: readSet(reader) }),
  })
}

interface Counted {
  /** How many bitmaps there are. */
  count: number
  /** In how many of them each number is; below zero when it was taken back before it came. */
  readonly numbers: Map<number, number>
  /** Of OR: the numbers that are in one. */
  readonly set: Bitmap
}

/** BITMAP_AND_AGG and BITMAP_OR_AGG over rows that are also taken back: every number is counted. */
export function countedAccumulator(arena: Arena, place: AccumulatorPlace, operation: 'and' | 'or', result: BitmapResult): Accumulator {
  const change = (group: Counted, number: number, times: number): void => {
    const before = group.numbers.get(number) ?? 0
    const after = before + times
    if (after === 0) group.numbers.delete(number)
    else group.numbers.set(number, after)
    if (operation === 'and' || before > 0 === after > 0) return
    if (after > 0) group.set.add(number)
    else group.set.remove(number)
  }
  const create = (): Counted => ({ count: 0, numbers: new Map(), set: new Bitmap() })
  const inAll = (group: Counted): Bitmap => {
    const set = new Bitmap()
    for (const [number, times] of group.numbers) if (times === group.count) set.add(number)
    return set
  }
  return accumulatorOf<Counted>(arena, place, result, {
    create,
    change(group, value, sign) {
      group.count += sign
      for (const number of bitmapOf(value as Uint8Array).numbers()) change(group, number, sign)
    },
    merge(group, other) {
      group.count += other.count
      for (const [number, times] of other.numbers) change(group, number, times)
    },
    set: (group) => (group.count <= 0 ? undefined : operation === 'and' ? inAll(group) : group.set),
    save({ count, numbers }, sink) {
      sink.i64(BigInt(count))
      sink.varint(numbers.size)
      for (const [number, times] of numbers) {
        sink.i32(number | 0)
        sink.i64(BigInt(times))
      }
    },
    load(reader) {
      const group = create()
      group.count = Number(reader.i64())
      for (let left = reader.varint(); left > 0; left--) change(group, reader.i32() >>> 0, Number(reader.i64()))
      return group
    },
  })
}

function readSet(reader: ByteReader): Bitmap {
  return bitmapOf(reader.raw(reader.varint()))
}

function accumulatorOf<Group>(arena: Arena, place: AccumulatorPlace, result: BitmapResult, form: GroupForm<Group>): Accumulator {
  const groups: (Group | undefined)[] = []
  const add = (id: number, value: SqlValue, sign: number): void => {
    if (value !== null) form.change((groups[id] ??= form.create()), value, sign)
  }
  const valueOf = (id: number): SqlValue => {
    const group = groups[id]
    const set = group === undefined ? undefined : form.set(group)
    if (set === undefined) return null
    return result === 'set' ? set.toBytes() : BigInt(set.cardinality)
  }
  return {
    lineBytes: 0,
    update({ batch, count, rows, ids, signs }) {
      const column = batch.columns[place.column]!
      for (let i = 0; i < count; i++) add(ids[i]!, readCell(arena, column, rows[i]!), signs[i]!)
    },
    add: (id, _line, value, sign) => add(id, value, sign),
    write: (id, _line, { buffer, column, row }) => writeCell(buffer, column, row, valueOf(id)),
    merge(id, _line, otherId) {
      const other = groups[otherId]
      if (other !== undefined) form.merge((groups[id] ??= form.create()), other)
    },
    clear(id) {
      groups[id] = undefined
    },
    save(id, _line, sink) {
      const group = groups[id]
      sink.u8(group === undefined ? 0 : 1)
      if (group !== undefined) form.save(group, sink)
    },
    load(id, _line, reader) {
      groups[id] = reader.u8() === 0 ? undefined : form.load(reader)
    },
  }
}

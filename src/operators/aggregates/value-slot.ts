import { type Arena, type ArenaOwner, blockSize } from '../../data/arena.ts'
import type { ByteReader, ByteSink } from '../../data/byte-sink.ts'
import { readCell, writeCell } from '../../data/cells.ts'
import { type Column, layoutNumbers, layoutOf } from '../../data/column.ts'
import { decodeValue, valueBytes } from '../../data/row-encoding.ts'
import type { SqlType } from '../../data/types.ts'
import { decodeUtf8 } from '../../data/utf8.ts'
import type { SqlValue } from '../../data/value.ts'
import type { Accumulator, CellTarget, GroupPairs, GroupRows } from './accumulator.ts'
import { clearNull } from './clear-null.ts'
import { compareBytes, textBytes } from './compare-values.ts'
import { type TakeValues, copyTexts, writeValues } from './write-values.ts'

/**
 * Room for one value of each group: what MIN, MAX, FIRST_VALUE and LAST_VALUE keep when no row is taken back. An empty group has none.
 * Values never are NULL.
 *
 * | values | the line holds | beside the line |
 * | --- | --- | --- |
 * | numbers of at most 32 bits and doubles, BOOLEAN, DATE, TIME | whether there is one, f64 | |
 * | other fixed widths | whether there is one, 64 or 128 bits | |
 * | text and binary | whether there is one, room, address and length, u32s | the bytes, at that address |
 * | ARRAY, MAP, ROW, ... | whether there is one | the encoded value |
 */
export interface ValueSlot {
  readonly lineBytes: number
  has(line: number): boolean
  /** Keeps the value of a cell instead of what there was. */
  take(id: number, line: number, column: Column, row: number): void
  put(id: number, line: number, value: SqlValue): void
  /** Writes the value, NULL when there is none, to a cell of the slot's type. */
  write(id: number, line: number, target: CellTarget): void
  /** The value, NULL when there is none. */
  value(id: number, line: number): SqlValue
  /** Negative when the cell's value is less than the one that is kept, positive when greater; 0 also for NaN. Only comparable types. */
  compare(id: number, line: number, column: Column, row: number): number
  /** Keeps the least of the values of rows, or for -1 the greatest. Where it is absent, rows are compared one by one. */
  keep?(direction: 1 | -1, column: Column, rows: GroupRows): void
  writeAll?: Accumulator['writeAll']
  /** What MIN and MAX have of other groups. */
  mergeKept?(direction: 1 | -1, pairs: GroupPairs): void
  /** Forgets what lies beside the line. */
  clear?(id: number): void
  save(id: number, line: number, sink: ByteSink): void
  load(id: number, line: number, reader: ByteReader): void
}

export function valueSlot(owner: ArenaOwner, type: SqlType, offset: number): ValueSlot {
  const { arena } = owner
  const layout = layoutOf(type)
  switch (layout) {
    case 'i8':
    case 'i16':
    case 'i32':
    case 'f32':
    case 'f64':
      return numberSlot(arena, type, offset)
    case 'i64':
      return longSlot(arena, type, offset)
    case 'i128':
    case 'ts':
      return wideSlot(arena, type, offset)
    case 'bytes':
      return ['CHAR', 'VARCHAR', 'BINARY', 'VARBINARY', 'BITMAP'].includes(type.kind)
        ? bytesSlot(owner, type, offset)
        : encodedSlot(arena, type, offset)
    case 'row':
      return encodedSlot(arena, type, offset)
  }
}

function order(a: number | bigint, b: number | bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The i32 at the start of the slot that says whether there is a value. */
function presence(arena: Arena, offset: number): { has(line: number): boolean; set(line: number): void } {
  const { i32 } = arena
  return {
    has: (line) => i32[(line + offset) >>> 2] !== 0,
    set(line) {
      i32[(line + offset) >>> 2] = 1
    },
  }
}

function saveOptional(slot: Pick<ValueSlot, 'has' | 'value'>, type: SqlType): Pick<ValueSlot, 'save'> {
  return {
    save(id, line, sink) {
      sink.prefixed(slot.has(line) ? valueBytes(type, slot.value(id, line)) : empty)
    },
  }
}

function loadOptional(put: ValueSlot['put'], type: SqlType): Pick<ValueSlot, 'load'> {
  return {
    load(id, line, reader) {
      const bytes = reader.raw(reader.varint())
      if (bytes.length > 0) put(id, line, decodeValue(type, bytes).value)
    },
  }
}

const empty = new Uint8Array(0)

function numberSlot(arena: Arena, type: SqlType, offset: number): ValueSlot {
  const { i8, i16, i32, f32, f64, kernels } = arena
  const { has, set } = presence(arena, offset)
  const layout = layoutOf(type)
  const number = layoutNumbers[layout]
  const take: TakeValues = (...cells) => kernels.takeWords(number, true, ...cells)
  const cell = (column: Column, row: number): number => {
    switch (layout) {
      case 'i8':
        return i8[column.cells + row]!
      case 'i16':
        return i16[(column.cells >>> 1) + row]!
      case 'i32':
        return i32[(column.cells >>> 2) + row]!
      case 'f32':
        return f32[(column.cells >>> 2) + row]!
      default:
        return f64[(column.cells >>> 3) + row]!
    }
  }
  const put = (_id: number, line: number, value: SqlValue): void => {
    set(line)
    f64[(line + offset + 8) >>> 3] = Number(value)
  }
  const value = (_id: number, line: number): SqlValue => {
    if (!has(line)) return null
    const number = f64[(line + offset + 8) >>> 3]!
    return type.kind === 'BOOLEAN' ? number !== 0 : number
  }
  return {
    lineBytes: 16,
    has,
    take(_id, line, column, row) {
      set(line)
      f64[(line + offset + 8) >>> 3] = cell(column, row)
    },
    put,
    value,
    write: writeValue(value),
    compare: (_id, line, column, row) => order(cell(column, row), f64[(line + offset + 8) >>> 3]!),
    keep(direction, { cells, nulls }, { rowsAt, linesAt, signsAt, count }) {
      kernels.keepNumbers(number, direction, cells, nulls, rowsAt, linesAt, signsAt, count, offset)
    },
    writeAll: (groups, range) => writeValues(groups, range, offset, take),
    mergeKept: (direction, { linesAt, othersAt, count }) =>
      kernels.mergeKept(layoutNumbers.f64, direction, linesAt, othersAt, count, offset),
    ...saveOptional({ has, value }, type),
    ...loadOptional(put, type),
  }
}

/** 64 bits, as they lie in a cell. */
function longSlot(arena: Arena, type: SqlType, offset: number): ValueSlot {
  const { i32, u32, u8, kernels } = arena
  const { has, set } = presence(arena, offset)
  const take: TakeValues = (...cells) => kernels.takeWords(layoutNumbers.i64, false, ...cells)
  const scale = type.kind === 'TIMESTAMP' || type.kind === 'TIMESTAMP_LTZ' ? NANOS_PER_MS : 1n
  const put = (_id: number, line: number, value: SqlValue): void => {
    set(line)
    arena.i64[(line + offset + 8) >>> 3] = floorQuotient(value as bigint, scale)
  }
  const value = (_id: number, line: number): SqlValue => (has(line) ? arena.i64[(line + offset + 8) >>> 3]! * scale : null)
  return {
    lineBytes: 16,
    has,
    take(_id, line, column, row) {
      set(line)
      const to = (line + offset + 8) >>> 2
      const from = (column.cells >>> 2) + row * 2
      u32[to] = u32[from]!
      u32[to + 1] = u32[from + 1]!
    },
    put,
    value,
    write(_id, line, { buffer, column, row }) {
      if (!has(line)) {
        writeCell(buffer, column, row, null)
        return
      }
      const from = (line + offset + 8) >>> 2
      const to = (column.cells >>> 2) + row * 2
      u32[to] = u32[from]!
      u32[to + 1] = u32[from + 1]!
      clearNull(u8, column, row)
    },
    compare(_id, line, column, row) {
      const kept = (line + offset + 8) >>> 2
      const cell = (column.cells >>> 2) + row * 2
      return order(i32[cell + 1]!, i32[kept + 1]!) || order(u32[cell]!, u32[kept]!)
    },
    keep(direction, { cells, nulls }, { rowsAt, linesAt, signsAt, count }) {
      kernels.keepWords(direction, cells, nulls, rowsAt, linesAt, signsAt, count, offset)
    },
    writeAll: (groups, range) => writeValues(groups, range, offset, take),
    mergeKept: (direction, { linesAt, othersAt, count }) =>
      kernels.mergeKept(layoutNumbers.i64, direction, linesAt, othersAt, count, offset),
    ...saveOptional({ has, value }, type),
    ...loadOptional(put, type),
  }
}

const NANOS_PER_MS = 1_000_000n

function floorQuotient(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor
  return value < 0n && quotient * divisor !== value ? quotient - 1n : quotient
}

function writeValue(value: ValueSlot['value']): ValueSlot['write'] {
  return (id, line, { buffer, column, row }) => writeCell(buffer, column, row, value(id, line))
}

function wideSlot(arena: Arena, type: SqlType, offset: number): ValueSlot {
  const { i64, kernels } = arena
  const { has, set } = presence(arena, offset)
  const get = (line: number): bigint => {
    const at = (line + offset + 8) >>> 3
    return (i64[at + 1]! << 64n) | BigInt.asUintN(64, i64[at]!)
  }
  const put = (_id: number, line: number, value: SqlValue): void => {
    set(line)
    const at = (line + offset + 8) >>> 3
    i64[at] = value as bigint
    i64[at + 1] = (value as bigint) >> 64n
  }
  const value = (_id: number, line: number): SqlValue => (has(line) ? get(line) : null)
  return {
    lineBytes: 24,
    has,
    take: (id, line, column, row) => put(id, line, readCell(arena, column, row)),
    put,
    value,
    write: writeValue(value),
    compare: (_id, line, column, row) => order(readCell(arena, column, row) as bigint, get(line)),
    // The words of a TIMESTAMP's cell are another number.
    ...(layoutOf(type) === 'i128' && {
      keep(direction, { cells, nulls }, { rowsAt, linesAt, signsAt, count }) {
        kernels.keepWides(direction, cells, nulls, rowsAt, linesAt, signsAt, count, offset)
      },
      writeAll: (groups, range) => writeValues(groups, range, offset, kernels.takeWides),
      mergeKept: (direction, { linesAt, othersAt, count }) =>
        kernels.mergeKept(layoutNumbers.i128, direction, linesAt, othersAt, count, offset),
    }),
    ...saveOptional({ has, value }, type),
    ...loadOptional(put, type),
  }
}

function bytesSlot(owner: ArenaOwner, type: SqlType, offset: number): ValueSlot {
  const { arena } = owner
  const { u8, u32, kernels } = arena
  const { has, set } = presence(arena, offset)
  /** The block of each group, 0 for none. */
  const blocks: number[] = []
  const isText = type.kind === 'CHAR' || type.kind === 'VARCHAR'
  const kept = (line: number): Uint8Array => {
    const at = (line + offset) >>> 2
    return u8.subarray(u32[at + 2], u32[at + 2]! + u32[at + 3]!)
  }
  const view = (column: Column, row: number): Uint8Array => {
    const at = (column.cells >>> 2) + row * 2
    return u8.subarray(u32[at], u32[at]! + u32[at + 1]!)
  }
  /** Room for `length` bytes; what is kept stays. */
  const makeRoom = (id: number, line: number, length: number): void => {
    const at = (line + offset) >>> 2
    if (length <= u32[at + 1]!) return
    const block = owner.allocate(length)
    if (u32[at + 3]! > 0) kernels.copyBytes(block, u32[at + 2]!, u32[at + 3]!)
    free(id)
    blocks[id] = block
    u32[at + 1] = blockSize(length)
    u32[at + 2] = block
  }
  const free = (id: number): void => {
    const block = blocks[id]
    if (block !== undefined && block !== 0) owner.free(block)
    blocks[id] = 0
  }
  const put = (id: number, line: number, value: SqlValue): void => {
    const bytes = isText ? textBytes(value as string) : (value as Uint8Array)
    makeRoom(id, line, bytes.length)
    set(line)
    const at = (line + offset) >>> 2
    u8.set(bytes, u32[at + 2])
    u32[at + 3] = bytes.length
  }
  const value = (_id: number, line: number): SqlValue => {
    if (!has(line)) return null
    const bytes = kept(line)
    return isText ? decodeUtf8(u8, bytes.byteOffset, bytes.length) : bytes.slice()
  }
  return {
    lineBytes: 16,
    has,
    take(id, line, column, row) {
      const from = (column.cells >>> 2) + row * 2
      const length = u32[from + 1]!
      makeRoom(id, line, length)
      set(line)
      const at = (line + offset) >>> 2
      kernels.copyBytes(u32[at + 2]!, u32[from]!, length)
      u32[at + 3] = length
    },
    put,
    value,
    write: writeValue(value),
    compare: (_id, line, column, row) => compareBytes(view(column, row), kept(line)),
    keep(direction, { cells, nulls }, { rowsAt, linesAt, signsAt, count, rows, ids, lines }) {
      for (let from = 0; ;) {
        from = kernels.keepTexts(direction, cells, nulls, rowsAt, linesAt, signsAt, from, count, offset)
        if (from === count) return
        makeRoom(ids[from]!, lines[from]!, u32[(cells >>> 2) + rows[from]! * 2 + 1]!)
      }
    },
    writeAll(groups, range) {
      writeValues(groups, range, offset, kernels.takeTexts)
      copyTexts(range)
    },
    clear: free,
    ...saveOptional({ has, value }, type),
    ...loadOptional(put, type),
  }
}

function encodedSlot(arena: Arena, type: SqlType, offset: number): ValueSlot {
  const { has, set } = presence(arena, offset)
  const kept: (Uint8Array | undefined)[] = []
  const put = (id: number, line: number, value: SqlValue): void => {
    set(line)
    kept[id] = valueBytes(type, value)
  }
  const value = (id: number, line: number): SqlValue => {
    const bytes = has(line) ? kept[id] : undefined
    return bytes === undefined ? null : decodeValue(type, bytes).value
  }
  return {
    lineBytes: 8,
    has,
    take: (id, line, column, row) => put(id, line, readCell(arena, column, row)),
    put,
    value,
    write: writeValue(value),
    compare: () => 0,
    clear(id) {
      kept[id] = undefined
    },
    ...saveOptional({ has, value }, type),
    ...loadOptional(put, type),
  }
}

import { assert, unreachable } from '../base/assert.ts'
import type { Arena } from './arena.ts'
import type { BatchBuffer } from './batch-buffer.ts'
import type { Column } from './column.ts'
import { decodeFromArena, encodeValue, floorMs, joinHalves } from './row-encoding.ts'
import { ByteSink } from './byte-sink.ts'
import { decodeUtf8, encodeUtf8, utf8Length, utf8Room } from './utf8.ts'
import type { SqlValue } from './value.ts'

const NANOS_PER_MS = 1_000_000n
const LONG_TEXT = 1024

/** The value of one cell. A new object where the type has one: it does not change with the batch. */
export function readCell(arena: Arena, column: Column, row: number): SqlValue {
  if (column.isNull(arena, row)) return null
  const { type, layout } = column
  switch (layout) {
    case 'i8': {
      const value = arena.i8[column.cells + row]!
      return type.kind === 'TINYINT' ? value : type.kind === 'BOOLEAN' ? value !== 0 : null
    }
    case 'i16':
      return arena.i16[(column.cells >>> 1) + row]!
    case 'i32':
      return arena.i32[(column.cells >>> 2) + row]!
    case 'i64': {
      const value = arena.i64[(column.cells >>> 3) + row]!
      return type.kind === 'TIMESTAMP' || type.kind === 'TIMESTAMP_LTZ' ? value * NANOS_PER_MS : value
    }
    case 'i128': {
      const at = (column.cells >>> 3) + row * 2
      return joinHalves(arena.i64[at]!, arena.i64[at + 1]!)
    }
    case 'ts': {
      const at = (column.cells >>> 3) + row * 2
      return arena.i64[at]! * NANOS_PER_MS + BigInt(arena.i32[at * 2 + 2]!)
    }
    case 'f32':
      return arena.f32[(column.cells >>> 2) + row]!
    case 'f64':
      return arena.f64[(column.cells >>> 3) + row]!
    case 'bytes': {
      const at = (column.cells >>> 2) + row * 2
      const address = arena.u32[at]!
      const length = arena.u32[at + 1]!
      if (type.kind === 'VARCHAR' || type.kind === 'CHAR') return decodeUtf8(arena.u8, address, length)
      if (type.kind === 'VARBINARY' || type.kind === 'BINARY' || type.kind === 'BITMAP') return arena.u8.slice(address, address + length)
      return decodeFromArena(arena, type, address)
    }
    case 'row':
      return column.children.map((child) => readCell(arena, child, row))
    default:
      return unreachable(layout)
  }
}

const scratch = new ByteSink(1024)

/**
 * Sets one cell of a batch that `buffer` owns. `column` is one of the batch's columns or nested in one; bytes go to the buffer's
 * text chunks. A cell that is written twice leaves the bytes of its first value behind until the batch is cleared.
 */
export function writeCell(buffer: BatchBuffer, column: Column, row: number, value: SqlValue): void {
  const { arena } = buffer
  if (value === null) {
    writeNull(buffer, column, row)
    return
  }
  if (column.nulls !== 0) arena.u8[column.nulls + row] = 0
  const { type, layout } = column
  switch (layout) {
    case 'i8':
      arena.i8[column.cells + row] = typeof value === 'boolean' ? (value ? 1 : 0) : (value as number)
      return
    case 'i16':
      arena.i16[(column.cells >>> 1) + row] = value as number
      return
    case 'i32':
      arena.i32[(column.cells >>> 2) + row] = value as number
      return
    case 'i64':
      arena.i64[(column.cells >>> 3) + row] =
        type.kind === 'TIMESTAMP' || type.kind === 'TIMESTAMP_LTZ' ? floorMs(value as bigint) : (value as bigint)
      return
    case 'i128': {
      const at = (column.cells >>> 3) + row * 2
      arena.i64[at] = value as bigint
      arena.i64[at + 1] = (value as bigint) >> 64n
      return
    }
    case 'ts': {
      const at = (column.cells >>> 3) + row * 2
      const ms = floorMs(value as bigint)
      arena.i64[at] = ms
      arena.i64[at + 1] = (value as bigint) - ms * NANOS_PER_MS
      return
    }
    case 'f32':
      arena.f32[(column.cells >>> 2) + row] = value as number
      return
    case 'f64':
      arena.f64[(column.cells >>> 3) + row] = value as number
      return
    case 'bytes':
      if (type.kind === 'VARCHAR' || type.kind === 'CHAR') writeText(buffer, column, row, value as string)
      else if (type.kind === 'VARBINARY' || type.kind === 'BINARY' || type.kind === 'BITMAP')
        writeBytes(buffer, column, row, value as Uint8Array)
      else {
        scratch.clear()
        encodeValue(type, value, scratch)
        writeBytes(buffer, column, row, scratch.bytes, scratch.length)
      }
      return
    case 'row': {
      const fields = value as readonly SqlValue[]
      assert(fields.length === column.children.length, 'a ROW value has as many fields as its type')
      for (let i = 0; i < fields.length; i++) writeCell(buffer, column.children[i]!, row, fields[i]!)
      return
    }
    default:
      return unreachable(layout)
  }
}

function writeNull(buffer: BatchBuffer, column: Column, row: number): void {
  buffer.setNull(column, row)
  // An empty text, so that a loop that looks at the bytes before it looks at the mask stays inside the memory.
  if (column.layout === 'bytes') setView(buffer.arena, column, row, 0, 0)
  for (const child of column.children) writeNull(buffer, child, row)
}

function writeText(buffer: BatchBuffer, column: Column, row: number, text: string): void {
  // Counting costs more than a short text is worth, three times a long text costs memory.
  const room = text.length > LONG_TEXT ? utf8Length(text) : utf8Room(text)
  const address = buffer.reserveText(room)
  const length = encodeUtf8(text, buffer.arena.u8, address)
  // The last reservation can be shortened: what it did not need is free again.
  buffer.textAddress -= room - length
  setView(buffer.arena, column, row, address, length)
}

function writeBytes(buffer: BatchBuffer, column: Column, row: number, bytes: Uint8Array, length: number = bytes.length): void {
  const address = buffer.reserveText(length)
  buffer.arena.u8.set(length === bytes.length ? bytes : bytes.subarray(0, length), address)
  setView(buffer.arena, column, row, address, length)
}

function setView(arena: Arena, column: Column, row: number, address: number, length: number): void {
  const at = (column.cells >>> 2) + row * 2
  arena.u32[at] = address
  arena.u32[at + 1] = length
}

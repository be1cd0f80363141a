import type { Arena } from '../../data/arena.ts'
import type { ByteReader, ByteSink } from '../../data/byte-sink.ts'

/** Writes a part of a line to a snapshot as it is. */
export function saveLine(arena: Arena, address: number, sizeBytes: number, sink: ByteSink): void {
  sink.raw(arena.u8.subarray(address, address + sizeBytes))
}

export function loadLine(arena: Arena, address: number, sizeBytes: number, reader: ByteReader): void {
  arena.u8.set(reader.raw(sizeBytes), address)
}

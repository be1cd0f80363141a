import { assert } from '../base/assert.ts'
import { ByteReader, ByteSink } from '../data/byte-sink.ts'
import type { OperatorSnapshot } from './operator.ts'
import type { SourcePosition } from './source.ts'

/** Where a table's source stood at a barrier. */
export interface SourceSnapshot {
  /** Undefined at the start of the table. */
  readonly position: SourcePosition | undefined
  readonly hasEnded: boolean
}

/** Everything that a job needs to go on from a barrier, at any parallelism. */
export interface JobSnapshot {
  /** By the id of the operator: the parts of its subtasks. */
  readonly operators: ReadonlyMap<string, readonly OperatorSnapshot[]>
  /** By the id of the source's node. */
  readonly sources: ReadonlyMap<string, SourceSnapshot>
}

const MAGIC = 'rheo snapshot 1'

/** The bytes of a snapshot. */
export function encodeSnapshot(snapshot: JobSnapshot): Uint8Array {
  const sink = new ByteSink(4096)
  sink.text(MAGIC)
  sink.varint(snapshot.sources.size)
  for (const [id, source] of snapshot.sources) {
    sink.text(id)
    sink.u8(source.hasEnded ? 1 : 0)
    sink.text(source.position === undefined ? '' : JSON.stringify(source.position))
  }
  sink.varint(snapshot.operators.size)
  for (const [id, parts] of snapshot.operators) {
    sink.text(id)
    sink.varint(parts.length)
    for (const part of parts) encodePart(part, sink)
  }
  return sink.toBytes()
}

function encodePart(part: OperatorSnapshot, sink: ByteSink): void {
  sink.u8(part.whole === undefined ? 0 : 1)
  if (part.whole !== undefined) sink.prefixed(part.whole)
  sink.varint(part.keyed.size)
  for (const [group, bytes] of part.keyed) {
    sink.varint(group)
    sink.prefixed(bytes)
  }
}

/** The snapshot that `encodeSnapshot` wrote. */
export function decodeSnapshot(bytes: Uint8Array): JobSnapshot {
  const reader = new ByteReader(bytes)
  assert(readText(reader) === MAGIC, 'the bytes are a snapshot')
  const sources = new Map<string, SourceSnapshot>()
  for (let left = reader.varint(); left > 0; left--) {
    const id = readText(reader)
    const hasEnded = reader.u8() === 1
    const position = readText(reader)
    sources.set(id, { hasEnded, position: position === '' ? undefined : (JSON.parse(position) as SourcePosition) })
  }
  const operators = new Map<string, readonly OperatorSnapshot[]>()
  for (let left = reader.varint(); left > 0; left--) {
    const id = readText(reader)
    const parts: OperatorSnapshot[] = []
    for (let count = reader.varint(); count > 0; count--) parts.push(decodePart(reader))
    operators.set(id, parts)
  }
  return { operators, sources }
}

function decodePart(reader: ByteReader): OperatorSnapshot {
  const whole = reader.u8() === 1 ? reader.raw(reader.varint()) : undefined
  const keyed = new Map<number, Uint8Array>()
  for (let left = reader.varint(); left > 0; left--) {
    const group = reader.varint()
    keyed.set(group, reader.raw(reader.varint()))
  }
  return whole === undefined ? { keyed } : { keyed, whole }
}

function readText(reader: ByteReader): string {
  return Buffer.from(reader.raw(reader.varint())).toString()
}

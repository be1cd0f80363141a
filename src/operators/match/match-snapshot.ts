import type { ByteReader, ByteSink } from '../../data/byte-sink.ts'
import { decodeRow, rowBytes } from '../../data/row-encoding.ts'
import type { SqlType } from '../../data/types.ts'
import { MatchRow, PartialMatch } from './match-queue.ts'
import type { KeyMatches } from './matcher.ts'

/** Types of the values of PARTITION BY, and of those of a row. */
export interface SavedTypes {
  readonly keys: readonly SqlType[]
  readonly values: readonly SqlType[]
}

/** Writes what is under way for a key: its rows, each once; the links of their chains, each once; the queues as lists of links. */
export function saveMatches(matches: KeyMatches | undefined, types: SavedTypes, sink: ByteSink): void {
  sink.u8(matches === undefined ? 0 : 1)
  if (matches === undefined) return
  sink.prefixed(rowBytes(types.keys, matches.keys))
  const rows = new Map<MatchRow, number>()
  const links = new Map<PartialMatch, number>()
  const queues = [matches.partials, matches.completed ?? []]
  for (const partial of queues.flat()) {
    const chain: PartialMatch[] = []
    for (let link: PartialMatch | undefined = partial; link !== undefined && !links.has(link); link = link.before) chain.push(link)
    for (const link of chain.reverse()) {
      links.set(link, links.size)
      if (!link.isIdle && !rows.has(link.row)) rows.set(link.row, rows.size)
    }
  }
  sink.varint(rows.size)
  for (const row of rows.keys()) {
    sink.f64(row.time)
    sink.f64(row.number)
    sink.i32(row.known)
    sink.i32(row.holds)
    sink.prefixed(rowBytes(types.values, row.values!))
  }
  sink.varint(links.size)
  for (const { state, row, variable, before } of links.keys()) {
    sink.varint(state)
    sink.varint(variable + 1)
    if (variable < 0) continue
    sink.varint(rows.get(row)!)
    sink.varint(before === undefined ? 0 : links.get(before)! + 1)
  }
  for (const queue of queues) {
    sink.varint(queue.length)
    for (const partial of queue) sink.varint(links.get(partial)!)
  }
}

/** Reads what `saveMatches` wrote. */
export function loadMatches(types: SavedTypes, reader: ByteReader): KeyMatches | undefined {
  if (reader.u8() === 0) return undefined
  const keys = decodeRow(types.keys, reader.raw(reader.varint()))
  const rows = Array.from({ length: reader.varint() }, (): MatchRow => {
    const time = reader.f64()
    const number = reader.f64()
    const known = reader.i32()
    const holds = reader.i32()
    const row = new MatchRow(time, number, known, holds)
    row.values = decodeRow(types.values, reader.raw(reader.varint()))
    return row
  })
  const links: PartialMatch[] = []
  for (let left = reader.varint(); left > 0; left--) {
    const state = reader.varint()
    const variable = reader.varint() - 1
    if (variable < 0) {
      links.push(PartialMatch.idle(state))
      continue
    }
    const row = rows[reader.varint()]!
    const before = reader.varint()
    links.push(new PartialMatch(state, row, variable, before === 0 ? undefined : links[before - 1]!))
  }
  const readQueue = (): PartialMatch[] => Array.from({ length: reader.varint() }, () => links[reader.varint()]!)
  const partials = readQueue()
  const completed = readQueue()
  return { keys, partials, completed: completed.length === 0 ? undefined : completed }
}

import type { ByteReader, ByteSink } from '../../data/byte-sink.ts'
import { decodeRow, rowBytes } from '../../data/row-encoding.ts'
import type { SqlType } from '../../data/types.ts'
import { MatchQueue, MatchRow, type PartialMatch, type TakenRow } from './match-queue.ts'
import type { KeyMatches } from './matcher.ts'

/** Writes what is under way for a key: its rows, each once; the chains of taken rows, each link once; the queues as lists of their ends. */
export function saveMatches(matches: KeyMatches | undefined, types: readonly SqlType[], sink: ByteSink): void {
  const rows = new Map<MatchRow, number>()
  const links = new Map<TakenRow, number>()
  const queues = matches === undefined ? [] : [matches.partials, matches.completed]
  for (const { last } of queues.flatMap((queue) => queue.items)) {
    const chain: TakenRow[] = []
    for (let taken = last; taken !== undefined && !links.has(taken); taken = taken.before) chain.push(taken)
    for (const taken of chain.reverse()) {
      links.set(taken, links.size)
      if (!rows.has(taken.row)) rows.set(taken.row, rows.size)
    }
  }
  sink.varint(rows.size)
  for (const row of rows.keys()) {
    sink.f64(row.time)
    sink.f64(row.number)
    sink.i32(row.known)
    sink.i32(row.holds)
    sink.prefixed(rowBytes(types, row.values!))
  }
  sink.varint(links.size)
  for (const { row, variable, before } of links.keys()) {
    sink.varint(rows.get(row)!)
    sink.varint(variable)
    sink.varint(before === undefined ? 0 : links.get(before)! + 1)
  }
  sink.varint(queues.length)
  for (const queue of queues) {
    sink.varint(queue.size)
    for (const { state, last, firstRow, startTime } of queue.items) {
      sink.varint(last === undefined ? 0 : links.get(last)! + 1)
      sink.varint(state)
      sink.f64(firstRow)
      sink.f64(startTime)
    }
  }
}

/** Reads what `saveMatches` wrote. */
export function loadMatches(types: readonly SqlType[], reader: ByteReader): KeyMatches | undefined {
  const rows = Array.from({ length: reader.varint() }, (): MatchRow => {
    const time = reader.f64()
    const number = reader.f64()
    const known = reader.i32()
    const holds = reader.i32()
    const row = new MatchRow(time, number, known, holds)
    row.values = decodeRow(types, reader.raw(reader.varint()))
    return row
  })
  const links: TakenRow[] = []
  for (let left = reader.varint(); left > 0; left--) {
    const row = rows[reader.varint()]!
    const variable = reader.varint()
    const before = reader.varint()
    links.push({ row, variable, before: before === 0 ? undefined : links[before - 1]! })
  }
  const queues = Array.from({ length: reader.varint() }, () =>
    Array.from({ length: reader.varint() }, (): PartialMatch => {
      const last = reader.varint()
      const state = reader.varint()
      const firstRow = reader.f64()
      return { state, last: last === 0 ? undefined : links[last - 1]!, firstRow, startTime: reader.f64() }
    }),
  )
  const [partials, completed] = queues
  if (partials === undefined || completed === undefined) return undefined
  return { partials: new MatchQueue(partials), completed: new MatchQueue(completed) }
}

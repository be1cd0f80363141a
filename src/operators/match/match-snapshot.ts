import type { ByteReader, ByteSink } from '../../data/byte-sink.ts'
import { decodeRow, rowBytes } from '../../data/row-encoding.ts'
import type { SqlType } from '../../data/types.ts'
import { MatchQueue, type MatchRow, type PartialMatch, type TakenRow } from './match-queue.ts'
import type { KeyMatches } from './matcher.ts'

/** What belongs to one key. */
export interface KeyState {
  /** Rows that wait for the watermark. */
  readonly pending: readonly MatchRow[]
  readonly matches: KeyMatches | undefined
}

/** Writes the state of a key: its rows, each once; the chains of taken rows, each link once; the queues as lists of their ends. */
export function saveKey({ pending, matches }: KeyState, types: readonly SqlType[], sink: ByteSink): void {
  const rows = new Map<MatchRow, number>()
  const links = new Map<TakenRow, number>()
  for (const row of pending) rows.set(row, rows.size)
  const queues = matches === undefined ? [] : [matches.partials, matches.completed]
  for (const { last } of queues.flatMap((queue) => queue.items)) {
    const chain: TakenRow[] = []
    for (let taken = last; taken !== undefined && !links.has(taken); taken = taken.before) chain.push(taken)
    for (const taken of chain.reverse()) {
      links.set(taken, links.size)
      if (!rows.has(taken.row)) rows.set(taken.row, rows.size)
    }
  }
  sink.varint(pending.length)
  sink.varint(rows.size)
  for (const row of rows.keys()) {
    sink.f64(row.time)
    sink.f64(row.number)
    sink.i32(row.known)
    sink.i32(row.holds)
    sink.prefixed(rowBytes(types, row.values))
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

/** Reads what `saveKey` wrote. */
export function loadKey(id: number, types: readonly SqlType[], reader: ByteReader): KeyState {
  const pendingCount = reader.varint()
  const rows = Array.from({ length: reader.varint() }, (): MatchRow => {
    const time = reader.f64()
    const number = reader.f64()
    const known = reader.i32()
    const holds = reader.i32()
    return { id, time, number, known, holds, values: decodeRow(types, reader.raw(reader.varint())) }
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
  const matches =
    partials === undefined || completed === undefined
      ? undefined
      : { partials: new MatchQueue(partials), completed: new MatchQueue(completed) }
  return { pending: rows.slice(0, pendingCount), matches }
}

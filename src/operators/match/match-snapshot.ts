import type { ByteReader, ByteSink } from '../../data/byte-sink.ts'
import { COMPLETE, type KeyLines, PARTIAL } from './key-lines.ts'
import { MatchHeap } from './match-heap.ts'
import type { MatchRows } from './match-rows.ts'
import type { PartialMatches } from './partial-matches.ts'

/** Where partial matches lie. */
export interface SavedMatches {
  readonly rows: MatchRows
  readonly partials: PartialMatches
  readonly keys: KeyLines
}

/** The idle partial match among links. */
const IDLE = 0

/** Writes what is under way for a key: its rows, each once; the links of their chains, each once, behind those before them; its lists as numbers of links. */
export function saveMatches(line: number, { rows, partials, keys }: SavedMatches, sink: ByteSink): void {
  const heap = new MatchHeap(partials)
  const lists = [PARTIAL, COMPLETE].map((list) => {
    keys.load(line, list, heap)
    return heap.items.slice(0, heap.count)
  })
  const rowNumbers = new Map<number, number>()
  const links = new Map<number, number>([[partials.idle, IDLE]])
  for (const way of lists.flat()) {
    const chain: number[] = []
    for (let link = way; link !== 0 && !links.has(link); link = partials.before(link)) chain.push(link)
    for (const link of chain.reverse()) {
      links.set(link, links.size)
      const row = partials.rowOf(link)
      if (!rowNumbers.has(row)) rowNumbers.set(row, rowNumbers.size)
    }
  }
  sink.varint(rowNumbers.size)
  for (const row of rowNumbers.keys()) rows.save(row, sink)
  sink.varint(links.size - 1)
  for (const [link, number] of links) {
    if (number === IDLE) continue
    sink.varint(partials.placeOfLine(link))
    sink.varint(rowNumbers.get(partials.rowOf(link))!)
    const before = partials.before(link)
    sink.varint(before === 0 ? 0 : links.get(before)!)
  }
  for (const list of lists) {
    sink.varint(list.length)
    for (const way of list) sink.varint(links.get(way)!)
  }
}

/**
 * Reads what `saveMatches` wrote for a new key.
 *
 * @returns How many partial and complete matches there are, and the number behind that of the last row.
 */
export function loadMatches(
  line: number,
  { rows, partials, keys }: SavedMatches,
  reader: ByteReader,
): { readonly count: number; readonly nextNumber: number } {
  const loaded = Array.from({ length: reader.varint() }, () => rows.load(reader))
  const links = [partials.idle]
  for (let left = reader.varint(); left > 0; left--) {
    const place = reader.varint()
    const row = loaded[reader.varint()]!
    const before = reader.varint()
    links.push(partials.add(place, row, before === 0 ? 0 : links[before]!))
  }
  const heap = new MatchHeap(partials)
  let count = 0
  for (const list of [PARTIAL, COMPLETE]) {
    heap.count = reader.varint()
    for (let i = 0; i < heap.count; i++) {
      heap.items[i] = links[reader.varint()]!
      if (heap.items[i] !== partials.idle) {
        partials.hold(heap.items[i]!)
        count++
      }
    }
    keys.store(line, list, heap)
  }
  // So far each link held itself.
  for (const link of links) partials.release(link)
  return { count, nextNumber: loaded.reduce((next, row) => Math.max(next, rows.numberOf(row) + 1), 0) }
}

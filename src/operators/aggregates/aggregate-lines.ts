import type { ArenaOwner } from '../../data/arena.ts'
import type { BatchBuffer } from '../../data/batch-buffer.ts'
import type { ByteReader, ByteSink } from '../../data/byte-sink.ts'
import type { Column } from '../../data/column.ts'
import type { AggregateCall } from '../../expr/aggregate.ts'
import type { Accumulator, CellRange, CellTarget, GroupLines, GroupPairs, GroupRows } from './accumulator.ts'
import { createAccumulators } from './create-accumulator.ts'

/** A row of an output batch: the values of the aggregates go to the first of the columns. */
export interface RowTarget {
  readonly buffer: BatchBuffer
  readonly columns: readonly Column[]
  readonly row: number
}

/** The aggregates of an operator together: their parts of a group's line lie one behind the other, from `offset` on. */
export class AggregateLines {
  readonly lineBytes: number
  readonly #owner: ArenaOwner
  /** What is kept. */
  readonly #accumulators: readonly Accumulator[]
  /** What has the value of each call. */
  readonly #writers: readonly Accumulator[]

  constructor(owner: ArenaOwner, calls: readonly AggregateCall[], offset: number, input: 'appending' | 'changing') {
    this.#owner = owner
    const units = createAccumulators(owner, calls, offset, input)
    this.#accumulators = units.map(({ unit }) => unit)
    const writers = new Map(units.flatMap((unit) => unit.calls.map((call, i) => [call, unit.writers[i]!])))
    this.#writers = calls.map((call) => writers.get(call)!)
    this.lineBytes = units.reduce((end, { lineBytes }) => end + lineBytes, offset)
  }

  update(rows: GroupRows): void {
    for (const accumulator of this.#accumulators) accumulator.update(rows)
  }

  /** Writes the values of a group to one row of consecutive columns. */
  write(id: number, line: number, { buffer, columns, row }: RowTarget): void {
    const writers = this.#writers
    const first = columns[0]
    if (first === undefined) return
    const target: CellTarget = { buffer, column: first, row }
    for (let i = 0; i < writers.length; i++) {
      target.column = columns[i]!
      writers[i]!.write(id, line, target)
    }
  }

  /** Writes the values of many groups to rows of consecutive columns. */
  writeAll(groups: GroupLines, columns: readonly Column[], rows: Omit<CellRange, 'column'>): void {
    const writers = this.#writers
    const first = columns[0]
    if (first === undefined) return
    const range: CellRange = { ...rows, column: first }
    for (let i = 0; i < writers.length; i++) {
      range.column = columns[i]!
      const writer = writers[i]!
      if (writer.writeAll === undefined) writeEach(writer, groups, range)
      else writer.writeAll(groups, range)
    }
  }

  /** Adds what another group holds to a group. */
  merge(id: number, line: number, otherId: number, otherLine: number): void {
    for (const accumulator of this.#accumulators) accumulator.merge(id, line, otherId, otherLine)
  }

  /** Does so for many groups. */
  mergeAll(pairs: GroupPairs): void {
    for (const accumulator of this.#accumulators) {
      if (accumulator.mergeAll === undefined) mergeEach(accumulator, pairs)
      else accumulator.mergeAll(pairs)
    }
  }

  /** Whether what was merged can be taken away again. */
  get canUnmerge(): boolean {
    return this.#accumulators.every((accumulator) => accumulator.unmergeAll !== undefined)
  }

  /** Takes away again what other groups hold. */
  unmergeAll(pairs: GroupPairs): void {
    for (const accumulator of this.#accumulators) accumulator.unmergeAll?.(pairs)
  }

  /** Whether a group that is forgotten must be cleared before: something of it lies beside its line. */
  get keepsBeside(): boolean {
    return this.#accumulators.some((accumulator) => accumulator.clear !== undefined)
  }

  /** Empties a group: its whole line and what lies beside it. */
  clear(id: number, line: number): void {
    for (const accumulator of this.#accumulators) accumulator.clear?.(id, line)
    this.#owner.arena.kernels.clearBytes(line, this.lineBytes)
  }

  save(id: number, line: number, sink: ByteSink): void {
    for (const accumulator of this.#accumulators) accumulator.save(id, line, sink)
  }

  load(id: number, line: number, reader: ByteReader): void {
    for (const accumulator of this.#accumulators) accumulator.load(id, line, reader)
  }
}

function writeEach(accumulator: Accumulator, groups: GroupLines, { buffer, column, from, to, first, step }: CellRange): void {
  const target: CellTarget = { buffer, column, row: 0 }
  for (let k = from; k < to; k++) {
    target.row = first + k * step
    accumulator.write(groups.ids[k]!, groups.lines[k]!, target)
  }
}

function mergeEach(accumulator: Accumulator, { count, ids, lines, otherIds, otherLines }: GroupPairs): void {
  for (let i = 0; i < count; i++) accumulator.merge(ids[i]!, lines[i]!, otherIds[i]!, otherLines[i]!)
}

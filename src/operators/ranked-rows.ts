import { assert } from '../base/assert.ts'
import type { Arena, ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import type { ByteReader, ByteSink } from '../data/byte-sink.ts'
import { readCell } from '../data/cells.ts'
import type { Column } from '../data/column.ts'
import type { SqlType } from '../data/types.ts'
import { RowLists } from '../state/row-lists.ts'
import { type OrderColumn, RowOrder } from '../state/row-order.ts'
import { RowStore } from '../state/row-store.ts'
import { Runs } from '../state/runs.ts'
import { RankContext, type RankRoom, rankFlags } from './rank-context.ts'

/** Of the form in which rows are saved. */
const FORMAT = 1
const FORMAT_WITH_END = 2

/**
 * Rows of a batch that are stored and ranked together: few, so that they stay in the cache between the two, and so that those that the rows before them keep out are
 * not stored at all.
 */
const BLOCK = 128

export interface RankedRowsOptions {
  readonly types: readonly SqlType[]
  readonly orderKeys: readonly OrderColumn[]
  readonly ties: 'first-come' | 'last-come'
  readonly from: number
  readonly to: number
  /** The column of a partition's first row that says how many of its rows are ranked, `to` at most. */
  readonly toColumn?: number
  readonly showsRank: boolean
  readonly inputRetracts: boolean
  readonly emitsUpdateBefore: boolean
  /** `none`: changes are told to nobody. */
  readonly tells: 'changes' | 'none'
}

/** Rows of a batch with their groups. */
export interface GroupedRows {
  readonly rows: number
  readonly count: number
  readonly ids: number
  readonly idBound: number
}

/** The rows of groups in order, as many as a Top-N needs. */
export class RankedRows {
  readonly store: RowStore
  readonly lists: RowLists
  readonly #arena: Arena
  readonly #order: RowOrder
  readonly #runs: Runs
  readonly #context: RankContext
  readonly #prefixes: number
  readonly #inputs: number
  readonly #ids: number
  readonly #toColumn: number | undefined
  readonly #to: number
  readonly #ends: number
  readonly #isTop1: boolean
  /** The rows at hand, and the next one to be stored. */
  #batch: Batch | undefined
  #rows = 0
  #groups = 0
  #count = 0
  #next = 0

  constructor(
    owner: ArenaOwner,
    { types, orderKeys, ties, from, to, toColumn, showsRank, inputRetracts, emitsUpdateBefore, tells }: RankedRowsOptions,
  ) {
    this.#arena = owner.arena
    this.store = new RowStore({ owner, types })
    this.#order = new RowOrder(owner, this.store.schema, orderKeys)
    this.lists = new RowLists(owner, [false])
    this.#runs = new Runs(owner)
    this.#prefixes = owner.allocate(BLOCK * 8)
    this.#inputs = owner.allocate(BLOCK * 4)
    this.#ids = owner.allocate(BLOCK * 4)
    this.#toColumn = toColumn
    this.#to = to
    this.#ends = toColumn === undefined ? 0 : owner.allocate(BATCH_CAPACITY * 4)
    this.#isTop1 = to === 1 && !inputRetracts
    let flags = inputRetracts ? rankFlags.retracts : 0
    // As in Flink the one row of a Top-1 is replaced where rows are only added, and taken out and put in where they are taken back.
    if (showsRank || from > 1 || (to === 1 && !inputRetracts)) flags |= rankFlags.showsPlaces
    if (showsRank || (from === to && from > 1)) flags |= rankFlags.showsPlacesOfRetraction
    if (emitsUpdateBefore) flags |= rankFlags.emitsUpdateBefore
    if (ties === 'last-come') flags |= rankFlags.lastFirst
    if (this.#isTop1) flags |= rankFlags.isTop1
    if (tells === 'none') flags |= rankFlags.isSilent
    this.#context = new RankContext(owner, {
      ids: this.#ids,
      inputs: this.#inputs,
      order: this.#order.address,
      schema: this.store.schema.address,
      lists: this.lists.address,
      runs: this.#runs.address,
      from,
      to,
      flags,
      prefixes: this.#prefixes,
      ends: this.#ends,
    })
  }

  /**
   * Takes some rows of a batch, which `change` stores and ranks. All that it is given stays as it is until `change` is done.
   *
   * @param rows i32 physical rows, or 0: rows 0 to `count - 1`.
   * @param ids Their groups as i32s, all below `idBound`.
   */
  begin(batch: Batch, { rows, count, ids, idBound }: GroupedRows): void {
    this.store.reclaim()
    this.lists.grow(idBound)
    if (this.#toColumn !== undefined) this.#readEnds(batch, batch.columns[this.#toColumn]!)
    this.#order.bind(batch)
    this.#batch = batch
    this.#rows = rows
    this.#groups = ids
    this.#count = count
    this.#next = 0
  }

  /** Stores those of the next rows that may have a rank. False: none is left. */
  #storeBlock(): boolean {
    const from = this.#next
    if (from === this.#count) return false
    const { kernels } = this.#arena
    const count = Math.min(this.#count - from, BLOCK)
    this.#next += count
    const kept = kernels.rankCandidates(this.#context.address, this.#rows, this.#groups, from, count)
    const lines = this.store.addRows(this.#batch!, { rows: this.#inputs, from: 0, count: kept })
    kernels.setPrefixes(this.#prefixes, lines, kept)
    this.#context.begin({ count: kept, lines, kinds: this.#batch!.kinds, gone: this.store.releaseRoom(kept * 2) })
    return true
  }

  #readEnds(batch: Batch, column: Column): void {
    const { i32 } = this.#arena
    const { selection, selectedCount } = batch
    for (let i = 0; i < selectedCount; i++) {
      const row = selection === 0 ? i : i32[(selection >>> 2) + i]!
      const end = Number(readCell(this.#arena, column, row) ?? 0)
      i32[(this.#ends >>> 2) + row] = Math.min(Math.max(end, 0), this.#to)
    }
  }

  /** Works on until the changes have no room left, or all rows are done. False: nothing was left to do. */
  change(changes: RankRoom): boolean {
    const context = this.#context
    let hasWorked = false
    while (!context.isDone || this.#storeBlock()) {
      hasWorked = true
      context.setRoom(changes)
      const stop = context.run()
      if (stop === 'room' && context.changeCount > 0) break
      if (stop === 'page') this.#runs.addPage()
      else if (stop === 'room') changes.grow(context.neededRoom)
    }
    changes.fill(context.changeCount)
    context.changeCount = 0
    return hasWorked
  }

  /** As `change`, where changes are told to nobody. */
  changeSilently(): void {
    const context = this.#context
    while (!context.isDone || this.#storeBlock()) if (context.run() !== 'done') this.#runs.addPage()
  }

  /** Forgets the rows of a group. */
  drop(id: number): void {
    this.#context.setGone(this.store.releaseRoom(this.lists.size(0, id)))
    this.#arena.kernels.dropRanked(this.#context.address, id)
  }

  /** The rows of a group in order. */
  rowsOf(id: number): readonly number[] {
    const first = this.lists.first(0, id)
    if (first === 0 || this.#isTop1) return first === 0 ? [] : [first]
    const start = (first >>> 2) + 2
    return [...this.#arena.u32.subarray(start, start + this.lists.size(0, id))]
  }

  save(id: number, sink: ByteSink): void {
    const rows = this.rowsOf(id)
    sink.u8(this.#ends === 0 ? FORMAT : FORMAT_WITH_END)
    if (this.#ends !== 0) sink.varint(this.#arena.u32[(this.lists.first(0, id) >>> 2) + 1]!)
    sink.varint(rows.length)
    for (const row of rows) sink.prefixed(this.store.bytesOf(row))
  }

  /** Reads what `save` wrote. */
  load(id: number, reader: ByteReader): void {
    assert(reader.u8() === (this.#ends === 0 ? FORMAT : FORMAT_WITH_END), 'rows are loaded in the form in which they were saved')
    const { kernels } = this.#arena
    if (this.#ends !== 0) {
      const end = reader.varint()
      while (kernels.setRankEnd(this.#context.address, id, end) === 0) this.#runs.addPage()
    }
    for (let left = reader.varint(); left > 0; left--) {
      const row = this.store.addBytes(reader.raw(reader.varint()))
      kernels.linePrefix(this.#order.address, row)
      while (kernels.appendRanked(this.#context.address, id, row) === 0) this.#runs.addPage()
    }
  }
}

import { assert } from '../base/assert.ts'
import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import type { ByteReader, ByteSink } from '../data/byte-sink.ts'
import { KEY_GROUPS } from '../data/partitioner.ts'
import { RowKind, rowKindSign } from '../data/row-kind.ts'
import type { SqlType } from '../data/types.ts'
import { END_WATERMARK } from '../data/watermark.ts'
import type { Operator, OperatorSnapshot, Output, Progress } from '../runtime/operator.ts'
import { type CreateState, type KeyedState, memoryState } from '../state/keyed-state.ts'
import { RowStore } from '../state/row-store.ts'
import { type Int64Cells, int64Cells } from './int64.ts'
import { JoinClock } from './join-clock.ts'
import type { JoinCondition } from './join-condition.ts'
import { JoinOutput } from './join-output.ts'
import { orderGroups } from './order-groups.ts'
import { PairCondition } from './pair-condition.ts'
import { TimedRows } from './timed-rows.ts'
import { TimerHeap } from './timer-heap.ts'

export interface TemporalJoinOptions {
  readonly id: string
  readonly owner: ArenaOwner
  /** `left`: rows for which there is no version leave with NULLs. */
  readonly joinType: 'inner' | 'left'
  readonly inputTypes: readonly [left: readonly SqlType[], right: readonly SqlType[]]
  readonly types: readonly SqlType[]
  /** The key of the versions, in pairs with what the left side says it is. */
  readonly keys: readonly [left: readonly number[], right: readonly number[]]
  readonly nullSafe: readonly boolean[]
  /** Event time columns. */
  readonly times: readonly [left: number, right: number]
  /** How far left rows may lie behind the watermark when they come; 0 if absent. */
  readonly heldMs?: number
  readonly condition: JoinCondition | undefined
  /** The left side takes rows back. */
  readonly leftRetracts: boolean
  readonly ordersOutput: boolean
  readonly givesPlaces: boolean
  readonly createState?: CreateState
}

interface Key {
  /** A key with NULL has no versions. */
  readonly mayMatch: boolean
  /** Left rows that wait for the watermark; their mark is the row kind. */
  readonly waiting: TimedRows
  /** One a time; a mark of 1 says that from then on there is none. */
  readonly versions: TimedRows
  /** Where left rows are taken back: the versions that rows were shown with, by the bytes of the left row. 0: none. */
  readonly shown: Map<string, number[]> | undefined
}

interface DueKeys {
  readonly time: number
  readonly ids: readonly number[]
  /** Where they leave in an order. */
  readonly places: readonly bigint[] | undefined
}

const IS_END = 1

/**
 * Joins each left row with the version of the right side that was valid at the row's time: the last one that is not younger.
 *
 * ```
 * versions of a key    v1 ....... v2 ............. v3 ....
 * watermark                             |
 * left rows                  a     b       c          a meets v1, b meets v2, c waits: another version may still come before it
 * ```
 *
 * A left row leaves when the watermark (the lesser of both sides) has reached its time. Of the versions up to the watermark only the last one is kept, or, where left rows come
 * behind it, of those so far behind it; watermarks then go on less that. A left row that comes behind the watermark meets its version if that is still kept; a version that does counts for rows that have not left yet. Left rows that are taken back are shown with the version
 * that they were shown with before: where that may happen, all of them are kept.
 */
export function temporalJoin(options: TemporalJoinOptions): Operator {
  return new TemporalJoin(options)
}

class TemporalJoin implements Operator {
  readonly name = 'TemporalJoin'
  readonly stateId: string
  readonly delayMs: number
  readonly #options: TemporalJoinOptions
  readonly #owner: ArenaOwner
  readonly #cells: Int64Cells
  readonly #state: KeyedState
  readonly #stores: readonly [RowStore, RowStore]
  readonly #keys: (Key | undefined)[] = []
  readonly #timers = new TimerHeap()
  readonly #clock: JoinClock
  readonly #condition: PairCondition | undefined
  readonly #output: JoinOutput
  readonly #heldMs: number

  // Where it stopped in a batch, or among the keys of a moment.
  #rows = 0
  #done = 0
  #hasBegun = false
  #due: DueKeys | undefined
  #nextKey = 0

  constructor(options: TemporalJoinOptions) {
    this.#options = options
    this.stateId = options.id
    const { owner, inputTypes, types, condition, leftRetracts, givesPlaces, createState = memoryState } = options
    this.#owner = owner
    this.#heldMs = options.heldMs ?? 0
    // By any time nothing can be held back.
    this.delayMs = this.#heldMs === END_WATERMARK ? 0 : this.#heldMs
    this.#cells = int64Cells(owner.arena)
    this.#state = createState({ owner, lineBytes: 0, prefixBytes: 0, ttlMs: 0 })
    const storeOf = (side: 0 | 1): RowStore => new RowStore({ owner: this.#state.owner, types: inputTypes[side] })
    this.#stores = [storeOf(0), storeOf(1)]
    this.#clock = new JoinClock(owner.arena)
    this.#condition = condition === undefined ? undefined : new PairCondition(owner, this.#stores, condition)
    this.#output = new JoinOutput({ owner, stores: this.#stores, types, emitsKinds: leftRetracts, givesPlaces, delayMs: this.delayMs })
  }

  onBatch(input: number, batch: Batch, out: Output): Progress {
    assert(input === 0 || input === 1, 'a join has two inputs')
    if (!this.#output.flush(out)) return 'more'
    const ids = this.#state.prepare(batch, this.#options.keys[input])
    if (typeof ids !== 'number') return ids
    if (!this.#hasBegun) {
      this.#state.touch(ids, batch.selectedCount)
      this.#reclaim()
      this.#rows = this.#stores[input].add(batch)
      this.#hasBegun = true
    }
    const { i32, u32 } = this.#owner.arena
    for (; this.#done < batch.selectedCount; this.#done++) {
      if (this.#output.isEnough && !this.#output.flush(out)) return 'more'
      const at = batch.selection === 0 ? this.#done : i32[(batch.selection >>> 2) + this.#done]!
      const id = i32[(ids >>> 2) + this.#done]!
      const row = u32[(this.#rows >>> 2) + this.#done]!
      if (input === 0) this.#addLeft(id, row, batch, at)
      else this.#addVersion(id, row, batch, at)
    }
    if (!this.#output.flush(out)) return 'more'
    this.#forget(ids, batch.selectedCount)
    this.#done = 0
    this.#hasBegun = false
    return 'done'
  }

  #reclaim(): void {
    for (const store of this.#stores) store.reclaim()
  }

  #key(id: number, side: 0 | 1, batch: Batch, at: number): Key {
    return (this.#keys[id] ??= this.#newKey(this.#mayMatch(side, batch, at)))
  }

  #newKey(mayMatch: boolean): Key {
    return { mayMatch, waiting: new TimedRows(), versions: new TimedRows(), shown: this.#options.leftRetracts ? new Map() : undefined }
  }

  #mayMatch(side: 0 | 1, batch: Batch, at: number): boolean {
    const { keys, nullSafe } = this.#options
    return keys[side].every((key, i) => nullSafe[i] === true || !batch.columns[key]!.isNull(this.#owner.arena, at))
  }

  #timeOf(side: 0 | 1, batch: Batch, at: number): number {
    const column = batch.columns[this.#options.times[side]]!
    // A row without a time is older than any.
    return column.isNull(this.#owner.arena, at) ? Number.NEGATIVE_INFINITY : this.#cells.get(column.cells / 8 + at)
  }

  // --- rows come ---

  #addLeft(id: number, row: number, batch: Batch, at: number): void {
    const { u8, i64 } = this.#owner.arena
    const key = this.#key(id, 0, batch, at)
    if (!key.mayMatch && this.#options.joinType === 'inner') {
      this.#stores[0].release(row)
      return
    }
    const time = this.#timeOf(0, batch, at)
    const now = this.#clock.at(0, batch, at)
    const kind = batch.kinds === 0 ? RowKind.insert : u8[batch.kinds + at]!
    this.#stores[0].setMark(row, kind)
    if (time > now) {
      key.waiting.add(time, row)
      this.#timers.add(time, id)
      return
    }
    // Rows that the watermark has let go come first: this one may take one of them back.
    this.#showUpTo(id, key, now, 0n)
    const place = batch.places === 0 ? 0n : i64[batch.places / 8 + at]!
    this.#showLate(key, row, { time, now, place })
  }

  /** A left row behind the watermark meets what is left of the versions: what is kept longer than it has to be does not count. */
  #showLate(key: Key, row: number, { time, now, place }: { readonly time: number; readonly now: number; readonly place: bigint }): void {
    const { versions } = key
    const valid = versions.placeAfter(time) - 1
    const isKept = valid >= versions.placeAfter(now - this.#heldMs) - 1
    this.#show(key, row, isKept ? this.#versionAt(key, valid) : 0, now, place)
  }

  #addVersion(id: number, row: number, batch: Batch, at: number): void {
    const store = this.#stores[1]
    const kind = (batch.kinds === 0 ? RowKind.insert : this.#owner.arena.u8[batch.kinds + at]!) as RowKind
    const key = this.#key(id, 1, batch, at)
    // What a version was before is known; only what it is from now on counts.
    if (!key.mayMatch || kind === RowKind.updateBefore) {
      store.release(row)
      return
    }
    const time = this.#timeOf(1, batch, at)
    const now = this.#clock.at(1, batch, at)
    if (rowKindSign(kind) < 0) store.setMark(row, IS_END)
    // Rows that the watermark has let go know nothing of this version.
    if (time <= now) this.#showUpTo(id, key, now, 0n)
    const { versions } = key
    const place = versions.placeAfter(time) - 1
    if (place >= versions.start && versions.timeAt(place) === time) {
      store.release(versions.rowAt(place))
      versions.replaceAt(place, row)
    } else {
      versions.add(time, row)
      if (versions.size > 1) this.#endBefore(time, id)
    }
    const { waiting } = key
    const until = now - this.#heldMs
    this.#dropVersions(key, waiting.size === 0 ? until : Math.min(until, waiting.timeAt(waiting.start)))
  }

  /** Ends versions before `time` when no left row can want them any more. */
  #endBefore(time: number, id: number): void {
    this.#timers.add(Math.min(time + this.#heldMs, END_WATERMARK), id)
  }

  /** Of the versions up to a time the last one is kept, unless there is none from it on. */
  #dropVersions({ versions }: Key, until: number): void {
    const store = this.#stores[1]
    let last = versions.placeAfter(until) - 1
    for (; versions.start < last; last = versions.placeAfter(until) - 1) {
      store.release(versions.rowAt(versions.start))
      versions.removeAt(versions.start)
    }
    if (last !== versions.start || store.markOf(versions.rowAt(last)) !== IS_END) return
    store.release(versions.rowAt(last))
    versions.removeAt(last)
  }

  // --- rows leave ---

  /** Shows the left rows of a key that wait for `time` or an earlier one. */
  #showUpTo(id: number, key: Key, time: number, place: bigint): void {
    const { waiting, versions } = key
    if (waiting.size === 0 || waiting.timeAt(waiting.start) > time) return
    this.#state.touchOne(id)
    while (waiting.size > 0 && waiting.timeAt(waiting.start) <= time) {
      const at = waiting.timeAt(waiting.start)
      const row = waiting.rowAt(waiting.start)
      waiting.removeAt(waiting.start)
      // What the watermark sends comes before the watermark itself.
      this.#show(key, row, this.#versionAt(key, versions.placeAfter(at) - 1), at - 1, place)
    }
  }

  /** The version at a place of the list, or 0 where there is none. */
  #versionAt({ versions }: Key, place: number): number {
    if (place < versions.start) return 0
    const row = versions.rowAt(place)
    return this.#stores[1].markOf(row) === IS_END ? 0 : row
  }

  /** Shows a left row with a version, and lets it go. */
  #show(key: Key, row: number, version: number, watermark: number, place: bigint): void {
    const store = this.#stores[0]
    const kind = store.markOf(row) as RowKind
    const found = version !== 0 && this.#matches(row, version) ? version : 0
    const other = key.shown === undefined ? found : this.#remembered(key.shown, row, kind, found)
    if (other !== 0 || this.#options.joinType === 'left') this.#output.add(kind, row, other, watermark, place)
    store.release(row)
  }

  #matches(row: number, version: number): boolean {
    if (this.#condition === undefined) return true
    const found = [version]
    this.#condition.keepMatches(0, row, found)
    return found.length > 0
  }

  /** The version that a row was shown with, when it is taken back; when it is added, the one that it is shown with is kept. */
  #remembered(shown: Map<string, number[]>, row: number, kind: RowKind, found: number): number {
    const [lefts, rights] = this.#stores
    const bytes = textOf(lefts.bytesOf(row))
    const known = shown.get(bytes)
    if (rowKindSign(kind) > 0) {
      const kept = found === 0 ? 0 : rights.addBytes(rights.bytesOf(found))
      if (known === undefined) shown.set(bytes, [kept])
      else known.push(kept)
      return found
    }
    const last = known?.pop()
    if (last === undefined) return found
    if (known!.length === 0) shown.delete(bytes)
    if (last !== 0) rights.release(last)
    return last
  }

  #forget(ids: number, count: number): void {
    const { i32 } = this.#owner.arena
    const gone = new Set<number>()
    for (let i = 0; i < count; i++) {
      const id = i32[(ids >>> 2) + i]!
      if (this.#isEmpty(id)) gone.add(id)
    }
    for (const id of gone) this.#remove(id)
  }

  #isEmpty(id: number): boolean {
    const key = this.#keys[id]
    return key === undefined || (key.waiting.size === 0 && key.versions.size === 0 && (key.shown?.size ?? 0) === 0)
  }

  #remove(id: number): void {
    this.#keys[id] = undefined
    this.#state.remove(id)
  }

  // --- the watermark passes ---

  onWatermark(time: number, out: Output, inputs: readonly number[] = []): Progress {
    this.#clock.set(inputs)
    // A batch that was lent before is no longer shown.
    if (this.#output.isEmpty) this.#reclaim()
    else if (!this.#output.flush(out)) return 'more'
    for (;;) {
      if (this.#due === undefined) {
        const blocked = this.#takeDue(time)
        if (blocked === false) return this.#output.flush(out) ? 'done' : 'more'
        if (blocked !== true) return blocked
      }
      if (!this.#send(this.#due!, out)) return 'more'
      this.#due = undefined
    }
  }

  /** Finds the keys that are due next. False: there are none. */
  #takeDue(watermark: number): boolean | Promise<void> {
    const time = this.#timers.next
    if (time > watermark) return false
    const known: number[] = []
    while (this.#timers.next === time) {
      const id = this.#timers.pop()
      // Of a key that is gone nothing is due; one that is there twice has nothing left the second time.
      if (id !== known.at(-1) && this.#keys[id] !== undefined) known.push(id)
    }
    const prepared = this.#state.prepareGroups(known)
    if (prepared !== true) {
      for (const id of known) this.#timers.add(time, id)
      return prepared
    }
    const groups = this.#options.ordersOutput
      ? orderGroups(this.#owner.arena, [...new Set(known)], (id) => this.#state.keyBytes(id))
      : undefined
    this.#due = { time, ids: groups === undefined ? known : groups.map(({ id }) => id), places: groups?.map(({ place }) => place) }
    this.#nextKey = 0
    return true
  }

  #send({ time, ids, places }: DueKeys, out: Output): boolean {
    for (; this.#nextKey < ids.length; this.#nextKey++) {
      if (this.#output.isEnough && !this.#output.flush(out)) return false
      const id = ids[this.#nextKey]!
      const key = this.#keys[id]
      if (key === undefined) continue
      this.#showUpTo(id, key, time, places?.[this.#nextKey] ?? 0n)
      this.#dropVersions(key, time - this.#heldMs)
      if (this.#isEmpty(id)) this.#remove(id)
    }
    return true
  }

  // --- snapshots ---

  snapshot(): OperatorSnapshot {
    assert(!this.#hasBegun && this.#due === undefined && this.#output.isEmpty, 'a snapshot is taken between batches')
    const [lefts, rights] = this.#stores
    const keyed = this.#state.snapshot(KEY_GROUPS, (id, sink) => {
      const { mayMatch, waiting, versions, shown } = this.#keys[id]!
      sink.u8(mayMatch ? 1 : 0)
      saveRows(lefts, waiting, sink)
      saveRows(rights, versions, sink)
      if (shown === undefined) return
      sink.varint(shown.size)
      for (const [bytes, others] of shown) {
        sink.prefixed(Buffer.from(bytes, 'latin1'))
        sink.varint(others.length)
        for (const other of others) sink.prefixed(other === 0 ? noBytes : rights.bytesOf(other))
      }
    })
    return { keyed, whole: this.#clock.save() }
  }

  restore(parts: readonly OperatorSnapshot[], isMine: (keyGroup: number) => boolean): void {
    this.#clock.restore(parts)
    for (const { keyed } of parts) {
      for (const [keyGroup, bytes] of keyed) {
        if (!isMine(keyGroup)) continue
        this.#state.restore(bytes, (id, reader) => this.#load(id, reader))
      }
    }
  }

  #load(id: number, reader: ByteReader): void {
    const [lefts, rights] = this.#stores
    const key = this.#newKey(reader.u8() === 1)
    this.#keys[id] = key
    loadRows(lefts, key.waiting, reader)
    loadRows(rights, key.versions, reader)
    for (let i = key.waiting.start; i < key.waiting.end; i++) this.#timers.add(key.waiting.timeAt(i), id)
    for (let i = key.versions.start; i < key.versions.end; i++) this.#endBefore(key.versions.timeAt(i), id)
    if (key.shown === undefined) return
    for (let left = reader.varint(); left > 0; left--) {
      const bytes = textOf(reader.raw(reader.varint()))
      const others = Array.from({ length: reader.varint() }, () => {
        const other = reader.raw(reader.varint())
        return other.length === 0 ? 0 : rights.addBytes(other)
      })
      key.shown.set(bytes, others)
    }
  }

  stateSize(): { readonly rows: number; readonly bytes: number } {
    return { rows: this.#stores[0].count + this.#stores[1].count, bytes: this.#state.usedBytes }
  }

  close(): void {
    this.#owner.close()
  }
}

const noBytes = new Uint8Array(0)

/** One code unit a byte. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}

function saveRows(store: RowStore, rows: TimedRows, sink: ByteSink): void {
  sink.varint(rows.size)
  for (let i = rows.start; i < rows.end; i++) {
    const row = rows.rowAt(i)
    sink.f64(rows.timeAt(i))
    sink.u8(store.markOf(row))
    sink.prefixed(store.bytesOf(row))
  }
}

function loadRows(store: RowStore, rows: TimedRows, reader: ByteReader): void {
  for (let left = reader.varint(); left > 0; left--) {
    const time = reader.f64()
    const mark = reader.u8()
    const row = store.addBytes(reader.raw(reader.varint()))
    store.setMark(row, mark)
    rows.add(time, row)
  }
}

import { assert, unreachable } from '../base/assert.ts'
import type { ArenaOwner } from '../data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../data/batch.ts'
import { END_WATERMARK, NO_WATERMARK } from '../data/watermark.ts'
import type { Barrier, Downstream, StreamEvent } from './event.ts'
import type { IdleWatch, WatchedReader } from './idle-watch.ts'
import type { Leaf } from './leaf.ts'
import { RowError } from './row-error.ts'
import type { SourcePosition, SourceReader } from './source.ts'

export interface SourceLeafOptions {
  readonly reader: SourceReader
  readonly subtask: number
  /** Which input of its stage it is. */
  readonly leaf: number
  readonly next: Downstream
  readonly watermarks: 'absolute' | 'by-block'
  /** Memory for the places of rows, where something above reads arrival order; undefined elsewhere. */
  readonly placesOwner: ArenaOwner | undefined
  /** The number of the block before which the leaf stops until `grantBlock`; Infinity: never. */
  readonly grantedBlocks: number
  /** Sees when the table has had no rows for so long; undefined: it is always waited for. */
  readonly idleWatch: IdleWatch | undefined
  readonly wake: () => void
  readonly fail: (error: unknown) => void
}

/** Reads one table for one subtask and sends its rows, the ends of its blocks, and barriers into a chain. */
export class SourceLeaf implements Leaf, WatchedReader {
  readonly reader: SourceReader
  readonly #leaf: number
  readonly #next: Downstream
  readonly #isByBlock: boolean
  readonly #placesOwner: ArenaOwner | undefined
  readonly #idleWatch: IdleWatch | undefined
  readonly #wake: () => void
  readonly #fail: (error: unknown) => void
  /** What is to be sent before the reader is asked again. */
  readonly #queue: StreamEvent[] = []
  #isReaderWaiting = false
  #isReaderDone = false
  #stopping: 'no' | 'block-end' = 'no'
  #granted: number
  #places = 0
  #rowInBlock = 0
  hasEnded = false
  rows = 0
  /** Blocks that are over. */
  blocks = 0
  /** Whether the reader is between two blocks. */
  isBetweenBlocks = true
  /** Where the next block starts; undefined at the start of the table. */
  position: SourcePosition | undefined

  constructor(options: SourceLeafOptions & { readonly position: SourcePosition | undefined }) {
    this.reader = options.reader
    this.#leaf = options.leaf
    this.#next = options.next
    this.#isByBlock = options.watermarks === 'by-block'
    this.#placesOwner = options.placesOwner
    this.#idleWatch = options.idleWatch
    options.idleWatch?.add(this)
    this.#wake = options.wake
    this.#fail = options.fail
    this.#granted = options.grantedBlocks
    this.position = options.position
  }

  get isReady(): boolean {
    if (this.#queue.length > 0) return true
    return !this.#isReaderDone && !this.#isReaderWaiting && (!this.isBetweenBlocks || this.blocks < this.#granted)
  }

  get isWaiting(): boolean {
    return this.#next.isWaiting
  }

  /** Whether all blocks that were granted have been read. */
  get hasReadGranted(): boolean {
    return this.#isReaderDone || (this.isBetweenBlocks && this.blocks >= this.#granted)
  }

  /** Lets the leaf read one block more, Infinity: all. */
  grantBlocks(count: number): void {
    this.#granted = this.blocks + count
    this.#wake()
  }

  /** Sends a barrier before the next block. */
  sendBarrier(barrier: Barrier): void {
    assert(this.isBetweenBlocks, 'barriers are placed between blocks')
    this.#queue.push({ kind: 'barrier', barrier })
    this.#wake()
  }

  /** Gives back what it holds. */
  async close(): Promise<void> {
    this.#idleWatch?.remove(this)
    await this.reader.close()
  }

  stop(when: 'now' | 'block-end'): void {
    if (this.#isReaderDone) return
    this.#idleWatch?.remove(this)
    if (when === 'now' || this.isBetweenBlocks || this.#isReaderWaiting) {
      this.#isReaderDone = true
      this.#queue.push({ kind: 'end', drained: false })
    } else this.#stopping = 'block-end'
    this.#wake()
  }

  fetch(): boolean {
    if (this.#queue.length > 0) return true
    const event = this.#read()
    if (event === undefined) return false
    this.#queue.unshift(event)
    return true
  }

  pull(): boolean {
    const event = this.#queue.shift() ?? this.#read()
    if (event === undefined) return true
    if (event.kind === 'end') this.hasEnded = true
    return this.#guard(() => this.#next.accept(event))
  }

  resume(): boolean {
    return this.#guard(() => this.#next.resume())
  }

  /** Gives the place in the input to the error of a row. */
  #guard(work: () => boolean): boolean {
    try {
      return work()
    } catch (error) {
      if (error instanceof RowError && error.row !== undefined && this.reader.placeOf !== undefined) {
        throw error.at(this.reader.placeOf(error.row))
      }
      throw error
    }
  }

  #read(): StreamEvent | undefined {
    const step = this.reader.next()
    switch (step.kind) {
      case 'batch': {
        const { batch } = step
        this.isBetweenBlocks = false
        this.rows += batch.selectedCount
        if (this.#placesOwner !== undefined) this.#addPlaces(batch, this.#placesOwner)
        if (this.#idleWatch?.read() !== true) return { kind: 'batch', batch, leaf: this.#leaf }
        this.#queue.push({ kind: 'batch', batch, leaf: this.#leaf })
        return { kind: 'idle', leaf: this.#leaf, isIdle: false }
      }
      case 'block-end':
        this.blocks++
        this.isBetweenBlocks = true
        this.#rowInBlock = 0
        this.position = this.reader.position()
        if (this.#stopping === 'block-end') {
          this.#isReaderDone = true
          this.#queue.push({ kind: 'end', drained: false })
        }
        return { kind: 'block-end', leaf: this.#leaf, watermark: NO_WATERMARK }
      case 'wait':
        this.#isReaderWaiting = true
        this.#idleWatch?.wait(this)
        step.ready.then(() => {
          this.#isReaderWaiting = false
          this.#idleWatch?.ask(this)
          this.#wake()
        }, this.#fail)
        if (this.#stopping === 'block-end') this.stop('now')
        return undefined
      case 'end':
        this.#idleWatch?.remove(this)
        this.#isReaderDone = true
        this.isBetweenBlocks = true
        this.blocks++
        if (!this.#isByBlock) this.#queue.push({ kind: 'watermark', time: END_WATERMARK })
        this.#queue.push({ kind: 'block-end', leaf: this.#leaf, watermark: END_WATERMARK }, { kind: 'end', drained: true })
        return this.#queue.shift()
      default:
        return unreachable(step)
    }
  }

  /** An empty block tells where in the order of blocks it is: every reader of the table has one there. */
  onIdle(): void {
    this.#queue.push({ kind: 'idle', leaf: this.#leaf, isIdle: true }, { kind: 'block-end', leaf: this.#leaf, watermark: NO_WATERMARK })
    this.#wake()
  }

  #addPlaces(batch: Batch, owner: ArenaOwner): void {
    this.#places ||= owner.allocate(BATCH_CAPACITY * 8)
    const { i64 } = owner.arena
    const start = this.#places / 8
    for (let row = 0; row < batch.rowCount; row++) i64[start + row] = BigInt(this.#rowInBlock + row)
    this.#rowInBlock += batch.rowCount
    batch.places = this.#places
  }
}

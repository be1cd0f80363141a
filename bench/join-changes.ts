// A regular join of two inputs that change, a million keys each: first every key is added on both sides, then random keys are updated, each by -U and
// +U. Prints changes a second of both phases, input rows counted, by wall clock and by processor time, which a busy machine disturbs less. usage: node bench/join-changes.ts [KEYS]
import { assert } from '../src/base/assert.ts'
import { nodePorts } from '../src/base/node-ports.ts'
import { Random } from '../src/base/random.ts'
import { ArenaOwner, arenaOfThread } from '../src/data/arena.ts'
import { BATCH_CAPACITY, type Batch } from '../src/data/batch.ts'
import { BatchBuffer } from '../src/data/batch-buffer.ts'
import { RowKind } from '../src/data/row-kind.ts'
import { types } from '../src/data/types.ts'
import { join } from '../src/operators/join.ts'
import type { Output } from '../src/runtime/operator.ts'

const KEYS = Number(process.argv[2] ?? 1_000_000)
const UPDATES = 1_000_000
const inputTypes = [types.bigint(), types.bigint(), types.string()]
const arena = arenaOfThread()
const random = new Random(7)

/** Batches of one side: its keys added once, or random keys updated from one version to the next. */
class Side {
  readonly #versions = new Int32Array(KEYS)
  readonly #buffer = new BatchBuffer(new ArenaOwner(arena, 'bench input'), inputTypes)

  /** The next rows: keys from `first` on, or pairs of -U and +U of random keys. */
  next(rows: number, first: number | undefined): Batch {
    const buffer = this.#buffer
    buffer.clear()
    const { batch } = buffer
    const kinds = buffer.addKinds()
    for (let i = 0; i < rows; i++) {
      const isBefore = first === undefined && i % 2 === 0
      if (first !== undefined) this.#set(i, first + i, 0)
      else if (isBefore) {
        const key = random.nextInt(KEYS)
        const version = this.#versions[key]!
        this.#versions[key] = version + 1
        this.#set(i, key, version)
        this.#set(i + 1, key, version + 1)
      }
      arena.u8[kinds + i] = first !== undefined ? RowKind.insert : isBefore ? RowKind.updateBefore : RowKind.updateAfter
    }
    batch.rowCount = rows
    batch.selectedCount = rows
    return batch
  }

  #set(row: number, key: number, version: number): void {
    const [keys, versions, texts] = this.#buffer.batch.columns
    const text = this.#buffer.reserveText(16)
    arena.u8.fill(97 + (key % 26), text, text + 16)
    arena.i64[keys!.cells / 8 + row] = BigInt(key)
    arena.i64[versions!.cells / 8 + row] = BigInt(version)
    arena.u32.set([text, 16], texts!.cells / 4 + row * 2)
  }
}

let rowsOut = 0
const out: Output = {
  isFull: false,
  push: (batch) => {
    rowsOut += batch.selectedCount
  },
}
const operator = join({
  id: 'join',
  owner: new ArenaOwner(arena, 'join'),
  joinType: 'inner',
  inputTypes: [inputTypes, inputTypes],
  types: [...inputTypes, ...inputTypes],
  keys: [[0], [0]],
  nullSafe: [false],
  condition: undefined,
  retracts: [true, true],
  emitsKinds: true,
  mode: 'streaming',
  ordersOutput: false,
  givesPlaces: false,
  clock: nodePorts.clock,
  stateTtlMs: [0, 0],
})
const sides = [new Side(), new Side()] as const

function measure(name: string, total: number, first: (done: number) => number | undefined): void {
  let ms = 0
  let cpuMs = 0
  let changes = 0
  rowsOut = 0
  for (let done = 0; done < total; done += BATCH_CAPACITY) {
    const rows = Math.min(BATCH_CAPACITY, total - done)
    for (const [input, side] of sides.entries()) {
      const batch = side.next(rows, first(done))
      const start = performance.now()
      const cpuBefore = process.cpuUsage()
      const progress = operator.onBatch(input, batch, out)
      ms += performance.now() - start
      cpuMs += process.cpuUsage(cpuBefore).user / 1000
      assert(progress === 'done', 'state in memory never waits, and the output takes all')
      changes += rows
    }
  }
  const perSecond = `${(changes / ms / 1000).toFixed(2)} (${(changes / cpuMs / 1000).toFixed(2)})`
  console.log(`${name}: ${perSecond} M changes/s, ${changes} in, ${rowsOut} out, state ${operator.stateSize!().bytes >> 20} MiB`)
}

measure('added  ', KEYS, (done) => done)
measure('updated', UPDATES, () => undefined)

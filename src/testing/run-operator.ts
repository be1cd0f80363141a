import { assert } from '../base/assert.ts'
import { Random } from '../base/random.ts'
import { ArenaOwner, arenaOfThread } from '../data/arena.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { readCell, writeCell } from '../data/cells.ts'
import type { RowKind } from '../data/row-kind.ts'
import type { SqlType } from '../data/types.ts'
import { END_WATERMARK } from '../data/watermark.ts'
import type { Downstream, StreamEvent } from '../runtime/event.ts'
import type { Operator } from '../runtime/operator.ts'
import { OperatorLink } from '../runtime/operator-link.ts'
import type { Change } from './memory-connector.ts'
import type { SimulatedClock } from './simulated-clock.ts'

/** What an operator is given, in order. The end and its watermark come behind. */
export type OperatorInput =
  /** `input`: of an operator with two inputs. */
  | { readonly changes: readonly Change[]; readonly watermark?: number; readonly input?: 0 | 1 }
  | { readonly watermark: number }
  /** The clock moves on; timers that are due fire. */
  | { readonly clock: number }

export interface RunOperatorOptions {
  readonly inputTypes: readonly SqlType[]
  readonly inputs: readonly OperatorInput[]
  /** Decides when what is behind the operator is full, and for how long. */
  readonly seed: number
  /** The operator's clock, where inputs move it. */
  readonly clock?: SimulatedClock
}

/** Runs one operator alone, before a consumer that is full now and then, and returns what it gave. */
export async function runOperator(operator: Operator, { inputTypes, inputs, seed, clock }: RunOperatorOptions): Promise<readonly Change[]> {
  const owner = new ArenaOwner(arenaOfThread(), 'test input')
  const buffer = new BatchBuffer(owner, inputTypes)
  const consumer = new HesitantConsumer(new Random(seed))
  let wake: () => void = () => {}
  let failed: unknown
  const link = new OperatorLink({
    operator,
    subtask: 0,
    next: consumer,
    wake: () => wake(),
    fail: (error) => {
      failed = error
      wake()
    },
    watermarks: 'absolute',
    onSatisfied: () => {},
  })
  const send = async (event: StreamEvent): Promise<void> => {
    let isDone = link.accept(event)
    while (!isDone) {
      if (link.isWaiting) await new Promise<void>((resolve) => (wake = resolve))
      if (failed !== undefined) throw failed as Error
      isDone = link.resume()
    }
  }
  for (const input of inputs) {
    if ('changes' in input) {
      fill(buffer, input.changes)
      buffer.batch.watermark = input.watermark ?? buffer.batch.watermark
      await send({ kind: 'batch', batch: buffer.batch, leaf: 0, input: input.input ?? 0 })
    } else if ('clock' in input) {
      assert(clock !== undefined, 'a test that moves the clock has one')
      clock.moveTo(input.clock)
      while ((operator.nextTimer?.() ?? Infinity) <= input.clock) await send({ kind: 'timer', time: input.clock })
    } else await send(watermark(input.watermark))
  }
  await send(watermark(END_WATERMARK))
  await send({ kind: 'end', drained: true })
  operator.close?.()
  owner.close()
  return consumer.changes
}

/** Of all inputs together, and of each. */
function watermark(time: number): StreamEvent {
  return { kind: 'watermark', time, inputs: [time, time] }
}

function fill(buffer: BatchBuffer, changes: readonly Change[]): void {
  assert(changes.length <= buffer.capacity, 'the rows of a test fit one batch')
  buffer.clear()
  const kinds = buffer.addKinds()
  const { batch, arena } = buffer
  changes.forEach(({ kind, row }, i) => {
    arena.u8[kinds + i] = kind
    row.forEach((value, c) => writeCell(buffer, batch.columns[c]!, i, value))
  })
  batch.rowCount = changes.length
  batch.selectedCount = changes.length
}

/** Takes an event at once, or begins it and is done with it some calls later, as a slow sink. */
class HesitantConsumer implements Downstream {
  readonly changes: Change[] = []
  readonly isWaiting = false
  readonly #random: Random
  #delay = 0

  constructor(random: Random) {
    this.#random = random
  }

  accept(event: StreamEvent): boolean {
    assert(this.#delay === 0, 'a full consumer gets no event')
    if (event.kind === 'batch') this.#read(event.batch)
    this.#delay = this.#random.nextInt(3)
    return this.#delay === 0
  }

  resume(): boolean {
    if (this.#delay > 0) this.#delay--
    return this.#delay === 0
  }

  #read(batch: Extract<StreamEvent, { kind: 'batch' }>['batch']): void {
    const arena = arenaOfThread()
    for (let i = 0; i < batch.selectedCount; i++) {
      const row = batch.selection === 0 ? i : arena.i32[(batch.selection >>> 2) + i]!
      const kind = (batch.kinds === 0 ? 0 : arena.u8[batch.kinds + row]!) as RowKind
      this.changes.push({ kind, row: batch.columns.map((column) => readCell(arena, column, row)) })
    }
  }
}

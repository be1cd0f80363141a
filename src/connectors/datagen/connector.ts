import { assert } from '../../base/assert.ts'
import { Pause } from '../../base/pause.ts'
import { ArenaOwner } from '../../data/arena.ts'
import { BatchBuffer } from '../../data/batch-buffer.ts'
import type { Table } from '../../catalog/table.ts'
import type { Source, SourceOpen, SourceReader, SourceRequest, SourceStep } from '../../runtime/source.ts'
import type { RuntimeConnector } from '../connector.ts'
import { type FieldGenerator, fieldGenerator } from './generator.ts'
import { checkDatagenOptions, datagenOptions } from './options.ts'
import { RowRandom } from '../row-random.ts'

/** Assumed bytes of a row, to cut the table into blocks of about `rheo.source.block`. */
const ROW_BYTES = 64
/** At a slow rate blocks end this often, so that no row waits long for the end of its block. */
const BLOCKS_PER_SECOND = 20
const FIRST_WAIT_MS = 1

interface Plan {
  readonly fields: ReadonlyMap<string, { readonly generator: FieldGenerator; readonly index: number }>
  readonly rowCount: number
  readonly rowsPerSecond: number
}

/** Makes rows up: random values or sequences, at a rate, with or without an end. The same seed makes the same rows. */
export const datagenConnector: RuntimeConnector = {
  name: 'datagen',
  doc: 'Makes rows up: random values or sequences',
  options: datagenOptions,
  source(table) {
    const { rowCount } = plan(table)
    return {
      isBounded: rowCount !== Infinity,
      changes: 'append',
      canProject: true,
      canProjectNested: false,
      canLimit: true,
      canPrunePartitions: false,
      metadata: [],
    }
  },
  createSource: (table, request) => createSource(plan(table), request),
}

function plan(table: Table): Plan {
  checkDatagenOptions(table)
  const fields = new Map<string, { generator: FieldGenerator; index: number }>()
  let rowCount = table.options.has('number-of-rows') ? Number(table.options.get('number-of-rows')) : Infinity
  for (const [index, column] of table.columns.entries()) {
    if (column.kind !== 'physical') continue
    const generator = fieldGenerator({ table, path: column.name, type: column.type })
    rowCount = Math.min(rowCount, generator.rowCount ?? Infinity)
    fields.set(column.name, { generator, index })
  }
  return { fields, rowCount, rowsPerSecond: Number(table.options.get('rows-per-second') ?? 10_000) }
}

function createSource({ fields, rowCount, rowsPerSecond }: Plan, request: SourceRequest): Source {
  return {
    open(options: SourceOpen): Promise<SourceReader> {
      const { arena, ports, subtask, parallelism } = options
      const { clock } = ports
      const owner = new ArenaOwner(arena, 'datagen')
      const buffer = new BatchBuffer(
        owner,
        request.columns.map((column) => column.type),
        options.batchRows,
      )
      const columns = request.columns.map(({ name }, i) => {
        const field = fields.get(name)
        assert(field !== undefined, `datagen has a field ${name}`)
        return { generator: field.generator, random: new RowRandom(options.seed, field.index), column: buffer.batch.columns[i]! }
      })
      const blockRows = Math.max(1, Math.min(Math.floor(options.blockBytes / ROW_BYTES), Math.floor(rowsPerSecond / BLOCKS_PER_SECOND)))
      const end = Math.min(rowCount, request.limit ?? Infinity)
      let row = Number(options.position?.['row'] ?? 0)
      const firstRow = row
      const startMs = clock.monotonicMs()
      let isBlockOpen = false
      let made = 0
      const pause = new Pause(clock)

      /** Rows up to this one are due. */
      const dueRow = (): number => firstRow + Math.floor(((clock.monotonicMs() - startMs) * rowsPerSecond) / 1000) + 1
      const blockEnd = (): number => Math.min(end, (Math.floor(row / blockRows) + 1) * blockRows)
      const isMine = (): boolean => Math.floor(row / blockRows) % parallelism === subtask

      const next = (): SourceStep => {
        if (isBlockOpen && (row % blockRows === 0 || row === end)) {
          isBlockOpen = false
          return { kind: 'block-end' }
        }
        if (row >= end) return { kind: 'end' }
        const due = Math.min(dueRow(), blockEnd())
        // A block that has to be waited for is not open yet, or it would end before its first row.
        if (due <= row) return wait()
        isBlockOpen = true
        if (!isMine()) {
          // The others' rows are stepped over at the same pace, so that blocks end in every subtask at the same time.
          row = due
          return next()
        }
        const count = Math.min(due - row, options.batchRows)
        buffer.clear()
        const nowMs = clock.nowMs()
        for (const { generator, random, column } of columns) generator.fill(buffer, column, random, row, count, nowMs)
        buffer.batch.rowCount = count
        buffer.batch.selectedCount = count
        row += count
        made += count
        return { kind: 'batch', batch: buffer.batch }
      }

      const wait = (): SourceStep => {
        const dueInMs = ((row - firstRow) * 1000) / rowsPerSecond - (clock.monotonicMs() - startMs)
        return { kind: 'wait', ready: pause.begin(Math.max(FIRST_WAIT_MS, Math.ceil(dueInMs))) }
      }

      return Promise.resolve({
        next,
        position: () => ({ row }),
        metrics: () => ({ badRecords: 0, bytesRead: made * ROW_BYTES }),
        close() {
          pause.cutShort()
          owner.close()
          return Promise.resolve()
        },
      })
    },
  }
}

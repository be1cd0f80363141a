import { BatchBuffer } from '../src/data/batch-buffer.ts'
import { BATCH_CAPACITY, type Batch } from '../src/data/batch.ts'
import { ArenaOwner, arenaOfThread } from '../src/data/arena.ts'
import { runScript } from '../src/api/script.ts'
import type { RuntimeConnector } from '../src/connectors/connector.ts'
import { connectorRegistry } from '../src/connectors/registry.ts'
import { RowKind } from '../src/data/row-kind.ts'
import type { SourceStep } from '../src/runtime/source.ts'

/** Rows that a benchmark makes, with the columns `k`, the key, and `n`, the number of the row, a BIGINT. */
export interface MadeRows {
  readonly rowCount: number
  /** How many rows there may be by now. */
  readonly due: () => number
  readonly keyOf: (row: number) => number
  /** Of the key: BIGINT, or STRING for the ten digits of its number. */
  readonly keyType?: 'BIGINT' | 'STRING'
  /** Every third row is taken back by the one behind it. */
  readonly takesBack?: boolean
  /** Of each key, of type BIGINT. */
  readonly aggregates?: readonly [string, string]
}

/** Runs `SELECT k, COUNT(*), MAX(n) FROM made GROUP BY k`, or with other aggregates, in this process and shows `see` each batch of its changes. */
export async function runGrouped(rows: MadeRows, see: (batch: Batch) => void): Promise<void> {
  const { keyType = 'BIGINT', aggregates = ['COUNT(*)', 'MAX(n)'] } = rows
  const script = `
    CREATE TABLE made (k ${keyType} NOT NULL, n BIGINT NOT NULL) WITH ('connector' = 'made');
    CREATE TABLE seen (k ${keyType}, a BIGINT, b BIGINT) WITH ('connector' = 'seen');
    INSERT INTO seen SELECT k, ${aggregates.join(', ')} FROM made GROUP BY k;`
  const { done } = runScript(script, {
    source: 'bench',
    settings: new Map(),
    connectors: connectorRegistry([madeConnector(rows), seenConnector(see)]),
    output: () => undefined,
    writerOf: () => ({ write: () => undefined, finish: () => undefined }),
  })
  await done
}

function seenConnector(see: (batch: Batch) => void): RuntimeConnector {
  return {
    name: 'seen',
    doc: 'Shows batches to a benchmark',
    options: [],
    sink: () => ({ accepts: 'retract', canOverwrite: false, canPartition: false, metadata: [] }),
    createSink: () => ({
      open: () =>
        Promise.resolve({
          write(batch: Batch) {
            see(batch)
            return 'done' as const
          },
          flush: () => Promise.resolve(),
          finish: () => Promise.resolve(),
          close: () => Promise.resolve(),
        }),
    }),
  }
}

function madeConnector({ rowCount, due, keyOf, keyType, takesBack = false }: MadeRows): RuntimeConnector {
  return {
    name: 'made',
    doc: 'Rows of a benchmark',
    options: [],
    source: () => ({
      isBounded: true,
      changes: takesBack ? 'retract' : 'append',
      canProject: false,
      canProjectNested: false,
      canLimit: false,
      canPrunePartitions: false,
      metadata: [],
    }),
    createSource: (_table, request) => ({
      open() {
        const owner = new ArenaOwner(arenaOfThread(), 'made rows')
        const buffer = new BatchBuffer(
          owner,
          request.columns.map((column) => column.type),
        )
        const { batch } = buffer
        const { u8, u32 } = buffer.arena
        const [keys, numbers] = batch.columns.map((column) => column.cells >>> 2)
        let row = 0
        const next = (): SourceStep => {
          if (row === rowCount) return { kind: 'end' }
          const count = Math.min(rowCount - row, due() - row, BATCH_CAPACITY)
          if (count <= 0) return { kind: 'wait', ready: new Promise((resolve) => setImmediate(resolve)) }
          buffer.clear()
          const texts = keyType === 'STRING' ? buffer.reserveText(count * KEY_DIGITS) : 0
          batch.kinds = takesBack ? buffer.addKinds() : 0
          for (let i = 0; i < count; i++, row++) {
            // Below 2^32: the high halves stay 0.
            const isBack = takesBack && row % 3 === 2
            const key = keyOf(isBack ? row - 1 : row)
            if (texts === 0) {
              u32[keys! + i * 2] = key
              u32[keys! + i * 2 + 1] = 0
            } else {
              const text = texts + i * KEY_DIGITS
              writeDigits(u8, text, key)
              u32[keys! + i * 2] = text
              u32[keys! + i * 2 + 1] = KEY_DIGITS
            }
            if (isBack) u8[batch.kinds + i] = RowKind.delete
            u32[numbers! + i * 2] = isBack ? row - 1 : row
            u32[numbers! + i * 2 + 1] = 0
          }
          batch.rowCount = count
          batch.selectedCount = count
          return { kind: 'batch', batch }
        }
        return Promise.resolve({
          next,
          position: () => ({ row }),
          metrics: () => ({ badRecords: 0, bytesRead: 0 }),
          close() {
            owner.close()
            return Promise.resolve()
          },
        })
      },
    }),
  }
}

const KEY_DIGITS = 10

function writeDigits(u8: Uint8Array, at: number, number: number): void {
  for (let i = KEY_DIGITS - 1, rest = number; i >= 0; i--, rest = Math.floor(rest / 10)) u8[at + i] = 48 + (rest % 10)
}

import { assert } from '../../base/assert.ts'
import { Pause } from '../../base/pause.ts'
import { ArenaOwner } from '../../data/arena.ts'
import { BatchBuffer } from '../../data/batch-buffer.ts'
import type { Source, SourceOpen, SourceReader, SourceRequest, SourceStep } from '../../runtime/source.ts'
import type { RuntimeConnector } from '../connector.ts'
import { eventMaker } from './events.ts'
import { checkNexmarkColumns, type NexmarkSettings, nexmarkOptions, nexmarkSettings } from './options.ts'
import { rateSteps } from './rate.ts'

/** Average bytes of an event, to cut the table into blocks of about `rheo.source.block`. */
const EVENT_BYTES = 128
/** In real time blocks end this often, so that no row waits long for the end of its block. */
const BLOCKS_PER_SECOND = 20

/**
 * The events of the Nexmark benchmark, people, auctions and bids of an online auction, with the public benchmark's options and columns. The same
 * seed (`rheo.seed`) makes the same events; only the columns and fields that the plan needs are made.
 */
export const nexmarkConnector: RuntimeConnector = {
  name: 'nexmark',
  doc: 'The events of the Nexmark benchmark: people, auctions and bids of an online auction',
  options: nexmarkOptions,
  source(table) {
    checkNexmarkColumns(table)
    return {
      isBounded: nexmarkSettings(table).eventCount !== Infinity,
      changes: 'append',
      canProject: true,
      canProjectNested: true,
      canLimit: true,
      canPrunePartitions: false,
      metadata: [],
    }
  },
  createSource(table, request) {
    checkNexmarkColumns(table)
    return createSource(nexmarkSettings(table), request)
  },
}

function createSource(settings: NexmarkSettings, request: SourceRequest): Source {
  return {
    open(options: SourceOpen): Promise<SourceReader> {
      const { subtask, parallelism, ports, batchRows, blockBytes, seed } = options
      const owner = new ArenaOwner(options.arena, 'nexmark')
      const buffer = new BatchBuffer(
        owner,
        request.columns.map((column) => column.type),
        batchRows,
      )
      const { batch } = buffer
      const make = eventMaker(
        owner,
        buffer,
        request.columns.map(({ name }, i) => {
          const column = batch.columns[i]
          assert(column !== undefined, 'a column was laid out for each that is read')
          const paths = request.nestedPaths?.filter(([first]) => first === name)
          const fields =
            paths === undefined || paths.some((path) => path.length < 2) ? undefined : new Set(paths.map(([, field]) => field ?? ''))
          return { name, column, fields }
        }),
        settings,
        seed,
      )
      const stepOf = rateSteps(settings)
      const end = Math.min(settings.eventCount, request.limit ?? Infinity)
      const fullBlock = Math.max(1, Math.floor(blockBytes / EVENT_BYTES))
      const slowBlock = Math.max(1, Math.floor(Math.max(settings.firstRate, settings.nextRate) / BLOCKS_PER_SECOND))
      const blockEvents = settings.isRateLimited ? Math.min(fullBlock, slowBlock) : fullBlock
      const startMs = ports.clock.monotonicMs()
      let event = Number(options.position?.['event'] ?? 0)
      const firstEvent = event
      let step = stepOf(event)
      let blockEnd = event
      let isBlockOver = false
      let made = 0
      const pause = new Pause(ports.clock)

      const dueEvent = (): number => {
        if (!settings.isRateLimited) return Infinity
        // Real time runs as fast as event time.
        const rate = Math.max(settings.firstRate, settings.nextRate)
        return firstEvent + Math.floor(((ports.clock.monotonicMs() - startMs) * rate) / 1000) + 1
      }

      const next = (): SourceStep => {
        if (isBlockOver) {
          isBlockOver = false
          return { kind: 'block-end' }
        }
        if (event === blockEnd) {
          if (event >= end) return { kind: 'end' }
          blockEnd = Math.min(end, (Math.floor(event / blockEvents) + 1) * blockEvents)
        }
        const isMine = Math.floor(event / blockEvents) % parallelism === subtask
        if (!isMine) {
          event = blockEnd
          return { kind: 'block-end' }
        }
        if (event >= step.end) step = stepOf(event)
        const count = Math.min(blockEnd, event + batchRows, step.end, dueEvent()) - event
        if (count <= 0) return { kind: 'wait', ready: pause.begin(1) }
        buffer.clear()
        make(event, count, step.baseUs + (event - step.first) * step.delayUs, step.delayUs)
        batch.rowCount = count
        batch.selectedCount = count
        event += count
        made += count
        isBlockOver = event === blockEnd
        return { kind: 'batch', batch }
      }

      return Promise.resolve({
        next,
        position: () => ({ event }),
        metrics: () => ({ badRecords: 0, bytesRead: made * EVENT_BYTES }),
        close() {
          pause.cutShort()
          owner.close()
          return Promise.resolve()
        },
      })
    },
  }
}

import { nodePorts } from '../base/node-ports.ts'
import type { Clock } from '../base/ports.ts'
import type { RuntimeConnector } from '../connectors/connector.ts'

export interface EventClock {
  readonly clock: Clock
  /** The connector, whose readers move the clock. */
  readonly connector: RuntimeConnector
}

/**
 * A clock that goes on with the rows that a connector gives, so that what depends on processing time is the same in every run: after n rows it shows
 * `startMs` + n / `rowsPerMs`. Durations are those of the machine.
 */
export function eventClock(connector: RuntimeConnector, startMs: number, rowsPerMs: number): EventClock {
  let rows = 0
  const clock: Clock = { ...nodePorts.clock, nowMs: () => startMs + Math.floor(rows / rowsPerMs) }
  const { createSource } = connector
  if (createSource === undefined) return { clock, connector }
  return {
    clock,
    connector: {
      ...connector,
      createSource: (table, request) => {
        const source = createSource(table, request)
        return {
          async open(options) {
            const reader = await source.open(options)
            return {
              ...reader,
              next() {
                const step = reader.next()
                if (step.kind === 'batch') rows += step.batch.rowCount
                return step
              },
            }
          },
        }
      },
    },
  }
}

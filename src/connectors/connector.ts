import type { Connector } from '../catalog/connector.ts'
import type { Table } from '../catalog/table.ts'
import type { Lookup, LookupRequest } from '../runtime/lookup.ts'
import type { Sink } from '../runtime/sink.ts'
import type { Source, SourceRequest } from '../runtime/source.ts'

export interface SinkRequest {
  readonly overwrite: boolean
  readonly partition: Readonly<Record<string, string | null>>
  /** Whether the rows come to an end. */
  readonly isBounded: boolean
}

/** A connector with its two working sides; `catalog`'s part says what they can do. */
export interface RuntimeConnector extends Connector {
  readonly createSource?: (table: Table, request: SourceRequest) => Source
  readonly createLookup?: (table: Table, request: LookupRequest) => Lookup
  readonly createSink?: (table: Table, request: SinkRequest) => Sink
}

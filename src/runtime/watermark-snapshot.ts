import { ByteReader, ByteSink } from '../data/byte-sink.ts'
import type { OperatorSnapshot } from './operator.ts'

/** Where the watermark of one input stands: what was given out, and the greatest of any row. */
export interface WatermarkPosition {
  readonly emitted: number
  readonly greatest: number
}

/**
 * The state of a watermark assigner. It is stored under the assigner's id by whoever knows it: the assigner itself, or, where several
 * subtasks read the table's blocks by turns, each receiver of the exchange behind them.
 */
export function watermarkSnapshot(position: WatermarkPosition): OperatorSnapshot {
  const sink = new ByteSink(16)
  sink.f64(position.emitted)
  sink.f64(position.greatest)
  return { keyed: new Map(), whole: sink.toBytes() }
}

export function readWatermarkSnapshot(snapshot: OperatorSnapshot): WatermarkPosition {
  const reader = new ByteReader(snapshot.whole ?? new Uint8Array(16))
  return { emitted: reader.f64(), greatest: reader.f64() }
}

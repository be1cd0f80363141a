import { Batch } from '../data/batch.ts'

/** A batch over the same rows, to give it another selection or other columns. */
export function viewOf(batch: Batch, columns: Batch['columns'] = batch.columns): Batch {
  const view = new Batch(columns)
  view.rowCount = batch.rowCount
  view.selection = batch.selection
  view.selectedCount = batch.selectedCount
  view.kinds = batch.kinds
  view.watermark = batch.watermark
  view.rowWatermarks = batch.rowWatermarks
  view.places = batch.places
  return view
}

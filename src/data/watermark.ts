/** Watermarks are event times in epoch milliseconds: no row at or before one is expected any more. */

/** Before any watermark. */
export const NO_WATERMARK = Number.MIN_SAFE_INTEGER
/** After the last row of a bounded input: every window closes, every timer fires. */
export const END_WATERMARK = Number.MAX_SAFE_INTEGER

// Forms of values in the descriptors of the kernels that write rows as text: the layouts of whole numbers, and these. The same numbers stand in src/formats/kernel-rows.ts.
export const I8: u32 = 0
export const I16: u32 = 1
export const I32: u32 = 2
export const I64: u32 = 3
export const TEXT: u32 = 8
export const BOOLEAN: u32 = 20
export const TIMESTAMP: u32 = 21
export const DATE: u32 = 22
/** A text that is written as it is. */
export const RAW: u32 = 23
export const TIMESTAMP_Z: u32 = 24
export const DECIMAL: u32 = 25
export const PLAIN_DECIMAL: u32 = 26

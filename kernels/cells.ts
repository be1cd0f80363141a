// Cells of columns, and their bytes in keys and rows of state: those of fixed width are as they are, but that there is one NaN, and that the last four bytes of a TIMESTAMP of 16
// bytes mean nothing and are left out.

/** Forms of cells: the layouts of columns, then what has none of its own. */
export const I8: u32 = 0
export const I16: u32 = 1
export const I32: u32 = 2
export const I64: u32 = 3
export const I128: u32 = 4
export const TS: u32 = 5
export const F32: u32 = 6
export const F64: u32 = 7
export const TEXT: u32 = 8
export const ENCODED: u32 = 9
export const NULL: u32 = 11

/** Writes the bytes of a cell of fixed width. */
// @ts-ignore: decorator
@inline
export function writeFixed(form: u32, cells: usize, row: i32, at: usize): void {
  const index = <usize>row
  switch (form) {
    case I8:
      store<u8>(at, load<u8>(cells + index))
      return
    case I16:
      store<u16>(at, load<u16>(cells + (index << 1)))
      return
    case I32:
      store<u32>(at, load<u32>(cells + (index << 2)))
      return
    case I64:
      store<u64>(at, load<u64>(cells + (index << 3)))
      return
    case I128:
      store<u64>(at, load<u64>(cells + (index << 4)))
      store<u64>(at, load<u64>(cells + (index << 4), 8), 8)
      return
    case TS:
      store<u64>(at, load<u64>(cells + (index << 4)))
      store<u32>(at, load<u32>(cells + (index << 4), 8), 8)
      return
    case F32: {
      // There is one NaN.
      const value = load<f32>(cells + (index << 2))
      store<u32>(at, value == value ? reinterpret<u32>(value) : 0x7fc00000)
      return
    }
    case F64: {
      const value = load<f64>(cells + (index << 3))
      store<u64>(at, value == value ? reinterpret<u64>(value) : 0x7ff8000000000000)
      return
    }
  }
}

/** Writes a cell from such bytes. */
// @ts-ignore: decorator
@inline
export function readFixed(form: u32, cells: usize, row: usize, at: usize): void {
  switch (form) {
    case I8:
      store<u8>(cells + row, load<u8>(at))
      return
    case I16:
      store<u16>(cells + (row << 1), load<u16>(at))
      return
    case I32:
    case F32:
      store<u32>(cells + (row << 2), load<u32>(at))
      return
    case I64:
    case F64:
      store<u64>(cells + (row << 3), load<u64>(at))
      return
    case I128:
      store<u64>(cells + (row << 4), load<u64>(at))
      store<u64>(cells + (row << 4), load<u64>(at, 8), 8)
      return
    case TS:
      store<u64>(cells + (row << 4), load<u64>(at))
      store<u64>(cells + (row << 4), load<u32>(at, 8), 8)
      return
  }
}

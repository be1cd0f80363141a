// Reads rows of matches. A way into a pattern is a chain of lines, the row that was taken last first; see src/operators/match/partial-matches.ts:
//
//   line := u32 place: the state, then the bits of the variable; u32 row; u32 line before, or 0; ...
//
// A finder names one row of a way: u32 address of a byte a variable, 1 where its rows count; u32 1 if it is counted from the first row on; u32 how many rows are left out; u32 mask
// of the variable in a place; u32 the variable of the row that was found last.

const PLACE = 0
const ROW = 4
const BEFORE = 8

const IS_FROM_FIRST = 4
const OFFSET = 8
const VARIABLE_MASK = 12
const FOUND_VARIABLE = 16

/** How many rows of a way count; `row`, which is tested for `variable`, is behind them, 0: there is none. */
export function countMatchRows(finder: usize, last: usize, row: usize, variable: i32): i32 {
  const counts = <usize>load<u32>(finder)
  const mask = load<u32>(finder, VARIABLE_MASK)
  let count = row != 0 ? <i32>load<u8>(counts + variable) : 0
  for (let way = last; way != 0; way = <usize>load<u32>(way, BEFORE)) count += load<u8>(counts + (load<u32>(way, PLACE) & mask))
  return count
}

/** The row that a finder names, or 0. */
export function findMatchRow(finder: usize, last: usize, row: usize, variable: i32): usize {
  const counts = <usize>load<u32>(finder)
  // The chain goes backwards: how many rows there are says which one it is from that end.
  let left = load<i32>(finder, OFFSET)
  if (load<u32>(finder, IS_FROM_FIRST) != 0) left = countMatchRows(finder, last, row, variable) - 1 - left
  if (left < 0) return 0
  if (row != 0 && load<u8>(counts + variable) != 0 && left-- == 0) {
    store<u32>(finder, variable, FOUND_VARIABLE)
    return row
  }
  const mask = load<u32>(finder, VARIABLE_MASK)
  for (let way = last; way != 0; way = <usize>load<u32>(way, BEFORE)) {
    const taken = load<u32>(way, PLACE) & mask
    if (load<u8>(counts + taken) != 0 && left-- == 0) {
      store<u32>(finder, taken, FOUND_VARIABLE)
      return <usize>load<u32>(way, ROW)
    }
  }
  return 0
}

// Cells of kept rows, shown where they are kept, as columns of one row: u32 rows; u32 where the body of a row begins; u32 cells and u32 nulls of a NULL; u32 nulls of what is
// none; then for each row u32 finder, u32 cells, and for each cell u32 offset in the row, u32 offset of its NULL bit's byte, u32 the bit, u32 a view if it has bytes, else 0,
// u32 where the addresses of its cells and nulls go.

const ROWS_HEADER = 20
const ROW_HEADER = 8
const CELL_BYTES = 20

/** Finds the rows and tells where their cells are. */
export function showMatchCells(shown: usize, last: usize, row: usize, variable: i32): void {
  const rows = load<i32>(shown)
  const body = load<u32>(shown, 4)
  const noCells = load<u32>(shown, 8)
  const isNull = load<u32>(shown, 12)
  const notNull = load<u32>(shown, 16)
  let at = shown + ROWS_HEADER
  for (let i = 0; i < rows; i++) {
    const found = findMatchRow(<usize>load<u32>(at), last, row, variable)
    const cells = load<i32>(at, 4)
    at += ROW_HEADER
    for (let k = 0; k < cells; k++, at += CELL_BYTES) {
      const target = <usize>load<u32>(at, 16)
      if (found == 0 || (load<u8>(found + load<u32>(at, 4)) & load<u32>(at, 8)) != 0) {
        store<u32>(target, noCells)
        store<u32>(target, isNull, 4)
        continue
      }
      let cell = found + <usize>load<u32>(at)
      const view = <usize>load<u32>(at, 12)
      if (view != 0) {
        store<u32>(view, <u32>found + body + load<u32>(cell))
        store<u32>(view, load<u32>(cell, 4), 4)
        cell = view
      }
      store<u32>(target, <u32>cell)
      store<u32>(target, notNull, 4)
    }
  }
}

// Runs of bytes of any size, at multiples of 8, from pages that their owner provides.
//
// The header, u32s: the free part of the page at hand, how many bytes the next page must have at least, how many runs are taken; then heads of lists of free runs.
const CURSOR = 0
const END = 4
const MISSING_BYTES = 8
const COUNT = 12
const FREE_RUNS = 16

/** Index of the free list for runs of `size` bytes: by 8 bytes to 256, then four a power of two. */
// @ts-ignore: decorator
@inline
function sizeClass(size: u32): u32 {
  if (size <= 256) return (size + 7) >> 3
  const last = size - 1
  const power = 31 - clz<u32>(last)
  return 33 + ((power - 8) << 2) + ((last >> (power - 2)) & 3)
}

// @ts-ignore: decorator
@inline
function classSize(index: u32): u32 {
  if (index <= 32) return index << 3
  const power = 8 + ((index - 33) >> 2)
  return (1 << power) + ((((index - 33) & 3) + 1) << (power - 2))
}

/** A run of at least `size` bytes, not 0, with unknown content; or 0 because a page is missing. */
// @ts-ignore: decorator
@inline
export function takeRun(runs: usize, size: u32): usize {
  const index = sizeClass(size)
  const list = runs + FREE_RUNS + (<usize>index << 2)
  let run = <usize>load<u32>(list)
  if (run) store<u32>(list, load<u32>(run))
  else {
    const taken = classSize(index)
    run = <usize>load<u32>(runs, CURSOR)
    if (load<u32>(runs, END) - <u32>run < taken) {
      store<u32>(runs, taken, MISSING_BYTES)
      return 0
    }
    store<u32>(runs, <u32>run + taken, CURSOR)
  }
  store<u32>(runs, load<u32>(runs, COUNT) + 1, COUNT)
  return run
}

/** Gives back a run that was taken for `size` bytes, or for more. */
// @ts-ignore: decorator
@inline
export function freeRun(runs: usize, run: usize, size: u32): void {
  const list = runs + FREE_RUNS + (<usize>sizeClass(size) << 2)
  store<u32>(run, load<u32>(list))
  store<u32>(list, <u32>run)
  store<u32>(runs, load<u32>(runs, COUNT) - 1, COUNT)
}

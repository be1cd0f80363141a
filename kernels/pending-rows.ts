// Rows of a store that are in no list yet, in the order in which they came, in pages of their owner:
//
//   page := u32 how many entries, unused to 64 bytes; u32 hashes of the rows' keys; u32 rows, 0: taken out
//
// A row that is looked for is found by comparing hashes, which lie one beside the other: some hundred rows cost what one costs that is put into an index.

const PAGE_HEADER = 64
const PAGE_ENTRIES = 4088

// @ts-ignore: decorator
@inline
function rowSlot(page: usize, entry: i32): usize {
  return page + PAGE_HEADER + (<usize>(PAGE_ENTRIES + entry) << 2)
}

/**
 * Puts rows `from` to `count - 1` of `rows`, u32s, and the hashes of their keys at the end of a page. A row whose id is -1 matches nothing, and is appended to `gone`, which has `gone[-1]` of them.
 *
 * @returns `count`, or the first that the page has no room for.
 */
export function addPending(page: usize, hashes: usize, rows: usize, ids: usize, from: i32, count: i32, gone: usize): i32 {
  let entries = load<i32>(page)
  let goneCount = load<u32>(gone - 4)
  let i = from
  for (; i < count; i++) {
    const row = load<u32>(rows + (<usize>i << 2))
    if (load<i32>(ids + (<usize>i << 2)) == -1) {
      store<u32>(gone + (<usize>goneCount << 2), row)
      goneCount++
      continue
    }
    if (entries == PAGE_ENTRIES) break
    store<u32>(page + PAGE_HEADER + (<usize>entries << 2), load<u32>(hashes + (<usize>i << 2)))
    store<u32>(rowSlot(page, entries), row)
    entries++
  }
  store<i32>(page, entries)
  store<u32>(gone - 4, goneCount)
  return i
}

/** Takes the rows of a page out whose hash is one of `count` hashes, and writes them to `out`: those of one hash in their order. Returns how many. */
export function findPending(page: usize, hashes: usize, count: i32, out: usize): i32 {
  const entries = load<i32>(page)
  let found = 0
  for (let h = 0; h < count; h++) {
    const hash = load<u32>(hashes + (<usize>h << 2))
    const wanted = i32x4.splat(hash)
    for (let e = 0; e < entries; e += 8) {
      const at = page + PAGE_HEADER + (<usize>e << 2)
      if (!v128.any_true(v128.or(i32x4.eq(v128.load(at), wanted), i32x4.eq(v128.load(at, 16), wanted)))) continue
      const end = min(e + 8, entries)
      for (let k = e; k < end; k++) {
        const slot = rowSlot(page, k)
        const row = load<u32>(slot)
        if (row == 0 || load<u32>(page + PAGE_HEADER + (<usize>k << 2)) != hash) continue
        store<u32>(slot, 0)
        store<u32>(out + (<usize>found << 2), row)
        found++
      }
    }
  }
  return found
}

/** Bytes of a filter: a bit for each of 2^17 parts of all hashes. */
const FILTER_BYTES = 1 << 14

// @ts-ignore: decorator
@inline
function filterBit(hash: u32): u32 {
  // The key groups of a subtask are a range of hashes, so those are spread once more.
  return (hash * 0x9e3779b1) >> 15
}

/** Sets the bits of `count` hashes in a filter, and no other. */
export function fillFilter(filter: usize, hashes: usize, count: i32): void {
  memory.fill(filter, 0, FILTER_BYTES)
  for (let h = 0; h < count; h++) {
    const bit = filterBit(load<u32>(hashes + (<usize>h << 2)))
    const at = filter + <usize>(bit >> 3)
    store<u8>(at, load<u8>(at) | (<u8>1 << <u8>(bit & 7)))
  }
}

/** As `findPending` for the hashes of a filter, and for some others: one way through the page for any number of hashes. All rows of a key are found, or none. */
export function filterPending(page: usize, filter: usize, out: usize): i32 {
  const entries = load<i32>(page)
  let found = 0
  for (let e = 0; e < entries; e++) {
    const bit = filterBit(load<u32>(page + PAGE_HEADER + (<usize>e << 2)))
    if (((<u32>load<u8>(filter + <usize>(bit >> 3)) >> (bit & 7)) & 1) == 0) continue
    const slot = rowSlot(page, e)
    const row = load<u32>(slot)
    if (row == 0) continue
    store<u32>(slot, 0)
    store<u32>(out + (<usize>found << 2), row)
    found++
  }
  return found
}

/** Takes all rows out of a page, writes them to `out`, and returns how many. */
export function takePending(page: usize, out: usize): i32 {
  const entries = load<i32>(page)
  let taken = 0
  for (let e = 0; e < entries; e++) {
    const row = load<u32>(rowSlot(page, e))
    if (row == 0) continue
    store<u32>(out + (<usize>taken << 2), row)
    taken++
  }
  store<i32>(page, 0)
  return taken
}

/** Writes the ids of `count` keys that `findGroupIds` gave to `out`; -3 for a key that is not there, whose row nevertheless may match later. */
export function idsOfPending(ids: usize, count: i32, out: usize): void {
  for (let i = 0; i < count; i++) {
    const id = load<i32>(ids + (<usize>i << 2))
    store<i32>(out + (<usize>i << 2), id < 0 ? -3 : id)
  }
}

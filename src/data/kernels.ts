import { kernelBytes } from './kernels.generated.ts'

/** Rows, the lines of their groups, signs, how many, and where the accumulator begins in the line. */
type LineRows = [rows: number, lines: number, signs: number, count: number, offset: number]
/** Lines, how many, where the accumulator begins in each; the cells of a column, of which entry k gets number `first + k * step`. */
type LineCells = [lines: number, count: number, offset: number, cells: number, first: number, step: number]
/** Lines and those that are added to them, how many, where the accumulator begins in each. */
type LinePairs = [lines: number, others: number, count: number, offset: number]
/** As `LineCells`, and the address of a byte an entry that says whether its value is missing. */
type MissingCells = [...LineCells, missing: number]

/**
 * What the WebAssembly kernels export. Sources are in `kernels/`, one file a subject; each function has a plain TypeScript
 * twin in `src/data/NAME.twin.ts`, the oracle of its property test. Addresses and lengths are i32 (unsigned), 64-bit
 * integers are bigint at this border: a kernel is called once a batch, never once a row.
 */
export interface Kernels {
  /** Makes Nexmark events in columns; see `kernels/nexmark.ts` for the struct at `context`. */
  nexmarkEvents(context: number, seed: bigint, first: bigint, count: number, baseUs: number, delayUs: number, horizonMs: bigint): void
  /** The texts that they show, see `kernels/nexmark-texts.ts`: `state` is that of a `RowRandom`. */
  nexmarkLetters(state: number, at: number, count: number, special: number): number
  nexmarkUrls(state: number, parts: number, hot: number, count: number, views: number, at: number): void

  /** Copies `length` bytes. */
  copyBytes(target: number, source: number, length: number): void
  /** Sets bytes to 0: `fill` of an array over shared memory goes byte by byte. */
  clearBytes(address: number, length: number): void

  // hash.ts. `shift` is log2 of the bytes of a cell, 0 to 4; `nulls` and `selection` may be 0.
  /** 64 hash bits of a run of bytes. */
  hashBytes(address: number, length: number): bigint
  /** 64 hash bits of each selected cell, as i64s at `hashes`. */
  hashCells(cells: number, nulls: number, shift: number, selection: number, count: number, hashes: number): void
  /** The order-independent checksum of the selected cells; sums of checksums are checksums of all their rows. */
  checksumCells(cells: number, nulls: number, shift: number, selection: number, count: number): bigint
  /** The same for cells of layout `bytes`, over every byte of their texts. */
  checksumText(cells: number, nulls: number, selection: number, count: number): bigint
  /** How many more of the selected changes add a row than take one away. */
  checksumKinds(kinds: number, selection: number, count: number): number

  // keys.ts, used through `KeyEncoder`.
  keySizes(descriptors: number, columns: number, selection: number, from: number, to: number, limit: number, offsets: number): number
  writeKeys(descriptors: number, columns: number, selection: number, from: number, count: number, offsets: number, out: number): void
  hashKeys(keys: number, offsets: number, count: number, hashes: number): void
  /** Returns how many values are NULL. */
  readKeys(form: number, places: number, count: number, cells: number, first: number, missing: number): number
  keyGroups(hashes: number, count: number, groupCount: number, groups: number): void
  keyGroup(hash: number, groupCount: number): number

  // hash-table.ts, used through `GroupIndex`.
  groupIds(table: number, keys: number, offsets: number, hashes: number, from: number, count: number, ids: number, created: number): number
  findGroupIds(table: number, keys: number, offsets: number, hashes: number, count: number, ids: number): void
  groupRecord(table: number, id: number): number
  keyPlaces(table: number, ids: number, count: number, skip: number, places: number): void
  renameKeys(
    table: number,
    ids: number,
    count: number,
    prefix: number,
    prefixLength: number,
    keys: number,
    room: number,
    offsets: number,
  ): number
  nextGroup(table: number, id: number): number
  removeGroups(table: number, ids: number, count: number): void
  migrationEnd(table: number, slots: number): number
  migrate(table: number, end: number): void

  // row-store.ts, used through `RowStore` and `RowLists`.
  lineSizes(schema: number, selection: number, from: number, count: number, sizes: number): number
  takeLines(runs: number, schema: number, sizes: number, from: number, count: number, lines: number): number
  freeLines(runs: number, schema: number, lines: number, count: number): void
  writeLines(schema: number, selection: number, from: number, count: number, lines: number): void
  nullBitsOf(schema: number, lines: number, count: number, out: number): void
  readLines(schema: number, lines: number, count: number): void
  linesEqual(schema: number, a: number, b: number): number
  groupList(lists: number, list: number, id: number): number
  applyLines(
    schema: number,
    lists: number,
    list: number,
    index: number,
    ids: number,
    kinds: number,
    selection: number,
    lines: number,
    from: number,
    count: number,
    gone: number,
  ): number
  appendLine(lists: number, list: number, id: number, line: number): void
  unlinkLine(lists: number, list: number, id: number, line: number): void

  // join.ts, used through `JoinContext`.
  dropNullKeys(nulls: number, selection: number, count: number, ids: number): number
  joinPairs(context: number, limit: number, rowLimit: number): number
  joinInner(context: number, pairs: number): void
  joinChanges(context: number, pairs: number): number
  markSelected(selection: number, selected: number, count: number, marks: number): void
  gatherMask(nulls: number, rows: number, absent: number, count: number, target: number): void
  emptyGroups(lists: number, width: number, ids: number, count: number, out: number): number

  // mark-join.ts, used through `MarkContext`.
  markNulls(nulls: number, selection: number, count: number, marks: number): void
  chainBuckets(context: number): void
  takeEmptyBuckets(context: number, buckets: number, count: number, out: number): number
  takeEmptyGroups(context: number, ids: number, count: number, out: number): number
  nextBucket(context: number, id: number, bucket: number): number
  isOpenBucket(context: number, bucket: number): number
  countRight(context: number, id: number, bucket: number, count: number): void
  markPairs(context: number, limit: number): number
  answerPairs(cells: number, nulls: number, selection: number, selected: number, count: number, answers: number): void
  markChanges(context: number, pairs: number): number
  markRows(context: number, gone: number): number
  beginRemaining(context: number): void
  remainingRows(context: number, id: number, out: number, limit: number): number

  // pending-rows.ts, used through `PendingRows`.
  addPending(page: number, hashes: number, rows: number, ids: number, from: number, count: number, gone: number): number
  findPending(page: number, hashes: number, count: number, out: number): number
  fillFilter(filter: number, hashes: number, count: number): void
  filterPending(page: number, filter: number, out: number): number
  takePending(page: number, out: number): number
  idsOfPending(ids: number, count: number, out: number): void

  // groups.ts
  lineAddresses(directory: number, lineBytes: number, ids: number, count: number, lines: number): void
  clearLines(directory: number, lineBytes: number, ids: number, count: number): void
  /** Used through `TouchedGroups`, as are the next three through `GroupChanges`. */
  touchGroups(work: number, from: number, count: number): number
  markChangedCells(cells: number, nulls: number, shift: number, from: number, entries: number, changed: number): void
  markChangedTexts(cells: number, nulls: number, from: number, entries: number, changed: number): void
  selectChanges(
    lines: number,
    hadRow: number,
    changed: number,
    from: number,
    entries: number,
    emitsBefore: boolean,
    kinds: number,
    selection: number,
    selectedBefore: number,
    emptied: number,
  ): number
  /** The words at `rows` (0: at 0, 1, ...), times `factor`, each `perEntry` times; with a factor above 1 they count up. */
  spreadWords(source: number, rows: number, entries: number, perEntry: number, factor: number, target: number): void
  /** Keeps the rows for which a BOOLEAN column is TRUE, or, where `cells` is 0, those that are not NULL; returns how many. */
  filterRows(
    cells: number,
    nulls: number,
    rows: number,
    ids: number,
    lines: number,
    signs: number,
    count: number,
    keptRows: number,
    keptIds: number,
    keptLines: number,
    keptSigns: number,
  ): number

  // group-values.ts, used through `GroupValues`; `set` is what the kernels work on.
  /** Says in bit `bit` of each row's mask whether a BOOLEAN column is TRUE; without cells it is set. */
  markMembers(cells: number, nulls: number, rows: number, count: number, bit: number, masks: number): void
  /** Keeps the rows whose mask has a wanted bit and that `nulls` does not mark; returns how many. */
  keepMembers(
    nulls: number,
    rows: number,
    ids: number,
    lines: number,
    signs: number,
    masks: number,
    count: number,
    wanted: number,
    keptRows: number,
    keptIds: number,
    keptLines: number,
    keptSigns: number,
    keptMasks: number,
  ): number
  addValues(set: number, from: number, first: number, count: number): number
  /** 0: something is missing. */
  mergeValue(set: number, other: number, group: number, groupLine: number): number
  forgetValues(set: number, groupLine: number): void
  multisetSizes(set: number, lines: number, count: number): number
  writeMultisets(set: number, bytes: number, lines: number, count: number, cells: number, first: number, step: number): void
  /** The first of each group's values, into cells; returns how many groups have none. */
  takeFirsts(set: number, body: number, lines: number, count: number, cells: number, first: number, step: number, missing: number): number

  // arrivals.ts, called by `operators/aggregates`.
  addArrivals(set: number, from: number, first: number, count: number): number
  /** 0: something is missing. */
  addArrival(set: number, value: number, size: number, group: number, groupLine: number, sign: number): number
  forgetArrivals(set: number, groupLine: number): void
  /** `end`: 0 for the first value of each group, 4 for the last one; returns how many groups have none. */
  takeArrivals(
    set: number,
    end: number,
    form: number,
    lines: number,
    count: number,
    cells: number,
    first: number,
    step: number,
    missing: number,
  ): number
  listSizes(set: number, form: number, separatorLength: number, lines: number, count: number): number
  writeLists(
    set: number,
    form: number,
    separator: number,
    separatorLength: number,
    bytes: number,
    lines: number,
    count: number,
    cells: number,
    first: number,
    step: number,
    missing: number,
  ): number

  // accumulate.ts, called by `operators/aggregates`. Layouts are the numbers of `layoutNumbers`.
  addCounts(nulls: number, ...rows: LineRows): void
  addWholes(layout: number, cells: number, nulls: number, ...rows: LineRows): void
  addFloats(layout: number, isSingle: boolean, cells: number, nulls: number, ...rows: LineRows): void
  addDecimals(layout: number, cells: number, nulls: number, ...rows: LineRows): void
  keepNumbers(layout: number, direction: number, cells: number, nulls: number, ...rows: LineRows): void
  keepWords(direction: number, cells: number, nulls: number, ...rows: LineRows): void
  keepWides(direction: number, cells: number, nulls: number, ...rows: LineRows): void
  /** Returns the entry whose group has too little room for its text, or `count`. */
  keepTexts(
    direction: number,
    cells: number,
    nulls: number,
    rows: number,
    lines: number,
    signs: number,
    from: number,
    count: number,
    offset: number,
  ): number
  takeCounts(...cells: LineCells): void
  // These return how many values are missing.
  takeWords(layout: number, isFloat: boolean, ...cells: MissingCells): number
  takeWides(...cells: MissingCells): number
  takeTexts(...cells: MissingCells): number
  takeWholeAverages(layout: number, ...cells: MissingCells): number
  takeFloatAverages(layout: number, ...cells: MissingCells): number

  // variance.ts, called by `operators/aggregates/variance.ts`.
  addVariances(layout: number, cells: number, nulls: number, ...rows: LineRows): void
  takeVariances(layout: number, isSample: boolean, isRoot: boolean, ...cells: MissingCells): number

  takeDecimals(...cells: MissingCells): number
  takeDecimalAverages(digits: number, ...cells: MissingCells): number
  takenTextSize(cells: number, count: number, first: number, step: number): number
  copyTakenTexts(cells: number, count: number, first: number, step: number, bytes: number): void
  mergeCounts(...pairs: LinePairs): void
  unmergeCounts(...pairs: LinePairs): void
  unmergeWholes(...pairs: LinePairs): void
  unmergeDecimals(...pairs: LinePairs): void
  mergeWholes(...pairs: LinePairs): void
  mergeFloats(isSingle: boolean, ...pairs: LinePairs): void
  mergeDecimals(...pairs: LinePairs): void
  mergeKept(layout: number, direction: number, ...pairs: LinePairs): void
  spreadMissing(missing: number, count: number, nulls: number, first: number, step: number): void

  // row-order.ts and rank.ts, used through `RowOrder` and `RankedRows`.
  linePrefix(order: number, line: number): void
  rankCandidates(context: number, selection: number, ids: number, from: number, count: number): number
  setPrefixes(prefixes: number, lines: number, count: number): void
  rankRows(context: number): number
  dropRanked(context: number, id: number): void
  upsertRows(context: number): void
  appendRanked(context: number, id: number, line: number): number
  setRankEnd(context: number, id: number, end: number): number
  changePlaces(places: number, inputs: number, numbers: number, count: number, width: bigint, target: number): void
  // windows.ts
  /** Used through `PaneAssigner`. */
  assignPanes(work: number, from: number, count: number): number
  /** Used through `sessionAggregate`. */
  extendSessions(work: number, from: number, count: number): number
  /** Keeps the groups that have rows, in place; returns how many. */
  groupsWithRows(ids: number, lines: number, count: number): number
  fillWords(target: number, count: number, value: bigint): void

  // gather.ts, used through `copySelected` and `partitionBatch`.
  gatherCells(source: number, shift: number, rows: number, from: number, count: number, target: number): void
  hasNull(nulls: number, rows: number, from: number, count: number): number
  /** The masks are those of whole batches: words behind row `count - 1` are written too. */
  mergeMasks(first: number, second: number, count: number, target: number): void
  textSize(cells: number, nulls: number, rows: number, from: number, count: number): number
  gatherText(cells: number, nulls: number, rows: number, from: number, count: number, target: number, bytes: number): void
  partitionRows(targets: number, selection: number, count: number, targetCount: number, starts: number, rows: number): void
  subtasksOfGroups(groups: number, count: number, groupCount: number, parallelism: number): void

  // text-scan.ts. Addresses come back as i32: `>>> 0` makes them unsigned.
  /** Address of the first `byte` in [from, end); `end` when there is none. */
  findByte(from: number, end: number, byte: number): number
  countByte(from: number, end: number, byte: number): number
  /** Address of the first byte in [from, end) that does not begin a whole UTF-8 character; `end` when all do. */
  invalidUtf8(from: number, end: number): number

  // fields.ts, csv.ts, json.ts, used through `ScanPlan`.
  clearMasks(descriptors: number, count: number, rows: number): void
  findNulls(descriptors: number, count: number, rows: number): void
  decodeCsv(context: number): number
  decodeJson(context: number): number
  /** Used through `CsvRows`. */
  encodeCsv(context: number, from: number, to: number, limit: number): number
  /** As `encodeCsv`, as JSON objects: `kernels/json-encode.ts`. */
  encodeJson(context: number, from: number, to: number, limit: number): number
  /** The first place behind `from` whose cell differs from that at `from`, or `to`; `shift` -1 for texts. */
  equalCells(cells: number, nulls: number, shift: number, selection: number, from: number, to: number): number

  // decimal.ts, called from generated code. 128-bit numbers are two i64s, low and high; results go to 16 bytes at `out`, and 1 is returned when they
  // have more than 38 digits, else 0.
  decimalAdd(aLow: bigint, aHigh: bigint, bLow: bigint, bHigh: bigint, out: number): number
  decimalSubtract(aLow: bigint, aHigh: bigint, bLow: bigint, bHigh: bigint, out: number): number
  /** The product without its last `digits` digits, halves rounded up (away from zero, as all halves here). */
  decimalMultiply(aLow: bigint, aHigh: bigint, bLow: bigint, bHigh: bigint, digits: number, out: number): number
  /** a * 10^digits / b, halves rounded up; `b` is not 0, `digits` may be negative. */
  decimalDivide(aLow: bigint, aHigh: bigint, bLow: bigint, bHigh: bigint, digits: number, out: number): number
  /** a * 10^aDigits modulo b * 10^bDigits, with the sign of `a`; `b` is not 0. */
  decimalRemainder(aLow: bigint, aHigh: bigint, bLow: bigint, bHigh: bigint, aDigits: number, bDigits: number, out: number): number
  /** Appends `digits` zeros, or drops -`digits` digits; `rounding`: 0 half up, 1 down, 2 floor, 3 ceiling. */
  decimalRescale(low: bigint, high: bigint, digits: number, rounding: number, out: number): number
  /** -1, 0 or 1: a * 10^digits beside b, or for negative `digits` a beside b * 10^-digits. */
  decimalCompare(aLow: bigint, aHigh: bigint, bLow: bigint, bHigh: bigint, digits: number): number
  decimalFits(low: bigint, high: bigint, precision: number): number
  /** The nearest double, or NaN when the slow way must be asked. */
  decimalToDouble(low: bigint, high: bigint, scale: number): number
  /** Writes at most 41 bytes and returns how many. */
  formatDecimal(low: bigint, high: bigint, scale: number, target: number): number
  /** 0, 1 when it has more than 38 digits, 2 when the text is no number. */
  parseDecimal(address: number, length: number, scale: number, out: number): number

  // text.ts, called from generated code. A text is an address and a length in bytes; a view is a u64, the address in its low half and the length in its
  // high half. Writers do not check for room unless they are told how much there is.
  /** Code points. */
  charLength(address: number, length: number): number
  isAscii(address: number, length: number): number
  /** Writes `length` bytes; 0 when a byte is not ASCII, and then the slow way must be asked. */
  upperAscii(address: number, length: number, target: number): number
  lowerAscii(address: number, length: number, target: number): number
  /** The offset in bytes of character `index`, from 0; the length for any index behind the last one. */
  byteOffsetOfChar(address: number, length: number, index: number): number
  /** A view, as SQL's SUBSTRING with `position` from 1, or from the end below 0; `count` at least 0. */
  substring(address: number, length: number, position: number, count: number): bigint
  /** The offset in bytes of the first `part` at or after `from`, or -1. */
  indexOf(address: number, length: number, part: number, partLength: number, from: number): number
  textEquals(a: number, aLength: number, b: number, bLength: number): number
  /** -1, 0 or 1 in the order of bytes. */
  textCompare(a: number, aLength: number, b: number, bLength: number): number
  startsWith(address: number, length: number, part: number, partLength: number): number
  endsWith(address: number, length: number, part: number, partLength: number): number
  /** Copies a text and returns the address behind it. */
  appendText(target: number, address: number, length: number): number
  /** Every `part`, which is not empty, becomes `by`. Returns the length of the result; if that is more than `room`, nothing useful was written. */
  replaceText(
    address: number,
    length: number,
    part: number,
    partLength: number,
    by: number,
    byLength: number,
    target: number,
    room: number,
  ): number
  /** A view without leading (`sides` & 1) and trailing (`sides` & 2) characters that occur in `chars`. */
  trimText(address: number, length: number, chars: number, charsLength: number, sides: number): bigint
  /** A view of part `index`, from 0, between separators, which are not empty; -1n (all bits set) when there is none. */
  splitPart(address: number, length: number, separator: number, separatorLength: number, index: number): bigint
  /** `escape`: the code of an ASCII character, or 0; the pattern must be well-formed. */
  likeMatch(address: number, length: number, pattern: number, patternLength: number, escape: number): number

  // Parsers write to `out` and return 0; or 1: out of range, 2: malformed, 3: unusual, the slow way must be asked.
  /** An i64, as Flink casts text to whole numbers: spaces around it, and digits behind a point are ignored. */
  parseInteger(address: number, length: number, out: number): number
  /** An f64; never 1 or 2. */
  parseDouble(address: number, length: number, out: number): number
  /** An i32 of days from exactly `YYYY-MM-DD`; never 1 or 2. */
  parseDate(address: number, length: number, out: number): number
  /** An i64 of ms and an i32 of nanoseconds of the ms from `YYYY-MM-DD HH:MM:SS`, `T` for the space too, and 0 to 9 more digits; never 1 or 2. */
  parseTimestamp(address: number, length: number, out: number): number
  // Writers of text return how many bytes they wrote: at most 20, 10, 18 and 29.
  formatInteger(value: bigint, target: number): number
  /** 0 when the year is not in 1 to 9999. */
  formatDate(days: number, target: number): number
  formatTime(msOfDay: number, nanosOfMs: number, digits: number, target: number): number
  /** 0 when the year is not in 1 to 9999. */
  formatTimestamp(ms: bigint, nanosOfMs: number, digits: number, target: number): number

  // memo.ts, used through `CallMemo` and generated code.
  memoFind(memo: number, address: number, length: number): number
  memoStore(memo: number, address: number, length: number, status: number, cell: number, cellBytes: number, isView: number): void
  memoClear(memo: number): void
  // match.ts, used by MATCH_RECOGNIZE.
  countMatchRows(finder: number, last: number, row: number, variable: number): number
  findMatchRow(finder: number, last: number, row: number, variable: number): number
  showMatchCells(shown: number, last: number, row: number, variable: number): void
}

/** One instance of the kernels over a memory; the compiler of expressions links against the same instance. */
export function instantiateKernels(memory: WebAssembly.Memory): Kernels {
  const module = new WebAssembly.Module(kernelBytes())
  const instance = new WebAssembly.Instance(module, {
    env: {
      memory,
      abort: () => {
        throw new Error('a kernel stopped')
      },
    },
  })
  return instance.exports as unknown as Kernels
}

import { BOOLEAN, DATE, DESCRIPTOR_BYTES, SKIPPED, TEXT, kindOf, sameBytes, scanNumber, writeBoolean, writeNull, writeNumber, writeTemporal, writeView } from './fields'

// Why the scanner stopped.
const FULL: i32 = 0
const BLOCK_END: i32 = 1
const NEED_MORE: i32 = 2
/** The record at `position` is for the general path. */
const UNUSUAL: i32 = 3

const LF: u32 = 10
const CR: u32 = 13

/**
 * Reads CSV records into columns. The struct at `context`, words of 4 bytes: 0 position (in and out), 1 end, 2 block end, 3 whether the input ends there,
 * 4 row (in and out), 5 rows at most, 6 delimiter, 7 quote or 256, 8 number of columns, 9 their descriptors, one a declared column, 10 where to note the
 * start of each record, 11 and 12 address and length of the NULL literal (address 0: none), 13 address of the first byte that is not UTF-8, 14 the longest
 * record.
 */
export function decodeCsv(context: usize): i32 {
  const end = <usize>load<u32>(context, 4)
  const blockEnd = <usize>load<u32>(context, 8)
  const isLast = load<u32>(context, 12) != 0
  const maxRows = load<i32>(context, 20)
  const delimiter = load<u32>(context, 24)
  const quote = load<u32>(context, 28)
  const columns = load<i32>(context, 32)
  const descriptors = <usize>load<u32>(context, 36)
  const starts = <usize>load<u32>(context, 40)
  const nullLiteral = <usize>load<u32>(context, 44)
  const nullLength = <usize>load<u32>(context, 48)
  const invalidAt = <usize>load<u32>(context, 52)
  const longest = <usize>load<u32>(context, 56)
  let row = load<i32>(context, 16)
  let position = <usize>load<u32>(context)
  let stop = FULL
  const isDelimiter = i8x16.splat(<i8>delimiter)
  const isLf = i8x16.splat(<i8>LF)
  const isCr = i8x16.splat(<i8>CR)

  while (row < maxRows) {
    if (position >= end) {
      stop = NEED_MORE
      break
    }
    if (position >= blockEnd) {
      stop = BLOCK_END
      break
    }
    let at = position
    let d = descriptors
    let next: usize = 0
    let field = 0
    // 0: the record is whole.
    let problem = FULL
    for (;;) {
      let from = at
      let to: usize
      let byte: u32
      if (load<u8>(at) == quote && at < end) {
        from++
        const closing = closingQuote(from, end, quote)
        if (closing == 0) {
          problem = isLast ? UNUSUAL : NEED_MORE
          break
        }
        to = closing
        at = closing + 1
        byte = load<u8>(at)
        if (at < end && byte != delimiter && byte != LF && byte != CR) {
          problem = UNUSUAL
          break
        }
      } else {
        for (;;) {
          const bytes = v128.load(at)
          const mask = i8x16.bitmask(v128.or(v128.or(i8x16.eq(bytes, isDelimiter), i8x16.eq(bytes, isLf)), i8x16.eq(bytes, isCr)))
          if (mask != 0) {
            at += <usize>ctz(mask)
            break
          }
          at += 16
          if (at >= end) break
        }
        if (at > end) at = end
        to = at
        byte = load<u8>(at)
      }
      if (at >= end) {
        // The last line of the input may have no line end: the general path knows.
        problem = isLast ? UNUSUAL : NEED_MORE
        break
      }
      if (field == columns) {
        problem = UNUSUAL
        break
      }
      if (kindOf(d) != SKIPPED && !writeField(d, row, from, to, nullLiteral, nullLength)) {
        problem = UNUSUAL
        break
      }
      field++
      d += DESCRIPTOR_BYTES
      at++
      if (byte == delimiter) continue
      if (byte == CR) {
        if (at == end) {
          problem = isLast ? UNUSUAL : NEED_MORE
          break
        }
        if (load<u8>(at) == LF) at++
      }
      next = at
      break
    }
    if (problem == FULL && (field != columns || next > invalidAt || next - position > longest)) problem = UNUSUAL
    if (problem != FULL) {
      stop = problem
      break
    }
    store<u32>(starts + (<usize>row << 2), <u32>position)
    position = next
    row++
  }
  store<u32>(context, <u32>position)
  store<i32>(context, row, 16)
  return stop
}

/** The closing quote from `from` on; 0 when it is not there. A doubled quote counts as one: what follows it is then no delimiter. */
function closingQuote(from: usize, end: usize, quote: u32): usize {
  const isQuote = i8x16.splat(<i8>quote)
  for (let at = from; at < end; at += 16) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(at), isQuote))
    if (mask != 0) {
      const found = at + <usize>ctz(mask)
      return found < end ? found : 0
    }
  }
  return 0
}

// @ts-ignore: decorator
@inline
function writeField(d: usize, row: i32, from: usize, to: usize, nullLiteral: usize, nullLength: usize): bool {
  if (nullLiteral != 0 && to - from == nullLength && sameBytes(from, nullLiteral, nullLength)) {
    writeNull(d, row)
    return true
  }
  const kind = kindOf(d)
  if (kind == TEXT) {
    writeView(d, row, from, to - from)
    return true
  }
  if (from == to) return false
  if (kind == BOOLEAN) {
    if (to - from == 4 && load<u32>(from) == 0x65757274) writeBoolean(d, row, 1)
    else if (to - from == 5 && load<u32>(from) == 0x736c6166 && load<u8>(from, 4) == 0x65) writeBoolean(d, row, 0)
    else return false
    return true
  }
  if (kind >= DATE) return writeTemporal(d, row, from, 32) == to
  return scanNumber(from) == to && writeNumber(d, row)
}

/**
 * Snappy's raw format: the length of the content as a varint, then literals and copies of what came before.
 *
 * A tag's two lowest bits tell its kind: 0 literal, 1 to 3 copies with 1, 2 or 4 bytes of offset.
 */

const BLOCK_BYTES = 65536
const TABLE_BITS = 14
const LEAST_MATCH = 4
/** Above this the offset of a copy needs two bytes. */
const SHORT_OFFSET = 2048

/** @returns Undefined when the bytes are no Snappy, or their content is longer than `mostBytes`. */
export function snappyDecompress(input: Uint8Array, mostBytes: number): Uint8Array | undefined {
  let at = 0
  let length = 0
  for (let shift = 0; ; shift += 7) {
    const byte = input[at++]
    if (byte === undefined || shift > 28) return undefined
    length += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) break
  }
  if (length > mostBytes) return undefined
  const output = new Uint8Array(length)
  return fill(input, at, output) ? output : undefined
}

function fill(input: Uint8Array, from: number, output: Uint8Array): boolean {
  let at = from
  let to = 0
  while (at < input.length) {
    const tag = input[at++]!
    const kind = tag & 3
    if (kind === 0) {
      let count = tag >>> 2
      if (count >= 60) {
        const extra = count - 59
        count = 0
        for (let i = 0; i < extra; i++) count += (input[at + i] ?? 0) * 2 ** (8 * i)
        at += extra
      }
      count++
      if (at + count > input.length || to + count > output.length) return false
      if (count > 16) output.set(input.subarray(at, at + count), to)
      else for (let i = 0; i < count; i++) output[to + i] = input[at + i]!
      at += count
      to += count
      continue
    }
    const bytes = kind === 3 ? 4 : kind
    if (at + bytes > input.length) return false
    const count = kind === 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1
    const offset =
      kind === 1
        ? ((tag >>> 5) << 8) | input[at]!
        : kind === 2
          ? input[at]! | (input[at + 1]! << 8)
          : (input[at]! | (input[at + 1]! << 8) | (input[at + 2]! << 16) | (input[at + 3]! << 24)) >>> 0
    at += bytes
    if (offset === 0 || offset > to || to + count > output.length) return false
    if (offset >= count && count > 16) output.copyWithin(to, to - offset, to - offset + count)
    else for (let i = 0; i < count; i++) output[to + i] = output[to + i - offset]!
    to += count
  }
  return to === output.length
}

const table = new Uint16Array(1 << TABLE_BITS)

export function snappyCompress(input: Uint8Array): Uint8Array {
  // The worst case is a literal's tag now and then.
  const output = new Uint8Array(32 + input.length + Math.ceil(input.length / 6))
  let to = 0
  for (let rest = input.length; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) {
      output[to++] = rest
      break
    }
    output[to++] = (rest % 128) | 0x80
  }
  for (let start = 0; start < input.length; start += BLOCK_BYTES) {
    to = compressBlock(input, start, Math.min(start + BLOCK_BYTES, input.length), output, to)
  }
  return output.subarray(0, to)
}

/** Matches lie within the block, so offsets take two bytes at most. */
function compressBlock(input: Uint8Array, start: number, end: number, output: Uint8Array, target: number): number {
  let to = target
  let literal = start
  let at = start + 1
  let misses = 32
  table.fill(0)
  const last = end - LEAST_MATCH
  while (at <= last) {
    const word = wordAt(input, at)
    const slot = Math.imul(word, 0x1e35a7bd) >>> (32 - TABLE_BITS)
    const candidate = start + table[slot]!
    table[slot] = at - start
    if (wordAt(input, candidate) !== word || candidate >= at) {
      // What does not compress is passed in ever larger steps.
      at += misses++ >>> 5
      continue
    }
    to = writeLiteral(input, literal, at, output, to)
    let length = LEAST_MATCH
    while (at + length < end && input[candidate + length] === input[at + length]) length++
    to = writeCopy(output, to, at - candidate, length)
    at += length
    literal = at
    misses = 32
  }
  return writeLiteral(input, literal, end, output, to)
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
}

function writeLiteral(input: Uint8Array, from: number, end: number, output: Uint8Array, target: number): number {
  const length = end - from
  if (length === 0) return target
  let to = target
  if (length <= 60) output[to++] = (length - 1) << 2
  else if (length <= 256) {
    output[to++] = 60 << 2
    output[to++] = length - 1
  } else {
    output[to++] = 61 << 2
    output[to++] = (length - 1) & 0xff
    output[to++] = (length - 1) >>> 8
  }
  output.set(input.subarray(from, end), to)
  return to + length
}

function writeCopy(output: Uint8Array, target: number, offset: number, length: number): number {
  let to = target
  let rest = length
  while (rest > 0) {
    // What is left over must not be too short for a copy of its own.
    const count = rest > 68 ? 64 : rest > 64 ? 60 : rest
    if (count >= 4 && count <= 11 && offset < SHORT_OFFSET) {
      output[to++] = ((offset >>> 8) << 5) | ((count - 4) << 2) | 1
      output[to++] = offset & 0xff
    } else {
      output[to++] = ((count - 1) << 2) | 2
      output[to++] = offset & 0xff
      output[to++] = offset >>> 8
    }
    rest -= count
  }
  return to
}

const encoder = new TextEncoder()
/** Up to this length a loop over the characters beats a call into the runtime. */
const SHORT_ENCODE = 48
const SHORT_DECODE = 8

/** Room that is always enough for the UTF-8 bytes of a text: three a UTF-16 unit. */
export function utf8Room(text: string): number {
  return text.length * 3
}

/** How many bytes `encodeUtf8` writes for `text`. */
export function utf8Length(text: string): number {
  let bytes = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) bytes++
    else if (unit < 0x800) bytes += 2
    else if (unit < 0xd800 || unit > 0xdfff) bytes += 3
    else if (unit < 0xdc00 && isLowSurrogate(text.charCodeAt(i + 1))) {
      bytes += 4
      i++
    } else bytes++
  }
  return bytes
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}

/**
 * Writes `text` as UTF-8 to `target` from `offset` and returns the number of bytes. `target` has room for all of them. A lone
 * surrogate, which is no character, becomes "?", as in Flink.
 */
export function encodeUtf8(text: string, target: Uint8Array, offset: number): number {
  const length = text.length
  if (length <= SHORT_ENCODE) {
    let i = 0
    for (; i < length; i++) {
      const unit = text.charCodeAt(i)
      if (unit >= 0x80) break
      target[offset + i] = unit
    }
    if (i === length) return length
  }
  const wellFormed = text.isWellFormed() ? text : replaceLoneSurrogates(text)
  return encoder.encodeInto(wellFormed, target.subarray(offset, offset + utf8Room(wellFormed))).written
}

function replaceLoneSurrogates(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '?')
}

/** The UTF-8 bytes of `text` in an array of their own. */
export function utf8Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text))
  encodeUtf8(text, bytes, 0)
  return bytes
}

// A Buffer over the bytes that were decoded last: nearly always those of one arena, and making one costs more than a short text.
let lastBytes: Uint8Array | undefined
let lastBuffer: Buffer | undefined

/** The text of `length` UTF-8 bytes; U+FFFD stands for what is not UTF-8. */
export function decodeUtf8(bytes: Uint8Array, offset: number, length: number): string {
  if (length <= SHORT_DECODE) {
    let text = ''
    let i = 0
    for (; i < length; i++) {
      const byte = bytes[offset + i]!
      if (byte >= 0x80) break
      text += String.fromCharCode(byte)
    }
    if (i === length) return text
  }
  if (lastBytes !== bytes || lastBuffer === undefined) {
    lastBytes = bytes
    lastBuffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  }
  return lastBuffer.toString('utf8', offset, offset + length)
}

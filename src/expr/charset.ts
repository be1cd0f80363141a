import { EvaluationError } from './evaluation-error.ts'

type Charset = 'ascii' | 'latin1' | 'utf-8' | 'utf-16be' | 'utf-16le' | 'utf-16'

const charsets: Record<string, Charset> = {
  'US-ASCII': 'ascii',
  ASCII: 'ascii',
  'ISO-8859-1': 'latin1',
  ISO8859_1: 'latin1',
  LATIN1: 'latin1',
  'UTF-8': 'utf-8',
  UTF8: 'utf-8',
  'UTF-16BE': 'utf-16be',
  'UTF-16LE': 'utf-16le',
  'UTF-16': 'utf-16',
  UTF16: 'utf-16',
}

function charsetOf(name: string): Charset {
  const found = charsets[name.toUpperCase()]
  if (found === undefined) {
    throw new EvaluationError(
      'data/charset',
      `Cannot use the charset "${name}": one of US-ASCII, ISO-8859-1, UTF-8, UTF-16BE, UTF-16LE and UTF-16 was wanted`,
    )
  }
  return found
}

/** The bytes of a text; a character that the charset has not becomes `?`. UTF-16 starts with a byte order mark, big endian. */
export function encodeText(text: string, charset: string): Uint8Array {
  const kind = charsetOf(charset)
  switch (kind) {
    case 'utf-8':
      return new TextEncoder().encode(text)
    case 'ascii':
      return singleBytes(text, 0x7f)
    case 'latin1':
      return singleBytes(text, 0xff)
    case 'utf-16be':
      return doubleBytes(text, 0, 'big')
    case 'utf-16le':
      return doubleBytes(text, 0, 'little')
    case 'utf-16': {
      const bytes = doubleBytes(text, 2, 'big')
      bytes[0] = 0xfe
      bytes[1] = 0xff
      return bytes
    }
  }
}

function singleBytes(text: string, greatest: number): Uint8Array {
  return Uint8Array.from([...text], (character) => {
    const code = character.codePointAt(0) ?? 0
    return code <= greatest ? code : 0x3f
  })
}

function doubleBytes(text: string, offset: number, endian: 'big' | 'little'): Uint8Array {
  const bytes = new Uint8Array(offset + 2 * text.length)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < text.length; i++) view.setUint16(offset + 2 * i, text.charCodeAt(i), endian === 'little')
  return bytes
}

/** The text of bytes; what is malformed becomes U+FFFD. UTF-16 without a byte order mark is big endian. */
export function decodeText(bytes: Uint8Array, charset: string): string {
  const kind = charsetOf(charset)
  switch (kind) {
    case 'ascii':
      return Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : '\ufffd')).join('')
    case 'latin1':
      return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
    case 'utf-16': {
      const isLittle = bytes[0] === 0xff && bytes[1] === 0xfe
      const hasMark = isLittle || (bytes[0] === 0xfe && bytes[1] === 0xff)
      return decodeUtf16(hasMark ? bytes.subarray(2) : bytes, isLittle ? 'utf-16le' : 'utf-16be')
    }
    case 'utf-16be':
    case 'utf-16le':
      return decodeUtf16(bytes, kind)
    case 'utf-8':
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  }
}

function decodeUtf16(bytes: Uint8Array, kind: 'utf-16be' | 'utf-16le'): string {
  return new TextDecoder(kind, { ignoreBOM: true }).decode(bytes)
}

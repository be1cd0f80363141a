import { TextDecoder } from 'node:util'

/** How text lies in bytes, as Java's charset of that name reads and writes it: a character that it does not have becomes `?`. */
export interface Charset {
  decode(bytes: Uint8Array): string
  /** Undefined where text can only be read. */
  readonly encode: ((text: string) => Uint8Array) | undefined
}

const QUESTION_MARK = 0x3f

/** Java's names that the web's tables know otherwise: there, ISO-8859-1 is windows-1252. */
const own: Readonly<Record<string, () => Charset>> = {
  'iso-8859-1': () => latin(0xff),
  iso8859_1: () => latin(0xff),
  latin1: () => latin(0xff),
  'us-ascii': () => latin(0x7f),
  ascii: () => latin(0x7f),
  'utf-16': () => ({ decode: decodeUtf16, encode: (text) => utf16(`\ufeff${text}`, 'big') }),
  'utf-16be': () => ({ decode: (bytes) => textOf('utf-16be', bytes), encode: (text) => utf16(text, 'big') }),
  'utf-16le': () => ({ decode: (bytes) => textOf('utf-16le', bytes), encode: (text) => utf16(text, 'little') }),
}

/** Of these every character has one or two bytes, so that all of them can be tried. */
const twoBytes = new Set(['gbk', 'big5', 'euc-kr', 'shift_jis'])
const noTable = new Set(['gb18030', 'euc-jp', 'iso-2022-jp', 'x-user-defined', 'replacement', 'utf-8', 'utf-16le', 'utf-16be'])

/** The charset of a name; 'utf-8', which needs no conversion; or undefined when the name is unknown. */
export function findCharset(name: string): Charset | 'utf-8' | undefined {
  const lower = name.toLowerCase()
  if (own[lower] !== undefined) return own[lower]()
  let decoder: TextDecoder
  try {
    decoder = new TextDecoder(lower, { ignoreBOM: true })
  } catch {
    return undefined
  }
  const { encoding } = decoder
  if (encoding === 'utf-8') return 'utf-8'
  return { decode: (bytes) => decoder.decode(bytes), encode: noTable.has(encoding) ? undefined : tableEncoder(decoder, encoding) }
}

function textOf(encoding: string, bytes: Uint8Array): string {
  return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes)
}

/** A byte order mark tells the order; big-endian without one. */
function decodeUtf16(bytes: Uint8Array): string {
  const isMarked = bytes.length >= 2 && ((bytes[0] === 0xfe && bytes[1] === 0xff) || (bytes[0] === 0xff && bytes[1] === 0xfe))
  if (!isMarked) return textOf('utf-16be', bytes)
  return textOf(bytes[0] === 0xff ? 'utf-16le' : 'utf-16be', bytes.subarray(2))
}

function utf16(text: string, order: 'big' | 'little'): Uint8Array {
  const bytes = Buffer.from(text, 'utf16le')
  return order === 'big' ? bytes.swap16() : bytes
}

/** Bytes that are code points up to `greatest`. */
function latin(greatest: number): Charset {
  return {
    decode: (bytes) => latinText(bytes, greatest),
    encode: (text) => Uint8Array.from(Array.from(text, (character) => oneByte(character.codePointAt(0)!, greatest))),
  }
}

function latinText(bytes: Uint8Array, greatest: number): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  // oxlint-disable-next-line no-control-regex -- everything that is not ASCII
  return greatest === 0xff ? text : text.replace(/[^\u0000-\u007f]/g, '\ufffd')
}

function oneByte(codePoint: number, greatest: number): number {
  return codePoint > greatest ? QUESTION_MARK : codePoint
}

/** Turns the decoder around, at the first text: what each byte, or pair of bytes, stands for. */
function tableEncoder(decoder: TextDecoder, encoding: string): (text: string) => Uint8Array {
  let table: Map<string, readonly number[]> | undefined
  return (text) => {
    table ??= encodingTable(decoder, encoding)
    const bytes: number[] = []
    for (const character of text) bytes.push(...(table.get(character) ?? [QUESTION_MARK]))
    return Uint8Array.from(bytes)
  }
}

function encodingTable(decoder: TextDecoder, encoding: string): Map<string, readonly number[]> {
  const table = new Map<string, readonly number[]>()
  const add = (...bytes: readonly number[]): void => {
    const text = decoder.decode(Uint8Array.from(bytes))
    const isOne = text.length > 0 && String.fromCodePoint(text.codePointAt(0)!) === text
    if (isOne && text !== '\ufffd' && !table.has(text)) table.set(text, bytes)
  }
  // 0x80 alone is the web's own addition to GBK: Java has the euro sign among the pairs.
  for (let byte = 0; byte < 256; byte++) if (byte !== 0x80 || encoding !== 'gbk') add(byte)
  if (!twoBytes.has(encoding)) return table
  for (let lead = 0x81; lead < 0xff; lead++) for (let trail = 0x40; trail < 0xff; trail++) add(lead, trail)
  return table
}

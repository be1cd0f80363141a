/*
 * JSON as a tree that keeps the text of its numbers, for the JSON functions and VARIANT. `JSON.parse` would round 12345678901234567890 and forget
 * the zero of 12.50. What is JSON follows Jackson's strict reader, which Flink uses: no comments, no leading zeros, no control characters in
 * texts, nesting up to 1,000. Text behind the first value is ignored, unless it touches a number or word.
 */

/** A number as its text; `1e3` and `1000` are two texts of one value. */
export class JsonNumber {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  /** Whether the text has neither point nor exponent. */
  get isInteger(): boolean {
    return /^-?\d+$/.test(this.text)
  }
}

/** Objects keep the order of their keys; of equal keys the last one counts, at the place of the first. */
export type JsonNode = null | boolean | string | JsonNumber | JsonNode[] | Map<string, JsonNode>

const MAX_DEPTH = 1_000

/** How a parser treats an object that has a key twice. */
export type DuplicateKeys = 'last' | 'refuse'

/** The first JSON value of a text; undefined when it is none. */
export function parseJson(text: string, duplicateKeys: DuplicateKeys = 'last'): JsonNode | undefined {
  const reader = new Reader(text, duplicateKeys)
  reader.skipBlanks()
  const node = reader.value(0)
  return node === undefined || reader.touchesRest() ? undefined : node
}

/** Reads one text from left to right; every method gives undefined at the first fault. */
class Reader {
  readonly #text: string
  readonly #duplicateKeys: DuplicateKeys
  #at = 0
  #lastWasBare = false

  constructor(text: string, duplicateKeys: DuplicateKeys) {
    this.#text = text
    this.#duplicateKeys = duplicateKeys
  }

  skipBlanks(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at)
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return
      this.#at++
    }
  }

  /** Whether something other than a blank follows a number or a word, as in `12abc`. */
  touchesRest(): boolean {
    return this.#lastWasBare && this.#at < this.#text.length && !' \n\r\t'.includes(this.#text[this.#at]!)
  }

  value(depth: number): JsonNode | undefined {
    this.#lastWasBare = false
    switch (this.#text[this.#at]) {
      case '{':
        return depth < MAX_DEPTH ? this.#object(depth + 1) : undefined
      case '[':
        return depth < MAX_DEPTH ? this.#array(depth + 1) : undefined
      case '"':
        return this.#string()
      case 't':
        return this.#word('true', true)
      case 'f':
        return this.#word('false', false)
      case 'n':
        return this.#word('null', null)
      default:
        return this.#number()
    }
  }

  #word(word: string, value: JsonNode): JsonNode | undefined {
    if (!this.#text.startsWith(word, this.#at)) return undefined
    this.#at += word.length
    this.#lastWasBare = true
    return value
  }

  #number(): JsonNode | undefined {
    numberForm.lastIndex = this.#at
    const match = numberForm.exec(this.#text)
    // Jackson reads no number of more than 1,000 characters.
    if (match === null || match[0].length > 1_000) return undefined
    this.#at = numberForm.lastIndex
    this.#lastWasBare = true
    return new JsonNumber(match[0])
  }

  #string(): string | undefined {
    const start = ++this.#at
    plainText.lastIndex = start
    plainText.test(this.#text)
    this.#at = plainText.lastIndex
    if (this.#text[this.#at] === '"') return this.#text.slice(start, this.#at++)
    return this.#escapedString(this.#text.slice(start, this.#at))
  }

  #escapedString(head: string): string | undefined {
    let result = head
    for (;;) {
      const letter = this.#text[this.#at++]
      if (letter === '"') return result
      if (letter !== '\\') return undefined
      const escape = this.#text[this.#at++]
      if (escape === 'u') {
        const digits = this.#text.slice(this.#at, this.#at + 4)
        if (!/^[0-9a-fA-F]{4}$/.test(digits)) return undefined
        result += String.fromCharCode(Number.parseInt(digits, 16))
        this.#at += 4
      } else {
        const plain = escape === undefined ? undefined : escapes[escape]
        if (plain === undefined) return undefined
        result += plain
      }
      const start = this.#at
      plainText.lastIndex = start
      plainText.test(this.#text)
      this.#at = plainText.lastIndex
      result += this.#text.slice(start, this.#at)
    }
  }

  #array(depth: number): JsonNode | undefined {
    const items: JsonNode[] = []
    this.#at++
    this.skipBlanks()
    if (this.#text[this.#at] === ']') return this.#close(items)
    for (;;) {
      this.skipBlanks()
      const item = this.value(depth)
      if (item === undefined) return undefined
      items.push(item)
      this.skipBlanks()
      const next = this.#text[this.#at]
      if (next === ']') return this.#close(items)
      if (next !== ',') return undefined
      this.#at++
    }
  }

  #object(depth: number): JsonNode | undefined {
    const fields = new Map<string, JsonNode>()
    this.#at++
    this.skipBlanks()
    if (this.#text[this.#at] === '}') return this.#close(fields)
    for (;;) {
      this.skipBlanks()
      if (this.#text[this.#at] !== '"') return undefined
      const key = this.#string()
      this.skipBlanks()
      if (key === undefined || this.#text[this.#at] !== ':') return undefined
      this.#at++
      this.skipBlanks()
      const value = this.value(depth)
      if (value === undefined || (this.#duplicateKeys === 'refuse' && fields.has(key))) return undefined
      fields.set(key, value)
      this.skipBlanks()
      const next = this.#text[this.#at]
      if (next === '}') return this.#close(fields)
      if (next !== ',') return undefined
      this.#at++
    }
  }

  #close(node: JsonNode): JsonNode {
    this.#at++
    this.#lastWasBare = false
    return node
  }
}

const numberForm = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
// eslint-disable-next-line no-control-regex -- what JSON forbids inside of a text
const plainText = /[^"\\\u0000-\u001f]*/y
const escapes: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

// --- Writing ------------------------------------------------------------------------------------------------------------------------

/** The text of a tree without blanks, keys sorted by UTF-16 units, numbers as Java's `BigDecimal` prints them (`1E+3`, `12.50`). */
export function writeJson(node: JsonNode): string {
  if (node === null) return 'null'
  if (typeof node === 'boolean') return String(node)
  if (typeof node === 'string') return quoteJson(node)
  if (node instanceof JsonNumber) return numberText(node)
  if (Array.isArray(node)) return `[${node.map(writeJson).join(',')}]`
  const keys = [...node.keys()].sort(compareUnits)
  return `{${keys.map((key) => `${quoteJson(key)}:${writeJson(node.get(key)!)}`).join(',')}}`
}

const compareUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** A text in quotes with the escapes that JSON demands, and no other. */
export function quoteJson(text: string): string {
  return `"${text.replace(mustEscape, escapeOne)}"`
}

// eslint-disable-next-line no-control-regex -- what JSON forbids inside of a text
const mustEscape = /["\\\u0000-\u001f]/g
const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

function escapeOne(letter: string): string {
  return shortEscapes[letter] ?? `\\u${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
}

/** A number as Java shows it: integers plainly, others as the `BigDecimal` of their text. */
export function numberText(number: JsonNumber): string {
  return number.isInteger ? BigInt(number.text).toString() : bigDecimalText(number.text)
}

/**
 * What Java's `BigDecimal` prints for a number's text: its digits with the point where its scale says, or with an exponent where the scale is
 * negative or the number tiny.
 */
export function bigDecimalText(text: string): string {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text)
  if (match === null) return text
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  const digits = (whole + fraction).replace(/^0+(?=\d)/, '')
  const scale = fraction.length - Number(exponent)
  const minus = sign === '-' && digits !== '0' ? '-' : ''
  if (scale === 0) return minus + digits
  const adjusted = digits.length - 1 - scale
  if (scale > 0 && adjusted >= -6) {
    const padded = digits.padStart(scale + 1, '0')
    return `${minus}${padded.slice(0, -scale)}.${padded.slice(-scale)}`
  }
  const head = digits.length > 1 ? `${digits[0]!}.${digits.slice(1)}` : digits
  return adjusted === 0 ? minus + head : `${minus}${head}E${adjusted > 0 ? '+' : ''}${adjusted}`
}

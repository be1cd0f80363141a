import { quoteJson } from '../data/json-tree.ts'
import { formatDouble } from '../data/number-text.ts'
import { formatExactDecimal } from './decimal-text.ts'

/** Nesting beyond this is refused, as in Jackson; it also bounds the recursion. */
const MAX_DEPTH = 1000

/** The text is not JSON. `at` is the offset of the first character that cannot be. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError'
  readonly at: number

  constructor(at: number, message: string) {
    super(message)
    this.at = at
  }
}

export type JsonKind = 'string' | 'number' | 'true' | 'false' | 'null' | 'object' | 'array'

const numberText = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y

/** Walks over one JSON text. Strict but for control characters within strings, which Flink allows. */
export class JsonText {
  text = ''
  at = 0
  #depth = 0

  reset(text: string): void {
    this.text = text
    this.at = 0
    this.#depth = 0
  }

  fail(): never {
    if (this.at >= this.text.length) throw new JsonSyntaxError(this.at, 'it ends too early')
    throw new JsonSyntaxError(this.at, `character ${this.at + 1} is ${JSON.stringify(this.text[this.at])}`)
  }

  skipBlanks(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at)
      if (code !== 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) return
      this.at++
    }
  }

  /** What the value at the next character is; nothing is consumed but blanks. */
  kind(): JsonKind {
    this.skipBlanks()
    switch (this.text[this.at]) {
      case '"':
        return 'string'
      case '{':
        return 'object'
      case '[':
        return 'array'
      case 't':
        return 'true'
      case 'f':
        return 'false'
      case 'n':
        return 'null'
      case '-':
        return 'number'
      default:
        return isDigit(this.text.charCodeAt(this.at)) ? 'number' : this.fail()
    }
  }

  word(word: 'true' | 'false' | 'null'): void {
    if (!this.text.startsWith(word, this.at) || isWordPart(this.text.charCodeAt(this.at + word.length))) this.fail()
    this.at += word.length
  }

  /** The text of a number. */
  number(): string {
    numberText.lastIndex = this.at
    const match = numberText.exec(this.text)
    if (match === null) this.fail()
    this.at += match[0].length
    // `01`, `1.`, `1e` and `12x` are no numbers.
    if (isWordPart(this.text.charCodeAt(this.at)) || this.text[this.at] === '.') this.fail()
    return match[0]
  }

  string(): string {
    const { text } = this
    let result = ''
    let from = ++this.at
    for (;;) {
      const code = text.charCodeAt(this.at)
      if (code === 0x22) {
        result += text.slice(from, this.at)
        this.at++
        return result
      }
      if (code === 0x5c) {
        result += text.slice(from, this.at) + this.#escape()
        from = this.at
      } else if (this.at >= text.length) this.fail()
      else this.at++
    }
  }

  #escape(): string {
    const letter = this.text[this.at + 1]
    const simple = letter === undefined ? undefined : simpleEscapes[letter]
    if (simple !== undefined) {
      this.at += 2
      return simple
    }
    const digits = this.text.slice(this.at + 2, this.at + 6)
    if (letter !== 'u' || !/^[0-9a-fA-F]{4}$/.test(digits)) {
      this.at++
      this.fail()
    }
    this.at += 6
    return String.fromCharCode(Number.parseInt(digits, 16))
  }

  /** Calls `read` with each name of the object at the next character, at the value. */
  object(read: (name: string) => void): void {
    this.#enter()
    this.skipBlanks()
    if (this.text[this.at] === '}') this.at++
    else {
      for (;;) {
        this.skipBlanks()
        if (this.text[this.at] !== '"') this.fail()
        const name = this.string()
        this.skipBlanks()
        if (this.text[this.at] !== ':') this.fail()
        this.at++
        read(name)
        if (this.#isClosed('}')) break
      }
    }
    this.#depth--
  }

  /** Calls `read` at each element of the array at the next character. */
  array(read: () => void): void {
    this.#enter()
    this.skipBlanks()
    if (this.text[this.at] === ']') this.at++
    else {
      do read()
      while (!this.#isClosed(']'))
    }
    this.#depth--
  }

  #enter(): void {
    if (++this.#depth > MAX_DEPTH) throw new JsonSyntaxError(this.at, `it nests deeper than ${MAX_DEPTH} levels`)
    this.at++
  }

  #isClosed(end: '}' | ']'): boolean {
    this.skipBlanks()
    const found = this.text[this.at]
    if (found !== end && found !== ',') this.fail()
    this.at++
    return found === end
  }

  /** Goes behind the next value, which must be JSON. */
  skipValue(): void {
    const kind = this.kind()
    switch (kind) {
      case 'string':
        this.string()
        return
      case 'number':
        this.number()
        return
      case 'object':
        this.object(() => this.skipValue())
        return
      case 'array':
        this.array(() => this.skipValue())
        return
      default:
        this.word(kind)
    }
  }

  /**
   * The next value as compact JSON text, as Jackson prints a tree of it: the last of equal names wins, fractions are normalized (as DOUBLE, or exactly
   * where `exact`).
   */
  compact(exact: boolean): string {
    const kind = this.kind()
    switch (kind) {
      case 'string':
        return quoteJson(this.string())
      case 'number':
        return compactNumber(this.number(), exact)
      case 'object': {
        const fields = new Map<string, string>()
        this.object((name) => void fields.set(name, this.compact(exact)))
        return `{${Array.from(fields, ([name, value]) => `${quoteJson(name)}:${value}`).join(',')}}`
      }
      case 'array': {
        const items: string[] = []
        this.array(() => void items.push(this.compact(exact)))
        return `[${items.join(',')}]`
      }
      default:
        this.word(kind)
        return kind
    }
  }
}

function compactNumber(text: string, exact: boolean): string {
  if (/^-?\d+$/.test(text)) return String(BigInt(text))
  return exact ? formatExactDecimal(text) : formatDouble(Number(text))
}

const simpleEscapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

function isWordPart(code: number): boolean {
  return isDigit(code) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f
}

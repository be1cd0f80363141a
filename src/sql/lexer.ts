import { userError } from '../base/errors.ts'
import type { Position, RheoError } from '../base/errors.ts'

export type TokenKind =
  /** A name or keyword without quotes. */
  | 'word'
  /** A name in back quotes. */
  | 'quoted'
  | 'string'
  /** X'..'. */
  | 'binary'
  | 'number'
  /** Punctuation and operators; also the marks of a hint: `/*+` and `*` with a slash behind it. */
  | 'symbol'
  | 'end'

export interface Token {
  readonly kind: TokenKind
  readonly at: Position
  /** Of a word its upper case, of a symbol its canonical form (`<>` for `!=`), else the text as written. */
  readonly key: string
  /** Of a word or quoted name the name, of a string its value, of a binary its digits, of a number its text. */
  readonly value: string
  /** Of a string: the character set that precedes it, as in _UTF8'text'. */
  readonly charset?: string
}

/** What a lexer does at a string, quote or comment that never ends: raise, or take the rest of the text as its content. */
export type UnclosedText = 'raise' | 'close'

/**
 * Splits a SQL text into tokens, the last of which is of kind `end`. Comments (`--`, `//`, C style) are dropped, hints are kept.
 *
 * @throws {RheoError} `sql/syntax` for text that is no token, or that never ends, at the place where it starts.
 */
export function lex(text: string, unclosed: UnclosedText = 'raise'): Token[] {
  return new Lexer(text, unclosed).tokens()
}

const SYMBOLS_OF_TWO: ReadonlySet<string> = new Set(['<>', '!=', '<=', '>=', '||', '=>', '->', '*/'])
const SYMBOLS_OF_ONE = '=<>+-*/%()[]{},;.:?^|&!~'

class Lexer {
  readonly #text: string
  readonly #unclosed: UnclosedText
  readonly #tokens: Token[] = []
  #at = 0
  #line = 1
  /** Offset of the first character of the current line. */
  #lineStart = 0
  #inHint = false

  constructor(text: string, unclosed: UnclosedText) {
    this.#text = text
    this.#unclosed = unclosed
  }

  tokens(): Token[] {
    const text = this.#text
    // A byte order mark is no part of a script.
    if (text.charCodeAt(0) === 0xfeff) this.#at = 1
    while (this.#skipBlanks()) this.#next()
    const at = { offset: text.length, length: 0, line: this.#line, column: text.length - this.#lineStart + 1 }
    this.#tokens.push({ kind: 'end', at, key: '', value: '' })
    return this.#tokens
  }

  /** Passes blanks and comments; false at the end of the text. */
  #skipBlanks(): boolean {
    const text = this.#text
    while (this.#at < text.length) {
      const code = text.charCodeAt(this.#at)
      if (code === 10) {
        this.#at++
        this.#newLine()
      } else if (code <= 32 || code === 0xa0 || code === 0x3000 || code === 0xfeff) {
        this.#at++
      } else if (text.startsWith('--', this.#at) || text.startsWith('//', this.#at)) {
        const end = text.indexOf('\n', this.#at)
        this.#at = end < 0 ? text.length : end
      } else if (text.startsWith('/*', this.#at) && text[this.#at + 2] !== '+') {
        this.#skipComment()
      } else {
        return true
      }
    }
    return false
  }

  #skipComment(): void {
    const start = this.#position(this.#at, 2)
    const end = this.#text.indexOf('*/', this.#at + 2)
    if (end < 0 && this.#unclosed === 'raise') throw unclosedError(start, 'comment', '*/')
    this.#advanceTo(end < 0 ? this.#text.length : end + 2)
  }

  #next(): void {
    const text = this.#text
    const code = text.charCodeAt(this.#at)
    if (isDigit(code) || (code === 46 && isDigit(text.charCodeAt(this.#at + 1)))) return this.#number()
    if (code === 39) return this.#string(0, 'plain')
    if (code === 96) return this.#quoted()
    if (isNameStart(text, this.#at)) return this.#word()
    return this.#symbol()
  }

  #number(): void {
    const text = this.#text
    const start = this.#at
    let end = skipDigits(text, start)
    if (text.charCodeAt(end) === 46) end = skipDigits(text, end + 1)
    if ((text.charCodeAt(end) | 32) === 101) {
      const sign = text[end + 1] === '+' || text[end + 1] === '-' ? 1 : 0
      if (isDigit(text.charCodeAt(end + 1 + sign))) end = skipDigits(text, end + 1 + sign)
    }
    const value = text.slice(start, end)
    this.#push('number', start, end, value, value)
  }

  #word(): void {
    const text = this.#text
    const start = this.#at
    let end = start
    while (end < text.length && isNamePart(text, end)) end += text.codePointAt(end)! > 0xffff ? 2 : 1
    const word = text.slice(start, end)
    if (text.charCodeAt(end) === 39) {
      switch (word) {
        case 'X':
        case 'x':
          return this.#binary()
        case 'E':
        case 'e':
          return this.#string(1, 'c-style')
        case 'N':
        case 'n':
          return this.#string(1, 'plain')
        default:
          if (/^_[A-Za-z][\w-]*$/.test(word)) return this.#string(word.length, 'plain', word.slice(1))
      }
    }
    if ((word === 'U' || word === 'u') && text.startsWith("&'", end)) return this.#string(2, 'unicode')
    // Charset names such as UTF-16LE hold a hyphen, which is no part of a word.
    if (word.startsWith('_') && text[end] === '-') {
      const charset = /^_([A-Za-z][\w-]*)'/.exec(text.slice(start, start + 32))
      if (charset !== null) return this.#string(charset[1]!.length + 1, 'plain', charset[1])
    }
    this.#push('word', start, end, word.toUpperCase(), word)
  }

  #quoted(): void {
    const text = this.#text
    const start = this.#at
    let end = start + 1
    for (;;) {
      end = text.indexOf('`', end)
      if (end < 0) {
        if (this.#unclosed === 'raise') throw unclosedError(this.#position(start, 1), 'quoted name', '`')
        end = text.length
        break
      }
      if (text[end + 1] !== '`') break
      end += 2
    }
    const name = text.slice(start + 1, end).replaceAll('``', '`')
    if (name === '' && this.#unclosed === 'raise') {
      throw userError(
        'sql/syntax',
        'Cannot parse the statement: the quoted name is empty, a name has at least one character',
        this.#position(start, 2),
      )
    }
    this.#push('quoted', start, Math.min(end + 1, text.length), name, name)
  }

  /** `prefix` characters stand before the opening quote. */
  #string(prefix: number, form: 'plain' | 'c-style' | 'unicode', charset?: string): void {
    const start = this.#at
    const end = this.#endOfString(start, prefix, form)
    const closed = end <= this.#text.length
    const raw = this.#text.slice(start + prefix + 1, closed ? end - 1 : this.#text.length)
    const at = this.#position(start, Math.min(end, this.#text.length) - start)
    const value = form === 'c-style' ? decodeCStyle(raw, at) : raw.replaceAll("''", "'")
    this.#advanceTo(Math.min(end, this.#text.length))
    this.#tokens.push({ kind: 'string', at, key: form === 'unicode' ? "U&''" : "''", value, ...(charset === undefined ? {} : { charset }) })
  }

  /** The offset behind the closing quote; one more than the length of the text where there is none and none is needed. */
  #endOfString(start: number, prefix: number, form: 'plain' | 'c-style' | 'unicode'): number {
    const text = this.#text
    let at = start + prefix + 1
    while (at < text.length) {
      const character = text[at]
      if (character === '\\' && form === 'c-style') at += 2
      else if (character !== "'") at++
      else if (text[at + 1] === "'") at += 2
      else return at + 1
    }
    if (this.#unclosed === 'raise') {
      // A quote right behind a word most likely closes a string that had one inside.
      const hint = prefix === 0 && start > 0 && isNamePart(text, start - 1) ? "; a quote inside of a string is doubled: 'it''s'" : ''
      throw unclosedError(this.#position(start, prefix + 1), 'string', `'${hint}`)
    }
    return text.length + 1
  }

  #binary(): void {
    const start = this.#at
    const end = this.#endOfString(start, 1, 'plain')
    const hex = this.#text.slice(start + 2, end - 1)
    const at = this.#position(start, Math.min(end, this.#text.length) - start)
    if (this.#unclosed === 'raise') {
      if (!/^[0-9a-fA-F]*$/.test(hex))
        throw userError('sql/syntax', `Cannot parse the binary literal ${quote(hex)}: it has characters that are no hexadecimal digits`, at)
      if (hex.length % 2 !== 0)
        throw userError(
          'sql/syntax',
          `Cannot parse the binary literal ${quote(hex)}: it has ${hex.length} digits, an even number is needed`,
          at,
        )
    }
    this.#advanceTo(Math.min(end, this.#text.length))
    this.#tokens.push({ kind: 'binary', at, key: "X''", value: hex.toUpperCase() })
  }

  #symbol(): void {
    const text = this.#text
    const start = this.#at
    if (text.startsWith('/*+', start)) {
      this.#inHint = true
      return this.#push('symbol', start, start + 3, '/*+', '/*+')
    }
    const two = text.slice(start, start + 2)
    if (SYMBOLS_OF_TWO.has(two) && (two !== '*/' || this.#inHint)) {
      if (two === '*/') this.#inHint = false
      if (two === '!=' && this.#unclosed === 'raise') {
        const at = this.#position(start, 2)
        throw userError('sql/syntax', 'Cannot parse the statement: != is no operator in Flink SQL; write <> for "is not equal"', at)
      }
      return this.#push('symbol', start, start + 2, two === '!=' ? '<>' : two, two)
    }
    const one = text[start]!
    if (SYMBOLS_OF_ONE.includes(one)) return this.#push('symbol', start, start + 1, one, one)
    if (this.#unclosed === 'close') {
      this.#at++
      return
    }
    const at = this.#position(start, one === '"' ? Math.max(1, (text.indexOf('"', start + 1) + 1 || start + 1) - start) : 1)
    if (one === '"') {
      throw userError(
        'sql/syntax',
        "Cannot parse the statement: \" is no quote in Flink SQL; write 'text' for a string, `name` for a name",
        at,
      )
    }
    const shown = String.fromCodePoint(text.codePointAt(start)!)
    const hint = '“”„«»‘’‚`´'.includes(shown) ? "; write 'text' for a string, `name` for a name" : ''
    throw userError('sql/syntax', `Cannot parse the statement: unexpected character ${quote(shown)}${hint}`, at)
  }

  #push(kind: TokenKind, start: number, end: number, key: string, value: string): void {
    const at = this.#position(start, end - start)
    this.#advanceTo(end)
    this.#tokens.push({ kind, at, key, value })
  }

  #position(offset: number, length: number): Position {
    return { offset, length, line: this.#line, column: offset - this.#lineStart + 1 }
  }

  /** Moves on over text that may hold line breaks. */
  #advanceTo(end: number): void {
    let newLine = this.#text.indexOf('\n', this.#at)
    while (newLine >= 0 && newLine < end) {
      this.#at = newLine + 1
      this.#newLine()
      newLine = this.#text.indexOf('\n', this.#at)
    }
    this.#at = end
  }

  #newLine(): void {
    this.#line++
    this.#lineStart = this.#at
  }
}

function unclosedError(at: Position, what: string, closing: string): RheoError {
  return userError(
    'sql/syntax',
    `Cannot parse the statement: the ${what} that starts at ${at.line}:${at.column} has no closing ${closing}`,
    at,
  )
}

/** Undoes `\n`, `\x41`, `\101`, `\u0041`, `\U00000041`, `\'` and doubled quotes; an unknown escape is the character itself. */
function decodeCStyle(raw: string, at: Position): string {
  return raw.replace(
    /''|\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g,
    (match, octal, hex, short, long, other) => {
      if (match === "''") return "'"
      if (other !== undefined) {
        if (other === 'u' || other === 'U' || other === 'x') {
          throw userError(
            'sql/syntax',
            `Cannot parse the string: the escape "\\${other}" needs ${other === 'u' ? '4' : other === 'U' ? '8' : '1 or 2'} hexadecimal digits`,
            at,
          )
        }
        return C_ESCAPES[other as string] ?? (other as string)
      }
      const code = octal !== undefined ? Number.parseInt(octal, 8) : Number.parseInt(hex ?? short ?? long, 16)
      if (code > 0x10ffff) throw userError('sql/syntax', `Cannot parse the string: "${match}" is no Unicode character`, at)
      return String.fromCodePoint(code)
    },
  )
}

const C_ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

function quote(text: string): string {
  return `"${text}"`
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function skipDigits(text: string, from: number): number {
  let at = from
  while (isDigit(text.charCodeAt(at))) at++
  return at
}

function isNameStart(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  if (code < 128) return (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95 || code === 36
  return /^\p{L}|^\p{Nl}|^\p{Sc}|^\p{Pc}/u.test(String.fromCodePoint(text.codePointAt(at)!))
}

function isNamePart(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return isDigit(code) || isNameStart(text, at) || (code >= 128 && /^\p{M}|^\p{Nd}/u.test(String.fromCodePoint(text.codePointAt(at)!)))
}

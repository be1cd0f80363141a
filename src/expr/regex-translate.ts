/*
 * Java's regular expressions as JavaScript's (flag `v`). A pattern is read by recursive descent and written anew:
 *
 *   alternatives = sequence { "|" sequence }
 *   sequence     = { atom [quantifier] }
 *   atom         = literal | "." | "^" | "$" | class | escape | group
 *
 * Inline flags are kept by the reader and written into what they change: `(?s).` becomes a class of everything; `(?i)` becomes a group
 * with a modifier around the rest of its group. Possessive quantifiers and atomic groups become a captured lookahead and a reference to
 * it. That shifts the numbers of groups, so patterns with them are written with names for all groups.
 */

export interface TranslatedRegex {
  readonly source: string
  readonly groupCount: number
  readonly groupNames: readonly string[] | undefined
}

/** The JavaScript source of a Java pattern; undefined when Java refuses it, or when JavaScript has no counterpart (`\G`, `\X`). */
export function translateJavaRegex(pattern: string): TranslatedRegex | undefined {
  try {
    const plain = new Translator(pattern, 'numbers')
    const source = plain.translate()
    if (!plain.needsNames) return { source, groupCount: plain.groupCount, groupNames: undefined }
    const named = new Translator(pattern, 'names')
    return {
      source: named.translate(),
      groupCount: named.groupCount,
      groupNames: Array.from({ length: named.groupCount }, (_, i) => `g${i + 1}`),
    }
  } catch (error) {
    if (error instanceof PatternError) return undefined
    throw error
  }
}

class PatternError extends Error {}

interface Flags {
  readonly ignoreCase: boolean
  readonly multiline: boolean
  readonly dotAll: boolean
  readonly comments: boolean
}

const lineEnds = '\\n\\r\\u0085\\u2028\\u2029'
const horizontal = ' \\t\\u00a0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000'
const vertical = '\\n\\v\\f\\r\\u0085\\u2028\\u2029'
const space = ' \\t\\n\\v\\f\\r'

/** What stands inside of a class for an escape of one letter. */
const classEscapes: Record<string, string> = {
  d: '0-9',
  D: '\\D',
  w: 'a-zA-Z0-9_',
  W: '\\W',
  s: space,
  S: `[^${space}]`,
  h: horizontal,
  H: `[^${horizontal}]`,
  v: vertical,
  V: `[^${vertical}]`,
}

const posixClasses: Record<string, string> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  ASCII: '\\x00-\\x7f',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Punct: '\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e',
  Graph: '\\x21-\\x7e',
  Print: '\\x20-\\x7e',
  Blank: ' \\t',
  Cntrl: '\\x00-\\x1f\\x7f',
  XDigit: '0-9a-fA-F',
  Space: space,
  javaLowerCase: '\\p{Lowercase}',
  javaUpperCase: '\\p{Uppercase}',
  javaAlphabetic: '\\p{Alphabetic}',
  javaLetter: '\\p{L}',
  javaDigit: '\\p{Nd}',
  javaLetterOrDigit: '\\p{L}\\p{Nd}',
  javaWhitespace: `${space}\\x1c-\\x1f`,
}

const controls: Record<string, string> = { t: '\\t', n: '\\n', r: '\\r', f: '\\f', a: '\\x07', e: '\\x1b' }

class Translator {
  readonly #pattern: string
  readonly #groups: 'numbers' | 'names'
  #at = 0
  #flags: Flags = { ignoreCase: false, multiline: false, dotAll: false, comments: false }
  #lookaheads = 0
  readonly #names = new Map<string, number>()
  groupCount = 0
  needsNames = false

  constructor(pattern: string, groups: 'numbers' | 'names') {
    this.#pattern = pattern
    this.#groups = groups
  }

  translate(): string {
    const source = this.#alternatives()
    if (this.#at < this.#pattern.length) throw new PatternError('unmatched closing parenthesis')
    return source
  }

  #alternatives(): string {
    let source = ''
    // Each inline `(?i)` opens a group with a modifier that ends where its alternative ends, and starts again in the next one.
    const open: string[] = []
    for (;;) {
      this.#skipComments()
      const character = this.#pattern[this.#at]
      if (character === undefined || character === ')') break
      if (character === '|') {
        this.#at++
        source += `${')'.repeat(open.length)}|${open.join('')}`
        continue
      }
      const modifier = this.#inlineFlags()
      if (modifier === undefined) {
        source += this.#quantified()
      } else if (modifier !== '') {
        source += modifier
        open.push(modifier)
      }
    }
    return source + ')'.repeat(open.length)
  }

  /** `(?i)` without a colon: what it opens, empty when JavaScript needs nothing, undefined when there is none here. */
  #inlineFlags(): string | undefined {
    const match = /^\(\?([a-zA-Z]*)(?:-([a-zA-Z]+))?\)/.exec(this.#pattern.slice(this.#at, this.#at + 32))
    if (match === null) return undefined
    const before = this.#flags
    this.#setFlags(match[1] ?? '', match[2] ?? '')
    this.#at += match[0].length
    return this.#modifier(before)
  }

  #setFlags(on: string, off: string): void {
    if (!/^[idmsuxU]*$/.test(on + off)) throw new PatternError('unknown inline modifier')
    const has = (flag: string, now: boolean): boolean => (on.includes(flag) ? true : off.includes(flag) ? false : now)
    const flags = this.#flags
    this.#flags = {
      ignoreCase: has('i', flags.ignoreCase),
      multiline: has('m', flags.multiline),
      dotAll: has('s', flags.dotAll),
      comments: has('x', flags.comments),
    }
  }

  /** Only the case goes to JavaScript; the other flags are written into what they change. */
  #modifier(before: Flags): string {
    if (before.ignoreCase === this.#flags.ignoreCase) return ''
    return this.#flags.ignoreCase ? '(?i:' : '(?-i:'
  }

  #skipComments(): void {
    if (!this.#flags.comments) return
    for (;;) {
      const character = this.#pattern[this.#at]
      if (character === '#') {
        while (this.#at < this.#pattern.length && this.#pattern[this.#at] !== '\n') this.#at++
      } else if (character !== undefined && /\s/.test(character)) {
        this.#at++
      } else {
        return
      }
    }
  }

  #quantified(): string {
    const atom = this.#atom()
    this.#skipComments()
    const match = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(this.#pattern.slice(this.#at, this.#at + 32))
    if (match === null) {
      if (this.#pattern[this.#at] === '{') throw new PatternError('illegal repetition')
      return atom
    }
    if (atom === '') throw new PatternError('dangling quantifier')
    this.#at += match[0].length
    const mode = this.#pattern[this.#at]
    if (mode === '?') {
      this.#at++
      return `${quantifiable(atom)}${match[0]}?`
    }
    if (mode !== '+') return `${quantifiable(atom)}${match[0]}`
    this.#at++
    return this.#atomic(`${quantifiable(atom)}${match[0]}`)
  }

  /** A part that gives nothing back: matched by a lookahead, which does not backtrack, and then taken by reference. */
  #atomic(source: string): string {
    this.needsNames = true
    const name = `a${++this.#lookaheads}`
    return `(?:(?=(?<${name}>${source}))\\k<${name}>)`
  }

  #atom(): string {
    const character = this.#next()
    switch (character) {
      case '(':
        return this.#group()
      case '[':
        return this.#class()
      case '\\':
        return this.#escape()
      case '.':
        return this.#flags.dotAll ? '[\\s\\S]' : `[^${lineEnds}]`
      case '^':
        return this.#flags.multiline ? `(?<![^${lineEnds}])` : '^'
      case '$':
        return this.#flags.multiline ? `(?=[${lineEnds}]|$)` : `(?=(?:\\r\\n|[${lineEnds}])?$)`
      case '*':
      case '+':
      case '?':
        throw new PatternError('dangling quantifier')
      case '{':
        throw new PatternError('illegal repetition')
      default:
        return literal(character)
    }
  }

  /** The next code point. */
  #next(): string {
    const code = this.#pattern.codePointAt(this.#at)
    if (code === undefined) throw new PatternError('unexpected end')
    const character = String.fromCodePoint(code)
    this.#at += character.length
    return character
  }

  /** Behind an opening parenthesis. */
  #group(): string {
    const before = this.#flags
    const rest = this.#pattern.slice(this.#at, this.#at + 64)
    let opening: string
    let isAtomic = false
    const named = /^\?<([a-zA-Z][a-zA-Z0-9]*)>/.exec(rest)
    const flags = /^\?([a-zA-Z]*)(?:-([a-zA-Z]+))?:/.exec(rest)
    const look = /^\?(?:=|!|<=|<!)/.exec(rest)
    if (named !== null) {
      this.#at += named[0].length
      const number = ++this.groupCount
      this.#names.set(named[1]!, number)
      opening = this.#capturing(number)
    } else if (look !== null) {
      this.#at += look[0].length
      opening = `(${look[0]}`
    } else if (flags !== null) {
      this.#at += flags[0].length
      this.#setFlags(flags[1] ?? '', flags[2] ?? '')
      const modifier = this.#modifier(before)
      opening = modifier === '' ? '(?:' : modifier
    } else if (rest.startsWith('?>')) {
      this.#at += 2
      isAtomic = true
      opening = '(?:'
    } else if (rest.startsWith('?')) {
      throw new PatternError('unknown group')
    } else {
      opening = this.#capturing(++this.groupCount)
    }
    const body = this.#alternatives()
    if (this.#pattern[this.#at] !== ')') throw new PatternError('unclosed group')
    this.#at++
    this.#flags = before
    const group = `${opening}${body})`
    return isAtomic ? this.#atomic(group) : group
  }

  #capturing(number: number): string {
    return this.#groups === 'names' ? `(?<g${number}>` : '('
  }

  /** Behind a backslash, outside of a class. */
  #escape(): string {
    const character = this.#next()
    switch (character) {
      case 'A':
        return '^'
      case 'z':
        return '$'
      case 'Z':
        return `(?=(?:\\r\\n|[${lineEnds}])?$)`
      case 'b':
      case 'B':
        return `\\${character}`
      case 'R':
        return `(?:\\r\\n|[${vertical}])`
      case 'Q':
        return this.#quoted().map(literal).join('')
      case 'k': {
        const name = /^<([a-zA-Z][a-zA-Z0-9]*)>/.exec(this.#pattern.slice(this.#at, this.#at + 64))
        const number = name === null ? undefined : this.#names.get(name[1]!)
        if (name === null || number === undefined) throw new PatternError('unknown group name')
        this.#at += name[0].length
        return this.#reference(number)
      }
      default:
        break
    }
    if (/[1-9]/.test(character)) return this.#backReference(character)
    const inClass = classEscapes[character]
    if (inClass !== undefined) return `[${inClass}]`
    if (character === 'p' || character === 'P') return `[${this.#property(character)}]`
    return this.#characterEscape(character)
  }

  /** More digits belong to the number as long as there are so many groups. */
  #backReference(first: string): string {
    let number = Number(first)
    for (;;) {
      const digit = this.#pattern[this.#at] ?? ''
      const longer = number * 10 + Number(digit)
      if (!/^[0-9]$/.test(digit) || longer > this.groupCount) break
      number = longer
      this.#at++
    }
    // A group that does not exist never matches.
    return number > this.groupCount ? '(?!)' : this.#reference(number)
  }

  #reference(number: number): string {
    return this.#groups === 'names' ? `\\k<g${number}>` : `(?:\\${number})`
  }

  #quoted(): string[] {
    const end = this.#pattern.indexOf('\\E', this.#at)
    const text = this.#pattern.slice(this.#at, end < 0 ? undefined : end)
    this.#at = end < 0 ? this.#pattern.length : end + 2
    return [...text]
  }

  /** An escape that stands for one character, inside and outside of classes. */
  #characterEscape(character: string): string {
    const control = controls[character]
    if (control !== undefined) return control
    const rest = this.#pattern.slice(this.#at, this.#at + 16)
    switch (character) {
      case 'x':
        return this.#codePoint(/^(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]+)\})/.exec(rest), 16)
      case 'u':
        return this.#unicodeEscape(rest)
      case '0':
        return this.#codePoint(/^([0-3][0-7]{0,2}|[0-7]{1,2})/.exec(rest), 8)
      case 'c':
        return literal(String.fromCodePoint((this.#next().codePointAt(0) ?? 0) ^ 64))
      default:
        if (/[a-zA-Z]/.test(character)) throw new PatternError('illegal escape')
        return literal(character)
    }
  }

  /** `\ud83c\udf55` is one character. */
  #unicodeEscape(rest: string): string {
    const pair = /^([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})/.exec(rest)
    if (pair === null) return this.#codePoint(/^([0-9a-fA-F]{4})/.exec(rest), 16)
    this.#at += pair[0].length
    return literal(String.fromCharCode(Number.parseInt(pair[1]!, 16), Number.parseInt(pair[2]!, 16)))
  }

  #codePoint(match: RegExpExecArray | null, radix: number): string {
    const code = match === null ? Number.NaN : Number.parseInt(match[1] ?? match[2]!, radix)
    if (match === null || !(code <= 0x10ffff)) throw new PatternError('illegal escape of a code point')
    this.#at += match[0].length
    return literal(String.fromCodePoint(code))
  }

  /** Behind `\p`: what stands inside of a class. */
  #property(kind: string): string {
    const braced = /^\{(\^?)([^}]+)\}/.exec(this.#pattern.slice(this.#at, this.#at + 64))
    const name = braced === null ? this.#next() : braced[2]!
    if (braced !== null) this.#at += braced[0].length
    const isNegated = (kind === 'P') !== (braced?.[1] === '^')
    const posix = posixClasses[name]
    if (posix !== undefined) return isNegated ? `[^${posix}]` : posix
    return `\\${isNegated ? 'P' : 'p'}{${unicodeProperty(name)}}`
  }

  /** Behind an opening bracket: ranges, nested classes, intersections. */
  #class(): string {
    let isNegated = false
    if (this.#pattern[this.#at] === '^') {
      this.#at++
      isNegated = true
    }
    const operands: string[] = []
    let source = ''
    let isFirst = true
    for (;;) {
      const character = this.#pattern[this.#at]
      if (character === undefined) throw new PatternError('unclosed class')
      if (character === ']' && !isFirst) break
      isFirst = false
      if (this.#pattern.startsWith('&&', this.#at)) {
        this.#at += 2
        operands.push(source)
        source = ''
        continue
      }
      source += this.#classItem()
    }
    this.#at++
    operands.push(source)
    const filled = operands.filter((operand) => operand !== '')
    const inner = filled.length > 1 ? filled.map((operand) => `[${operand}]`).join('&&') : (filled[0] ?? '')
    return `[${isNegated ? '^' : ''}${inner}]`
  }

  /** One character, range, class or escape of a class. */
  #classItem(): string {
    const character = this.#next()
    if (character === '[') return this.#class()
    if (this.#flags.comments && /\s/.test(character)) return ''
    const from = this.#classCharacter(character)
    if (from.isSet || this.#pattern[this.#at] !== '-' || /^-(?:\]|\[|&&|$)/.test(this.#pattern.slice(this.#at, this.#at + 3)))
      return from.source
    this.#at++
    const to = this.#classCharacter(this.#next())
    if (to.isSet) throw new PatternError('illegal range')
    return `${from.source}-${to.source}`
  }

  #classCharacter(character: string): { readonly source: string; readonly isSet: boolean } {
    if (character !== '\\') return { source: literal(character), isSet: false }
    const escaped = this.#next()
    const inClass = classEscapes[escaped]
    if (inClass !== undefined) return { source: inClass, isSet: true }
    if (escaped === 'p' || escaped === 'P') return { source: this.#property(escaped), isSet: true }
    if (escaped === 'Q') return { source: this.#quoted().map(literal).join(''), isSet: true }
    return { source: this.#characterEscape(escaped), isSet: false }
  }
}

/** Letters and digits as they are, everything else by its code, which is right inside and outside of classes. */
function literal(character: string): string {
  return /^[A-Za-z0-9 ]$/.test(character) ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}

/** Assertions may be repeated in Java, but not in JavaScript. */
function quantifiable(atom: string): string {
  return /^(?:\^|\$|\\[bB]|\(\?<?[=!])/.test(atom) ? `(?:${atom})` : atom
}

/** `IsLatin`, `script=Latin`, `InGreek`, `L`, `general_category=Lu`, `IsAlphabetic` as JavaScript names them. */
function unicodeProperty(name: string): string {
  const equals = name.indexOf('=')
  if (equals > 0) {
    const key = name.slice(0, equals)
    const value = name.slice(equals + 1)
    if (/^(?:sc|script)$/i.test(key)) return `Script=${capitalized(value)}`
    if (/^(?:gc|general_category)$/i.test(key)) return `General_Category=${value}`
    throw new PatternError('unknown property')
  }
  const bare = /^(?:Is|In)/.test(name) && name.length > 2 ? name.slice(2) : name
  if (/^(?:[LMNPSZC][a-z&]?|LC)$/.test(bare)) return bare === 'L&' ? 'LC' : bare
  const binary: Record<string, string> = {
    ALPHABETIC: 'Alphabetic',
    IDEOGRAPHIC: 'Ideographic',
    LOWERCASE: 'Lowercase',
    UPPERCASE: 'Uppercase',
    WHITE_SPACE: 'White_Space',
    WHITESPACE: 'White_Space',
    DIGIT: 'Nd',
    LETTER: 'L',
    PUNCTUATION: 'P',
    CONTROL: 'Cc',
    EMOJI: 'Emoji',
  }
  return binary[bare.toUpperCase()] ?? `Script=${capitalized(bare)}`
}

function capitalized(name: string): string {
  return name
    .split('_')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase())
    .join('_')
}

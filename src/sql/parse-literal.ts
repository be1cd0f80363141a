import type { Position } from '../base/errors.ts'
import { parseIntervalQualifier } from './parse-type.ts'
import { LEVEL } from './precedence.ts'
import type { StringLiteral } from './syntax-literal.ts'
import type { Expression } from './syntax-query.ts'
import type { TokenStream } from './token-stream.ts'

/** A string with its continuations, which the standard wants on lines of their own, and UESCAPE. */
export function parseString(stream: TokenStream): StringLiteral {
  const first = stream.next()
  let raw = first.value
  let last = first
  while (stream.peek().kind === 'string' && stream.peek().key === "''") {
    const part = stream.peek()
    if (part.at.line === last.at.line + lineBreaks(stream.slice(last.at))) {
      stream.note(',')
      throw stream.unexpected()
    }
    raw += part.value
    last = stream.next()
  }
  let value = raw
  if (first.key === "U&''") {
    const escape = stream.accept('UESCAPE') ? stream.string('an escape character').value : '\\'
    value = decodeUnicode(stream, raw, escape, first.at)
  }
  return { kind: 'string', value, charset: first.charset, at: stream.from(first.at) }
}

function lineBreaks(text: string): number {
  return text.split('\n').length - 1
}

/** Undoes `\0041` and `\+000041`, where a doubled escape is the character itself. */
function decodeUnicode(stream: TokenStream, raw: string, escape: string, at: Position): string {
  if (escape.length !== 1 || /[0-9a-fA-F+'"\s]/.test(escape)) {
    throw stream.error(
      `Cannot parse the string: the escape character is "${escape}", one character that is no digit, quote, plus or blank is wanted`,
      at,
    )
  }
  let text = ''
  for (let i = 0; i < raw.length; i++) {
    if (raw[i] !== escape) {
      text += raw[i]
    } else if (raw[i + 1] === escape) {
      text += escape
      i++
    } else {
      const long = raw[i + 1] === '+'
      const digits = raw.slice(i + (long ? 2 : 1), i + (long ? 8 : 5))
      const code = /^[0-9a-fA-F]+$/.test(digits) && digits.length === (long ? 6 : 4) ? Number.parseInt(digits, 16) : Number.NaN
      if (!(code <= 0x10ffff))
        throw stream.error(`Cannot parse the string: "${raw.slice(i, i + (long ? 8 : 5))}" is no escape of a Unicode character`, at)
      text += String.fromCodePoint(code)
      i += long ? 7 : 4
    }
  }
  return text
}

export function parseBinaryLiteral(stream: TokenStream): Expression {
  const first = stream.next()
  let hex = first.value
  while (stream.peek().kind === 'string' && stream.peek().key === "''" && /^([0-9a-fA-F]{2})*$/.test(stream.peek().value))
    hex += stream.next().value.toUpperCase()
  return { kind: 'binary-literal', hex, at: stream.from(first.at) }
}

export function parseDateTime(stream: TokenStream, type: 'DATE' | 'TIME' | 'TIMESTAMP'): Expression {
  const start = stream.next().at
  const text = stream.string('a date or time')
  return { kind: 'datetime', type, text: text.value, at: stream.from(start) }
}

/** TIMESTAMP WITH LOCAL TIME ZONE '..'. */
export function parseLocalTimestamp(stream: TokenStream): Expression {
  const start = stream.next().at
  stream.expect('WITH', 'LOCAL', 'TIME', 'ZONE')
  const text = stream.string('a timestamp')
  return { kind: 'datetime', type: 'TIMESTAMP_LTZ', text: text.value, at: stream.from(start) }
}

/** INTERVAL [-]'text' qualifier; `INTERVAL n DAY` and `INTERVAL (n) DAY` are n times an interval of one. */
export function parseInterval(stream: TokenStream): Expression {
  const start = stream.expect('INTERVAL').at
  const sign = stream.isSymbol('-') || stream.isSymbol('+') ? stream.peek().key : undefined
  if (stream.peek(sign === undefined ? 0 : 1).kind === 'string') {
    if (sign !== undefined) stream.next()
    const text = stream.next().value
    const qualifier = parseIntervalQualifier(stream)
    return { kind: 'interval', negative: sign === '-', text, qualifier, at: stream.from(start) }
  }
  stream.note("a string such as '1'")
  const count = stream.grammar.expressionAbove(stream, LEVEL.unary)
  const operatorAt = stream.peek().at
  const qualifier = parseIntervalQualifier(stream)
  const one: Expression = { kind: 'interval', negative: false, text: '1', qualifier, at: qualifier.at }
  return { kind: 'binary', operator: '*', operatorAt, left: count, right: one, at: stream.from(start) }
}

/** The escapes of JDBC: {d '..'}, {t '..'}, {ts '..'}, {fn f(..)}. */
export function parseEscape(stream: TokenStream): Expression {
  const start = stream.expectSymbol('{').at
  const word = stream.expectOne(['D', 'T', 'TS', 'FN'])
  let inner: Expression
  if (word === 'FN') {
    inner = stream.grammar.expression(stream)
  } else {
    const text = stream.string('a date or time').value
    inner = { kind: 'datetime', type: word === 'D' ? 'DATE' : word === 'T' ? 'TIME' : 'TIMESTAMP', text, at: start }
  }
  stream.expectSymbol('}')
  return { ...inner, at: stream.from(start) }
}

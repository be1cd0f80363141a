import { RheoError } from '../base/errors.ts'
import { lex } from './lexer.ts'
import type { Token } from './lexer.ts'
import { RESERVED_FUNCTIONS, RESERVED_WORDS } from './reserved-words.ts'

/** What keeps a typed text from being whole; `statement` lacks its `;`. */
export type OpenPart = 'string' | 'name' | 'comment' | 'parenthesis' | 'statement'

/** A piece of a text for colours; what is in no piece is a name, a sign or blank. */
export interface TextPiece {
  readonly offset: number
  readonly length: number
  readonly kind: 'keyword' | 'function' | 'string' | 'quoted' | 'number' | 'comment'
}

/** What is still open at the end of a text, so that a shell should read on; undefined when it is one or more whole statements, or blank. */
export function openPartOf(text: string): OpenPart | undefined {
  const unclosed = unclosedPart(text)
  if (unclosed !== undefined) return unclosed
  const tokens = lex(text, 'close').slice(0, -1)
  if (tokens.length === 0) return undefined
  let depth = 0
  for (const token of tokens) {
    if (isSymbol(token, '(')) depth++
    if (isSymbol(token, ')')) depth = Math.max(0, depth - 1)
  }
  if (depth > 0) return 'parenthesis'
  const last = tokens.at(-1)!
  return endOfStatements(text) === last.at.offset + last.at.length ? undefined : 'statement'
}

function unclosedPart(text: string): OpenPart | undefined {
  try {
    lex(text)
    return undefined
  } catch (error) {
    const what =
      error instanceof RheoError ? /the (string|quoted name|comment) that starts at .* has no closing/.exec(error.message)?.[1] : undefined
    if (what === 'quoted name') return 'name'
    return what === 'string' || what === 'comment' ? what : undefined
  }
}

/**
 * Where the last whole statement of a text ends, behind its `;`; 0 when there is none. A `;` inside of a string, a comment or a statement set
 * (`BEGIN STATEMENT SET; .. END;`) ends nothing.
 */
export function endOfStatements(text: string): number {
  const tokens = lex(text, 'close')
  let end = 0
  let isInSet = false
  let isStart = true
  for (const [i, token] of tokens.entries()) {
    if (isStart && isInSet && isWord(token, 'END')) isInSet = false
    else if (isWord(token, 'STATEMENT') && isWord(tokens[i + 1], 'SET')) isInSet = true
    isStart = isInSet && isWord(token, 'BEGIN')
    if (!isSymbol(token, ';')) continue
    isStart = true
    if (!isInSet) end = token.at.offset + 1
  }
  return end
}

/** The pieces of a text that have a colour, in order. The text may be unfinished and wrong. */
export function textPieces(text: string): readonly TextPiece[] {
  const pieces: TextPiece[] = []
  const tokens = lex(text, 'close')
  let end = 0
  for (const [i, token] of tokens.entries()) {
    addComment(text, end, token.at.offset, pieces)
    const kind = kindOf(token, tokens[i + 1])
    if (kind !== undefined) pieces.push({ offset: token.at.offset, length: token.at.length, kind })
    end = Math.max(end, token.at.offset + token.at.length)
  }
  return pieces
}

function addComment(text: string, from: number, to: number, pieces: TextPiece[]): void {
  const between = text.slice(from, to)
  const blank = between.length - between.trimStart().length
  if (!/^(?:--|\/\/|\/\*)/.test(between.slice(blank))) return
  pieces.push({ offset: from + blank, length: between.trimEnd().length - blank, kind: 'comment' })
}

function kindOf(token: Token, next: Token | undefined): TextPiece['kind'] | undefined {
  switch (token.kind) {
    case 'word':
      if (isSymbol(next, '(') && (RESERVED_FUNCTIONS.has(token.key) || !RESERVED_WORDS.has(token.key))) return 'function'
      return RESERVED_WORDS.has(token.key) ? 'keyword' : undefined
    case 'quoted':
    case 'number':
    case 'string':
      return token.kind
    case 'binary':
      return 'string'
    case 'symbol':
    case 'end':
      return undefined
  }
}

function isSymbol(token: Token | undefined, symbol: string): boolean {
  return token?.kind === 'symbol' && token.key === symbol
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.key === word
}

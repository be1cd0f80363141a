import { userError } from '../base/errors.ts'
import type { Position, RheoError } from '../base/errors.ts'
import { dialectAdvice, type FailedPlace } from './dialect-advice.ts'
import type { Token } from './lexer.ts'
import { RESERVED_WORDS } from './reserved-words.ts'
import { syntaxMessage } from './syntax-message.ts'
import type { Expression, Query } from './syntax-query.ts'
import type { Identifier, QualifiedName, StringNode } from './syntax-type.ts'

/** What the parser of types, expressions and queries need of each other; the entry file ties them, so that no file imports in a circle. */
export interface Grammar {
  expression(stream: TokenStream): Expression
  /** An expression that binds tighter than `floor` (see the table in parse-expression.ts). */
  expressionAbove(stream: TokenStream, floor: number): Expression
  query(stream: TokenStream): Query
  /** A query whose first part, in parentheses, is read already. */
  queryFrom(stream: TokenStream, first: Query): Query
}

/** How deep expressions, queries and types may nest: far more than people write, and less than the call stack holds. */
const DEEPEST = 400

/** Words that begin or join clauses: where one of these stands in place of a name, something is missing rather than badly named. */
const CLAUSE_WORDS: ReadonlySet<string> = new Set(
  (
    'ALL AND AS BETWEEN BY CASE CREATE CROSS DISTINCT DROP ELSE END EXCEPT EXISTS FALSE FETCH FOR FROM FULL HAVING IN INNER INSERT INTERSECT INTO ' +
    'IS JOIN LATERAL LEFT LIKE LIMIT MATCH_RECOGNIZE NATURAL NOT NULL OFFSET ON OR OUTER OVER PARTITION QUALIFY RIGHT SELECT SET TABLE THEN TO TRUE ' +
    'UNION USING VALUES WHEN WHERE WINDOW WITH'
  ).split(' '),
)

/** Whether names may be reserved words: never, or while looking for all of them after one was found. */
export type ReservedWords = 'refuse' | 'collect'

/** The tokens of a text and a place among them, with what was looked for there in vain: the raw material of messages and completion. */
export class TokenStream {
  readonly text: string
  readonly grammar: Grammar
  /** Reserved words that stand where names belong; filled only while they are collected. */
  readonly reserved: Token[] = []
  /** A name was looked for where a reserved word stands. */
  failedAtReserved = false
  /** The word that was last taken for an alias although no AS precedes it: it may be a misspelt keyword. */
  bareAlias: Token | undefined
  parameterCount = 0
  readonly #tokens: readonly Token[]
  readonly #reservedWords: ReservedWords
  #index: number
  #depth = 0
  #expected: string[] = []
  #expectedAt = -1
  #phrases: { readonly ahead: number; readonly rest: string }[] = []
  #phraseAt = -1

  constructor(
    text: string,
    tokens: readonly Token[],
    grammar: Grammar,
    options: { readonly index?: number; readonly reservedWords?: ReservedWords } = {},
  ) {
    this.text = text
    this.grammar = grammar
    this.#tokens = tokens
    this.#index = options.index ?? 0
    this.#reservedWords = options.reservedWords ?? 'refuse'
  }

  get index(): number {
    return this.#index
  }

  // ------------------------------------------------------------------------------------------------------------------ looking

  peek(ahead = 0): Token {
    const last = this.#tokens.length - 1
    return this.#tokens[Math.min(this.#index + ahead, last)]!
  }

  previous(): Token | undefined {
    return this.#index > 0 ? this.#tokens[this.#index - 1] : undefined
  }

  next(): Token {
    const token = this.peek()
    if (token.kind !== 'end') this.#index++
    return token
  }

  atEnd(): boolean {
    return this.peek().kind === 'end'
  }

  /** Notes that `thing` could stand here, for messages and completion. */
  note(thing: string): void {
    if (this.#expectedAt !== this.#index) {
      this.#expected = []
      this.#expectedAt = this.#index
    }
    this.#expected.push(thing)
  }

  /** What could stand at the current token, as far as it was looked for. */
  expectedHere(): readonly string[] {
    return this.#expectedAt === this.#index ? this.#expected : []
  }

  at(keyword: string): boolean {
    this.note(keyword)
    return this.isWord(keyword)
  }

  /** As `at`, without noting that the word was looked for. */
  isWord(keyword: string, ahead = 0): boolean {
    const token = this.peek(ahead)
    return token.kind === 'word' && token.key === keyword
  }

  isSymbol(symbol: string, ahead = 0): boolean {
    const token = this.peek(ahead)
    return token.kind === 'symbol' && token.key === symbol
  }

  atSymbol(symbol: string): boolean {
    this.note(symbol)
    return this.isSymbol(symbol)
  }

  /** Notes that the words from here up to `ahead` begin a phrase that goes on with `rest`. */
  #notePhrase(ahead: number, rest: string): void {
    if (this.#phraseAt !== this.#index) this.#phrases = []
    this.#phraseAt = this.#index
    this.#phrases.push({ ahead, rest })
  }

  /** Where the current token only begins a phrase, as GROUP without BY: the place where it breaks off, and what is missing there. */
  brokenPhrase(): { readonly ahead: number; readonly rests: readonly string[] } | undefined {
    if (this.#phraseAt !== this.#index || this.#phrases.length === 0) return undefined
    const ahead = Math.max(...this.#phrases.map((phrase) => phrase.ahead))
    return { ahead, rests: [...new Set(this.#phrases.filter((phrase) => phrase.ahead === ahead).map((phrase) => phrase.rest))] }
  }

  /** Passes the keywords if all of them stand here in turn. */
  accept(...keywords: readonly [string, ...string[]]): boolean {
    this.note(keywords.join(' '))
    for (let i = 0; i < keywords.length; i++) {
      if (this.isWord(keywords[i]!, i)) continue
      if (i > 0) this.#notePhrase(i, keywords.slice(i).join(' '))
      return false
    }
    this.#index += keywords.length
    return true
  }

  acceptSymbol(symbol: string): boolean {
    if (!this.atSymbol(symbol)) return false
    this.#index++
    return true
  }

  /** Passes the first of the keywords that stands here and returns it. */
  acceptOne<const K extends string>(keywords: readonly K[]): K | undefined {
    for (const keyword of keywords) {
      if (this.accept(keyword)) return keyword
    }
    return undefined
  }

  // ---------------------------------------------------------------------------------------------------------------- demanding

  expect(...keywords: readonly [string, ...string[]]): Token {
    const first = this.peek()
    for (const keyword of keywords) {
      if (!this.at(keyword)) throw this.unexpected()
      this.#index++
    }
    return first
  }

  expectSymbol(symbol: string): Token {
    if (!this.atSymbol(symbol)) throw this.unexpected()
    return this.next()
  }

  expectOne<const K extends string>(keywords: readonly K[]): K {
    const found = this.acceptOne(keywords)
    if (found === undefined) throw this.unexpected()
    return found
  }

  /** Whether a name without or with quotes stands here. */
  isName(ahead = 0): boolean {
    const token = this.peek(ahead)
    return token.kind === 'quoted' || (token.kind === 'word' && !RESERVED_WORDS.has(token.key))
  }

  /** A name of one part; `thing` says in words what it names, such as `a column`. */
  identifier(thing: string): Identifier {
    this.note(thing)
    const token = this.peek()
    if (!this.isName() && !this.#acceptsReserved(token, thing)) throw this.unexpected()
    this.#index++
    return { at: token.at, name: token.value }
  }

  #acceptsReserved(token: Token, thing: string): boolean {
    if (token.kind !== 'word') return false
    if (this.startsClause() && thing !== 'a new column' && !(thing === 'an alias' && this.#endsAlias())) return false
    this.failedAtReserved = true
    if (this.#reservedWords === 'refuse') return false
    this.reserved.push(token)
    return true
  }

  /** Whether the word behind the current one goes on after an alias: `AS end, ..` names a column, `AS FROM t` lacks one. */
  #endsAlias(): boolean {
    const token = this.peek(1)
    return token.kind === 'end' || (token.kind === 'symbol' && (token.key === ',' || token.key === ')')) || this.isWord('FROM', 1)
  }

  /** A column by a reserved word, where those are collected. */
  acceptReservedName(): Identifier | undefined {
    const token = this.peek()
    return this.#acceptsReserved(token, 'a column') ? this.identifier('a column') : undefined
  }

  /** Whether the current word belongs to the grammar rather than being meant as a name. */
  startsClause(): boolean {
    const token = this.peek()
    if (token.kind !== 'word') return true
    if (token.key === 'GROUP' || token.key === 'ORDER') return this.isWord('BY', 1)
    return CLAUSE_WORDS.has(token.key)
  }

  qualifiedName(thing: string): QualifiedName {
    const parts = [this.identifier(thing)]
    while (this.isSymbol('.')) {
      this.#index++
      parts.push(this.identifier(thing))
    }
    return { at: this.from(parts[0]!.at), parts }
  }

  /** `(a, b, c)`. */
  identifierList(thing: string): Identifier[] {
    return this.list(() => this.identifier(thing))
  }

  string(thing: string): StringNode {
    this.note(thing)
    const token = this.peek()
    if (token.kind !== 'string') throw this.unexpected()
    this.#index++
    return { at: token.at, value: token.value }
  }

  /** A whole number without sign. */
  integer(thing: string): number {
    this.note(thing)
    const token = this.peek()
    if (token.kind !== 'number' || !/^\d+$/.test(token.value)) throw this.unexpected()
    this.#index++
    const value = Number(token.value)
    if (!Number.isSafeInteger(value)) throw this.error(`Cannot parse the number "${token.value}": it is too large here`, token.at)
    return value
  }

  /** One or more items between parentheses, with commas. */
  list<T>(item: () => T): T[] {
    this.expectSymbol('(')
    const items = this.commaSeparated(item)
    this.expectSymbol(')')
    return items
  }

  commaSeparated<T>(item: () => T): T[] {
    const items = [item()]
    while (this.acceptSymbol(',')) items.push(item())
    return items
  }

  // ---------------------------------------------------------------------------------------------------------------- positions

  /** From where `start` begins to the end of the token before the current one. */
  from(start: Position): Position {
    const last = this.previous()?.at ?? start
    const end = Math.max(start.offset + start.length, last.offset + last.length)
    return { offset: start.offset, length: end - start.offset, line: start.line, column: start.column }
  }

  slice(at: Position): string {
    return this.text.slice(at.offset, at.offset + at.length)
  }

  // ------------------------------------------------------------------------------------------------------------------- errors

  /** Runs `parse` one level deeper, and refuses levels that would exhaust the call stack. */
  nested<T>(parse: () => T): T {
    if (++this.#depth > DEEPEST) throw this.error(`Cannot parse the statement: it nests more than ${DEEPEST} levels deep`, this.peek().at)
    const result = parse()
    this.#depth--
    return result
  }

  error(message: string, at: Position): RheoError {
    return userError('sql/syntax', message, at)
  }

  /** The error that the current token is none of those that were looked for. */
  unexpected(): RheoError {
    const phrase = this.failedAtReserved ? undefined : this.brokenPhrase()
    const index = this.#index + (phrase?.ahead ?? 0)
    const expected = phrase?.rests ?? this.expectedHere()
    const advice = dialectAdvice(this.#placeAt(index, expected))
    if (advice !== undefined) {
      // What was meant is known: which names are reserved does not matter.
      this.failedAtReserved = false
      return this.error(`Cannot parse the statement: ${advice}`, this.peek(phrase?.ahead).at)
    }
    const { message, at } = syntaxMessage({
      token: this.peek(phrase?.ahead),
      previous: this.#tokens[index - 1],
      beforePrevious: this.#tokens[index - 2],
      bareAlias: this.bareAlias,
      expected,
      isReserved: this.failedAtReserved,
    })
    return this.error(message, at)
  }

  /** The tokens around a place, as far as its statement goes. */
  #placeAt(index: number, expected: readonly string[]): FailedPlace {
    const isEnd = (token: Token): boolean => token.kind === 'symbol' && token.key === ';'
    const from = 1 + this.#tokens.findLastIndex((token, i) => i < index && isEnd(token))
    const at = (offset: number): Token | undefined => (index + offset < from ? undefined : this.#tokens[index + offset])
    return { at, expected, opening: this.#tokens.slice(from, from + 5).map((token) => token.key) }
  }
}

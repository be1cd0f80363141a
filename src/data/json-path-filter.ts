import { parseExactDecimal, powerOfTen } from './decimal.ts'
import { JsonNumber, type JsonNode } from './json-tree.ts'

/*
 * The filters of JSON paths: `[?(@.price < 10 && @.tags contains 'x')]`. As in Jayway a text equals a number of the same digits, values of other
 * types never compare, and a path that leads nowhere is unequal to everything.
 */

/** Whether a node passes, in a document. */
export type JsonFilter = (node: JsonNode, root: JsonNode) => boolean

/** An operand: its value, or undefined where a path leads nowhere. */
type Operand = (node: JsonNode, root: JsonNode) => JsonNode | undefined

/** Reads a path that starts at a place of a text and goes as far as a path goes. */
export type PathReader = (text: string, start: number) => { readonly operand: Operand; readonly end: number } | undefined

/** Compiles a filter from its opening parenthesis on; `end` is the place behind the closing one. Undefined when it is none. */
export function compileFilter(
  text: string,
  start: number,
  readPath: PathReader,
): { readonly filter: JsonFilter; readonly end: number } | undefined {
  const parser = new FilterParser(text, start, readPath)
  const filter = parser.parenthesized()
  return filter === undefined ? undefined : { filter, end: parser.end }
}

const OPERATORS = [
  '===',
  '!==',
  '==',
  '!=',
  '<=',
  '>=',
  '=~',
  '<',
  '>',
  'subsetof',
  'anyof',
  'noneof',
  'contains',
  'empty',
  'size',
  'nin',
  'in',
] as const
type Operator = (typeof OPERATORS)[number]

class FilterParser {
  readonly #text: string
  readonly #readPath: PathReader
  #at: number

  constructor(text: string, start: number, readPath: PathReader) {
    this.#text = text
    this.#at = start
    this.#readPath = readPath
  }

  get end(): number {
    return this.#at
  }

  parenthesized(): JsonFilter | undefined {
    if (!this.#accept('(')) return undefined
    const filter = this.#either()
    return filter !== undefined && this.#accept(')') ? filter : undefined
  }

  #accept(sign: string): boolean {
    while (this.#text[this.#at] === ' ') this.#at++
    if (!this.#text.startsWith(sign, this.#at)) return false
    this.#at += sign.length
    return true
  }

  #either(): JsonFilter | undefined {
    let left = this.#both()
    while (left !== undefined && this.#accept('||')) {
      const first = left
      const right = this.#both()
      left = right && ((node, root) => first(node, root) || right(node, root))
    }
    return left
  }

  #both(): JsonFilter | undefined {
    let left = this.#condition()
    while (left !== undefined && this.#accept('&&')) {
      const first = left
      const right = this.#condition()
      left = right && ((node, root) => first(node, root) && right(node, root))
    }
    return left
  }

  #condition(): JsonFilter | undefined {
    if (this.#accept('!')) {
      const inner = this.#condition()
      return inner && ((node, root) => !inner(node, root))
    }
    this.#accept('')
    if (this.#text[this.#at] === '(') return this.parenthesized()
    const left = this.#operand()
    if (left === undefined) return undefined
    const operator = OPERATORS.find((sign) => this.#accept(sign))
    // A path alone asks whether it leads anywhere.
    if (operator === undefined) return (node, root) => left(node, root) !== undefined
    if (operator === '=~') return this.#pattern(left)
    const right = this.#operand()
    return right && ((node, root) => compare(operator, left(node, root), right(node, root)))
  }

  #pattern(left: Operand): JsonFilter | undefined {
    this.#accept('')
    const match = /\/((?:[^/\\]|\\.)*)\/([a-zA-Z]*)/y
    match.lastIndex = this.#at
    const found = match.exec(this.#text)
    if (found === null) return undefined
    this.#at = match.lastIndex
    try {
      const pattern = new RegExp(`^(?:${found[1]!})$`, found[2]!.replace(/[^ims]/g, ''))
      return (node, root) => {
        const value = left(node, root)
        return typeof value === 'string' ? pattern.test(value) : value instanceof JsonNumber && pattern.test(value.text)
      }
    } catch {
      return undefined
    }
  }

  #operand(): Operand | undefined {
    this.#accept('')
    const first = this.#text[this.#at]
    if (first === '@' || first === '$') {
      const path = this.#readPath(this.#text, this.#at)
      if (path === undefined) return undefined
      this.#at = path.end
      return path.operand
    }
    const value = this.#literal()
    return value === undefined ? undefined : () => value
  }

  #literal(): JsonNode | undefined {
    this.#accept('')
    if (this.#accept('[')) return this.#list()
    const quoted = readQuoted(this.#text, this.#at)
    if (quoted !== undefined) {
      this.#at = quoted.end
      return quoted.value
    }
    const bare = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
    bare.lastIndex = this.#at
    const found = bare.exec(this.#text)?.[0]
    if (found === undefined) return undefined
    this.#at = bare.lastIndex
    return found === 'null' ? null : found === 'true' || found === 'false' ? found === 'true' : new JsonNumber(found)
  }

  #list(): JsonNode | undefined {
    const items: JsonNode[] = []
    if (this.#accept(']')) return items
    for (;;) {
      const item = this.#literal()
      if (item === undefined) return undefined
      items.push(item)
      if (this.#accept(']')) return items
      if (!this.#accept(',')) return undefined
    }
  }
}

/** A text in single or double quotes, with backslash escapes. */
export function readQuoted(text: string, start: number): { readonly value: string; readonly end: number } | undefined {
  const quote = text[start]
  if (quote !== "'" && quote !== '"') return undefined
  let value = ''
  for (let at = start + 1; at < text.length; at++) {
    const letter = text[at]!
    if (letter === quote) return { value, end: at + 1 }
    if (letter === '\\' && at + 1 < text.length) {
      const escaped = text[++at]!
      value += controlEscapes[escaped] ?? escaped
    } else {
      value += letter
    }
  }
  return undefined
}

const controlEscapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }

function compare(operator: Exclude<Operator, '=~'>, left: JsonNode | undefined, right: JsonNode | undefined): boolean {
  switch (operator) {
    case '===':
    case '==':
      return left !== undefined && right !== undefined && isEqual(left, right)
    case '!==':
    case '!=':
      return left === undefined || right === undefined || !isEqual(left, right)
    case '<':
      return order(left, right, (sign) => sign < 0)
    case '<=':
      return order(left, right, (sign) => sign <= 0)
    case '>':
      return order(left, right, (sign) => sign > 0)
    case '>=':
      return order(left, right, (sign) => sign >= 0)
    case 'in':
      return left !== undefined && Array.isArray(right) && holds(right, left)
    case 'nin':
      return left !== undefined && Array.isArray(right) && !holds(right, left)
    case 'contains':
      if (typeof left === 'string') return typeof right === 'string' && left.includes(right)
      return Array.isArray(left) && right !== undefined && holds(left, right)
    case 'size':
      return right instanceof JsonNumber && sizeOf(left) === Number(right.text)
    case 'empty':
      return typeof right === 'boolean' && (sizeOf(left) === 0) === right && sizeOf(left) !== undefined
    case 'subsetof':
      return Array.isArray(left) && Array.isArray(right) && left.every((item) => holds(right, item))
    case 'anyof':
      return Array.isArray(left) && Array.isArray(right) && left.some((item) => holds(right, item))
    case 'noneof':
      return Array.isArray(left) && Array.isArray(right) && !left.some((item) => holds(right, item))
  }
}

const holds = (items: readonly JsonNode[], value: JsonNode): boolean => items.some((item) => isEqual(item, value))

function sizeOf(node: JsonNode | undefined): number | undefined {
  if (typeof node === 'string') return node.length
  return Array.isArray(node) ? node.length : node instanceof Map ? node.size : undefined
}

function isEqual(a: JsonNode, b: JsonNode): boolean {
  if (a instanceof JsonNumber || b instanceof JsonNumber) {
    const left = numberOf(a)
    const right = numberOf(b)
    return left !== undefined && right !== undefined && compareNumbers(left, right) === 0
  }
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => isEqual(item, b[i]!))
  if (a instanceof Map)
    return b instanceof Map && a.size === b.size && [...a].every(([key, value]) => b.has(key) && isEqual(value, b.get(key)!))
  return a === b
}

function order(a: JsonNode | undefined, b: JsonNode | undefined, test: (sign: number) => boolean): boolean {
  if (typeof a === 'string' && typeof b === 'string') return test(a < b ? -1 : a > b ? 1 : 0)
  return a instanceof JsonNumber && b instanceof JsonNumber && test(compareNumbers(a.text, b.text))
}

function numberOf(node: JsonNode): string | undefined {
  return node instanceof JsonNumber ? node.text : typeof node === 'string' ? node : undefined
}

/** The sign of the difference; NaN when one is no number, so that nothing holds. */
function compareNumbers(a: string, b: string): number {
  const left = parseExactDecimal(a)
  const right = parseExactDecimal(b)
  if (left === undefined || right === undefined) return Number.NaN
  // Far apart exponents would need a huge common scale; doubles decide them.
  if (Math.abs(left.scale - right.scale) > 1_000) return Math.sign(Number(a) - Number(b))
  const scale = Math.max(left.scale, right.scale)
  const difference = left.unscaled * powerOfTen(scale - left.scale) - right.unscaled * powerOfTen(scale - right.scale)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

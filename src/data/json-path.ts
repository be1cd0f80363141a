import { compileFilter, readQuoted, type JsonFilter, type PathReader } from './json-path-filter.ts'
import { JsonNumber, type JsonNode } from './json-tree.ts'

/*
 * JSON paths as Jayway's JsonPath reads them, which Flink uses: `$.a`, `$['a','b']`, `$[0]`, `$[-1]`, `$[0,1]`, `$[1:3]`, `$.*`, `$[*]`, `$..a`,
 * `$[?(@.p > 2)]`, and functions at the end (`$.a.length()`).
 *
 * A path is definite when it can name one place only; then its result is that value. Otherwise the result is the list of all matches.
 */

export interface JsonPath {
  readonly steps: readonly Step[]
  readonly isDefinite: boolean
  readonly fn: PathFunction | undefined
}

export type Step =
  | { readonly kind: 'property'; readonly names: readonly string[] }
  | { readonly kind: 'index'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'scan' }
  | { readonly kind: 'filter'; readonly filter: JsonFilter }

type PathFunction = 'length' | 'size' | 'keys' | 'min' | 'max' | 'avg' | 'sum' | 'stddev' | 'first' | 'last' | 'index'

/** What a path gives: a value, or nothing where it leads nowhere. */
export type PathResult = { readonly kind: 'found'; readonly node: JsonNode } | { readonly kind: 'missing' }

const MISSING: PathResult = { kind: 'missing' }
const FUNCTIONS: ReadonlySet<string> = new Set<PathFunction>([
  'length',
  'size',
  'keys',
  'min',
  'max',
  'avg',
  'sum',
  'stddev',
  'first',
  'last',
  'index',
])

// --- Compiling ----------------------------------------------------------------------------------------------------------------------

/** Compiles a path; undefined when it is none. A path without a `$` starts with a property. */
export function compileJsonPath(source: string): JsonPath | undefined {
  const trimmed = source.trim()
  if (trimmed === '' || trimmed.endsWith('.')) return undefined
  const text = trimmed.startsWith('$') || trimmed.startsWith('@') ? trimmed : `$.${trimmed}`
  const path = readPath(text, 0, 'whole')
  return path !== undefined && path.end === text.length ? path.path : undefined
}

/** A path inside of a filter: `@` is the node under test, `$` the document. */
const readOperand: PathReader = (text, start) => {
  const read = readPath(text, start, 'filter')
  if (read === undefined) return undefined
  const { path, end } = read
  const isOfRoot = text[start] === '$'
  return {
    end,
    operand: (node, root) => {
      const result = evaluateJsonPath(path, isOfRoot ? root : node, root)
      return result.kind === 'found' ? result.node : undefined
    },
  }
}

/** Reads a path from a `$` or `@` on, as far as it goes. */
function readPath(text: string, start: number, place: 'whole' | 'filter'): { readonly path: JsonPath; readonly end: number } | undefined {
  const steps: Step[] = []
  let fn: PathFunction | undefined
  let at = start + 1
  while (at < text.length && fn === undefined) {
    if (text[at] === '.') {
      if (text[at + 1] === '.') {
        steps.push({ kind: 'scan' })
        at += text[at + 2] === '[' ? 2 : 1
        if (text[at] === '[') continue
      }
      if (text[at + 1] === '[') {
        at++
        continue
      }
      const dotted = readDotted(text, at + 1, place)
      if (dotted === undefined) return undefined
      if (dotted.fn !== undefined) fn = dotted.fn
      else steps.push(dotted.step)
      at = dotted.end
    } else if (text[at] === '[') {
      const bracket = readBracket(text, at)
      if (bracket === undefined) return undefined
      steps.push(bracket.step)
      at = bracket.end
    } else {
      break
    }
  }
  if (steps.at(-1)?.kind === 'scan') return undefined
  const isDefinite = steps.every(isDefiniteStep)
  return { path: { steps, isDefinite, fn }, end: at }
}

/** Several properties are one place at the end of a path, where they make one object, but several inside of it. */
function isDefiniteStep(step: Step, index: number, steps: readonly Step[]): boolean {
  if (step.kind === 'property') return step.names.length === 1 || index === steps.length - 1
  return step.kind === 'index' && step.indexes.length === 1
}

interface ReadStep {
  readonly step: Step
  readonly fn?: PathFunction
  readonly end: number
}

/** In a whole path a name ends at a point, bracket or parenthesis only; in a filter also at an operator. */
function readDotted(text: string, start: number, place: 'whole' | 'filter'): ReadStep | undefined {
  if (text[start] === '*') return { step: { kind: 'wildcard' }, end: start + 1 }
  const name = place === 'whole' ? /[^.[( ]*/y : /[^.[\](){}\s,=<>!&|~]*/y
  name.lastIndex = start
  const found = name.exec(text)![0]
  const end = name.lastIndex
  if (text[end] === '(') {
    if (text[end + 1] !== ')' || !FUNCTIONS.has(found)) return undefined
    return { step: { kind: 'wildcard' }, fn: found as PathFunction, end: end + 2 }
  }
  return found === '' ? undefined : { step: { kind: 'property', names: [found] }, end }
}

function readBracket(text: string, start: number): ReadStep | undefined {
  const inner = skipBlanks(text, start + 1)
  const first = text[inner]
  if (first === "'" || first === '"') return readNames(text, inner)
  if (first === '*') {
    const end = skipBlanks(text, inner + 1)
    return text[end] === ']' ? { step: { kind: 'wildcard' }, end: end + 1 } : undefined
  }
  if (first === '?') {
    const filter = compileFilter(text, inner + 1, readOperand)
    if (filter === undefined) return undefined
    const end = skipBlanks(text, filter.end)
    return text[end] === ']' ? { step: { kind: 'filter', filter: filter.filter }, end: end + 1 } : undefined
  }
  return readIndexes(text, inner)
}

function readNames(text: string, start: number): ReadStep | undefined {
  const names: string[] = []
  let at = start
  for (;;) {
    const quoted = readQuoted(text, at)
    if (quoted === undefined) return undefined
    names.push(quoted.value)
    at = skipBlanks(text, quoted.end)
    if (text[at] === ']') return { step: { kind: 'property', names }, end: at + 1 }
    if (text[at] !== ',') return undefined
    at = skipBlanks(text, at + 1)
  }
}

function readIndexes(text: string, start: number): ReadStep | undefined {
  const close = text.indexOf(']', start)
  if (close < 0) return undefined
  const inside = text.slice(start, close).replaceAll(' ', '')
  const slice = /^(-?\d{1,9})?:(-?\d{1,9})?$/.exec(inside)
  if (slice !== null && inside !== ':') {
    const [, from, to] = slice
    return {
      step: { kind: 'slice', from: from === undefined ? undefined : Number(from), to: to === undefined ? undefined : Number(to) },
      end: close + 1,
    }
  }
  if (!/^-?\d{1,9}(?:,-?\d{1,9})*$/.test(inside)) return undefined
  return { step: { kind: 'index', indexes: inside.split(',').map(Number) }, end: close + 1 }
}

function skipBlanks(text: string, start: number): number {
  let at = start
  while (text[at] === ' ') at++
  return at
}

// --- Evaluating ---------------------------------------------------------------------------------------------------------------------

/** A definite part of a path led nowhere: the whole path fails, where an indefinite part would only find nothing. */
interface Walk {
  readonly steps: readonly Step[]
  readonly root: JsonNode
  readonly found: JsonNode[]
  isBroken: boolean
}

/** Evaluates a path in a document. `missing` where Jayway throws: a definite path without a match, a definite part that is not there. */
export function evaluateJsonPath(path: JsonPath, document: JsonNode, root: JsonNode = document): PathResult {
  const walk: Walk = { steps: path.steps, root, found: [], isBroken: false }
  visit(walk, document, 0, true)
  if (walk.isBroken || (path.isDefinite && walk.found.length === 0)) return MISSING
  const node = path.isDefinite ? walk.found.at(-1)! : walk.found
  return path.fn === undefined ? { kind: 'found', node } : applyFunction(path.fn, node)
}

function visit(walk: Walk, node: JsonNode, at: number, isUpstreamDefinite: boolean): void {
  const step = walk.steps[at]
  if (step === undefined) {
    walk.found.push(node)
    return
  }
  switch (step.kind) {
    case 'property':
      visitProperty(walk, node, at, isUpstreamDefinite, step.names)
      return
    case 'index':
      if (checkArray(walk, node, isUpstreamDefinite))
        for (const index of step.indexes) visitElement(walk, node, index, at, isUpstreamDefinite && step.indexes.length === 1)
      return
    case 'slice':
      if (checkArray(walk, node, isUpstreamDefinite)) {
        for (const index of sliceIndexes(step, node.length)) visitElement(walk, node, index, at, false)
      }
      return
    case 'wildcard':
      for (const child of childrenOf(node)) visit(walk, child, at + 1, false)
      return
    case 'scan':
      scan(walk, node, at + 1)
      return
    case 'filter':
      visitFiltered(walk, node, at, isUpstreamDefinite, step.filter)
  }
}

function visitProperty(walk: Walk, node: JsonNode, at: number, isUpstreamDefinite: boolean, names: readonly string[]): void {
  const isLeaf = at === walk.steps.length - 1
  if (!(node instanceof Map)) {
    if (isUpstreamDefinite) walk.isBroken = true
    return
  }
  if (names.length > 1 && isLeaf) {
    walk.found.push(new Map(names.filter((name) => node.has(name)).map((name) => [name, node.get(name)!])))
    return
  }
  for (const name of names) {
    const value = node.get(name)
    if (value !== undefined) visit(walk, value, at + 1, isUpstreamDefinite && names.length === 1)
    else if (!isLeaf && isUpstreamDefinite && names.length === 1) walk.isBroken = true
  }
}

function checkArray(walk: Walk, node: JsonNode, isUpstreamDefinite: boolean): node is JsonNode[] {
  if (Array.isArray(node)) return true
  if (isUpstreamDefinite) walk.isBroken = true
  return false
}

function visitElement(walk: Walk, items: readonly JsonNode[], index: number, at: number, isDefinite: boolean): void {
  const item = items[index < 0 ? items.length + index : index]
  if (item !== undefined) visit(walk, item, at + 1, isDefinite)
}

/** Negative ends count from the back. With both ends given they are not moved before they are compared, as in Jayway: `[1:-1]` is empty. */
function sliceIndexes(slice: Extract<Step, { kind: 'slice' }>, length: number): readonly number[] {
  let from = slice.from ?? 0
  let to = slice.to ?? length
  if (slice.to === undefined) from = Math.max(0, from < 0 ? length + from : from)
  else if (slice.from === undefined) to = to < 0 ? length + to : to
  to = Math.min(length, to)
  const indexes: number[] = []
  for (let index = from; index < to; index++) indexes.push(index)
  return indexes
}

function childrenOf(node: JsonNode): Iterable<JsonNode> {
  if (Array.isArray(node)) return node
  return node instanceof Map ? node.values() : []
}

/** Applies the rest of the path to a node and everything below it, from the outside in. */
function scan(walk: Walk, node: JsonNode, at: number): void {
  if (!Array.isArray(node) && !(node instanceof Map)) return
  if (scanMatches(walk, node, walk.steps[at]!)) visit(walk, node, at, false)
  for (const child of childrenOf(node)) scan(walk, child, at)
}

function scanMatches(walk: Walk, node: JsonNode, step: Step): boolean {
  switch (step.kind) {
    case 'property':
      return node instanceof Map && step.names.some((name) => node.has(name))
    case 'index':
    case 'slice':
      return Array.isArray(node)
    case 'filter':
      return step.filter(node, walk.root)
    default:
      return true
  }
}

/** A filter keeps elements of an array; an object it keeps as a whole. */
function visitFiltered(walk: Walk, node: JsonNode, at: number, isUpstreamDefinite: boolean, filter: JsonFilter): void {
  if (node instanceof Map) {
    if (filter(node, walk.root)) visit(walk, node, at + 1, false)
  } else if (Array.isArray(node)) {
    for (const item of node) if (filter(item, walk.root)) visit(walk, item, at + 1, false)
  } else if (isUpstreamDefinite) {
    walk.isBroken = true
  }
}

// --- Functions ----------------------------------------------------------------------------------------------------------------------

function applyFunction(fn: PathFunction, node: JsonNode): PathResult {
  const found = (result: JsonNode): PathResult => ({ kind: 'found', node: result })
  switch (fn) {
    case 'length':
    case 'size': {
      const size = Array.isArray(node) ? node.length : node instanceof Map ? node.size : undefined
      return size === undefined ? found(null) : found(new JsonNumber(String(size)))
    }
    case 'keys':
      return node instanceof Map ? found([...node.keys()]) : found(null)
    case 'first':
      return Array.isArray(node) && node.length > 0 ? found(node[0]!) : MISSING
    case 'last':
    case 'index':
      return Array.isArray(node) && node.length > 0 ? found(node.at(-1)!) : MISSING
    default: {
      const numbers = (Array.isArray(node) ? node : []).filter((item) => item instanceof JsonNumber).map((item) => Number(item.text))
      return numbers.length === 0 ? MISSING : found(new JsonNumber(decimalDigits(aggregate(fn, numbers))))
    }
  }
}

function aggregate(fn: 'min' | 'max' | 'avg' | 'sum' | 'stddev', numbers: readonly number[]): number {
  const sum = numbers.reduce((total, number) => total + number, 0)
  const mean = sum / numbers.length
  switch (fn) {
    case 'min':
      return Math.min(...numbers)
    case 'max':
      return Math.max(...numbers)
    case 'sum':
      return sum
    case 'avg':
      return mean
    case 'stddev':
      return Math.sqrt(numbers.reduce((total, number) => total + number * number, 0) / numbers.length - mean * mean)
  }
}

/** Jayway computes with doubles, so a whole number has a fraction: `6.0`. */
function decimalDigits(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e7 ? `${value}.0` : String(value)
}

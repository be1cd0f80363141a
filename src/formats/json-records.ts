import type { Arena } from '../data/arena.ts'
import type { RecordWindow } from './format.ts'
import { CR, LF, OversizedRecord, findLineEnd, tooLong } from './record-decoder.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/**
 * Finds the records of newline-delimited JSON: each line is one value, and of a line that is an array each element is a record, however long
 * the line. Byte order marks, blank lines and empty arrays are stepped over.
 */
export class JsonRecords {
  /** 1 within an array that is a line: an element comes next. */
  state = 0
  /** The bytes of the record that `next` found; `problem` says what is wrong with it. */
  start = 0
  end = 0
  /** Where the record behind it begins. */
  next = 0
  nextState = 0
  problem = ''
  readonly #arena: Arena
  readonly #bytes: Uint8Array
  readonly #maxRecordBytes: number
  readonly #oversized = new OversizedRecord()
  #isOversized = false

  constructor(arena: Arena, maxRecordBytes: number) {
    this.#arena = arena
    this.#bytes = arena.u8
    this.#maxRecordBytes = maxRecordBytes
  }

  /** Finds the next record; a stop when there is none in this block or window. The caller moves on with `accept`. */
  find(window: RecordWindow): 'block-end' | 'need-more' | undefined {
    const bytes = this.#bytes
    if (!this.#oversized.finish(this.#arena, window)) return 'need-more'
    for (;;) {
      if (!this.#skipBlanks(window)) return 'need-more'
      const { position } = window
      if (position === window.end) {
        if (!window.isLast || this.state === 0) return 'need-more'
        this.#endsEarly(position, position)
        return undefined
      }
      if (position >= window.blockEnd) return 'block-end'
      if (this.state === 0 && bytes[position] === OPEN_ARRAY) {
        const empty = this.#emptyArrayEnd(window)
        if (empty === -1) return 'need-more'
        if (empty === 0) {
          this.state = 1
          window.position++
          continue
        }
        window.position = empty
        continue
      }
      const isFound = this.state === 0 ? this.#findLine(window) : this.#findElement(window)
      if ((isFound ? this.end : window.end) - position > this.#maxRecordBytes) {
        const limit = position + this.#maxRecordBytes
        this.#found(position, limit, limit, 0, tooLong(this.#maxRecordBytes))
        this.#isOversized = true
        return undefined
      }
      return isFound ? undefined : 'need-more'
    }
  }

  /** True while the rest of a record that is too long is stepped over. */
  get isStepping(): boolean {
    return this.#oversized.isOpen
  }

  /** Makes the record that `find` found the last one that was read. */
  accept(window: RecordWindow): void {
    window.position = this.next
    this.state = this.nextState
    if (this.#isOversized) this.#oversized.begin()
    this.#isOversized = false
  }

  /** Steps over records, to where the block or the window ends. */
  skip(window: RecordWindow): 'block-end' | 'need-more' {
    for (;;) {
      const stop = this.find(window)
      if (stop !== undefined) return stop
      this.accept(window)
      if (window.invalidAt < window.position) window.revalidate(window.position)
    }
  }

  /** False when more bytes may be blank. Within an array a line end is no blank: it ends the value. */
  #skipBlanks(window: RecordWindow): boolean {
    const bytes = this.#bytes
    let at = window.position
    for (; at < window.end; at++) {
      const byte = bytes[at]
      if (byte === 0x20 || byte === 0x09 || byte === CR) continue
      if (byte === LF && this.state === 0) continue
      if (byte === 0xef && this.state === 0) {
        if (at + 3 > window.end && !window.isLast) {
          window.position = at
          return false
        }
        if (bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) {
          at += 2
          continue
        }
      }
      break
    }
    window.isStart = false
    window.position = at
    return at < window.end || window.isLast
  }

  /** Where the line of an empty array ends; 0 when the array has elements, -1 when the window does not tell. */
  #emptyArrayEnd(window: RecordWindow): number {
    const at = this.#behindBlanks(window.position + 1, window.end)
    if (at === window.end) return window.isLast ? 0 : -1
    if (this.#bytes[at] !== CLOSE_ARRAY) return 0
    const end = this.#behindBlanks(at + 1, window.end)
    if (end === window.end) return window.isLast ? end : -1
    // Something behind the array: the element that is missing makes it a bad record.
    return this.#bytes[end] === LF ? end + 1 : 0
  }

  #behindBlanks(from: number, end: number): number {
    let at = from
    while (at < end && (this.#bytes[at] === 0x20 || this.#bytes[at] === 0x09 || this.#bytes[at] === CR)) at++
    return at
  }

  #findLine(window: RecordWindow): boolean {
    const lineEnd = findLineEnd(this.#arena, window.position, window.end)
    if (lineEnd === window.end && !window.isLast) return false
    this.#found(window.position, lineEnd, lineEnd === window.end ? lineEnd : lineEnd + 1, 0, '')
    return true
  }

  /** The element ends at the comma or bracket on its own level. */
  #findElement(window: RecordWindow): boolean {
    const bytes = this.#bytes
    let depth = 0
    for (let at = window.position; at < window.end; at++) {
      const byte = bytes[at]
      if (byte === QUOTE) {
        for (at++; at < window.end; at++) {
          if (bytes[at] === QUOTE || bytes[at] === LF) break
          if (bytes[at] === BACKSLASH && bytes[at + 1] !== LF) at++
        }
        if (at >= window.end) break
      }
      if (bytes[at] === LF) {
        this.#endsEarly(window.position, at, at + 1)
        return true
      }
      if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++
      else if (byte === CLOSE_OBJECT || (byte === CLOSE_ARRAY && depth > 0)) depth--
      else if (depth === 0 && byte === COMMA) {
        this.#found(window.position, at, at + 1, 1, '')
        return true
      } else if (depth === 0 && byte === CLOSE_ARRAY) return this.#closeArray(window, at)
    }
    if (!window.isLast) return false
    this.#endsEarly(window.position, window.end)
    return true
  }

  #closeArray(window: RecordWindow, elementEnd: number): boolean {
    const at = this.#behindBlanks(elementEnd + 1, window.end)
    if (at === window.end) {
      if (!window.isLast) return false
      this.#found(window.position, elementEnd, at, 0, '')
      return true
    }
    if (this.#bytes[at] === LF) {
      this.#found(window.position, elementEnd, at + 1, 0, '')
      return true
    }
    const end = findLineEnd(this.#arena, at, window.end)
    if (end === window.end && !window.isLast) return false
    this.#found(window.position, elementEnd, end === window.end ? end : end + 1, 0, 'it is not JSON: something follows the array')
    return true
  }

  #endsEarly(start: number, end: number, next: number = end): void {
    this.#found(start, end, next, 0, 'it is not JSON: the array ends too early')
  }

  #found(start: number, end: number, next: number, nextState: number, problem: string): void {
    this.start = start
    this.end = end
    this.next = next
    this.nextState = nextState
    this.problem = problem
  }
}

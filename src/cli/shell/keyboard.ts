import { emitKeypressEvents } from 'node:readline'
import type { ReadStream } from 'node:tty'

/** One key, or the whole of a pasted text. */
export interface Key {
  /** What it types; empty for keys that type nothing. */
  readonly text: string
  /** `a`, `return`, `up`, `paste`; `hangup` when the terminal is gone. */
  readonly name: string
  readonly ctrl: boolean
  readonly meta: boolean
  readonly shift: boolean
}

/** Takes a key, or leaves it for whoever reads next. */
type KeyHandler = (key: Key) => 'taken' | 'left'

interface RawKey {
  readonly sequence?: string
  readonly name?: string
  readonly ctrl?: boolean
  readonly meta?: boolean
  readonly shift?: boolean
}

/** Keys that may wait while nobody reads; more are dropped. */
const MAX_WAITING = 65_536

/** The keys of a terminal in raw mode. What is typed while nobody reads waits. */
export class Keyboard {
  readonly #input: ReadStream
  readonly #write: (text: string) => void
  readonly #onKeypress = (text: string | undefined, key: RawKey): void => this.#press(text, key)
  readonly #onEnd = (): void => this.#give({ text: '', name: 'hangup', ctrl: false, meta: false, shift: false })
  #handler: KeyHandler | undefined
  #waiting: Key[] = []
  #pasted: string | undefined
  #isOpen = false

  constructor(input: ReadStream, write: (text: string) => void) {
    this.#input = input
    this.#write = write
    emitKeypressEvents(input)
  }

  /** From now on keys arrive one by one, and pasted text as a whole. */
  open(): void {
    if (this.#isOpen) return
    this.#isOpen = true
    this.#input.on('keypress', this.#onKeypress)
    this.#input.on('end', this.#onEnd)
    this.#input.on('error', this.#onEnd)
    this.#input.setRawMode(true)
    this.#input.resume()
    this.#write('\u001b[?2004h')
  }

  /** The terminal as other programs want it. */
  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#write('\u001b[?2004l')
    this.#input.off('keypress', this.#onKeypress)
    this.#input.off('end', this.#onEnd)
    this.#input.off('error', this.#onEnd)
    this.#input.setRawMode(false)
    this.#input.pause()
  }

  /** Sends keys to `handler`, those that wait first, until the returned function is called. */
  listen(handler: KeyHandler): () => void {
    this.#handler = handler
    const waiting = this.#waiting
    this.#waiting = []
    for (const [i, key] of waiting.entries()) {
      if (this.#handler !== handler) {
        this.#waiting.push(...waiting.slice(i))
        break
      }
      this.#give(key)
    }
    return () => {
      if (this.#handler === handler) this.#handler = undefined
    }
  }

  #press(text: string | undefined, { sequence = '', name = '', ctrl = false, meta = false, shift = false }: RawKey): void {
    if (name === 'paste-start') this.#pasted = ''
    else if (name === 'paste-end') {
      const pasted = (this.#pasted ?? '').replace(/\r\n?/g, '\n')
      this.#pasted = undefined
      this.#give({ text: pasted, name: 'paste', ctrl: false, meta: false, shift: false })
    } else if (this.#pasted !== undefined) this.#pasted += sequence
    else this.#give({ text: ctrl || meta ? '' : (text ?? ''), name, ctrl, meta, shift })
  }

  #give(key: Key): void {
    if (this.#handler?.(key) === 'taken') return
    if (this.#waiting.length < MAX_WAITING) this.#waiting.push(key)
  }
}

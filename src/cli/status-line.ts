import { styleText } from 'node:util'

const INTERVAL_MS = 200

/** One line at the bottom of a terminal, redrawn while a job runs; output to the same terminal goes through `around`. */
export class StatusLine {
  readonly #text: () => string
  readonly #timer: NodeJS.Timeout
  #isShown = false

  constructor(text: () => string) {
    this.#text = text
    this.#timer = setInterval(() => this.#draw(), INTERVAL_MS)
    this.#timer.unref()
  }

  #draw(): void {
    const width = (process.stderr.columns || 80) - 1
    const text = styleText('dim', this.#text().slice(0, width), { stream: process.stderr })
    process.stderr.write(`\r\u001b[2K${text}`)
    this.#isShown = true
  }

  /** Takes the line away while `write` prints. */
  around(write: () => void): void {
    this.#hide()
    write()
  }

  #hide(): void {
    if (this.#isShown) process.stderr.write('\r\u001b[2K')
    this.#isShown = false
  }

  close(): void {
    clearInterval(this.#timer)
    this.#hide()
  }
}

/** A walk through the history from what is typed to older statements and back; what was changed on the way is there again. */
export class HistoryPlace {
  readonly #texts: string[]
  #at: number

  constructor(entries: readonly string[]) {
    this.#texts = [...entries, '']
    this.#at = entries.length
  }

  /** The next older statement; undefined at the oldest. */
  older(text: string): string | undefined {
    return this.#go(-1, text)
  }

  newer(text: string): string | undefined {
    return this.#go(1, text)
  }

  #go(step: 1 | -1, text: string): string | undefined {
    const to = this.#at + step
    if (to < 0 || to >= this.#texts.length) return undefined
    this.#texts[this.#at] = text
    this.#at = to
    return this.#texts[to]
  }
}

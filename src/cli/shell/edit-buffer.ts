/** A text that is typed, of one or more lines, with a cursor: what the keys of a line editor do to it. */
export class EditBuffer {
  #text = ''
  #cursor = 0
  /** What was cut last, for `yank`. */
  #cut = ''

  get text(): string {
    return this.#text
  }

  /** An offset, never inside of a surrogate pair. */
  get cursor(): number {
    return this.#cursor
  }

  get isAtEnd(): boolean {
    return this.#cursor === this.#text.length
  }

  /** @param cursor The end of the text unless given. */
  set(text: string, cursor?: number): void {
    this.#text = plain(text)
    this.#cursor = Math.min(cursor ?? this.#text.length, this.#text.length)
  }

  insert(text: string): void {
    this.replace(this.#cursor, this.#cursor, text)
  }

  /** Puts a text in the place of another; the cursor stands behind it. */
  replace(from: number, to: number, text: string): void {
    const added = plain(text)
    this.#text = this.#text.slice(0, from) + added + this.#text.slice(to)
    this.#cursor = from + added.length
  }

  deleteBack(): void {
    this.replace(this.#before(this.#cursor), this.#cursor, '')
  }

  deleteForward(): void {
    const at = this.#cursor
    this.replace(at, this.#behind(at), '')
  }

  moveLeft(): void {
    this.#cursor = this.#before(this.#cursor)
  }

  moveRight(): void {
    this.#cursor = this.#behind(this.#cursor)
  }

  moveWordLeft(): void {
    this.#cursor = this.#wordStart()
  }

  moveWordRight(): void {
    this.#cursor = this.#wordEnd()
  }

  moveToLineStart(): void {
    this.#cursor = this.#lineStart()
  }

  moveToLineEnd(): void {
    this.#cursor = this.#lineEnd()
  }

  moveToEnd(): void {
    this.#cursor = this.#text.length
  }

  /** @returns Whether there was a line above. */
  moveUp(): boolean {
    const start = this.#lineStart()
    if (start === 0) return false
    const column = this.#cursor - start
    const above = this.#text.lastIndexOf('\n', start - 2) + 1
    this.#cursor = this.#aligned(Math.min(above + column, start - 1))
    return true
  }

  /** @returns Whether there was a line below. */
  moveDown(): boolean {
    const end = this.#lineEnd()
    if (end === this.#text.length) return false
    const column = this.#cursor - this.#lineStart()
    const next = this.#text.indexOf('\n', end + 1)
    this.#cursor = this.#aligned(Math.min(end + 1 + column, next < 0 ? this.#text.length : next))
    return true
  }

  cutToLineEnd(): void {
    const end = this.#lineEnd()
    this.#take(this.#cursor, end === this.#cursor ? Math.min(end + 1, this.#text.length) : end)
  }

  cutToLineStart(): void {
    this.#take(this.#lineStart(), this.#cursor)
  }

  cutWordBack(): void {
    this.#take(this.#wordStart(), this.#cursor)
  }

  cutWordForward(): void {
    this.#take(this.#cursor, this.#wordEnd())
  }

  yank(): void {
    this.insert(this.#cut)
  }

  /** Swaps the two characters before the cursor, or around it. */
  transpose(): void {
    const second = this.isAtEnd ? this.#before(this.#cursor) : this.#cursor
    const first = this.#before(second)
    if (first === second) return
    const end = this.#behind(second)
    this.replace(first, end, this.#text.slice(second, end) + this.#text.slice(first, second))
  }

  #take(from: number, to: number): void {
    if (from === to) return
    this.#cut = this.#text.slice(from, to)
    this.replace(from, to, '')
    this.#cursor = from
  }

  #lineStart(): number {
    return this.#cursor === 0 ? 0 : this.#text.lastIndexOf('\n', this.#cursor - 1) + 1
  }

  #lineEnd(): number {
    const end = this.#text.indexOf('\n', this.#cursor)
    return end < 0 ? this.#text.length : end
  }

  #wordStart(): number {
    return this.#cursor - (/[\p{L}\p{N}_]*[^\p{L}\p{N}_]*$/u.exec(this.#text.slice(0, this.#cursor))?.[0].length ?? 0)
  }

  #wordEnd(): number {
    return this.#cursor + (/^[^\p{L}\p{N}_]*[\p{L}\p{N}_]*/u.exec(this.#text.slice(this.#cursor))?.[0].length ?? 0)
  }

  #before(at: number): number {
    return this.#aligned(Math.max(0, at - 1))
  }

  #behind(at: number): number {
    const code = this.#text.codePointAt(at)
    return code === undefined ? at : at + (code > 0xffff ? 2 : 1)
  }

  #aligned(at: number): number {
    const code = this.#text.charCodeAt(at)
    return code >= 0xdc00 && code <= 0xdfff && at > 0 ? at - 1 : at
  }
}

// oxlint-disable-next-line no-control-regex -- control characters are what is taken out
const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** Without control characters but line breaks; a tab is two blanks. */
function plain(text: string): string {
  return text.replace(/\r\n?/g, '\n').replaceAll('\t', '  ').replace(UNSAFE, '')
}

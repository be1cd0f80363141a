/** What is drawn at once: rows that are not wider than the screen, and where the cursor stands. */
export interface Drawing {
  readonly rows: readonly string[]
  /** Cells that the rows take. */
  readonly widths: readonly number[]
  readonly cursorRow: number
  readonly cursorColumn: number
}

/** Rows at the cursor that are drawn again and again in one place, and scroll away with what is written later. */
export class Region {
  readonly #write: (text: string) => void
  readonly #size: () => { readonly columns: number; readonly rows: number }
  #drawn: Drawing | undefined

  constructor(write: (text: string) => void, size: () => { readonly columns: number; readonly rows: number }) {
    this.#write = write
    this.#size = size
  }

  /** Draws in the place of what was drawn before; of more rows than the screen has, those around the cursor. */
  draw(drawing: Drawing): void {
    const fitting = clipped(drawing, this.#size().rows)
    const up = fitting.rows.length - 1 - fitting.cursorRow
    const place = `${up > 0 ? `\u001b[${up}A` : ''}\r${fitting.cursorColumn > 0 ? `\u001b[${fitting.cursorColumn}C` : ''}`
    this.#write(`\u001b[?25l${this.#toTop()}${fitting.rows.join('\r\n')}${place}\u001b[?25h`)
    this.#drawn = fitting
  }

  /** Leaves what is drawn where it is, and goes to the line below. */
  finish(): void {
    if (this.#drawn === undefined) return
    const down = this.#drawn.rows.length - 1 - this.#drawn.cursorRow
    this.#write(`${down > 0 ? `\u001b[${down}B` : ''}\r\n`)
    this.#drawn = undefined
  }

  /** Takes away what is drawn. */
  erase(): void {
    this.#write(this.#toTop())
    this.#drawn = undefined
  }

  /** The next drawing begins where the cursor is. */
  forget(): void {
    this.#drawn = undefined
  }

  /** To the first row, and clears everything below. Rows that the screen broke because it became narrower count as so many rows. */
  #toTop(): string {
    if (this.#drawn === undefined) return ''
    const { widths, cursorRow, cursorColumn } = this.#drawn
    const { columns } = this.#size()
    let above = Math.floor(cursorColumn / columns)
    for (const width of widths.slice(0, cursorRow)) above += Math.max(1, Math.ceil(width / columns))
    return `${above > 0 ? `\u001b[${above}A` : ''}\r\u001b[J`
  }
}

function clipped(drawing: Drawing, screenRows: number): Drawing {
  const { rows, widths, cursorRow } = drawing
  if (rows.length <= screenRows) return drawing
  const from = Math.max(0, Math.min(cursorRow - (screenRows >> 1), rows.length - screenRows))
  return {
    rows: rows.slice(from, from + screenRows),
    widths: widths.slice(from, from + screenRows),
    cursorRow: cursorRow - from,
    cursorColumn: drawing.cursorColumn,
  }
}

import { characterWidth, displayWidth } from '../terminal-text.ts'

/** A typed text as rows of the screen. */
export interface Layout {
  /** With their colours. */
  readonly rows: readonly string[]
  /** Cells that each of them takes. */
  readonly widths: readonly number[]
  readonly cursorRow: number
  readonly cursorColumn: number
}

export interface LayoutInput {
  readonly text: string
  readonly cursor: number
  /** What stands before each line of the text. */
  readonly promptOf: (line: number) => string
  /** Cells of the screen. */
  readonly width: number
  /** The colour of a character, by any name that `paint` knows. */
  readonly styleAt: (offset: number) => string | undefined
  readonly paint: (style: string, text: string) => string
}

/** Breaks a text into rows of the screen, and finds the cursor among them. Lines are broken where the screen ends. */
export function layoutText({ text, cursor, promptOf, width, styleAt, paint }: LayoutInput): Layout {
  const rows: string[] = []
  const widths: number[] = []
  let row = ''
  let column = 0
  let run = ''
  let runStyle: string | undefined
  let cursorRow = 0
  let cursorColumn = 0
  const endRun = (): void => {
    row += run === '' || runStyle === undefined ? run : paint(runStyle, run)
    run = ''
  }
  const endRow = (): void => {
    endRun()
    rows.push(row)
    widths.push(column)
    row = ''
    column = 0
  }
  const beginLine = (line: number): void => {
    const prompt = promptOf(line)
    row = paint('prompt', prompt)
    column = displayWidth(prompt)
  }
  const placeCursor = (): void => {
    if (column >= width) endRow()
    cursorRow = rows.length
    cursorColumn = column
  }
  let line = 0
  let offset = 0
  beginLine(line)
  for (const character of text) {
    if (offset === cursor) placeCursor()
    if (character === '\n') {
      endRow()
      beginLine(++line)
    } else {
      const cells = characterWidth(character)
      if (column + cells > width) endRow()
      const style = styleAt(offset)
      if (style !== runStyle) {
        endRun()
        runStyle = style
      }
      run += character
      column += cells
    }
    offset += character.length
  }
  if (offset <= cursor) placeCursor()
  endRow()
  return { rows, widths, cursorRow, cursorColumn }
}

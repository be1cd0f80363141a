import { styleText } from 'node:util'

export interface TableColumn {
  readonly name: string
  /** Numbers stand right, everything else left. */
  readonly isNumber: boolean
}

export interface TableOptions {
  /** Columns of the terminal; columns of the table shrink to fit before anything is cut off. */
  readonly width: number
  readonly useColour: boolean
}

/** A framed table: numbers right, text left, NULL dimmed. Cells are texts, null is NULL. Ends with a line break. */
export function drawTable(columns: readonly TableColumn[], rows: readonly (readonly (string | null)[])[], options: TableOptions): string {
  const cells = rows.map((row) => row.map((cell) => (cell === null ? 'NULL' : printable(cell))))
  const wanted = columns.map((column, i) => {
    const longest = cells.reduce((most, row) => Math.max(most, displayWidth(row[i] ?? '')), 1)
    return Math.max(displayWidth(column.name), longest)
  })
  const widths = shrink(wanted, options.width - 3 * columns.length - 1)
  const frame = (left: string, middle: string, right: string): string =>
    left + widths.map((width) => '─'.repeat(width + 2)).join(middle) + right
  const line = (texts: readonly string[]): string => `│ ${texts.join(' │ ')} │`
  const lines = [
    frame('┌', '┬', '┐'),
    line(columns.map((column, i) => pad(column.name, widths[i] ?? 1, column.isNumber))),
    frame('├', '┼', '┤'),
    ...cells.map((row, r) =>
      line(
        row.map((cell, i) => {
          const text = pad(cell, widths[i] ?? 1, columns[i]?.isNumber === true)
          return rows[r]?.[i] === null && options.useColour ? styleText('dim', text) : text
        }),
      ),
    ),
    frame('└', '┴', '┘'),
  ]
  return `${lines.join('\n')}\n`
}

/** Takes from the widest columns first; no column falls below 5. */
function shrink(wanted: readonly number[], room: number): readonly number[] {
  const widths = [...wanted]
  let total = widths.reduce((sum, width) => sum + width, 0)
  while (total > room) {
    const widest = widths.indexOf(Math.max(...widths))
    const width = widths[widest] ?? 0
    if (width <= 5) break
    widths[widest] = width - 1
    total--
  }
  return widths
}

function pad(text: string, width: number, isNumber: boolean): string {
  const cut = cutTo(text, width)
  const blank = ' '.repeat(Math.max(0, width - displayWidth(cut)))
  return isNumber ? blank + cut : cut + blank
}

function cutTo(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  let cut = ''
  let used = 0
  for (const character of text) {
    used += characterWidth(character.codePointAt(0) ?? 0)
    if (used > width - 1) break
    cut += character
  }
  return `${cut}…`
}

/** Line breaks and other control characters would tear the frame. */
function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replace(/[\u0000-\u001f\u007f]/g, (character) =>
    character === '\n' ? '↵' : String.fromCodePoint(0x2400 + Math.min(character.charCodeAt(0), 0x21)),
  )
}

/** Cells of a terminal that a text takes: East Asian wide characters and emoji take two, combining marks none. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) width += characterWidth(character.codePointAt(0) ?? 0)
  return width
}

// The sets of characters take 15 ms to build, so only a text beyond Latin letters builds them.
let classes: { readonly combining: RegExp; readonly wide: RegExp } | undefined

function characterClasses(): { readonly combining: RegExp; readonly wide: RegExp } {
  return {
    combining: /^[\p{Mn}\p{Me}\p{Cf}]$/u,
    wide: /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u,
  }
}

function characterWidth(codePoint: number): number {
  if (codePoint < 0x300) return 1
  const character = String.fromCodePoint(codePoint)
  classes ??= characterClasses()
  if (classes.combining.test(character)) return 0
  return classes.wide.test(character) ? 2 : 1
}

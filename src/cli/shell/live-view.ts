import { styleText } from 'node:util'
import type { JobSummary } from '../../api/index.ts'
import type { ScriptQuery } from '../../api/script.ts'
import type { Batch } from '../../data/batch.ts'
import { countText } from '../count-text.ts'
import { eachRow, type ResultWriter, tableColumns } from '../result-writer.ts'
import { statusText } from '../summary.ts'
import { drawTable } from '../table-text.ts'
import { cutTo, visible } from '../terminal-text.ts'
import { type Chart, withChart } from './chart.ts'
import type { Key } from './keyboard.ts'
import type { EditorScreen } from './line-editor.ts'
import { LiveRows } from './live-rows.ts'

/** The screen is drawn at most so often, and the status so often when nothing changes. */
const DRAW_MS = 100
const STATUS_MS = 500

/** Rows of the screen that are no rows of the table: frame and names, and the status. */
const FRAME_ROWS = 5

export interface LiveOptions {
  readonly screen: EditorScreen
  readonly timeZone: string
  readonly chart: Chart | undefined
  /** At first. */
  readonly shows: 'table' | 'changes'
  readonly metrics: () => JobSummary
  readonly onClose: () => void
}

/** What a key does to the view. */
type KeyAnswer = 'leave' | 'taken'

/**
 * An endless query as a table that is drawn again in place, on a screen of its own: the prompt and what was before come back when it is left. `c` shows the
 * changes instead, arrows scroll, `q` leaves. Rows, changes and drawings a second are bounded, whatever the query gives.
 */
export class LiveView implements ResultWriter {
  readonly #query: ScriptQuery
  readonly #options: LiveOptions
  readonly #rows: LiveRows
  readonly #timer: NodeJS.Timeout
  readonly #stopResize: () => void
  #shows: 'table' | 'changes'
  /** The first row that is shown; undefined: the last rows. */
  #from: number | undefined
  #isStale = true
  #drawnAt = 0
  #isClosed = false

  constructor(query: ScriptQuery, options: LiveOptions) {
    this.#query = query
    this.#options = options
    this.#shows = options.shows
    const chartColumn = query.schema.findIndex((field) => field.name === options.chart?.column)
    this.#rows = new LiveRows(query, chartColumn)
    // Rows that only come are followed; a table whose rows change is seen from its beginning.
    this.#from = query.isAppendOnly ? undefined : 0
    options.screen.write('\u001b[?1049h\u001b[?25l\u001b[H\u001b[2J')
    this.#stopResize = options.screen.onResize(() => this.#draw())
    this.#timer = setInterval(() => this.#drawWhenDue(), DRAW_MS)
    this.#draw()
  }

  write(batch: Batch): void {
    const first = this.#rows.firstOf(batch.selectedCount)
    this.#rows.skip(first)
    eachRow(batch, this.#query.schema, this.#options.timeZone, (kind, cells) => this.#rows.add(kind, cells), first)
    this.#isStale = true
  }

  finish(): void {
    this.close()
  }

  press(key: Key): KeyAnswer {
    const page = Math.max(1, this.#options.screen.size().rows - FRAME_ROWS)
    if ((key.ctrl && (key.name === 'c' || key.name === 'd')) || key.text === 'q' || key.name === 'hangup') return 'leave'
    if (key.text === 'c') this.#shows = this.#shows === 'table' ? 'changes' : 'table'
    else if (key.name === 'up') this.#scroll(-1)
    else if (key.name === 'down') this.#scroll(1)
    else if (key.name === 'pageup') this.#scroll(-page)
    else if (key.name === 'pagedown' || key.text === ' ') this.#scroll(page)
    else if (key.name === 'home') this.#from = 0
    else if (key.name === 'end') this.#from = undefined
    else return 'taken'
    this.#draw()
    return 'taken'
  }

  /** Gives the screen back, with the table as it was last below what was there. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    clearInterval(this.#timer)
    this.#stopResize()
    const { screen, onClose } = this.#options
    onClose()
    screen.write(`\u001b[?25h\u001b[?1049l${this.#lines(Math.max(8, screen.size().rows - 3)).join('\n')}\n`)
  }

  #scroll(by: number): void {
    const room = this.#room()
    const last = Math.max(0, this.#rows.keptCount - room)
    const to = (this.#from ?? last) + by
    // At the end the view follows again what comes.
    this.#from = to >= last && this.#query.isAppendOnly ? undefined : Math.max(0, Math.min(to, last))
  }

  #room(): number {
    return Math.max(1, this.#options.screen.size().rows - FRAME_ROWS)
  }

  #drawWhenDue(): void {
    if (this.#isStale || performance.now() - this.#drawnAt >= STATUS_MS) this.#draw()
  }

  #draw(): void {
    if (this.#isClosed) return
    this.#isStale = false
    this.#drawnAt = performance.now()
    const { columns, rows } = this.#options.screen.size()
    const lines = this.#lines(rows - 1)
    const status = styleText('dim', this.#statusLine(columns))
    // In one write, and for terminals that know it as one drawing: nothing flickers.
    const body = lines.map((line) => `${line}\u001b[K`).join('\r\n')
    this.#options.screen.write(`\u001b[?2026h\u001b[H${body}\u001b[J\u001b[${rows};1H${status}\u001b[K\u001b[?2026l`)
  }

  /** What is shown, in at most so many rows of the screen. */
  #lines(most: number): readonly string[] {
    const { columns } = this.#options.screen.size()
    if (this.#shows === 'changes') return this.#rows.changes(most).map((line) => cutTo(visible(line), columns))
    const room = Math.max(1, most - FRAME_ROWS + 1)
    const kept = this.#rows.keptCount
    const from = Math.min(this.#from ?? Infinity, Math.max(0, kept - room))
    const { cells, histories } = this.#rows.rows(from, room)
    const shown = { columns: tableColumns(this.#query.schema), rows: cells }
    const { chart } = this.#options
    const table = withChart(shown, chart, histories.length > 0 && chart?.form === 'spark' ? (row) => histories[row] ?? [] : undefined)
    return drawTable(table.columns, table.rows, { width: columns, useColour: true }).trimEnd().split('\n')
  }

  #statusLine(columns: number): string {
    const { rowCount, changeCount } = this.#rows
    const summary = this.#options.metrics()
    const keys = this.#shows === 'table' ? 'c changes  q leaves' : 'c table  q leaves'
    const counts = this.#query.isAppendOnly ? undefined : `${countText(rowCount)} rows from ${countText(changeCount)} changes`
    return cutTo(`${keys}  ·  ${statusText(summary, counts)}`, columns - 1)
  }
}

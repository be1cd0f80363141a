import type { Completion } from '../../api/complete-sql.ts'
import { cutTo, displayWidth, visible } from '../terminal-text.ts'
import { CompletionMenu } from './completion-menu.ts'
import { EditBuffer } from './edit-buffer.ts'
import { layoutText } from './edit-layout.ts'
import { HistoryPlace } from './history-place.ts'
import type { Key, Keyboard } from './keyboard.ts'
import { Region } from './region.ts'

/** What a shell knows about the text that is typed. */
export interface EditedLanguage {
  /** What stands before the text, and before each line of it that goes on. */
  readonly prompt: (linesBefore: string | undefined) => string
  /** Whether Enter ends the input rather than a line. */
  readonly isWhole: (text: string, isCursorAtEnd: boolean) => boolean
  readonly complete: (text: string, offset: number) => Completion
  /** The style of the character at each offset. */
  readonly styles: (text: string) => (offset: number) => string | undefined
  readonly paint: (style: string, text: string) => string
}

export interface EditorScreen {
  readonly write: (text: string) => void
  readonly size: () => { readonly columns: number; readonly rows: number }
  /** Calls back when the size has changed, until the returned function is called. */
  readonly onResize: (callback: () => void) => () => void
}

export type Typed = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'end' }

/**
 * Reads what a person types: one or more lines with history, search, completion and colours, drawn anew with every key. Keys are those of readline and
 * bash; `Ctrl-C` clears the input, `Ctrl-D` on an empty one ends it.
 */
export class LineEditor {
  readonly #keyboard: Keyboard
  readonly #screen: EditorScreen
  readonly #language: EditedLanguage
  readonly #history: () => readonly string[]
  readonly #region: Region
  readonly #buffer = new EditBuffer()
  #place = new HistoryPlace([])
  #menu: CompletionMenu | undefined
  #search: { query: string; found: number | undefined; readonly before: string } | undefined
  #message = ''
  #isDrawPlanned = false
  #resolve: ((typed: Typed) => void) | undefined

  constructor(keyboard: Keyboard, screen: EditorScreen, language: EditedLanguage, history: () => readonly string[]) {
    this.#keyboard = keyboard
    this.#screen = screen
    this.#language = language
    this.#history = history
    this.#region = new Region(screen.write, screen.size)
  }

  /** @param initial What stands in the line already. */
  async read(initial = ''): Promise<Typed> {
    this.#buffer.set(initial)
    this.#place = new HistoryPlace(this.#history())
    this.#draw()
    const stopResize = this.#screen.onResize(() => this.#draw())
    let stopKeys: (() => void) | undefined
    try {
      return await new Promise<Typed>((resolve) => {
        this.#resolve = resolve
        stopKeys = this.#keyboard.listen((key) => this.#press(key))
        // Waiting keys may have ended the input before it was known how to stop listening.
        if (this.#resolve === undefined) stopKeys()
      })
    } finally {
      stopKeys?.()
      stopResize()
    }
  }

  #press(key: Key): 'taken' | 'left' {
    if (this.#resolve === undefined) return 'left'
    this.#message = ''
    if (this.#search === undefined || !this.#pressInSearch(key)) this.#pressInText(key)
    this.#planDraw()
    return 'taken'
  }

  // --- the text ---

  #pressInText(key: Key): void {
    if (this.#menu !== undefined && this.#pressInMenu(this.#menu, key)) return
    this.#menu = undefined
    const action = key.ctrl ? CONTROL[key.name] : key.meta ? META[key.name] : PLAIN[key.name]
    if (action !== undefined) return this.#act(action)
    if (key.text !== '' && key.text >= ' ') this.#buffer.insert(key.text)
  }

  #act(action: Action): void {
    const buffer = this.#buffer
    switch (action) {
      case 'submit':
        return this.#language.isWhole(buffer.text, buffer.isAtEnd) ? this.#end() : buffer.insert('\n')
      case 'new-line':
        return buffer.insert('\n')
      case 'clear':
        return this.#clear()
      case 'end-or-delete':
        return buffer.text === '' ? this.#hangUp() : buffer.deleteForward()
      case 'hang-up':
        return this.#hangUp()
      case 'up':
        if (!buffer.moveUp()) this.#recall(this.#place.older(buffer.text))
        return
      case 'down':
        if (!buffer.moveDown()) this.#recall(this.#place.newer(buffer.text))
        return
      case 'older':
        return this.#recall(this.#place.older(buffer.text))
      case 'newer':
        return this.#recall(this.#place.newer(buffer.text))
      case 'search':
        this.#search = { query: '', found: undefined, before: buffer.text }
        return
      case 'complete':
        return this.#complete()
      case 'redraw':
        this.#screen.write('\u001b[H\u001b[2J')
        return this.#region.forget()
      case 'suspend':
        return this.#suspend()
      default:
        return buffer[action]()
    }
  }

  #recall(text: string | undefined): void {
    if (text !== undefined) this.#buffer.set(text)
  }

  #end(): void {
    const { text } = this.#buffer
    this.#finish()
    this.#done({ kind: 'text', text })
  }

  #clear(): void {
    this.#buffer.moveToEnd()
    this.#drawWith('^C')
    this.#region.finish()
    this.#buffer.set('')
    this.#place = new HistoryPlace(this.#history())
  }

  #hangUp(): void {
    this.#finish()
    this.#done({ kind: 'end' })
  }

  #finish(): void {
    this.#menu = undefined
    this.#buffer.moveToEnd()
    this.#draw()
    this.#region.finish()
    this.#buffer.set('')
  }

  #done(typed: Typed): void {
    const resolve = this.#resolve
    this.#resolve = undefined
    resolve?.(typed)
  }

  /** Ctrl-Z: the shell that started us goes on until it calls us back. */
  #suspend(): void {
    this.#region.finish()
    this.#keyboard.close()
    process.once('SIGCONT', () => {
      this.#keyboard.open()
      this.#draw()
    })
    process.kill(process.pid, 'SIGTSTP')
  }

  // --- completion ---

  #complete(): void {
    const { text, cursor } = this.#buffer
    const completion = this.#language.complete(text, cursor)
    const { candidates, replaces } = completion
    if (candidates.length === 0) {
      this.#message = 'nothing fits here'
      return
    }
    const from = replaces.offset
    const [only] = candidates
    if (candidates.length === 1 && only !== undefined) return this.#buffer.replace(from, cursor, only.text)
    const typed = text.slice(from, cursor)
    const common = commonBeginning(candidates.map((candidate) => candidate.text))
    // What is typed is kept where candidates differ from it in their case or quotes only.
    if (common.length > typed.length && common.toLowerCase().startsWith(typed.toLowerCase())) this.#buffer.replace(from, cursor, common)
    this.#menu = new CompletionMenu(candidates, from)
  }

  #pressInMenu(menu: CompletionMenu, key: Key): boolean {
    const step = key.name === 'tab' ? (key.shift ? -1 : 1) : key.name === 'down' ? 1 : key.name === 'up' ? -1 : 0
    if (step !== 0 && !key.ctrl && !key.meta) {
      const { text } = menu.select(step)
      this.#buffer.replace(menu.from, this.#buffer.cursor, text)
      return true
    }
    if (key.name === 'escape') {
      this.#menu = undefined
      return true
    }
    if (key.name === 'return' && menu.isSelected) {
      this.#menu = undefined
      return true
    }
    // A word that goes on narrows the menu.
    if (!menu.isSelected && key.text !== '' && /^[\w.'-]$/.test(key.text)) {
      this.#buffer.insert(key.text)
      const { candidates, replaces } = this.#language.complete(this.#buffer.text, this.#buffer.cursor)
      this.#menu = candidates.length > 0 ? new CompletionMenu(candidates, replaces.offset) : undefined
      return true
    }
    return false
  }

  // --- search ---

  #pressInSearch(key: Key): boolean {
    const search = this.#search
    if (search === undefined) return false
    if (key.ctrl && (key.name === 'r' || key.name === 's')) {
      this.#find(search.query, key.name === 'r' ? 'older' : 'newer')
      return true
    }
    if (key.ctrl && (key.name === 'c' || key.name === 'g')) {
      this.#buffer.set(search.before)
      this.#search = undefined
      return true
    }
    if (key.name === 'backspace' && !key.meta) {
      search.query = search.query.slice(0, -1)
      search.found = undefined
      this.#find(search.query, 'here')
      return true
    }
    if (key.text !== '' && key.text >= ' ' && key.name !== 'paste') {
      search.query += key.text
      this.#find(search.query, 'here')
      return true
    }
    // Every other key works on what was found.
    this.#search = undefined
    return key.name === 'escape'
  }

  #find(query: string, from: 'here' | 'older' | 'newer'): void {
    const search = this.#search
    if (search === undefined || query === '') return
    const entries = this.#history()
    const step = from === 'newer' ? 1 : -1
    let at = search.found ?? entries.length - 1
    if (from !== 'here' && search.found !== undefined) at += step
    const shown = this.#buffer.text
    for (; at >= 0 && at < entries.length; at += step) {
      const entry = entries[at] ?? ''
      const place = entry.toLowerCase().indexOf(query.toLowerCase())
      // The same statement again is nothing new.
      if (place < 0 || (from !== 'here' && entry === shown)) continue
      search.found = at
      this.#buffer.set(entry, place)
      return
    }
    this.#message = `no ${from === 'newer' ? 'newer' : 'older'} statement has it`
  }

  // --- drawing ---

  /** Many keys may come at once: they are drawn together. */
  #planDraw(): void {
    if (this.#isDrawPlanned) return
    this.#isDrawPlanned = true
    queueMicrotask(() => {
      this.#isDrawPlanned = false
      if (this.#resolve !== undefined) this.#draw()
    })
  }

  #draw(): void {
    this.#drawWith('')
  }

  /** @param mark Shown behind the text. */
  #drawWith(mark: string): void {
    const { columns, rows: screenRows } = this.#screen.size()
    const { text, cursor } = this.#buffer
    const search = this.#search
    const styleAt = this.#language.styles(text)
    const layout = layoutText({
      text: text + mark,
      cursor,
      width: columns,
      promptOf: (line) => {
        if (line === 0 && search !== undefined) return `(search "${visible(search.query)}") `
        return this.#language.prompt(line === 0 ? undefined : text.split('\n').slice(0, line).join('\n'))
      },
      styleAt,
      paint: this.#language.paint,
    })
    const below = this.#message === '' ? [] : [this.#message]
    const menuRows = this.#menu?.rows(columns, Math.max(3, Math.min(10, screenRows - layout.rows.length - 1))) ?? []
    const extra = [
      ...below.map((line) => ({ text: this.#language.paint('dim', cutTo(line, columns)), width: displayWidth(cutTo(line, columns)) })),
      ...menuRows.map(({ shown, isSelected, isNote }) => ({
        text: isSelected ? this.#language.paint('selected', shown) : isNote ? this.#language.paint('dim', shown) : shown,
        width: displayWidth(shown),
      })),
    ]
    this.#region.draw({
      rows: [...layout.rows, ...extra.map((row) => row.text)],
      widths: [...layout.widths, ...extra.map((row) => row.width)],
      cursorRow: layout.cursorRow,
      cursorColumn: layout.cursorColumn,
    })
  }
}

type BufferAction =
  | 'deleteBack'
  | 'deleteForward'
  | 'moveLeft'
  | 'moveRight'
  | 'moveWordLeft'
  | 'moveWordRight'
  | 'moveToLineStart'
  | 'moveToLineEnd'
  | 'cutToLineEnd'
  | 'cutToLineStart'
  | 'cutWordBack'
  | 'cutWordForward'
  | 'yank'
  | 'transpose'

type Action =
  | BufferAction
  | 'submit'
  | 'new-line'
  | 'clear'
  | 'end-or-delete'
  | 'hang-up'
  | 'up'
  | 'down'
  | 'older'
  | 'newer'
  | 'search'
  | 'complete'
  | 'redraw'
  | 'suspend'

const PLAIN: Readonly<Record<string, Action>> = {
  return: 'submit',
  enter: 'submit',
  backspace: 'deleteBack',
  delete: 'deleteForward',
  left: 'moveLeft',
  right: 'moveRight',
  up: 'up',
  down: 'down',
  home: 'moveToLineStart',
  end: 'moveToLineEnd',
  tab: 'complete',
  pageup: 'older',
  pagedown: 'newer',
  hangup: 'hang-up',
}

const CONTROL: Readonly<Record<string, Action>> = {
  a: 'moveToLineStart',
  b: 'moveLeft',
  c: 'clear',
  d: 'end-or-delete',
  e: 'moveToLineEnd',
  f: 'moveRight',
  h: 'deleteBack',
  k: 'cutToLineEnd',
  l: 'redraw',
  n: 'newer',
  p: 'older',
  r: 'search',
  t: 'transpose',
  u: 'cutToLineStart',
  w: 'cutWordBack',
  y: 'yank',
  z: 'suspend',
  left: 'moveWordLeft',
  right: 'moveWordRight',
  delete: 'cutWordForward',
  backspace: 'cutWordBack',
}

const META: Readonly<Record<string, Action>> = {
  b: 'moveWordLeft',
  f: 'moveWordRight',
  d: 'cutWordForward',
  backspace: 'cutWordBack',
  left: 'moveWordLeft',
  right: 'moveWordRight',
  return: 'new-line',
  enter: 'new-line',
}

function commonBeginning(texts: readonly string[]): string {
  let common = texts[0] ?? ''
  for (const text of texts) while (!text.toLowerCase().startsWith(common.toLowerCase())) common = common.slice(0, -1)
  return common
}

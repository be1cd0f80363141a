import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { styleText } from 'node:util'
import { externalError, userError } from '../../base/errors.ts'
import type { ScriptQuery } from '../../api/script.ts'
import { cutTo } from '../terminal-text.ts'
import { type Key, Keyboard } from './keyboard.ts'
import type { EditorScreen } from './line-editor.ts'
import { type LiveOptions, LiveView } from './live-view.ts'

/** Until something is drawn that the terminal of a test or a serial line does not tell. */
const DEFAULT_SIZE = { columns: 80, rows: 24 } as const

/** The person's side of the shell: keys, the screen, live views and the editor. */
export class ShellTerminal implements EditorScreen {
  readonly keyboard: Keyboard

  constructor() {
    this.keyboard = new Keyboard(process.stdin, this.write)
    // Whatever ends the program, the terminal is left as it was.
    process.once('exit', () => {
      if (this.#isElsewhere) this.write('\u001b[?25h\u001b[?1049l')
      this.keyboard.close()
    })
  }

  #isElsewhere = false

  readonly write = (text: string): void => {
    process.stdout.write(text)
  }

  readonly size = (): { readonly columns: number; readonly rows: number } => ({
    columns: process.stdout.columns || DEFAULT_SIZE.columns,
    rows: process.stdout.rows || DEFAULT_SIZE.rows,
  })

  readonly onResize = (callback: () => void): (() => void) => {
    process.stdout.on('resize', callback)
    return () => void process.stdout.off('resize', callback)
  }

  get hasStatusLine(): boolean {
    return process.stderr.isTTY
  }

  keys(handler: (key: Key) => 'taken' | 'left'): () => void {
    return this.keyboard.listen(handler)
  }

  liveView(query: ScriptQuery, options: Omit<LiveOptions, 'screen' | 'onClose'>): LiveView {
    this.#isElsewhere = true
    return new LiveView(query, { ...options, screen: this, onClose: () => (this.#isElsewhere = false) })
  }

  /** Shows what `run` gives, again and again, until a key ends it; `run` is told the width of the screen. */
  async watch(seconds: number, run: (width: number) => Promise<string>): Promise<void> {
    let text = ''
    let isOver = false
    let wake: (() => void) | undefined
    const draw = (): void => {
      const { columns, rows } = this.size()
      const lines = text
        .trimEnd()
        .split('\n')
        .slice(0, rows - 1)
      const time = new Date().toISOString().slice(11, 19)
      const status = styleText('dim', cutTo(`q leaves  ·  every ${seconds} s  ·  ${time}`, columns - 1))
      this.write(
        `\u001b[?2026h\u001b[H${lines.map((line) => `${line}\u001b[K`).join('\r\n')}\u001b[J\u001b[${rows};1H${status}\u001b[K\u001b[?2026l`,
      )
    }
    const stopKeys = this.keys((key) => {
      if ((key.ctrl && (key.name === 'c' || key.name === 'd')) || key.text === 'q' || key.name === 'hangup') {
        isOver = true
        wake?.()
      }
      return 'taken'
    })
    const rerun = (): void => wake?.()
    const stopResize = this.onResize(rerun)
    this.#isElsewhere = true
    this.write('\u001b[?1049h\u001b[?25l\u001b[H\u001b[2J')
    try {
      while (!isOver) {
        text = await run(this.size().columns)
        draw()
        if (isOver) break
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, seconds * 1000)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
    } finally {
      stopKeys()
      stopResize()
      this.#isElsewhere = false
      this.write(`\u001b[?25h\u001b[?1049l${text}`)
    }
  }

  /** Opens the user's editor, and gives the text when it is closed. */
  edit(what: { readonly text: string } | { readonly path: string }): Promise<string> {
    const editor = process.env['VISUAL'] ?? process.env['EDITOR'] ?? 'vi'
    const [command = 'vi', ...args] = editor.split(' ').filter((word) => word !== '')
    const folder = 'text' in what ? mkdtempSync(join(tmpdir(), 'rheo-edit-')) : undefined
    const path = 'text' in what ? join(folder ?? '', 'statement.sql') : what.path
    this.keyboard.close()
    try {
      if ('text' in what) writeFileSync(path, `${what.text}\n`, { mode: 0o600 })
      const { error, status } = spawnSync(command, [...args, path], { stdio: 'inherit' })
      if (error !== undefined)
        throw externalError('shell/editor', `Cannot start the editor "${editor}": ${error.message}; EDITOR names another`)
      if (status !== 0) throw userError('shell/editor', `Cannot take the text: the editor "${editor}" ended with status ${status}`)
      return Promise.resolve(readFileSync(path, 'utf8').trimEnd())
    } finally {
      this.keyboard.open()
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    }
  }
}

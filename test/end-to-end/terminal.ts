// A pseudo-terminal and a model of its screen: `script` of util-linux gives the first, xterm's own headless build the second. Tests see what a person would.
import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import xterm from '@xterm/headless'
import { root } from './rheo.ts'

const WAIT_MS = 15_000

export const hasScript = spawnSync('script', ['--version']).status === 0

export const keys = {
  enter: '\r',
  tab: '\t',
  shiftTab: '\u001b[Z',
  escape: '\u001b',
  up: '\u001b[A',
  down: '\u001b[B',
  left: '\u001b[D',
  home: '\u001b[H',
  end: '\u001b[F',
  backspace: '\u007f',
  ctrlC: '\u0003',
  ctrlD: '\u0004',
  ctrlR: '\u0012',
  altEnter: '\u001b\r',
} as const

export interface TerminalOptions {
  readonly cwd: string
  readonly columns?: number
  readonly rows?: number
  readonly env?: Readonly<Record<string, string>>
}

export class TestTerminal {
  readonly #child: ChildProcess
  readonly #model: InstanceType<typeof xterm.Terminal>
  readonly #folder: string
  readonly exited: Promise<number | null>
  /** Every byte that the program sent. */
  raw = ''

  private constructor(child: ChildProcess, model: InstanceType<typeof xterm.Terminal>, folder: string) {
    this.#child = child
    this.#model = model
    this.#folder = folder
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.raw += text
      model.write(text)
    })
    child.stdin!.on('error', () => undefined)
    this.exited = new Promise((resolve) => child.on('close', (status) => resolve(status)))
  }

  /** `rheo ARGS` on a terminal. */
  static start(args: readonly string[], { cwd, columns = 80, rows = 24, env = {} }: TerminalOptions): TestTerminal {
    const folder = mkdtempSync(join(tmpdir(), 'rheo-tty-'))
    const words = [process.execPath, '--disallow-code-generation-from-strings', join(root, 'dist/rheo.js'), ...args].map(
      (word) => `'${word}'`,
    )
    const command = `stty cols ${columns} rows ${rows}; tty > '${folder}/tty'; exec ${words.join(' ')}`
    const child = spawn('script', ['-qefc', command, '/dev/null'], {
      cwd,
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { PATH: process.env['PATH'], HOME: cwd, TERM: 'xterm-256color', XDG_STATE_HOME: join(cwd, 'state'), ...env },
    })
    const model = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 })
    return new TestTerminal(child, model, folder)
  }

  type(text: string): void {
    this.#child.stdin!.write(text)
  }

  /** Types a line and waits until its last words stand on the screen, then presses Enter. */
  async enter(line: string): Promise<void> {
    this.type(line)
    await this.waitFor((screen) => screen.replaceAll('\n', '').includes(line.slice(-12).trimEnd()))
    this.type(keys.enter)
  }

  resize(columns: number, rows: number): void {
    this.#model.resize(columns, rows)
    execFileSync('stty', ['-F', readFileSync(join(this.#folder, 'tty'), 'utf8').trim(), 'cols', String(columns), 'rows', String(rows)])
  }

  /** What the screen shows, without blanks at the ends of lines and below. */
  screen(): string {
    const { active } = this.#model.buffer
    const lines = Array.from({ length: this.#model.rows }, (_, i) => active.getLine(active.baseY + i)?.translateToString(true) ?? '')
    return lines.join('\n').trimEnd()
  }

  get cursor(): { readonly row: number; readonly column: number } {
    const { active } = this.#model.buffer
    return { row: active.cursorY, column: active.cursorX }
  }

  get isAlternate(): boolean {
    return this.#model.buffer.active.type === 'alternate'
  }

  async waitFor(wanted: RegExp | ((screen: string) => boolean), what = String(wanted)): Promise<string> {
    const until = performance.now() + WAIT_MS
    for (;;) {
      await new Promise<void>((resolve) => this.#model.write('', resolve))
      const screen = this.screen()
      if (wanted instanceof RegExp ? wanted.test(screen) : wanted(screen)) return screen
      assert.ok(performance.now() < until, `not seen: ${what}\n${screen}`)
      await sleep(15)
    }
  }

  /** The terminal is closed while the program runs. */
  hangUp(): void {
    this.#child.kill('SIGTERM')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL')
    this.#child.stdin!.destroy()
    await this.exited
    this.#model.dispose()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

// Runs the built `rheo` as a user would: its own process, its own folder.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../..')
const bin = join(root, 'dist/rheo.js')
const TIMEOUT_MS = 30_000

export interface Result {
  readonly status: number | null
  readonly out: string
  readonly error: string
  readonly seconds: number
}

export interface RunOptions {
  readonly cwd?: string
  readonly input?: string
  /** Sends a signal as soon as standard output has this many lines. */
  readonly interrupt?: { readonly afterLines: number; readonly signal: NodeJS.Signals }
  /** Closes standard output after this many lines. */
  readonly closeAfterLines?: number
}

/** `rheo ARGS`. */
export function rheo(args: readonly string[], options: RunOptions = {}): Promise<Result> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const child = spawn(process.execPath, ['--disallow-code-generation-from-strings', bin, ...args], {
      cwd: options.cwd ?? root,
      stdio: 'pipe',
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS)
    let out = ''
    let error = ''
    let isSent = false
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
      const lines = out.split('\n').length - 1
      if (options.interrupt !== undefined && !isSent && lines >= options.interrupt.afterLines) {
        isSent = true
        child.kill(options.interrupt.signal)
      }
      if (options.closeAfterLines !== undefined && lines >= options.closeAfterLines) child.stdout.destroy()
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text))
    child.on('error', reject)
    child.on('close', (status) => {
      clearTimeout(timer)
      resolve({ status, out, error, seconds: (performance.now() - started) / 1000 })
    })
    child.stdin.end(options.input ?? '')
  })
}

/** A folder with files, removed when the test ends. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'rheo-test-'))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content)
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

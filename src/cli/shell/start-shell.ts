import { createInterface } from 'node:readline'
import { History } from './history.ts'
import { LineEditor } from './line-editor.ts'
import { Shell, type ShellSetup, TYPED } from './shell.ts'
import { shellLanguage } from './shell-language.ts'
import { ShellTerminal } from './shell-terminal.ts'
import { StatementReader } from './statement-reader.ts'

export interface StartOptions extends Omit<ShellSetup, 'terminal' | 'isPerson'> {
  /** A script that runs before the first prompt. */
  readonly init: string | undefined
  /** Undefined: nothing is kept. */
  readonly historyPath: string | undefined
}

/** A shell for a person, until it is left. Its status is 0: what went wrong was seen. */
export async function runInteractively(options: StartOptions): Promise<number> {
  const terminal = new ShellTerminal()
  const shell = new Shell({ ...options, terminal, isPerson: true })
  const history = new History(options.historyPath)
  const language = shellLanguage(shell.session, shell, () => shell.chartColumns())
  const editor = new LineEditor(terminal.keyboard, terminal, language, () => history.entries)
  const onEnd = (signal: NodeJS.Signals): void => process.exit(signal === 'SIGTERM' ? 143 : 129)
  process.on('SIGTERM', onEnd)
  process.on('SIGHUP', onEnd)
  const onInterrupt = (): void => shell.interrupt()
  process.on('SIGINT', onInterrupt)
  terminal.keyboard.open()
  try {
    if (options.init !== undefined) await shell.runText(`\\i ${options.init}`, TYPED)
    terminal.write(`Rheo ${RHEO_VERSION}: SQL ends with ;  \\help tells more, \\q leaves\n`)
    while (!shell.isQuitting) {
      const typed = await editor.read(shell.takeEdited())
      if (typed.kind === 'end') break
      history.add(typed.text)
      await shell.runText(typed.text, TYPED)
    }
  } finally {
    terminal.keyboard.close()
    shell.close()
    process.off('SIGTERM', onEnd)
    process.off('SIGHUP', onEnd)
    process.off('SIGINT', onInterrupt)
  }
  return 0
}

declare const RHEO_VERSION: string

/**
 * Statements and commands from standard input, each as soon as it is whole, without prompts. The first mistake ends it with its status, unless
 * `\set on-error continue` says otherwise; then the status is still that of the first.
 */
export async function runStandardInput(options: StartOptions): Promise<number> {
  // A terminal that knows no cursor, such as an editor's: a prompt is all that it gets.
  const isPerson = process.stdin.isTTY && process.stdout.isTTY
  const shell = new Shell({ ...options, terminal: undefined, isPerson })
  const reader = new StatementReader((text) => shell.session.endOfStatements(text))
  const source = { name: '<stdin>', depth: 0 }
  const onSignal = (): void => {
    if (!shell.isRunning) process.exit(130)
    shell.quit()
    shell.interrupt()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  let status = 0
  let text = ''
  const prompt = (): void => {
    if (isPerson) process.stdout.write(reader.isOpen ? '   -> ' : 'rheo> ')
  }
  const isOver = (): boolean => shell.isQuitting || (status !== 0 && shell.options.stopsOnError)
  const run = async (parts: ReturnType<StatementReader['push']>): Promise<void> => {
    const failed = await shell.runParts(parts, source, text)
    status = status === 0 ? failed : status
  }
  try {
    if (options.init !== undefined) status = await shell.runText(`\\i ${options.init}`, source)
    if (!isOver()) {
      prompt()
      for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
        text += `${line}\n`
        await run(reader.push(line))
        if (isOver()) break
        prompt()
      }
      if (!isOver()) await run(reader.end())
    }
  } finally {
    shell.close()
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
    process.stdin.destroy()
  }
  return status
}

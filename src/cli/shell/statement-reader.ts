/** A part of a script for the shell: SQL of one or more whole statements, or a command. */
export interface ScriptPart {
  readonly kind: 'sql' | 'command'
  readonly text: string
  /** Where it begins in the script, from 1. */
  readonly line: number
}

/** Words that work without `\` and `;`, as in other shells. */
const WORD_COMMANDS: Readonly<Record<string, string>> = { quit: '\\q', exit: '\\q', help: '\\help', clear: '\\clear' }

/** The command that a line is: one that begins with `\`, or a word such as `quit`. */
export function commandOf(line: string): string | undefined {
  const text = line.trim()
  if (text.startsWith('\\')) return text
  return WORD_COMMANDS[text.replace(/\s*;$/, '').toLowerCase()]
}

/** Divides lines, as they come, into statements and commands; a command stands on a line of its own, where no statement is open. */
export class StatementReader {
  readonly #endOfStatements: (text: string) => number
  #text = ''
  #firstLine = 1
  #line = 0

  constructor(endOfStatements: (text: string) => number) {
    this.#endOfStatements = endOfStatements
  }

  /** @param line Without its end. */
  push(line: string): readonly ScriptPart[] {
    this.#line++
    if (this.#text.trim() === '') {
      this.#text = ''
      this.#firstLine = this.#line
      const command = commandOf(line)
      if (command !== undefined) return [{ kind: 'command', text: command, line: this.#line }]
    }
    this.#text += `${line}\n`
    if (!line.includes(';')) return []
    const end = this.#endOfStatements(this.#text)
    if (end === 0) return []
    const part: ScriptPart = { kind: 'sql', text: this.#text.slice(0, end), line: this.#firstLine }
    this.#text = this.#text.slice(end)
    this.#firstLine = this.#line
    return [part]
  }

  /** Whether a statement has begun. */
  get isOpen(): boolean {
    return this.#text.trim() !== ''
  }

  /** What is left, though it has no `;`. */
  end(): readonly ScriptPart[] {
    const text = this.#text
    this.#text = ''
    return text.trim() === '' ? [] : [{ kind: 'sql', text, line: this.#firstLine }]
  }
}

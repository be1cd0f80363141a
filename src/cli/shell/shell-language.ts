import { styleText } from 'node:util'
import type { Candidate, Completion } from '../../api/complete-sql.ts'
import type { ScriptSession } from '../../api/script-session.ts'
import { type CommandHost, commands, type OperandKind } from './commands.ts'
import { completePath } from './complete-path.ts'
import type { EditedLanguage } from './line-editor.ts'
import { commandOf } from './statement-reader.ts'

const PROMPT = 'rheo> '

/** Prompts of lines that go on, by what is open. */
const CONTINUED = { statement: '   -> ', string: "   '> ", name: '   `> ', comment: '   *> ', parenthesis: '   (> ' } as const

const COLOURS = {
  prompt: 'bold',
  keyword: 'blue',
  function: 'cyan',
  string: 'green',
  quoted: 'yellow',
  number: 'magenta',
  comment: 'dim',
  command: 'cyan',
  dim: 'dim',
  selected: 'inverse',
} as const satisfies Record<string, Parameters<typeof styleText>[0]>

/** SQL and the shell's commands, as the line editor asks about them. */
export function shellLanguage(session: ScriptSession, host: CommandHost, chartColumns: () => readonly string[]): EditedLanguage {
  return {
    prompt(linesBefore) {
      if (linesBefore === undefined) return PROMPT
      return CONTINUED[session.openPartOf(withoutCommands(linesBefore)) ?? 'statement']
    },

    isWhole(text, isCursorAtEnd) {
      const sql = withoutCommands(text)
      const open = session.openPartOf(sql)
      if (open === undefined) return true
      // A blank line behind `;` gives up on a parenthesis that was never closed: the message then tells where.
      return open === 'parenthesis' && isCursorAtEnd && /;[ ]*\n[ ]*$/.test(sql)
    },

    complete(text, offset) {
      if (!isCommandLine(text, offset)) return withPaths(session.complete(text, offset), text, offset)
      const start = text.lastIndexOf('\n', offset - 1) + 1
      return completeCommand(text.slice(start, offset), start, { session, host, chartColumns })
    },

    styles(text) {
      const styles = new Map<number, string>()
      const commandEnd = text.trimStart().startsWith('\\') ? (text.includes('\n') ? text.indexOf('\n') : text.length) : 0
      for (const piece of session.piecesOf(text))
        if (piece.offset >= commandEnd) for (let i = 0; i < piece.length; i++) styles.set(piece.offset + i, piece.kind)
      const commandWord = /^\s*\\\S*/.exec(text)?.[0].length ?? 0
      return (offset) => (offset < commandWord ? 'command' : styles.get(offset))
    },

    paint: (style, text) => (Object.hasOwn(COLOURS, style) ? styleText(COLOURS[style as keyof typeof COLOURS], text) : text),
  }
}

/** The SQL of a text whose first lines are commands. */
function withoutCommands(text: string): string {
  const lines = text.split('\n')
  const from = lines.findIndex((line) => line.trim() !== '' && commandOf(line) === undefined)
  return from < 0 ? '' : lines.slice(from).join('\n')
}

function isCommandLine(text: string, offset: number): boolean {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  return text.slice(start).trimStart().startsWith('\\') && withoutCommands(text.slice(0, start)) === ''
}

/** File names where an option's value is a path. */
function withPaths(completion: Completion, text: string, offset: number): Completion {
  if (completion.path === undefined) return completion
  const close = text[offset] === "'" ? '' : "'"
  const candidates = completePath(completion.path).map(({ path, isFolder }): Candidate => ({
    text: `'${path.replaceAll("'", "''")}${isFolder ? '/' : close}`,
    kind: 'value',
    detail: isFolder ? 'folder' : '',
  }))
  return { ...completion, candidates }
}

interface CommandContext {
  readonly session: ScriptSession
  readonly host: CommandHost
  readonly chartColumns: () => readonly string[]
}

function completeCommand(line: string, start: number, context: CommandContext): Completion {
  const [, indent = '', name = '', blank = '', operand = ''] = /^(\s*)\\(\S*)(\s*)([^]*)$/.exec(line) ?? []
  if (blank === '') {
    const candidates = commands
      .filter((command) => command.name.startsWith(name))
      .map((command): Candidate => ({ text: `\\${command.name}`, kind: 'name', detail: `${command.operand}  ${command.doc}`.trim() }))
    return { replaces: { offset: start + indent.length, length: line.length - indent.length }, candidates }
  }
  const kind = commands.find((command) => command.name === name)?.completes ?? 'none'
  const words = operandsOf(kind, operand, context)
  const candidates = words.filter((candidate) => candidate.text.toLowerCase().startsWith(operand.toLowerCase()))
  return { replaces: { offset: start + line.length - operand.length, length: operand.length }, candidates }
}

function operandsOf(kind: OperandKind, operand: string, { session, host, chartColumns }: CommandContext): readonly Candidate[] {
  const name = (text: string, detail = ''): Candidate => ({ text, kind: 'name', detail })
  switch (kind) {
    case 'file':
      return completePath(operand).map(({ path, isFolder }) => name(isFolder ? `${path}/` : path, isFolder ? 'folder' : ''))
    case 'table':
      return session.tables().map((table) => name(table.name, table.kind))
    case 'function':
      return session.functions().map((each) => name(each.name, each.forms[0]))
    case 'column': {
      const [column = ''] = operand.split(' ')
      const forms = chartColumns().includes(column) ? [name(`${column} bar`), name(`${column} spark`)] : []
      return operand.includes(' ') ? forms : [...chartColumns().map((each) => name(each, 'column')), name('off')]
    }
    case 'setting':
      return host.listSettings().map(([key, value, doc]) => name(key, `${value}  ${doc}`.trim()))
    case 'command':
      return [
        ...commands.map((command) => name(command.name, command.doc)),
        ...session.functions().map((each) => name(each.name, each.forms[0])),
      ]
    case 'switch':
      return [name('on'), name('off')]
    case 'none':
      return []
  }
}

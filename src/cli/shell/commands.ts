import { userError } from '../../base/errors.ts'
import { suggestion } from '../../base/nearest.ts'
import type { FunctionDoc } from '../../api/function-docs.ts'
import type { ListedTable } from '../../api/script-session.ts'
import type { TableCells, TableColumn } from '../table-text.ts'
import type { Chart } from './chart.ts'

/** What commands do to a shell. */
export interface CommandHost {
  tables(): readonly ListedTable[]
  functions(): readonly FunctionDoc[]
  print(text: string): void
  printTable(columns: readonly TableColumn[], rows: readonly TableCells[]): void
  runSql(text: string): Promise<void>
  runFile(path: string): Promise<void>
  watch(seconds: number): Promise<void>
  edit(path: string | undefined): Promise<void>
  setOutput(path: string | undefined): void
  chart: Chart | undefined
  /** Shows the last result again. */
  redraw(): void
  /** Options and variables with their values. */
  listSettings(): readonly (readonly [string, string, string])[]
  set(name: string, value: string): void
  unset(name: string): void
  isTiming: boolean
  clear(): void
  quit(): void
}

/** What may follow a command, for completion. */
export type OperandKind = 'file' | 'table' | 'function' | 'column' | 'setting' | 'command' | 'switch' | 'none'

export interface ShellCommand {
  readonly name: string
  readonly operand: string
  readonly completes: OperandKind
  readonly doc: string
  run(host: CommandHost, operand: string): void | Promise<void>
}

export const commands: readonly ShellCommand[] = [
  { name: 'help', operand: '[name]', completes: 'command', doc: 'this list, or one command, function or error code', run: help },
  { name: 'd', operand: '[name]', completes: 'table', doc: 'tables and views, or the columns of one', run: describe },
  {
    name: 'f',
    operand: '[pattern]',
    completes: 'function',
    doc: 'functions with their arguments: \\f json, \\f *_agg',
    run: listFunctions,
  },
  { name: 'timing', operand: '[on|off]', completes: 'switch', doc: 'tells how long each statement took', run: timing },
  {
    name: 'chart',
    operand: '[column [bar|spark]|off]',
    completes: 'column',
    doc: 'draws bars or sparklines beside the numbers of a column',
    run: chart,
  },
  { name: 'watch', operand: '[seconds]', completes: 'none', doc: 'runs the last query again every 2 seconds, or so many', run: watch },
  {
    name: 'o',
    operand: '[file]',
    completes: 'file',
    doc: 'writes results to a file (.csv, .json: in that format), or here again',
    run: output,
  },
  { name: 'i', operand: 'file', completes: 'file', doc: 'runs the statements and commands of a file', run: include },
  {
    name: 'e',
    operand: '[file]',
    completes: 'file',
    doc: 'opens the last statement, or a file, in $EDITOR',
    run: (host, path) => host.edit(path === '' ? undefined : path),
  },
  {
    name: 'set',
    operand: '[name [value]]',
    completes: 'setting',
    doc: 'sets an option of the shell, or what ${name} stands for; alone: lists them',
    run: set,
  },
  { name: 'unset', operand: 'name', completes: 'setting', doc: 'takes a variable away, or gives an option its default', run: unset },
  { name: 'clear', operand: '', completes: 'none', doc: 'clears the screen', run: (host) => host.clear() },
  { name: 'q', operand: '', completes: 'none', doc: 'leaves (also quit, exit, Ctrl-D)', run: (host) => host.quit() },
]

/** What other shells call these. */
const foreign: Readonly<Record<string, string>> = {
  '?': 'help',
  h: 'help',
  dt: 'd',
  dv: 'd',
  describe: 'd',
  tables: 'd',
  df: 'f',
  functions: 'f',
  quit: 'q',
  exit: 'q',
  include: 'i',
  source: 'i',
  out: 'o',
  edit: 'e',
  pset: 'set',
}

/** Runs a line that begins with `\`. */
export async function runCommand(host: CommandHost, line: string): Promise<void> {
  const [, word = '', rest = ''] = /^\\(\S*)\s*([^]*)$/.exec(line) ?? []
  const name = word.replace(/;$/, '')
  const command = commands.find((each) => each.name === name)
  if (command === undefined) throw unknownCommand(name)
  await command.run(host, unquoted(rest.trim().replace(/\s*;$/, '')))
}

function unknownCommand(name: string): Error {
  const names = commands.map((command) => `\\${command.name}`)
  const meant = foreign[name.toLowerCase()] ?? commands.find((command) => command.name === name.toLowerCase())?.name
  const near = meant === undefined ? suggestion(`\\${name}`, names) : `; did you mean "\\${meant}"?`
  const hint = near === '' ? `; there are ${names.join(', ')}` : near
  return userError('shell/unknown-command', `Cannot find the command "\\${name}": the shell has none of that name${hint}`)
}

function unquoted(text: string): string {
  const quoted = /^'((?:[^']|'')*)'$/.exec(text)?.[1]
  return quoted === undefined ? text : quoted.replaceAll("''", "'")
}

function wrongOperand(command: string, found: string, wanted: string): Error {
  return userError('shell/operand', `Cannot run "\\${command} ${found}": wanted is ${wanted}`)
}

const KEYS: readonly (readonly [string, string])[] = [
  ['Tab', 'completes: keywords, tables, columns, functions, options, files; again: goes through the list'],
  ['Enter', 'runs a statement that ends with ; and else goes on in the next line (Alt-Enter always does)'],
  ['Up, Down', 'older and newer statements; Ctrl-R searches them'],
  ['Ctrl-C', 'clears the input, or stops what runs'],
  ['Ctrl-D', 'leaves, where the input is empty'],
]

function help(host: CommandHost, operand: string): void | Promise<void> {
  const wanted = operand.replace(/^\\/, '')
  if (wanted !== '') return helpOf(host, wanted)
  const left = commands.map(({ name, operand: what }) => `\\${name}${what === '' ? '' : ` ${what}`}`)
  const width = Math.max(...left.map((text) => text.length)) + 2
  const lines = commands.map(({ doc }, i) => `  ${(left[i] ?? '').padEnd(width)}${doc}`)
  const keys = KEYS.map(([key, doc]) => `  ${key.padEnd(width)}${doc}`)
  host.print(
    [
      'Statements of SQL end with ; and may take several lines.',
      '',
      ...lines,
      '',
      ...keys,
      '',
      'In a live table: c shows changes, arrows scroll, q leaves.',
      '',
    ].join('\n'),
  )
}

async function helpOf(host: CommandHost, wanted: string): Promise<void> {
  const command = commands.find((each) => each.name === wanted)
  if (command !== undefined) return host.print(`\\${command.name} ${command.operand}\n  ${command.doc}\n`)
  if (wanted.includes('/')) {
    const { errorCodes } = await import('../../base/error-codes.ts')
    const code = wanted.replace(/^\[|\]$/g, '')
    const meaning = errorCodes[code]
    if (meaning !== undefined) return host.print(`${meaning}\n`)
    throw userError('shell/operand', `Cannot help with "${code}": it is no code of an error${suggestion(code, Object.keys(errorCodes))}`)
  }
  if (!host.functions().some((each) => each.name.toLowerCase() === wanted.toLowerCase())) {
    const names = [...commands.map((each) => each.name), ...host.functions().map((each) => each.name)]
    throw userError('shell/operand', `Cannot help with "${wanted}": it is no command and no function${suggestion(wanted, names)}`)
  }
  describeFunctions(
    host,
    [...host.functions()].filter((each) => each.name.toLowerCase() === wanted.toLowerCase()),
  )
}

async function describe(host: CommandHost, operand: string): Promise<void> {
  if (operand !== '') {
    // A name as it is written in SQL, quotes and dots and all.
    const isWritten = /^(?:`[^`]*`|[\w$]+)(?:\.(?:`[^`]*`|[\w$]+))*$/.test(operand)
    return host.runSql(`DESCRIBE ${isWritten ? operand : `\`${operand.replaceAll('`', '``')}\``};`)
  }
  const tables = host.tables()
  if (tables.length === 0) return host.print('There are no tables yet: CREATE TABLE makes one, \\i file runs a script\n')
  const text = (name: string): TableColumn => ({ name, isNumber: false })
  const columns = [text('name'), text('kind'), text('connector'), text('columns')]
  host.printTable(
    columns,
    tables.map((table) => [table.name, table.kind, table.connector, table.columns.join(', ')]),
  )
}

/** Functions that are described one by one rather than listed. */
const MAX_DESCRIBED = 3

function listFunctions(host: CommandHost, pattern: string): void {
  const all = host.functions()
  const found = pattern === '' ? all : all.filter((each) => matches(each.name, pattern))
  if (found.length === 0) {
    const near = suggestion(
      pattern,
      all.map((each) => each.name),
    )
    return host.print(`No function has "${pattern}" in its name${near}\n`)
  }
  if (found.length <= MAX_DESCRIBED) return describeFunctions(host, found)
  host.printTable(
    [
      { name: 'function', isNumber: false },
      { name: 'what it gives', isNumber: false },
    ],
    found.map(({ name, forms, doc }) => [forms[0] ?? name, doc]),
  )
}

/** A pattern with `*` is the whole name, else a part of it. */
function matches(name: string, pattern: string): boolean {
  const wanted = pattern.toUpperCase()
  if (!wanted.includes('*')) return name.toUpperCase().includes(wanted)
  const source = wanted
    .split('*')
    .map((part) => part.replace(/[^\w]/g, '\\$&'))
    .join('.*')
  return new RegExp(`^${source}$`).test(name.toUpperCase())
}

function describeFunctions(host: CommandHost, found: readonly FunctionDoc[]): void {
  const lines = found.flatMap(({ forms, doc, examples }) => [
    ...forms,
    `  ${doc}`,
    ...examples.slice(0, 3).map(([call, result]) => `  ${call} gives ${result ?? 'NULL'}`),
  ])
  host.print(`${lines.join('\n')}\n`)
}

function timing(host: CommandHost, operand: string): void {
  if (operand !== '' && operand !== 'on' && operand !== 'off') throw wrongOperand('timing', operand, 'on or off')
  host.isTiming = operand === '' ? !host.isTiming : operand === 'on'
  host.print(`Timing is ${host.isTiming ? 'on' : 'off'}\n`)
}

function chart(host: CommandHost, operand: string): void {
  if (operand === '') {
    const { chart: now } = host
    return host.print(
      now === undefined
        ? 'No column is drawn: \\chart column draws one\n'
        : `Column "${now.column}" is drawn as ${now.form}: \\chart off ends it\n`,
    )
  }
  if (operand === 'off') {
    host.chart = undefined
    return host.print('No column is drawn\n')
  }
  const [, column = '', form = 'bar'] = /^(.*?)(?:\s+(\S+))?$/.exec(operand) ?? []
  if (form !== 'bar' && form !== 'spark')
    throw wrongOperand('chart', operand, `\\chart column [bar|spark]${suggestion(form, ['bar', 'spark'])}`)
  host.chart = { column: column.replace(/^`(.*)`$/, '$1'), form }
  host.redraw()
}

function watch(host: CommandHost, operand: string): Promise<void> {
  const seconds = operand === '' ? 2 : Number(operand)
  if (!(seconds >= 0.1 && seconds <= 86_400)) throw wrongOperand('watch', operand, 'a number of seconds from 0.1 to 86400')
  return host.watch(seconds)
}

function output(host: CommandHost, operand: string): void {
  host.setOutput(operand === '' ? undefined : operand)
}

function include(host: CommandHost, operand: string): Promise<void> {
  if (operand === '') throw wrongOperand('i', operand, 'the path of a file')
  return host.runFile(operand)
}

function set(host: CommandHost, operand: string): void {
  const [, name = '', value] = /^(\S*)(?:\s+([^]*))?$/.exec(operand) ?? []
  if (name === '') {
    host.printTable(
      [
        { name: 'name', isNumber: false },
        { name: 'value', isNumber: false },
        { name: 'meaning', isNumber: false },
      ],
      host.listSettings(),
    )
    return
  }
  if (value === undefined) {
    const found = host.listSettings().find(([known]) => known === name)
    if (found === undefined)
      throw wrongOperand(
        'set',
        operand,
        `a value behind the name${suggestion(
          name,
          host.listSettings().map(([known]) => known),
        )}`,
      )
    return host.print(`${name} is ${found[1]}\n`)
  }
  host.set(name, unquoted(value.trim()))
}

function unset(host: CommandHost, operand: string): void {
  if (operand === '') throw wrongOperand('unset', operand, 'the name of a variable')
  host.unset(operand)
}

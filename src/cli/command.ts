import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { RheoError } from '../base/errors.ts'
import { suggestion } from '../base/nearest.ts'

/** Columns that names take in the help. */
const MAX_NAME_WIDTH = 26

export interface CommandOption {
  readonly type: 'string' | 'boolean'
  readonly multiple?: boolean
  /** What the value is, for the help: `FILE`, `KEY=VALUE`, or the choices: `table|csv`. */
  readonly value?: string
  readonly doc: string
}

/** One command of `rheo`, one file each. */
export interface Command {
  readonly name: string
  /** `FILE.sql|-`, for the usage line. */
  readonly operands: string
  readonly summary: string
  readonly options: Readonly<Record<string, CommandOption>>
  /** Further names with what they mean, below the options. */
  readonly topics?: readonly { readonly title: string; readonly rows: readonly (readonly [string, string])[] }[]
  /** Shown below the options: what a newcomer would try first. */
  readonly examples: readonly string[]
  run(args: CommandArguments): Promise<number>
}

export interface CommandArguments {
  readonly operands: readonly string[]
  text(name: string): string | undefined
  list(name: string): readonly string[]
  flag(name: string): boolean
}

/** Splits the words behind a command's name; an unknown option names the nearest one. */
export function parseCommand(command: Command, words: readonly string[]): CommandArguments {
  const options: ParseArgsOptionsConfig = {}
  for (const [name, { type, multiple }] of Object.entries(command.options)) options[name] = { type, multiple: multiple ?? false }
  const { tokens } = parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true })
  const operands: string[] = []
  const values = new Map<string, string[]>()
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value)
    if (token.kind !== 'option') continue
    const option = command.options[token.name]
    if (option === undefined) {
      const names = Object.keys(command.options).map((each) => `--${each}`)
      const near = suggestion(token.rawName, names)
      throw usageError(`Cannot understand "${token.rawName}": the options of rheo ${command.name} are ${names.join(', ')}${near}`)
    }
    if (option.type === 'string' && token.value === undefined) {
      throw usageError(`Cannot understand "${token.rawName}": it wants a value, ${token.rawName} ${option.value ?? 'VALUE'}`)
    }
    if (option.type === 'boolean' && token.value !== undefined) {
      throw usageError(`Cannot understand "${token.rawName}=${token.value}": it takes no value`)
    }
    const earlier = values.get(token.name) ?? []
    if (earlier.length > 0 && option.multiple !== true) throw usageError(`Cannot take "${token.rawName}" twice`)
    values.set(token.name, [...earlier, token.value ?? 'true'])
  }
  return {
    operands,
    text: (name) => values.get(name)?.[0],
    list: (name) => values.get(name) ?? [],
    flag: (name) => values.has(name),
  }
}

/** The user mistyped the command line: exit status 2. */
export function usageError(message: string): RheoError {
  return new RheoError(message, { code: 'cli/usage', domain: 'user' })
}

/** `KEY=VALUE` pairs of a repeated option. */
export function parsePairs(option: string, texts: readonly string[]): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>()
  for (const text of texts) {
    const at = text.indexOf('=')
    if (at <= 0) throw usageError(`Cannot understand "${option} ${text}": wanted is KEY=VALUE`)
    pairs.set(text.slice(0, at), text.slice(at + 1))
  }
  return pairs
}

/** One of the choices, or a usage error that lists them. */
export function parseChoice<T extends string>(option: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text)
  if (found !== undefined) return found
  throw usageError(`Cannot understand "${option} ${text}": wanted is one of ${choices.join(', ')}${suggestion(text, choices)}`)
}

export function parseWholeNumber(option: string, text: string, least: number): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= least && /^\d+$/.test(text)) return value
  throw usageError(`Cannot understand "${option} ${text}": wanted is a whole number of at least ${least}`)
}

/** The text that `rheo COMMAND --help` prints. */
export function commandHelp(command: Command): string {
  const options = Object.entries(command.options).map(
    ([name, option]) =>
      [
        `--${name}${option.type === 'string' ? ` ${option.value ?? 'VALUE'}` : ''}${option.multiple === true ? '...' : ''}`,
        option.doc,
      ] as const,
  )
  const sections = [{ title: 'options', rows: [...options, ['--help', 'this text'] as const] }, ...(command.topics ?? [])]
  return [
    command.summary,
    '',
    `usage: rheo ${command.name} ${command.operands}${options.length > 0 ? ' [options]' : ''}`,
    '',
    ...sections.flatMap(({ title, rows }) => [`${title}:`, ...columnsOf(rows), '']),
    'examples:',
    ...command.examples.map((example) => `  ${example}`),
    '',
  ].join('\n')
}

/** Names left, their meaning right; behind a long name the meaning stands on the next line. */
function columnsOf(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.min(MAX_NAME_WIDTH, Math.max(...rows.map(([name]) => name.length))) + 2
  return rows.map(([name, meaning]) =>
    name.length + 2 > width ? `  ${name}\n${' '.repeat(width + 2)}${meaning}` : `  ${name.padEnd(width)}${meaning}`,
  )
}

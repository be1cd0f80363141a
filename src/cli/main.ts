import { suggestion } from '../base/nearest.ts'
import { statusOf } from './abandoned.ts'
import { benchCommand } from './bench.ts'
import { type Command, commandHelp, parseCommand, usageError } from './command.ts'
import { completionOf } from './completion.ts'
import { explainCommand } from './explain.ts'
import { exitStatus, reportError } from './report-error.ts'
import { runCommand } from './run.ts'
import { sqlCommand } from './sql.ts'

declare const RHEO_VERSION: string

const jobCommands: readonly Command[] = [runCommand, sqlCommand, explainCommand, benchCommand]
const commands: readonly Command[] = [...jobCommands, completionOf(jobCommands)]

const help = (): string =>
  [
    'Rheo runs streaming SQL in the Flink dialect, in this process.',
    '',
    'usage: rheo COMMAND [options]',
    '',
    ...commands.map((command) => `  ${command.name.padEnd(12)}${command.summary}`),
    '',
    'rheo COMMAND --help tells more of one command, rheo help CODE what an error means (rheo help sql/unknown-column). rheo --version prints the version.',
    '',
  ].join('\n')

/** Runs one command line and leaves its exit status in `process.exitCode`. */
export async function main(words: readonly string[]): Promise<void> {
  endOnFailedOutput()
  const isVerbose = words.includes('--verbose')
  try {
    process.exitCode = await statusOf(dispatch(words))
  } catch (error) {
    process.stderr.write(reportError(error, { isVerbose, isTerminal: process.stderr.isTTY === true }))
    process.exitCode = exitStatus(error)
  }
}

async function dispatch(words: readonly string[]): Promise<number> {
  const [name, ...rest] = words
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${RHEO_VERSION}\n`)
    return 0
  }
  if (name === 'help' && rest[0] !== undefined) {
    process.stdout.write(await helpOn(rest[0]))
    return 0
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(help())
    return name === undefined ? 2 : 0
  }
  const command = commands.find((each) => each.name === name)
  if (command === undefined) {
    const names = [...commands.map((each) => each.name), 'help']
    throw usageError(`Cannot find the command "${name}": there are ${names.join(', ')}${suggestion(name, names)}`)
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(commandHelp(command))
    return 0
  }
  return command.run(parseCommand(command, rest))
}

/** `rheo run ... | head` ends the job without a word: the reader has seen what it wanted. Any other failure is one outside, such as a full disk. */
function endOnFailedOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    const reason = error.code === 'ENOSPC' ? 'the disk is full' : error.message
    process.stderr.write(`Cannot write to standard output: ${reason}  [file/failed]\n`)
    process.exit(3)
  })
  process.stderr.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 3))
}

/** The help of a command, or what an error code means. */
async function helpOn(subject: string): Promise<string> {
  const command = commands.find((each) => each.name === subject)
  if (command !== undefined) return commandHelp(command)
  const { errorCodes } = await import('../base/error-codes.ts')
  const code = subject.replace(/^\[|\]$/g, '')
  const meaning = errorCodes[code]
  if (meaning !== undefined) return `${meaning}\n`
  const known = [...commands.map((each) => each.name), ...Object.keys(errorCodes)]
  throw usageError(`Cannot tell of "${subject}": wanted is a command, or the code of an error${suggestion(subject, known)}`)
}

import { explainScript } from '../api/explain.ts'
import { RheoError } from '../base/errors.ts'
import { type Command, type CommandArguments, parsePairs } from './command.ts'
import { exitStatus, reportError } from './report-error.ts'
import { readScript, scriptOptions, settingsOf } from './run.ts'
import { expandVariables } from './variables.ts'

export const explainCommand: Command = {
  name: 'explain',
  operands: 'FILE.sql|-',
  summary: 'shows how the queries of a script would run, without running them',
  options: { changelog: { type: 'boolean', doc: 'shows which kinds of changes leave each operator' }, ...scriptOptions },
  examples: ['rheo explain examples/flights.sql', 'rheo explain job.sql --changelog'],
  run,
}

function run(args: CommandArguments): Promise<number> {
  const { file, text } = readScript(args)
  const script = expandVariables(text, file, parsePairs('--var', args.list('var')))
  try {
    process.stdout.write(explainScript(script.text, { source: file, settings: settingsOf(args), showsChanges: args.flag('changelog') }))
    return Promise.resolve(0)
  } catch (error) {
    const inFile = script.inFile(error)
    if (!(inFile instanceof RheoError)) throw inFile
    const options = { isVerbose: args.flag('verbose'), isTerminal: process.stderr.isTTY, scripts: new Map([[file, text]]) }
    process.stderr.write(reportError(inFile, options))
    return Promise.resolve(exitStatus(inFile))
  }
}

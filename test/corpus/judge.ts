import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CorpusCase, type Mode, readCase, runCase } from './case.ts'
import { difference } from './compare.ts'
import { defaultMode, exactMode, modeName, modesOf } from './modes.ts'

export const conformanceFolder = join(import.meta.dirname, '../conformance')

/** The project's own cases, recorded where the corpus left a doubt. */
export const projectFolder: string = import.meta.dirname

/** All cases of a folder of families, sorted by name; an empty folder is a failure, never a skip. */
export function readCorpus(folder: string = conformanceFolder): readonly CorpusCase[] {
  const files = globSync('*/*.sql', { cwd: folder }).sort()
  if (files.length === 0) throw new Error(`no cases in ${folder}: refresh the corpus`)
  return files.map((file) => answered(readCase(folder, join(folder, file))))
}

/** A case that Flink refuses, for it lacks what the case asks for, or that it answers by chance, has the answer that beyond-flink.txt gives. */
function answered(corpusCase: CorpusCase): CorpusCase {
  const rows = beyondFlink.get(corpusCase.name)
  if (rows === undefined) return corpusCase
  const compare = /^-- compare: fold$/m.test(corpusCase.script) ? 'fold' : 'changes'
  return { ...corpusCase, compare, rows }
}

/**
 * The name of a case in one line, its answer in the lines behind; or `CASE as OTHER, columns 0 2`, where the answer is columns of another one's. `#` begins a
 * comment.
 */
export const beyondFlink: ReadonlyMap<string, readonly string[]> = readBeyondFlink(join(import.meta.dirname, 'beyond-flink.txt'))

function readBeyondFlink(file: string): ReadonlyMap<string, readonly string[]> {
  const answers = new Map<string, string[]>()
  let rows: string[] = []
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const same = /^(\S+) as (\S+), columns ([\d ]+)$/.exec(line)
    if (same !== null) answers.set(same[1]!, columnsOfAnswer(same[2]!, same[3]!.split(' ').map(Number)))
    else if (/^[+-][IUD]\[/.test(line)) rows.push(line)
    else answers.set(line, (rows = []))
  }
  return answers
}

/** Of values without commas. */
function columnsOfAnswer(name: string, columns: readonly number[]): string[] {
  const { rows } = readCase(conformanceFolder, join(conformanceFolder, `${name}.sql`))
  return rows.map((row) => {
    const values = row.slice(3, -1).split(', ')
    return `${row.slice(0, 3)}${columns.map((column) => values[column]).join(', ')}]`
  })
}

/** Why a case does not pass in a mode; undefined: it passes in all that were asked for. */
export async function judge(corpusCase: CorpusCase, modes: readonly Mode[]): Promise<string | undefined> {
  for (const mode of modes) {
    const reason = difference(corpusCase, await runCase(corpusCase, mode), mode === exactMode)
    if (reason !== undefined) return mode === defaultMode ? reason : `in ${modeName(mode)}: ${reason}`
  }
  return undefined
}

/** The default mode first, then all others; a seed per case, so that restores fall at different rows. */
export function allModes(corpusCase: CorpusCase): readonly Mode[] {
  let seed = 0
  for (const character of corpusCase.name) seed = (Math.imul(seed, 31) + character.charCodeAt(0)) | 0
  return [defaultMode, ...modesOf(seed)]
}

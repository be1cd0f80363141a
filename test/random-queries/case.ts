import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RheoError } from '../../src/base/errors.ts'
import { Random } from '../../src/base/random.ts'
import { ruleNames } from '../../src/plan/rules.ts'
import { Choices } from './choices.ts'
import { differenceOfTables } from './compare-tables.ts'
import { duckAnswer } from './duck.ts'
import { endsWithTime } from './ends-with-time.ts'
import { type RandomQuery, patternQuery, randomQuery } from './query.ts'
import { referenceAnswer } from './reference-answer.ts'
import { type Answer, NoEnd, answerOf } from './run-script.ts'
import { type RandomTable, createTable, emptied, fileName, isLookedUp, randomTables, tableFile, timedTables } from './tables.ts'
import { TooManyRows } from '../reference/evaluate.ts'
import { upsertedRows } from './upserts.ts'

type Settings = Readonly<Record<string, string>>

/** Tables, a query over them, and the ways in which it is run. */
export interface RandomCase {
  readonly tables: readonly RandomTable[]
  readonly query: RandomQuery
  readonly modes: readonly Settings[]
}

export interface Failure {
  /** What two answers differ: stays the same while the case is made small. */
  readonly kind: string
  readonly detail: string
  readonly settings: Settings
  readonly files: Variant
}

/** Which files the tables read. */
type Variant = 'history' | 'final rows' | 'emptied'

export interface Verdict {
  readonly failure: Failure | undefined
  /** The code with which the plan was refused: the grammar does not know all that a stream cannot answer. */
  readonly refused: string | undefined
  readonly comparedWith: readonly ('reference' | 'upserts' | 'batch' | 'duckdb' | 'emptied' | 'end of time')[]
  /** Of the answer. */
  readonly rows: number
}

/** Makes a case of choices. */
export type CaseMaker = (choices: Choices) => RandomCase

export function randomCase(choices: Choices): RandomCase {
  const tables = randomTables(choices)
  return caseOf(choices, tables, randomQuery(choices, tables))
}

/** A case about MATCH_RECOGNIZE. */
export function patternCase(choices: Choices): RandomCase {
  const tables = timedTables(choices)
  return caseOf(choices, tables, patternQuery(choices, tables))
}

function caseOf(choices: Choices, tables: readonly RandomTable[], query: RandomQuery): RandomCase {
  const modes = [{}, ...Array.from({ length: 2 }, () => choices.span('mode', () => randomMode(choices)))]
  return { tables, query, modes }
}

function randomMode(choices: Choices): Settings {
  const mode: Record<string, string> = {}
  const rows = choices.pick(['4096', '1', '7'])
  if (rows !== '4096') mode['rheo.batch.rows'] = rows
  if (choices.oneIn(2)) mode['parallelism.default'] = '3'
  const rules = choices.weighted([
    [3, undefined],
    [2, 'all'],
    [1, choices.pick(ruleNames)],
  ] as const)
  if (rules !== undefined) mode['rheo.rules.disabled'] = rules
  if (choices.oneIn(3)) mode['rheo.expressions'] = 'interpreted'
  if (choices.oneIn(2)) mode['rheo.restore-at'] = `${1 + choices.below(24)}${choices.pick(['', '@3', '@1'])}`
  // Then a table with a key is read as changes that may repeat, each key's last row kept.
  if (choices.oneIn(3)) mode['table.exec.source.cdc-events-duplicate'] = 'true'
  if (choices.oneIn(4)) mode['rheo.plan.roundtrip'] = 'true'
  if (choices.oneIn(3)) mode['rheo.source.block'] = choices.pick(['64', '1024', '1048576'])
  if (choices.oneIn(2)) mode['rheo.seed'] = String(choices.below(1000))
  return mode
}

/** The script of a case, with its tables' files in a folder. */
export function scriptOf({ tables, query }: RandomCase, variant: Variant, folder: string, settings: Settings = {}): string {
  const set = Object.entries(settings).map(([key, value]) => `SET '${key}' = '${value}';\n`)
  return `${set.join('')}${ddlOf(tables, variant, folder)}\n${query.sql};\n`
}

function ddlOf(tables: readonly RandomTable[], variant: Variant, folder: string): string {
  const what = variant === 'final rows' ? 'final rows' : 'history'
  return tables
    .map((table) => createTable(variant === 'emptied' ? emptied(table) : table, what))
    .join('\n')
    .replaceAll('${DATA}', folder)
}

export function writeTables(tables: readonly RandomTable[], variant: Variant, folder: string): void {
  mkdirSync(folder, { recursive: true })
  const what = variant === 'final rows' ? 'final rows' : 'history'
  for (const table of tables)
    writeFileSync(join(folder, fileName(table.name, what)), tableFile(variant === 'emptied' ? emptied(table) : table, what))
}

const batchMode: Settings = { 'execution.runtime-mode': 'batch' }

/** Runs a case in all its ways and compares the answers. What throws outside of a job, in an evaluator or DuckDB, fails as well. */
export async function judgeCase(testCase: RandomCase): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'rheo-random-'))
  try {
    return await judgeIn(testCase, folder)
  } catch (error) {
    const failure: Failure = { kind: 'fault', detail: stackOf(error), settings: {}, files: 'history' }
    return { failure, refused: undefined, comparedWith: [], rows: 0 }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function codeOf(error: unknown): string {
  return error instanceof RheoError ? error.code : error instanceof NoEnd ? 'no end' : 'fault'
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

async function judgeIn(testCase: RandomCase, folder: string): Promise<Verdict> {
  const { tables, query, modes } = testCase
  const comparedWith: Verdict['comparedWith'][number][] = []
  const verdict = (failure: Failure | undefined): Verdict => ({ failure, refused: undefined, comparedWith, rows: wanted.length })
  let refused: string | undefined
  /** Runs the query and compares; undefined when the plan is refused. */
  const check = async (
    name: string,
    variant: Variant,
    settings: Settings,
    wanted: readonly (readonly unknown[])[] | undefined,
  ): Promise<Failure | undefined> => {
    const failure = (kind: string, detail: string): Failure => ({ kind: `${name}: ${kind}`, detail, settings, files: variant })
    let answer: Answer
    try {
      answer = await answerOf(scriptOf(testCase, variant, folder), settings)
    } catch (error) {
      if (error instanceof RheoError && error.domain === 'user') {
        refused = error.code
        return undefined
      }
      return failure(codeOf(error), stackOf(error))
    }
    if (answer.fault !== undefined) return failure('impossible change', answer.fault)
    if (wanted !== undefined) {
      const difference = differenceOfTables(answer.types, wanted as Answer['rows'], answer.rows)
      if (difference !== undefined) return failure('other rows', difference)
    }
    const [key = []] = answer.upsertKeys
    if (wanted !== undefined && key.length > 0 && variant === 'history') {
      let rows: Answer['rows']
      try {
        rows = await upsertedRows(ddlOf(tables, variant, folder), query.sql, { types: answer.types, key }, settings)
      } catch (error) {
        return failure(`${codeOf(error)} by the key`, stackOf(error))
      }
      const keyed = wanted.filter((row) => key.every((column) => row[column] !== null))
      const difference = differenceOfTables(answer.types, keyed as Answer['rows'], rows)
      if (difference !== undefined) return failure(`other rows by the key (${key.join(', ')})`, difference)
      if (!comparedWith.includes('upserts')) comparedWith.push('upserts')
    }
    const left = `${answer.stateRows} rows and ${answer.stateKeys} keys of state`
    // A row that is there without any of the tables' rows may be kept as well.
    if (variant === 'emptied' && wanted?.length === 0 && answer.stateRows + answer.stateKeys > 0) return failure('state is left', left)
    if (variant === 'history' && endsWithTime(scriptOf(testCase, variant, folder), settings)) {
      if (answer.stateRows + answer.stateKeys > 0) return failure('state is left when time is over', left)
      if (!comparedWith.includes('end of time')) comparedWith.push('end of time')
    }
    return undefined
  }

  writeTables(tables, 'history', folder)
  writeTables(tables, 'final rows', folder)
  let wanted: Answer['rows']
  try {
    wanted = referenceAnswer(scriptOf(testCase, 'history', folder), tables, 'streaming')
  } catch (error) {
    if (error instanceof TooManyRows) return { failure: undefined, refused: 'too many rows', comparedWith, rows: 0 }
    if (error instanceof RheoError && error.domain === 'user') return { failure: undefined, refused: error.code, comparedWith, rows: 0 }
    throw error
  }
  for (const mode of modes) {
    const failure = await check('stream and reference', 'history', mode, wanted)
    if (failure !== undefined) return verdict(failure)
    if (refused !== undefined) return { failure: undefined, refused, comparedWith, rows: 0 }
  }
  comparedWith.push('reference')

  let inBatch: Answer['rows'] | undefined
  try {
    inBatch = referenceAnswer(scriptOf(testCase, 'final rows', folder), tables, 'batch')
  } catch (error) {
    if (!(error instanceof RheoError) || error.domain !== 'user') throw error
  }
  if (inBatch !== undefined) {
    for (const mode of [{}, modes.at(-1)!]) {
      const failure = await check('batch and reference', 'final rows', { ...batchMode, ...mode }, inBatch)
      if (failure !== undefined) return verdict(failure)
    }
    if (refused === undefined) comparedWith.push('batch')
    const theirs = query.isPortable ? await duckAnswer(tables, query.sql) : undefined
    if (theirs !== undefined) {
      const difference = differenceOfTables(theirs.types, theirs.rows, theirs.fitted(inBatch))
      if (difference !== undefined)
        return verdict({ kind: 'reference and DuckDB: other rows', detail: difference, settings: batchMode, files: 'final rows' })
      comparedWith.push('duckdb')
    }
  }

  // A row that is taken back by the clock has another time than when it came.
  const isByClock = ['clock join', 'by arrival'].some((name) => query.features.has(name))
  if (!isByClock && tables.every((table) => table.boundSeconds === undefined || isLookedUp(table))) {
    writeTables(tables, 'emptied', folder)
    const random = new Random(query.sql.length)
    // Nothing but what the text of the query says by itself.
    const left = referenceAnswer(scriptOf(testCase, 'emptied', folder), tables.map(emptied), 'streaming')
    for (const mode of [{}, modes[1 + random.nextInt(modes.length - 1)]!]) {
      const failure = await check('emptied', 'emptied', mode, left)
      if (failure !== undefined) return verdict(failure)
    }
    comparedWith.push('emptied')
  }
  return verdict(undefined)
}

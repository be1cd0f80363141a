import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { RandomExpressions, columnTypes } from '../../test/random-expressions.ts'
import { pick, randomValue } from '../../test/random-values.ts'
import { Random } from '../base/random.ts'
import { ArenaOwner, arenaOfThread } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import { BatchBuffer } from '../data/batch-buffer.ts'
import { readCell, writeCell } from '../data/cells.ts'
import type { Column } from '../data/column.ts'
import { formatType, types } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import { compiledForms } from './compiled/index.ts'
import { createPipeline } from './create-pipeline.ts'
import { type Expr, children } from './expr.ts'
import type { EvaluationContext } from './function.ts'
import { FailedRowError, type Pipeline } from './pipeline.ts'
import type { PipelineStep } from './pipeline-program.ts'

// Goal: a compiled pipeline and the interpreter agree on every expression and every batch.
// Method: random trees over every function of the registry, NOT and NULLs included, over batches with and without NULLs and selections, through
// both executions. Values are compared, not only kept rows, so that FALSE and UNKNOWN differ; and which rows fail.
// RHEO_COMPILE_SECONDS makes it longer, RHEO_COMPILE_SEED repeats a run, RHEO_COMPILE_PROBLEMS goes on after the first problem.

const SECONDS = Number(process.env['RHEO_COMPILE_SECONDS'] ?? 4)
const SEED = Number(process.env['RHEO_COMPILE_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const PROBLEMS = Number(process.env['RHEO_COMPILE_PROBLEMS'] ?? 1)
const ROWS = 24
/** Calls a pipeline, each of another function. */
const CALLS = 3

const contextIn = (timeZone: string): EvaluationContext => ({
  clock: { nowMs: () => 1_700_000_000_000, monotonicMs: () => 0, schedule: () => () => {} },
  random: new Random(1),
  timeZone,
  queryStartMs: 1_700_000_000_000,
  currentCatalog: 'default_catalog',
  currentDatabase: 'default_database',
})

type Rows = readonly { readonly row: number; readonly values: readonly SqlValue[] }[]

/** Rows of a result, and the row and code at which it stopped. */
interface Outcome {
  readonly rows: Rows
  readonly failed?: { readonly row: number; readonly code: string }
  /** What is no error of a row but a bug. */
  readonly crash?: string
}

function outcomeOf(pipeline: Pipeline, batch: Batch): Outcome {
  const arena = arenaOfThread()
  const rowsOf = (result: Batch): Rows =>
    Array.from({ length: result.selectedCount }, (_, i) => {
      const row = result.selection === 0 ? i : arena.i32[result.selection / 4 + i]!
      return { row, values: result.columns.flatMap((column) => cellsOf(column, row)) }
    })
  try {
    return { rows: rowsOf(pipeline.run(batch)) }
  } catch (error) {
    if (!(error instanceof FailedRowError))
      return { rows: [], crash: error instanceof Error ? (error.stack ?? error.message) : String(error) }
    return { rows: rowsOf(error.before), failed: { row: error.row, code: error.code } }
  }
}

/** The value, and behind that of a ROW those of its fields, which are NULL where the row is. */
function cellsOf(column: Column, row: number): readonly SqlValue[] {
  return [readCell(arenaOfThread(), column, row), ...column.children.flatMap((child) => cellsOf(child, row))]
}

/** A batch of all column types, with one NULL in `nullsIn` cells (0: none). */
function fill(buffer: BatchBuffer, random: Random, nullsIn: number): void {
  buffer.clear()
  for (const [index, type] of columnTypes.entries()) {
    const isNullable = random.nextInt(3) > 0
    for (let row = 0; row < ROWS; row++) {
      writeCell(buffer, buffer.batch.columns[index]!, row, randomValue(random, type, isNullable ? nullsIn : 0))
    }
  }
  buffer.batch.rowCount = ROWS
  buffer.batch.selectedCount = ROWS
}

/** Selects the rows for which `keep` holds. */
function selectRows(buffer: BatchBuffer, keep: (row: number) => boolean): void {
  const { batch, arena } = buffer
  const address = buffer.selectionRoom()
  let count = 0
  for (let row = 0; row < ROWS; row++) if (keep(row)) arena.i32[address / 4 + count++] = row
  batch.selection = address
  batch.selectedCount = count
}

/** Runs both executions over a batch, again without each row that fails; a text that tells the first difference, or undefined. */
function difference(steps: readonly PipelineStep[], buffer: BatchBuffer, owner: ArenaOwner, timeZone: string): string | undefined {
  const context = contextIn(timeZone)
  const spec = { inputTypes: columnTypes, steps }
  const interpreted = createPipeline(spec, { owner, context, execution: 'interpreted' })
  let compiled: Pipeline
  try {
    compiled = createPipeline(spec, { owner, context, execution: 'compiled' })
  } catch (error) {
    return `the compiler crashed: ${firstLines(error instanceof Error ? (error.stack ?? error.message) : String(error))}`
  }
  const failedRows = new Set<number>()
  for (;;) {
    const expected = outcomeOf(interpreted, buffer.batch)
    const actual = outcomeOf(compiled, buffer.batch)
    if (expected.crash !== undefined) return `the interpreter crashed: ${firstLines(expected.crash)}`
    if (actual.crash !== undefined) return `the compiled loop crashed: ${firstLines(actual.crash)}`
    if (!isDeepStrictEqual(actual, expected)) return describe(actual, expected)
    if (expected.failed === undefined) return undefined
    failedRows.add(expected.failed.row)
    const before = selectedRows(buffer)
    selectRows(buffer, (row) => before.has(row) && !failedRows.has(row))
  }
}

function firstLines(stack: string): string {
  return stack.split('\n').slice(0, 4).join(' ')
}

function selectedRows({ batch, arena }: BatchBuffer): ReadonlySet<number> {
  return new Set(Array.from({ length: batch.selectedCount }, (_, i) => (batch.selection === 0 ? i : arena.i32[batch.selection / 4 + i]!)))
}

function describe(actual: Outcome, expected: Outcome): string {
  if (!isDeepStrictEqual(actual.failed, expected.failed))
    return `compiled ${show(actual.failed ?? 'no failure')}, interpreted ${show(expected.failed ?? 'no failure')}`
  for (let i = 0; i < Math.max(actual.rows.length, expected.rows.length); i++) {
    if (!isDeepStrictEqual(actual.rows[i], expected.rows[i]))
      return `compiled ${show(actual.rows[i])}, interpreted ${show(expected.rows[i])}`
  }
  return 'no difference'
}

function show(value: unknown): string {
  return (
    JSON.stringify(value, (_, item: unknown) =>
      typeof item === 'bigint' ? `${item}n` : Object.is(item, -0) ? '-0' : Number.isNaN(item) ? 'NaN' : item,
    ) ?? 'nothing'
  )
}

/** The expression as text, with the values of the columns in the row that went wrong left to the reader. */
function showExpr(expr: Expr): string {
  switch (expr.kind) {
    case 'literal':
      return `${show(expr.value)}:${formatType(expr.type)}`
    case 'column':
      return `#${expr.index}:${formatType(expr.type)}`
    case 'field':
      return `${showExpr(expr.base)}.${expr.index}`
    case 'cast':
      return `${expr.mode}(${showExpr(expr.arg)} as ${formatType(expr.type)})`
    case 'case':
      return `case(${expr.branches.map(({ when, then }) => `${showExpr(when)} ? ${showExpr(then)} : `).join('')}${showExpr(expr.otherwise)})`
    case 'call':
      return `${expr.name}(${expr.args.map(showExpr).join(', ')}):${formatType(expr.type)}`
    default:
      return `${expr.kind}(${children(expr).map(showExpr).join(', ')})`
  }
}

/** The smallest part of a failing expression that still fails by itself. */
function shrink(expr: Expr, fails: (part: Expr) => boolean): Expr {
  for (const part of children(expr)) if (fails(part)) return shrink(part, fails)
  return expr
}

test('compiled and interpreted pipelines agree on random expressions', () => {
  const random = new Random(SEED)
  const owner = new ArenaOwner(arenaOfThread(), 'test')
  const buffer = new BatchBuffer(owner, columnTypes)
  const expressions = new RandomExpressions(random, 24, new Set(compiledForms.keys()))
  const deadline = performance.now() + SECONDS * 1000
  const problems = new Map<string, string>()
  let runs = 0
  for (; performance.now() < deadline || runs * CALLS < expressions.functionCount; runs++) {
    const timeZone = pick(random, ['UTC', 'America/Los_Angeles'])
    const nullsIn = pick(random, [0, 2, 6])
    fill(buffer, random, nullsIn)
    if (random.nextInt(2) === 0) selectRows(buffer, () => random.nextInt(3) > 0)
    const calls = Array.from({ length: CALLS }, (_, i) => expressions.call(runs * CALLS + i, 1 + random.nextInt(3)))
    const projections = [...calls, expressions.of(pick(random, columnTypes), 3)]
    const steps: PipelineStep[] = [{ kind: 'project', projections }]
    if (random.nextInt(3) === 0) steps.unshift({ kind: 'filter', condition: expressions.of(types.boolean(), 3) })
    const scope = new ArenaOwner(arenaOfThread(), 'run')
    const problem = difference(steps, buffer, scope, timeZone)
    scope.close()
    if (problem === undefined) continue
    const fails = (part: Expr): boolean => {
      const inner = new ArenaOwner(arenaOfThread(), 'shrink')
      const saved = { selection: buffer.batch.selection, selectedCount: buffer.batch.selectedCount }
      const found = difference([{ kind: 'project', projections: [part] }], buffer, inner, timeZone)
      Object.assign(buffer.batch, saved)
      inner.close()
      return found !== undefined
    }
    const culprit = projections.find(fails)
    const shown =
      culprit === undefined ? steps.flatMap((step) => (step.kind === 'filter' ? [step.condition] : projections)) : [shrink(culprit, fails)]
    const key = shown.map((expr) => ('name' in expr ? expr.name : expr.kind)).join()
    if (!problems.has(key)) problems.set(key, `run ${runs}: ${problem}\n  ${shown.map(showExpr).join('\n  ')}`)
    if (problems.size >= PROBLEMS) break
  }
  owner.close()
  assert.equal(problems.size, 0, `seed ${SEED}, ${[...problems.values()].join('\n')}`)
})

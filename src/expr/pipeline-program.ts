import type { SqlType } from '../data/types.ts'
import { type Expr, children, mapColumns, walk } from './expr.ts'

/** One step of a pipeline, over the columns that the step before it left. */
export type PipelineStep =
  /** Keeps the rows for which the condition is TRUE. */
  | { readonly kind: 'filter'; readonly condition: Expr }
  /** Replaces the columns. */
  | { readonly kind: 'project'; readonly projections: readonly Expr[] }
  /**
   * Gives each row the watermark of the rows before it, then raises it to the row's own `expression` (TIMESTAMP or TIMESTAMP_LTZ) when that
   * is more than `intervalMs` above it. Fails a row whose time column is NULL. At most one a pipeline.
   */
  | { readonly kind: 'watermark'; readonly timeColumn: number; readonly expression: Expr; readonly intervalMs: number }

/** What a pipeline does: steps in order over rows of these types. */
export interface PipelineSpec {
  readonly inputTypes: readonly SqlType[]
  readonly steps: readonly PipelineStep[]
}

/** Where an output column comes from. */
export type OutputColumn =
  /** A column of the input, or the field of one that the rest of the path leads to: shown as it is, nothing is copied. */
  | { readonly kind: 'shared'; readonly path: readonly number[]; readonly type: SqlType }
  /** A computed value. */
  | { readonly kind: 'slot'; readonly slot: number; readonly type: SqlType }

export type ProgramStep =
  | { readonly kind: 'filter'; readonly condition: Expr }
  | { readonly kind: 'compute'; readonly slot: number; readonly value: Expr }
  | { readonly kind: 'watermark'; readonly time: Expr; readonly watermark: Expr; readonly intervalMs: number }

/**
 * A pipeline without its intermediate projections: what both executions run, row by row.
 *
 * Columns of the expressions are the input's, and behind them the slots: column `inputTypes.length + s` is the value of slot `s`. A slot is
 * computed right before the first step that reads it, so that a filter below guards it as it would in one Calc.
 */
export interface PipelineProgram {
  readonly inputTypes: readonly SqlType[]
  readonly slots: readonly SqlType[]
  readonly steps: readonly ProgramStep[]
  readonly outputs: readonly OutputColumn[]
}

/** Brings a pipeline into the form that is executed. */
export function programOf(spec: PipelineSpec): PipelineProgram {
  const { inputTypes } = spec
  const slots: SqlType[] = []
  const steps: ProgramStep[] = []
  /** The values of slots that no step has computed yet. */
  const pending = new Map<number, Expr>()
  let environment: readonly Expr[] = inputTypes.map((type, index) => ({ kind: 'column', index, type }))

  const require = (expr: Expr): Expr => {
    if (expr.kind === 'column') {
      const slot = expr.index - inputTypes.length
      const value = pending.get(slot)
      if (value !== undefined) {
        pending.delete(slot)
        require(value)
        steps.push({ kind: 'compute', slot, value })
      }
    }
    for (const child of children(expr)) require(child)
    return expr
  }
  const project = (expr: Expr): Expr => {
    const value = substitute(expr, environment)
    if (value.kind === 'literal' || pathOf(value) !== undefined) return value
    const slot = slots.push(value.type) - 1
    pending.set(slot, value)
    return { kind: 'column', index: inputTypes.length + slot, type: value.type }
  }

  for (const step of spec.steps) {
    switch (step.kind) {
      case 'filter':
        steps.push({ kind: 'filter', condition: require(substitute(step.condition, environment)) })
        break
      case 'project':
        environment = step.projections.map(project)
        break
      case 'watermark': {
        const time = require(environment[step.timeColumn]!)
        const watermark = require(substitute(step.expression, environment))
        steps.push({ kind: 'watermark', time, watermark, intervalMs: step.intervalMs })
        break
      }
    }
  }

  const outputs = environment.map((expr): OutputColumn => {
    const path = pathOf(expr)
    if (path !== undefined && path[0]! < inputTypes.length) return { kind: 'shared', path, type: expr.type }
    if (expr.kind === 'column') {
      require(expr)
      return { kind: 'slot', slot: expr.index - inputTypes.length, type: expr.type }
    }
    // A literal, or a field of a computed row.
    const slot = slots.push(expr.type) - 1
    require(expr)
    steps.push({ kind: 'compute', slot, value: expr })
    return { kind: 'slot', slot, type: expr.type }
  })
  return { inputTypes, slots, steps, outputs }
}

/** The expressions of one step, in the order of their evaluation. */
export function expressionsOf(step: ProgramStep): readonly Expr[] {
  switch (step.kind) {
    case 'filter':
      return [step.condition]
    case 'compute':
      return [step.value]
    case 'watermark':
      return [step.time, step.watermark]
  }
}

/** The input columns that the steps read, ascending; those that are only shown are not among them. */
export function columnsRead(program: PipelineProgram): readonly number[] {
  const indexes = new Set<number>()
  for (const expr of program.steps.flatMap(expressionsOf)) {
    walk(expr, (node) => {
      if (node.kind === 'column' && node.index < program.inputTypes.length) indexes.add(node.index)
    })
  }
  return [...indexes].sort((a, b) => a - b)
}

/** The column, then the fields, when the expression is nothing else. */
export function pathOf(expr: Expr): readonly number[] | undefined {
  if (expr.kind === 'column') return [expr.index]
  if (expr.kind !== 'field') return undefined
  const base = pathOf(expr.base)
  return base === undefined ? undefined : [...base, expr.index]
}

function substitute(expr: Expr, environment: readonly Expr[]): Expr {
  return mapColumns(expr, (column) => environment[column.index]!)
}

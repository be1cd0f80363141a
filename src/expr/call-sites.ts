import { assert } from '../base/assert.ts'
import { RheoError } from '../base/errors.ts'
import type { ArenaOwner } from '../data/arena.ts'
import type { Batch } from '../data/batch.ts'
import type { BatchBuffer } from '../data/batch-buffer.ts'
import { readCell, writeCell } from '../data/cells.ts'
import { Column, layoutBytes, layoutOf } from '../data/column.ts'
import type { SqlType } from '../data/types.ts'
import type { SqlValue } from '../data/value.ts'
import { CallMemo } from './call-memo.ts'
import { prepareCast } from './cast.ts'
import type { Expr } from './expr.ts'
import type { CallSite, EvaluationContext } from './function.ts'
import { lookupFunction } from './registry.ts'

/** What a call from a loop gives. */
export const callStatus = { value: 0, isNull: 1, failed: 2 } as const

/** Where a call finds one of its arguments. */
export type CallArgument =
  | { readonly kind: 'literal'; readonly value: SqlValue }
  /** A column of the batch. */
  | { readonly kind: 'column'; readonly index: number }
  /** The loop puts it into a cell of its own, row 0 of this column. */
  | { readonly kind: 'frame'; readonly column: Column }

/** A place in a loop from which the interpreter's own function is called. */
export interface LoopCallSite {
  readonly index: number
  readonly args: readonly CallArgument[]
  /** Row 0 takes what the function gives. */
  readonly result: Column
  readonly evaluate: (args: readonly SqlValue[]) => SqlValue
  /** NULL when an argument is, so that the loop need not call. */
  readonly isStrict: boolean
  /** Of a site whose result depends on one argument alone. */
  readonly memo: { readonly argument: number; readonly calls: CallMemo } | undefined
}

/**
 * What all variants of a pipeline's loop share: constant bytes, and the places that call functions without compiled form, with their
 * frames in the arena and whatever their functions remember from row to row.
 */
export class CallSites {
  /** The error of the last call that failed. */
  error: RheoError | undefined
  readonly #owner: ArenaOwner
  readonly #context: EvaluationContext
  readonly #sites: LoopCallSite[] = []
  readonly #byExpr = new Map<Expr, LoopCallSite>()
  readonly #constants = new Map<string, number>()

  constructor(owner: ArenaOwner, context: EvaluationContext) {
    this.#owner = owner
    this.#context = context
  }

  get timeZone(): string {
    return this.#context.timeZone
  }

  /** The site of a call or cast; the same for the same expression object. */
  site(expr: Extract<Expr, { kind: 'call' | 'cast' }>, inputCount: number): LoopCallSite {
    const known = this.#byExpr.get(expr)
    if (known !== undefined) return known
    const operands = expr.kind === 'call' ? expr.args : [expr.arg]
    const args = operands.map((arg): CallArgument => {
      if (arg.kind === 'literal') return { kind: 'literal', value: arg.value }
      if (arg.kind === 'column' && arg.index < inputCount) return { kind: 'column', index: arg.index }
      return { kind: 'frame', column: this.#cell(arg.type) }
    })
    const evaluate = expr.kind === 'call' ? evaluatorOf(expr, this.#context) : castOf(expr, this.#context)
    const isStrict = expr.kind === 'cast' || lookupFunction(expr.name)?.nulls === 'strict'
    const argument = memoArgument(expr, operands)
    const memo = argument === undefined || !isStrict ? undefined : { argument, calls: new CallMemo(this.#owner) }
    const site = { index: this.#sites.length, args, result: this.#cell(expr.type), evaluate, isStrict, memo }
    this.#sites.push(site)
    this.#byExpr.set(expr, site)
    return site
  }

  /** A column of one row. */
  #cell(type: SqlType): Column {
    const children = type.kind === 'ROW' ? type.fields.map((field) => this.#cell(field.type)) : []
    const block = this.#owner.allocate(layoutBytes(layoutOf(type)) + 8)
    return new Column(type, children.length > 0 ? 0 : block + 8, block, children)
  }

  /** The address of bytes that stay as they are; equal bytes lie at one address. */
  constantBytes(bytes: Uint8Array): number {
    const key = bytes.join()
    let address = this.#constants.get(key)
    if (address === undefined) {
      // Eight bytes more, for code that reads whole words.
      address = this.#owner.allocate(bytes.length + 8)
      this.#owner.arena.u8.set(bytes, address)
      this.#constants.set(key, address)
    }
    return address
  }

  /** Between two batches, when no result of a memo is shown any more. */
  tidy(): void {
    for (const site of this.#sites) site.memo?.calls.tidy()
  }

  /** Calls the function of a site; its result is in the site's cell. */
  call(index: number, row: number, input: Batch, buffer: BatchBuffer): number {
    const site = this.#sites[index]!
    const { arena } = buffer
    const values: SqlValue[] = []
    for (const arg of site.args) {
      switch (arg.kind) {
        case 'literal':
          values.push(arg.value)
          break
        case 'column':
          values.push(readCell(arena, input.columns[arg.index]!, row))
          break
        case 'frame':
          values.push(readCell(arena, arg.column, 0))
          break
      }
    }
    try {
      const result = site.evaluate(values)
      if (result !== null) writeCell(buffer, site.result, 0, result)
      const status = result === null ? callStatus.isNull : callStatus.value
      if (site.memo !== undefined) remember(site, site.memo, row, input, status)
      return status
    } catch (error) {
      if (!(error instanceof RheoError)) throw error
      this.error = error
      return callStatus.failed
    }
  }
}

/** The one argument that is not a literal, where its bytes are all that the result depends on. */
function memoArgument(expr: Extract<Expr, { kind: 'call' | 'cast' }>, operands: readonly Expr[]): number | undefined {
  if (expr.kind === 'call' && lookupFunction(expr.name)?.isDeterministic === false) return undefined
  const open = operands.flatMap((operand, index) => (operand.kind === 'literal' ? [] : [index]))
  const index = open[0]
  if (index === undefined || open.length > 1) return undefined
  return operands[index]!.type.kind === 'ROW' || expr.type.kind === 'ROW' ? undefined : index
}

function remember(site: LoopCallSite, memo: NonNullable<LoopCallSite['memo']>, row: number, input: Batch, status: number): void {
  const arg = site.args[memo.argument]!
  if (arg.kind === 'column') {
    const column = input.columns[arg.index]!
    memo.calls.store(column, row, site.result, status)
  } else if (arg.kind === 'frame') memo.calls.store(arg.column, 0, site.result, status)
}

function evaluatorOf(expr: Extract<Expr, { kind: 'call' }>, context: EvaluationContext): LoopCallSite['evaluate'] {
  const definition = lookupFunction(expr.name)
  assert(definition !== undefined, `a bound expression calls functions of the registry, not "${expr.name}"`)
  const site: CallSite = { argTypes: expr.args.map((arg) => arg.type), type: expr.type, context, memo: undefined }
  if (definition.nulls === 'custom') return (args) => definition.evaluate(args, site)
  return (args) => (args.includes(null) ? null : definition.evaluate(args, site))
}

function castOf(expr: Extract<Expr, { kind: 'cast' }>, context: EvaluationContext): LoopCallSite['evaluate'] {
  const convert = prepareCast(expr.arg.type, expr.type, expr.mode, context)
  return ([value]) => convert(value!)
}

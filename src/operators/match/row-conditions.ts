import type { ArenaOwner } from '../../data/arena.ts'
import type { Batch } from '../../data/batch.ts'
import type { Column } from '../../data/column.ts'
import type { SqlType } from '../../data/types.ts'
import { createPipeline } from '../../expr/create-pipeline.ts'
import { type Expr, mapColumns, walk } from '../../expr/expr.ts'
import type { EvaluationContext } from '../../expr/function.ts'
import type { MatchSpec } from '../../expr/match.ts'
import type { Pipeline } from '../../expr/pipeline.ts'
import { lookupFunction } from '../../expr/registry.ts'
import { MAX_BITS } from './match-rows.ts'
import { readsRowOnly } from './matcher.ts'

export interface RowConditionOptions {
  readonly owner: ArenaOwner
  readonly context: EvaluationContext
  readonly execution: 'compiled' | 'interpreted'
  readonly inputTypes: readonly SqlType[]
}

/** The answers of a batch's rows: of a physical row, the bits of the variables whose conditions hold. */
export interface RowAnswers {
  holds(row: number): number
}

/**
 * Answers conditions that read one row only, for a whole batch in one loop. A condition that may fail is left to be asked where the pattern asks it: a row that it refuses may
 * never be tried.
 */
export class RowConditions {
  readonly #owner: ArenaOwner
  readonly #pipeline: Pipeline | undefined
  readonly #bits: readonly number[]
  /** Bits of the variables whose conditions are answered. */
  readonly known: number

  constructor(spec: MatchSpec, { owner, context, execution, inputTypes }: RowConditionOptions) {
    this.#owner = owner
    const bits: number[] = []
    const projections: Expr[] = []
    spec.definitions.forEach((definition, variable) => {
      if (definition === undefined || variable >= MAX_BITS || !readsRowOnly(definition, variable) || mayFail(definition.expr)) return
      bits.push(1 << variable)
      projections.push(
        mapColumns(definition.expr, (column) => {
          const read = definition.reads[column.index]!
          return read.kind === 'cell' ? { ...column, index: read.column } : column
        }),
      )
    })
    this.#bits = bits
    this.known = bits.reduce((sum, bit) => sum | bit, 0)
    if (bits.length > 0)
      this.#pipeline = createPipeline({ inputTypes, steps: [{ kind: 'project', projections }] }, { owner, context, execution })
  }

  answer(batch: Batch): RowAnswers {
    if (this.#pipeline === undefined) return nothing
    const { columns } = this.#pipeline.run(batch)
    const { u8 } = this.#owner.arena
    const bits = this.#bits
    return {
      holds(row) {
        let holds = 0
        for (let i = 0; i < bits.length; i++) if (isTrue(u8, columns[i]!, row)) holds |= bits[i]!
        return holds
      },
    }
  }
}

const nothing: RowAnswers = { holds: () => 0 }

function isTrue(u8: Uint8Array, column: Column, row: number): boolean {
  return u8[column.cells + row] === 1 && (column.nulls === 0 || u8[column.nulls + row] === 0)
}

/** Functions that have an answer for all arguments. */
const total: ReadonlySet<string> = new Set([
  '=',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  'NOT',
  'IN',
  'LIKE',
  'IS NULL',
  'IS NOT NULL',
  'IS TRUE',
  'IS NOT TRUE',
  'IS FALSE',
  'IS NOT FALSE',
  'IS UNKNOWN',
  'IS NOT UNKNOWN',
  'IS DISTINCT FROM',
  'IS NOT DISTINCT FROM',
  '+',
  '-',
  '*',
  'NEGATE',
  'ABS',
  'UPPER',
  'LOWER',
  'CHAR_LENGTH',
])

/** Whether some row may make an expression fail, as far as is known; chance and the clock count too. */
function mayFail(expr: Expr): boolean {
  let result = false
  walk(expr, (part) => {
    if (part.kind === 'cast' && part.mode === 'cast' && !(isNumber(part.arg.type) && isNumber(part.type))) result = true
    if (part.kind === 'call' && (!total.has(part.name) || lookupFunction(part.name)?.isDeterministic === false)) result = true
  })
  return result
}

/** Casts between numbers cut bits or give NULL. */
function isNumber({ kind }: SqlType): boolean {
  return ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'FLOAT', 'DOUBLE', 'DECIMAL'].includes(kind)
}

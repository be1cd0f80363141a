import { assert } from '../base/assert.ts'
import type { Batch } from '../data/batch.ts'
import type { Column } from '../data/column.ts'
import type { SqlType } from '../data/types.ts'
import { type Expr, children } from './expr.ts'
import { type PipelineProgram, expressionsOf, pathOf } from './pipeline-program.ts'

/**
 * The columns of the input that a program's loop reads: columns, fields of ROW columns, and for each the rows around it, whose NULLs
 * are its own. Numbered in the order of the loop's context.
 */
export class InputPaths {
  readonly paths: readonly (readonly number[])[]
  readonly #inputTypes: readonly SqlType[]
  readonly #indexes = new Map<string, number>()

  constructor(program: PipelineProgram) {
    this.#inputTypes = program.inputTypes
    const paths: (readonly number[])[] = []
    const add = (path: readonly number[]): void => {
      const key = path.join('.')
      if (this.#indexes.has(key)) return
      this.#indexes.set(key, paths.push(path) - 1)
    }
    const addBelow = (path: readonly number[]): void => {
      add(path)
      const type = this.typeOf(path)
      if (type.kind === 'ROW') for (const field of type.fields.keys()) addBelow([...path, field])
    }
    const visit = (expr: Expr): void => {
      const path = this.pathOf(expr)
      if (path === undefined) {
        for (const child of children(expr)) visit(child)
        return
      }
      for (let length = 1; length < path.length; length++) add(path.slice(0, length))
      addBelow(path)
    }
    for (const step of program.steps) for (const expr of expressionsOf(step)) visit(expr)
    this.paths = paths
  }

  /** The input column and the fields of it that the expression names, when it is nothing else. */
  pathOf(expr: Expr): readonly number[] | undefined {
    const path = pathOf(expr)
    return path !== undefined && path[0]! < this.#inputTypes.length ? path : undefined
  }

  indexOf(path: readonly number[]): number {
    const index = this.#indexes.get(path.join('.'))
    assert(index !== undefined, 'every path of the program is known')
    return index
  }

  typeOf(path: readonly number[]): SqlType {
    let type = this.#inputTypes[path[0]!]!
    for (const field of path.slice(1)) {
      assert(type.kind === 'ROW', 'a path leads through rows')
      type = type.fields[field]!.type
    }
    return type
  }
}

/** The column of a batch at a path. */
export function columnAt(batch: Batch, path: readonly number[]): Column {
  let column = batch.columns[path[0]!]!
  for (let i = 1; i < path.length; i++) column = column.children[path[i]!]!
  return column
}

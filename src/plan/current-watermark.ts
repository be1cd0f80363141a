import { type SqlType, typesEqual } from '../data/types.ts'
import { type Expr, children, walk, withChildren } from '../expr/expr.ts'

/** Expressions in which every CURRENT_WATERMARK is a column of its own, behind those of the input. */
export interface WatermarkColumns {
  /** Of the columns, one a type. */
  readonly types: readonly SqlType[]
  replace(expr: Expr): Expr
}

/** What CURRENT_WATERMARK reads is no column but the row's own watermark, so a step below shows it as one; undefined where nobody asks. */
export function watermarkColumns(exprs: readonly Expr[], width: number): WatermarkColumns | undefined {
  const types: SqlType[] = []
  for (const expr of exprs) {
    walk(expr, (part) => {
      if (isCall(part) && !types.some((type) => typesEqual(type, part.type))) types.push(part.type)
    })
  }
  if (types.length === 0) return undefined
  const replace = (expr: Expr): Expr => {
    if (!isCall(expr)) return withChildren(expr, children(expr).map(replace))
    return { kind: 'column', index: width + types.findIndex((type) => typesEqual(type, expr.type)), type: expr.type }
  }
  return { types, replace }
}

function isCall(expr: Expr): boolean {
  return expr.kind === 'call' && expr.name === 'CURRENT_WATERMARK'
}

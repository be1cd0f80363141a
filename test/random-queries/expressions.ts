import type { Choices } from './choices.ts'
import type { ColumnType } from './tables.ts'

/** A column as the query around it may use it. */
export interface Column {
  readonly name: string
  readonly type: ColumnType
  /** What time it is, where operators of event time may go by it, and whose column of which window it is; held: of rows that leave when their window is over. */
  readonly role?: 'rowtime' | 'held' | 'window_start' | 'window_end' | undefined
  /** Sums in another order differ in the last digits: compared with a tolerance, so nothing may depend on it. */
  readonly isInexact?: boolean
}

export function ofType(columns: readonly Column[], type: ColumnType): readonly Column[] {
  return columns.filter((column) => column.type === type && column.isInexact !== true)
}

/** What joins, groups and orders go by. */
export function comparable(columns: readonly Column[]): readonly Column[] {
  return columns.filter((column) => column.type !== 'ARRAY' && column.isInexact !== true)
}

const texts = ["'a'", "'b'", "'ab'", "''", "'B'"] as const

export function literal(choices: Choices, type: ColumnType): string {
  switch (type) {
    case 'INT':
      return String(choices.below(5))
    case 'BIGINT':
      return `CAST(${choices.below(8)} AS BIGINT)`
    case 'STRING':
      return choices.pick(texts)
    case 'DOUBLE':
      return `CAST(${choices.pick(['0.25', '1.5', '-0.5', '2'])} AS DOUBLE)`
    case 'DECIMAL':
      return `CAST(${choices.pick(['0.25', '1.50', '-0.50', '2'])} AS DECIMAL(10, 2))`
    case 'BOOLEAN':
      return choices.pick(['TRUE', 'FALSE'])
    case 'TIMESTAMP':
      return `TIMESTAMP '2024-01-01 00:00:${String(20 + choices.below(40))}'`
    case 'ARRAY':
      return `ARRAY[${choices.below(4)}]`
  }
}

/** A condition of three values; `feature` is told what DuckDB would read otherwise. */
export function condition(choices: Choices, columns: readonly Column[], depth: number, feature: (name: string) => void): string {
  return choices.span('condition', () => {
    const usable = comparable(columns)
    if (usable.length === 0) return 'TRUE'
    if (depth > 0) {
      const form = choices.weighted([
        [4, 'leaf'],
        [2, 'AND'],
        [2, 'OR'],
        [2, 'NOT'],
        [1, 'IS'],
      ] as const)
      const inner = (): string => condition(choices, columns, depth - 1, feature)
      if (form === 'AND' || form === 'OR') return `(${inner()} ${form} ${inner()})`
      if (form === 'NOT') return `NOT (${inner()})`
      if (form === 'IS') return `(${inner()}) IS ${choices.pick(['TRUE', 'NOT TRUE', 'FALSE', 'NOT FALSE', 'UNKNOWN', 'NOT UNKNOWN'])}`
    }
    const column = choices.pick(usable)
    const { name, type } = column
    const form = choices.weighted([
      [6, 'compare'],
      [2, 'null'],
      [1, 'distinct'],
      [1, 'in'],
      [1, 'between'],
      [1, 'text'],
      [1, 'computed'],
    ] as const)
    if (type === 'BOOLEAN' && form === 'compare') return choices.pick([name, `NOT ${name}`])
    const others = ofType(columns, type)
    const operand = (): string => (choices.oneIn(3) ? choices.pick(others).name : literal(choices, type))
    switch (form) {
      case 'null':
        return `${name} IS ${choices.pick(['NOT NULL', 'NULL'])}`
      case 'distinct':
        return `${name} IS ${choices.pick(['NOT DISTINCT', 'DISTINCT'])} FROM ${operand()}`
      case 'in':
        return `${name} ${choices.pick(['IN', 'NOT IN'])} (${literal(choices, type)}, ${literal(choices, type)})`
      case 'between':
        return `${name} ${choices.pick(['BETWEEN', 'NOT BETWEEN'])} ${operand()} AND ${operand()}`
      case 'text':
        if (type === 'STRING') return `${name} ${choices.pick(['LIKE', 'NOT LIKE'])} ${choices.pick(["'a%'", "'%b'", "'_'"])}`
        break
      case 'computed':
        return `${expression(choices, columns, type, 1, feature)} ${choices.pick(['=', '<', '>='])} ${expression(choices, columns, type, 1, feature)}`
      default:
        break
    }
    return `${name} ${choices.pick(['=', '>', '<', '<>', '>=', '<='])} ${operand()}`
  })
}

/** An expression of a type; its values are small, so that nothing overflows. */
export function expression(
  choices: Choices,
  columns: readonly Column[],
  type: ColumnType,
  depth: number,
  feature: (name: string) => void,
): string {
  return choices.span(`expression ${type}`, () => {
    const own = ofType(columns, type)
    const leaf = (): string => (own.length > 0 && !choices.oneIn(4) ? choices.pick(own).name : literal(choices, type))
    if (depth === 0) return leaf()
    const inner = (of: ColumnType = type): string => expression(choices, columns, of, depth - 1, feature)
    const form = choices.weighted([
      [5, 'leaf'],
      [1, 'coalesce'],
      [1, 'case'],
      [1, 'nullif'],
      [3, 'own'],
    ] as const)
    switch (form) {
      case 'leaf':
        return leaf()
      case 'coalesce':
        return `COALESCE(${inner()}, ${inner()})`
      case 'nullif':
        return type === 'ARRAY' ? leaf() : `NULLIF(${inner()}, ${literal(choices, type)})`
      case 'case':
        return `CASE WHEN ${condition(choices, columns, 0, feature)} THEN ${inner()} ${choices.oneIn(3) ? '' : `ELSE ${inner()} `}END`
      case 'own':
        return ownForm(choices, type, inner, columns, feature)
    }
  })
}

function ownForm(
  choices: Choices,
  type: ColumnType,
  inner: (of?: ColumnType) => string,
  columns: readonly Column[],
  feature: (name: string) => void,
): string {
  switch (type) {
    case 'INT':
      switch (choices.below(4)) {
        case 0:
          return `(${inner()} ${choices.pick(['+', '-'])} ${inner()})`
        case 1:
          return `ABS(${inner()})`
        case 2:
          return `CHAR_LENGTH(${inner('STRING')})`
        default:
          feature('MOD')
          return `MOD(${inner()}, 3)`
      }
    case 'BIGINT':
      return choices.oneIn(3) ? `CAST(${inner('INT')} AS BIGINT)` : `(${inner()} ${choices.pick(['+', '-'])} ${inner()})`
    case 'STRING':
      switch (choices.below(4)) {
        case 0:
          return `UPPER(${inner()})`
        case 1:
          return `(${inner()} || ${inner()})`
        case 2:
          return `SUBSTRING(${inner()}, 1, 1)`
        default:
          return `CAST(${inner('INT')} AS STRING)`
      }
    case 'DOUBLE':
      return choices.oneIn(3) ? `CAST(${inner('INT')} AS DOUBLE)` : `(${inner()} + ${inner()})`
    case 'DECIMAL':
      return `CAST(${inner()} + ${inner()} AS DECIMAL(10, 2))`
    case 'BOOLEAN':
      return `(${condition(choices, columns, 0, feature)})`
    case 'TIMESTAMP':
      return `(${inner()} + INTERVAL '${choices.below(9)}' SECOND)`
    case 'ARRAY':
      return `ARRAY[${inner('INT')}, ${inner('INT')}]`
  }
}

import { type RheoError, userError } from '../base/errors.ts'
import { suggestion } from '../base/nearest.ts'
import type { Schema } from '../catalog/schema.ts'
import { type SqlType, types, withNullability } from '../data/types.ts'
import { typeOverNoRows } from '../expr/aggregates.ts'
import { type Expr, mapColumns } from '../expr/expr.ts'
import type { MatchExpression, MatchRead, MatchRows } from '../expr/match.ts'
import { buildCall } from '../expr/resolve-call.ts'
import { resolveAggregate } from './bind-aggregate.ts'
import { bindExpression } from './bind-expression.ts'
import type { BindContext } from './binder.ts'
import type { ExpressionContext } from './expression-context.ts'
import { type Scope, scopeOf, resolveName } from './scope.ts'
import type { Call, Expression, ExpressionOf } from './syntax-query.ts'

/** The variables of a pattern, by name. */
export interface MatchVariables {
  /** Of PATTERN, in its order. */
  readonly names: readonly string[]
  /** All names that expressions may use, with the variables whose rows they mean: none for one that only DEFINE has. */
  readonly rows: ReadonlyMap<string, readonly number[]>
  /** Variables that every match has a row of. */
  readonly required: ReadonlySet<number>
}

export interface MatchScopeOptions {
  readonly context: BindContext
  readonly schema: Schema
  /** Columns of the input by their qualified names are not known in a pattern: for the message. */
  readonly inputNames: readonly string[]
  readonly variables: MatchVariables
  readonly clause: 'MEASURES' | 'DEFINE'
  /** Of DEFINE: the variable that the row is tested for; -1 where PATTERN does not have it. */
  readonly tested: number | undefined
}

/** FIRST or LAST around the names of an expression. */
interface Navigation {
  readonly from: 'first' | 'last'
  readonly offset: number
}

const current: Navigation = { from: 'last', offset: 0 }

/** Binds one expression of MEASURES or DEFINE: what it reads of the match stands in `reads`, and its columns are their numbers. */
export function bindMatchExpression(node: Expression, options: MatchScopeOptions): MatchExpression {
  const scope = new MatchScope(options)
  const expr = scope.bind(node)
  return { expr, reads: scope.reads }
}

class MatchScope {
  readonly reads: MatchRead[] = []
  readonly #options: MatchScopeOptions
  readonly #columns: Scope

  constructor(options: MatchScopeOptions) {
    this.#options = options
    this.#columns = scopeOf(options.schema)
  }

  bind(node: Expression): Expr {
    return bindExpression(node, this.#where(current))
  }

  #where(navigation: Navigation, used?: Set<string>): ExpressionContext {
    const { context, clause } = this.#options
    return {
      context,
      clause,
      scope: this.#columns,
      aggregate: (call, where) => this.#aggregate(call, where),
      match: {
        column: (node) => {
          const { rows, name, expr } = this.#name(node)
          used?.add(name)
          return mapColumns(expr, (column) => this.#cell(rows, column.index, column.type, navigation))
        },
        call: (call, where) => this.#call(call, where, navigation === current && used === undefined ? 'outside' : 'inside'),
        modifier: (modifier, where) => this.#modifier(modifier, where),
      },
    }
  }

  /** `A.price`, `price`, and fields of ROWs behind them. */
  #name({ parts, at }: ExpressionOf<'column'>): { readonly rows: MatchRows; readonly name: string; readonly expr: Expr } {
    const [first, ...rest] = parts
    const { variables, inputNames } = this.#options
    const rows = rest.length === 0 ? undefined : variables.rows.get(first!.name)
    if (rows !== undefined) return { rows, name: first!.name, expr: resolveName(rest, this.#columns, at).expr }
    const isColumn = this.#options.schema.some((field) => field.name === first!.name)
    if (rest.length > 0 && !isColumn) {
      const names = [...variables.rows.keys()]
      const reason = inputNames.includes(first!.name)
        ? 'it is the name of the input, whose columns are read through the variables of PATTERN'
        : `PATTERN has ${names.map((name) => `"${name}"`).join(', ')}${suggestion(first!.name, names)}`
      throw userError('sql/unknown-variable', `Cannot find the pattern variable "${first!.name}": ${reason}`, first!.at)
    }
    return { rows: 'all', name: '*', expr: resolveName(parts, this.#columns, at).expr }
  }

  #cell(rows: MatchRows, column: number, type: SqlType, { from, offset }: Navigation): Expr {
    const isThere = offset === 0 && this.#hasRow(rows)
    return this.#read({ kind: 'cell', rows, column, from, offset }, isThere ? type : withNullability(type, true))
  }

  /** Whether there always is a row of these. */
  #hasRow(rows: MatchRows): boolean {
    const { tested, variables } = this.#options
    if (rows === 'all') return true
    return rows.some((variable) => (tested === undefined ? variables.required.has(variable) : variable === tested))
  }

  #read(read: MatchRead, type: SqlType): Expr {
    const key = readKey(read)
    const known = key === undefined ? -1 : this.reads.findIndex((other) => readKey(other) === key)
    const index = known >= 0 ? known : this.reads.push(read) - 1
    return { kind: 'column', index, type }
  }

  /** The functions of patterns; undefined for any other. */
  #call(node: Call, where: ExpressionContext, place: 'outside' | 'inside'): Expr | undefined {
    const name = node.name.parts.length === 1 ? node.name.parts[0]!.name.toUpperCase() : ''
    switch (name) {
      case 'FIRST':
      case 'LAST':
        return this.#navigate(node, name, place)
      case 'PREV':
      case 'NEXT':
        return this.#neighbour(node, name, where)
      case 'CLASSIFIER':
        return this.#classifier(node, current)
      case 'MATCH_NUMBER':
        throw userError('sql/match-number', 'Cannot call MATCH_NUMBER: matches are not counted, here nor in Flink', node.at)
      case 'MATCH_ROWTIME':
        return this.#rowtime(node)
      case 'MATCH_PROCTIME':
        if (node.arguments.length > 0) throw wrongCount(node, name, 'none was wanted')
        return buildCall('PROCTIME', [], node.at)
      default:
        return undefined
    }
  }

  #navigate(node: Call, name: 'FIRST' | 'LAST', place: 'outside' | 'inside'): Expr {
    const [argument, count] = node.arguments.map((each) => each.value)
    if (argument === undefined || node.arguments.length > 2) throw wrongCount(node, name, 'a value and perhaps an offset were wanted')
    if (place === 'inside')
      throw userError(
        'sql/match-navigation',
        `Cannot nest ${name} here: FIRST, LAST, PREV and NEXT do not stand inside of each other`,
        node.at,
      )
    const offset = count === undefined ? 0 : wholeNumber(count)
    if (offset === undefined)
      throw userError('sql/match-navigation', `Cannot call ${name}: its offset is a whole number, 0 or more, written out`, count!.at)
    const navigation: Navigation = { from: name === 'FIRST' ? 'first' : 'last', offset }
    const used = new Set<string>()
    if (argument.kind === 'call' && argument.name.parts.at(-1)!.name.toUpperCase() === 'CLASSIFIER')
      return this.#classifier(argument, navigation)
    const { aggregate: _, ...inside } = this.#where(navigation, used)
    const bound = bindExpression(argument, { ...inside, clause: `${name}, which reads one row` })
    this.#checkOne(used, name, node)
    return bound
  }

  /** PREV and NEXT by no row are the row itself; Flink refuses any other. */
  #neighbour(node: Call, name: 'PREV' | 'NEXT', where: ExpressionContext): Expr {
    const [argument, count] = node.arguments.map((each) => each.value)
    if (argument === undefined || node.arguments.length > 2) throw wrongCount(node, name, 'a value and perhaps an offset were wanted')
    if (this.#options.clause === 'MEASURES' || count === undefined || wholeNumber(count) !== 0) {
      throw userError(
        'plan/match-neighbour',
        `Cannot call ${name}: rows of the partition are not counted from, here nor in Flink; LAST(variable.column, 1) is the row before within a variable`,
        node.at,
      )
    }
    return bindExpression(argument, where)
  }

  #classifier(node: Call, { from, offset }: Navigation): Expr {
    const argument = node.arguments[0]?.value
    if (node.arguments.length > 1) throw wrongCount(node, 'CLASSIFIER', 'a variable at most was wanted')
    if (argument !== undefined && (argument.kind !== 'column' || argument.parts.length !== 1))
      throw userError('sql/argument-type', 'Cannot call CLASSIFIER: its argument is a variable of PATTERN or SUBSET', argument.at)
    const rows = argument === undefined ? 'all' : this.#rowsOf(argument)
    return this.#read({ kind: 'classifier', rows, from, offset }, types.string(offset > 0 || !this.#hasRow(rows)))
  }

  #rowsOf({ parts: [name], at }: ExpressionOf<'column'>): MatchRows {
    const rows = this.#options.variables.rows.get(name!.name)
    if (rows !== undefined) return rows
    throw userError('sql/unknown-variable', `Cannot find the pattern variable "${name!.name}": PATTERN has no such one`, at)
  }

  /** Its argument only says which of the two types of time it has, and whether that may be NULL. */
  #rowtime(node: Call): Expr {
    const argument = node.arguments[0]?.value
    if (node.arguments.length > 1) throw wrongCount(node, 'MATCH_ROWTIME', 'an event time column at most was wanted')
    let type = types.timestamp(3, false)
    if (argument !== undefined) {
      const expr = argument.kind === 'column' ? this.#name(argument).expr : undefined
      const field = expr?.kind === 'column' ? this.#options.schema[expr.index] : undefined
      if (field?.timeAttribute !== 'rowtime')
        throw userError(
          'sql/argument-type',
          'Cannot call MATCH_ROWTIME: its argument is an event time column, one that has a watermark',
          argument.at,
        )
      type = field.type.kind === 'TIMESTAMP_LTZ' ? types.timestampLtz(3, field.type.nullable) : types.timestamp(3, field.type.nullable)
    }
    return this.#read({ kind: 'rowtime' }, type)
  }

  /** FINAL is what MEASURES mean anyway when each match gives one row. */
  #modifier({ modifier, operand, at }: ExpressionOf<'match-modifier'>, where: ExpressionContext): Expr {
    if (this.#options.clause === 'DEFINE')
      throw userError('sql/match-modifier', `Cannot use ${modifier} in DEFINE: the rows so far are read there`, at)
    if (modifier === 'FINAL') return bindExpression(operand, where)
    throw userError('sql/match-modifier', 'Cannot use RUNNING: a match gives one row, which shows it as it is at its end', at)
  }

  #aggregate(node: Call, where: ExpressionContext): Expr {
    const name = node.name.parts.at(-1)!.name.toUpperCase()
    const refuse = (what: string): RheoError =>
      userError(
        'sql/match-aggregate',
        `Cannot use ${what} with ${name} in MATCH_RECOGNIZE: it is computed over the rows of a variable`,
        node.at,
      )
    if (node.quantifier !== undefined) throw refuse(node.quantifier)
    if (node.filter !== undefined) throw refuse('FILTER')
    const [first] = node.arguments
    if (first?.value.kind === 'star' && first.value.qualifier.length > 0) throw refuse('the rows of one variable')
    const used = new Set<string>()
    const rows: MatchRows[] = []
    const inside: ExpressionContext = {
      ...where,
      match: {
        column: (column) => {
          const found = this.#name(column)
          used.add(found.name)
          rows.push(found.rows)
          return found.expr
        },
        // Every row is read, so it does not matter from which end.
        call: (call, inner) =>
          /^(?:FIRST|LAST)$/i.test(call.name.parts.at(-1)!.name) ? bindExpression(call.arguments[0]!.value, inner) : undefined,
        modifier: (modifier, inner) => this.#modifier(modifier, inner),
      },
    }
    const { args, call, type: resolved } = resolveAggregate(node, inside)
    if (args.length > 0) this.#checkOne(used, name, node)
    if (args.length > 0 && used.size === 0)
      throw userError(
        'sql/match-aggregate',
        `Cannot compute ${name} here: it reads no column, so that nothing says over which rows; COUNT(*) counts all`,
        node.at,
      )
    const type = typeOverNoRows(call.name, resolved)
    return this.#read({ kind: 'aggregate', rows: rows[0] ?? 'all', args, call: { ...call, args: args.map((_, i) => i), type } }, type)
  }

  #checkOne(used: ReadonlySet<string>, name: string, node: Call): void {
    if (used.size <= 1) return
    const found = [...used].map((variable) => (variable === '*' ? 'all rows' : `"${variable}"`)).join(' and ')
    throw userError('sql/match-navigation', `Cannot compute ${name} over ${found} at once: columns of one variable were wanted`, node.at)
  }
}

/** Equal reads have equal keys; aggregates are not compared. */
function readKey(read: MatchRead): string | undefined {
  return read.kind === 'aggregate' ? undefined : JSON.stringify(read)
}

function wholeNumber(node: Expression): number | undefined {
  if (node.kind !== 'number' || node.form !== 'integer') return undefined
  const value = Number(node.text)
  return Number.isSafeInteger(value) ? value : undefined
}

function wrongCount(node: Call, name: string, wanted: string): RheoError {
  const count = node.arguments.length
  return userError('sql/argument-count', `Cannot call "${name}" with ${count} argument${count === 1 ? '' : 's'}: ${wanted}`, node.at)
}

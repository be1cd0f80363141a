import type { Random } from '../src/base/random.ts'
import { type SqlKind, type SqlType, formatType, types, withNullability } from '../src/data/types.ts'
import { canCast } from '../src/expr/cast.ts'
import type { Expr } from '../src/expr/expr.ts'
import type { ScalarFunction } from '../src/expr/function.ts'
import { scalarFunctions } from '../src/expr/registry.ts'
import { buildCall, buildCase, buildCoalesce, buildLogical, argInfo } from '../src/expr/resolve-call.ts'
import { pick, randomValue } from './random-values.ts'

// Random typed expressions over every function of the registry. What a function takes is found by asking its `resolve` with many lists of
// types; then trees are grown from the wanted type downwards.

const pair = types.row([
  { name: 'x', type: types.integer() },
  { name: 'y', type: types.string() },
])

/** The types of the columns that random expressions read, in order; some twice, so that two columns of a type meet. */
export const columnTypes: readonly SqlType[] = [
  types.boolean(),
  types.boolean(),
  types.tinyint(),
  types.smallint(),
  types.integer(),
  types.integer(),
  types.bigint(),
  types.bigint(),
  types.float(),
  types.double(),
  types.double(),
  types.decimal(9, 2),
  types.decimal(18, 0),
  types.decimal(19, 0),
  types.decimal(38, 10),
  types.string(),
  types.string(),
  types.varchar(4),
  types.char(3),
  types.bytes(),
  types.date(),
  types.time(0),
  types.timestamp(3),
  types.timestamp(3),
  types.timestamp(6),
  types.timestampLtz(3),
  types.timestampLtz(9),
  types.intervalYearMonth(),
  types.intervalDayTime(),
  types.array(types.integer()),
  types.array(types.string()),
  types.map(types.string(), types.integer()),
  types.array(pair),
  pair,
  types.row([
    { name: 'a', type: types.integer() },
    { name: 'b', type: types.string() },
    { name: 'c', type: types.row([{ name: 'd', type: types.decimal(20, 2) }]) },
  ]),
  types.variant(),
  types.bitmap(),
]

const distinctTypes = [...new Map(columnTypes.map((type) => [formatType(type), type])).values()]

/** Texts that mean something to some function: units, patterns, paths, separators. */
const literalTexts = [
  'YEAR',
  'MONTH',
  'DAY',
  'WEEK',
  'QUARTER',
  'HOUR',
  'MINUTE',
  'SECOND',
  'MILLISECOND',
  'DOY',
  'DOW',
  'EPOCH',
  'DECADE',
  'NANOSECOND',
  'a%',
  '%a',
  '%a%',
  'a_c',
  '_',
  '%b%c',
  'abc',
  '(a)(b)',
  '[a-c]+',
  '$.a',
  'lax $.a[0]',
  'yyyy-MM-dd',
  'HH:mm',
  'UTC',
  ',',
  '/',
  '',
  '!',
  'GMT+02:00',
]

interface Signature {
  readonly definition: ScalarFunction
  /** A type, or a literal where the function may want one. */
  readonly args: readonly (SqlType | Extract<Expr, { kind: 'literal' }>)[]
  readonly result: SqlType
}

/** Signatures of the deterministic functions of the registry, found with so many random searches a function; `favored` ones come up four times as often. */
export class RandomExpressions {
  readonly #random: Random
  readonly #byFunction: readonly (readonly Signature[])[]
  readonly #byKind = new Map<SqlKind, Signature[]>()

  constructor(random: Random, searches: number, favored: ReadonlySet<string>) {
    this.#random = random
    const functions = scalarFunctions()
      .filter((definition) => definition.isDeterministic !== false)
      .flatMap((definition) => (favored.has(definition.name) ? [definition, definition, definition, definition] : [definition]))
    this.#byFunction = functions.map((definition) => this.#explore(definition, searches)).filter((found) => found.length > 0)
    for (const signature of this.#byFunction.flat()) {
      const list = this.#byKind.get(signature.result.kind) ?? []
      list.push(signature)
      this.#byKind.set(signature.result.kind, list)
    }
  }

  get functionCount(): number {
    return this.#byFunction.length
  }

  /** Draws arguments until `resolve` takes them; of a refusal that names one, only that one is drawn again. */
  #explore(definition: ScalarFunction, searches: number): readonly Signature[] {
    const random = this.#random
    const found: Signature[] = []
    const draw = (sameType: SqlType): Signature['args'][number] => {
      if (random.nextInt(4) === 0) return literalOf(random)
      return random.nextInt(2) === 0 ? sameType : pick(random, columnTypes)
    }
    for (let i = 0; i < searches; i++) {
      const sameType = pick(random, columnTypes)
      const args = Array.from({ length: random.nextInt(i % 4 === 3 ? 6 : 4) }, () => draw(sameType))
      for (let step = 0; step < 60; step++) {
        const resolved = definition.resolve(args.map((arg) => (isLiteral(arg) ? argInfo(arg) : { type: arg, literal: undefined })))
        if (typeof resolved !== 'string') {
          const result = typeOfCall(definition.name, args)
          if (result !== undefined) found.push({ definition, args, result })
          break
        }
        const culprit = Number(/argument (\d+)$/.exec(resolved)?.[1] ?? 0)
        if (culprit === 0 || culprit > args.length) break
        args[culprit - 1] = draw(sameType)
      }
    }
    return found
  }

  /** A call of every function in turn: the `index`-th of them. */
  call(index: number, depth: number): Expr {
    const signatures = this.#byFunction[index % this.#byFunction.length]!
    return this.#callOf(pick(this.#random, signatures), depth)
  }

  #callOf(signature: Signature, depth: number): Expr {
    const args = signature.args.map((arg) => (isLiteral(arg) ? arg : this.of(arg, depth - 1)))
    try {
      return buildCall(signature.definition.name, args)
    } catch {
      // A literal among the arguments can make what the types allow a mistake.
      return buildCall(
        signature.definition.name,
        signature.args.map((arg) => (isLiteral(arg) ? arg : this.#column(arg))),
      )
    }
  }

  /** An expression of a type but for nullability. */
  of(type: SqlType, depth: number): Expr {
    const random = this.#random
    if (depth <= 0 || random.nextInt(5) === 0) return this.#leaf(type)
    const choice = random.nextInt(12)
    if (type.kind === 'BOOLEAN' && choice < 4) {
      const args = Array.from({ length: 2 + random.nextInt(2) }, () => this.of(type, depth - 1))
      return choice < 3 ? buildLogical(choice === 0 ? 'or' : 'and', args) : buildCall('NOT', args.slice(0, 1))
    }
    if (choice === 4) {
      const branches = Array.from({ length: 1 + random.nextInt(2) }, () => ({
        when: this.of(types.boolean(), depth - 1),
        then: this.of(type, depth - 1),
      }))
      return this.#typed(buildCase(branches, random.nextInt(3) === 0 ? undefined : this.of(type, depth - 1)), type)
    }
    if (choice === 6) {
      const field = this.#computedField(type, depth)
      if (field !== undefined) return field
    }
    if (choice === 5) return this.#typed(buildCoalesce([this.of(type, depth - 1), this.of(type, depth - 1)]), type)
    const signatures = this.#byKind.get(type.kind)
    if (choice > 6 && signatures !== undefined) return this.#typed(this.#callOf(pick(random, signatures), depth), type)
    return this.#cast(type, depth)
  }

  /** A field of a computed ROW. */
  #computedField(type: SqlType, depth: number): Expr | undefined {
    const rows = distinctTypes.filter((row) => row.kind === 'ROW')
    const row = pick(this.#random, rows)
    const index = row.fields.findIndex((field) => sameType(field.type, type))
    return index < 0 ? undefined : { kind: 'field', base: this.of(row, depth - 1), index, type: row.fields[index]!.type }
  }

  #cast(type: SqlType, depth: number): Expr {
    const random = this.#random
    const sources = distinctTypes.filter((source) => canCast(source, type, 'explicit'))
    if (sources.length === 0) return this.#leaf(type)
    const mode = random.nextInt(2) === 0 ? 'cast' : 'try'
    return { kind: 'cast', mode, arg: this.of(pick(random, sources), depth - 1), type: withNullability(type, true) }
  }

  /** The expression, cast where its type is of the kind but not the type. */
  #typed(expr: Expr, type: SqlType): Expr {
    if (sameType(expr.type, type)) return expr
    if (!canCast(expr.type, type, 'explicit')) return this.#leaf(type)
    return { kind: 'cast', mode: 'try', arg: expr, type: withNullability(type, true) }
  }

  #leaf(type: SqlType): Expr {
    const random = this.#random
    if (random.nextInt(3) === 0) {
      const value = randomValue(random, type, 8)
      return { kind: 'literal', type: withNullability(type, value === null), value }
    }
    if (random.nextInt(4) === 0) {
      const field = this.#fieldOf(type)
      if (field !== undefined) return field
    }
    return this.#column(type)
  }

  #column(type: SqlType): Expr {
    const indexes = columnTypes.flatMap((column, index) => (sameType(column, type) ? [index] : []))
    if (indexes.length > 0) return { kind: 'column', index: pick(this.#random, indexes), type }
    const value = randomValue(this.#random, type, 8)
    return { kind: 'literal', type: withNullability(type, value === null), value }
  }

  /** A field of a ROW column, or of a ROW inside of one. */
  #fieldOf(type: SqlType): Expr | undefined {
    const found: Expr[] = []
    const visit = (base: Expr): void => {
      if (sameType(base.type, type)) found.push(base)
      if (base.type.kind === 'ROW') base.type.fields.forEach((field, index) => visit({ kind: 'field', base, index, type: field.type }))
    }
    columnTypes.forEach((column, index) => {
      if (column.kind === 'ROW') visit({ kind: 'column', index, type: column })
    })
    return found.length === 0 ? undefined : pick(this.#random, found)
  }
}

/** Undefined when the call is a mistake for a reason that `resolve` does not see. */
function typeOfCall(name: string, args: Signature['args']): SqlType | undefined {
  try {
    return buildCall(
      name,
      args.map((arg, index) => (isLiteral(arg) ? arg : { kind: 'column', index, type: arg })),
    ).type
  } catch {
    return undefined
  }
}

function isLiteral(arg: SqlType | Expr): arg is Extract<Expr, { kind: 'literal' }> {
  return arg.kind === 'literal'
}

function literalOf(random: Random): Extract<Expr, { kind: 'literal' }> {
  if (random.nextInt(3) === 0) return { kind: 'literal', type: types.integer(false), value: random.nextInt(6) - 1 }
  const value = pick(random, literalTexts)
  return { kind: 'literal', type: types.char(Math.max(1, value.length), false), value }
}

function sameType(a: SqlType, b: SqlType): boolean {
  return formatType(withNullability(a, true)) === formatType(withNullability(b, true))
}

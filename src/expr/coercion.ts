import type { RowField, SqlType, TypeOf } from '../data/types.ts'
import { MAX_DECIMAL_PRECISION, types, typesEqual, withNullability } from '../data/types.ts'

/** The least scale that a cut down DECIMAL keeps, if it had as much. */
const MIN_ADJUSTED_SCALE = 6

const integerDigits = { TINYINT: 3, SMALLINT: 5, INTEGER: 10, BIGINT: 19 } as const
const integerRank = { TINYINT: 1, SMALLINT: 2, INTEGER: 3, BIGINT: 4 } as const

type IntegerType = SqlType & { readonly kind: keyof typeof integerDigits }

export function isInteger(type: SqlType): type is IntegerType {
  return type.kind in integerDigits
}

/** Integers and DECIMAL. */
export function isExactNumeric(type: SqlType): boolean {
  return isInteger(type) || type.kind === 'DECIMAL'
}

export function isApproximate(type: SqlType): boolean {
  return type.kind === 'FLOAT' || type.kind === 'DOUBLE'
}

export function isNumeric(type: SqlType): boolean {
  return isExactNumeric(type) || isApproximate(type)
}

export function isText(type: SqlType): type is SqlType & { readonly kind: 'CHAR' | 'VARCHAR' } {
  return type.kind === 'CHAR' || type.kind === 'VARCHAR'
}

export function isBinary(type: SqlType): type is SqlType & { readonly kind: 'BINARY' | 'VARBINARY' } {
  return type.kind === 'BINARY' || type.kind === 'VARBINARY'
}

export function isInterval(type: SqlType): boolean {
  return type.kind === 'INTERVAL_YEAR_MONTH' || type.kind === 'INTERVAL_DAY_TIME'
}

/** TIMESTAMP of either kind. */
export function isTimestamp(type: SqlType): type is SqlType & { readonly kind: 'TIMESTAMP' | 'TIMESTAMP_LTZ' } {
  return type.kind === 'TIMESTAMP' || type.kind === 'TIMESTAMP_LTZ'
}

/** DATE, TIME and timestamps. */
export function isTemporal(type: SqlType): boolean {
  return type.kind === 'DATE' || type.kind === 'TIME' || isTimestamp(type)
}

/** An integer or DECIMAL type as DECIMAL; undefined for others. */
export function asDecimal(type: SqlType): TypeOf<'DECIMAL'> | undefined {
  if (type.kind === 'DECIMAL') return type
  return isInteger(type) ? types.decimal(integerDigits[type.kind], 0, type.nullable) : undefined
}

/**
 * How values of several types find one. `function`: arguments of COALESCE, IFNULL, GREATEST and of functions over arrays. `query`: CASE,
 * IF, UNION, VALUES, IN and constructors, where Flink leaves the choice to its SQL validator: of FLOAT and DOUBLE the first one wins, and a
 * DATE does not meet a TIMESTAMP, which a function takes for its date.
 */
export type CommonTypeRule = 'function' | 'query'

/**
 * The type that all values of these types are cast to where they meet. Undefined when there is none. Nullable when one of them is.
 *
 * Numbers widen (an integer beside a DECIMAL counts as DECIMAL, a DECIMAL beside FLOAT or DOUBLE gives DOUBLE), texts of different
 * length give VARCHAR of the longer, ROW, ARRAY and MAP widen inside.
 */
export function commonType(candidates: readonly SqlType[], rule: CommonTypeRule = 'function'): SqlType | undefined {
  let result: SqlType | undefined
  for (const candidate of candidates) {
    result = result === undefined ? candidate : commonOfTwo(result, candidate, rule)
    if (result === undefined) return undefined
  }
  return result
}

function commonOfTwo(a: SqlType, b: SqlType, rule: CommonTypeRule): SqlType | undefined {
  const nullable = a.nullable || b.nullable
  if (a.kind === 'NULL') return withNullability(b, true)
  if (b.kind === 'NULL') return withNullability(a, true)
  if (typesEqual(a, b)) return a
  if (isNumeric(a) && isNumeric(b)) {
    if (rule === 'query' && isApproximate(a) && isApproximate(b)) return withNullability(a, nullable)
    if (rule === 'function' && a.kind === 'DECIMAL' && b.kind === 'FLOAT') return withNullability(b, nullable)
    return commonNumeric(a, b, nullable)
  }
  if (isText(a) && isText(b)) {
    if (a.kind === 'CHAR' && b.kind === 'CHAR' && a.length === b.length) return types.char(a.length, nullable)
    return types.varchar(Math.max(a.length, b.length), nullable)
  }
  if (isBinary(a) && isBinary(b)) {
    if (a.kind === 'BINARY' && b.kind === 'BINARY' && a.length === b.length) return types.binary(a.length, nullable)
    return types.varbinary(Math.max(a.length, b.length), nullable)
  }
  if (a.kind !== b.kind) return commonMoment(a, b, nullable, rule)
  switch (a.kind) {
    case 'TIME':
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return { ...a, precision: Math.max(a.precision, (b as typeof a).precision), nullable }
    case 'ARRAY':
    case 'MULTISET': {
      const element = commonOfTwo(a.element, (b as typeof a).element, rule)
      return element === undefined ? undefined : { kind: a.kind, element, nullable }
    }
    case 'MAP': {
      const key = commonOfTwo(a.key, (b as typeof a).key, rule)
      const value = commonOfTwo(a.value, (b as typeof a).value, rule)
      return key === undefined || value === undefined ? undefined : types.map(key, value, nullable)
    }
    case 'ROW':
      return commonRow(a, b as typeof a, nullable, rule)
    default:
      return withNullability(a, nullable)
  }
}

function commonMoment(a: SqlType, b: SqlType, nullable: boolean, rule: CommonTypeRule): SqlType | undefined {
  if (isTimestamp(a) && isTimestamp(b)) return types.timestampLtz(Math.max(a.precision, b.precision), nullable)
  if (rule === 'query') return undefined
  // As in Flink a TIMESTAMP loses what a DATE or TIME beside it has not.
  for (const part of ['DATE', 'TIME']) {
    if (a.kind === part && b.kind === 'TIMESTAMP') return withNullability(a, nullable)
    if (b.kind === part && a.kind === 'TIMESTAMP') return withNullability(b, nullable)
  }
  return undefined
}

function commonRow(a: TypeOf<'ROW'>, b: TypeOf<'ROW'>, nullable: boolean, rule: CommonTypeRule): SqlType | undefined {
  if (a.fields.length !== b.fields.length) return undefined
  const fields: RowField[] = []
  for (const [i, field] of a.fields.entries()) {
    const type = commonOfTwo(field.type, b.fields[i]!.type, rule)
    if (type === undefined) return undefined
    fields.push({ ...field, type })
  }
  return types.row(fields, nullable)
}

function commonNumeric(a: SqlType, b: SqlType, nullable: boolean): SqlType {
  if (isInteger(a) && isInteger(b)) return withNullability(integerRank[a.kind] >= integerRank[b.kind] ? a : b, nullable)
  const left = asDecimal(a)
  const right = asDecimal(b)
  if (left !== undefined && right !== undefined) {
    const scale = Math.max(left.scale, right.scale)
    const digits = Math.max(left.precision - left.scale, right.precision - right.scale)
    if (digits + scale <= MAX_DECIMAL_PRECISION) return types.decimal(digits + scale, scale, nullable)
    return types.decimal(MAX_DECIMAL_PRECISION, Math.max(0, MAX_DECIMAL_PRECISION - digits), nullable)
  }
  if (a.kind === 'DECIMAL' || b.kind === 'DECIMAL') return types.double(nullable)
  if (a.kind === 'DOUBLE' || b.kind === 'DOUBLE') return types.double(nullable)
  return types.float(nullable)
}

/**
 * The type in which two values are compared by `=` or `<`; undefined when Flink refuses the comparison. FLOAT and DOUBLE meet in the
 * left one's type; text meets a number in `<` and its kin only, and a date or time in all of them, as that type.
 */
export function comparisonType(operator: 'equality' | 'order', a: SqlType, b: SqlType): SqlType | undefined {
  if (isText(a) !== isText(b)) {
    const other = isText(a) ? b : a
    if (other.kind === 'NULL') return isText(a) ? a : b
    if (isTemporal(other)) return withNullability(other, a.nullable || b.nullable)
    if (isNumeric(other) && operator === 'order') return withNullability(numberForText(other), a.nullable || b.nullable)
    return undefined
  }
  return commonType([a, b], 'query')
}

/** Text compares with a DECIMAL as DOUBLE: no DECIMAL holds every text. */
function numberForText(type: SqlType): SqlType {
  return type.kind === 'DECIMAL' ? types.double(type.nullable) : type
}

/** The type in which a value meets the members of an IN list: as in CASE, but texts are read as the number that they meet. */
export function membershipType(value: SqlType, members: readonly SqlType[]): SqlType | undefined {
  const all = [value, ...members]
  const common = commonType(all, 'query')
  if (common !== undefined) return common
  const others = all.filter((type) => !isText(type))
  const target = commonType(others, 'query')
  if (target === undefined || !(isNumeric(target) || isTemporal(target))) return undefined
  return withNullability(
    numberForText(target),
    all.some((type) => type.nullable),
  )
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%'

export interface ArithmeticTypes {
  readonly type: SqlType
  readonly argTypes: readonly [SqlType, SqlType]
}

/** Operand and result types of a numeric operation, as in Flink; undefined when one of them is no number. */
export function arithmeticTypes(operator: ArithmeticOperator, a: SqlType, b: SqlType): ArithmeticTypes | undefined {
  if (a.kind === 'NULL' && b.kind === 'NULL') return undefined
  const left = a.kind === 'NULL' ? withNullability(b, true) : a
  const right = b.kind === 'NULL' ? withNullability(a, true) : b
  if (!isNumeric(left) || !isNumeric(right)) return undefined
  const nullable = left.nullable || right.nullable
  if (isInteger(left) && isInteger(right)) {
    const wide = integerRank[left.kind] >= integerRank[right.kind] ? left : right
    const operand = withNullability(wide, nullable)
    // The remainder has the type of the divisor, but is computed in the wider one.
    return {
      type: withNullability(operator === '%' ? right : wide, nullable),
      argTypes: operator === '%' ? [left, right] : [operand, operand],
    }
  }
  const leftDecimal = asDecimal(left)
  const rightDecimal = asDecimal(right)
  if (leftDecimal !== undefined && rightDecimal !== undefined) {
    return { type: decimalResult(operator, leftDecimal, rightDecimal, nullable), argTypes: [leftDecimal, rightDecimal] }
  }
  const operand = approximateOperand(left, right, nullable)
  return { type: operand, argTypes: [operand, operand] }
}

/** DECIMAL meets FLOAT in DOUBLE, an integer meets FLOAT in FLOAT, and of FLOAT and DOUBLE the left one wins. */
function approximateOperand(left: SqlType, right: SqlType, nullable: boolean): SqlType {
  if (left.kind === 'DECIMAL' || right.kind === 'DECIMAL') return types.double(nullable)
  return withNullability(isApproximate(left) ? left : right, nullable)
}

function decimalResult(operator: ArithmeticOperator, a: TypeOf<'DECIMAL'>, b: TypeOf<'DECIMAL'>, nullable: boolean): SqlType {
  switch (operator) {
    case '+':
    case '-': {
      const scale = Math.max(a.scale, b.scale)
      return adjusted(Math.max(a.precision - a.scale, b.precision - b.scale) + scale + 1, scale, nullable)
    }
    case '*':
      return adjusted(a.precision + b.precision + 1, a.scale + b.scale, nullable)
    case '/': {
      const scale = Math.max(MIN_ADJUSTED_SCALE, a.scale + b.precision + 1)
      return adjusted(a.precision - a.scale + b.scale + scale, scale, nullable)
    }
    case '%': {
      if (a.scale === 0 && b.scale === 0) return types.decimal(b.precision, 0, nullable)
      const scale = Math.max(a.scale, b.scale)
      return adjusted(Math.min(a.precision - a.scale, b.precision - b.scale) + scale, scale, nullable)
    }
  }
}

/** Cuts a type to 38 digits: the integer digits are kept, of the fraction at least six where it had them. */
function adjusted(precision: number, scale: number, nullable: boolean): SqlType {
  if (precision <= MAX_DECIMAL_PRECISION) return types.decimal(precision, scale, nullable)
  const digits = precision - scale
  const kept = Math.max(MAX_DECIMAL_PRECISION - digits, Math.min(scale, MIN_ADJUSTED_SCALE))
  return types.decimal(MAX_DECIMAL_PRECISION, kept, nullable)
}

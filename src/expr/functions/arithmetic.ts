import { addMonthsToDate, addMonthsToTimestamp, floorMod, MS_PER_DAY, NS_PER_MS } from '../../data/datetime.ts'
import { divideDecimals, powerOfTen, rescale, toDecimal } from '../../data/decimal.ts'
import { type SqlType, types, withNullability } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { saturateInt, saturateLong } from '../../data/saturate.ts'
import { type ArithmeticOperator, arithmeticTypes, isInterval, isNumeric, isTimestamp } from '../coercion.ts'
import { EvaluationError } from '../evaluation-error.ts'
import type { ArgInfo, CallSite, ResolvedCall, ScalarFunction } from '../function.ts'
import { firstOf, numeric, signature } from '../signature.ts'

/** The number cut to the bits of an integer type, as Java's arithmetic wraps. */
export function wrapInteger(type: SqlType, value: number): number {
  switch (type.kind) {
    case 'TINYINT':
      return (value << 24) >> 24
    case 'SMALLINT':
      return (value << 16) >> 16
    default:
      return value | 0
  }
}

function divisionByZero(operator: string): EvaluationError {
  return new EvaluationError('data/division-by-zero', `Cannot evaluate "${operator}": the divisor is 0`)
}

type Operation = (a: SqlValue, b: SqlValue, site: CallSite) => SqlValue

/** What an operator does, by the type of its result. */
interface NumericOperations {
  readonly narrow: (a: number, b: number) => number
  readonly wide: (a: bigint, b: bigint) => bigint
  readonly floating: (a: number, b: number) => number
  readonly decimal: Operation
}

function decimalTypes(site: CallSite): readonly [DecimalShape, DecimalShape, DecimalShape] {
  return [site.argTypes[0] as DecimalShape, site.argTypes[1] as DecimalShape, site.type as DecimalShape]
}

interface DecimalShape {
  readonly precision: number
  readonly scale: number
}

function addDecimals(a: bigint, b: bigint, site: CallSite): SqlValue {
  const [left, right, result] = decimalTypes(site)
  const scale = Math.max(left.scale, right.scale)
  return toDecimal(rescale(a, left.scale, scale) + rescale(b, right.scale, scale), scale, result.precision, result.scale)
}

function remainderOfDecimals(a: bigint, b: bigint, site: CallSite): SqlValue {
  if (b === 0n) throw divisionByZero('%')
  const [left, right, result] = decimalTypes(site)
  const scale = Math.max(left.scale, right.scale)
  return toDecimal(rescale(a, left.scale, scale) % rescale(b, right.scale, scale), scale, result.precision, result.scale)
}

const operations: Record<ArithmeticOperator, NumericOperations> = {
  '+': {
    narrow: (a, b) => a + b,
    wide: (a, b) => a + b,
    floating: (a, b) => a + b,
    decimal: (a, b, site) => addDecimals(a as bigint, b as bigint, site),
  },
  '-': {
    narrow: (a, b) => a - b,
    wide: (a, b) => a - b,
    floating: (a, b) => a - b,
    decimal: (a, b, site) => addDecimals(a as bigint, -(b as bigint), site),
  },
  '*': {
    narrow: Math.imul,
    wide: (a, b) => a * b,
    floating: (a, b) => a * b,
    decimal: (a, b, site) => {
      const [left, right, result] = decimalTypes(site)
      return toDecimal((a as bigint) * (b as bigint), left.scale + right.scale, result.precision, result.scale)
    },
  },
  '/': {
    narrow: (a, b) => {
      if (b === 0) throw divisionByZero('/')
      return Math.trunc(a / b)
    },
    wide: (a, b) => {
      if (b === 0n) throw divisionByZero('/')
      return a / b
    },
    floating: (a, b) => a / b,
    decimal: (a, b, site) => {
      if (b === 0n) throw divisionByZero('/')
      const [left, right, result] = decimalTypes(site)
      return divideDecimals(a as bigint, left.scale, b as bigint, right.scale, result)
    },
  },
  '%': {
    narrow: (a, b) => {
      if (b === 0) throw divisionByZero('%')
      return a % b
    },
    wide: (a, b) => {
      if (b === 0n) throw divisionByZero('%')
      return a % b
    },
    floating: (a, b) => a % b,
    decimal: (a, b, site) => remainderOfDecimals(a as bigint, b as bigint, site),
  },
}

function evaluateNumeric(operator: ArithmeticOperator, a: SqlValue, b: SqlValue, site: CallSite): SqlValue {
  const { narrow, wide, floating, decimal } = operations[operator]
  switch (site.type.kind) {
    case 'DOUBLE':
      return floating(a as number, b as number)
    case 'FLOAT':
      return Math.fround(floating(a as number, b as number))
    case 'DECIMAL':
      return decimal(a, b, site)
    default:
      break
  }
  if (typeof a === 'bigint' || typeof b === 'bigint') {
    // Of `%` only one side may be a BIGINT; its result has the divisor's type.
    const result = BigInt.asIntN(64, wide(BigInt(a as bigint), BigInt(b as bigint)))
    return site.type.kind === 'BIGINT' ? result : wrapInteger(site.type, Number(BigInt.asIntN(32, result)))
  }
  return wrapInteger(site.type, narrow(a as number, b as number))
}

function resolveNumeric(operator: ArithmeticOperator): ScalarFunction['resolve'] {
  return (args) => {
    const [left, right] = args
    if (left === undefined || right === undefined || args.length !== 2) return 'count'
    const resolved = arithmeticTypes(operator, left.type, right.type)
    if (resolved !== undefined) return resolved
    return `a number as argument ${isNumeric(left.type) || left.type.kind === 'NULL' ? 2 : 1}`
  }
}

/** `temporal + interval`, `interval + temporal`, `temporal - interval`, and sums of intervals of one kind. */
function resolveTemporal(operator: '+' | '-'): ScalarFunction['resolve'] {
  return (args) => {
    const [left, right] = args
    if (left === undefined || right === undefined || args.length !== 2) return 'count'
    const nullable = left.type.nullable || right.type.nullable
    const argTypes = [left.type, right.type]
    if (isInterval(left.type) && left.type.kind === right.type.kind) return { type: withNullability(left.type, nullable), argTypes }
    const moved = operator === '+' && isInterval(left.type) ? shifted(right, left) : shifted(left, right)
    if (moved === undefined) return 'count'
    return { type: withNullability(moved, nullable), argTypes }
  }
}

/** The type of a date or time moved by an interval. A DATE stays one, but a literal of less than whole days makes it a TIMESTAMP. */
function shifted(moment: ArgInfo, interval: ArgInfo): SqlType | undefined {
  if (!isInterval(interval.type)) return undefined
  if (isTimestamp(moment.type)) return moment.type
  if (moment.type.kind === 'TIME') return interval.type.kind === 'INTERVAL_DAY_TIME' ? moment.type : undefined
  if (moment.type.kind !== 'DATE') return undefined
  const isPartOfDay = typeof interval.literal === 'bigint' && interval.literal % BigInt(MS_PER_DAY) !== 0n
  return isPartOfDay ? types.timestamp(0) : moment.type
}

function evaluateTemporal(sign: 1 | -1, a: SqlValue, b: SqlValue, site: CallSite): SqlValue {
  const [left, right] = site.argTypes as readonly [SqlType, SqlType]
  if (isInterval(left) && isInterval(right)) {
    if (typeof a === 'bigint') return BigInt.asIntN(64, a + BigInt(sign) * (b as bigint))
    return ((a as number) + sign * (b as number)) | 0
  }
  return isInterval(left) ? move(right, b, left, a, sign, site.type) : move(left, a, right, b, sign, site.type)
}

function move(from: SqlType, moment: SqlValue, by: SqlType, interval: SqlValue, sign: 1 | -1, to: SqlType): SqlValue {
  if (by.kind === 'INTERVAL_YEAR_MONTH') {
    const months = sign * (interval as number)
    return from.kind === 'DATE' ? addMonthsToDate(moment as number, months) : addMonthsToTimestamp(moment as bigint, months)
  }
  const milliseconds = BigInt(sign) * (interval as bigint)
  switch (from.kind) {
    case 'DATE': {
      const day = BigInt(MS_PER_DAY)
      if (to.kind === 'DATE') return ((moment as number) + Number(milliseconds / day)) | 0
      return (BigInt(moment as number) * day + milliseconds) * NS_PER_MS
    }
    case 'TIME':
      return floorMod((moment as number) + Number(milliseconds % BigInt(MS_PER_DAY)), MS_PER_DAY)
    default:
      return (moment as bigint) + milliseconds * NS_PER_MS
  }
}

/** `interval * number`, `number * interval`, `interval / number`. */
function resolveScaling(operator: '*' | '/'): ScalarFunction['resolve'] {
  return (args) => {
    const [left, right] = args
    if (left === undefined || right === undefined || args.length !== 2) return 'count'
    const nullable = left.type.nullable || right.type.nullable
    const isLeft = isInterval(left.type) && isNumeric(right.type)
    const isRight = operator === '*' && isNumeric(left.type) && isInterval(right.type)
    if (!isLeft && !isRight) return 'count'
    const interval = isLeft ? left.type : right.type
    const factor = (type: SqlType): SqlType => (isInterval(type) ? type : types.double(type.nullable))
    return { type: withNullability(interval, nullable), argTypes: [factor(left.type), factor(right.type)] }
  }
}

function evaluateScaling(operator: '*' | '/', a: SqlValue, b: SqlValue, site: CallSite): SqlValue {
  const isLeft = isInterval(site.argTypes[0]!)
  const interval = Number(isLeft ? a : b)
  const factor = Number(isLeft ? b : a)
  if (operator === '/' && factor === 0) throw divisionByZero('/')
  const result = operator === '*' ? interval * factor : interval / factor
  return site.type.kind === 'INTERVAL_DAY_TIME' ? saturateLong(result) : saturateInt(result)
}

const hasTemporal = (site: CallSite): boolean => !isNumeric(site.type)

function negate(value: SqlValue, site: CallSite): SqlValue {
  switch (site.type.kind) {
    case 'BIGINT':
      return BigInt.asIntN(64, -(value as bigint))
    case 'DECIMAL':
    case 'INTERVAL_DAY_TIME':
      return -(value as bigint)
    case 'FLOAT':
    case 'DOUBLE':
      return -(value as number)
    default:
      return wrapInteger(site.type, -(value as number))
  }
}


export const arithmeticFunctions: readonly ScalarFunction[] = [
  {
    name: '+',
    family: 'arithmetic',
    forms: ['number + number', 'date or time + interval', 'interval + interval'],
    doc: 'The sum; integers wrap, a DECIMAL that needs more than 38 digits is NULL.',
    examples: [
      ['1 + 1.5', '2.5'],
      ["DATE '2024-01-31' + INTERVAL '1' MONTH", '2024-02-29'],
    ],
    resolve: firstOf(resolveTemporal('+'), resolveNumeric('+')),
    nulls: 'strict',
    evaluate: ([a, b], site) => (hasTemporal(site) ? evaluateTemporal(1, a!, b!, site) : evaluateNumeric('+', a!, b!, site)),
  },
  {
    name: '-',
    family: 'arithmetic',
    forms: ['number - number', 'date or time - interval', 'interval - interval'],
    doc: 'The difference; integers wrap, a DECIMAL that needs more than 38 digits is NULL.',
    examples: [['1 - 1.5', '-0.5']],
    resolve: firstOf(resolveTemporal('-'), resolveNumeric('-')),
    nulls: 'strict',
    evaluate: ([a, b], site) => (hasTemporal(site) ? evaluateTemporal(-1, a!, b!, site) : evaluateNumeric('-', a!, b!, site)),
  },
  {
    name: '*',
    family: 'arithmetic',
    forms: ['number * number', 'interval * number'],
    doc: 'The product; integers wrap, a DECIMAL that needs more than 38 digits is NULL.',
    examples: [['1.5 * 2.25', '3.375']],
    resolve: firstOf(resolveScaling('*'), resolveNumeric('*')),
    nulls: 'strict',
    evaluate: ([a, b], site) => (hasTemporal(site) ? evaluateScaling('*', a!, b!, site) : evaluateNumeric('*', a!, b!, site)),
  },
  {
    name: '/',
    family: 'arithmetic',
    forms: ['number / number', 'interval / number'],
    doc: 'The quotient; of integers cut towards zero. Fails for an exact divisor of 0.',
    examples: [
      ['7 / 2', '3'],
      ['1 / 3.0', '0.333333'],
    ],
    resolve: firstOf(resolveScaling('/'), resolveNumeric('/')),
    nulls: 'strict',
    evaluate: ([a, b], site) => (hasTemporal(site) ? evaluateScaling('/', a!, b!, site) : evaluateNumeric('/', a!, b!, site)),
  },
  {
    name: '%',
    aliases: ['MOD'],
    family: 'arithmetic',
    forms: ['number % number', 'MOD(number, divisor)'],
    doc: 'The remainder, with the sign of the first number and the integer type of the divisor. Fails for an exact divisor of 0.',
    examples: [
      ['-7 % 3', '-1'],
      ['MOD(7.5, 2)', '1.5'],
    ],
    resolve: resolveNumeric('%'),
    nulls: 'strict',
    evaluate: ([a, b], site) => evaluateNumeric('%', a!, b!, site),
  },
  {
    name: 'NEGATE',
    family: 'arithmetic',
    forms: ['-number', '-interval'],
    doc: 'The number with the other sign; the least integer of its type stays.',
    examples: [['-(1 + 1)', '-2']],
    resolve: firstOf(
      signature({ parameters: [{ wanted: 'an interval', accept: ({ type }) => (isInterval(type) ? type : undefined) }], returns: ([type]) => type! }),
      signature({ parameters: [numeric], returns: ([type]) => type! }),
    ),
    nulls: 'strict',
    evaluate: ([value], site) => negate(value!, site),
    flinkName: '-',
    sparkName: 'negative',
  },
] satisfies readonly (ScalarFunction & { readonly resolve: (args: readonly ArgInfo[]) => ResolvedCall | string })[]

import { divideDecimals, rescale, toDecimal } from '../../data/decimal.ts'
import type { SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { type ArithmeticOperator, arithmeticTypes, isApproximate, isInterval, isNumeric } from '../coercion.ts'
import { divisionByZero } from '../evaluation-error.ts'
import type { CallSite, ScalarFunction } from '../function.ts'
import { firstOf, numeric, signature } from '../signature.ts'
import { differenceFunctions, evaluateScaling, evaluateTemporal, resolveScaling, resolveTemporal } from './interval-arithmetic.ts'

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
    if (operator === '%' && (isApproximate(left.type) || isApproximate(right.type)))
      return `an integer or DECIMAL as argument ${isApproximate(left.type) ? 1 : 2}`
    const resolved = arithmeticTypes(operator, left.type, right.type)
    if (resolved !== undefined) return resolved
    return `a number as argument ${isNumeric(left.type) || left.type.kind === 'NULL' ? 2 : 1}`
  }
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
      signature({
        parameters: [{ wanted: 'an interval', accept: ({ type }) => (isInterval(type) ? type : undefined) }],
        returns: ([type]) => type!,
      }),
      signature({ parameters: [numeric], returns: ([type]) => type! }),
    ),
    nulls: 'strict',
    evaluate: ([value], site) => negate(value!, site),
    flinkName: '-',
    sparkName: 'negative',
  },
  ...differenceFunctions,
]

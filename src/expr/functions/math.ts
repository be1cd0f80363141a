import { digitCount, divideHalfUp, formatDecimal, parseExactDecimal, powerOfTen, rescale } from '../../data/decimal.ts'
import { formatDouble } from '../../data/number-text.ts'
import { MAX_DECIMAL_PRECISION, type SqlType, type TypeOf, types } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { EvaluationError } from '../evaluation-error.ts'
import type { ArgInfo, CallSite, ScalarFunction } from '../function.ts'
import { JavaRandom } from '../java-random.ts'
import { binary, double, firstOf, integer, numeric, signature, text } from '../signature.ts'
import { isInteger, isText } from '../coercion.ts'
import { wrapInteger } from './arithmetic.ts'

/** A function of one DOUBLE. */
function ofDouble(
  name: string,
  doc: string,
  example: readonly [string, string],
  compute: (value: number) => number,
  sparkName?: string,
): ScalarFunction {
  return {
    name,
    family: 'arithmetic',
    forms: [`${name}(number)`],
    doc,
    examples: [example],
    resolve: signature({ parameters: [double], returns: types.double() }),
    nulls: 'strict',
    evaluate: ([value]) => compute(value as number),
    ...(sparkName === undefined ? {} : { sparkName }),
  }
}

/** A function that keeps the type of its number, given for each way in which numbers are held. */
function sameType(
  name: string,
  doc: string,
  examples: ScalarFunction['examples'],
  compute: { readonly floating: (value: number) => number; readonly big: (value: bigint, scale: number) => bigint },
): ScalarFunction {
  return {
    name,
    family: 'arithmetic',
    forms: [`${name}(number)`],
    doc,
    examples,
    resolve: signature({ parameters: [numeric], returns: ([type]) => type! }),
    nulls: 'strict',
    evaluate: ([value], { type }) => {
      if (typeof value === 'bigint') {
        const result = compute.big(value, type.kind === 'DECIMAL' ? type.scale : 0)
        return type.kind === 'BIGINT' ? BigInt.asIntN(64, result) : result
      }
      const result = compute.floating(value as number)
      return isInteger(type) ? wrapInteger(type, result) : result
    },
  }
}

/** FLOOR and CEIL: a DECIMAL loses its fraction digits, other types stay. */
function toWhole(
  name: string,
  aliases: readonly string[],
  doc: string,
  examples: ScalarFunction['examples'],
  floating: (value: number) => number,
  direction: 'down' | 'up',
): ScalarFunction {
  return {
    name,
    aliases,
    family: 'arithmetic',
    forms: [`${name}(number)`],
    doc,
    examples,
    resolve: signature({
      parameters: [numeric],
      returns: ([type]) => (type?.kind === 'DECIMAL' ? types.decimal(type.precision, 0) : type!),
    }),
    nulls: 'strict',
    evaluate: ([value], site) => {
      const [from] = site.argTypes as readonly [SqlType]
      if (from.kind === 'DECIMAL') return wholeDecimal(value as bigint, powerOfTen(from.scale), direction)
      return typeof value === 'bigint' ? value : floating(value as number)
    },
  }
}

function wholeDecimal(value: bigint, unit: bigint, direction: 'down' | 'up'): bigint {
  const quotient = value / unit
  const rest = value % unit
  if (direction === 'down') return rest < 0n ? quotient - 1n : quotient
  return rest > 0n ? quotient + 1n : quotient
}

/** The type of ROUND and TRUNCATE: a DECIMAL is cut to the digits that a literal says, other types stay. */
function roundedType(argTypes: readonly SqlType[], args: readonly ArgInfo[]): SqlType {
  const type = argTypes[0]!
  if (type.kind !== 'DECIMAL') return type
  const digits = args.length === 1 ? 0 : args[1]!.literal
  if (typeof digits !== 'number') return type
  return roundedDecimal(type, digits)
}

function roundedDecimal(type: TypeOf<'DECIMAL'>, digits: number): SqlType {
  if (digits >= type.scale) return type
  const whole = 1 + type.precision - type.scale
  if (digits < 0) return types.decimal(Math.min(MAX_DECIMAL_PRECISION, whole), 0)
  return types.decimal(Math.min(MAX_DECIMAL_PRECISION, whole + digits), digits)
}

type Rounding = 'half-up' | 'cut'

/** The value with `digits` digits after the point (before it when negative), still times 10^scale. */
function roundUnscaled(value: bigint, scale: number, digits: number, rounding: Rounding): bigint {
  if (digits >= scale) return value
  const drop = scale - digits
  if (drop > digitCount(value) + 1) return 0n
  const unit = powerOfTen(drop)
  return (rounding === 'cut' ? value / unit : divideHalfUp(value, unit)) * unit
}

/** Rounding of a floating-point number goes by its shortest decimal text, so that 1.005 is 1.01 as it reads. */
function roundDouble(value: number, digits: number, rounding: Rounding): number {
  if (!Number.isFinite(value) || digits >= 400) return value
  const exact = parseExactDecimal(formatDouble(value))!
  // Java's BigDecimal has no negative zero.
  if (exact.scale <= digits) return value === 0 ? 0 : value
  if (digits < -400) return 0
  const scale = Math.max(exact.scale, 0)
  const unscaled = rescale(exact.unscaled, exact.scale, scale)
  return Number(formatDecimal(roundUnscaled(unscaled, scale, digits, rounding), scale))
}

function round(value: SqlValue, digits: number, rounding: Rounding, site: CallSite): SqlValue {
  const [from] = site.argTypes as readonly [SqlType]
  switch (from.kind) {
    case 'DECIMAL': {
      const rounded = roundUnscaled(value as bigint, from.scale, digits, rounding)
      return rescale(rounded, from.scale, (site.type as TypeOf<'DECIMAL'>).scale)
    }
    case 'BIGINT':
      return BigInt.asIntN(64, roundUnscaled(value as bigint, 0, digits, rounding))
    case 'DOUBLE':
      return roundDouble(value as number, digits, rounding)
    case 'FLOAT':
      return Math.fround(roundDouble(value as number, digits, rounding))
    default:
      return wrapInteger(from, Number(BigInt.asIntN(32, roundUnscaled(BigInt(value as number), 0, digits, rounding))))
  }
}

function rounding(name: string, doc: string, examples: ScalarFunction['examples'], mode: Rounding): ScalarFunction {
  return {
    name,
    family: 'arithmetic',
    forms: [`${name}(number[, digits])`],
    doc,
    examples,
    resolve: signature({ parameters: [numeric, integer], optional: 1, returns: roundedType }),
    nulls: 'strict',
    evaluate: ([value, digits], site) => round(value!, (digits as number | undefined) ?? 0, mode, site),
  }
}

const upperHex = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex').toUpperCase()
const encoder = new TextEncoder()

function hex(value: SqlValue): string {
  if (typeof value === 'string') return upperHex(encoder.encode(value))
  if (value instanceof Uint8Array) return upperHex(value)
  return BigInt.asUintN(64, BigInt(value as bigint))
    .toString(16)
    .toUpperCase()
}

/** An odd number of digits loses its first, for which a zero byte stands, as in Flink. */
function unhex(digits: string): Uint8Array | null {
  if (!/^[0-9a-fA-F]*$/.test(digits)) return null
  const even = digits.length % 2 === 0 ? digits : `00${digits.slice(1)}`
  return new Uint8Array(Buffer.from(even, 'hex'))
}

/** A generator seeded by a call's first argument: kept with the call while the seed stays. */
function seeded(site: CallSite, seed: number): JavaRandom {
  const kept = site.memo as { readonly seed: number; readonly random: JavaRandom } | undefined
  if (kept?.seed === seed) return kept.random
  const random = new JavaRandom(seed)
  site.memo = { seed, random }
  return random
}

function randomInteger(site: CallSite, args: readonly SqlValue[]): number {
  const bound = args.at(-1) as number
  if (bound <= 0)
    throw new EvaluationError('data/random', `Cannot evaluate "RAND_INTEGER": the bound is ${bound}, a positive one was wanted`)
  return args.length === 2 ? seeded(site, args[0] as number).nextInt(bound) : site.context.random.nextInt(bound)
}

function uuid(site: CallSite): string {
  const { random } = site.context
  const words = Array.from({ length: 4 }, () => random.nextUint32().toString(16).padStart(8, '0')).join('')
  const variant = '89ab'[Number.parseInt(words[16]!, 16) & 3]!
  return `${words.slice(0, 8)}-${words.slice(8, 12)}-4${words.slice(13, 16)}-${variant}${words.slice(17, 20)}-${words.slice(20)}`
}

const integerOrText = {
  wanted: 'an integer, a text or bytes',
  accept: (arg: ArgInfo): SqlType | undefined =>
    isInteger(arg.type) ? types.bigint(arg.type.nullable) : isText(arg.type) ? arg.type : binary.accept(arg),
}

const abs = (value: bigint): bigint => (value < 0n ? -value : value)

export const mathFunctions: readonly ScalarFunction[] = [
  sameType('ABS', 'The value without its sign; the least integer of its type stays.', [['ABS(-1.5)', '1.5']], {
    floating: Math.abs,
    big: abs,
  }),
  sameType('SIGN', '1, 0 or -1, in the type of the number.', [['SIGN(-3)', '-1']], {
    floating: Math.sign,
    big: (value, scale) => (value > 0n ? 1n : value < 0n ? -1n : 0n) * powerOfTen(scale),
  }),
  toWhole('FLOOR', [], 'The greatest whole number that is not greater.', [['FLOOR(-1.5)', '-2']], Math.floor, 'down'),
  toWhole('CEIL', ['CEILING'], 'The least whole number that is not less.', [['CEIL(1.2)', '2']], Math.ceil, 'up'),
  rounding(
    'ROUND',
    'Rounded to so many digits after the point (0 without, before the point when negative), half away from zero.',
    [
      ['ROUND(1.005, 2)', '1.01'],
      ['ROUND(1250, -2)', '1300'],
    ],
    'half-up',
  ),
  rounding(
    'TRUNCATE',
    'Cut to so many digits after the point (0 without, before the point when negative).',
    [
      ['TRUNCATE(42.324, 2)', '42.32'],
      ['TRUNCATE(-1.9)', '-1'],
    ],
    'cut',
  ),
  {
    name: 'POWER',
    family: 'arithmetic',
    forms: ['POWER(base, exponent)'],
    doc: 'The base raised to the exponent, a DOUBLE.',
    examples: [['POWER(2, 10)', '1024.0']],
    resolve: signature({ parameters: [double, double], returns: types.double() }),
    nulls: 'strict',
    evaluate: ([base, exponent]) => (base as number) ** (exponent as number),
  },
  ofDouble('SQRT', 'The square root; NaN of a negative number.', ['SQRT(2)', '1.4142135623730951'], Math.sqrt),
  ofDouble('EXP', 'e raised to the number.', ['EXP(0)', '1.0'], Math.exp),
  ofDouble('LN', 'The natural logarithm.', ['LN(1)', '0.0'], Math.log),
  ofDouble('LOG10', 'The logarithm to base 10.', ['LOG10(1000)', '3.0'], Math.log10),
  ofDouble('LOG2', 'The logarithm to base 2.', ['LOG2(8)', '3.0'], (value) => Math.log(value) / Math.log(2)),
  {
    name: 'LOG',
    family: 'arithmetic',
    forms: ['LOG(number)', 'LOG(base, number)'],
    doc: 'The natural logarithm, or the logarithm to a base.',
    examples: [['ROUND(LOG(3, 9), 10)', '2.0']],
    resolve: firstOf(
      signature({ parameters: [double], returns: types.double() }),
      signature({ parameters: [double, double], returns: types.double() }),
    ),
    nulls: 'strict',
    evaluate: ([first, second]) =>
      second === undefined ? Math.log(first as number) : Math.log(second as number) / Math.log(first as number),
  },
  ofDouble('SIN', 'The sine of an angle in radians.', ['SIN(0)', '0.0'], Math.sin),
  ofDouble('COS', 'The cosine of an angle in radians.', ['COS(0)', '1.0'], Math.cos),
  ofDouble('TAN', 'The tangent of an angle in radians.', ['TAN(0)', '0.0'], Math.tan),
  ofDouble('COT', 'The cotangent of an angle in radians.', ['ROUND(COT(1), 6)', '0.642093'], (value) => 1 / Math.tan(value)),
  ofDouble('ASIN', 'The arc sine; NaN outside of -1 to 1.', ['ASIN(0)', '0.0'], Math.asin),
  ofDouble('ACOS', 'The arc cosine; NaN outside of -1 to 1.', ['ACOS(1)', '0.0'], Math.acos),
  ofDouble('ATAN', 'The arc tangent.', ['ATAN(0)', '0.0'], Math.atan),
  ofDouble('SINH', 'The hyperbolic sine.', ['SINH(0)', '0.0'], Math.sinh),
  ofDouble('COSH', 'The hyperbolic cosine.', ['COSH(0)', '1.0'], Math.cosh),
  ofDouble('TANH', 'The hyperbolic tangent.', ['TANH(0)', '0.0'], Math.tanh),
  {
    name: 'ATAN2',
    family: 'arithmetic',
    forms: ['ATAN2(y, x)'],
    doc: 'The angle of the point (x, y) in radians.',
    examples: [['ATAN2(0, 1)', '0.0']],
    resolve: signature({ parameters: [double, double], returns: types.double() }),
    nulls: 'strict',
    evaluate: ([y, x]) => Math.atan2(y as number, x as number),
  },
  ofDouble('DEGREES', 'Radians as degrees.', ['DEGREES(PI())', '180.0'], (value) => value * (180 / Math.PI)),
  ofDouble('RADIANS', 'Degrees as radians.', ['RADIANS(180)', '3.141592653589793'], (value) => value * (Math.PI / 180)),
  {
    name: 'PI',
    family: 'arithmetic',
    forms: ['PI()'],
    doc: 'The DOUBLE nearest to pi.',
    examples: [['PI()', '3.141592653589793']],
    resolve: signature({ parameters: [], returns: types.double(false) }),
    nulls: 'strict',
    evaluate: () => Math.PI,
  },
  {
    name: 'E',
    family: 'arithmetic',
    forms: ['E()'],
    doc: 'The DOUBLE nearest to e.',
    examples: [['E()', '2.718281828459045']],
    resolve: signature({ parameters: [], returns: types.double(false) }),
    nulls: 'strict',
    evaluate: () => Math.E,
  },
  {
    name: 'RAND',
    family: 'arithmetic',
    forms: ['RAND([seed])'],
    doc: 'A random DOUBLE from 0 to below 1; a seed gives the same numbers each time.',
    examples: [['RAND(42) < 1', 'TRUE']],
    resolve: signature({ parameters: [integer], optional: 1, returns: types.double(false) }),
    nulls: 'custom',
    isDeterministic: false,
    evaluate: ([seed], site) => (typeof seed === 'number' ? seeded(site, seed).nextDouble() : site.context.random.nextDouble()),
  },
  {
    name: 'RAND_INTEGER',
    family: 'arithmetic',
    forms: ['RAND_INTEGER(bound)', 'RAND_INTEGER(seed, bound)'],
    doc: 'A random INT from 0 to below the bound; a seed gives the same numbers each time.',
    examples: [['RAND_INTEGER(1)', '0']],
    resolve: firstOf(
      signature({ parameters: [integer], returns: types.integer() }),
      signature({ parameters: [integer, integer], returns: types.integer() }),
    ),
    nulls: 'strict',
    isDeterministic: false,
    evaluate: (args, site) => randomInteger(site, args),
  },
  {
    name: 'UUID',
    family: 'arithmetic',
    forms: ['UUID()'],
    doc: 'A random UUID of version 4.',
    examples: [['CHAR_LENGTH(UUID())', '36']],
    resolve: signature({ parameters: [], returns: types.char(36, false) }),
    nulls: 'strict',
    isDeterministic: false,
    evaluate: (_args, site) => uuid(site),
  },
  {
    name: 'BIN',
    family: 'arithmetic',
    forms: ['BIN(integer)'],
    doc: 'The binary digits of an integer; a negative one has 64.',
    examples: [['BIN(12)', '1100']],
    resolve: signature({
      parameters: [
        { wanted: 'an integer', accept: ({ type }) => (isInteger(type) || type.kind === 'NULL' ? types.bigint(type.nullable) : undefined) },
      ],
      returns: types.string(),
    }),
    nulls: 'strict',
    evaluate: ([value]) => BigInt.asUintN(64, value as bigint).toString(2),
  },
  {
    name: 'HEX',
    family: 'arithmetic',
    forms: ['HEX(integer)', 'HEX(text)'],
    doc: 'Hexadecimal digits, upper case: of an integer (a negative one has 16), or of the bytes of a text in UTF-8.',
    examples: [
      ['HEX(20)', '14'],
      ["HEX('hello,world')", '68656C6C6F2C776F726C64'],
    ],
    resolve: signature({ parameters: [integerOrText], returns: types.string() }),
    nulls: 'strict',
    evaluate: ([value]) => hex(value!),
  },
  {
    name: 'UNHEX',
    family: 'arithmetic',
    forms: ['UNHEX(text)'],
    doc: 'The bytes of hexadecimal digits; NULL for any other text. Of an odd number the first is discarded and a zero byte stands for it.',
    examples: [["DECODE(UNHEX('466C696E6B'), 'UTF-8')", 'Flink']],
    resolve: signature({ parameters: [text], returns: types.bytes(), nullable: 'always' }),
    nulls: 'strict',
    evaluate: ([value]) => unhex(value as string),
  },
]

import { layoutOf } from '../../data/column.ts'
import type { SqlType } from '../../data/types.ts'
import type { CompiledForm } from '../compiled-form.ts'
import type { Emitter, Fragment } from '../emitter.ts'
import { anyNull } from '../fragment-memory.ts'
import { type Code, type Operand, i32, op, select } from '../wasm-code.ts'
import { compareText, equalText } from './text-compare.ts'
import { present } from './numbers.ts'
import { equalWide, lessWide, wideOf } from './wide.ts'

type Order = '<' | '<=' | '>' | '>='

const suffix: Record<Order, 'lt' | 'le' | 'gt' | 'ge'> = { '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge' }

/** 1 when the values of one type are equal; undefined for types without a compiled form. */
export function equalCode(emit: Emitter, type: SqlType, a: Fragment, b: Fragment): Code | undefined {
  const [x, y] = [a.value[0]!, b.value[0]!]
  switch (layoutOf(type)) {
    case 'i8':
    case 'i16':
    case 'i32':
      return op('i32.eq', x, y)
    case 'i64':
      return op('i64.eq', x, y)
    case 'i128':
      return equalWide(wideOf(a), wideOf(b))
    case 'ts':
      return op('i32.and', op('i64.eq', x, y), op('i32.eq', a.value[1]!, b.value[1]!))
    case 'f32':
      return op('f32.eq', x, y)
    case 'f64':
      return op('f64.eq', x, y)
    case 'bytes':
      return isTextOrBinary(type) ? equalText(emit, a, b) : undefined
    case 'row':
      return undefined
  }
}

function isTextOrBinary({ kind }: SqlType): boolean {
  return kind === 'CHAR' || kind === 'VARCHAR' || kind === 'BINARY' || kind === 'VARBINARY'
}

function ordered(emit: Emitter, operator: Order, type: SqlType, a: Fragment, b: Fragment): Code | undefined {
  const [x, y] = [a.value[0]!, b.value[0]!]
  switch (layoutOf(type)) {
    case 'i8':
    case 'i16':
    case 'i32':
      return op(`i32.${suffix[operator]}_s`, x, y)
    case 'i64':
      return op(`i64.${suffix[operator]}_s`, x, y)
    case 'f32':
      return op(`f32.${suffix[operator]}`, x, y)
    case 'f64':
      return op(`f64.${suffix[operator]}`, x, y)
    case 'i128': {
      const [left, right] = [wideOf(a), wideOf(b)]
      if (left.isNarrow && right.isNarrow) return op(`i64.${suffix[operator]}_s`, left.low, right.low)
      return byLess(
        operator,
        () => lessWide(left, right),
        () => lessWide(right, left),
      )
    }
    case 'ts': {
      const less = (first: Fragment, second: Fragment): Code => {
        const earlier = op('i64.lt_s', first.value[0]!, second.value[0]!)
        const sameMs = op('i64.eq', first.value[0]!, second.value[0]!)
        return op('i32.or', earlier, op('i32.and', sameMs, op('i32.lt_s', first.value[1]!, second.value[1]!)))
      }
      return byLess(
        operator,
        () => less(a, b),
        () => less(b, a),
      )
    }
    case 'bytes':
      return isTextOrBinary(type) ? op(`i32.${suffix[operator]}_s`, compareText(emit, a, b), i32(0)) : undefined
    case 'row':
      return undefined
  }
}

function byLess(operator: Order, less: () => Code, greater: () => Code): Code {
  switch (operator) {
    case '<':
      return less()
    case '>':
      return greater()
    case '<=':
      return op('i32.eqz', greater())
    case '>=':
      return op('i32.eqz', less())
  }
}

const equality = (wanted: boolean): CompiledForm => ({
  nulls: 'total',
  emit: (emit, [a, b], { argTypes }) => {
    const equal = equalCode(emit, argTypes[0]!, a!, b!)
    return equal === undefined ? undefined : present(emit, wanted ? equal : op('i32.eqz', equal))
  },
})

const order = (operator: Order): CompiledForm => ({
  nulls: 'total',
  emit: (emit, [a, b], { argTypes }) => {
    const code = ordered(emit, operator, argTypes[0]!, a!, b!)
    return code === undefined ? undefined : present(emit, code)
  },
})

/** NULL counts as a value here. */
const distinct = (wanted: boolean): CompiledForm => ({
  nulls: 'custom',
  emit: (emit, [a, b], { argTypes }) => {
    const equal = equalCode(emit, argTypes[0]!, a!, b!)
    if (equal === undefined) return undefined
    const [aNull, bNull] = [a!.isNull ?? i32(0), b!.isNull ?? i32(0)]
    const someNull = anyNull(emit, [a!, b!])
    const differs = op('i32.eqz', equal)
    const result = someNull === undefined ? differs : select(someNull, op('i32.ne', aNull, bNull), differs)
    return present(emit, wanted ? result : op('i32.eqz', result))
  },
})

const isIn: CompiledForm = {
  nulls: 'custom',
  emit: (emit, [value, ...members], { argTypes }) => {
    const type = argTypes[0]!
    // Many members make long code; the interpreter's loop is short.
    if (members.length > 64) return undefined
    let found: Operand | undefined
    for (const member of members) {
      const equal = equalCode(emit, type, value!, member)
      if (equal === undefined) return undefined
      const matches = member.isNull === undefined ? equal : op('i32.and', equal, op('i32.eqz', member.isNull))
      found = emit.bind(found === undefined ? matches : op('i32.or', found, matches))
    }
    const memberNull = anyNull(emit, members)
    const notFound = memberNull === undefined ? undefined : op('i32.and', memberNull, op('i32.eqz', found!))
    const isNull = value!.isNull === undefined ? notFound : notFound === undefined ? value!.isNull : op('i32.or', notFound, value!.isNull)
    return { isNull: isNull === undefined ? undefined : emit.bind(isNull), value: [found!] }
  },
}

const isNull: CompiledForm = { nulls: 'custom', emit: (emit, [value]) => present(emit, value!.isNull ?? i32(0)) }

const isNotNull: CompiledForm = {
  nulls: 'custom',
  emit: (emit, [value]) => present(emit, value!.isNull === undefined ? i32(1) : op('i32.eqz', value!.isNull)),
}

/** 1 when a BOOLEAN is the wanted one and not NULL. */
function isBoolean(wanted: 'true' | 'false', { isNull: mask, value }: Fragment): Code {
  const matches = wanted === 'true' ? value[0]! : op('i32.eqz', value[0]!)
  return mask === undefined ? matches : op('i32.and', matches, op('i32.eqz', mask))
}

const truth = (wanted: 'true' | 'false', answer: 'is' | 'is not'): CompiledForm => ({
  nulls: 'custom',
  emit: (emit, [value]) => {
    const code = isBoolean(wanted, value!)
    return present(emit, answer === 'is' ? code : op('i32.eqz', code))
  },
})

/** GREATEST and LEAST of numbers; NaN is left to the interpreter. */
const extreme = (operator: '<' | '>'): CompiledForm => ({
  nulls: 'total',
  emit: (emit, args, { argTypes, type }) => {
    const layout = layoutOf(type)
    if (layout === 'f32' || layout === 'f64' || layout === 'bytes' || layout === 'row' || args.length === 0) return undefined
    let best = args[0]!
    for (const [i, arg] of args.slice(1).entries()) {
      const better = ordered(emit, operator, argTypes[i + 1]!, arg, best)
      if (better === undefined) return undefined
      const wins = emit.bind(better)
      const current = best
      best = { isNull: undefined, value: arg.value.map((part, j) => emit.bind(select(wins, part, current.value[j]!))) }
    }
    return best
  },
})

const not: CompiledForm = { nulls: 'total', emit: (emit, [value]) => present(emit, op('i32.eqz', value!.value[0]!)) }

export const comparisonForms: readonly (readonly [string, CompiledForm])[] = [
  ['=', equality(true)],
  ['<>', equality(false)],
  ['<', order('<')],
  ['<=', order('<=')],
  ['>', order('>')],
  ['>=', order('>=')],
  ['IS DISTINCT FROM', distinct(true)],
  ['IS NOT DISTINCT FROM', distinct(false)],
  ['IN', isIn],
  ['IS NULL', isNull],
  ['IS NOT NULL', isNotNull],
  ['IS UNKNOWN', isNull],
  ['IS NOT UNKNOWN', isNotNull],
  ['IS TRUE', truth('true', 'is')],
  ['IS NOT TRUE', truth('true', 'is not')],
  ['IS FALSE', truth('false', 'is')],
  ['IS NOT FALSE', truth('false', 'is not')],
  ['NOT', not],
  ['GREATEST', extreme('>')],
  ['LEAST', extreme('<')],
]

import { layoutOf } from '../../data/column.ts'
import type { CompiledForm } from '../compiled-form.ts'
import { type Operation, i32, i64, op, select } from '../wasm-code.ts'
import { present } from './numbers.ts'

/** The sizes of numbers, as ABS gives them: the least integer stays. */
const absolute: CompiledForm = {
  nulls: 'total',
  emit: (emit, [value], { type }) => {
    const x = value!.value[0]!
    switch (layoutOf(type)) {
      case 'i32':
        return present(emit, select(op('i32.lt_s', x, i32(0)), op('i32.sub', i32(0), x), x))
      case 'i64':
        return present(emit, select(op('i64.lt_s', x, i64(0)), op('i64.sub', i64(0), x), x))
      case 'f32':
        return present(emit, op('f32.abs', x))
      case 'f64':
        return present(emit, op('f64.abs', x))
      default:
        return undefined
    }
  },
}

/** A double's integer neighbour; the same as the interpreter's but for types that it rounds in another way. */
const neighbour = (operation: Extract<Operation, 'f64.floor' | 'f64.ceil'>): CompiledForm => ({
  nulls: 'total',
  emit: (emit, args, { type, argTypes }) =>
    args.length === 1 && type.kind === 'DOUBLE' && argTypes[0]!.kind === 'DOUBLE'
      ? present(emit, op(operation, args[0]!.value[0]!))
      : undefined,
})

export const mathForms: readonly (readonly [string, CompiledForm])[] = [
  ['ABS', absolute],
  ['FLOOR', neighbour('f64.floor')],
  ['CEIL', neighbour('f64.ceil')],
]

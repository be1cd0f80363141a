import { unreachable } from '../base/assert.ts'
import { type Layout, layoutOf } from '../data/column.ts'
import type { SqlType } from '../data/types.ts'
import type { Emitter, Fragment } from './emitter.ts'
import { type Code, type Local, type Operand, i32, i64, load, op, select } from './wasm-code.ts'
import type { ValueType } from './wasm-module.ts'

// How values go between the cells of columns and the locals of a loop, by layout.

const cellShift: Record<Layout, number> = { i8: 0, i16: 1, i32: 2, i64: 3, i128: 4, ts: 4, f32: 2, f64: 3, bytes: 3, row: 0 }

const valueTypes: Record<Layout, readonly ValueType[]> = {
  i8: ['i32'],
  i16: ['i32'],
  i32: ['i32'],
  i64: ['i64'],
  i128: ['i64', 'i64'],
  ts: ['i64', 'i32'],
  f32: ['f32'],
  f64: ['f64'],
  bytes: ['i32', 'i32'],
  row: [],
}

/** Reads a cell that is not a ROW's. A NULL text has no length, so that code which looks at its bytes stays in the memory. */
export function loadCell(emit: Emitter, layout: Layout, cells: Operand, row: Operand, isNull: Operand | undefined): Fragment {
  const address = cellAddress(layout, cells, row)
  const value = (): readonly Code[] => {
    switch (layout) {
      case 'i8':
        return [load('i32.load8_s', address)]
      case 'i16':
        return [load('i32.load16_s', address)]
      case 'i32':
        return [load('i32.load', address)]
      case 'i64':
        return [load('i64.load', address)]
      case 'i128':
        return [load('i64.load', address), load('i64.load', address, 8)]
      case 'ts':
        return [load('i64.load', address), load('i32.load', address, 8)]
      case 'f32':
        return [load('f32.load', address)]
      case 'f64':
        return [load('f64.load', address)]
      case 'bytes': {
        const length = load('i32.load', address, 4)
        return [load('i32.load', address), isNull === undefined ? length : select(isNull, i32(0), length)]
      }
      case 'row':
        return []
      default:
        return unreachable(layout)
    }
  }
  return { isNull, value: value().map((code) => emit.bind(code)) }
}

/** Writes a cell that is not a ROW's, but not its null mask. */
export function storeCell(emit: Emitter, layout: Layout, cells: Operand, row: Operand, { isNull, value }: Fragment): void {
  const address = cellAddress(layout, cells, row)
  switch (layout) {
    case 'i8':
      emit.store('i32.store8', address, value[0]!)
      return
    case 'i16':
      emit.store('i32.store16', address, value[0]!)
      return
    case 'i32':
      emit.store('i32.store', address, value[0]!)
      return
    case 'i64':
      emit.store('i64.store', address, value[0]!)
      return
    case 'i128':
      emit.store('i64.store', address, value[0]!)
      emit.store('i64.store', address, value[1]!, 8)
      return
    case 'ts':
      emit.store('i64.store', address, value[0]!)
      emit.store('i64.store', address, op('i64.extend_i32_u', value[1]!), 8)
      return
    case 'f32':
      emit.store('f32.store', address, value[0]!)
      return
    case 'f64':
      emit.store('f64.store', address, value[0]!)
      return
    case 'bytes':
      emit.store('i32.store', address, value[0]!)
      emit.store('i32.store', address, isNull === undefined ? value[1]! : select(isNull, i32(0), value[1]!), 4)
      return
    case 'row':
      return
    default:
      return unreachable(layout)
  }
}

function cellAddress(layout: Layout, cells: Operand, row: Operand): Code {
  const shift = cellShift[layout]
  if (row.constant === 0) return cells
  return op('i32.add', cells, shift === 0 ? row : op('i32.shl', row, i32(shift)))
}

/** Variables that take one of several values, such as those of the branches of a CASE. */
export interface ResultLocals {
  readonly isNull: Local
  readonly value: readonly Local[]
  readonly fields: readonly ResultLocals[]
}

export function resultLocals(emit: Emitter, type: SqlType): ResultLocals {
  return {
    isNull: emit.local('i32'),
    value: valueTypes[layoutOf(type)].map((valueType) => emit.local(valueType)),
    fields: type.kind === 'ROW' ? type.fields.map((field) => resultLocals(emit, field.type)) : [],
  }
}

/** Sets the variables to a value of the same type. */
export function assign(emit: Emitter, target: ResultLocals, source: Fragment): void {
  emit.set(target.isNull, source.isNull ?? i32(0))
  // Of a NULL that is known now only the mask matters; locals start as zeros, an empty text among them.
  if (source.isNull?.constant !== 1) target.value.forEach((local, i) => emit.set(local, source.value[i]!))
  target.fields.forEach((field, i) => assign(emit, field, source.fields![i]!))
}

/** The fragment of variables that were only ever assigned these sources. */
export function resultFragment(target: ResultLocals, sources: readonly Fragment[]): Fragment {
  const result: Fragment = {
    isNull: sources.every((source) => source.isNull === undefined) ? undefined : target.isNull,
    value: target.value,
    isNarrow: sources.every((source) => source.isNarrow === true || source.isNull?.constant === 1),
  }
  if (target.fields.length === 0) return result
  return {
    ...result,
    fields: target.fields.map((field, i) =>
      resultFragment(
        field,
        sources.map((source) => source.fields![i]!),
      ),
    ),
  }
}

/** NULL of a type. */
export function nullFragment(type: SqlType): Fragment {
  const zeros: Record<ValueType, Operand> = { i32: i32(0), i64: i64(0), f32: zeroF32, f64: zeroF64 }
  const result = { isNull: i32(1), value: valueTypes[layoutOf(type)].map((valueType) => zeros[valueType]) }
  return type.kind === 'ROW' ? { ...result, fields: type.fields.map((field) => nullFragment(field.type)) } : result
}

const zeroF32: Operand = { type: 'f32', bytes: [0x43, 0, 0, 0, 0], isOperand: true, constant: 0 }
const zeroF64: Operand = { type: 'f64', bytes: [0x44, 0, 0, 0, 0, 0, 0, 0, 0], isOperand: true, constant: 0 }

/** 1 when any of the values is NULL; undefined when none ever is. */
export function anyNull(emit: Emitter, fragments: readonly { readonly isNull: Operand | undefined }[]): Operand | undefined {
  const masks = fragments.flatMap(({ isNull }) => (isNull === undefined ? [] : [isNull]))
  if (masks.length === 0) return undefined
  const known = masks.find((mask) => mask.constant === 1)
  if (known !== undefined) return known
  return emit.bind(masks.slice(1).reduce<Code>((all, mask) => op('i32.or', all, mask), masks[0]!))
}

/** A value that is NULL besides where it says so itself. */
export function withNull(emit: Emitter, fragment: Fragment, isNull: Operand | undefined): Fragment {
  if (isNull === undefined) return fragment
  const result = { ...fragment, isNull: anyNull(emit, [fragment, { isNull }]) }
  return fragment.fields === undefined ? result : { ...result, fields: fragment.fields.map((field) => withNull(emit, field, isNull)) }
}

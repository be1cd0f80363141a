import type { SqlType } from '../../data/types.ts'
import { utf8Bytes } from '../../data/utf8.ts'
import type { SqlValue } from '../../data/value.ts'
import type { CompiledForm, FormCall } from '../compiled-form.ts'
import { contextLayout, type Emitter, type Fragment } from '../emitter.ts'
import { type Code, type Operand, i32, i64, load, op, select } from '../wasm-code.ts'
import { fastOr } from './call-out.ts'
import { present } from './numbers.ts'
import { equalText, startsWith } from './text-compare.ts'

type TextOf = readonly [address: Operand, length: Operand]

function textOf(fragment: Fragment): TextOf {
  return fragment.value as unknown as TextOf
}

/** A part of a text, from a kernel that returns its address and length in one word. */
function view(emit: Emitter, code: Code): Fragment {
  const word = emit.bind(code)
  return present(emit, op('i32.wrap_i64', word), op('i32.wrap_i64', op('i64.shr_u', word, i64(32))))
}

const isText = ({ kind }: SqlType): boolean => kind === 'CHAR' || kind === 'VARCHAR'

function changeCase(kernel: 'upperAscii' | 'lowerAscii'): CompiledForm {
  return {
    nulls: 'guarded',
    emit: (emit, [text], call) => {
      const [address, length] = textOf(text!)
      const target = emit.roomForText(length)
      return fastOr(emit, call, emit.call('kernels', kernel, 'i32', address, length, target), () => {
        emit.takeText(target, length)
        return { isNull: undefined, value: [target, length] }
      })
    },
  }
}

const charLength: CompiledForm = {
  nulls: 'guarded',
  emit: (emit, [text]) => present(emit, characters(emit, text!)),
}

function characters(emit: Emitter, text: Fragment): Code {
  return emit.call('kernels', 'charLength', 'i32', ...text.value)
}

/** All texts, or all bytes, one behind the other. */
const concatenated: CompiledForm = {
  nulls: 'guarded',
  emit: (emit, args) => {
    if (args.length === 0) return undefined
    if (args.length === 1) return args[0]
    const total = emit.bind(args.map((arg): Code => textOf(arg)[1]).reduce((sum, length) => op('i32.add', sum, length)))
    const target = emit.roomForText(total)
    let end: Operand = target
    for (const arg of args) end = emit.bind(emit.call('kernels', 'appendText', 'i32', end, ...arg.value))
    emit.takeText(target, total)
    return { isNull: undefined, value: [target, total] }
  },
}

const substring: CompiledForm = {
  nulls: 'guarded',
  emit: (emit, [text, position, count]) => {
    const wanted = count === undefined ? i32(0x7fffffff) : count.value[0]!
    const taken = count === undefined ? wanted : emit.bind(select(op('i32.lt_s', wanted, i32(0)), i32(0), wanted))
    const part = view(emit, emit.call('kernels', 'substring', 'i64', ...text!.value, position!.value[0]!, taken))
    return count === undefined ? part : { ...part, isNull: emit.bind(op('i32.lt_s', wanted, i32(0))) }
  },
}

const atLeastZero = (value: Operand): Code => select(op('i32.gt_s', value, i32(0)), value, i32(0))

const left: CompiledForm = {
  nulls: 'guarded',
  emit: (emit, [text, count]) =>
    present(emit, text!.value[0]!, emit.call('kernels', 'byteOffsetOfChar', 'i32', ...text!.value, atLeastZero(count!.value[0]!))),
}

const right: CompiledForm = {
  nulls: 'guarded',
  emit: (emit, [text, count]) => {
    const [address, length] = textOf(text!)
    const all = emit.bind(characters(emit, text!))
    const skipped = emit.bind(op('i32.sub', all, atLeastZero(count!.value[0]!)))
    const offset = emit.bind(emit.call('kernels', 'byteOffsetOfChar', 'i32', address, length, atLeastZero(skipped)))
    return present(emit, op('i32.add', address, offset), op('i32.sub', length, offset))
  },
}

const sides = { both: 3, start: 1, end: 2 } as const

function trim(side: keyof typeof sides): CompiledForm {
  return {
    nulls: 'guarded',
    emit: (emit, [text, chars], call) => {
      const set = chars === undefined ? [call.constantBytes(utf8Bytes(' ')), i32(1)] : chars.value
      return view(emit, emit.call('kernels', 'trimText', 'i64', ...text!.value, ...set, i32(sides[side])))
    },
  }
}

/** An empty text to look for is left to the interpreter. */
const replace: CompiledForm = {
  nulls: 'guarded',
  emit: (emit, [text, sought, by], call) => {
    const replaced = (): Fragment => {
      const [, length] = textOf(text!)
      const target = emit.roomForText(length)
      const room = op('i32.sub', load('i32.load', emit.context, contextLayout.textEnd), target)
      const written = emit.local('i32')
      const replaceText = (into: Operand, space: Code): Code =>
        emit.call('kernels', 'replaceText', 'i32', ...text!.value, ...sought!.value, ...by!.value, into, space)
      const end = emit.local('i32')
      emit.set(end, target)
      const available = emit.bind(room)
      emit.set(written, replaceText(end, available))
      emit.if(op('i32.gt_u', written, available), () => {
        emit.set(end, emit.roomForText(written))
        emit.set(written, replaceText(end, written))
      })
      emit.takeText(end, written)
      return { isNull: undefined, value: [end, written] }
    }
    if (sought!.bytes !== undefined && sought!.bytes.length > 0) return replaced()
    return fastOr(emit, call, op('i32.ne', textOf(sought!)[1], i32(0)), replaced)
  },
}

/** POSITION and LOCATE: the place from 1 in characters, 0 for none. */
const position: CompiledForm = {
  nulls: 'guarded',
  emit: (emit, [sought, text, from]) => {
    const [address, length] = textOf(text!)
    const start = from === undefined ? i32(0) : startOffset(emit, text!, from.value[0]!)
    const found = emit.bind(emit.call('kernels', 'indexOf', 'i32', address, length, ...sought!.value, start))
    const before = emit.call('kernels', 'charLength', 'i32', address, atLeastZero(found))
    const place = select(op('i32.lt_s', found, i32(0)), i32(0), op('i32.add', before, i32(1)))
    return present(emit, select(op('i32.eqz', textOf(sought!)[1]), i32(1), place))
  },
}

/** The offset of character number `from`, from 1; 0 for what lies before. */
function startOffset(emit: Emitter, text: Fragment, from: Operand): Operand {
  // from - 1 of the least integer would wrap to a large one.
  const index = select(op('i32.gt_s', from, i32(0)), op('i32.sub', from, i32(1)), i32(0))
  return emit.bind(emit.call('kernels', 'byteOffsetOfChar', 'i32', ...text.value, index))
}

const endsTest = (kernel: 'startsWith' | 'endsWith'): CompiledForm => ({
  nulls: 'guarded',
  emit: (emit, [text, part], { argTypes }) => {
    if (isText(argTypes[0]!) !== isText(argTypes[1]!)) return undefined
    return present(emit, emit.call('kernels', kernel, 'i32', ...text!.value, ...part!.value))
  },
})

/** An empty separator, which stands for any blank, is left to the interpreter, as are codes of characters that are not ASCII. */
const splitIndex: CompiledForm = {
  nulls: 'guarded',
  emit: (emit, [text, separator, index], call) => {
    const literal = call.literals[1]
    let bytes: readonly Operand[]
    if (isText(call.argTypes[1]!)) bytes = separator!.value
    else if (typeof literal === 'number' && literal >= 1 && literal <= 127) bytes = [call.constantBytes(Uint8Array.of(literal)), i32(1)]
    else return undefined
    const part = (): Fragment => {
      const word = emit.bind(emit.call('kernels', 'splitPart', 'i64', ...text!.value, ...bytes, index!.value[0]!))
      const isNull = emit.bind(op('i64.eq', word, i64(-1)))
      // The address and length of what is absent must lie in the memory too.
      const known = view(emit, select(isNull, i64(0), word))
      return { ...known, isNull }
    }
    if (typeof literal === 'number' || (typeof literal === 'string' && literal !== '')) return part()
    return fastOr(emit, call, op('i32.ne', bytes[1]!, i32(0)), part)
  },
}

/** Patterns that are literals and well-formed. */
const like: CompiledForm = {
  nulls: 'guarded',
  emit: (emit, [text], call) => {
    const [, pattern, escape] = call.literals
    if (typeof pattern !== 'string' || (call.argTypes.length === 3 && (typeof escape !== 'string' || escape === ''))) return undefined
    const escapeText = typeof escape === 'string' ? escape : ''
    if (!isWellFormed(pattern, escapeText)) return undefined
    const simple = escapeText === '' ? simpleLike(emit, text!, pattern, call) : undefined
    if (simple !== undefined) return present(emit, simple)
    const bytes = utf8Bytes(pattern)
    const code = escapeText === '' ? 0 : escapeText.charCodeAt(0)
    const match = emit.call('kernels', 'likeMatch', 'i32', ...text!.value, call.constantBytes(bytes), i32(bytes.length), i32(code))
    return present(emit, match)
  },
}

/** Whether the kernel takes the pattern: an escape is one ASCII character and stands before `%`, `_` or itself. */
function isWellFormed(pattern: string, escape: string): boolean {
  if (escape === '') return true
  if (escape.length !== 1 || escape.charCodeAt(0) > 0x7f) return false
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i] !== escape) continue
    const next: SqlValue | undefined = pattern[++i]
    if (next !== '%' && next !== '_' && next !== escape) return false
  }
  // The kernel looks for the escape first, so one that is itself a wildcard would hide it.
  return escape !== '%' && escape !== '_'
}

/** Patterns with `%` only at their ends: a comparison, a look at one end, or a search. */
function simpleLike(emit: Emitter, text: Fragment, pattern: string, call: FormCall): Code | undefined {
  const start = pattern.startsWith('%') ? 1 : 0
  const end = pattern.endsWith('%') && pattern.length > start ? 1 : 0
  const middle = pattern.slice(start, pattern.length - end)
  if (/[%_]/.test(middle)) return undefined
  const bytes = utf8Bytes(middle)
  const part = [call.constantBytes(bytes), i32(bytes.length)]
  const [address, length] = textOf(text)
  if (start === 1 && end === 1) return op('i32.ge_s', emit.call('kernels', 'indexOf', 'i32', address, length, ...part, i32(0)), i32(0))
  if (start === 1) return emit.call('kernels', 'endsWith', 'i32', address, length, ...part)
  if (end === 1) {
    if (bytes.length === 0 || bytes.length > 32) return emit.call('kernels', 'startsWith', 'i32', address, length, ...part)
    const result = emit.local('i32')
    emit.set(result, op('i32.ge_u', length, i32(bytes.length)))
    emit.if(result, () => emit.set(result, startsWith(address, bytes)))
    return result
  }
  return equalText(emit, text, { isNull: undefined, value: part, bytes })
}

export const textForms: readonly (readonly [string, CompiledForm])[] = [
  ['UPPER', changeCase('upperAscii')],
  ['LOWER', changeCase('lowerAscii')],
  ['CHAR_LENGTH', charLength],
  ['||', concatenated],
  ['CONCAT', concatenated],
  ['SUBSTRING', substring],
  ['LEFT', left],
  ['RIGHT', right],
  ['TRIM', trim('both')],
  ['BTRIM', trim('both')],
  ['LTRIM', trim('start')],
  ['RTRIM', trim('end')],
  ['REPLACE', replace],
  ['POSITION', position],
  ['LOCATE', position],
  ['STARTSWITH', endsTest('startsWith')],
  ['ENDSWITH', endsTest('endsWith')],
  ['SPLIT_INDEX', splitIndex],
  ['LIKE', like],
]

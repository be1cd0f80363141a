import type { Emitter, Fragment } from '../emitter.ts'
import { type Code, type Operand, i32, i64, load, op } from '../wasm-code.ts'

// Comparisons of runs of bytes. The order of UTF-8 bytes is that of code points.

/** Literals up to this length are compared word by word with constants. */
const MAX_UNROLLED = 32

/** 1 when two texts have the same bytes. */
export function equalText(emit: Emitter, a: Fragment, b: Fragment): Code {
  const [text, other] = b.bytes === undefined ? [b, a] : [a, b]
  if (other.bytes !== undefined && other.bytes.length <= MAX_UNROLLED) return equalLiteral(emit, text, other.bytes)
  return emit.call('kernels', 'textEquals', 'i32', ...a.value, ...b.value)
}

/** Compares with constants: the last word may overlap the one before it, so that no byte behind the text is read. */
function equalLiteral(emit: Emitter, text: Fragment, bytes: Uint8Array): Code {
  const [address, length] = text.value as readonly [Operand, Operand]
  const hasLength = op('i32.eq', length, i32(bytes.length))
  if (bytes.length === 0) return hasLength
  const result = emit.local('i32')
  emit.set(result, hasLength)
  emit.if(result, () => emit.set(result, startsWith(address, bytes)))
  return result
}

/** 1 when the bytes at an address are these; that many must be there. */
export function startsWith(address: Operand, bytes: Uint8Array): Code {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const width = bytes.length >= 8 ? 8 : bytes.length >= 4 ? 4 : bytes.length >= 2 ? 2 : 1
  const offsets: number[] = []
  for (let offset = 0; offset + width <= bytes.length; offset += width) offsets.push(offset)
  if (bytes.length % width !== 0) offsets.push(bytes.length - width)
  return offsets
    .map((offset): Code => {
      switch (width) {
        case 8:
          return op('i64.eq', load('i64.load', address, offset), i64(view.getBigInt64(offset, true)))
        case 4:
          return op('i32.eq', load('i32.load', address, offset), i32(view.getInt32(offset, true)))
        case 2:
          return op('i32.eq', load('i32.load16_u', address, offset), i32(view.getUint16(offset, true)))
        case 1:
          return op('i32.eq', load('i32.load8_u', address, offset), i32(view.getUint8(offset)))
      }
    })
    .reduce((all, one) => op('i32.and', all, one))
}

/** Negative, 0 or positive as the first text is less, equal or greater. */
export function compareText(emit: Emitter, a: Fragment, b: Fragment): Code {
  return emit.call('kernels', 'textCompare', 'i32', ...a.value, ...b.value)
}

import type { Emitter, Fragment } from '../emitter.ts'
import { type Code, type Local, type Operand, i32, i64, load, op } from '../wasm-code.ts'

// Comparisons of runs of bytes. The order of UTF-8 bytes is that of code points.

/** Literals up to this length are compared word by word with constants. */
const MAX_UNROLLED = 32

/** 1 when two texts have the same bytes. */
export function equalText(emit: Emitter, a: Fragment, b: Fragment): Code {
  const [text, other] = b.bytes === undefined ? [b, a] : [a, b]
  if (other.bytes !== undefined && other.bytes.length <= MAX_UNROLLED) return equalLiteral(emit, text, other.bytes)
  const [x, xLength] = a.value as readonly [Operand, Operand]
  const [y, yLength] = b.value as readonly [Operand, Operand]
  const result = emit.local('i32')
  emit.set(result, op('i32.eq', xLength, yLength))
  emit.if(result, () => equalRuns(emit, x, y, xLength, result))
  return result
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

/** Sets `result` to whether two runs of one length have the same bytes. */
function equalRuns(emit: Emitter, x: Operand, y: Operand, length: Operand, result: Local): void {
  const at = emit.local('i32')
  const differs = (operation: 'i64.load' | 'i32.load8_u', place: Operand): Code =>
    op(
      operation === 'i64.load' ? 'i64.ne' : 'i32.ne',
      load(operation, op('i32.add', x, place)),
      load(operation, op('i32.add', y, place)),
    )
  emit.set(at, i32(0))
  emit.set(result, i32(0))
  emit.block((done) => {
    emit.if(
      op('i32.ge_u', length, i32(8)),
      () => {
        const last = emit.bind(op('i32.sub', length, i32(8)))
        emit.loop((next) => {
          emit.branchIf(done, differs('i64.load', at))
          emit.set(at, op('i32.add', at, i32(8)))
          emit.branchIf(next, op('i32.lt_u', at, last))
        })
        emit.branchIf(done, differs('i64.load', last))
      },
      () =>
        emit.block((equal) =>
          emit.loop((next) => {
            emit.branchIf(equal, op('i32.eq', at, length))
            emit.branchIf(done, differs('i32.load8_u', at))
            emit.set(at, op('i32.add', at, i32(1)))
            emit.branch(next)
          }),
        ),
    )
    emit.set(result, i32(1))
  })
}

/** Negative, 0 or positive as the first text is less, equal or greater. */
export function compareText(emit: Emitter, a: Fragment, b: Fragment): Code {
  const [x, xLength] = a.value as readonly [Operand, Operand]
  const [y, yLength] = b.value as readonly [Operand, Operand]
  const result = emit.local('i32')
  const at = emit.local('i32')
  const byte = (address: Operand): Code => load('i32.load8_u', op('i32.add', address, at))
  emit.set(at, i32(0))
  emit.block((done) => {
    emit.block((ended) =>
      emit.loop((next) => {
        emit.branchIf(ended, op('i32.or', op('i32.ge_u', at, xLength), op('i32.ge_u', at, yLength)))
        emit.set(result, op('i32.sub', byte(x), byte(y)))
        emit.branchIf(done, result)
        emit.set(at, op('i32.add', at, i32(1)))
        emit.branch(next)
      }),
    )
    emit.set(result, op('i32.sub', xLength, yLength))
  })
  return result
}

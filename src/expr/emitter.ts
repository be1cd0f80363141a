import { assert } from '../base/assert.ts'
import { type Code, type Local, type Operand, type StoreOperation, i32, load, op, storeBytes } from './wasm-code.ts'
import { type FunctionImport, type FunctionType, type ValueType, encodeModule, unsigned } from './wasm-module.ts'

/**
 * A SQL value in generated code. Its operands are locals and constants, so that using a value twice costs nothing.
 *
 * | layout of the type | value |
 * | --- | --- |
 * | i8, i16, i32 | one i32 |
 * | i64 | one i64 |
 * | i128 | two i64: low, high |
 * | ts | i64 ms, i32 nanoseconds of the millisecond |
 * | f32, f64 | one |
 * | bytes | i32 address, i32 length |
 * | row | none; `fields` has a fragment for each field, NULL where the row is NULL |
 *
 * The value of a NULL is unspecified, but an address and length always lie within the memory.
 */
export interface Fragment {
  /** 1 for NULL, else 0; undefined when the value is never NULL. */
  readonly isNull: Operand | undefined
  readonly value: readonly Operand[]
  readonly fields?: readonly Fragment[]
  /** Of an i128: the high word is nothing but the sign of the low one. */
  readonly isNarrow?: boolean
  /** Of a literal text: its bytes. */
  readonly bytes?: Uint8Array
}

/** A block or loop that can be branched to. */
export interface Label {
  readonly depth: number
}

/** Where things lie in the context that a loop is run with. */
export const contextLayout = {
  /** i32: where the next text goes, and the end of its chunk. */
  text: 0,
  textEnd: 4,
  /** i32: how many rows have passed all filters so far. */
  kept: 8,
  /** i32: one bit a slot column (the last for all above 30) that has had a NULL. */
  hasNulls: 12,
  /** i64: the state of the watermark. */
  emitted: 16,
  greatest: 24,
  /** i32: addresses. */
  inputSelection: 32,
  outputSelection: 36,
  rowWatermarks: 40,
  /** 32 bytes for kernels that give more than one value. */
  scratch: 48,
  /** Pairs of i32, cells and null mask, first of the input paths, then of the output's columns. */
  columns: 80,
} as const

const SCRATCH_BYTES = 32
const BLOCK = 0x02
const LOOP = 0x03
const IF = 0x04
const ELSE = 0x05
const END = 0x0b
const BR = 0x0c
const BR_IF = 0x0d
const RETURN = 0x0f
const CALL = 0x10
const DROP = 0x1a
const LOCAL_GET = 0x20
const LOCAL_SET = 0x21
const NO_RESULT = 0x40

const loopType: FunctionType = { params: ['i32', 'i32', 'i32'], results: ['i32'] }

/**
 * Writes the instructions of one loop, `run(context, from, to)`.
 *
 * `bind` stores a value in a local and gives that; with it every value is computed once and the size of the code stays linear in the
 * size of the expression. Forms of functions end by binding what they return.
 */
export class Emitter {
  /** Address of the struct that `contextLayout` describes. */
  readonly context: Local
  readonly from: Local
  readonly to: Local
  /** The physical row of the input at hand. */
  readonly row: Local
  /** Where a row that fails goes. */
  failed: Label | undefined
  readonly #locals: ValueType[] = []
  readonly #imports: FunctionImport[] = []
  #body: number[] = []
  #depth = 0

  constructor() {
    this.context = localAt(0, 'i32')
    this.from = localAt(1, 'i32')
    this.to = localAt(2, 'i32')
    this.row = this.local('i32')
  }

  /** A new variable. It keeps its value from row to row; whoever reads it has set it before on every path. */
  local(type: ValueType): Local {
    this.#locals.push(type)
    return localAt(loopType.params.length + this.#locals.length - 1, type)
  }

  set(local: Local, value: Code): void {
    assert(local.type === value.type, `a local of ${local.type} is not set to ${value.type}`)
    this.#add(value.bytes)
    this.#add([LOCAL_SET, ...unsigned(local.index)])
  }

  /** Evaluates `code` here, once, and returns what stands for its value. */
  bind(code: Code | Operand): Operand {
    if ('isOperand' in code) return code
    const local = this.local(code.type)
    this.set(local, code)
    return local
  }

  store(operation: StoreOperation, address: Code, value: Code, offset: number = 0): void {
    this.#add(storeBytes(operation, address, value, offset))
  }

  if(condition: Code, then: () => void, otherwise?: () => void): void {
    this.#add(condition.bytes)
    this.#add([IF, NO_RESULT])
    this.#depth++
    then()
    if (otherwise !== undefined) {
      this.#add([ELSE])
      otherwise()
    }
    this.#depth--
    this.#add([END])
  }

  /** A branch to the label goes behind the block. */
  block(body: (label: Label) => void): void {
    this.#nest(BLOCK, body)
  }

  /** A branch to the label starts the loop again; falling out of the body leaves it. */
  loop(body: (label: Label) => void): void {
    this.#nest(LOOP, body)
  }

  #nest(opcode: number, body: (label: Label) => void): void {
    this.#add([opcode, NO_RESULT])
    this.#depth++
    body({ depth: this.#depth })
    this.#depth--
    this.#add([END])
  }

  branch(label: Label): void {
    this.#add([BR, ...unsigned(this.#depth - label.depth)])
  }

  branchIf(label: Label, condition: Code): void {
    this.#add(condition.bytes)
    this.#add([BR_IF, ...unsigned(this.#depth - label.depth)])
  }

  return(value: Code): void {
    this.#add(value.bytes)
    this.#add([RETURN])
  }

  /** The call of an import with one result. The type must be that of the function which is imported, or linking fails. */
  call(module: 'kernels' | 'rheo', name: string, result: ValueType, ...args: readonly Code[]): Code {
    const index = this.#import(module, name, { params: args.map((arg) => arg.type), results: [result] })
    return { type: result, bytes: [...args.flatMap((arg) => arg.bytes), CALL, ...unsigned(index)] }
  }

  /** The call of an import without result. */
  run(module: 'kernels' | 'rheo', name: string, ...args: readonly Code[]): void {
    const index = this.#import(module, name, { params: args.map((arg) => arg.type), results: [] })
    for (const arg of args) this.#add(arg.bytes)
    this.#add([CALL, ...unsigned(index)])
  }

  /** Evaluates for the effect alone. */
  drop(code: Code): void {
    this.#add(code.bytes)
    this.#add([DROP])
  }

  #import(module: string, name: string, type: FunctionType): number {
    const known = this.#imports.findIndex((item) => item.module === module && item.name === name)
    if (known >= 0) {
      assert(sameTypes(this.#imports[known]!.type, type), `"${name}" is imported with one type`)
      return known
    }
    return this.#imports.push({ module, name, type }) - 1
  }

  /** The expression refuses the row: the loop stops at it. */
  fail(): void {
    assert(this.failed !== undefined, 'only a row can fail')
    this.branch(this.failed)
  }

  failIf(condition: Code): void {
    assert(this.failed !== undefined, 'only a row can fail')
    this.branchIf(this.failed, condition)
  }

  /** Makes room for `size` bytes of text and gives their address. They are taken only by `takeText`. */
  roomForText(size: Code): Operand {
    const wanted = this.bind(size)
    const address = this.local('i32')
    this.set(address, load('i32.load', this.context, contextLayout.text))
    const free = op('i32.sub', load('i32.load', this.context, contextLayout.textEnd), address)
    this.if(op('i32.lt_u', free, wanted), () => this.set(address, this.call('rheo', 'text', 'i32', wanted)))
    return address
  }

  /** Keeps the text of `length` bytes that was written where the last `roomForText` said. */
  takeText(address: Operand, length: Code): void {
    this.store('i32.store', this.context, op('i32.add', address, length), contextLayout.text)
  }

  /** The address of `SCRATCH_BYTES` bytes that no one keeps. */
  scratch(offset: number = 0): Code {
    assert(offset < SCRATCH_BYTES, 'the scratch is small')
    return op('i32.add', this.context, i32(contextLayout.scratch + offset))
  }

  /** Reads what a kernel left in the scratch. */
  loadScratch(type: 'i32' | 'i64', offset: number): Code {
    return load(type === 'i32' ? 'i32.load' : 'i64.load', this.context, contextLayout.scratch + offset)
  }

  /** A state to which `rollBack` returns: what was emitted in between is forgotten. */
  mark(): number {
    return this.#body.length
  }

  rollBack(mark: number): void {
    this.#body.length = mark
  }

  /** The finished module; it imports `env.memory` and functions of `kernels` and `rheo`, and exports `run`. */
  finish(): Uint8Array<ArrayBuffer> {
    assert(this.#depth === 0, 'every block is closed')
    // Indexes of functions are counted from the imports, so all imports are known before the bytes are made.
    return encodeModule({ imports: this.#imports, type: loopType, locals: this.#locals, body: this.#body, exportName: 'run' })
  }

  #add(bytes: readonly number[]): void {
    for (const byte of bytes) this.#body.push(byte)
  }
}

function localAt(index: number, type: ValueType): Local {
  return { index, type, bytes: [LOCAL_GET, ...unsigned(index)], isOperand: true }
}

function sameTypes(a: FunctionType, b: FunctionType): boolean {
  return a.params.join() === b.params.join() && a.results.join() === b.results.join()
}

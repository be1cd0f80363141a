// Encodes a WebAssembly module with one function: https://webassembly.github.io/spec/core/binary/. Bytes only; nothing here is text that
// becomes code.

export type ValueType = 'i32' | 'i64' | 'f32' | 'f64'

export interface FunctionType {
  readonly params: readonly ValueType[]
  readonly results: readonly ValueType[]
}

export interface FunctionImport {
  readonly module: string
  readonly name: string
  readonly type: FunctionType
}

export interface ModuleParts {
  /** Functions 0 to n - 1; the module's own function follows them. */
  readonly imports: readonly FunctionImport[]
  readonly type: FunctionType
  /** Behind the parameters. */
  readonly locals: readonly ValueType[]
  /** Instructions, without the last `end`. */
  readonly body: readonly number[]
  readonly exportName: string
}

const typeCodes: Record<ValueType, number> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c }
const MAX_PAGES = 65536

/** The bytes of a module that imports the shared memory `env.memory` and exports one function. */
export function encodeModule(parts: ModuleParts): Uint8Array<ArrayBuffer> {
  const types = [...parts.imports.map((item) => item.type), parts.type]
  const memory = [...name('env'), ...name('memory'), 0x02, 0x03, ...unsigned(1), ...unsigned(MAX_PAGES)]
  const functions = parts.imports.map((item, index) => [...name(item.module), ...name(item.name), 0x00, ...unsigned(index)])
  const body = joined([encodeLocals(parts.locals), parts.body, [0x0b]])
  return Uint8Array.from(
    joined([
      [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      section(1, vector(types.map(encodeType))),
      section(2, vector([memory, ...functions])),
      section(3, vector([unsigned(parts.imports.length)])),
      section(7, vector([[...name(parts.exportName), 0x00, ...unsigned(parts.imports.length)]])),
      section(10, vector([joined([unsigned(body.length), body])])),
    ]),
  )
}

function encodeType(type: FunctionType): readonly number[] {
  const codes = (values: readonly ValueType[]): readonly number[] => [
    ...unsigned(values.length),
    ...values.map((value) => typeCodes[value]),
  ]
  return [0x60, ...codes(type.params), ...codes(type.results)]
}

/** Locals as runs of one type, which is how they are written. */
function encodeLocals(locals: readonly ValueType[]): readonly number[] {
  const runs: { type: ValueType; count: number }[] = []
  for (const type of locals) {
    const last = runs.at(-1)
    if (last?.type === type) last.count++
    else runs.push({ type, count: 1 })
  }
  return vector(runs.map((run) => [...unsigned(run.count), typeCodes[run.type]]))
}

function section(id: number, content: readonly number[]): readonly number[] {
  return joined([[id], unsigned(content.length), content])
}

function vector(items: readonly (readonly number[])[]): readonly number[] {
  return joined([unsigned(items.length), ...items])
}

function name(text: string): readonly number[] {
  const bytes = new TextEncoder().encode(text)
  return [...unsigned(bytes.length), ...bytes]
}

/** Spreading a long array into a call overflows the stack; this does not. */
function joined(parts: readonly (readonly number[])[]): number[] {
  const all: number[] = []
  for (const part of parts) for (const byte of part) all.push(byte)
  return all
}

/** LEB128 of an integer from 0 to 2^32 - 1. */
export function unsigned(value: number): readonly number[] {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
  return bytes
}

/** Signed LEB128 of a 32-bit integer. */
export function signed32(value: number): readonly number[] {
  const bytes: number[] = []
  for (let rest = value | 0; ; rest >>= 7) {
    const byte = rest & 0x7f
    const isLast = rest >> 6 === 0 || rest >> 6 === -1
    bytes.push(isLast ? byte : byte | 0x80)
    if (isLast) return bytes
  }
}

/** Signed LEB128 of a 64-bit integer. */
export function signed64(value: bigint): readonly number[] {
  const bytes: number[] = []
  for (let rest = BigInt.asIntN(64, value); ; rest >>= 7n) {
    const byte = Number(rest & 0x7fn)
    const isLast = rest >> 6n === 0n || rest >> 6n === -1n
    bytes.push(isLast ? byte : byte | 0x80)
    if (isLast) return bytes
  }
}

import { kernelBytes } from './kernels.generated.ts'

/**
 * What the WebAssembly kernels export. Sources are in `kernels/`, one file a subject; each function has a plain TypeScript
 * twin in `src/data/NAME.twin.ts`, the oracle of its property test. Addresses and lengths are i32 (unsigned), 64-bit
 * integers are bigint at this border: a kernel is called once a batch, never once a row.
 */
export interface Kernels {
  /** Copies `length` bytes. */
  copyBytes(target: number, source: number, length: number): void
}

/** One instance of the kernels over a memory; the compiler of expressions links against the same instance. */
export function instantiateKernels(memory: WebAssembly.Memory): Kernels {
  const module = new WebAssembly.Module(kernelBytes())
  const instance = new WebAssembly.Instance(module, {
    env: {
      memory,
      abort: () => {
        throw new Error('a kernel stopped')
      },
    },
  })
  return instance.exports as unknown as Kernels
}

// Compiles kernels/ with AssemblyScript and writes the bytes, as base64, into a module that tests and the bundle import alike.
// With --if-stale nothing happens when no source is newer than the module. Prints the size: every start of Rheo pays for it.
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const target = join(root, 'src/data/kernels.generated.ts')
const SIZE_LIMIT = 96 << 10

const isStale = (): boolean => {
  if (!existsSync(target)) return true
  const built = statSync(target).mtimeMs
  const sources = [...globSync('kernels/*.ts', { cwd: root }), 'scripts/build-kernels.ts']
  return sources.some((source) => statSync(join(root, source)).mtimeMs > built)
}

if (!process.argv.includes('--if-stale') || isStale()) {
  const folder = mkdtempSync(join(tmpdir(), 'rheo-kernels-'))
  const wasm = join(folder, 'kernels.wasm')
  const flags = '-O3 --noAssert --runtime stub --importMemory --sharedMemory --initialMemory 1024 --maximumMemory 65536'
  const features = '--enable threads --enable simd --enable bulk-memory --enable sign-extension --memoryBase 1024'
  const startMs = performance.now()
  const asc = join(root, 'node_modules/assemblyscript/bin/asc.js')
  const { status } = spawnSync(process.execPath, [asc, 'kernels/index.ts', '-o', wasm, ...`${flags} ${features}`.split(' ')], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(1)
  const bytes = readFileSync(wasm)
  rmSync(folder, { recursive: true })
  console.log(`kernels: ${(bytes.length / 1024).toFixed(1)} KiB in ${((performance.now() - startMs) / 1000).toFixed(1)} s`)
  if (bytes.length > SIZE_LIMIT) {
    console.error(`Cannot build the kernels: ${bytes.length} bytes of WebAssembly, at most ${SIZE_LIMIT} are wanted`)
    process.exit(1)
  }
  // Renamed when it is whole, for a test may be reading it.
  const draft = `${target}.${process.pid}`
  writeFileSync(
    draft,
    `// Written by scripts/build-kernels.ts.\nconst base64 = '${bytes.toString('base64')}'\n\n` +
      `/** The kernel module's bytes. */\nexport function kernelBytes(): Uint8Array<ArrayBuffer> {\n  return Uint8Array.from(Buffer.from(base64, 'base64'))\n}\n`,
  )
  renameSync(draft, target)
}

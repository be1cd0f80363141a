// Compiles kernels/ with AssemblyScript and writes the bytes, as base64, into a module that tests and the bundle import alike.
// With --if-stale nothing happens when no source is newer than the module.
import { execFileSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const target = join(root, 'src/data/kernels.generated.ts')
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
  execFileSync(
    process.execPath,
    [join(root, 'node_modules/assemblyscript/bin/asc.js'), 'kernels/index.ts', '-o', wasm, ...`${flags} ${features}`.split(' ')],
    { cwd: root, stdio: 'inherit' },
  )
  const base64 = readFileSync(wasm).toString('base64')
  rmSync(folder, { recursive: true })
  writeFileSync(
    target,
    `// Written by scripts/build-kernels.ts.\nconst base64 = '${base64}'\n\n` +
      `/** The kernel module's bytes. */\nexport function kernelBytes(): Uint8Array<ArrayBuffer> {\n  return Uint8Array.from(Buffer.from(base64, 'base64'))\n}\n`,
  )
}

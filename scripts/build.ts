// Builds what the package ships: one bundle with shared chunks (dist/*.js) and, with --types, the declarations (dist/types).
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..')
process.chdir(root)
execFileSync(process.execPath, ['scripts/build-kernels.ts', '--if-stale'], { stdio: 'inherit' })
// Built beside and swapped in whole: what runs from dist meanwhile finds all its chunks.
const draft = `dist.${process.pid}`
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
await build({
  entryPoints: { index: 'src/api/index.ts', main: 'src/cli/main.ts' },
  outdir: draft,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  packages: 'external',
  minifySyntax: true,
  minifyWhitespace: true,
  define: { RHEO_VERSION: JSON.stringify(version) },
  logLevel: 'warning',
})
// The bin is plain old JavaScript of its own: an old Node must be able to read it and say that it is too old.
await build({
  entryPoints: { rheo: 'src/cli/bin.js' },
  outdir: draft,
  format: 'esm',
  platform: 'node',
  target: 'es2020',
  logLevel: 'warning',
})
chmodSync(`${draft}/rheo.js`, 0o755)
cpSync('bench/nexmark', `${draft}/nexmark`, { recursive: true })
rmSync('dist', { recursive: true, force: true })
renameSync(draft, 'dist')
if (process.argv.includes('--types')) {
  execFileSync('node_modules/.bin/tsc', ['-p', 'tsconfig.types.json'], { stdio: 'inherit' })
}

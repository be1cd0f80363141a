// Runs all tests, or the files and flags that follow. Ends with one line: `N passed, N failed, N skipped`.
import { execFileSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'

process.chdir(join(import.meta.dirname, '..'))
const args = process.argv.slice(2)
const named = args.filter((arg) => !arg.startsWith('-'))
execFileSync(process.execPath, ['scripts/build-kernels.ts', '--if-stale'], { stdio: 'inherit' })
if (named.length === 0 || named.some((file) => file.includes('end-to-end'))) {
  execFileSync(process.execPath, ['scripts/build.ts'], { stdio: 'inherit' })
}

const files = named.length > 0 ? named : globSync(['src/**/*.test.ts', 'test/**/*.test.ts']).sort()
let passed = 0
let failed = 0
let skipped = 0
const stream = run({
  files,
  isolation: 'process',
  concurrency: 2,
  execArgv: ['--disallow-code-generation-from-strings', '--no-warnings'],
})
stream.on('test:pass', ({ details, skip, todo }) => {
  if (details.type === 'suite') return
  if (skip !== undefined || todo !== undefined) skipped++
  else passed++
})
stream.on('test:fail', ({ details }) => {
  if (details.type !== 'suite') failed++
})
stream.on('end', () => {
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0
})
const reporter = new spec()
if (args.includes('--quiet')) {
  stream.on('test:fail', ({ name, file, details }) =>
    console.log(`FAILED ${file ?? ''} ${name}\n${String(details.error.cause ?? details.error)}`),
  )
  stream.resume()
} else {
  stream.compose(reporter).pipe(process.stdout)
}

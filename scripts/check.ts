// Everything that CI holds, in the order of what fails fastest: types, lint, format, dead code, then the tests.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

process.chdir(join(import.meta.dirname, '..'))
const steps: readonly (readonly [string, ...string[]])[] = [
  [process.execPath, 'scripts/build-kernels.ts', '--if-stale'],
  ['node_modules/.bin/tsc', '-p', '.'],
  ['node_modules/.bin/oxlint', '--type-aware', '--quiet'],
  ['node_modules/.bin/oxfmt', '--check'],
  ['node_modules/.bin/knip'],
  [process.execPath, 'scripts/test.ts', '--quiet'],
]
for (const [command, ...args] of steps) {
  console.log(`$ ${[command.replace(/.*\//, ''), ...args].join(' ')}`)
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}

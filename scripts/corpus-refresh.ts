// Copies the corpus of a real Flink's answers into test/conformance: corpus:refresh FOLDER (the folder that holds the families).
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const source = process.argv[2]
const target = join(import.meta.dirname, '../test/conformance')
if (source === undefined || !existsSync(join(source, 'data'))) {
  console.error('usage: npm run corpus:refresh -- FOLDER   FOLDER holds the families and their data')
  process.exit(2)
}
rmSync(target, { recursive: true, force: true })
cpSync(source, target, { recursive: true, filter: (path) => !path.endsWith('/record') })
const cases = readdirSync(target, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.sql'))
console.log(`${cases.length} cases copied`)

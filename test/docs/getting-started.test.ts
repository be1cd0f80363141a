import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'

// Goal: someone who types what docs/getting-started.md says sees what it says.
// Method: its blocks make files and run commands in an empty folder, in order; `…` stands for what differs from run to run.

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/getting-started.md'), 'utf8')

interface Block {
  readonly language: string
  readonly file: string | undefined
  readonly text: string
}

const blocks: readonly Block[] = [...page.matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```$/gms)].map(([, language, file, text]) => ({
  language: language!,
  file,
  text: text!,
}))

/** Commands of a console with what they print: standard output, then standard error. */
function commandsOf(text: string): readonly { readonly command: string; readonly wanted: string }[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n')
      return { command: part.slice(0, end), wanted: part.slice(end + 1) }
    })
}

describe('docs/getting-started.md', () => {
  let folder = ''
  let status: number | null = 0

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'rheo-getting-started-'))
    execFileSync(process.execPath, [join(root, 'scripts/build.ts')], { stdio: 'ignore' })
    mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true })
    symlinkSync(root, join(folder, 'node_modules/rheo'))
    symlinkSync(join(root, 'dist/rheo.js'), join(folder, 'node_modules/.bin/rheo'))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  })

  after(() => rmSync(folder, { recursive: true, force: true }))

  const run = (command: string): { out: string; error: string } => {
    const {
      status: ended,
      stdout,
      stderr,
    } = spawnSync('sh', ['-c', command.replace(/^npx rheo /, 'rheo ')], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 60_000,
      env: {
        HOME: folder,
        PATH: [join(folder, 'node_modules/.bin'), dirname(process.execPath), process.env['PATH']].join(delimiter),
      },
    })
    status = ended
    return { out: stdout, error: stderr }
  }

  for (const { language, file, text } of blocks) {
    if (file !== undefined) {
      test(`makes ${file}`, () => writeFileSync(join(folder, file), text))
      continue
    }
    assert.equal(language, 'console', 'a block is a file, or a console')
    for (const { command, wanted } of commandsOf(text)) {
      if (command.startsWith('npm install')) continue
      test(`$ ${command}`, () => {
        if (command === 'echo $?') {
          assert.equal(`${status}\n`, wanted)
          return
        }
        const { out, error } = run(command)
        assertShown(wanted.split('\n').length > out.split('\n').length ? out + error : out || error, wanted)
      })
    }
  }
})

function assertShown(found: string, wanted: string): void {
  const pattern = wanted
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^\n]*?')
  if (!new RegExp(`^${pattern}$`).test(found)) assert.equal(found, wanted)
}

// One case of the corpus: a script, and what a real Flink answered. `runCase` runs the script in this process in one mode.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { changeTextEncoder } from '../../src/api/change-text.ts'
import { runScript } from '../../src/api/script.ts'
import { RheoError } from '../../src/base/errors.ts'
import { expandVariables } from '../../src/cli/variables.ts'
import { arenaOfThread } from '../../src/data/arena.ts'

export interface CorpusCase {
  /** `functions/array-functions`. */
  readonly name: string
  readonly family: string
  readonly file: string
  readonly script: string
  /** How to compare, or that Flink refuses the script. */
  readonly compare: 'fold' | 'changes' | 'sequence' | 'error'
  /** Rows with their kinds: `+I[1, a]`; may hold line breaks. */
  readonly rows: readonly string[]
}

/** Settings of one run, as `--set` takes them. */
export type Mode = Readonly<Record<string, string>>

export type Outcome =
  | { readonly kind: 'rows'; readonly rows: readonly string[]; readonly uniqueKeys: readonly (readonly number[])[] }
  | {
      readonly kind: 'error'
      readonly code: string
      readonly message: string
      readonly line: number | undefined
      readonly column: number | undefined
    }

const TIMEOUT_MS = 20_000

export function readCase(root: string, file: string): CorpusCase {
  const [head = '', ...lines] = readFileSync(file.replace(/\.sql$/, '.out'), 'utf8')
    .trimEnd()
    .split('\n')
  const compare = /^# flink [\d.]+, (fold|changes|sequence|error)$/.exec(head)?.[1] as CorpusCase['compare'] | undefined
  if (compare === undefined) throw new Error(`${file}: the answer's first line is "${head}"`)
  const name = relative(root, file)
    .replace(/\.sql$/, '')
    .replaceAll('\\', '/')
  const rows = compare === 'error' ? [] : joinRows(lines)
  return { name, family: dirname(name), file, script: readFileSync(file, 'utf8'), compare, rows }
}

/** Lines that do not begin a change belong to the value before them. */
function joinRows(lines: readonly string[]): readonly string[] {
  const rows: string[] = []
  for (const line of lines) {
    if (/^[+-][IUD]\[/.test(line)) rows.push(line)
    else if (rows.length > 0) rows[rows.length - 1] += `\n${line}`
  }
  return rows
}

export async function runCase(corpusCase: CorpusCase, mode: Mode): Promise<Outcome> {
  const data = join(dirname(resolve(corpusCase.file)), '../data')
  const tmp = mkdtempSync(join(tmpdir(), 'rheo-case-'))
  const script = expandVariables(
    corpusCase.script,
    `${corpusCase.name}.sql`,
    new Map([
      ['DATA', data],
      ['TMP', tmp],
    ]),
  )
  const chunks: Uint8Array[] = []
  let uniqueKeys: readonly (readonly number[])[] = []
  const settings = new Map(Object.entries({ 'rheo.source.block': '256', ...mode }))
  let timer: NodeJS.Timeout | undefined
  try {
    const running = runScript(script.text, {
      source: `${corpusCase.name}.sql`,
      settings,
      output: () => undefined,
      writerOf(query, timeZone) {
        uniqueKeys = query.uniqueKeys
        const types = query.schema.map((field) => field.type)
        const encode = changeTextEncoder(arenaOfThread(), types, timeZone)
        return {
          write(batch) {
            chunks.push(encode(batch))
          },
          finish: () => undefined,
        }
      },
    })
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        running.stop().catch(() => undefined)
        reject(new RheoError(`no end within ${TIMEOUT_MS / 1000} s`, { code: 'internal/timeout', domain: 'internal' }))
      }, TIMEOUT_MS)
    })
    await Promise.race([running.done, timeout])
    const output = Buffer.concat(chunks).toString().replaceAll(data, '${DATA}').replaceAll(tmp, '${TMP}')
    return { kind: 'rows', rows: joinRows(output.split('\n').slice(0, -1)), uniqueKeys }
  } catch (failure) {
    // Places are those of the file, whatever the paths of this machine are.
    const error = script.inFile(failure)
    if (!(error instanceof RheoError)) {
      return {
        kind: 'error',
        code: 'internal/fault',
        message: error instanceof Error ? (error.stack ?? '') : String(error),
        line: undefined,
        column: undefined,
      }
    }
    const position = error.place?.position
    const message = error.message.replaceAll(data, '${DATA}').replaceAll(tmp, '${TMP}')
    return { kind: 'error', code: error.code, message, line: position?.line ?? error.place?.line, column: position?.column }
  } finally {
    clearTimeout(timer)
    rmSync(tmp, { recursive: true, force: true })
  }
}

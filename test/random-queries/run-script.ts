import { type RunningScript, type ScriptQuery, type ScriptResult, runScript } from '../../src/api/script.ts'
import { RheoError } from '../../src/base/errors.ts'
import { arenaOfThread } from '../../src/data/arena.ts'
import { readCell } from '../../src/data/cells.ts'
import { type RowKind, rowKindSign, rowKindText } from '../../src/data/row-kind.ts'
import type { SqlType } from '../../src/data/types.ts'
import { keyOfValues } from '../reference/key-of.ts'
import type { Row } from '../reference/evaluate.ts'
import { rowText } from './compare-tables.ts'

export interface Answer {
  readonly types: readonly SqlType[]
  /** Columns by which a sink may find the rows. */
  readonly upsertKeys: Keys
  /** What remains when all changes are applied. */
  readonly rows: readonly Row[]
  /** The first change that cannot be: it takes back what is not there, or breaks a key that the plan claims. */
  readonly fault: string | undefined
  /** Rows of state, and keys, that were left at the end. */
  readonly stateRows: number
  readonly stateKeys: number
}

/** Runs a script in this process and folds the changes of its query. */
export async function answerOf(script: string, settings: Readonly<Record<string, string>>): Promise<Answer> {
  const arena = arenaOfThread()
  let query: ScriptQuery | undefined
  const changes: { readonly kind: RowKind; readonly row: Row }[] = []
  const running = runScript(script, {
    source: 'query.sql',
    settings: new Map(Object.entries({ 'rheo.source.block': '256', ...settings })),
    output: () => undefined,
    writerOf(shown) {
      query = shown
      return {
        write({ columns, kinds, selection, selectedCount }) {
          for (let i = 0; i < selectedCount; i++) {
            const row = selection === 0 ? i : arena.i32[selection / 4 + i]!
            const kind = (kinds === 0 ? 0 : arena.u8[kinds + row]!) as RowKind
            changes.push({ kind, row: columns.map((column) => readCell(arena, column, row)) })
          }
        },
        finish: () => undefined,
      }
    },
  })
  const { summary } = await inTime(running)
  if (query === undefined) throw new TypeError('the script ends with a query')
  const types = query.schema.map((field) => field.type)
  // Changes of several subtasks meet block by block: only those that find each other by their key are in order.
  const isParallel = Number(settings['parallelism.default'] ?? 1) > 1 || /@[^1]/.test(settings['rheo.restore-at'] ?? '')
  const held = isParallel && !query.isAppendOnly ? query.upsertKeys : query.uniqueKeys
  return {
    types,
    upsertKeys: query.upsertKeys,
    ...fold(changes, types, { held, atEnd: query.uniqueKeys }),
    stateRows: summary.stateRows,
    stateKeys: summary.stateKeys,
  }
}

/** A job over a few rows that takes as long as this does not end at all. */
const TIMEOUT_MS = 20_000

/** A job did not end. */
export class NoEnd extends Error {
  constructor() {
    super(`no end within ${TIMEOUT_MS / 1000} s`)
  }
}

/** What a script gives in the end; one that does not end is aborted and fails, so that it is told with its seed. */
export async function inTime({ done, abort }: RunningScript): Promise<ScriptResult> {
  const timer = setTimeout(abort, TIMEOUT_MS)
  // Nothing of a job that cannot even be aborted may keep the others waiting.
  let grace: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    grace = setTimeout(() => reject(new NoEnd()), TIMEOUT_MS + 1000)
  })
  try {
    return await Promise.race([done, timeout])
  } catch (error) {
    throw error instanceof RheoError && error.code === 'job/aborted' ? new NoEnd() : error
  } finally {
    clearTimeout(timer)
    clearTimeout(grace)
  }
}

type Keys = readonly (readonly number[])[]

function fold(
  changes: readonly { readonly kind: RowKind; readonly row: Row }[],
  types: readonly SqlType[],
  { held, atEnd }: { readonly held: Keys; readonly atEnd: Keys },
): Pick<Answer, 'rows' | 'fault'> {
  const present = new Map<string, Row[]>()
  const keys = held.map((columns) => ({ columns, holders: new Map<string, number>() }))
  let fault: string | undefined
  for (const { kind, row } of changes) {
    const text = (): string => `${rowKindText(kind)}${rowText(types, row)}`
    const sign = rowKindSign(kind)
    const id = keyOfValues(row)
    const same = present.get(id) ?? []
    present.set(id, same)
    if (sign > 0) same.push(row)
    else if (same.pop() === undefined) fault ??= `takes back what is not there: ${text()}`
    for (const { columns, holders } of keys) {
      const key = keyOfValues(columns.map((column) => row[column]!))
      const count = (holders.get(key) ?? 0) + sign
      holders.set(key, count)
      if (count > 1) fault ??= `breaks the key (${columns.join(', ')}) that the plan claims: ${text()}`
    }
  }
  const rows = [...present.values()].flat()
  for (const columns of atEnd) {
    const different = new Set(rows.map((row) => keyOfValues(columns.map((column) => row[column]!))))
    if (different.size < rows.length) fault ??= `the key (${columns.join(', ')}) that the plan claims is there twice in the end`
  }
  return { rows, fault }
}

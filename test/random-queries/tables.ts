import type { SqlValue } from '../../src/data/value.ts'
import type { Choices } from './choices.ts'

export type ColumnType = 'INT' | 'BIGINT' | 'STRING' | 'DOUBLE' | 'DECIMAL' | 'BOOLEAN' | 'TIMESTAMP' | 'ARRAY'

/** As DDL has them. */
export const typeTexts: Readonly<Record<ColumnType, string>> = {
  INT: 'INT',
  BIGINT: 'BIGINT',
  STRING: 'STRING',
  DOUBLE: 'DOUBLE',
  DECIMAL: 'DECIMAL(10, 2)',
  BOOLEAN: 'BOOLEAN',
  TIMESTAMP: 'TIMESTAMP(3)',
  ARRAY: 'ARRAY<INT>',
}

export type TableRow = readonly SqlValue[]

export interface TableColumn {
  readonly name: string
  readonly type: ColumnType
}

/** An event of a table's history. */
export type TableChange =
  | { readonly op: 'insert'; readonly row: TableRow }
  | { readonly op: 'delete'; readonly row: TableRow }
  | { readonly op: 'update'; readonly before: TableRow; readonly row: TableRow }

export interface RandomTable {
  readonly name: string
  readonly columns: readonly TableColumn[]
  /** Whether rows are ever changed or taken back. */
  readonly isUpdating: boolean
  /** The first column is a primary key; of a table of versions it comes again, for a newer one. */
  readonly hasKey: boolean
  /** Seconds of the watermark behind column `ts`; absent: no event time. */
  readonly boundSeconds: number | undefined
  /** Never changes, and is only asked for rows: how its answers are kept. */
  readonly lookupCache?: 'NONE' | 'PARTIAL' | 'FULL'
  readonly changes: readonly TableChange[]
}

/** 2024-01-01 00:00:00 in seconds. */
const START_SECONDS = 1_704_067_200
/** Of a millisecond. */
const NANOS = 1_000_000n

const texts = ['a', 'b', 'c', 'ab', 'B', '', 'a%', 'ö'] as const

export function randomTables(choices: Choices): readonly RandomTable[] {
  const count = 1 + choices.below(3)
  return Array.from({ length: count }, (_, i) => choices.span('table', () => randomTable(choices, i)))
}

/** One table with event time whose rows are only added. */
export function timedTables(choices: Choices): readonly RandomTable[] {
  return [choices.span('table', () => randomTable(choices, 0, 'timed'))]
}

/** A table whose key comes again, for a newer version, is only good for FOR SYSTEM_TIME AS OF: it breaks what it promises. */
export function hasVersions({ hasKey, isUpdating }: RandomTable): boolean {
  return hasKey && !isUpdating
}

export function isLookedUp({ lookupCache }: RandomTable): boolean {
  return lookupCache !== undefined
}

function randomTable(choices: Choices, number: number, wanted?: 'timed'): RandomTable {
  const kinds = [
    [3, 'append'],
    [4, 'timed'],
    [4, 'updating'],
    [1, 'timed and updating'],
    [2, number === 0 ? 'append' : 'versions'],
    [3, number === 0 ? 'append' : 'lookup'],
  ] as const
  const kind = wanted ?? choices.weighted(kinds)
  const isUpdating = kind.includes('updating')
  const hasKey = kind === 'versions' || (kind === 'updating' && choices.oneIn(3))
  const isTimed = kind === 'versions' || kind.includes('timed')
  const boundSeconds = isTimed ? choices.pick([5, 0, 2, 30]) : undefined
  const more: readonly TableColumn[] = [
    { name: 'n', type: 'BIGINT' },
    { name: 'x', type: 'DOUBLE' },
    { name: 'm', type: 'DECIMAL' },
    { name: 'b', type: 'BOOLEAN' },
    { name: 'a', type: 'ARRAY' },
  ]
  const columns: readonly TableColumn[] = [
    { name: 'k', type: 'INT' },
    { name: 's', type: 'STRING' },
    ...(isTimed ? [{ name: 'ts', type: 'TIMESTAMP' } as const] : []),
    ...more.filter(({ type }) => choices.oneIn(type === 'ARRAY' ? 4 : 2)),
  ]
  const stop = choices.pick(wanted === 'timed' ? [40, 80, 20] : [12, 4, 40, 20])
  const changes: TableChange[] = []
  const present: TableRow[] = []
  let latest = (START_SECONDS + 20) * 1000
  const boundMs = (boundSeconds ?? 0) * 1000
  /** Now and then rows come late, but never at the watermark or behind it: at times by a millisecond. */
  const moment = (): number => {
    const first = Math.max(latest - boundMs + 1, START_SECONDS * 1000)
    const at = choices.weighted([
      [6, latest + choices.pick([1000, 0, 3000, 2000, 11_000])],
      [1, latest + choices.pick([999, 1, 1001])],
      // So that the first time that is not late may be the last one of a window.
      [1, latest - (latest % 1000) + 998],
      [2, first],
      [2, latest - (latest % 1000) - 1000 * choices.below(Math.max(1, boundSeconds ?? 1))],
    ] as const)
    const timely = Math.max(at, first)
    latest = Math.max(latest, timely)
    return timely
  }
  const newRow = (key: SqlValue): TableRow =>
    columns.map((column, i) =>
      hasKey && i === 0 ? key : column.name === 'ts' ? BigInt(moment()) * NANOS : randomCell(choices, column.type),
    )
  const isChangeable = (row: TableRow): boolean => !isTimed || Number((row[2] as bigint) / NANOS) > latest - boundMs
  let nextKey = 0
  for (let i = 0; i < 120; i++) {
    const hasMore = choices.span('row', () => {
      if (choices.below(stop) === 0) return false
      const what = isUpdating && present.length > 0 ? choices.pick(['insert', 'insert', 'update', 'delete'] as const) : 'insert'
      if (what === 'insert') {
        const row = newRow(kind === 'versions' ? choices.below(4) : nextKey++)
        present.push(row)
        changes.push({ op: 'insert', row })
        return true
      }
      const place = choices.below(present.length)
      const before = present[place]!
      if (!isChangeable(before)) return true
      if (what === 'delete') {
        present.splice(place, 1)
        changes.push({ op: 'delete', row: before })
        return true
      }
      const other = newRow(before[0]!)
      // An update leaves some columns, and the time, as they are.
      const row = before.map((value, c) => (columns[c]!.name === 'ts' || choices.oneIn(2) ? value : other[c]!))
      present[place] = row
      changes.push({ op: 'update', before, row })
      return true
    })
    if (!hasMore) break
  }
  // Now and then many rows of the same keys come at once, which kernels take in other ways than a few; more often equal rows come and go.
  const copies =
    hasKey || present.length === 0
      ? 'none'
      : choices.weighted([
          [34, 'none'],
          [number === 0 ? 1 : 0, 'many'],
          [isUpdating ? 5 : 0, 'some'],
        ] as const)
  for (let i = 0; copies !== 'none' && i < 600; i++) {
    const hasMore = choices.span('row', () => {
      if (choices.below(copies === 'many' ? 400 : 40) === 0) return false
      const place = choices.below(present.length)
      const known = present[place]!
      if (isUpdating && present.length > 1 && choices.oneIn(3)) {
        if (!isChangeable(known)) return true
        present.splice(place, 1)
        changes.push({ op: 'delete', row: known })
        return true
      }
      const row = known.map((value, c) => (columns[c]!.name === 'ts' ? BigInt(moment()) * NANOS : value))
      present.push(row)
      changes.push({ op: 'insert', row })
      return true
    })
    if (!hasMore) break
  }
  // What is kept of values that are gone shows in groups that are still there.
  const drains = copies !== 'none' && isUpdating && choices.oneIn(2)
  for (let left = present.length; drains && left > 2; left--) {
    choices.span('row', () => {
      const place = choices.below(present.length)
      const known = present[place]!
      if (!isChangeable(known)) return
      present.splice(place, 1)
      changes.push({ op: 'delete', row: known })
    })
  }
  const table = { name: `t${number}`, columns, isUpdating, hasKey, boundSeconds, changes }
  return kind === 'lookup' ? { ...table, lookupCache: choices.pick(['NONE', 'PARTIAL', 'FULL'] as const) } : table
}

/** Few different values, the first ones more often, and NULL now and then. */
function randomCell(choices: Choices, type: ColumnType): SqlValue {
  if (choices.oneIn(7)) return null
  switch (type) {
    case 'INT':
      return Math.min(choices.below(6), choices.below(6)) - (choices.oneIn(9) ? 3 : 0)
    case 'BIGINT':
      return BigInt(choices.below(9)) - 2n
    case 'STRING':
      return texts[Math.min(choices.below(texts.length), choices.below(texts.length))]!
    case 'DOUBLE':
      return choices.below(16) / 4 - 1
    case 'DECIMAL':
      return BigInt(choices.below(24)) * 25n - 100n
    case 'BOOLEAN':
      return choices.below(2) === 0
    case 'TIMESTAMP':
      return BigInt(START_SECONDS + choices.below(60)) * 1_000_000_000n
    case 'ARRAY':
      return Array.from({ length: choices.below(4) }, () => (choices.oneIn(5) ? null : choices.below(4)))
  }
}

/** What is in a table in the end, in the order of arrival. */
export function finalRows(table: Pick<RandomTable, 'changes'>): readonly TableRow[] {
  const rows: TableRow[] = []
  for (const change of table.changes) {
    if (change.op === 'insert') rows.push(change.row)
    else {
      const place = rows.indexOf(change.op === 'delete' ? change.row : change.before)
      if (place < 0) throw new RangeError('a history changes rows that are there')
      if (change.op === 'delete') rows.splice(place, 1)
      else rows[place] = change.row
    }
  }
  return rows
}

/** The same history, and then everything is deleted again, in the order in which it came. */
export function emptied(table: RandomTable): RandomTable {
  if (isLookedUp(table)) return table
  return { ...table, isUpdating: true, changes: [...table.changes, ...finalRows(table).map((row) => ({ op: 'delete', row }) as const)] }
}

/** CREATE TABLE over a file of the history, or of the rows that are left in the end. */
export function createTable(
  { name, columns, isUpdating, hasKey, boundSeconds, lookupCache }: RandomTable,
  what: 'history' | 'final rows',
): string {
  const definitions = columns.map((column, i) => `${column.name} ${typeTexts[column.type]}${hasKey && i === 0 ? ' NOT NULL' : ''}`)
  if (hasKey) definitions.push('PRIMARY KEY (k) NOT ENFORCED')
  if (boundSeconds !== undefined) definitions.push(`WATERMARK FOR ts AS ts - INTERVAL '${boundSeconds}' SECOND`)
  const isLog = isUpdating && what === 'history'
  const file = fileName(name, what)
  return `CREATE TABLE ${name} (${definitions.join(', ')}) WITH ('connector' = 'filesystem', 'path' = '\${DATA}/${file}', 'format' = '${isLog ? 'debezium-json' : 'json'}'${lookupCache === undefined ? '' : `, 'lookup.cache' = '${lookupCache}'`});`
}

export function fileName(name: string, what: 'history' | 'final rows'): string {
  return what === 'history' ? `${name}.jsonl` : `${name}-final.jsonl`
}

export function tableFile(table: RandomTable, what: 'history' | 'final rows'): string {
  const { columns, isUpdating } = table
  const object = (row: TableRow): string =>
    `{${columns.map(({ name }, i) => `"${name}":${jsonCell(columns[i]!.type, row[i]!)}`).join(',')}}`
  const lines =
    what === 'final rows' || !isUpdating
      ? finalRows(table).map(object)
      : table.changes.map((change) => {
          switch (change.op) {
            case 'insert':
              return `{"before":null,"after":${object(change.row)},"op":"c"}`
            case 'delete':
              return `{"before":${object(change.row)},"after":null,"op":"d"}`
            case 'update':
              return `{"before":${object(change.before)},"after":${object(change.row)},"op":"u"}`
          }
        })
  return lines.map((line) => `${line}\n`).join('')
}

function jsonCell(type: ColumnType, value: SqlValue): string {
  if (value === null) return 'null'
  switch (type) {
    case 'STRING':
      return JSON.stringify(value)
    case 'DECIMAL':
      return decimalText(value as bigint)
    case 'TIMESTAMP':
      return `"${timestampText(value as bigint)}"`
    case 'ARRAY':
      return `[${(value as readonly SqlValue[]).map(String).join(',')}]`
    default:
      return String(value)
  }
}

export function decimalText(unscaled: bigint): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(3, '0')
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

export function timestampText(nanos: bigint): string {
  return new Date(Number(nanos / 1_000_000n)).toISOString().replace('T', ' ').slice(0, -1)
}

import { userError } from '../../base/errors.ts'
import type { OptionDefinition } from '../../catalog/option.ts'
import { checkTableOptions, inTable } from '../../catalog/options.ts'
import type { Table } from '../../catalog/table.ts'
import { formatType, type SqlType } from '../../data/types.ts'

export const datagenOptions: readonly OptionDefinition[] = [
  { key: 'rows-per-second', type: 'long', default: '10000', doc: 'How fast rows come' },
  { key: 'number-of-rows', type: 'long', doc: 'How many rows there are; absent: no end' },
  { key: 'scan.parallelism', type: 'int', doc: 'Subtasks of the source; absent: as the job' },
  {
    key: 'fields.#.kind',
    type: { oneOf: ['random', 'sequence'] },
    default: 'random',
    doc: 'Random values, or a sequence from start to end',
  },
  { key: 'fields.#.min', type: 'string', doc: 'Least random value; absent: the least of the type' },
  { key: 'fields.#.max', type: 'string', doc: 'Greatest random value; absent: the greatest of the type' },
  { key: 'fields.#.max-past', type: 'duration', default: '0 ms', doc: 'How far before now random timestamps may lie' },
  {
    key: 'fields.#.length',
    type: 'int',
    doc: 'Characters of random text, bytes, or elements of a collection; absent: 100, the declared length, or 3',
  },
  { key: 'fields.#.var-len', type: 'boolean', default: 'false', doc: 'Text and bytes of every length up to "length"' },
  { key: 'fields.#.start', type: 'string', doc: 'First value of a sequence' },
  { key: 'fields.#.end', type: 'string', doc: 'Last value of a sequence; the shortest sequence ends the table' },
  { key: 'fields.#.null-rate', type: 'double', default: '0', doc: 'Share of NULLs, 0 to 1' },
]

/** Checks the options of a table, names of fields included. */
export function checkDatagenOptions(table: Table): void {
  checkTableOptions(table, { name: 'the connector "datagen"' }, datagenOptions)
  const paths = new Map<string, SqlType>()
  for (const column of table.columns) if (column.kind === 'physical') collectPaths(column.name, column.type, paths)
  for (const key of table.options.keys()) {
    const path = /^fields\.(.+)\.[a-z-]+$/.exec(key)?.[1]
    if (path !== undefined && !paths.has(path)) {
      throw fieldError(table, `Cannot set option "${key}": the table has no field "${path}"; it has ${[...paths.keys()].join(', ')}`)
    }
  }
}

/** Paths of fields as the options name them: `a`, of a ROW `r.f`, of an ARRAY `a.element`, of a MAP `m.key` and `m.value`. */
function collectPaths(path: string, type: SqlType, paths: Map<string, SqlType>): void {
  paths.set(path, type)
  switch (type.kind) {
    case 'ROW':
      for (const field of type.fields) collectPaths(`${path}.${field.name}`, field.type, paths)
      break
    case 'ARRAY':
    case 'MULTISET':
      collectPaths(`${path}.element`, type.element, paths)
      break
    case 'MAP':
      collectPaths(`${path}.key`, type.key, paths)
      collectPaths(`${path}.value`, type.value, paths)
      break
    default:
  }
}

export function fieldError(table: Table, message: string): Error {
  const error = userError('sql/option-value', message)
  return inTable(error, table)
}

/** The options of one field. */
export interface FieldOptions {
  readonly table: Table
  readonly path: string
  readonly type: SqlType
}

export function fieldOption(field: FieldOptions, name: string): string | undefined {
  return field.table.options.get(`fields.${field.path}.${name}`)
}

/** A number of a field's option, or `fallback`. */
export function fieldNumber(field: FieldOptions, name: string, fallback: number): number {
  const text = fieldOption(field, name)
  if (text === undefined) return fallback
  const value = Number(text.trim())
  if (text.trim() === '' || Number.isNaN(value)) throw wrongValue(field, name, text, 'a number')
  return value
}

export function fieldBigInt(field: FieldOptions, name: string, fallback: bigint): bigint {
  const text = fieldOption(field, name)
  if (text === undefined) return fallback
  if (!/^\s*[+-]?\d+\s*$/.test(text)) throw wrongValue(field, name, text, 'a whole number')
  return BigInt(text.trim())
}

export function wrongValue(field: FieldOptions, name: string, text: string, wanted: string): Error {
  return fieldError(
    field.table,
    `Cannot set option "fields.${field.path}.${name}": found "${text}", wanted ${wanted} for ${formatType(field.type)}`,
  )
}

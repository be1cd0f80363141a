import { join, relative, sep } from 'node:path'
import { externalError } from '../../base/errors.ts'
import { parseValue } from '../../data/text.ts'
import type { SqlValue } from '../../data/value.ts'
import type { FileTable } from './options.ts'

/** The values of the partition columns as texts; null for the default partition. */
export type PartitionTexts = Readonly<Record<string, string | null>>

/** The texts in the folder names `k=v` between the table's path and a file. */
export function partitionOf(table: FileTable, path: string): PartitionTexts {
  const texts: Record<string, string | null> = {}
  for (const folder of relative(table.path, path).split(sep).slice(0, -1)) {
    const equals = folder.indexOf('=')
    if (equals <= 0) continue
    const value = unescapePartition(folder.slice(equals + 1))
    texts[unescapePartition(folder.slice(0, equals))] = value === table.defaultPartition ? null : value
  }
  for (const { name } of table.partitionColumns) {
    if (!(name in texts)) {
      throw externalError(
        'file/no-partition',
        `Cannot read "${path}": no folder in its path gives a value for the partition column "${name}", wanted "${name}=VALUE"`,
      )
    }
  }
  return texts
}

/** True when the plan wants the rows of a partition: absent columns of a wanted one match all values. */
export function isWantedPartition(wanted: readonly PartitionTexts[] | undefined, partition: PartitionTexts): boolean {
  return wanted === undefined || wanted.some((texts) => Object.entries(texts).every(([name, text]) => partition[name] === text))
}

/** The values of partition columns by name. */
export function partitionValues(table: FileTable, path: string, timeZone: string): ReadonlyMap<string, SqlValue> {
  const texts = partitionOf(table, path)
  return new Map(
    table.partitionColumns.map(({ name, type }) => {
      const text = texts[name]!
      const value = text === null ? null : parseValue(type, text, timeZone)
      if (value === undefined) {
        throw externalError(
          'format/bad-field',
          `Cannot read "${path}": the partition "${name}=${text}" does not fit the column's type ${type.kind}`,
        )
      }
      return [name, value]
    }),
  )
}

/** The folder of a partition below the table's path: `day=2024-01-01/region=eu`. */
export function partitionFolder(table: FileTable, texts: PartitionTexts): string {
  return join(
    ...table.partitionColumns.map(({ name }) => `${escapePartition(name)}=${escapePartition(texts[name] ?? table.defaultPartition)}`),
  )
}

/** The names and texts of a folder `k=v/l=w`. */
export function partitionTexts(folder: string): readonly (readonly [name: string, text: string])[] {
  return folder.split(sep).map((part) => {
    const equals = part.indexOf('=')
    return [unescapePartition(part.slice(0, equals)), unescapePartition(part.slice(equals + 1))] as const
  })
}

// oxlint-disable-next-line no-control-regex -- control characters cannot stand in names
const unsafe = /[\u0001-\u001f"#%'*/:=?\\\u007f{}[\]^]/g

/** A partition's name or value as a part of a path, as Hive and Flink escape it. */
export function escapePartition(text: string): string {
  return text.replace(unsafe, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
}

function unescapePartition(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

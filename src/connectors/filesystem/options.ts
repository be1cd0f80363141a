import { type ErrorPlace, userError } from '../../base/errors.ts'
import { suggestion } from '../../base/nearest.ts'
import type { OptionDefinition, OptionValue, OptionWarning } from '../../catalog/option.ts'
import { checkTableOptions, inTable } from '../../catalog/options.ts'
import type { Table } from '../../catalog/table.ts'
import type { Format, FormatColumn, FormatOptions } from '../../formats/format.ts'
import { formats, optionsOf } from '../../formats/registry.ts'
import type { LookupCache } from '../../runtime/lookup.ts'
import { lookupCache, lookupOptions } from '../lookup-options.ts'
import { type FileSinkOptions, fileSinkOptions, sinkOptions } from './sink-options.ts'

export const filesystemOptions: readonly OptionDefinition[] = [
  {
    key: 'path',
    type: 'string',
    isRequired: true,
    doc: 'A file or folder; folders are read with all folders in them, without names that start with _ or a dot.',
  },
  { key: 'format', type: 'string', isRequired: true, doc: 'How the rows lie in the files.' },
  { key: 'source.monitor-interval', type: 'duration', doc: 'Follows the folder: looks for new files this often and never ends.' },
  { key: 'source.path.regex-pattern', type: 'string', doc: 'Reads only files whose absolute path matches this regular expression.' },
  {
    key: 'source.report-statistics',
    type: { oneOf: ['ALL', 'NONE'] },
    default: 'ALL',
    doc: 'Whether statistics of the files are gathered.',
  },
  {
    key: 'partition.default-name',
    type: 'string',
    default: '__DEFAULT_PARTITION__',
    doc: 'The folder name that stands for a NULL or empty partition value.',
  },
  ...sinkOptions,
  { key: 'streaming-source.enable', type: 'boolean', default: 'false', doc: 'Of the Hive connector.' },
  { key: 'streaming-source.partition.include', type: { oneOf: ['all', 'latest'] }, default: 'all', doc: 'Of the Hive connector.' },
  { key: 'streaming-source.monitor-interval', type: 'duration', doc: 'Of the Hive connector.' },
  { key: 'streaming-source.partition-order', type: 'string', default: 'partition-name', doc: 'Of the Hive connector.' },
  { key: 'streaming-source.consume-start-offset', type: 'string', doc: 'Of the Hive connector.' },
  { key: 'lookup.join.cache.ttl', type: 'duration', default: '60 min', doc: 'Of the Hive connector.' },
  ...lookupOptions,
]

/** How a table over files is looked up. */
export interface FileLookupOptions {
  readonly cache: LookupCache
  /** With a FULL cache: how often the files are read again; undefined: never. */
  readonly reloadMs: number | undefined
}

/** What a table over files says in its options and columns, checked. */
export interface FileTable {
  readonly path: string
  /** Where the script names it. */
  readonly pathPlace?: ErrorPlace | undefined
  readonly format: Format
  readonly formatOptions: FormatOptions
  /** Undefined: the table ends with the files that are there at its start. */
  readonly monitorMs: number | undefined
  readonly pathPattern: RegExp | undefined
  readonly defaultPartition: string
  /** The physical columns that lie in the files, in order. */
  readonly fileColumns: readonly FormatColumn[]
  /** The PARTITIONED BY columns, which lie in the names of folders, in order. */
  readonly partitionColumns: readonly FormatColumn[]
  readonly lookup: FileLookupOptions
  /** How it is written; throws RheoErrors where its options cannot be followed. */
  readonly sink: () => FileSinkOptions
}

/** Options of the format that Flink ignores because it does not know them, and others that have a newer name. */
export function fileTableWarnings(table: Table): readonly OptionWarning[] {
  const warnings: OptionWarning[] = []
  checkFileOptions(table, findFormat(table), (warning) => warnings.push(warning))
  return warnings
}

function checkFileOptions(
  table: Table,
  format: Format | undefined,
  warn?: (warning: OptionWarning) => void,
): ReadonlyMap<string, OptionValue> {
  if (format === undefined) return checkTableOptions(table, { name: 'the connector "filesystem"' }, filesystemOptions)
  const prefix = `${format.name}.`
  const owner = { name: `the connector "filesystem" with format "${format.name}"`, ignores: (key: string) => key.startsWith(prefix) }
  return checkTableOptions(table, owner, [...filesystemOptions, ...optionsOf(format)], warn)
}

/** @throws {RheoError} `sql/unknown-option`, `sql/option-value`, `sql/missing-option`, `sql/unknown-format`. */
export function fileTable(table: Table): FileTable {
  const format = findFormat(table)
  const values = checkFileOptions(table, format)
  if (format === undefined) throw userError('sql/missing-option', 'Cannot use the connector "filesystem": it needs the option "format"')
  const prefix = `${format.name}.`
  const physical = table.columns.filter((column) => column.kind === 'physical')
  const fileColumns = physical.filter(({ name }) => !table.partitionedBy.includes(name))
  const formatOptions = new Map(
    [...values].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value]),
  )
  format.check?.(fileColumns, formatOptions)
  return {
    path: localPath(String(values.get('path'))),
    pathPlace: table.optionPlaces?.get('path'),
    format,
    formatOptions,
    monitorMs: values.get('source.monitor-interval') as number | undefined,
    pathPattern: pattern(values.get('source.path.regex-pattern')),
    defaultPartition: String(values.get('partition.default-name') ?? '__DEFAULT_PARTITION__'),
    fileColumns,
    partitionColumns: table.partitionedBy.flatMap((name) => physical.filter((column) => column.name === name)),
    lookup: {
      cache: lookupCache(values),
      reloadMs: values.get('lookup.full-cache.periodic-reload.interval') as number | undefined,
    },
    sink: () => fileSinkOptions(values, format, table.partitionedBy),
  }
}

function findFormat(table: Table): Format | undefined {
  const name = table.options.get('format')
  if (name === undefined) return undefined
  const format = formats.get(name)
  if (format !== undefined) return format
  const names = [...formats.keys()]
  const error = userError(
    'sql/unknown-format',
    `Cannot set option "format": found "${name}"${suggestion(name, names) || `, wanted one of ${names.map((known) => `"${known}"`).join(', ')}`}`,
  )
  throw inTable(error, table)
}

function pattern(value: OptionValue | undefined): RegExp | undefined {
  if (value === undefined) return undefined
  try {
    return new RegExp(`^(?:${String(value)})$`, 'su')
  } catch {
    try {
      // Java allows escapes of letters that mean nothing, which the strict mode refuses.
      return new RegExp(`^(?:${String(value)})$`, 's')
    } catch (error) {
      throw userError(
        'sql/option-value',
        `Cannot set option "source.path.regex-pattern": found "${String(value)}", wanted a regular expression`,
        undefined,
        error,
      )
    }
  }
}

/** `file:///tmp/x` and `file:/tmp/x` are /tmp/x; other schemes are refused. */
function localPath(path: string): string {
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):\//.exec(path)
  if (scheme === null) return path
  if (scheme[1]!.toLowerCase() !== 'file') {
    throw userError('unsupported/file-scheme', `Cannot open "${path}": found the scheme "${scheme[1]}", wanted a local path or "file://"`)
  }
  return decodeURI(path.slice(scheme[0].length - 1).replace(/^\/\/[^/]*/, ''))
}

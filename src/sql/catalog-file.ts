import { type RheoError, externalError, userError } from '../base/errors.ts'
import type { CatalogFunction } from '../catalog/catalog-function.ts'
import type { CatalogEntries, Database, EntryKind } from '../catalog/catalog-store.ts'
import type { CatalogObject, Table, TableColumn, TablePartition, View } from '../catalog/table.ts'
import { type SqlType, typesEqual } from '../data/types.ts'
import { notJson } from '../plan/compiled-plan.ts'
import { typeFromSyntax } from './bind-type.ts'
import { parseType } from './parser.ts'
import { serializedType } from './show-create.ts'

/** Raised when files of an earlier form could no longer be read; they are read as long as they can be. */
export const CATALOG_VERSION = 1

// The form is described in docs/statements.md, "A catalog that lasts".

type Json = unknown
type JsonObject = Readonly<Record<string, Json>>

/** The text of an entry's file. */
export function entryText<K extends EntryKind>(kind: K, name: string, entry: CatalogEntries[K]): string {
  const object: CatalogObject | CatalogFunction = entry
  if (!('kind' in object)) return fileText({ kind: 'function', name, ...object })
  return fileText(object.kind === 'table' ? tableJson(name, object) : viewJson(name, object))
}

export function databaseText({ name, comment, options }: Database): string {
  return fileText({ kind: 'database', name, comment, options: fromMap(options) })
}

function fileText(entry: object): string {
  return `${JSON.stringify({ rheoCatalog: CATALOG_VERSION, ...entry }, null, 2)}\n`
}

/** The entry that a file holds, or `catalog/damaged-file`, which names it. */
export function entryOfText<K extends EntryKind>(kind: K, name: string, text: string, path: string): CatalogEntries[K] | undefined {
  return readFile(text, path, (file) => {
    if (file.text('name') !== name) return refuseName(file, name)
    const entry = kind === 'function' ? functionOf(file) : file.text('kind') === 'view' ? viewOf(file) : tableOf(file)
    return entry as CatalogEntries[K]
  })
}

export function databaseOfText(name: string, text: string, path: string): Database | undefined {
  return readFile(text, path, (file) => {
    file.expectKind('database')
    if (file.text('name') !== name) return refuseName(file, name)
    return { name, comment: file.optionalText('comment'), options: file.texts('options') }
  })
}

/** Disks without regard to case find the file of another name; a file under another name than its own was put there by hand. */
function refuseName(file: FileReader, wanted: string): undefined {
  const found = file.text('name')
  if (found.toLowerCase() === wanted.toLowerCase()) return undefined
  throw file.damaged(`it is that of "${found}", wanted is that of "${wanted}"`)
}

function readFile<T>(text: string, path: string, read: (file: FileReader) => T): T {
  let json: Json
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw damaged(path, notJson(error))
  }
  const file = new FileReader(json, path)
  const version = file.number('rheoCatalog')
  if (version > CATALOG_VERSION) {
    throw externalError(
      'catalog/version',
      `Cannot read the file "${path}" of a catalog: found version ${version}, wanted is ${CATALOG_VERSION} at most; a newer Rheo wrote it`,
    )
  }
  return read(file)
}

function damaged(path: string, why: string, cause?: unknown): RheoError {
  return externalError('catalog/damaged-file', `Cannot read the file "${path}" of a catalog: ${why}`, undefined, cause)
}

/** The properties of a JSON object, each of the wanted form or an error that names the file. */
class FileReader {
  readonly #object: JsonObject
  readonly #path: string

  constructor(json: Json, path: string) {
    this.#path = path
    if (typeof json !== 'object' || json === null || Array.isArray(json)) throw this.damaged('wanted is an object')
    this.#object = json as JsonObject
  }

  damaged(why: string, cause?: unknown): RheoError {
    return damaged(this.#path, why, cause)
  }

  #get(key: string): Json {
    return Object.hasOwn(this.#object, key) ? this.#object[key] : undefined
  }

  expectKind(kind: string): void {
    if (this.text('kind') !== kind) throw this.damaged(`it is of kind "${this.text('kind')}", wanted is "${kind}"`)
  }

  text(key: string): string {
    const value = this.#get(key)
    if (typeof value !== 'string') throw this.damaged(`"${key}" is no text`)
    return value
  }

  optionalText(key: string): string | undefined {
    return this.#get(key) === undefined ? undefined : this.text(key)
  }

  number(key: string): number {
    const value = this.#get(key)
    if (typeof value !== 'number') throw this.damaged(`"${key}" is no number`)
    return value
  }

  flag(key: string): boolean {
    const value = this.#get(key) ?? false
    if (typeof value !== 'boolean') throw this.damaged(`"${key}" is neither true nor false`)
    return value
  }

  has(key: string): boolean {
    return this.#get(key) !== undefined
  }

  list<T>(key: string, read: (item: Json) => T): readonly T[] {
    const value = this.#get(key) ?? []
    if (!Array.isArray(value)) throw this.damaged(`"${key}" is no list`)
    return value.map((item: Json) => read(item))
  }

  names(key: string): readonly string[] {
    return this.list(key, (item) => {
      if (typeof item !== 'string') throw this.damaged(`"${key}" is no list of texts`)
      return item
    })
  }

  objects<T>(key: string, read: (item: FileReader) => T): readonly T[] {
    return this.list(key, (item) => read(new FileReader(item, this.#path)))
  }

  object<T>(key: string, read: (item: FileReader) => T): T {
    return read(new FileReader(this.#get(key), this.#path))
  }

  texts(key: string): ReadonlyMap<string, string> {
    const keys = this.has(key) ? Object.keys(this.#get(key) as object) : []
    return keys.length === 0 ? new Map() : this.object(key, (item) => new Map(keys.map((each) => [each, item.text(each)])))
  }

  type(key: string): SqlType {
    const text = this.text(key)
    try {
      return typeFromSyntax(parseType(text))
    } catch (error) {
      throw this.damaged(`"${text}" is no type`, error)
    }
  }
}

// --- tables ---

function tableJson(name: string, table: Table): object {
  const { comment, columns, watermark, primaryKey, partitionedBy, partitions, distribution, options } = table
  return {
    kind: 'table',
    name,
    comment,
    columns: columns.map(columnJson),
    watermark: watermark === undefined ? undefined : { column: watermark.column, as: watermark.expression },
    primaryKey,
    partitionedBy: partitionedBy.length === 0 ? undefined : partitionedBy,
    partitions: partitions?.map(({ values, options: given }) => ({ values: fromMap(values), options: fromMap(given) })),
    distribution,
    options: fromMap(options),
  }
}

function columnJson({ name, comment, type, ...column }: TableColumn): object {
  const rest =
    column.kind === 'computed'
      ? { as: column.expression }
      : column.kind === 'metadata'
        ? { metadata: column.key, virtual: column.isVirtual ? true : undefined }
        : {}
  return { name, type: typeText(name, type), ...rest, comment }
}

function tableOf(file: FileReader): Table {
  file.expectKind('table')
  const comment = file.optionalText('comment')
  return {
    kind: 'table',
    columns: file.objects('columns', columnOf),
    ...(file.has('watermark')
      ? { watermark: file.object('watermark', (item) => ({ column: item.text('column'), expression: item.text('as') })) }
      : {}),
    ...(file.has('primaryKey') ? { primaryKey: file.object('primaryKey', keyOf) } : {}),
    partitionedBy: file.names('partitionedBy'),
    ...(file.has('partitions') ? { partitions: file.objects('partitions', partitionOf) } : {}),
    ...(file.has('distribution') ? { distribution: file.object('distribution', distributionOf) } : {}),
    options: file.texts('options'),
    ...(comment === undefined ? {} : { comment }),
    isTemporary: false,
  }
}

function columnOf(item: FileReader): TableColumn {
  const comment = item.optionalText('comment')
  const base = { name: item.text('name'), type: item.type('type'), ...(comment === undefined ? {} : { comment }) }
  if (item.has('as')) return { kind: 'computed', ...base, expression: item.text('as') }
  if (item.has('metadata')) return { kind: 'metadata', ...base, key: item.text('metadata'), isVirtual: item.flag('virtual') }
  return { kind: 'physical', ...base }
}

function keyOf(item: FileReader): NonNullable<Table['primaryKey']> {
  const name = item.optionalText('name')
  return { ...(name === undefined ? {} : { name }), columns: item.names('columns') }
}

function partitionOf(item: FileReader): TablePartition {
  return { values: item.texts('values'), options: item.texts('options') }
}

function distributionOf(item: FileReader): NonNullable<Table['distribution']> {
  const kind = item.text('kind')
  if (kind !== 'hash' && kind !== 'range' && kind !== 'unknown') throw item.damaged(`"${kind}" is no way to distribute rows`)
  return { kind, columns: item.names('columns'), ...(item.has('buckets') ? { buckets: item.number('buckets') } : {}) }
}

// --- views and functions ---

function viewJson(name: string, view: View): object {
  const { comment, columns, columnNames, query, shownQuery, catalog, database } = view
  return {
    kind: 'view',
    name,
    comment,
    columns: columns.map((column) => ({
      name: column.name,
      type: typeText(column.name, column.type),
      time: column.movesTime === true ? 'rowtime' : column.timeAttribute,
      comment: column.comment,
    })),
    columnNames,
    query,
    shownQuery,
    catalog,
    database,
  }
}

function viewOf(file: FileReader): View {
  file.expectKind('view')
  const comment = file.optionalText('comment')
  const shownQuery = file.optionalText('shownQuery')
  return {
    kind: 'view',
    query: file.text('query'),
    ...(shownQuery === undefined ? {} : { shownQuery }),
    ...(file.has('columnNames') ? { columnNames: file.names('columnNames') } : {}),
    columns: file.objects('columns', viewColumnOf),
    catalog: file.text('catalog'),
    database: file.text('database'),
    ...(comment === undefined ? {} : { comment }),
    isTemporary: false,
  }
}

function viewColumnOf(item: FileReader): View['columns'][number] {
  const comment = item.optionalText('comment')
  const time = item.optionalText('time')
  if (time !== undefined && time !== 'rowtime' && time !== 'proctime') throw item.damaged(`"${time}" is no time of a column`)
  return {
    name: item.text('name'),
    type: item.type('type'),
    ...(time === undefined ? {} : { timeAttribute: time }),
    ...(comment === undefined ? {} : { comment }),
  }
}

function functionOf(file: FileReader): CatalogFunction {
  file.expectKind('function')
  const language = file.text('language')
  if (language !== 'TYPESCRIPT' && language !== 'OTHER') throw file.damaged(`"${language}" is no language of functions`)
  return { language, source: file.text('source') }
}

// --- parts ---

/** The text of a type, if it reads back as that type. */
function typeText(column: string, type: SqlType): string {
  const text = serializedType(type)
  let isReadable = false
  try {
    isReadable = typesEqual(typeFromSyntax(parseType(text)), type)
  } catch {
    // Told below.
  }
  if (isReadable) return text
  throw userError('catalog/column-type', `Cannot keep column "${column}" in the catalog: its type ${text} cannot be written down; use CAST`)
}

function fromMap(map: ReadonlyMap<string, string>): object {
  return Object.fromEntries(map)
}

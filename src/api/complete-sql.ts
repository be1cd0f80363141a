import type { FoundObject } from '../catalog/catalog.ts'
import type { OptionDefinition, OptionType } from '../catalog/option.ts'
import { describeOptionType, findDefinition } from '../catalog/options.ts'
import { settingDefinitions } from '../catalog/setting-definitions.ts'
import { formatType } from '../data/types.ts'
import { formats } from '../formats/registry.ts'
import { bindStatement } from '../sql/bind.ts'
import type { BindEnvironment } from '../sql/bound-statement.ts'
import { type CompletionContext, parseForCompletion } from '../sql/completion.ts'
import type { OptionPlace } from '../sql/completion-options.ts'
import type { TableInScope } from '../sql/completion-tables.ts'
import { parseScript } from '../sql/parser.ts'
import { RESERVED_WORDS } from '../sql/reserved-words.ts'
import { functionDocs } from './function-docs.ts'

export type CandidateKind = 'keyword' | 'column' | 'table' | 'function' | 'option' | 'value' | 'name'

/** One way to go on. */
export interface Candidate {
  /** What stands in the text when it is taken. */
  readonly text: string
  readonly kind: CandidateKind
  /** A type, a signature, what an option does; one line. */
  readonly detail: string
}

export interface Completion {
  /** What a candidate takes the place of. */
  readonly replaces: { readonly offset: number; readonly length: number }
  readonly candidates: readonly Candidate[]
  /** The beginning of a path, where a file can stand; candidates then take the place of the whole of it. */
  readonly path?: string
}

/** The most candidates that are given. */
const MAX_CANDIDATES = 500

/** What could stand at `offset` of a text, by the names that the session knows: columns first, then tables, functions, keywords. */
export function completeSql(text: string, offset: number, environment: BindEnvironment): Completion {
  const context = parseForCompletion(text, offset)
  const { option, replaces } = context
  if (option !== undefined) return { replaces, ...completeOption(text, offset, option, { context, environment }) }
  // A string that is no option is nobody's name.
  if (context.isInString) return { replaces, candidates: [] }
  const all = [...columns(context, environment), ...objects(context, environment), ...functions(context, environment), ...keywords(context)]
  const prefix = context.prefix.toLowerCase()
  const isQuoted = text[replaces.offset] === '`'
  const fitting = new Map<string, Candidate>()
  for (const candidate of all) {
    const { kind, name } = candidate
    if (!name.toLowerCase().startsWith(prefix) || (isQuoted && (kind === 'keyword' || kind === 'function'))) continue
    const written = kind === 'keyword' || kind === 'function' ? inCaseOf(context.prefix, candidate.text) : candidate.text
    const quoted = isQuoted && !written.startsWith('`') ? `\`${written}\`` : written
    if (!fitting.has(quoted)) fitting.set(quoted, { text: quoted, kind, detail: candidate.detail })
  }
  return { replaces, candidates: [...fitting.values()].slice(0, MAX_CANDIDATES) }
}

interface NamedCandidate extends Candidate {
  /** What the prefix is compared with. */
  readonly name: string
}

/** Keywords and functions go on in lower case where their beginning is. */
function inCaseOf(prefix: string, text: string): string {
  return prefix !== '' && prefix === prefix.toLowerCase() && prefix !== prefix.toUpperCase() ? text.toLowerCase() : text
}

function columns({ names, tables, qualifier, commonTables }: CompletionContext, environment: BindEnvironment): NamedCandidate[] {
  if (!names.has('column')) return []
  const found: NamedCandidate[] = []
  for (const table of tables) {
    const shown = table.alias ?? table.name.at(-1)
    if (qualifier.length > 0 && !isQualifier(qualifier, table)) continue
    for (const { name, type } of columnsOf(table, commonTables, environment))
      found.push({
        name,
        text: identifier(name),
        kind: 'column',
        detail: qualifier.length > 0 || shown === undefined ? type : `${type}  ${shown}`,
      })
    if (qualifier.length === 0 && shown !== undefined && tables.length > 1)
      found.push({ name: shown, text: `${identifier(shown)}.`, kind: 'table', detail: 'columns of the table' })
  }
  return found
}

function isQualifier(qualifier: readonly string[], { name, alias }: TableInScope): boolean {
  if (alias !== undefined) return qualifier.length === 1 && qualifier[0] === alias
  return qualifier.length <= name.length && qualifier.every((part, i) => part === name[name.length - qualifier.length + i])
}

/** The columns of an item of FROM, found by binding it as a query of its own; where that fails, those that its table has in the catalog. */
function columnsOf(
  { name, text }: TableInScope,
  commonTables: string,
  environment: BindEnvironment,
): readonly { readonly name: string; readonly type: string }[] {
  try {
    const { statements } = parseScript(`${commonTables}SELECT * FROM ${text}`)
    const bound = statements[0] === undefined ? undefined : bindStatement(statements[0], environment)
    if (bound?.kind === 'query') return bound.plan.schema.map((field) => ({ name: field.name, type: formatType(field.type) }))
  } catch {
    // Not whole yet, or a table that is only written to.
  }
  if (name.length === 0 || name.length > 3) return []
  const { catalogs } = environment
  return catalogs.find(catalogs.path(name))?.columns.map((column) => ({ name: column.name, type: formatType(column.type) })) ?? []
}

/** A name as it has to be written. */
function identifier(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && !RESERVED_WORDS.has(name.toUpperCase()) ? name : `\`${name.replaceAll('`', '``')}\``
}

function objects({ names, qualifier }: CompletionContext, { catalogs }: BindEnvironment): NamedCandidate[] {
  const found: NamedCandidate[] = []
  const add = (list: readonly string[], detail: string, end = ''): void => {
    for (const name of list) found.push({ name, text: `${identifier(name)}${end}`, kind: 'name', detail })
  }
  if (names.has('catalog')) add(catalogs.catalogNames(), 'catalog')
  if (names.has('database')) add(catalogs.databaseNames(qualifier[0]), 'database')
  if (!names.has('table') && !names.has('view')) return found
  const [first, second] = qualifier
  const isCatalog = first !== undefined && qualifier.length === 1 && catalogs.hasCatalog(first)
  if (isCatalog) add(catalogs.databaseNames(first), 'database', '.')
  const inside =
    second === undefined ? catalogs.objects(catalogs.currentCatalog, first ?? catalogs.currentDatabase) : catalogs.objects(first, second)
  for (const entry of inside) {
    const { kind } = entry.object
    if (kind !== 'view' && !names.has('table')) continue
    found.push({ name: entry.path.name, text: identifier(entry.path.name), kind: 'table', detail: tableDetail(entry) })
  }
  if (qualifier.length > 0 || !names.has('table')) return found
  add(
    catalogs.databaseNames().filter((name) => name !== catalogs.currentDatabase),
    'database',
    '.',
  )
  add(
    catalogs.catalogNames().filter((name) => name !== catalogs.currentCatalog),
    'catalog',
    '.',
  )
  return found
}

function tableDetail({ object }: FoundObject): string {
  const names = object.columns.map((column) => column.name).join(', ')
  return object.kind === 'view' ? `view (${names})` : `(${names})`
}

function functions({ names, qualifier, tables }: CompletionContext, environment: BindEnvironment): NamedCandidate[] {
  if (!names.has('function') || qualifier.length > 0) return []
  const isTableWanted = names.has('table') || (!names.has('column') && tables.length === 0)
  return functionDocs(environment)
    .filter(({ family }) => (family === 'window') === isTableWanted || family === 'user')
    .map(({ name, forms, doc }) => ({ name, text: callText(name, forms), kind: 'function', detail: `${forms[0] ?? name}  ${doc}` }))
}

function callText(name: string, forms: readonly string[]): string {
  const form = forms[0] ?? `${name}(`
  if (!form.includes('(')) return name
  return form.endsWith('()') ? `${name}()` : `${name}(`
}

function keywords({ keywords: words, names }: CompletionContext): NamedCandidate[] {
  const detail = names.has('type') ? 'type' : ''
  return words.map((word) => ({ name: word, text: word, kind: 'keyword', detail }))
}

// --- options ---

interface Known {
  readonly key: string
  readonly type: OptionType
  readonly detail: string
}

function completeOption(
  text: string,
  offset: number,
  place: OptionPlace,
  { context, environment }: { readonly context: CompletionContext; readonly environment: BindEnvironment },
): Omit<Completion, 'replaces'> {
  if (place.wanted === '=') return { candidates: [{ text: '=', kind: 'keyword', detail: '' }] }
  const given = new Map([...hintedOptions(context, environment), ...place.given])
  const quote = (value: string): string => `'${value.replaceAll("'", "''")}${text[offset] === "'" ? '' : "'"}`
  const prefix = context.prefix.toLowerCase()
  if (place.wanted === 'key') {
    const candidates = knownOptions(place, given, environment)
      .filter(({ key }) => key.toLowerCase().startsWith(prefix) && !place.given.has(key))
      .map(({ key, detail }): Candidate => ({ text: quote(key), kind: 'option', detail }))
    return { candidates }
  }
  if (place.owner === 'table' && place.key === 'path') return { candidates: [], path: context.prefix }
  const candidates = valuesOf(place, given, environment)
    .filter(({ text: value }) => value.toLowerCase().startsWith(prefix))
    .map((value) => ({ ...value, text: quote(value.text) }))
  return { candidates }
}

/** What the table of a hint says of its own. */
function hintedOptions({ tables }: CompletionContext, { catalogs }: BindEnvironment): ReadonlyMap<string, string> {
  const name = tables.find((table) => table.name.length > 0 && table.name.length <= 3)?.name
  const object = name === undefined ? undefined : catalogs.find(catalogs.path(name))
  return object?.kind === 'table' ? object.options : new Map()
}

function knownOptions(place: OptionPlace, given: ReadonlyMap<string, string>, { connectors }: BindEnvironment): readonly Known[] {
  if (place.owner === 'session') return settingDefinitions.map((definition) => known(definition))
  if (place.owner === 'catalog') return [{ key: 'type', type: 'string', detail: 'the kind of the catalog' }]
  if (place.owner !== 'table') return []
  const connector = connectors.get(given.get('connector') ?? '')
  const connectorOption: Known = { key: 'connector', type: { oneOf: connectors.names() }, detail: 'where the rows are' }
  if (connector === undefined) return [connectorOption]
  const ofFormat = [...formats.values()].flatMap((format) =>
    given.get('format') === format.name ? format.options.map((definition) => known(definition, `${format.name}.`)) : [],
  )
  return [connectorOption, ...connector.options.map((definition) => known(definition)), ...ofFormat]
}

function known({ key, type, isRequired, default: value, doc }: OptionDefinition, prefix = ''): Known {
  const kind = typeof type === 'object' ? type.oneOf.join('|') : type
  const shown = isRequired === true ? `${kind}, required` : value === undefined || value === '' ? kind : `${kind}, ${value}`
  return { key: prefix + key, type, detail: `${shown}  ${doc.replace(/\.$/, '')}` }
}

function valuesOf(place: OptionPlace, given: ReadonlyMap<string, string>, environment: BindEnvironment): readonly Candidate[] {
  const key = place.key ?? ''
  const value = (text: string, detail = ''): Candidate => ({ text, kind: 'value', detail })
  if (place.owner === 'table' && key === 'connector')
    return environment.connectors.names().map((name) => value(name, environment.connectors.get(name)?.doc ?? ''))
  if (place.owner === 'table' && /(?:^|\.)format$/.test(key)) return [...formats.values()].map(({ name, doc }) => value(name, doc))
  const options = knownOptions(place, given, environment)
  const found = options.find((option) => option.key === key) ?? patternOption(key, options)
  if (found === undefined) return []
  if (typeof found.type === 'object') return found.type.oneOf.map((word) => value(word))
  if (found.type === 'boolean') return [value('true'), value('false')]
  // Nothing to choose from: the menu tells what is wanted.
  return place.owner === 'session' && environment.settings.text(key) !== undefined
    ? [value(environment.settings.text(key) ?? '', `now; wanted is ${describeOptionType(found.type)}`)]
    : []
}

function patternOption(key: string, options: readonly Known[]): Known | undefined {
  const definition = findDefinition(
    key,
    options.map((option) => ({ ...option, doc: '' })),
  )
  return options.find((option) => option.key === definition?.key)
}

// The pages of docs/reference, made from the registries that also check, complete and run what they describe.
import { errorCodes } from '../src/base/error-codes.ts'
import { type OptionDefinition, optionTypeText } from '../src/catalog/option.ts'
import { acceptedSettings, effectiveSettings, rheoSettings } from '../src/catalog/setting-definitions.ts'
import { connectorRegistry } from '../src/connectors/registry.ts'
import type { FunctionFamily } from '../src/expr/function.ts'
import { aggregateFunctions } from '../src/expr/aggregates.ts'
import { scalarFunctions } from '../src/expr/registry.ts'
import { formats } from '../src/formats/registry.ts'

/** Texts by the name of their file in `docs/reference`. */
export function referencePages(): ReadonlyMap<string, string> {
  return new Map([
    ['functions.md', functionsPage()],
    ['aggregates.md', aggregatesPage()],
    ['connectors.md', connectorsPage()],
    ['formats.md', formatsPage()],
    ['settings.md', settingsPage()],
    ['errors.md', errorsPage()],
  ])
}

const titles: Readonly<Record<FunctionFamily, string>> = {
  comparison: 'Comparison',
  logical: 'Logic',
  arithmetic: 'Arithmetic',
  string: 'Text',
  temporal: 'Dates and times',
  conditional: 'Conditions',
  conversion: 'Conversion',
  collection: 'Arrays, maps and multisets',
  json: 'JSON',
  variant: 'VARIANT',
  bitmap: 'BITMAP',
  construction: 'Rows, arrays and maps',
  hash: 'Hashes',
  auxiliary: 'Other',
}

const written = 'Made by `npm run reference` from the registries; do not edit it by hand.'

function functionsPage(): string {
  const listed = scalarFunctions().filter(({ forms, examples }) => forms.length > 0 && examples.length > 0)
  const sections = Object.entries(titles).flatMap(([family, title]) => {
    const members = listed.filter((each) => each.family === family).toSorted((a, b) => compareTexts(a.name, b.name))
    if (members.length === 0) return []
    const rows = members.map(({ forms, doc, examples }) => [
      forms.map(code).join('<br>'),
      doc,
      examples
        .map(([sql, value]) => `${code(sql)} → ${value === null ? 'NULL' : value === '' ? 'an empty text' : code(value)}`)
        .join('<br>'),
    ])
    return [`## ${title}`, '', ...table(['function', 'what it gives', 'examples'], rows), '']
  })
  return page('Scalar functions', `${written} Every example runs in the tests; values show as CAST(value AS STRING) gives them.`, sections)
}

function aggregatesPage(): string {
  const rows = aggregateFunctions().map(({ forms, doc }) => [forms.map(code).join('<br>'), sentence(doc)])
  return page(
    'Aggregate functions',
    `${written} Each takes DISTINCT and FILTER (WHERE ..), and stands in GROUP BY, in windows and OVER unless it says otherwise.`,
    [...table(['function', 'what it gives'], rows), ''],
  )
}

function connectorsPage(): string {
  const registry = connectorRegistry()
  const sections = registry.names().flatMap((name) => {
    const connector = registry.get(name)
    if (connector === undefined) return []
    const sides = [
      ...(connector.createSource === undefined ? [] : ['reads']),
      ...(connector.createLookup === undefined ? [] : ['is looked up']),
      ...(connector.createSink === undefined ? [] : ['writes']),
    ]
    return [`## ${name}`, '', `${sentence(connector.doc)} It ${list(sides)}.`, '', ...optionsTable(connector.options), '']
  })
  return page('Connectors', `${written} A table names its connector by \`'connector' = '...'\` in WITH.`, sections)
}

function formatsPage(): string {
  const sections = [...formats.values()]
    .toSorted((a, b) => compareTexts(a.name, b.name))
    .flatMap((format) => {
      const sides = [
        ...(format.createDecoder === undefined && format.createFileDecoder === undefined ? [] : ['reads']),
        ...(format.createEncoder === undefined && format.createFileEncoder === undefined ? [] : ['writes']),
      ]
      const prefixed = format.options.map((option) => ({ ...option, key: `${format.name}.${option.key}` }))
      return [`## ${format.name}`, '', `${sentence(format.doc)} It ${list(sides)}.`, '', ...optionsTable(prefixed), '']
    })
  return page('Formats', `${written} A table names its format by \`'format' = '...'\`.`, sections)
}

function settingsPage(): string {
  const section = (title: string, options: readonly OptionDefinition[]): readonly string[] => [
    `## ${title}`,
    '',
    ...optionsTable(options),
    '',
  ]
  return page('Settings', `${written} \`SET 'key' = 'value'\` in a script, \`--set key=value\` on the command line.`, [
    ...section('Of Rheo', rheoSettings),
    ...section("Flink's", effectiveSettings),
    ...section("Flink's, without effect here", acceptedSettings),
  ])
}

const domains: readonly (readonly [prefix: string, title: string])[] = [
  ['sql', 'What a statement says'],
  ['plan', 'What has no plan'],
  ['unsupported', 'What Flink can and Rheo cannot yet'],
  ['data', 'Values that an expression refuses'],
  ['format', 'Records that cannot be read or written'],
  ['file', 'Files'],
]

function errorsPage(): string {
  const named = new Set(domains.map(([prefix]) => prefix))
  const groups = [
    ...domains.map(([prefix, title]) => [title, (code: string) => code.startsWith(`${prefix}/`)] as const),
    ['Others', (code: string) => !named.has(code.slice(0, code.indexOf('/')))] as const,
  ]
  const sections = groups.flatMap(([title, isMember]) => {
    const rows = Object.entries(errorCodes)
      .filter(([name]) => isMember(name))
      .toSorted(([a], [b]) => compareTexts(a, b))
    return [
      `## ${title}`,
      '',
      ...table(
        ['code', 'what is wrong, and what helps'],
        rows.map(([name, doc]) => [code(name), doc]),
      ),
      '',
    ]
  })
  return page(
    'Error codes',
    `${written} A message ends with its code, which does not change; the message itself says where, what was found and what was wanted.`,
    sections,
  )
}

function optionsTable(options: readonly OptionDefinition[]): readonly string[] {
  if (options.length === 0) return ['No options.']
  const rows = options.map(({ key, type, isRequired, default: fallback, doc, otherKeys }) => [
    code(key),
    optionTypeText(type),
    isRequired === true ? 'required' : fallback === undefined ? '' : fallback === '' ? 'empty' : code(fallback),
    [sentence(doc), ...(otherKeys ?? []).map((other) => `Also ${code(other.key)}${other.deprecated === true ? ', deprecated' : ''}.`)].join(
      ' ',
    ),
  ])
  return table(['option', 'type', 'default', 'what it does'], rows)
}

function page(title: string, lead: string, lines: readonly string[]): string {
  return [`# ${title}`, '', lead, '', ...lines].join('\n').trimEnd() + '\n'
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)]
}

/** A text as code: between more backticks than it has in a row. */
function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${text.replace(/\s*\n\s*/g, ' ')}${pad}${fence}`
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}

function list(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)!}`
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

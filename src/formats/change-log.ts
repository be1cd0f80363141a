import { userError } from '../base/errors.ts'
import type { OptionDefinition } from '../catalog/option.ts'
import { RowKind } from '../data/row-kind.ts'
import type { SqlValue } from '../data/value.ts'
import { ChangeLogDecoder } from './change-log-decoder.ts'
import type { ChangeLogDialect, ChangeSink, LogRow } from './change-log-decoder.ts'
import { ChangeLogEncoder } from './change-log-encoder.ts'
import type { ChangeLogText } from './change-log-encoder.ts'
import type { Format, FormatOptions } from './format.ts'
import { changeLogOptions, type JsonSettings, jsonSettings } from './json-options.ts'

/** Formats that carry the changes of a database table as JSON messages, one a line. */
export const changeLogFormats: readonly Format[] = [
  changeLogFormat({
    name: 'debezium-json',
    doc: "Debezium's changes: before, after and op.",
    options: [
      { key: 'schema-include', type: 'boolean', default: 'false', doc: 'Whether messages hold a schema beside their payload.' },
      ...changeLogOptions,
    ],
    dialect: (options) => ({
      name: 'debezium-json',
      payload: options.get('schema-include') === true ? 'payload' : undefined,
      rows: { before: 'row', after: 'row' },
      words: ['op'],
      apply: applyDebezium,
    }),
    text: beforeAfterText('"op":"c"', '"op":"d"'),
  }),
  changeLogFormat({
    name: 'canal-json',
    doc: "Canal's changes: several rows a message, old holds what changed.",
    options: [
      { key: 'database.include', type: 'string', doc: 'Takes only messages whose database matches this regular expression.' },
      { key: 'table.include', type: 'string', doc: 'Takes only messages whose table matches this regular expression.' },
      ...changeLogOptions,
    ],
    dialect: (options) => {
      const databases = includePattern('canal-json.database.include', options)
      const tables = includePattern('canal-json.table.include', options)
      return {
        name: 'canal-json',
        rows: { data: 'rows', old: 'rows' },
        words: ['type', 'database', 'table'],
        apply(message, sink) {
          if (databases?.test(message.words.get('database') ?? '') === false || tables?.test(message.words.get('table') ?? '') === false)
            return ''
          return applyCanal(message.words.get('type'), message.rows.get('data'), message.rows.get('old') ?? [], sink)
        },
      }
    },
    text: () => ({ insert: ['{"data":[', '],"type":"INSERT"}'], delete: ['{"data":[', '],"type":"DELETE"}'] }),
  }),
  changeLogFormat({
    name: 'maxwell-json',
    doc: "Maxwell's changes: data and, for an update, the old values of what changed.",
    options: changeLogOptions,
    dialect: () => ({
      name: 'maxwell-json',
      rows: { data: 'row', old: 'row' },
      words: ['type'],
      apply: (message, sink) => applyMaxwell(message.words.get('type'), message.rows.get('data')?.[0], message.rows.get('old')?.[0], sink),
    }),
    text: () => ({ insert: ['{"data":', ',"type":"insert"}'], delete: ['{"data":', ',"type":"delete"}'] }),
  }),
  changeLogFormat({
    name: 'ogg-json',
    doc: "Oracle GoldenGate's changes: before, after and op_type.",
    options: changeLogOptions,
    dialect: () => ({
      name: 'ogg-json',
      rows: { before: 'row', after: 'row' },
      words: ['op_type'],
      apply(message, sink) {
        const operation = { I: 'c', U: 'u', D: 'd' }[message.words.get('op_type') ?? '']
        return operation === undefined
          ? unknownWord('op_type', message.words.get('op_type'), ['I', 'U', 'D'])
          : applyBeforeAfter(operation, message.rows.get('before')?.[0], message.rows.get('after')?.[0], sink)
      },
    }),
    text: beforeAfterText('"op_type":"I"', '"op_type":"D"'),
  }),
]

interface ChangeLogDefinition {
  readonly name: string
  readonly doc: string
  readonly options: readonly OptionDefinition[]
  readonly dialect: (options: FormatOptions) => ChangeLogDialect
  readonly text: (settings: JsonSettings) => ChangeLogText
}

function changeLogFormat({ name, doc, options, dialect, text }: ChangeLogDefinition): Format {
  return {
    name,
    doc,
    options,
    changes: 'retract',
    canJoinFiles: true,
    readsNestedPaths: true,
    check(_columns, given) {
      jsonSettings(given)
      dialect(given)
    },
    createDecoder: (spec) => new ChangeLogDecoder(spec, dialect(spec.options)),
    createEncoder(spec) {
      if (spec.options.get('schema-include') === true) {
        throw userError('sql/option-value', `Cannot write ${name}: "${name}.schema-include" is true, wanted false for writing`)
      }
      return new ChangeLogEncoder(spec, text(jsonSettings(spec.options)))
    },
  }
}

/** With `encode.ignore-null-fields` the image that is not there is left out too. */
function beforeAfterText(insert: string, remove: string): (settings: JsonSettings) => ChangeLogText {
  return ({ skipsNullFields }) => ({
    insert: [skipsNullFields ? '{"after":' : '{"before":null,"after":', `,${insert}}`],
    delete: ['{"before":', skipsNullFields ? `,${remove}}` : `,"after":null,${remove}}`],
  })
}

function includePattern(key: string, options: FormatOptions): RegExp | undefined {
  const text = options.get(key.slice(key.indexOf('.') + 1))
  if (text === undefined) return undefined
  try {
    return new RegExp(`^(?:${String(text)})$`, 's')
  } catch (error) {
    throw userError(
      'sql/option-value',
      `Cannot set option "${key}": found "${String(text)}", wanted a regular expression`,
      undefined,
      error,
    )
  }
}

function applyDebezium(
  message: { readonly words: ReadonlyMap<string, string>; readonly rows: ReadonlyMap<string, readonly LogRow[]> },
  sink: ChangeSink,
): string {
  const operation = message.words.get('op')
  if (operation !== 'c' && operation !== 'r' && operation !== 'u' && operation !== 'd')
    return unknownWord('op', operation, ['c', 'r', 'u', 'd'])
  return applyBeforeAfter(operation, message.rows.get('before')?.[0], message.rows.get('after')?.[0], sink)
}

function applyBeforeAfter(operation: string, before: LogRow | undefined, after: LogRow | undefined, sink: ChangeSink): string {
  if (operation !== 'd' && after === undefined) return 'it has no "after"'
  if ((operation === 'd' || operation === 'u') && before === undefined) {
    return 'it has no "before"; a PostgreSQL table needs REPLICA IDENTITY FULL to give it'
  }
  if (operation === 'd') sink(RowKind.delete, before!.values)
  else if (operation === 'u') {
    sink(RowKind.updateBefore, before!.values)
    sink(RowKind.updateAfter, after!.values)
  } else sink(RowKind.insert, after!.values)
  return ''
}

function applyCanal(type: string | undefined, data: readonly LogRow[] | undefined, old: readonly LogRow[], sink: ChangeSink): string {
  if (data === undefined && (type === 'INSERT' || type === 'UPDATE' || type === 'DELETE')) return 'it has no "data"'
  switch (type) {
    case 'INSERT':
      for (const row of data ?? []) sink(RowKind.insert, row.values)
      return ''
    case 'DELETE':
      for (const row of data ?? []) sink(RowKind.delete, row.values)
      return ''
    case 'UPDATE':
      if (old.length < (data ?? []).length) return 'it has no "old" for an update'
      for (const [i, row] of (data ?? []).entries()) {
        sink(RowKind.updateBefore, changedBack(row, old[i]!))
        sink(RowKind.updateAfter, row.values)
      }
      return ''
    case 'CREATE':
      return ''
    default:
      return unknownWord('type', type, ['INSERT', 'UPDATE', 'DELETE', 'CREATE'])
  }
}

function applyMaxwell(type: string | undefined, data: LogRow | undefined, old: LogRow | undefined, sink: ChangeSink): string {
  if (type !== 'insert' && type !== 'update' && type !== 'delete') return unknownWord('type', type, ['insert', 'update', 'delete'])
  if (data === undefined) return 'it has no "data"'
  if (type === 'update') {
    if (old === undefined) return 'it has no "old" for an update'
    sink(RowKind.updateBefore, changedBack(data, old))
    sink(RowKind.updateAfter, data.values)
  } else sink(type === 'insert' ? RowKind.insert : RowKind.delete, data.values)
  return ''
}

/** The row before an update: what `old` names had the value there, even NULL; the rest did not change. */
function changedBack(row: LogRow, old: LogRow): readonly SqlValue[] {
  return row.values.map((value, i) => (old.isPresent[i]! ? old.values[i]! : value))
}

function unknownWord(key: string, found: string | undefined, known: readonly string[]): string {
  return `its "${key}" is ${found === undefined ? 'missing' : `"${found}"`}, wanted ${known.map((word) => `"${word}"`).join(', ')}`
}

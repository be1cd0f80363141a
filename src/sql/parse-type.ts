import { foreignTypes } from './foreign-words.ts'
import { userError } from '../base/errors.ts'
import type { Position } from '../base/errors.ts'
import { suggestion } from '../base/nearest.ts'
import type { FieldTypeNode, IntervalQualifier, IntervalUnit, PlainTypeName, TypeNode } from './syntax-type.ts'
import type { TokenStream } from './token-stream.ts'

const PLAIN_TYPES: Readonly<Record<string, PlainTypeName>> = {
  BOOLEAN: 'BOOLEAN',
  TINYINT: 'TINYINT',
  SMALLINT: 'SMALLINT',
  INT: 'INTEGER',
  INTEGER: 'INTEGER',
  BIGINT: 'BIGINT',
  FLOAT: 'FLOAT',
  REAL: 'FLOAT',
  DOUBLE: 'DOUBLE',
  DATE: 'DATE',
  STRING: 'STRING',
  BYTES: 'BYTES',
  VARIANT: 'VARIANT',
  BITMAP: 'BITMAP',
  NULL: 'NULL',
  ANY: 'ANY',
}

const OTHER_TYPES = [
  'CHAR',
  'CHARACTER',
  'VARCHAR',
  'BINARY',
  'VARBINARY',
  'DECIMAL',
  'DEC',
  'NUMERIC',
  'TIME',
  'TIMESTAMP',
  'TIMESTAMP_LTZ',
  'INTERVAL',
  'ARRAY',
  'MAP',
  'MULTISET',
  'ROW',
  'RAW',
  'STRUCTURED',
]

/** All words that begin a type, for completion and suggestions. */
export const TYPE_NAMES: readonly string[] = [
  ...Object.keys(PLAIN_TYPES).filter((name) => name !== 'NULL' && name !== 'ANY'),
  ...OTHER_TYPES,
]

type Bare = TypeNode extends infer T ? (T extends TypeNode ? Omit<T, 'at' | 'nullable'> : never) : never

/** A type with its collection suffixes and nullability: `ROW<a INT NOT NULL> ARRAY NOT NULL`. */
export function parseTypeNode(stream: TokenStream): TypeNode {
  return stream.nested(() => {
    const start = stream.peek().at
    let bare = bareType(stream)
    for (;;) {
      // `INT NOT NULL ARRAY`: NOT NULL belongs to the element where a suffix follows it.
      const nullable = nullability(stream)
      const collection = stream.isWord('ARRAY') || stream.isWord('MULTISET')
      const type = { ...bare, nullable, at: stream.from(start) } as TypeNode
      // PRIMARY KEY, NOT ENFORCED and the like are left to the column.
      if (!collection) return type
      bare = { kind: stream.next().key === 'ARRAY' ? 'array-type' : 'multiset-type', element: type }
    }
  })
}

/** False after NOT NULL; NULL alone is accepted and says nothing. */
function nullability(stream: TokenStream): boolean {
  if (stream.accept('NOT', 'NULL')) return false
  // RETURNING INT NULL ON EMPTY: that NULL is of the clause behind the type.
  if (stream.isWord('NULL') && !stream.isWord('ON', 1)) stream.next()
  return true
}

function bareType(stream: TokenStream): Bare {
  stream.note('a type')
  const token = stream.peek()
  if (token.kind !== 'word') throw stream.unexpected()
  const plain = Object.hasOwn(PLAIN_TYPES, token.key) ? PLAIN_TYPES[token.key] : undefined
  if (plain !== undefined) {
    stream.next()
    if (token.key === 'DOUBLE') stream.accept('PRECISION')
    return { kind: 'plain-type', name: plain }
  }
  if (!OTHER_TYPES.includes(token.key)) {
    if (stream.startsClause()) throw stream.unexpected()
    const foreign = foreignTypes.get(token.key)
    throw userError(
      'sql/unknown-type',
      `Cannot use the type "${token.value}": there is no such type${foreign === undefined ? suggestion(token.value, TYPE_NAMES) : `; Flink SQL has ${foreign}`}`,
      token.at,
    )
  }
  stream.next()
  switch (token.key) {
    case 'CHAR':
    case 'CHARACTER':
      return stream.accept('VARYING')
        ? { kind: 'length-type', name: 'VARCHAR', length: length(stream) }
        : { kind: 'length-type', name: 'CHAR', length: length(stream) }
    case 'BINARY':
      return stream.accept('VARYING')
        ? { kind: 'length-type', name: 'VARBINARY', length: length(stream) }
        : { kind: 'length-type', name: 'BINARY', length: length(stream) }
    case 'VARCHAR':
    case 'VARBINARY':
      return { kind: 'length-type', name: token.key, length: length(stream) }
    case 'DECIMAL':
    case 'DEC':
    case 'NUMERIC':
      return decimalType(stream)
    case 'TIME':
    case 'TIMESTAMP':
      return timeType(stream, token.key)
    case 'TIMESTAMP_LTZ':
      return { kind: 'time-type', name: 'TIMESTAMP_LTZ', precision: length(stream) }
    case 'INTERVAL':
      return { kind: 'interval-type', qualifier: parseIntervalQualifier(stream) }
    case 'ARRAY':
      return { kind: 'array-type', element: only(stream) }
    case 'MULTISET':
      return { kind: 'multiset-type', element: only(stream) }
    case 'MAP':
      return mapType(stream)
    case 'ROW':
      return { kind: 'row-type', fields: rowFields(stream) }
    case 'RAW':
      return rawType(stream)
    default:
      return structuredType(stream)
  }
}

/** `(n)`, or nothing. */
function length(stream: TokenStream): number | undefined {
  if (!stream.acceptSymbol('(')) return undefined
  const value = stream.integer('a whole number')
  stream.expectSymbol(')')
  return value
}

function decimalType(stream: TokenStream): Bare {
  if (!stream.acceptSymbol('(')) return { kind: 'decimal-type', precision: undefined, scale: undefined }
  const precision = stream.integer('a whole number')
  const scale = stream.acceptSymbol(',') ? stream.integer('a whole number') : undefined
  stream.expectSymbol(')')
  return { kind: 'decimal-type', precision, scale }
}

function timeType(stream: TokenStream, word: 'TIME' | 'TIMESTAMP'): Bare {
  const precision = length(stream)
  if (stream.accept('WITHOUT')) {
    stream.expect('TIME', 'ZONE')
  } else if (stream.accept('WITH')) {
    const local = stream.accept('LOCAL')
    stream.expect('TIME', 'ZONE')
    if (local) return { kind: 'time-type', name: `${word}_LTZ`, precision }
    if (word === 'TIMESTAMP') return { kind: 'time-type', name: 'TIMESTAMP_TZ', precision }
    throw stream.error('Cannot use the type "TIME WITH TIME ZONE": Flink SQL has no such type', stream.previous()!.at)
  }
  return { kind: 'time-type', name: word, precision }
}

/** `<type>`. */
function only(stream: TokenStream): TypeNode {
  stream.expectSymbol('<')
  const element = parseTypeNode(stream)
  stream.expectSymbol('>')
  return element
}

function mapType(stream: TokenStream): Bare {
  stream.expectSymbol('<')
  const key = parseTypeNode(stream)
  stream.expectSymbol(',')
  const value = parseTypeNode(stream)
  stream.expectSymbol('>')
  return { kind: 'map-type', key, value }
}

function rowFields(stream: TokenStream): FieldTypeNode[] {
  // `ROW<>` without fields arrives as the one token `<>`.
  if (stream.isSymbol('<>')) {
    stream.next()
    return []
  }
  const closing = stream.atSymbol('<') ? '>' : ')'
  if (closing === '>') stream.next()
  else stream.expectSymbol('(')
  const fields = stream.isSymbol(closing) ? [] : stream.commaSeparated(() => field(stream))
  stream.expectSymbol(closing)
  return fields
}

function field(stream: TokenStream): FieldTypeNode {
  const name = stream.identifier('a new column')
  const type = parseTypeNode(stream)
  if (stream.accept('COMMENT')) return { name, type, comment: stream.string('a comment'), at: stream.from(name.at) }
  // The short form is a comment without its keyword.
  const comment = stream.peek().kind === 'string' ? stream.string('a comment') : undefined
  return { name, type, comment, at: stream.from(name.at) }
}

function rawType(stream: TokenStream): Bare {
  stream.expectSymbol('(')
  const className = stream.string('the name of a class')
  stream.expectSymbol(',')
  const serializer = stream.string('a serializer')
  stream.expectSymbol(')')
  return { kind: 'raw-type', className, serializer }
}

function structuredType(stream: TokenStream): Bare {
  stream.expectSymbol('<')
  const className = stream.string('the name of a class')
  const fields = stream.acceptSymbol(',') ? stream.commaSeparated(() => field(stream)) : []
  stream.expectSymbol('>')
  return { kind: 'structured-type', className, fields }
}

// ------------------------------------------------------------------------------------------------------------------ intervals

const INTERVAL_UNITS: Readonly<Record<string, IntervalUnit>> = {
  YEAR: 'YEAR',
  YEARS: 'YEAR',
  QUARTER: 'QUARTER',
  QUARTERS: 'QUARTER',
  MONTH: 'MONTH',
  MONTHS: 'MONTH',
  WEEK: 'WEEK',
  WEEKS: 'WEEK',
  DAY: 'DAY',
  DAYS: 'DAY',
  HOUR: 'HOUR',
  HOURS: 'HOUR',
  MINUTE: 'MINUTE',
  MINUTES: 'MINUTE',
  SECOND: 'SECOND',
  SECONDS: 'SECOND',
}

/** From the coarsest; a range goes from one unit to a finer one of the same family. */
const RANGES: Readonly<Partial<Record<IntervalUnit, readonly IntervalUnit[]>>> = {
  YEAR: ['MONTH'],
  DAY: ['HOUR', 'MINUTE', 'SECOND'],
  HOUR: ['MINUTE', 'SECOND'],
  MINUTE: ['SECOND'],
}

/** `DAY(3) TO SECOND(2)`. */
export function parseIntervalQualifier(stream: TokenStream): IntervalQualifier {
  const at: Position = stream.peek().at
  const start = intervalUnit(stream)
  let startPrecision: number | undefined
  let fractionPrecision: number | undefined
  if (stream.acceptSymbol('(')) {
    startPrecision = stream.integer('a whole number')
    if (start === 'SECOND' && stream.acceptSymbol(',')) fractionPrecision = stream.integer('a whole number')
    stream.expectSymbol(')')
  }
  let end: IntervalUnit | undefined
  const finer = RANGES[start] ?? []
  // `TO` may belong to another construct, as in FLOOR(INTERVAL '1' DAY TO HOUR); a range is meant wherever one is possible.
  if (stream.isWord('TO') && finer.includes(INTERVAL_UNITS[stream.peek(1).key] ?? 'YEAR')) {
    stream.next()
    end = intervalUnit(stream)
    if (end === 'SECOND' && stream.acceptSymbol('(')) {
      fractionPrecision = stream.integer('a whole number')
      stream.expectSymbol(')')
    }
  }
  return { start, startPrecision, end, fractionPrecision, at: stream.from(at) }
}

function intervalUnit(stream: TokenStream): IntervalUnit {
  stream.note('a unit of time such as MINUTE')
  const token = stream.peek()
  const unit = token.kind === 'word' && Object.hasOwn(INTERVAL_UNITS, token.key) ? INTERVAL_UNITS[token.key] : undefined
  if (unit === undefined) {
    for (const name of ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND']) stream.note(name)
    throw stream.unexpected()
  }
  stream.next()
  return unit
}

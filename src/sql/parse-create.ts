import type { Position } from '../base/errors.ts'
import {
  noElements,
  parseComment,
  parseDistribution,
  parseLike,
  parseOptions,
  parseTableElements,
  parseWithOptions,
} from './parse-table-definition.ts'
import { parseTypeNode } from './parse-type.ts'
import type { IntervalLiteral } from './syntax-literal.ts'
import type { Query } from './syntax-query.ts'
import type { CreateTable, FunctionLanguage, ModelColumn, NamedColumn, OptionNode, Resource, StartMode } from './syntax-definition.ts'
import type { Statement } from './syntax-statement.ts'
import type { Identifier } from './syntax-type.ts'
import type { TokenStream } from './token-stream.ts'

interface Head {
  readonly start: Position
  readonly replace: boolean
  readonly orAlter: boolean
  readonly temporary: boolean
  readonly system: boolean
}

/** CREATE of any object; the current token is CREATE. */
export function parseCreate(stream: TokenStream): Statement {
  const start = stream.expect('CREATE').at
  const replace = stream.accept('OR', 'REPLACE')
  const orAlter = !replace && stream.accept('OR', 'ALTER')
  const temporary = stream.accept('TEMPORARY')
  const system = stream.accept('SYSTEM')
  const head: Head = { start, replace, orAlter, temporary, system }
  if (system && !stream.at('FUNCTION') && !stream.at('CONNECTION')) throw stream.unexpected()
  if (!orAlter && stream.accept('TABLE')) return parseCreateTable(stream, head, replace ? 'create-or-replace' : 'create')
  if (stream.accept('MATERIALIZED', 'TABLE')) return parseCreateMaterializedTable(stream, head)
  if (stream.accept('VIEW')) return parseCreateView(stream, head)
  if (stream.accept('FUNCTION')) return parseCreateFunction(stream, head)
  if (stream.accept('CATALOG')) return parseCreateCatalog(stream, head)
  if (stream.accept('DATABASE')) return parseCreateDatabase(stream, head)
  if (stream.accept('MODEL')) return parseCreateModel(stream, head)
  if (stream.accept('CONNECTION')) return parseCreateConnection(stream, head)
  throw stream.unexpected()
}

/** REPLACE TABLE .. AS query. */
export function parseReplaceTable(stream: TokenStream): Statement {
  const start = stream.expect('REPLACE').at
  stream.expect('TABLE')
  return parseCreateTable(stream, { start, replace: true, orAlter: false, temporary: false, system: false }, 'replace')
}

function ifNotExists(stream: TokenStream): boolean {
  return stream.accept('IF', 'NOT', 'EXISTS')
}

function parseCreateTable(stream: TokenStream, head: Head, mode: CreateTable['mode']): CreateTable {
  const missing = ifNotExists(stream)
  const name = stream.qualifiedName('a new table')
  const elements = stream.atSymbol('(') ? parseTableElements(stream) : noElements()
  const comment = parseComment(stream)
  const distribution = stream.accept('DISTRIBUTED') ? parseDistribution(stream) : undefined
  const partitionedBy: readonly Identifier[] = stream.accept('PARTITIONED', 'BY') ? stream.identifierList('a column') : []
  const options = parseWithOptions(stream)
  const like = mode === 'create' && stream.accept('LIKE') ? parseLike(stream) : undefined
  const query = like === undefined && stream.accept('AS') ? stream.grammar.query(stream) : undefined
  if (query === undefined && (mode !== 'create' || elements.columnNames.length > 0)) {
    const [first] = elements.columnNames
    if (first !== undefined) throw stream.error(`Cannot parse the statement: the column "${first.name}" has no type`, first.at)
    throw stream.unexpected()
  }
  return {
    kind: 'create-table',
    mode,
    temporary: head.temporary,
    ifNotExists: missing,
    name,
    columns: elements.columns,
    columnNames: elements.columnNames,
    watermark: elements.watermark,
    constraints: elements.constraints,
    comment,
    distribution,
    partitionedBy,
    options,
    like,
    query,
    at: stream.from(head.start),
  }
}

function parseCreateMaterializedTable(stream: TokenStream, head: Head): Statement {
  const missing = ifNotExists(stream)
  const name = stream.qualifiedName('a new table')
  const elements = stream.atSymbol('(') ? parseTableElements(stream) : noElements()
  const comment = parseComment(stream)
  const distribution = stream.accept('DISTRIBUTED') ? parseDistribution(stream) : undefined
  const partitionedBy: readonly Identifier[] = stream.accept('PARTITIONED', 'BY') ? stream.identifierList('a column') : []
  const options = parseWithOptions(stream)
  const freshness = parseFreshness(stream)
  const refreshMode = parseRefreshMode(stream)
  const startMode = parseStartMode(stream)
  stream.expect('AS')
  const query = stream.grammar.query(stream)
  return {
    kind: 'create-materialized-table',
    orAlter: head.orAlter,
    ifNotExists: missing,
    name,
    columns: elements.columns,
    columnNames: elements.columnNames,
    watermark: elements.watermark,
    constraints: elements.constraints,
    comment,
    distribution,
    partitionedBy,
    options,
    freshness,
    refreshMode,
    startMode,
    query,
    queryText: stream.slice(query.at),
    at: stream.from(head.start),
  }
}

/** FRESHNESS = INTERVAL '..' unit, or nothing. */
export function parseFreshness(stream: TokenStream): IntervalLiteral | undefined {
  if (!stream.accept('FRESHNESS')) return undefined
  stream.expectSymbol('=')
  const value = stream.grammar.expression(stream)
  if (value.kind !== 'interval') throw stream.error("Cannot parse FRESHNESS: an interval such as INTERVAL '3' MINUTE is wanted", value.at)
  return value
}

export function parseRefreshMode(stream: TokenStream): 'FULL' | 'CONTINUOUS' | undefined {
  if (!stream.accept('REFRESH_MODE')) return undefined
  stream.expectSymbol('=')
  return stream.expectOne(['FULL', 'CONTINUOUS'])
}

/** START_MODE = FROM_TIMESTAMP(TIMESTAMP '..') and kin, or nothing. */
export function parseStartMode(stream: TokenStream): StartMode | undefined {
  if (!stream.accept('START_MODE')) return undefined
  stream.expectSymbol('=')
  const start = stream.peek().at
  const mode = stream.expectOne<StartMode['mode']>([
    'FROM_BEGINNING',
    'FROM_NOW',
    'FROM_TIMESTAMP',
    'RESUME_OR_FROM_BEGINNING',
    'RESUME_OR_FROM_NOW',
    'RESUME_OR_FROM_TIMESTAMP',
  ])
  if (!stream.acceptSymbol('(')) return { mode, argument: undefined, at: stream.from(start) }
  const argument = stream.grammar.expression(stream)
  stream.expectSymbol(')')
  return { mode, argument, at: stream.from(start) }
}

function parseCreateView(stream: TokenStream, head: Head): Statement {
  const missing = ifNotExists(stream)
  const name = stream.qualifiedName('a new view')
  const columns = stream.atSymbol('(')
    ? stream.list((): NamedColumn => {
        const column = stream.identifier('a new column')
        return { name: column, comment: parseComment(stream), at: stream.from(column.at) }
      })
    : []
  const comment = parseComment(stream)
  stream.expect('AS')
  const query: Query = stream.grammar.query(stream)
  return {
    kind: 'create-view',
    replace: head.replace,
    temporary: head.temporary,
    ifNotExists: missing,
    name,
    columns,
    comment,
    query,
    queryText: stream.slice(query.at),
    at: stream.from(head.start),
  }
}

function parseCreateFunction(stream: TokenStream, head: Head): Statement {
  if (head.system && !head.temporary)
    throw stream.error('Cannot create a SYSTEM FUNCTION that stays: only CREATE TEMPORARY SYSTEM FUNCTION exists', stream.from(head.start))
  const missing = ifNotExists(stream)
  const name = stream.qualifiedName('a new function')
  stream.expect('AS')
  const className = stream.string('the name of a class')
  const language = parseLanguage(stream)
  const resources: readonly Resource[] = stream.accept('USING')
    ? stream.commaSeparated((): Resource => {
        const start = stream.peek().at
        const type = stream.expectOne(['JAR', 'FILE', 'ARCHIVE', 'ARTIFACT'])
        return { type, path: stream.string('a path'), at: stream.from(start) }
      })
    : []
  const options = parseWithOptions(stream)
  return {
    kind: 'create-function',
    temporary: head.temporary,
    system: head.system,
    ifNotExists: missing,
    name,
    className,
    language,
    resources,
    options,
    at: stream.from(head.start),
  }
}

export function parseLanguage(stream: TokenStream): FunctionLanguage | undefined {
  return stream.accept('LANGUAGE') ? stream.expectOne(['JAVA', 'SCALA', 'PYTHON', 'SQL', 'TYPESCRIPT', 'JAVASCRIPT']) : undefined
}

function parseCreateCatalog(stream: TokenStream, head: Head): Statement {
  const missing = ifNotExists(stream)
  const name = stream.identifier('a new catalog')
  const comment = parseComment(stream)
  return { kind: 'create-catalog', ifNotExists: missing, name, comment, options: parseWithOptions(stream), at: stream.from(head.start) }
}

function parseCreateDatabase(stream: TokenStream, head: Head): Statement {
  const missing = ifNotExists(stream)
  const name = stream.qualifiedName('a new database')
  const comment = parseComment(stream)
  return { kind: 'create-database', ifNotExists: missing, name, comment, options: parseWithOptions(stream), at: stream.from(head.start) }
}

function parseCreateModel(stream: TokenStream, head: Head): Statement {
  const missing = ifNotExists(stream)
  const name = stream.qualifiedName('a new model')
  const input = stream.accept('INPUT') ? stream.list(() => parseModelColumn(stream)) : []
  const output = stream.accept('OUTPUT') ? stream.list(() => parseModelColumn(stream)) : []
  const comment = parseComment(stream)
  const options = parseWithOptions(stream)
  const query = stream.accept('AS') ? stream.grammar.query(stream) : undefined
  return {
    kind: 'create-model',
    temporary: head.temporary,
    ifNotExists: missing,
    name,
    input,
    output,
    comment,
    options,
    query,
    at: stream.from(head.start),
  }
}

function parseModelColumn(stream: TokenStream): ModelColumn {
  const name = stream.identifier('a new column')
  const type = parseTypeNode(stream)
  return { name, type, comment: parseComment(stream), at: stream.from(name.at) }
}

function parseCreateConnection(stream: TokenStream, head: Head): Statement {
  const missing = ifNotExists(stream)
  const name = stream.qualifiedName('a new connection')
  const comment = parseComment(stream)
  stream.expect('WITH')
  const options: readonly OptionNode[] = parseOptions(stream)
  return {
    kind: 'create-connection',
    temporary: head.temporary,
    system: head.system,
    ifNotExists: missing,
    name,
    comment,
    options,
    at: stream.from(head.start),
  }
}

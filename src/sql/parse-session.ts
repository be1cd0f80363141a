import { parseArgument } from './parse-call.ts'
import { parsePartition, parsePartitionValues, parseWithOptions } from './parse-table-definition.ts'
import type { AnalyzeTable, Describe, Drop, Listing, ObjectType, Show, Statement } from './syntax-statement.ts'
import type { Identifier, QualifiedName, StringNode } from './syntax-type.ts'
import type { TokenStream } from './token-stream.ts'

// Statements that look at or change the session and its catalogs.

export function parseDrop(stream: TokenStream): Drop {
  const start = stream.expect('DROP').at
  const temporary = stream.accept('TEMPORARY')
  const system = temporary && stream.accept('SYSTEM')
  const object: ObjectType = stream.accept('MATERIALIZED', 'TABLE')
    ? 'MATERIALIZED TABLE'
    : stream.expectOne(['TABLE', 'VIEW', 'FUNCTION', 'DATABASE', 'CATALOG', 'MODEL', 'CONNECTION'])
  const ifExists = stream.accept('IF', 'EXISTS')
  const name = stream.qualifiedName(`a ${object.toLowerCase()}`)
  const behavior = object === 'DATABASE' ? stream.acceptOne(['CASCADE', 'RESTRICT']) : undefined
  return { kind: 'drop', object, temporary, system, ifExists, name, behavior, at: stream.from(start) }
}

/** DESCRIBE or DESC. */
export function parseDescribe(stream: TokenStream): Describe {
  const start = stream.next().at
  let object: Describe['object'] = 'TABLE'
  for (const word of ['CATALOG', 'DATABASE', 'FUNCTION', 'MODEL', 'CONNECTION', 'JOB'] as const) {
    const named = stream.isName(1) || stream.isWord('EXTENDED', 1) || stream.peek(1).kind === 'string'
    if (stream.at(word) && named) {
      object = word
      stream.next()
      break
    }
  }
  const extended = stream.accept('EXTENDED')
  if (object === 'JOB') {
    const id = stream.string('the id of a job')
    return { kind: 'describe', object, extended, name: { at: id.at, parts: [{ at: id.at, name: id.value }] }, at: stream.from(start) }
  }
  const name = stream.qualifiedName(`a ${object.toLowerCase()}`)
  return { kind: 'describe', object, extended, name, at: stream.from(start) }
}

export function parseShow(stream: TokenStream): Statement {
  const start = stream.expect('SHOW').at
  if (stream.accept('CREATE')) {
    const object = stream.accept('MATERIALIZED', 'TABLE')
      ? 'MATERIALIZED TABLE'
      : stream.expectOne(['TABLE', 'VIEW', 'CATALOG', 'MODEL', 'CONNECTION'])
    const name = stream.qualifiedName(`a ${object.toLowerCase()}`)
    return { kind: 'show-create', object, name, at: stream.from(start) }
  }
  if (stream.accept('CURRENT')) return { kind: 'show-current', object: stream.expectOne(['CATALOG', 'DATABASE']), at: stream.from(start) }
  if (stream.accept('PARTITIONS')) {
    const table = stream.qualifiedName('a table')
    const partition = parsePartition(stream)
    return { kind: 'show-partitions', table, partition, at: stream.from(start) }
  }
  const listing = parseListing(stream)
  const from = parseShowFrom(stream, listing)
  const like =
    listing === 'JARS' || listing === 'JOBS' || listing === 'MODULES' || listing === 'FULL MODULES' ? undefined : parseShowLike(stream)
  return { kind: 'show', listing, from, like, at: stream.from(start) }
}

function parseListing(stream: TokenStream): Listing {
  if (stream.accept('MATERIALIZED', 'TABLES')) return 'MATERIALIZED TABLES'
  if (stream.accept('USER', 'FUNCTIONS')) return 'USER FUNCTIONS'
  if (stream.accept('FULL', 'MODULES')) return 'FULL MODULES'
  return stream.expectOne([
    'CATALOGS',
    'DATABASES',
    'TABLES',
    'VIEWS',
    'COLUMNS',
    'FUNCTIONS',
    'MODULES',
    'PROCEDURES',
    'MODELS',
    'CONNECTIONS',
    'JARS',
    'JOBS',
  ])
}

function parseShowFrom(stream: TokenStream, listing: Listing): QualifiedName | undefined {
  if (listing === 'CATALOGS' || listing === 'JARS' || listing === 'JOBS' || listing.endsWith('MODULES')) return undefined
  const found = stream.acceptOne(['FROM', 'IN'])
  if (found !== undefined) return stream.qualifiedName(listing === 'COLUMNS' ? 'a table' : 'a database')
  if (listing === 'COLUMNS') throw stream.unexpected()
  return undefined
}

function parseShowLike(stream: TokenStream): Show['like'] {
  const start = stream.peek().at
  const negated = stream.accept('NOT')
  const operator = negated ? stream.expectOne(['LIKE', 'ILIKE']) : stream.acceptOne(['LIKE', 'ILIKE'])
  if (operator === undefined) return undefined
  const pattern = stream.string('a pattern in quotes')
  return { pattern, negated, ignoreCase: operator === 'ILIKE', at: stream.from(start) }
}

export function parseUse(stream: TokenStream): Statement {
  const start = stream.expect('USE').at
  if (stream.accept('MODULES')) {
    const names: readonly Identifier[] = stream.commaSeparated(() => stream.identifier('a module'))
    return { kind: 'use-modules', names, at: stream.from(start) }
  }
  const object = stream.isWord('CATALOG') && !stream.isSymbol('.', 1) && !stream.isSymbol(';', 1) ? 'CATALOG' : 'DATABASE'
  if (object === 'CATALOG') stream.next()
  stream.note('CATALOG')
  const name = stream.qualifiedName(`a ${object.toLowerCase()}`)
  return { kind: 'use', object, name, at: stream.from(start) }
}

export function parseLoadModule(stream: TokenStream): Statement {
  const start = stream.expect('LOAD', 'MODULE').at
  const name = stream.identifier('a module')
  return { kind: 'load-module', name, options: parseWithOptions(stream), at: stream.from(start) }
}

export function parseUnloadModule(stream: TokenStream): Statement {
  const start = stream.expect('UNLOAD', 'MODULE').at
  const name = stream.identifier('a module')
  return { kind: 'unload-module', name, at: stream.from(start) }
}

/** SET 'key' = 'value', or SET alone. */
export function parseSet(stream: TokenStream): Statement {
  const start = stream.expect('SET').at
  if (stream.atEnd() || stream.isSymbol(';')) return { kind: 'set', key: undefined, value: undefined, at: start }
  if (stream.peek().kind === 'word') {
    throw stream.error(`Cannot parse SET: the option "${stream.peek().value}" has no quotes; write SET 'key' = 'value'`, stream.peek().at)
  }
  const key = stream.string('an option in quotes')
  stream.expectSymbol('=')
  const value = stream.string('a value in quotes')
  return { kind: 'set', key, value, at: stream.from(start) }
}

export function parseReset(stream: TokenStream): Statement {
  const start = stream.expect('RESET').at
  const key: StringNode | undefined = stream.atEnd() || stream.isSymbol(';') ? undefined : stream.string('an option in quotes')
  return { kind: 'reset', key, at: stream.from(start) }
}

/** ADD JAR, REMOVE JAR. */
export function parseJar(stream: TokenStream): Statement {
  const start = stream.next()
  stream.expect('JAR')
  const path = stream.string('the path of a jar in quotes')
  return { kind: 'jar', action: start.key === 'ADD' ? 'ADD' : 'REMOVE', path, at: stream.from(start.at) }
}

export function parseStopJob(stream: TokenStream): Statement {
  const start = stream.expect('STOP', 'JOB').at
  const job = stream.string('the id of a job in quotes')
  const withSavepoint = stream.accept('WITH', 'SAVEPOINT')
  const withDrain = stream.accept('WITH', 'DRAIN')
  return { kind: 'stop-job', job, withSavepoint, withDrain, at: stream.from(start) }
}

export function parseCallProcedure(stream: TokenStream): Statement {
  const start = stream.expect('CALL').at
  const name = stream.qualifiedName('a procedure')
  stream.expectSymbol('(')
  const values = stream.atSymbol(')') ? [] : stream.commaSeparated(() => parseArgument(stream))
  stream.expectSymbol(')')
  return { kind: 'call-procedure', name, arguments: values, at: stream.from(start) }
}

export function parseAnalyze(stream: TokenStream): AnalyzeTable {
  const start = stream.expect('ANALYZE', 'TABLE').at
  const table = stream.qualifiedName('a table')
  const partition = stream.accept('PARTITION') ? parsePartitionValues(stream) : []
  stream.expect('COMPUTE', 'STATISTICS')
  let columns: AnalyzeTable['columns']
  if (stream.accept('FOR')) {
    if (stream.accept('ALL', 'COLUMNS')) {
      columns = 'all'
    } else {
      stream.expect('COLUMNS')
      columns = stream.commaSeparated(() => stream.identifier('a column'))
    }
  }
  return { kind: 'analyze-table', table, partition, columns, at: stream.from(start) }
}

export function parseTruncate(stream: TokenStream): Statement {
  const start = stream.expect('TRUNCATE', 'TABLE').at
  const table = stream.qualifiedName('a table')
  return { kind: 'truncate', table, at: stream.from(start) }
}

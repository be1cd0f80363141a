import { parseFreshness, parseLanguage, parseRefreshMode, parseStartMode } from './parse-create.ts'
import {
  isConstraint,
  noElements,
  parseColumn,
  parseDistribution,
  parseOptionKeys,
  parseOptions,
  parsePartition,
  parsePartitionValues,
  parseTableConstraint,
  parseWithOptions,
  setWatermark,
} from './parse-table-definition.ts'
import type {
  AlterView,
  MaterializedTableAction,
  OptionsAction,
  PartitionDefinition,
  PlacedColumn,
  TableAction,
} from './syntax-definition.ts'
import type { Statement } from './syntax-statement.ts'
import type { TokenStream } from './token-stream.ts'

/** ALTER of any object; the current token is ALTER. */
export function parseAlter(stream: TokenStream): Statement {
  const start = stream.expect('ALTER').at
  if (stream.accept('TABLE')) {
    const ifExists = stream.accept('IF', 'EXISTS')
    const name = stream.qualifiedName('a table')
    const action = parseTableAction(stream)
    return { kind: 'alter-table', ifExists, name, action, at: stream.from(start) }
  }
  if (stream.accept('MATERIALIZED', 'TABLE')) {
    const name = stream.qualifiedName('a materialized table')
    const action = parseMaterializedTableAction(stream) ?? parseTableAction(stream)
    return { kind: 'alter-materialized-table', name, action, at: stream.from(start) }
  }
  if (stream.accept('VIEW')) {
    const name = stream.qualifiedName('a view')
    const action = parseViewAction(stream)
    return { kind: 'alter-view', name, action, at: stream.from(start) }
  }
  if (stream.accept('CATALOG')) {
    const name = stream.identifier('a catalog')
    const action = parseOptionsAction(stream, ['SET', 'RESET', 'COMMENT'])
    return { kind: 'alter-catalog', name, action, at: stream.from(start) }
  }
  if (stream.accept('DATABASE')) {
    const name = stream.qualifiedName('a database')
    const action = parseOptionsAction(stream, ['SET'])
    return { kind: 'alter-database', name, action, at: stream.from(start) }
  }
  if (stream.isWord('MODEL') || stream.isWord('CONNECTION')) {
    const kind = stream.next().key === 'MODEL' ? 'alter-model' : 'alter-connection'
    const ifExists = stream.accept('IF', 'EXISTS')
    const name = stream.qualifiedName(kind === 'alter-model' ? 'a model' : 'a connection')
    const action = parseOptionsAction(stream, ['SET', 'RESET', 'RENAME'])
    return { kind, ifExists, name, action, at: stream.from(start) }
  }
  const temporary = stream.accept('TEMPORARY')
  const system = temporary && stream.accept('SYSTEM')
  for (const word of ['MODEL', 'CONNECTION']) stream.note(word)
  stream.expect('FUNCTION')
  const ifExists = stream.accept('IF', 'EXISTS')
  const name = stream.qualifiedName('a function')
  stream.expect('AS')
  const className = stream.string('the name of a class')
  return { kind: 'alter-function', temporary, system, ifExists, name, className, language: parseLanguage(stream), at: stream.from(start) }
}

function parseViewAction(stream: TokenStream): AlterView['action'] {
  if (stream.accept('RENAME')) {
    stream.expect('TO')
    return { kind: 'rename', to: stream.qualifiedName('a new view') }
  }
  stream.expect('AS')
  const query = stream.grammar.query(stream)
  return { kind: 'as-query', query, queryText: stream.slice(query.at) }
}

function parseOptionsAction(stream: TokenStream, allowed: readonly ('SET' | 'RESET' | 'COMMENT' | 'RENAME')[]): OptionsAction {
  const start = stream.peek().at
  switch (stream.expectOne(allowed)) {
    case 'SET': {
      const options = parseOptions(stream)
      return { kind: 'set-options', options, at: stream.from(start) }
    }
    case 'RESET': {
      const keys = parseOptionKeys(stream)
      return { kind: 'reset-options', keys, at: stream.from(start) }
    }
    case 'COMMENT': {
      const comment = stream.string('a comment')
      return { kind: 'comment', comment, at: stream.from(start) }
    }
    default: {
      stream.expect('TO')
      const to = stream.qualifiedName('a new name')
      return { kind: 'rename', to, at: stream.from(start) }
    }
  }
}

function parseMaterializedTableAction(stream: TokenStream): MaterializedTableAction | undefined {
  const start = stream.peek().at
  if (stream.accept('SUSPEND')) return { kind: 'suspend', at: start }
  if (stream.accept('RESUME')) {
    const options = parseWithOptions(stream)
    return { kind: 'resume', options, at: stream.from(start) }
  }
  if (stream.accept('REFRESH')) {
    const partition = parsePartition(stream)
    return { kind: 'refresh', partition, at: stream.from(start) }
  }
  if (stream.isWord('SET') && stream.isWord('FRESHNESS', 1)) {
    stream.next()
    const freshness = parseFreshness(stream)!
    return { kind: 'set-freshness', freshness, at: stream.from(start) }
  }
  if (stream.isWord('SET') && stream.isWord('REFRESH_MODE', 1)) {
    stream.next()
    const refreshMode = parseRefreshMode(stream)!
    return { kind: 'set-refresh-mode', refreshMode, at: stream.from(start) }
  }
  const startMode = parseStartMode(stream)
  if (startMode === undefined && !stream.at('AS')) return undefined
  stream.expect('AS')
  const query = stream.grammar.query(stream)
  return { kind: 'as-query', query, queryText: stream.slice(query.at), startMode, at: stream.from(start) }
}

function parseTableAction(stream: TokenStream): TableAction {
  const start = stream.peek().at
  if (stream.accept('RENAME')) {
    if (stream.accept('TO')) {
      const to = stream.qualifiedName('a new table')
      return { kind: 'rename-table', to, at: stream.from(start) }
    }
    const column = stream.qualifiedName('a column')
    stream.expect('TO')
    const to = stream.identifier('a new column')
    return { kind: 'rename-column', column, to, at: stream.from(start) }
  }
  if (stream.accept('SET')) {
    const options = parseOptions(stream)
    return { kind: 'set-options', options, at: stream.from(start) }
  }
  if (stream.accept('RESET')) {
    const keys = parseOptionKeys(stream)
    return { kind: 'reset-options', keys, at: stream.from(start) }
  }
  if (stream.accept('ADD')) return parseAdd(stream)
  if (stream.accept('MODIFY')) {
    if (!stream.accept('DISTRIBUTION')) return parseSchemaChange(stream, 'modify-schema')
    const distribution = parseDistribution(stream)
    return { kind: 'modify-distribution', distribution, at: stream.from(start) }
  }
  stream.expect('DROP')
  return parseDropPart(stream)
}

function parseAdd(stream: TokenStream): TableAction {
  const start = stream.previous()!.at
  if (stream.accept('DISTRIBUTION')) {
    const distribution = parseDistribution(stream)
    return { kind: 'add-distribution', distribution, at: stream.from(start) }
  }
  const ifNotExists = stream.accept('IF', 'NOT', 'EXISTS')
  if (!ifNotExists && !stream.at('PARTITION')) return parseSchemaChange(stream, 'add-schema')
  const partitions: PartitionDefinition[] = []
  do {
    const at = stream.expect('PARTITION').at
    const values = parsePartitionValues(stream)
    const options = parseWithOptions(stream)
    partitions.push({ values, options, at: stream.from(at) })
  } while (stream.at('PARTITION'))
  return { kind: 'add-partitions', ifNotExists, partitions, at: stream.from(start) }
}

/** One column, constraint or watermark, or several in parentheses. */
function parseSchemaChange(stream: TokenStream, kind: 'add-schema' | 'modify-schema'): TableAction {
  const start = stream.previous()!.at
  const elements = noElements()
  const columns: PlacedColumn[] = []
  const element = (): void => {
    if (isConstraint(stream)) elements.constraints.push(parseTableConstraint(stream))
    else if (stream.at('WATERMARK')) setWatermark(stream, elements)
    else columns.push(parsePlacedColumn(stream))
  }
  if (stream.acceptSymbol('(')) {
    stream.commaSeparated(element)
    stream.expectSymbol(')')
  } else {
    element()
  }
  return { kind, columns, constraints: elements.constraints, watermark: elements.watermark, at: stream.from(start) }
}

function parsePlacedColumn(stream: TokenStream): PlacedColumn {
  const column = parseColumn(stream)
  let position: PlacedColumn['position']
  if (stream.accept('FIRST')) position = { kind: 'first' }
  else if (stream.accept('AFTER')) position = { kind: 'after', column: stream.identifier('a column') }
  return { column, position, at: stream.from(column.at) }
}

function parseDropPart(stream: TokenStream): TableAction {
  const start = stream.previous()!.at
  if (stream.accept('PRIMARY', 'KEY')) return { kind: 'drop-primary-key', at: stream.from(start) }
  if (stream.accept('WATERMARK')) return { kind: 'drop-watermark', at: stream.from(start) }
  if (stream.accept('DISTRIBUTION')) return { kind: 'drop-distribution', at: stream.from(start) }
  if (stream.accept('CONSTRAINT')) {
    const name = stream.identifier('a constraint')
    return { kind: 'drop-constraint', name, at: stream.from(start) }
  }
  const ifExists = stream.accept('IF', 'EXISTS')
  if (ifExists || stream.at('PARTITION')) {
    const partitions = [dropPartition(stream)]
    while (stream.acceptSymbol(',')) partitions.push(dropPartition(stream))
    return { kind: 'drop-partitions', ifExists, partitions, at: stream.from(start) }
  }
  const columns = stream.atSymbol('(') ? stream.list(() => stream.qualifiedName('a column')) : [stream.qualifiedName('a column')]
  return { kind: 'drop-columns', columns, at: stream.from(start) }
}

function dropPartition(stream: TokenStream): PartitionDefinition {
  const at = stream.expect('PARTITION').at
  const values = parsePartitionValues(stream)
  return { values, options: [], at: stream.from(at) }
}

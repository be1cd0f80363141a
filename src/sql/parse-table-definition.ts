import { parseTypeNode } from './parse-type.ts'
import type { Expression } from './syntax-query.ts'
import type {
  ColumnDefinition,
  Distribution,
  LikeOption,
  OptionNode,
  PartitionValue,
  TableConstraint,
  TableLike,
  WatermarkDefinition,
} from './syntax-definition.ts'
import type { Identifier, StringNode } from './syntax-type.ts'
import type { TokenStream } from './token-stream.ts'

/** What stands between the parentheses of CREATE TABLE. */
export interface TableElements {
  readonly columns: ColumnDefinition[]
  readonly columnNames: Identifier[]
  readonly constraints: TableConstraint[]
  watermark: WatermarkDefinition | undefined
}

export function noElements(): TableElements {
  return { columns: [], columnNames: [], constraints: [], watermark: undefined }
}

/** `(column, .., WATERMARK .., PRIMARY KEY ..)`, or names only. */
export function parseTableElements(stream: TokenStream): TableElements {
  const elements = noElements()
  stream.expectSymbol('(')
  stream.commaSeparated(() => parseTableElement(stream, elements))
  stream.expectSymbol(')')
  const [named] = elements.columnNames
  if (named !== undefined && elements.columns.length + elements.constraints.length > 0) {
    throw stream.error(
      `Cannot parse the statement: the column "${named.name}" has no type; give every column a type, or only names to a CREATE TABLE .. AS`,
      named.at,
    )
  }
  return elements
}

function parseTableElement(stream: TokenStream, elements: TableElements): void {
  if (isConstraint(stream)) {
    elements.constraints.push(parseTableConstraint(stream))
  } else if (stream.at('WATERMARK')) {
    setWatermark(stream, elements)
  } else {
    const following = stream.peek(1)
    const named = following.kind === 'symbol' && (following.key === ',' || following.key === ')')
    if (named) elements.columnNames.push(stream.identifier('a new column'))
    else elements.columns.push(parseColumn(stream))
  }
}

export function setWatermark(stream: TokenStream, elements: TableElements): void {
  const watermark = parseWatermark(stream)
  if (elements.watermark !== undefined) throw stream.error('Cannot define a second WATERMARK: a table has one at most', watermark.at)
  elements.watermark = watermark
}

export function isConstraint(stream: TokenStream): boolean {
  return stream.at('PRIMARY') || stream.at('CONSTRAINT') || stream.at('UNIQUE')
}

/** A column with type, from metadata, or computed. */
export function parseColumn(stream: TokenStream): ColumnDefinition {
  const name = stream.identifier('a new column')
  if (stream.accept('AS')) {
    const expression = stream.grammar.expression(stream)
    const comment = parseComment(stream)
    return { kind: 'computed-column', name, expression, comment, at: stream.from(name.at) }
  }
  const type = parseTypeNode(stream)
  if (stream.accept('METADATA')) {
    const from = stream.accept('FROM') ? stream.string('the key of the metadata') : undefined
    const virtual = stream.accept('VIRTUAL')
    const comment = parseComment(stream)
    return { kind: 'metadata-column', name, type, from, virtual, comment, at: stream.from(name.at) }
  }
  const constraint = isConstraint(stream) ? parseConstraint(stream, [name]) : undefined
  const comment = parseComment(stream)
  return { kind: 'physical-column', name, type, constraint, comment, at: stream.from(name.at) }
}

export function parseWatermark(stream: TokenStream): WatermarkDefinition {
  const start = stream.expect('WATERMARK').at
  stream.expect('FOR')
  const column = stream.qualifiedName('a column')
  stream.expect('AS')
  const expression = stream.grammar.expression(stream)
  return { kind: 'watermark', column, expression, at: stream.from(start) }
}

export function parseTableConstraint(stream: TokenStream): TableConstraint {
  return parseConstraint(stream, undefined)
}

/** `columns` are those of a constraint that stands behind a column. */
function parseConstraint(stream: TokenStream, columns: readonly Identifier[] | undefined): TableConstraint {
  const start = stream.peek().at
  const name = stream.accept('CONSTRAINT') ? stream.identifier('a constraint') : undefined
  const type = stream.accept('UNIQUE') ? 'UNIQUE' : 'PRIMARY KEY'
  if (type === 'PRIMARY KEY') stream.expect('PRIMARY', 'KEY')
  const keys = columns ?? stream.identifierList('a column')
  const enforced = stream.accept('NOT', 'ENFORCED') ? false : stream.accept('ENFORCED') ? true : undefined
  return { kind: 'constraint', name, type, columns: keys, enforced, at: stream.from(start) }
}

export function parseComment(stream: TokenStream): StringNode | undefined {
  return stream.accept('COMMENT') ? stream.string('a comment') : undefined
}

/** What follows DISTRIBUTED or DISTRIBUTION: `BY HASH (a) INTO 4 BUCKETS`. */
export function parseDistribution(stream: TokenStream): Distribution {
  const start = stream.previous()!.at
  let method: Distribution['method']
  let columns: readonly Identifier[] = []
  const by = stream.accept('BY')
  if (by) {
    method = stream.acceptOne(['HASH', 'RANGE'])
    columns = stream.identifierList('a column')
  }
  let buckets: number | undefined
  if (!by || stream.at('INTO')) {
    stream.expect('INTO')
    buckets = stream.integer('a whole number')
    stream.expect('BUCKETS')
  }
  return { method, columns, buckets, at: stream.from(start) }
}

/** `WITH ('key' = 'value', ..)`, or nothing. */
export function parseWithOptions(stream: TokenStream): OptionNode[] {
  return stream.accept('WITH') ? parseOptions(stream) : []
}

/** `('key' = 'value', ..)`, which may be empty. */
export function parseOptions(stream: TokenStream): OptionNode[] {
  stream.expectSymbol('(')
  if (stream.acceptSymbol(')')) return []
  const options = stream.commaSeparated((): OptionNode => {
    const key = stream.string('an option in quotes')
    stream.expectSymbol('=')
    const value = stream.string('a value in quotes')
    return { key, value, at: stream.from(key.at) }
  })
  stream.expectSymbol(')')
  return options
}

/** `('key', ..)`, which may be empty. */
export function parseOptionKeys(stream: TokenStream): StringNode[] {
  stream.expectSymbol('(')
  if (stream.acceptSymbol(')')) return []
  const keys = stream.commaSeparated(() => stream.string('an option in quotes'))
  stream.expectSymbol(')')
  return keys
}

export function parseLike(stream: TokenStream): TableLike {
  const start = stream.previous()!.at
  const source = stream.qualifiedName('a table')
  const options: LikeOption[] = []
  if (stream.acceptSymbol('(')) {
    while (!stream.atSymbol(')')) options.push(parseLikeOption(stream))
    stream.expectSymbol(')')
  }
  return { source, options, at: stream.from(start) }
}

function parseLikeOption(stream: TokenStream): LikeOption {
  const start = stream.peek().at
  const strategy = stream.expectOne(['INCLUDING', 'EXCLUDING', 'OVERWRITING'])
  const features =
    strategy === 'OVERWRITING'
      ? (['GENERATED', 'OPTIONS', 'WATERMARKS', 'METADATA'] as const)
      : (['ALL', 'CONSTRAINTS', 'DISTRIBUTION', 'PARTITIONS', 'GENERATED', 'OPTIONS', 'WATERMARKS', 'METADATA'] as const)
  const feature = stream.expectOne<LikeOption['feature']>(features)
  return { strategy, feature, at: stream.from(start) }
}

/** `PARTITION (a = 'x', b)`, or nothing. */
export function parsePartition(stream: TokenStream): PartitionValue[] {
  return stream.accept('PARTITION') ? parsePartitionValues(stream) : []
}

export function parsePartitionValues(stream: TokenStream): PartitionValue[] {
  return stream.list((): PartitionValue => {
    const column = stream.identifier('a column')
    const value: Expression | undefined = stream.acceptSymbol('=') ? stream.grammar.expression(stream) : undefined
    return { column, value, at: stream.from(column.at) }
  })
}

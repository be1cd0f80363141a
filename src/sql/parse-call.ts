import type { Position } from '../base/errors.ts'
import { parseJsonCall } from './parse-json.ts'
import { parseFilter, parseOver, parseSortItems } from './parse-window.ts'
import { LEVEL } from './precedence.ts'
import type { TimeUnit } from './syntax-literal.ts'
import type { Argument, Call, Expression, ExpressionOf, Query, SortItem } from './syntax-query.ts'
import type { QualifiedName } from './syntax-type.ts'
import type { TokenStream } from './token-stream.ts'

/** A call of the function `name`, which is read already; the current token is `(`. */
export function parseCall(stream: TokenStream, name: QualifiedName): Call {
  stream.expectSymbol('(')
  const quantifier = stream.acceptOne(['DISTINCT', 'ALL'])
  let values: readonly Argument[] = []
  if (stream.isSymbol('*') && stream.isSymbol(')', 1)) {
    const { at } = stream.peek()
    if (quantifier !== undefined)
      throw stream.error(`Cannot parse the call: ${quantifier} stands before a column or an expression, not before *`, at)
    stream.next()
    values = [{ at, name: undefined, value: { kind: 'star', qualifier: [], at } }]
  } else if (!stream.atSymbol(')')) {
    values = stream.commaSeparated(() => parseArgument(stream))
  }
  const orderBy = stream.accept('ORDER', 'BY') ? parseSortItems(stream) : []
  const nulls = nullTreatment(stream)
  stream.expectSymbol(')')
  return finishCall(stream, {
    kind: 'call',
    name,
    arguments: values,
    hasParentheses: true,
    quantifier,
    orderBy,
    nulls,
    withinGroup: undefined,
    filter: undefined,
    over: undefined,
    at: name.at,
  })
}

/** What may follow the parentheses of any call. */
function finishCall(stream: TokenStream, call: Call): Call {
  const nulls = call.nulls ?? nullTreatment(stream)
  let withinGroup: SortItem[] | undefined
  if (stream.accept('WITHIN', 'GROUP')) {
    stream.expectSymbol('(')
    stream.expect('ORDER', 'BY')
    withinGroup = parseSortItems(stream)
    stream.expectSymbol(')')
  }
  const filter = parseFilter(stream)
  const over = parseOver(stream)
  return { ...call, nulls, withinGroup, filter, over, at: stream.from(call.at) }
}

function nullTreatment(stream: TokenStream): 'IGNORE' | 'RESPECT' | undefined {
  if (stream.accept('IGNORE', 'NULLS')) return 'IGNORE'
  return stream.accept('RESPECT', 'NULLS') ? 'RESPECT' : undefined
}

/** `value` or `name => value`. */
export function parseArgument(stream: TokenStream): Argument {
  const start = stream.peek().at
  // A reserved word may name an argument, as it can be nothing else there.
  const named = (stream.peek().kind === 'word' || stream.peek().kind === 'quoted') && stream.isSymbol('=>', 1)
  const token = stream.peek()
  const name = named ? { at: token.at, name: token.value } : undefined
  if (named) {
    stream.next()
    stream.next()
  }
  const value = argumentValue(stream)
  return { name, value, at: stream.from(start) }
}

function argumentValue(stream: TokenStream): Expression {
  const token = stream.peek()
  if (stream.accept('DEFAULT')) return { kind: 'default', at: token.at }
  if (stream.at('TABLE')) return parseTableArgument(stream)
  if (stream.isWord('DESCRIPTOR') && stream.isSymbol('(', 1)) {
    stream.next()
    const columns = stream.list(() => stream.identifier('a column'))
    return { kind: 'descriptor', columns, at: stream.from(token.at) }
  }
  if (stream.isWord('MODEL') && stream.isName(1)) {
    stream.next()
    const name = stream.qualifiedName('a model')
    return { kind: 'model-argument', name, at: stream.from(token.at) }
  }
  if (stream.isWord('SELECT') || stream.isWord('WITH') || stream.isWord('VALUES')) {
    const query = stream.grammar.query(stream)
    return dealt(stream, query, token.at)
  }
  const value = stream.grammar.expression(stream)
  const deals = stream.isWord('PARTITION') || (stream.isWord('ORDER') && value.kind === 'scalar-query')
  return value.kind === 'scalar-query' && deals ? dealt(stream, value.query, token.at) : value
}

/** `TABLE t` or `TABLE(query)`. */
function parseTableArgument(stream: TokenStream): Expression {
  const start = stream.expect('TABLE').at
  if (stream.acceptSymbol('(')) {
    const query = stream.grammar.query(stream)
    stream.expectSymbol(')')
    return dealt(stream, query, start)
  }
  const name = stream.qualifiedName('a table')
  const at = stream.from(start)
  const query: Query = {
    kind: 'query',
    with: undefined,
    body: { kind: 'table', name, at },
    orderBy: [],
    offset: undefined,
    limit: undefined,
    at,
  }
  return dealt(stream, query, start)
}

/** PARTITION BY and ORDER BY of a table argument: one item, or several in parentheses. */
function dealt(stream: TokenStream, query: Query, start: Position): Expression {
  let partitionBy: readonly Expression[] = []
  if (stream.accept('PARTITION', 'BY')) {
    const keys = stream.grammar.expression(stream)
    partitionBy = keys.kind === 'row' && keys.form === 'PARENTHESES' ? keys.values : [keys]
  }
  let orderBy: readonly SortItem[] = []
  if (stream.accept('ORDER', 'BY')) {
    if (stream.acceptSymbol('(')) {
      orderBy = parseSortItems(stream)
      stream.expectSymbol(')')
    } else {
      orderBy = parseSortItems(stream, 'one')
    }
  }
  return { kind: 'table-argument', query, partitionBy, orderBy, at: stream.from(start) }
}

// --------------------------------------------------------------------------------------------------------------- special forms

/** The calls whose arguments are not all separated by commas, or undefined where the current word names no such function. */
export function parseSpecialCall(stream: TokenStream): Expression | undefined {
  const start = stream.peek()
  switch (start.key) {
    case 'EXTRACT':
      return special(stream, 'EXTRACT', () => {
        const unit = parseTimeUnit(stream)
        stream.expect('FROM')
        return [unit, stream.grammar.expression(stream)]
      })
    case 'FLOOR':
    case 'CEIL':
    case 'CEILING':
      return special(stream, start.key === 'FLOOR' ? 'FLOOR' : 'CEIL', () => {
        const operand = stream.grammar.expression(stream)
        return stream.accept('TO') ? [operand, parseTimeUnit(stream)] : [operand, ...moreArguments(stream)]
      })
    case 'TIMESTAMPADD':
    case 'TIMESTAMPDIFF':
      return special(stream, start.key, () => {
        const unit = parseTimeUnit(stream)
        stream.expectSymbol(',')
        return [unit, ...stream.commaSeparated(() => stream.grammar.expression(stream))]
      })
    case 'TRIM':
      return special(stream, 'TRIM', () => trimArguments(stream))
    case 'POSITION':
      return special(stream, 'POSITION', () => {
        const wanted = stream.grammar.expressionAbove(stream, LEVEL.range)
        stream.expect('IN')
        const text = stream.grammar.expression(stream)
        return stream.accept('FROM') ? [wanted, text, stream.grammar.expression(stream)] : [wanted, text]
      })
    case 'SUBSTRING':
      return special(stream, 'SUBSTRING', () => {
        const text = stream.grammar.expression(stream)
        if (!stream.accept('FROM')) return [text, ...moreArguments(stream)]
        const from = stream.grammar.expression(stream)
        return stream.accept('FOR') ? [text, from, stream.grammar.expression(stream)] : [text, from]
      })
    case 'OVERLAY':
      return special(stream, 'OVERLAY', () => {
        const text = stream.grammar.expression(stream)
        if (!stream.accept('PLACING')) return [text, ...moreArguments(stream)]
        const replacement = stream.grammar.expression(stream)
        stream.expect('FROM')
        const from = stream.grammar.expression(stream)
        return stream.accept('FOR') ? [text, replacement, from, stream.grammar.expression(stream)] : [text, replacement, from]
      })
    default:
      return parseJsonCall(stream)
  }
}

function special(stream: TokenStream, name: string, values: () => readonly Expression[]): Call {
  const token = stream.next()
  stream.expectSymbol('(')
  const parsed = values()
  stream.expectSymbol(')')
  return finishCall(stream, {
    kind: 'call',
    name: { at: token.at, parts: [{ at: token.at, name }] },
    arguments: parsed.map((value) => ({ at: value.at, name: undefined, value })),
    hasParentheses: true,
    quantifier: undefined,
    orderBy: [],
    nulls: undefined,
    withinGroup: undefined,
    filter: undefined,
    over: undefined,
    at: token.at,
  })
}

/** The arguments behind the first where plain commas separate them. */
function moreArguments(stream: TokenStream): Expression[] {
  return stream.acceptSymbol(',') ? stream.commaSeparated(() => stream.grammar.expression(stream)) : []
}

function trimArguments(stream: TokenStream): Expression[] {
  const start = stream.peek().at
  const word = stream.acceptOne(['BOTH', 'LEADING', 'TRAILING'])
  const blank: Expression = { kind: 'string', value: ' ', charset: undefined, at: start }
  const where: Expression = { kind: 'trim-word', word: word ?? 'BOTH', at: start }
  if (word !== undefined && stream.accept('FROM')) return [where, blank, stream.grammar.expression(stream)]
  const first = stream.grammar.expression(stream)
  if (stream.accept('FROM')) return [where, first, stream.grammar.expression(stream)]
  if (word !== undefined) throw stream.unexpected()
  return [where, blank, first, ...moreArguments(stream)]
}

const TIME_UNITS: Readonly<Record<string, TimeUnit>> = {
  YEAR: 'YEAR',
  QUARTER: 'QUARTER',
  MONTH: 'MONTH',
  WEEK: 'WEEK',
  DAY: 'DAY',
  HOUR: 'HOUR',
  MINUTE: 'MINUTE',
  SECOND: 'SECOND',
  MILLISECOND: 'MILLISECOND',
  MICROSECOND: 'MICROSECOND',
  NANOSECOND: 'NANOSECOND',
  FRAC_SECOND: 'MICROSECOND',
  DOW: 'DOW',
  DAYOFWEEK: 'DOW',
  DOY: 'DOY',
  DAYOFYEAR: 'DOY',
  ISODOW: 'ISODOW',
  ISOYEAR: 'ISOYEAR',
  EPOCH: 'EPOCH',
  DECADE: 'DECADE',
  CENTURY: 'CENTURY',
  MILLENNIUM: 'MILLENNIUM',
  YEARS: 'YEAR',
  QUARTERS: 'QUARTER',
  MONTHS: 'MONTH',
  WEEKS: 'WEEK',
  DAYS: 'DAY',
  HOURS: 'HOUR',
  MINUTES: 'MINUTE',
  SECONDS: 'SECOND',
}

function parseTimeUnit(stream: TokenStream): ExpressionOf<'time-unit'> {
  stream.note('a unit of time such as MINUTE')
  const token = stream.peek()
  const key = token.key.startsWith('SQL_TSI_') ? token.key.slice(8) : token.key
  const unit = token.kind === 'word' && Object.hasOwn(TIME_UNITS, key) ? TIME_UNITS[key] : undefined
  if (unit === undefined) {
    for (const name of ['YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY', 'HOUR', 'MINUTE', 'SECOND']) stream.note(name)
    throw stream.unexpected()
  }
  stream.next()
  return { kind: 'time-unit', unit, at: token.at }
}

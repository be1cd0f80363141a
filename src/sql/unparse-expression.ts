import { unreachable } from '../base/assert.ts'
import { LEVEL } from './precedence.ts'
import { RESERVED_FUNCTIONS, RESERVED_WORDS } from './reserved-words.ts'
import type { BinaryOperator } from './syntax-literal.ts'
import type {
  Call,
  Case,
  Expression,
  ExpressionOf,
  FrameBound,
  JsonBehavior,
  JsonElement,
  JsonEntry,
  Query,
  SortItem,
  WindowDefinition,
  WindowName,
} from './syntax-query.ts'
import type { Identifier, QualifiedName } from './syntax-type.ts'
import { qualifierText, quoteName, quoteText, typeText } from './unparse-type.ts'

/** Prints the queries inside of an expression; the entry file ties the two. */
export type PrintQuery = (query: Query) => string

/** Above every operator. */
const PRIMARY = 100

/** The canonical text of an expression: names in back quotes, functions in upper case, parentheses only where the tree needs them. */
export function expressionText(expression: Expression, print: PrintQuery): string {
  const text = (inner: Expression): string => expressionText(inner, print)
  switch (expression.kind) {
    case 'null':
      return 'NULL'
    case 'boolean':
      return String(expression.value).toUpperCase()
    case 'number':
      return expression.text
    case 'string':
      if (expression.charset === undefined)
        return /[^\0-\x7f]/.test(expression.value) ? unicodeText(expression.value) : quoteText(expression.value)
      return `_${expression.charset}${quoteText(expression.value)}`
    case 'binary-literal':
      return `X'${expression.hex}'`
    case 'datetime':
      return `${expression.type === 'TIMESTAMP_LTZ' ? 'TIMESTAMP WITH LOCAL TIME ZONE' : expression.type} ${quoteText(expression.text)}`
    case 'interval':
      return `INTERVAL ${expression.negative ? '-' : ''}${quoteText(expression.text)} ${qualifierText(expression.qualifier)}`
    case 'column':
      return namesText(expression.parts)
    case 'star':
      return expression.qualifier.length === 0 ? '*' : `${namesText(expression.qualifier)}.*`
    case 'parameter':
      return '?'
    case 'unary':
      return unaryText(expression, print)
    case 'binary':
      return binaryText(expression, print)
    case 'is':
      return `${above(expression.operand, LEVEL.is - 1, print)} IS ${expression.negated ? 'NOT ' : ''}${expression.test}`
    case 'is-distinct-from': {
      const left = above(expression.left, LEVEL.is - 1, print)
      return `${left} IS ${expression.negated ? 'NOT ' : ''}DISTINCT FROM ${above(expression.right, LEVEL.comparison, print)}`
    }
    case 'between': {
      const operand = above(expression.operand, LEVEL.range - 1, print)
      const words = `${expression.negated ? 'NOT ' : ''}BETWEEN ${expression.symmetric ? 'SYMMETRIC' : 'ASYMMETRIC'}`
      return `${operand} ${words} ${above(expression.low, LEVEL.and, print)} AND ${above(expression.high, LEVEL.range, print)}`
    }
    case 'in-list':
      return `${above(expression.operand, LEVEL.range - 1, print)} ${expression.negated ? 'NOT ' : ''}IN (${expression.list.map(text).join(', ')})`
    case 'in-query':
      return `${above(expression.operand, LEVEL.range - 1, print)} ${expression.negated ? 'NOT ' : ''}IN (${print(expression.query)})`
    case 'like': {
      const operand = above(expression.operand, LEVEL.range - 1, print)
      const escape = expression.escape === undefined ? '' : ` ESCAPE ${above(expression.escape, LEVEL.range, print)}`
      return `${operand} ${expression.negated ? 'NOT ' : ''}${expression.operator} ${above(expression.pattern, LEVEL.range, print)}${escape}`
    }
    case 'exists':
      return `EXISTS (${print(expression.query)})`
    case 'scalar-query':
      return `(${print(expression.query)})`
    case 'quantified': {
      const left = above(expression.left, LEVEL.comparison - 1, print)
      const right = expression.right.kind === 'query' ? print(expression.right.query) : expression.right.list.map(text).join(', ')
      return `${left} ${expression.operator} ${expression.quantifier === 'ANY' ? 'SOME' : 'ALL'} (${right})`
    }
    case 'row':
      return `${expression.form === 'PARENTHESES' ? '' : expression.form}(${expression.values.map(text).join(', ')})`
    case 'collection':
      return `${expression.type}[${expression.values.map(text).join(', ')}]`
    case 'collection-query':
      return `${expression.type}(${print(expression.query)})`
    case 'element':
      return `${above(expression.operand, PRIMARY - 1, print)}[${text(expression.index)}]`
    case 'field': {
      // Without parentheses a column's field would be part of its name, and a number would go on behind the dot.
      const inParentheses = expression.operand.kind === 'column' || expression.operand.kind === 'number'
      const operand = inParentheses ? `(${text(expression.operand)})` : above(expression.operand, PRIMARY - 1, print)
      return `${operand}.${quoteName(expression.field.name)}`
    }
    case 'datetime-difference':
      return `(${above(expression.left, LEVEL.sum - 1, print)} - ${above(expression.right, LEVEL.sum, print)}) ${qualifierText(expression.qualifier)}`
    case 'case':
      return caseText(expression, print)
    case 'cast': {
      const format = expression.format === undefined ? '' : ` FORMAT ${quoteText(expression.format.value)}`
      return `${expression.isTry ? 'TRY_CAST' : 'CAST'}(${text(expression.operand)} AS ${typeText(expression.type)}${format})`
    }
    case 'call':
      return callText(expression, print)
    case 'time-unit':
      return expression.unit
    case 'trim-word':
      return expression.word
    case 'default':
      return 'DEFAULT'
    case 'table-argument':
      return tableArgumentText(expression, print)
    case 'model-argument':
      return `MODEL ${qualifiedText(expression.name)}`
    case 'descriptor':
      return `DESCRIPTOR(${namesList(expression.columns)})`
    case 'match-modifier':
      return `${expression.modifier} ${text(expression.operand)}`
    case 'json-exists':
    case 'json-value':
    case 'json-query':
    case 'json-object':
    case 'json-array':
    case 'json-array-query':
    case 'json-objectagg':
    case 'json-arrayagg':
      return jsonText(expression, print)
    default:
      return unreachable(expression)
  }
}

/** Text with characters beyond ASCII is escaped. */
function unicodeText(text: string): string {
  const escaped = text.replace(/[\\']/g, '$&$&').replace(/[^ -~]/g, (unit) => `\\${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return `u&'${escaped}'`
}

/** In parentheses unless it binds tighter than `floor`. */
function above(expression: Expression, floor: number, print: PrintQuery): string {
  const text = expressionText(expression, print)
  return levelOf(expression) > floor ? text : `(${text})`
}

function levelOf(expression: Expression): number {
  switch (expression.kind) {
    case 'binary':
      return operatorLevel(expression.operator)
    case 'unary':
      return expression.operator === 'NOT' ? LEVEL.not : LEVEL.unary
    case 'is':
    case 'is-distinct-from':
      return LEVEL.is
    case 'between':
    case 'in-list':
    case 'in-query':
    case 'like':
      return LEVEL.range
    case 'quantified':
      return LEVEL.comparison
    default:
      return PRIMARY
  }
}

function operatorLevel(operator: BinaryOperator): number {
  switch (operator) {
    case 'OR':
      return LEVEL.or
    case 'AND':
      return LEVEL.and
    case '+':
    case '-':
      return LEVEL.sum
    case '*':
    case '/':
    case '%':
    case '||':
      return LEVEL.product
    case 'MULTISET INTERSECT ALL':
    case 'MULTISET INTERSECT DISTINCT':
      return LEVEL.multisetIntersect
    case 'MULTISET UNION ALL':
    case 'MULTISET UNION DISTINCT':
    case 'MULTISET EXCEPT ALL':
    case 'MULTISET EXCEPT DISTINCT':
      return LEVEL.multisetUnion
    default:
      return LEVEL.comparison
  }
}

function unaryText(expression: ExpressionOf<'unary'>, print: PrintQuery): string {
  if (expression.operator === 'NOT') return `NOT ${above(expression.operand, LEVEL.not - 1, print)}`
  const operand = above(expression.operand, LEVEL.unary - 1, print)
  // A second sign stands apart, for two minus signs begin a comment.
  return expression.operand.kind === 'number' ? `${expression.operator}${operand}` : `${expression.operator} ${operand}`
}

function binaryText(expression: ExpressionOf<'binary'>, print: PrintQuery): string {
  const level = operatorLevel(expression.operator)
  // A long chain associates to the left: walked down in a loop, so that its length is not bounded by the call stack.
  const parts: string[] = []
  let left: Expression = expression
  while (left.kind === 'binary' && operatorLevel(left.operator) === level) {
    parts.push(` ${left.operator} ${above(left.right, level, print)}`)
    left = left.left
  }
  return above(left, level - 1, print) + parts.toReversed().join('')
}

function caseText(expression: Case, print: PrintQuery): string {
  const text = (inner: Expression): string => expressionText(inner, print)
  const operand = expression.operand === undefined ? '' : ` ${text(expression.operand)}`
  const branches = expression.branches
    .map((branch) => ` WHEN ${branch.conditions.map(text).join(', ')} THEN ${text(branch.result)}`)
    .join('')
  const otherwise = expression.otherwise === undefined ? '' : ` ELSE ${text(expression.otherwise)}`
  return `CASE${operand}${branches}${otherwise} END`
}

function callText(call: Call, print: PrintQuery): string {
  const [only] = call.name.parts
  const name = call.name.parts.length === 1 ? functionName(only!.name) : namesText(call.name.parts)
  const special = call.name.parts.length === 1 ? specialText(name, call, print) : undefined
  const inside = special ?? plainArguments(call, print)
  const nulls = call.nulls === undefined ? '' : ` ${call.nulls} NULLS`
  const group = call.withinGroup === undefined ? '' : ` WITHIN GROUP (ORDER BY ${sortText(call.withinGroup, print)})`
  return `${name}${call.hasParentheses ? `(${inside})` : ''}${nulls}${group}${filterText(call.filter, print)}${overText(call.over, print)}`
}

/** Built-in functions stand in upper case; newer ones in quotes, and names that would not be read as one word. */
function functionName(name: string): string {
  const upper = name.toUpperCase()
  const isWord = /^[A-Z_][A-Z0-9_$]*$/.test(upper)
  return isWord &&
    !QUOTED_FUNCTIONS.has(upper) &&
    (!RESERVED_WORDS.has(upper) || RESERVED_FUNCTIONS.has(upper) || SPECIAL_FORMS.has(upper) || isParameterless(upper))
    ? upper
    : quoteName(QUOTED_FUNCTIONS.has(upper) ? upper : name)
}

/** Functions that Flink's parser does not know itself; it prints them in quotes. */
const QUOTED_FUNCTIONS: ReadonlySet<string> = new Set(
  (
    'ARRAY_APPEND ARRAY_CONCAT ARRAY_CONTAINS ARRAY_DISTINCT ARRAY_EXCEPT ARRAY_INTERSECT ARRAY_JOIN ARRAY_MAX ' +
    'ARRAY_MIN ARRAY_POSITION ARRAY_PREPEND ARRAY_REMOVE ARRAY_REVERSE ARRAY_SLICE ARRAY_SORT ARRAY_UNION BTRIM ' +
    'CURRENT_WATERMARK ELT ENDSWITH GREATEST IFNULL JSON JSON_QUOTE JSON_STRING JSON_UNQUOTE LEAST MAP_ENTRIES ' +
    'MAP_FROM_ARRAYS MAP_KEYS MAP_UNION MAP_VALUES OBJECT_OF OBJECT_UPDATE PARSE_JSON PRINTF REGEXP_COUNT ' +
    'REGEXP_EXTRACT_ALL REGEXP_INSTR REGEXP_SUBSTR SOURCE_WATERMARK SPLIT STARTSWITH TO_TIMESTAMP_LTZ TRANSLATE ' +
    'TRANSLATE3 TRY_PARSE_JSON TYPEOF UNHEX URL_DECODE URL_DECODE_RECURSIVE URL_ENCODE'
  ).split(' '),
)

const SPECIAL_FORMS: ReadonlySet<string> = new Set(['EXTRACT', 'FLOOR', 'CEIL', 'TRIM', 'POSITION', 'SUBSTRING', 'OVERLAY'])

function isParameterless(name: string): boolean {
  return name.startsWith('CURRENT_') || name.endsWith('USER') || name.startsWith('LOCALTIME')
}

function specialText(name: string, call: Call, print: PrintQuery): string | undefined {
  const template = Object.hasOwn(SPECIAL_TEMPLATES, name) ? SPECIAL_TEMPLATES[name]!(call) : undefined
  if (template === undefined) return undefined
  // Every argument is printed once, however deep: printing twice a level would double the work with each.
  return call.arguments
    .map(
      (argument, i) =>
        `${template[i]!}${name === 'POSITION' && i === 0 ? above(argument.value, LEVEL.range, print) : expressionText(argument.value, print)}`,
    )
    .join('')
}

/** The text before each argument of a special form; undefined where the call is no such form. */
const SPECIAL_TEMPLATES: Readonly<Record<string, (call: Call) => readonly string[] | undefined>> = {
  EXTRACT: ({ arguments: { length } }) => (length === 2 ? ['', ' FROM '] : undefined),
  FLOOR: (call) => (call.arguments[1]?.value.kind === 'time-unit' ? ['', ' TO '] : undefined),
  CEIL: (call) => (call.arguments[1]?.value.kind === 'time-unit' ? ['', ' TO '] : undefined),
  TRIM: (call) => (call.arguments[0]?.value.kind === 'trim-word' && call.arguments.length === 3 ? ['', ' ', ' FROM '] : undefined),
  POSITION: ({ arguments: { length } }) => (length === 2 || length === 3 ? ['', ' IN ', ' FROM '] : undefined),
  OVERLAY: ({ arguments: { length } }) => (length === 3 || length === 4 ? ['', ' PLACING ', ' FROM ', ' FOR '] : undefined),
}

function plainArguments(call: Call, print: PrintQuery): string {
  const quantifier = call.quantifier === undefined ? '' : `${call.quantifier} `
  const values = call.arguments.map((argument) => {
    const value = expressionText(argument.value, print)
    return argument.name === undefined ? value : `${quoteName(argument.name.name)} => ${value}`
  })
  const order = call.orderBy.length === 0 ? '' : ` ORDER BY ${sortText(call.orderBy, print)}`
  return `${quantifier}${values.join(', ')}${order}`
}

function tableArgumentText(argument: ExpressionOf<'table-argument'>, print: PrintQuery): string {
  const { query, partitionBy, orderBy } = argument
  const isTable =
    query.body.kind === 'table' &&
    query.with === undefined &&
    query.orderBy.length === 0 &&
    query.limit === undefined &&
    query.offset === undefined
  const partition = partitionBy.length === 0 ? '' : ` PARTITION BY ${listText(partitionBy, print)}`
  const order = orderBy.length === 0 ? '' : ` ORDER BY ${orderBy.length === 1 ? sortText(orderBy, print) : `(${sortText(orderBy, print)})`}`
  return `${isTable ? print(query) : `TABLE(${print(query)})`}${partition}${order}`
}

/** One expression, or several in parentheses. */
function listText(list: readonly Expression[], print: PrintQuery): string {
  const texts = list.map((item) => expressionText(item, print))
  return texts.length === 1 ? texts[0]! : `(${texts.join(', ')})`
}

export function sortText(items: readonly SortItem[], print: PrintQuery): string {
  return items
    .map((item) => {
      const nulls = item.nulls === undefined ? '' : ` NULLS ${item.nulls}`
      return `${expressionText(item.expression, print)}${item.direction === 'DESC' ? ' DESC' : ''}${nulls}`
    })
    .join(', ')
}

function filterText(filter: Expression | undefined, print: PrintQuery): string {
  return filter === undefined ? '' : ` FILTER (WHERE ${expressionText(filter, print)})`
}

function overText(over: WindowName | WindowDefinition | undefined, print: PrintQuery): string {
  if (over === undefined) return ''
  return ` OVER ${over.kind === 'window-name' ? quoteName(over.name.name) : windowText(over, print)}`
}

/** `(PARTITION BY .. ORDER BY .. ROWS ..)`. */
export function windowText(window: WindowDefinition, print: PrintQuery): string {
  const parts: string[] = []
  if (window.base !== undefined) parts.push(quoteName(window.base.name))
  if (window.partitionBy.length > 0) parts.push(`PARTITION BY ${window.partitionBy.map((key) => expressionText(key, print)).join(', ')}`)
  if (window.orderBy.length > 0) parts.push(`ORDER BY ${sortText(window.orderBy, print)}`)
  if (window.frame !== undefined) {
    const { unit, start, end } = window.frame
    parts.push(
      end === undefined ? `${unit} ${boundText(start, print)}` : `${unit} BETWEEN ${boundText(start, print)} AND ${boundText(end, print)}`,
    )
  }
  return `(${parts.join(' ')})`
}

function boundText(bound: FrameBound, print: PrintQuery): string {
  switch (bound.kind) {
    case 'unbounded-preceding':
      return 'UNBOUNDED PRECEDING'
    case 'unbounded-following':
      return 'UNBOUNDED FOLLOWING'
    case 'current-row':
      return 'CURRENT ROW'
    case 'preceding':
    case 'following':
      return `${above(bound.offset, LEVEL.range, print)} ${bound.kind.toUpperCase()}`
    default:
      return unreachable(bound)
  }
}

export function namesText(parts: readonly Identifier[]): string {
  return parts.map((part) => quoteName(part.name)).join('.')
}

export function qualifiedText(name: QualifiedName): string {
  return namesText(name.parts)
}

export function namesList(names: readonly Identifier[]): string {
  return names.map((name) => quoteName(name.name)).join(', ')
}

// ------------------------------------------------------------------------------------------------------------------------ JSON

type JsonExpression = Extract<Expression, { kind: `json-${string}` }>

function jsonText(expression: JsonExpression, print: PrintQuery): string {
  const text = (inner: Expression): string => expressionText(inner, print)
  switch (expression.kind) {
    case 'json-exists': {
      const onError = expression.onError === undefined ? '' : ` ${expression.onError} ON ERROR`
      return `JSON_EXISTS(${text(expression.input)}, ${text(expression.path)}${onError})`
    }
    case 'json-value': {
      const returning = expression.returning === undefined ? '' : ` RETURNING ${typeText(expression.returning)}`
      return `JSON_VALUE(${text(expression.input)}, ${text(expression.path)}${returning}${behaviorsText(expression, print)})`
    }
    case 'json-query': {
      const returning = expression.returning === undefined ? '' : ` RETURNING ${typeText(expression.returning)}`
      const wrapper =
        expression.wrapper === undefined
          ? ''
          : expression.wrapper === 'WITHOUT'
            ? ' WITHOUT ARRAY WRAPPER'
            : ` WITH ${expression.wrapper} ARRAY WRAPPER`
      return `JSON_QUERY(${text(expression.input)}, ${text(expression.path)}${returning}${wrapper}${behaviorsText(expression, print)})`
    }
    case 'json-object':
      return `JSON_OBJECT(${spaced(expression.entries.map((entry) => entryText(entry, print)).join(', '), expression.onNull)})`
    case 'json-array':
      return `JSON_ARRAY(${spaced(expression.elements.map((element) => elementText(element, print)).join(', '), expression.onNull)})`
    case 'json-array-query':
      return `JSON_ARRAY(${spaced(print(expression.query), expression.onNull)})`
    case 'json-objectagg': {
      const inside = spaced(entryText(expression.entry, print), expression.onNull)
      return `JSON_OBJECTAGG(${inside})${filterText(expression.filter, print)}${overText(expression.over, print)}`
    }
    case 'json-arrayagg': {
      const order = expression.orderBy.length === 0 ? '' : ` ORDER BY ${sortText(expression.orderBy, print)}`
      const inside = spaced(elementText(expression.element, print) + order, expression.onNull)
      return `JSON_ARRAYAGG(${inside})${filterText(expression.filter, print)}${overText(expression.over, print)}`
    }
    default:
      return unreachable(expression)
  }
}

function behaviorsText(
  expression: { readonly onEmpty: JsonBehavior | undefined; readonly onError: JsonBehavior | undefined },
  print: PrintQuery,
): string {
  const onEmpty = expression.onEmpty === undefined ? '' : ` ${behaviorText(expression.onEmpty, print)} ON EMPTY`
  const onError = expression.onError === undefined ? '' : ` ${behaviorText(expression.onError, print)} ON ERROR`
  return onEmpty + onError
}

function behaviorText(behavior: JsonBehavior, print: PrintQuery): string {
  return behavior.kind === 'DEFAULT' ? `DEFAULT ${expressionText(behavior.value, print)}` : behavior.kind
}

function entryText(entry: JsonEntry, print: PrintQuery): string {
  return `KEY ${expressionText(entry.key, print)} VALUE ${elementText(entry, print)}`
}

function elementText(element: JsonElement | JsonEntry, print: PrintQuery): string {
  return `${expressionText(element.value, print)}${element.isJson ? ' FORMAT JSON' : ''}`
}

function spaced(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' ')
}

import { unreachable } from '../base/assert.ts'
import type { Hint } from './syntax-hint.ts'
import type { Pattern } from './syntax-pattern.ts'
import type {
  FromItem,
  GroupingItem,
  Join,
  MatchRecognize,
  Pivot,
  Query,
  QueryBody,
  Select,
  TableAlias,
  Unpivot,
  With,
} from './syntax-query.ts'
import { expressionText, namesList, qualifiedText, sortText, windowText } from './unparse-expression.ts'
import type { PrintQuery } from './unparse-expression.ts'
import { quoteName, quoteText } from './unparse-type.ts'

/** The canonical text of a query, each clause on a line of its own. */
export function queryText(query: Query): string {
  const withClause = query.with === undefined ? '' : `${withText(query.with)} `
  const order = query.orderBy.length === 0 ? '' : `\nORDER BY ${sortText(query.orderBy, queryText)}`
  const offset = query.offset === undefined ? '' : `\nOFFSET ${expressionText(query.offset, queryText)} ROWS`
  const limit = query.limit === undefined ? '' : `\nFETCH NEXT ${expressionText(query.limit, queryText)} ROWS ONLY`
  return `${withClause}${bodyText(query.body)}${order}${offset}${limit}`
}

const print: PrintQuery = queryText

function withText(clause: With): string {
  const items = clause.items.map(
    (item) =>
      `${quoteName(item.name.name)}${item.columns.length === 0 ? '' : ` (${namesList(item.columns)})`} AS (${queryText(item.query)})`,
  )
  return `WITH ${clause.recursive ? 'RECURSIVE ' : ''}${items.join(', ')}`
}

function bodyText(body: QueryBody): string {
  switch (body.kind) {
    case 'select':
      return selectText(body)
    case 'set-operation': {
      // INTERSECT binds tighter; the right side of any stands alone.
      const left =
        body.operator === 'INTERSECT' && body.left.kind === 'set-operation' && body.left.operator !== 'INTERSECT'
          ? `(${bodyText(body.left)})`
          : bodyText(body.left)
      const standsAlone = body.right.kind === 'set-operation' && (body.right.operator !== 'INTERSECT' || body.operator === 'INTERSECT')
      const right = standsAlone ? `(${bodyText(body.right)})` : bodyText(body.right)
      return `${left}\n${body.operator}${body.all ? ' ALL' : ''}\n${right}`
    }
    case 'values':
      return `VALUES ${body.rows.map((row) => `ROW(${row.values.map((value) => expressionText(value, print)).join(', ')})`).join(',\n')}`
    case 'table':
      return `TABLE ${qualifiedText(body.name)}`
    case 'query':
      return `(${queryText(body)})`
    default:
      return unreachable(body)
  }
}

function selectText(select: Select): string {
  const items = select.items.map(
    (item) => `${expressionText(item.expression, print)}${item.alias === undefined ? '' : ` AS ${quoteName(item.alias.name)}`}`,
  )
  const lines = [
    `SELECT ${hintsText(select.hints, 'after')}${select.quantifier === undefined ? '' : `${select.quantifier} `}${items.join(', ')}`,
  ]
  if (select.from !== undefined) lines.push(`FROM ${fromText(select.from)}`)
  if (select.where !== undefined) lines.push(`WHERE ${expressionText(select.where, print)}`)
  if (select.groupBy !== undefined) {
    const quantifier = select.groupBy.quantifier === undefined ? '' : `${select.groupBy.quantifier} `
    lines.push(`GROUP BY ${quantifier}${select.groupBy.items.map(groupingText).join(', ')}`)
  }
  if (select.having !== undefined) lines.push(`HAVING ${expressionText(select.having, print)}`)
  if (select.windows.length > 0)
    lines.push(`WINDOW ${select.windows.map((named) => `${quoteName(named.name.name)} AS ${windowText(named.window, print)}`).join(', ')}`)
  if (select.qualify !== undefined) lines.push(`QUALIFY ${expressionText(select.qualify, print)}`)
  return lines.join('\n')
}

function groupingText(item: GroupingItem): string {
  switch (item.kind) {
    case 'expression':
      return expressionText(item.expression, print)
    case 'set':
      return `(${item.expressions.map((expression) => expressionText(expression, print)).join(', ')})`
    case 'grouping-sets':
      return `GROUPING SETS(${item.items.map(groupingText).join(', ')})`
    case 'rollup':
      return `ROLLUP(${item.items.map(groupingText).join(', ')})`
    case 'cube':
      return `CUBE(${item.items.map(groupingText).join(', ')})`
    default:
      return unreachable(item)
  }
}

function hintsText(hints: readonly Hint[], space: 'before' | 'after'): string {
  if (hints.length === 0) return ''
  const texts = hints.map((hint) => {
    const inside = [
      ...hint.pairs.map((pair) => `${quoteText(pair.key.value)} = ${quoteText(pair.value.value)}`),
      ...hint.items.map((item) => quoteText(item.value)),
    ]
    return inside.length === 0 ? quoteName(hint.name.name) : `${quoteName(hint.name.name)}(${inside.join(', ')})`
  })
  const text = `/*+ ${texts.join(', ')} */`
  return space === 'before' ? `\n${text}` : `${text} `
}

function aliasText(alias: TableAlias | undefined): string {
  if (alias === undefined) return ''
  return ` AS ${quoteName(alias.name.name)}${alias.columns.length === 0 ? '' : ` (${namesList(alias.columns)})`}`
}

function fromText(item: FromItem): string {
  switch (item.kind) {
    case 'named-table': {
      const asOf = item.asOf === undefined ? '' : ` FOR SYSTEM_TIME AS OF ${expressionText(item.asOf, print)}`
      return `${qualifiedText(item.name)}${hintsText(item.hints, 'before')}${asOf}${aliasText(item.alias)}`
    }
    case 'derived-table':
      return `${item.lateral ? 'LATERAL ' : ''}(${queryText(item.query)})${aliasText(item.alias)}`
    case 'table-function':
      return `${item.lateral ? 'LATERAL ' : ''}TABLE(${expressionText(item.call, print)})${aliasText(item.alias)}`
    case 'unnest': {
      const operands = item.operands.map((operand) => expressionText(operand, print)).join(', ')
      return `${item.lateral ? 'LATERAL ' : ''}UNNEST(${operands})${item.withOrdinality ? ' WITH ORDINALITY' : ''}${aliasText(item.alias)}`
    }
    case 'join':
      return joinText(item)
    case 'match-recognize':
      return matchText(item)
    case 'pivot':
      return pivotText(item)
    case 'unpivot':
      return unpivotText(item)
    case 'sample': {
      const seed = item.seed === undefined ? '' : ` REPEATABLE(${expressionText(item.seed, print)})`
      return `${operandText(item.input)} TABLESAMPLE ${item.method}(${expressionText(item.size, print)})${seed}`
    }
    default:
      return unreachable(item)
  }
}

/** A join stands in parentheses where it is an operand, except at the left of another. */
function operandText(item: FromItem): string {
  return item.kind === 'join' ? `(${fromText(item)})` : fromText(item)
}

function joinText(join: Join): string {
  if (join.type === 'COMMA') {
    const right = join.right.kind === 'join' && join.right.type === 'COMMA' ? operandText(join.right) : fromText(join.right)
    return `${fromText(join.left)},\n${right}`
  }
  const left = join.left.kind === 'join' && join.left.type === 'COMMA' ? operandText(join.left) : fromText(join.left)
  const words = `${join.natural ? 'NATURAL ' : ''}${join.type} JOIN`
  return `${left}\n${words} ${operandText(join.right)}${conditionText(join)}`
}

function conditionText({ condition }: Join): string {
  if (condition === undefined) return ''
  return condition.kind === 'on' ? ` ON ${expressionText(condition.condition, print)}` : ` USING (${namesList(condition.columns)})`
}

function pivotText(item: Pivot): string {
  const aggregates = item.aggregates.map(
    (aggregate) =>
      `${expressionText(aggregate.expression, print)}${aggregate.alias === undefined ? '' : ` AS ${quoteName(aggregate.alias.name)}`}`,
  )
  const values = item.values.map((value) => {
    const texts = value.values.map((expression) => expressionText(expression, print))
    return `${texts.length === 1 ? texts[0]! : `(${texts.join(', ')})`}${value.alias === undefined ? '' : ` AS ${quoteName(value.alias.name)}`}`
  })
  return `${operandText(item.input)} PIVOT (${aggregates.join(', ')} FOR (${namesList(item.axes)}) IN (${values.join(', ')}))${aliasText(item.alias)}`
}

function unpivotText(item: Unpivot): string {
  const groups = item.groups.map((group) => {
    const texts = group.values.map((expression) => expressionText(expression, print))
    return `(${namesList(group.columns)})${texts.length === 0 ? '' : ` AS ${texts.length === 1 ? texts[0]! : `(${texts.join(', ')})`}`}`
  })
  const inside = `(${namesList(item.measures)}) FOR (${namesList(item.axes)}) IN (${groups.join(', ')})`
  return `${operandText(item.input)} UNPIVOT ${item.includeNulls ? 'INCLUDE NULLS ' : ''}(${inside})${aliasText(item.alias)}`
}

function matchText(item: MatchRecognize): string {
  const lines: string[] = []
  if (item.partitionBy.length > 0) lines.push(`PARTITION BY ${item.partitionBy.map((key) => expressionText(key, print)).join(', ')}`)
  if (item.orderBy.length > 0) lines.push(`ORDER BY ${sortText(item.orderBy, print)}`)
  if (item.measures.length > 0)
    lines.push(
      `MEASURES ${item.measures.map((measure) => `${expressionText(measure.expression, print)} AS ${quoteName(measure.name.name)}`).join(', ')}`,
    )
  if (item.rowsPerMatch !== undefined) lines.push(item.rowsPerMatch === 'ONE' ? 'ONE ROW PER MATCH' : 'ALL ROWS PER MATCH')
  if (item.afterMatch !== undefined) lines.push(`AFTER MATCH SKIP ${skipText(item.afterMatch)}`)
  lines.push(`PATTERN (${item.anchoredAtStart ? '^ ' : ''}${patternText(item.pattern)}${item.anchoredAtEnd ? ' $' : ''})`)
  if (item.within !== undefined) lines.push(`WITHIN ${expressionText(item.within, print)}`)
  if (item.subsets.length > 0)
    lines.push(`SUBSET ${item.subsets.map((subset) => `${quoteName(subset.name.name)} = (${namesList(subset.variables)})`).join(', ')}`)
  lines.push(
    `DEFINE ${item.definitions.map((definition) => `${quoteName(definition.name.name)} AS ${expressionText(definition.condition, print)}`).join(', ')}`,
  )
  return `${operandText(item.input)} MATCH_RECOGNIZE(\n${lines.join('\n')})${aliasText(item.alias)}`
}

function skipText(skip: NonNullable<MatchRecognize['afterMatch']>): string {
  switch (skip.kind) {
    case 'next-row':
      return 'TO NEXT ROW'
    case 'past-last-row':
      return 'PAST LAST ROW'
    case 'first':
    case 'last':
      return `TO ${skip.kind.toUpperCase()} ${quoteName(skip.variable.name)}`
    default:
      return unreachable(skip)
  }
}

function patternText(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'variable':
      return quoteName(pattern.name.name)
    case 'sequence':
      return pattern.parts.length === 0
        ? '()'
        : pattern.parts
            .map((part) => (part.kind === 'alternation' || part.kind === 'sequence' ? groupText(part) : patternText(part)))
            .join(' ')
    case 'alternation':
      return pattern.parts.map((part) => (part.kind === 'alternation' ? groupText(part) : patternText(part))).join(' | ')
    case 'permutation':
      return `PERMUTE(${pattern.parts.map(patternText).join(', ')})`
    case 'exclusion':
      return `{- ${patternText(pattern.pattern)} -}`
    case 'repetition': {
      const isGroup = pattern.pattern.kind === 'sequence' || pattern.pattern.kind === 'alternation' || pattern.pattern.kind === 'repetition'
      return `${isGroup ? groupText(pattern.pattern) : patternText(pattern.pattern)}${boundsText(pattern.least, pattern.most)}${pattern.reluctant ? '?' : ''}`
    }
    default:
      return unreachable(pattern)
  }
}

function groupText(pattern: Pattern): string {
  return pattern.kind === 'sequence' && pattern.parts.length === 0 ? '()' : `(${patternText(pattern)})`
}

function boundsText(least: number, most: number | undefined): string {
  if (most === undefined) return least === 0 ? '*' : least === 1 ? '+' : `{${least},}`
  if (least === 0 && most === 1) return '?'
  return least === most ? `{${least}}` : `{${least},${most}}`
}

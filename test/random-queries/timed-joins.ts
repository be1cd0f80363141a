import { type Column, condition, ofType } from './expressions.ts'
import { type Grammar, type Relation, rowtimeOf } from './grammar.ts'
import { joined, pairOf } from './join-shapes.ts'
import { hasVersions } from './tables.ts'
import { windowTopN } from './window-shapes.ts'

interface TimedSide {
  readonly relation: Relation
  readonly time: string
}

/** A join by the times of both sides: of rows as they come, or of those that a window held till it was over. */
export function intervalJoin(grammar: Grammar, depth: number): Relation | undefined {
  const [leftSide, rightSide] = [timedSide(grammar, depth), timedSide(grammar, depth - 1)]
  if (leftSide === undefined || rightSide === undefined) return undefined
  const [left, right] = [leftSide.relation, rightSide.relation]
  const { choices } = grammar
  const type = choices.pick(['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'] as const)
  const [l, r] = [grammar.alias(), grammar.alias()]
  const [a, b] = [`${l}.${leftSide.time}`, `${r}.${rightSide.time}`]
  const span = (): string => `INTERVAL '${choices.pick([2, 0, 5, 10])}' SECOND`
  const conditions = [
    choices.pick([
      `${a} BETWEEN ${b} - ${span()} AND ${b} + ${span()}`,
      `${a} >= ${b} AND ${a} < ${b} + ${span()}`,
      `${b} > ${a} - ${span()} AND ${b} <= ${a}`,
      `${a} = ${b}`,
    ]),
  ]
  const pair = pairOf(grammar, left, right)
  if (pair !== undefined && !choices.oneIn(4)) conditions.push(`${l}.${pair[0].name} = ${r}.${pair[1].name}`)
  if (choices.oneIn(4)) {
    const columns = left.columns.map((column): Column => ({ ...column, name: `${l}.${column.name}`, role: undefined }))
    conditions.push(condition(choices, columns, 0, grammar.feature))
  }
  return joined(grammar, { left, right, l, r, type, on: conditions.join(' AND '), keepsTime: type === 'JOIN', isUpdating: false })
}

/** Rows with the version of their time. */
export function temporalJoin(grammar: Grammar, depth: number): Relation | undefined {
  const { choices } = grammar
  const versions = grammar.tables.filter(hasVersions)
  const side = versions.length === 0 ? undefined : timedSide(grammar, depth)
  const keys = side === undefined ? [] : ofType(side.relation.columns, 'INT')
  if (side === undefined || keys.length === 0) return undefined
  const left = side.relation
  grammar.isPortable = false
  const right = choices.pick(versions)
  const [l, r] = [grammar.alias(), grammar.alias()]
  const type = choices.pick(['JOIN', 'LEFT JOIN'] as const)
  const shown: Relation = {
    sql: '',
    table: `${right.name} FOR SYSTEM_TIME AS OF ${l}.${side.time}`,
    columns: right.columns,
    isUpdating: false,
    isOrdered: false,
  }
  const conditions = [`${l}.${choices.pick(keys).name} = ${r}.k`]
  if (choices.oneIn(4)) {
    const columns = [
      ...left.columns.map((column) => ({ ...column, name: `${l}.${column.name}` })),
      ...right.columns.map((column) => ({ ...column, name: `${r}.${column.name}` })),
    ]
    conditions.push(condition(choices, columns, 0, grammar.feature))
  }
  return joined(grammar, { left, right: shown, l, r, type, on: conditions.join(' AND '), keepsTime: true, isUpdating: false })
}

function timedSide(grammar: Grammar, depth: number): TimedSide | undefined {
  const held = grammar.choices.oneIn(5) ? windowTopN(grammar, depth) : undefined
  const heldTime = held?.columns.find((column) => column.role === 'held')
  if (held !== undefined && heldTime !== undefined) {
    grammar.features.add('held time')
    // The times of such a side stay times of the join.
    const columns = held.columns.map((column): Column => (column === heldTime ? { ...column, role: 'rowtime' } : column))
    return { relation: { ...held, columns }, time: heldTime.name }
  }
  const relation = grammar.timed(depth)
  return relation === undefined ? undefined : { relation, time: rowtimeOf(relation).name }
}

import { userError } from '../base/errors.ts'
import { nearest, suggestion } from '../base/nearest.ts'
import { parseDuration } from '../catalog/options.ts'
import type { Table } from '../catalog/table.ts'
import type { BindContext } from './binder.ts'
import type { LogicalNode } from '../plan/logical.ts'
import type { Hint } from './syntax-hint.ts'

/** Hints of a table, and of a SELECT. Those without effect here are checked by name only. */
const known: readonly string[] = [
  'OPTIONS',
  'STATE_TTL',
  'LOOKUP',
  'BROADCAST',
  'SHUFFLE_HASH',
  'SHUFFLE_MERGE',
  'NEST_LOOP',
  'MULTI_JOIN',
  'JSON_AGGREGATE_WRAPPED',
  'EARLY_FIRE',
]

export function checkHints(hints: readonly Hint[]): void {
  for (const { name } of hints) {
    if (known.includes(name.name.toUpperCase())) continue
    const near = nearest(name.name, known)
    const hint = near === undefined ? `; there are ${known.slice(0, 8).join(', ')}` : `; did you mean "${near}"?`
    throw userError('sql/unknown-hint', `Cannot use the hint "${name.name}": there is none of that name${hint}`, name.at)
  }
}

/** Hints that name tables of the query's FROM. */
const ofTables: readonly string[] = ['STATE_TTL', 'BROADCAST', 'SHUFFLE_HASH', 'SHUFFLE_MERGE', 'NEST_LOOP', 'MULTI_JOIN']

/** Refuses hints of a SELECT that name no table of its FROM. */
export function checkHintedTables(hints: readonly Hint[], names: readonly string[]): void {
  for (const { name, pairs, items } of hints) {
    const hint = name.name.toUpperCase()
    const lookup = hint === 'LOOKUP' ? pairs.filter(({ key }) => key.value === 'table').map(({ value }) => value) : []
    const tables = ofTables.includes(hint) ? [...pairs.map(({ key }) => key), ...items] : lookup
    if (tables.length === 0 && ofTables.includes(hint))
      throw userError(
        'sql/argument-count',
        `Cannot use the hint ${hint}: it names no table; write ${hint}(${hint === 'STATE_TTL' ? `'t' = '1 d'` : 't'})`,
        name.at,
      )
    const unknown = tables.find(({ value }) => !names.includes(value.split('.').at(-1) ?? ''))
    if (unknown === undefined) continue
    throw userError(
      'sql/unknown-table',
      `Cannot use the hint ${hint}: FROM has no table "${unknown.value}"${suggestion(unknown.value, names)}`,
      unknown.at,
    )
  }
}

/** The table with the options of an OPTIONS hint in the place of its own. */
export function withOptions(table: Table, hints: readonly Hint[], context: BindContext): Table {
  checkHints(hints)
  const first = hints.find((hint) => hint.name.name.toUpperCase() === 'OPTIONS')
  if (first === undefined) return table
  if (!context.env.settings.boolean('table.dynamic-table-options.enabled')) {
    throw userError('sql/options-hint', 'Cannot use the hint OPTIONS: "table.dynamic-table-options.enabled" is false', first.at)
  }
  const [item] = first.items
  if (item !== undefined || first.pairs.length === 0) {
    const found = item === undefined ? 'nothing' : `"${item.value}" without a value`
    throw userError('sql/options-hint', `Cannot use the hint OPTIONS: found ${found}, wanted 'key' = 'value'`, item?.at ?? first.at)
  }
  // Of several hints the first one counts, as in Flink.
  return { ...table, options: new Map([...table.options, ...first.pairs.map(({ key, value }) => [key.value, value.value] as const)]) }
}

/** A join with what STATE_TTL says of the tables that are its sides. `names`: of the relations of FROM, from left to right; a join on the left has all but the last. */
export function withStateTtl(plan: LogicalNode, hints: readonly Hint[], names: readonly string[]): LogicalNode {
  if (plan.kind !== 'join' || names.length < 2) return plan
  const [left, right] = plan.inputs
  const below = names.length > 2 && left.kind === 'join' ? withStateTtl(left, hints, names.slice(0, -1)) : left
  const stateTtlMs = [names.length === 2 ? stateTtlOf(hints, [names[0]!]) : undefined, stateTtlOf(hints, [names.at(-1)!])] as const
  return { ...plan, inputs: [below, right], ...(stateTtlMs.some((ttl) => ttl !== undefined) ? { stateTtlMs } : {}) }
}

/** Milliseconds that STATE_TTL gives to one of these names; undefined where it names none. */
export function stateTtlOf(hints: readonly Hint[], names: readonly string[]): number | undefined {
  for (const hint of hints) {
    if (hint.name.name.toUpperCase() !== 'STATE_TTL') continue
    for (const { key, value } of hint.pairs) {
      const ttl = parseDuration(value.value)
      if (ttl === undefined)
        throw userError(
          'sql/option-value',
          `Cannot use the hint STATE_TTL: found "${value.value}", wanted a duration such as "1 d"`,
          value.at,
        )
      if (names.includes(key.value)) return ttl
    }
  }
  return undefined
}

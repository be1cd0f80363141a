import { userError } from '../base/errors.ts'
import { types } from '../data/types.ts'
import type { Expr } from '../expr/expr.ts'
import { buildCall, buildCase } from '../expr/resolve-call.ts'
import { expressionKey } from '../plan/expression-properties.ts'
import type { GroupKeys } from './bind-aggregate.ts'
import { functionName } from './bind-aggregate-call.ts'
import type { Call, GroupBy, GroupingItem } from './syntax-query.ts'

/** As many as Flink's planner takes on, and more than anyone reads. */
const MAX_SETS = 4096

/** The keys of GROUP BY, each once, and its grouping sets, of which some may be equal. */
export function groupKeysOf(
  groupBy: GroupBy,
  items: readonly GroupingItem[],
  bindItem: (item: GroupingItem) => readonly Expr[],
): GroupKeys {
  const sets = product(items.map((item) => setsOf(item, bindItem)))
  if (sets.length > MAX_SETS)
    throw userError('plan/grouping-sets', `Cannot group by ${sets.length} grouping sets: at most ${MAX_SETS} are possible`, groupBy.at)
  const keys = [...new Map(sets.flat().map((key) => [expressionKey(key), key])).values()]
  const places = new Map(keys.map((key, place) => [expressionKey(key), place]))
  const numbered = sets.map((set) => [...new Set(set.map((key) => places.get(expressionKey(key))!))].sort((a, b) => a - b))
  return { keys, sets: numbered }
}

type Sets = readonly (readonly Expr[])[]

function setsOf(item: GroupingItem, bindItem: (item: GroupingItem) => readonly Expr[]): Sets {
  switch (item.kind) {
    case 'expression':
    case 'set':
      return [bindItem(item)]
    case 'grouping-sets':
      return item.items.flatMap((inner) => setsOf(inner, bindItem))
    case 'rollup': {
      const parts = item.items.map((inner) => setsOf(inner, bindItem).flat())
      return Array.from({ length: parts.length + 1 }, (_, i) => parts.slice(0, parts.length - i).flat())
    }
    case 'cube': {
      const parts = item.items.map((inner) => setsOf(inner, bindItem).flat())
      return product(parts.map((part) => [part, []]))
    }
  }
}

/** One set of each, in all ways. */
function product(parts: readonly Sets[]): Sets {
  return parts.reduce<Sets>((sets, part) => sets.flatMap((set) => part.map((more) => [...set, ...more])), [[]])
}

/**
 * GROUPING(a) is 1 where a is not among the keys of the row's set; GROUPING_ID(a, b) has a bit for each, the first one the highest. GROUP_ID() numbers
 * equal grouping sets.
 */
export function bindGrouping({ keys, sets }: GroupKeys, setNumber: Expr): (call: Call, args: readonly Expr[]) => Expr {
  return (call, args) => {
    const { at } = call
    const name = functionName(call)
    const wanted = name === 'GROUP_ID' ? args.length === 0 : args.length > 0
    if (!wanted)
      throw userError(
        'sql/argument-count',
        `Cannot call "${name}" with ${args.length} arguments: ${name === 'GROUP_ID' ? 'none' : 'keys of GROUP BY'} were wanted`,
        at,
      )
    const places = args.map((arg) => {
      const place = keys.findIndex((key) => expressionKey(key) === expressionKey(arg))
      if (place < 0) throw userError('sql/not-grouped', `Cannot call "${name}" here: its argument is not in GROUP BY`, arg.at ?? at)
      return place
    })
    const bits =
      name === 'GROUP_ID'
        ? sets.map((set, i) => sets.slice(0, i).filter((earlier) => earlier.join() === set.join()).length)
        : sets.map((set) => places.reduce((value, place) => value * 2 + (set.includes(place) ? 0 : 1), 0))
    const literal = (value: number): Expr => ({ kind: 'literal', type: types.bigint(false), value: BigInt(value), at })
    if (bits.every((value) => value === bits[0])) return literal(bits[0]!)
    const branches = bits.slice(1).map((value, i) => ({
      when: buildCall('=', [setNumber, { kind: 'literal', type: types.integer(false), value: i + 1, at }], at),
      then: literal(value),
    }))
    return buildCase(branches, literal(bits[0]!), at)
  }
}

import { assert } from '../../base/assert.ts'
import type { ArenaOwner } from '../../data/arena.ts'
import type { SqlType } from '../../data/types.ts'
import { prepare } from '../../expr/interpret.ts'
import type { EvaluationContext } from '../../expr/function.ts'
import { joinCondition } from '../../operators/join-condition.ts'
import { lookupJoin } from '../../operators/lookup-join.ts'
import type { PhysicalOf } from '../../plan/physical.ts'
import type { Lookup } from '../../runtime/lookup.ts'
import type { Operator } from '../../runtime/operator.ts'
import type { JobOptions } from './job.ts'

type LookupNode = PhysicalOf<'lookup-join'>

export interface CreateLookupOptions {
  readonly owner: ArenaOwner
  readonly lookup: Lookup
  readonly job: JobOptions
  readonly context: EvaluationContext
  readonly inputTypes: readonly SqlType[]
  readonly types: readonly SqlType[]
}

/** The table of a lookup join, opened once a subtask. */
export function lookupOf(node: LookupNode, job: JobOptions): Lookup {
  const { table } = node.source
  const connector = job.connectors(table.options.get('connector') ?? '')
  assert(connector?.createLookup !== undefined, 'the binder found that the table can be looked up')
  return connector.createLookup(table, { columns: columnsOf(node), keys: node.keys.map((key) => key.column) })
}

function columnsOf({ source, columns }: LookupNode): readonly { readonly name: string; readonly type: SqlType }[] {
  return columns.map((name) => {
    const column = source.table.columns.find((candidate) => candidate.name === name)
    assert(column !== undefined, 'a column that is looked up is one of the table')
    return { name, type: column.type }
  })
}

/** The operator of one subtask of a lookup join. */
export function createLookup(node: LookupNode, options: CreateLookupOptions): Operator {
  const { owner, lookup, job, context, inputTypes, types } = options
  const { settings, ports } = job
  const { keys, condition, joinType, rowCondition, projections } = node
  const constants = keys.map((key) => ('constant' in key ? prepare(key.constant, context)([]) : null))
  const places: number[] = []
  const inputs = keys.flatMap((key, i) => {
    if ('constant' in key) return []
    places[i] = places.filter((place) => place !== undefined).length
    return [key.input]
  })
  const counts = rowCondition === undefined ? undefined : prepare(rowCondition, context)
  const shown = projections.map((projection) => prepare(projection, context))
  return lookupJoin({
    owner,
    clock: ports.clock,
    joinType,
    inputTypes,
    types,
    keys: inputs,
    keyOf: (values) => constants.map((constant, i) => (places[i] === undefined ? constant : values[places[i]]!)),
    shown: (row) => (counts === undefined || counts(row) === true ? shown.map((evaluate) => evaluate(row)) : undefined),
    condition: condition === undefined ? undefined : joinCondition(condition, { owner, context, execution: settings.expressions, types }),
    cache: lookup.cache,
    requests: {
      clock: ports.clock,
      table: node.source.path.name,
      capacity: node.options.capacity,
      timeoutMs: node.options.timeoutMs,
      maxRetries: lookup.cache.maxRetries,
      missing: node.options.missing,
    },
    open: () =>
      lookup.open({
        arena: owner.arena,
        ports,
        batchRows: settings.batchRows,
        blockBytes: settings.blockBytes,
        maxRecordBytes: settings.maxRecordBytes,
        seed: settings.seed,
        timeZone: settings.timeZone,
      }),
  })
}

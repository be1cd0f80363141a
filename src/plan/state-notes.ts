import { lagParts } from '../expr/lag.ts'
import type { MatchPattern } from '../expr/match.ts'
import { namesOf } from './describe-expression.ts'
import type { PhysicalNode } from './physical.ts'
import { inputsOfStep } from './physical-inputs.ts'

/** An operator whose state can grow without bound: what it keeps and what would end it. */
export interface StateNote {
  readonly node: PhysicalNode
  readonly text: string
}

/** Those of a plan, from the sink down. */
export function stateNotes(root: PhysicalNode): readonly StateNote[] {
  const notes: StateNote[] = []
  const visited = new Set<PhysicalNode>()
  const visit = (node: PhysicalNode): void => {
    if (visited.has(node)) return
    visited.add(node)
    const text = noteOf(node)
    if (text !== undefined) notes.push({ node, text })
    inputsOfStep(node).forEach(visit)
  }
  visit(root)
  return notes
}

const byTtl = "'table.exec.state.ttl' or STATE_TTL ends it"
const bySetting = "'table.exec.state.ttl' ends it"

function noteOf(node: PhysicalNode): string | undefined {
  switch (node.kind) {
    case 'group-aggregate':
      if (node.mode === 'final' || node.stateTtlMs > 0 || node.keys.length === 0) return undefined
      return `GroupAggregate keeps every key (${keyNames(node)}): ${byTtl}`
    case 'join': {
      if (node.mode === 'final' || node.stateTtlMs.every((ttl) => ttl > 0)) return undefined
      const sides = node.stateTtlMs[0] > 0 ? 'the right side' : node.stateTtlMs[1] > 0 ? 'the left side' : 'both sides'
      return `Join keeps every row of ${sides}: ${byTtl}, and so do a condition on event times or windows`
    }
    case 'mark-join':
      return node.mode === 'final' || node.stateTtlMs > 0 ? undefined : `Join keeps every row of both sides: ${bySetting}`
    case 'rank': {
      if (node.stateTtlMs > 0 || (node.keys.length === 0 && !node.inputRetracts)) return undefined
      const rows = node.inputRetracts ? 'every row' : 'the first rows of every partition'
      return `Rank keeps ${rows}${node.keys.length === 0 ? '' : ` (${keyNames(node)})`}: ${bySetting}`
    }
    case 'over-by-value':
      return node.stateTtlMs > 0 ? undefined : `OverAggregate keeps every row: ${bySetting}, and so does an order by event time`
    case 'over-aggregate':
      if (node.stateTtlMs === 0 && node.calls.some((call) => call.name === 'LAG' && lagParts(call).distance === undefined))
        return `OverAggregate keeps every row: ${bySetting}, and so does a constant offset of LAG`
      return node.keys.length === 0 || node.stateTtlMs > 0 || (node.unit === 'RANGE' && node.preceding !== undefined)
        ? undefined
        : `OverAggregate keeps every key (${keyNames(node)}): ${bySetting}, and so does a RANGE of some time`
    case 'temporal-join':
      if (node.heldMs === Number.MAX_SAFE_INTEGER)
        return 'TemporalJoin keeps every version, for rows of sessions may be older than any: versions valid at window_time would end'
      return node.inputs[0].changes === 'append'
        ? undefined
        : 'TemporalJoin keeps every row of the left side, which is updated, with its version: the row must go before its state ends'
    case 'deduplicate':
      return node.stateTtlMs > 0
        ? undefined
        : `Deduplicate keeps every key (${keyNames(node)}): ${bySetting}, and so does deduplication within windows`
    case 'match': {
      const { spec, keys } = node
      if (spec.withinMs !== undefined || (keys.length === 0 && !isLong(spec.pattern))) return undefined
      return `Match keeps open matches${keys.length === 0 ? '' : ` of every key (${keyNames(node)})`}: WITHIN ends them`
    }
    case 'changelog-normalize':
      return node.stateTtlMs > 0 ? undefined : `ChangelogNormalize keeps the row of every key (${keyNames(node)}): ${bySetting}`
    case 'sink-materializer':
      return node.stateTtlMs > 0 ? undefined : `SinkUpsertMaterializer keeps every row: ${bySetting}`
    default:
      return undefined
  }
}

/** Whether a match may have any number of rows. */
function isLong(pattern: MatchPattern): boolean {
  return pattern.most === undefined || (pattern.kind === 'group' && pattern.parts.some(isLong))
}

function keyNames({ keys, input }: { readonly keys: readonly number[]; readonly input: PhysicalNode }): string {
  return keys.map(namesOf(input.schema)).join(', ')
}

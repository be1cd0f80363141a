import type { Arena } from '../data/arena.ts'
import { type KeyedState, hashOfKey } from '../state/keyed-state.ts'
import { compareBytes } from './aggregates/compare-values.ts'

/** A group's key with what orders it among groups that leave at the same time. */
export interface OrderedGroup {
  readonly id: number
  readonly place: bigint
}

/** Above all places of source rows, so that what a timer makes comes behind the rows before it. */
export const TIMER_PLACE = 1n << 62n

/**
 * Orders groups that leave at the same moment by the hash of their key: an order that is the same whichever subtasks have them. Their places are in
 * that order too.
 */
export function orderGroups(arena: Arena, ids: readonly number[], keyOf: (id: number) => Uint8Array): readonly OrderedGroup[] {
  return ids
    .map((id) => ({ id, place: TIMER_PLACE | (hashOfKey(arena, keyOf(id)) >> 2n) }))
    .sort((a, b) => (a.place === b.place ? compareBytes(keyOf(a.id), keyOf(b.id)) : a.place < b.place ? -1 : 1))
}

/** Groups that leave at the same moment: ordered where something above reads the order, else as they are given, with places that nobody looks at. */
export function leavingGroups(arena: Arena, state: KeyedState, ids: readonly number[], isOrdered: boolean): readonly OrderedGroup[] {
  return isOrdered ? orderGroups(arena, ids, (id) => state.keyBytes(id)) : ids.map((id) => ({ id, place: 0n }))
}

/** The ids of all groups of a state. */
export function allGroups(state: KeyedState): readonly number[] {
  const ids: number[] = []
  for (let id = state.next(0); id >= 0; id = state.next(id + 1)) ids.push(id)
  return ids
}

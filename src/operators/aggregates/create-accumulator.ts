import { AssertionError, assert } from '../../base/assert.ts'
import type { Arena, ArenaOwner } from '../../data/arena.ts'
import type { AggregateCall } from '../../expr/aggregate.ts'
import type { Accumulator, AccumulatorPlace } from './accumulator.ts'
import { avgAccumulator } from './avg.ts'
import { type BitmapResult, buildAccumulator, combineAccumulator, countedAccumulator } from './bitmaps.ts'
import { collectAccumulator } from './collect.ts'
import { countAccumulator } from './count.ts'
import { distinctAccumulator } from './distinct.ts'
import { extremumAccumulator, retractableExtremum } from './extremum.ts'
import { filteredAccumulator } from './filtered.ts'
import { arrivalAccumulator, retractableArrival } from './first-last.ts'
import { MOST_MEMBERS, VALUES_BYTES } from './group-values.ts'
import { arrayForm, jsonArrayForm, jsonObjectForm, listAccumulator, singleForm, textForm } from './lists.ts'
import { percentileAccumulator } from './percentile.ts'
import { sumAccumulator } from './sum.ts'
import { varianceAccumulator } from './variance.ts'

/**
 * The accumulator of one aggregate call.
 *
 * @param offset Where its part of the line begins.
 * @param input `changing` rows are also taken back.
 */
export function createAccumulator(owner: ArenaOwner, call: AggregateCall, offset: number, input: Input): Accumulator {
  const group = distinctGroup(call, input)
  if (group !== undefined) return createDistinct(owner, [call], offset, input).unit
  const accumulator = ofValues(owner, call, { offset, column: call.args[0] ?? -1 }, call.oneWay === true ? 'appending' : input)
  return call.filter === undefined ? accumulator : filteredAccumulator(owner, call.filter, accumulator)
}

type Input = 'appending' | 'changing'

/** Accumulators that are updated, merged, saved and forgotten together, and for each of their calls the one that has its value. */
export interface AccumulatorUnit {
  readonly unit: Accumulator
  readonly calls: readonly AggregateCall[]
  readonly writers: readonly Accumulator[]
  readonly lineBytes: number
}

/** The accumulators of some calls: those of the distinct values of one argument share what they keep. Their parts of the line lie one behind the other, from `offset` on. */
export function createAccumulators(
  owner: ArenaOwner,
  calls: readonly AggregateCall[],
  offset: number,
  input: Input,
): readonly AccumulatorUnit[] {
  const parts: AggregateCall[][] = []
  const shared = new Map<string, AggregateCall[]>()
  for (const call of calls) {
    const group = distinctGroup(call, input)
    const part = group === undefined ? undefined : shared.get(group)
    if (part !== undefined && part.length < MOST_MEMBERS) part.push(call)
    else {
      const started = [call]
      parts.push(started)
      if (group !== undefined && group !== '') shared.set(group, started)
    }
  }
  let end = offset
  return parts.map((part) => {
    const created = createUnit(owner, part, end, input)
    end += created.lineBytes
    return created
  })
}

function createUnit(owner: ArenaOwner, part: readonly AggregateCall[], offset: number, input: Input): AccumulatorUnit {
  const [call] = part
  if (call !== undefined && distinctGroup(call, input) !== undefined) return createDistinct(owner, part, offset, input)
  const unit = createAccumulator(owner, part[0]!, offset, input)
  return { unit, calls: part, writers: [unit], lineBytes: unit.lineBytes }
}

/** Aggregates for which it makes no difference in which order values come when groups are merged. */
const orderFree: ReadonlySet<string> = new Set(['COUNT', 'SUM', 'AVG', 'MIN', 'MAX', 'APPROX_COUNT_DISTINCT'])

/** Calls of one text share the distinct values of their argument, those of none at all have none; an empty text shares them with nobody. */
function distinctGroup(call: AggregateCall, input: Input): string | undefined {
  const [argType] = call.argTypes
  const bitmap = bitmapAggregates.get(call.name)
  // A number that some row still has stays in the set. What is in all bitmaps or in one of them does not ask how often each is there.
  if (bitmap?.operation === 'build') return input === 'changing' ? String(call.args[0]) : undefined
  if (bitmap?.operation === 'and' || bitmap?.operation === 'or') return undefined
  const isApproximate = call.name === 'APPROX_COUNT_DISTINCT'
  if ((!call.distinct && !isApproximate) || argType === undefined) return undefined
  // Each value once changes nothing about the least or the first of them.
  const isUnaffected = ['MIN', 'MAX', 'FIRST_VALUE'].includes(call.name)
  if (isUnaffected && (call.oneWay === true || input === 'appending')) return undefined
  const isFree = (orderFree.has(call.name) || bitmap !== undefined) && argType.kind !== 'FLOAT' && argType.kind !== 'DOUBLE'
  return isFree ? String(call.args[0]) : ''
}

function createDistinct(owner: ArenaOwner, calls: readonly AggregateCall[], offset: number, input: Input): AccumulatorUnit {
  const [{ argTypes, args, name }] = calls as readonly [AggregateCall]
  const place: AccumulatorPlace = { offset, column: args[0] ?? -1 }
  let end = offset + VALUES_BYTES
  const members = calls.map((call) => {
    const inner = ofValues(owner, call, { offset: end, column: place.column }, call.oneWay === true ? 'appending' : input)
    end += inner.lineBytes
    return { inner, filter: call.filter }
  })
  const nulls = name === 'ARRAY_AGG' ? 'with-null' : 'without-null'
  const lineBytes = end - offset
  const unit = { ...distinctAccumulator(owner, members, { type: argTypes[0]!, nulls, input, place }), lineBytes }
  return { unit, calls, writers: members.map(({ inner }) => inner), lineBytes }
}

function ofValues(owner: ArenaOwner, call: AggregateCall, place: AccumulatorPlace, input: Input): Accumulator {
  const { arena } = owner
  const [argType] = call.argTypes
  const bitmap = bitmapAggregates.get(call.name)
  if (bitmap !== undefined) return ofBitmap(arena, place, input, bitmap)
  if (call.name === 'COUNT') return countAccumulator(arena, place)
  assert(argType !== undefined, `${call.name} has an argument`)
  switch (call.name) {
    case 'SUM':
      return sumAccumulator(arena, argType, place)
    case 'AVG':
      return avgAccumulator(arena, argType, call.type, place)
    case 'MIN':
    case 'MAX': {
      const direction = call.name === 'MIN' ? 1 : -1
      return input === 'changing'
        ? retractableExtremum(owner, argType, place, direction)
        : extremumAccumulator(owner, argType, place, direction)
    }
    case 'FIRST_VALUE':
    case 'LAST_VALUE': {
      const which = call.name === 'FIRST_VALUE' ? 'first' : 'last'
      return input === 'changing' ? retractableArrival(owner, argType, place, which) : arrivalAccumulator(owner, argType, place, which)
    }
    case 'LISTAGG':
      return listAccumulator(owner, argType, place, { form: textForm(call.options?.[0] ?? ','), input })
    case 'ARRAY_AGG':
      return listAccumulator(owner, argType, place, { form: arrayForm, input })
    case 'JSON_ARRAYAGG':
      return listAccumulator(owner, argType, place, { form: jsonArrayForm, input })
    case 'JSON_OBJECTAGG':
      return listAccumulator(owner, argType, place, { form: jsonObjectForm, input })
    case 'SINGLE_VALUE':
      return listAccumulator(owner, argType, place, { form: singleForm(call.options?.[0]), input })
    case 'STDDEV_POP':
    case 'STDDEV_SAMP':
    case 'VAR_POP':
    case 'VAR_SAMP':
      return varianceAccumulator(arena, argType, call.type, place, call.name)
    case 'APPROX_COUNT_DISTINCT':
      // Exact: what is asked for is within any bound of error.
      return countAccumulator(arena, place)
    case 'PERCENTILE': {
      const percentages = (call.options ?? []).map(Number)
      return percentileAccumulator(owner, place, { argType, result: call.type.kind === 'ARRAY' ? 'array' : 'single', percentages })
    }
    case 'COLLECT':
      return collectAccumulator(owner, argType, place)
    default:
      throw new AssertionError(`Internal fault: the planner lets only known aggregates through, not ${call.name}`)
  }
}

type BitmapAggregate = { readonly operation: 'build' | 'and' | 'or' | 'xor'; readonly result: BitmapResult }

const bitmapAggregates: ReadonlyMap<string, BitmapAggregate> = new Map(
  (['build', 'and', 'or', 'xor'] as const).flatMap((operation): [string, BitmapAggregate][] => [
    [`BITMAP_${operation.toUpperCase()}_AGG`, { operation, result: 'set' }],
    [`BITMAP_${operation.toUpperCase()}_CARDINALITY_AGG`, { operation, result: 'cardinality' }],
  ]),
)

function ofBitmap(arena: Arena, place: AccumulatorPlace, input: Input, { operation, result }: BitmapAggregate): Accumulator {
  if (operation === 'build') return buildAccumulator(arena, place, result)
  if (operation === 'xor' || input === 'appending') return combineAccumulator(arena, place, operation, result)
  return countedAccumulator(arena, place, operation, result)
}

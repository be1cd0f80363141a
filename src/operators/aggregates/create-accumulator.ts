import { AssertionError, assert } from '../../base/assert.ts'
import type { ArenaOwner } from '../../data/arena.ts'
import type { AggregateCall } from '../../expr/aggregate.ts'
import type { Accumulator, AccumulatorPlace } from './accumulator.ts'
import { avgAccumulator } from './avg.ts'
import { collectAccumulator } from './collect.ts'
import { countAccumulator } from './count.ts'
import { distinctAccumulator } from './distinct.ts'
import { extremumAccumulator, retractableExtremum } from './extremum.ts'
import { filteredAccumulator } from './filtered.ts'
import { arrivalAccumulator, retractableArrival } from './first-last.ts'
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
export function createAccumulator(owner: ArenaOwner, call: AggregateCall, offset: number, input: 'appending' | 'changing'): Accumulator {
  const place: AccumulatorPlace = { offset, column: call.args[0] ?? -1 }
  const [argType] = call.argTypes
  const isOneWay = call.oneWay === true
  let accumulator = ofValues(owner, call, place, isOneWay ? 'appending' : input)
  // Each value once changes nothing about the least or the first of them.
  const isUnaffected = ['MIN', 'MAX', 'FIRST_VALUE'].includes(call.name)
  if (call.distinct && argType !== undefined && !(isUnaffected && (isOneWay || input === 'appending'))) {
    accumulator = distinctAccumulator(owner, argType, place, accumulator, call.name === 'ARRAY_AGG' ? 'with-null' : 'without-null')
  }
  return call.filter === undefined ? accumulator : filteredAccumulator(owner, call.filter, accumulator)
}

function ofValues(owner: ArenaOwner, call: AggregateCall, place: AccumulatorPlace, input: 'appending' | 'changing'): Accumulator {
  const { arena } = owner
  const [argType] = call.argTypes
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
        ? retractableExtremum(arena, argType, place, direction)
        : extremumAccumulator(owner, argType, place, direction)
    }
    case 'FIRST_VALUE':
    case 'LAST_VALUE': {
      const which = call.name === 'FIRST_VALUE' ? 'first' : 'last'
      return input === 'changing' ? retractableArrival(arena, argType, place, which) : arrivalAccumulator(owner, argType, place, which)
    }
    case 'LISTAGG':
      return listAccumulator(arena, argType, place, { form: textForm(call.options?.[0] ?? ','), input })
    case 'ARRAY_AGG':
      return listAccumulator(arena, argType, place, { form: arrayForm, input })
    case 'JSON_ARRAYAGG':
      return listAccumulator(arena, argType, place, { form: jsonArrayForm, input })
    case 'JSON_OBJECTAGG':
      return listAccumulator(arena, argType, place, { form: jsonObjectForm, input })
    case 'SINGLE_VALUE':
      return listAccumulator(arena, argType, place, { form: singleForm(call.options?.[0]), input })
    case 'STDDEV_POP':
    case 'STDDEV_SAMP':
    case 'VAR_POP':
    case 'VAR_SAMP':
      return varianceAccumulator(arena, argType, call.type, place, call.name)
    case 'APPROX_COUNT_DISTINCT':
      // Exact: what is asked for is within any bound of error.
      return distinctAccumulator(owner, argType, place, countAccumulator(arena, place))
    case 'PERCENTILE': {
      const percentages = (call.options ?? []).map(Number)
      return percentileAccumulator(arena, place, { argType, result: call.type.kind === 'ARRAY' ? 'array' : 'single', percentages })
    }
    case 'COLLECT':
      return collectAccumulator(arena, argType, place)
    default:
      throw new AssertionError(`Internal fault: the planner lets only known aggregates through, not ${call.name}`)
  }
}

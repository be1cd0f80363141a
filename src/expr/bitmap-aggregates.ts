import { types } from '../data/types.ts'
import type { AggregateFunction } from './aggregate.ts'
import { bitmap } from './functions/bitmap.ts'
import { type Parameter, integer, signature } from './signature.ts'

const smallInteger: Parameter = {
  wanted: 'an INT',
  accept: (arg) => (arg.type.kind === 'BIGINT' ? undefined : integer.accept(arg)),
}

function ofBitmaps(operation: string, which: string): readonly AggregateFunction[] {
  return [
    {
      name: `BITMAP_${operation}_AGG`,
      forms: [`BITMAP_${operation}_AGG([DISTINCT] bitmap)`],
      doc: `The numbers that are in ${which} that are not NULL; NULL when there are none`,
      resolve: signature({ parameters: [bitmap], returns: types.bitmap(), nullable: 'always' }),
    },
    {
      name: `BITMAP_${operation}_CARDINALITY_AGG`,
      forms: [`BITMAP_${operation}_CARDINALITY_AGG([DISTINCT] bitmap)`],
      doc: `How many numbers are in ${which} that are not NULL; NULL when there are none`,
      resolve: signature({ parameters: [bitmap], returns: types.bigint(), nullable: 'always' }),
    },
  ]
}

/** Aggregates that make or combine sets of integers. */
export const bitmapAggregates: readonly AggregateFunction[] = [
  {
    name: 'BITMAP_BUILD_AGG',
    forms: ['BITMAP_BUILD_AGG([DISTINCT] integer)'],
    doc: 'The bitmap of the integers that are not NULL; NULL when there are none',
    resolve: signature({ parameters: [smallInteger], returns: types.bitmap(), nullable: 'always' }),
  },
  {
    name: 'BITMAP_BUILD_CARDINALITY_AGG',
    forms: ['BITMAP_BUILD_CARDINALITY_AGG([DISTINCT] integer)'],
    doc: 'How many different integers that are not NULL there are; NULL when there are none',
    resolve: signature({ parameters: [smallInteger], returns: types.bigint(), nullable: 'always' }),
  },
  ...ofBitmaps('AND', 'all bitmaps'),
  ...ofBitmaps('OR', 'any of the bitmaps'),
  ...ofBitmaps('XOR', 'an odd number of the bitmaps'),
]

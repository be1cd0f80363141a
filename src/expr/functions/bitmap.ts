import type { SetOperation } from '../../data/bitmap-chunk.ts'
import { Bitmap, bitmapOf, formatBitmap, parseBitmap } from '../../data/bitmap.ts'
import { types } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { EvaluationError } from '../evaluation-error.ts'
import type { ScalarFunction } from '../function.ts'
import { type Parameter, binary, signature } from '../signature.ts'

/** A BITMAP; a NULL without a type is none. */
export const bitmap: Parameter = {
  wanted: 'a BITMAP',
  accept: ({ type }) => (type.kind === 'BITMAP' ? type : undefined),
}

const integers: Parameter = {
  wanted: 'an array of INT',
  accept({ type }) {
    if (type.kind === 'NULL') return types.array(types.integer())
    if (type.kind !== 'ARRAY' || !['TINYINT', 'SMALLINT', 'INTEGER'].includes(type.element.kind)) return undefined
    return types.array(types.integer(type.element.nullable), type.nullable)
  },
}

const MOST_ITEMS = 2147483647

function ofTwo(name: string, operation: SetOperation, which: string, example: string): ScalarFunction {
  return {
    name,
    family: 'bitmap',
    forms: [`${name}(bitmap1, bitmap2)`],
    doc: `The numbers that are in ${which}; NULL when one of them is NULL.`,
    examples: [[`${name}(BITMAP_BUILD(ARRAY[1, 2]), BITMAP_BUILD(ARRAY[2, 3]))`, example]],
    resolve: signature({ parameters: [bitmap, bitmap], returns: types.bitmap() }),
    nulls: 'strict',
    evaluate([a, b]) {
      const set = bitmapOf(a as Uint8Array)
      set.combine(operation, bitmapOf(b as Uint8Array))
      return set.toBytes()
    },
  }
}

function ofArray(items: readonly SqlValue[]): Uint8Array {
  const set = new Bitmap()
  for (const item of items) if (item !== null) set.add(item as number)
  return set.toBytes()
}

/** Functions over BITMAP, sets of 32-bit integers. */
export const bitmapFunctions: readonly ScalarFunction[] = [
  ofTwo('BITMAP_AND', 'and', 'both bitmaps', '{2}'),
  ofTwo('BITMAP_OR', 'or', 'one of the bitmaps or both', '{1,2,3}'),
  ofTwo('BITMAP_XOR', 'xor', 'one of the bitmaps but not in both', '{1,3}'),
  ofTwo('BITMAP_ANDNOT', 'andnot', 'the first bitmap but not in the second', '{1}'),
  {
    name: 'BITMAP_BUILD',
    family: 'bitmap',
    forms: ['BITMAP_BUILD(array)'],
    doc: 'The bitmap of the integers of an array, NULLs left out; NULL for NULL.',
    examples: [['BITMAP_BUILD(ARRAY[5, 1, 3, 1, -1])', '{1,3,5,4294967295}']],
    resolve: signature({ parameters: [integers], returns: types.bitmap() }),
    nulls: 'strict',
    evaluate: ([items]) => ofArray(items as readonly SqlValue[]),
  },
  {
    name: 'BITMAP_CARDINALITY',
    family: 'bitmap',
    forms: ['BITMAP_CARDINALITY(bitmap)'],
    doc: 'How many numbers a bitmap has, as BIGINT; NULL for NULL.',
    examples: [['BITMAP_CARDINALITY(BITMAP_BUILD(ARRAY[5, 1, 5]))', '2']],
    resolve: signature({ parameters: [bitmap], returns: types.bigint() }),
    nulls: 'strict',
    evaluate: ([value]) => BigInt(bitmapOf(value as Uint8Array).cardinality),
  },
  {
    name: 'BITMAP_FROM_BYTES',
    family: 'bitmap',
    forms: ['BITMAP_FROM_BYTES(bytes)'],
    doc: 'The bitmap that bytes in the portable format of Roaring bitmaps (32 bits) are; fails for other bytes, NULL for NULL.',
    examples: [["BITMAP_FROM_BYTES(x'3a3000000100000000000000100000000500')", '{5}']],
    resolve: signature({ parameters: [binary], returns: types.bitmap() }),
    nulls: 'strict',
    evaluate([bytes]) {
      const set = parseBitmap(bytes as Uint8Array)
      if (set !== undefined) return set.toBytes()
      const hex = Buffer.from(bytes as Uint8Array).toString('hex')
      throw new EvaluationError(
        'data/bitmap',
        `Cannot read x'${hex.length > 60 ? `${hex.slice(0, 60)}...` : hex}' in "BITMAP_FROM_BYTES": the bytes are no bitmap in the portable Roaring format of 32 bits`,
      )
    },
  },
  {
    name: 'BITMAP_TO_ARRAY',
    family: 'bitmap',
    forms: ['BITMAP_TO_ARRAY(bitmap)'],
    doc: 'The numbers of a bitmap as an array of INT: those from 0 on ascending, then the negative ones ascending; NULL for NULL.',
    examples: [['BITMAP_TO_ARRAY(BITMAP_BUILD(ARRAY[5, 1, -3]))', '[1, 5, -3]']],
    resolve: signature({ parameters: [bitmap], returns: types.array(types.integer()) }),
    nulls: 'strict',
    evaluate([value]) {
      const set = bitmapOf(value as Uint8Array)
      if (set.cardinality <= MOST_ITEMS) return Array.from(set.numbers(), (number) => number | 0)
      throw new EvaluationError(
        'data/bitmap',
        `Cannot evaluate "BITMAP_TO_ARRAY": the bitmap has ${set.cardinality} numbers, an array holds at most ${MOST_ITEMS}`,
      )
    },
  },
  {
    name: 'BITMAP_TO_BYTES',
    family: 'bitmap',
    forms: ['BITMAP_TO_BYTES(bitmap)'],
    doc: 'A bitmap in the portable format of Roaring bitmaps (32 bits), as short as that can be; NULL for NULL.',
    examples: [["BITMAP_TO_BYTES(BITMAP_BUILD(ARRAY[5])) = x'3a3000000100000000000000100000000500'", 'TRUE']],
    resolve: signature({ parameters: [bitmap], returns: types.bytes() }),
    nulls: 'strict',
    evaluate: ([value]) => value!,
  },
  {
    name: 'BITMAP_TO_STRING',
    family: 'bitmap',
    forms: ['BITMAP_TO_STRING(bitmap)'],
    doc: 'The numbers of a bitmap in braces, ascending and without a sign, as CAST(bitmap AS STRING); NULL for NULL.',
    examples: [['BITMAP_TO_STRING(BITMAP_BUILD(ARRAY[5, 1, -3]))', '{1,5,4294967293}']],
    resolve: signature({ parameters: [bitmap], returns: types.string() }),
    nulls: 'strict',
    evaluate: ([value]) => formatBitmap(value as Uint8Array),
  },
]

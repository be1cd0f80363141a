import { type TypeOf, types, withNullability } from '../../data/types.ts'
import { type SqlMap, type SqlValue, Variant } from '../../data/value.ts'
import { variantElement, variantField } from '../../data/variant.ts'
import { canCast } from '../cast.ts'
import { isInteger, isText } from '../coercion.ts'
import { EvaluationError } from '../evaluation-error.ts'
import type { ArgInfo, ResolvedCall, ScalarFunction } from '../function.ts'
import { signature, type Parameter } from '../signature.ts'
import { arrayFunctions } from './array.ts'
import { array, elementOf, isSame, type ArrayValue } from './array-values.ts'
import { mapFunctions } from './map.ts'

const collection: Parameter = {
  wanted: 'an array, map or multiset',
  accept: ({ type }) => (type.kind === 'ARRAY' || type.kind === 'MAP' || type.kind === 'MULTISET' ? type : undefined),
}

const access: readonly ScalarFunction[] = [
  {
    name: 'CARDINALITY',
    family: 'collection',
    forms: ['CARDINALITY(array)', 'CARDINALITY(map)', 'CARDINALITY(multiset)'],
    doc: 'The number of elements of an array or multiset, or of entries of a map.',
    examples: [
      ['CARDINALITY(ARRAY[1, 2, 2])', '3'],
      ["CARDINALITY(MAP['a', 1])", '1'],
    ],
    resolve: signature({ parameters: [collection], returns: types.integer() }),
    nulls: 'strict',
    evaluate: ([value], site) => {
      if (site.argTypes[0]!.kind === 'ARRAY') return (value as ArrayValue).length
      const map = value as SqlMap
      return site.argTypes[0]!.kind === 'MAP' ? map.keys.length : map.values.reduce<number>((sum, count) => sum + (count as number), 0)
    },
    sparkName: 'SIZE',
  },
  {
    name: 'ELEMENT',
    family: 'collection',
    forms: ['ELEMENT(array)'],
    doc: 'The only element of an array; NULL for an empty one. Fails when there are more.',
    examples: [
      ['ELEMENT(ARRAY[7])', '7'],
      ['ELEMENT(CAST(NULL AS ARRAY<INT>))', null],
    ],
    resolve: signature({ parameters: [array], returns: ([type]) => elementOf(type) }),
    nulls: 'strict',
    evaluate: ([value]) => {
      const items = value as ArrayValue
      if (items.length > 1)
        throw new EvaluationError(
          'data/element',
          `Cannot evaluate "ELEMENT": the array has ${items.length} elements, at most one was wanted`,
        )
      return items[0] ?? null
    },
    sparkName: null,
  },
  {
    name: 'ITEM',
    family: 'collection',
    forms: ['array[position]', 'map[key]', 'row[position]', 'row[name]', 'variant[position]', 'variant[key]'],
    doc: 'The element of an array at a position from 1, the value of a map for a key, a field of a row, or a member of a VARIANT; NULL where there is none. Fails for a key of a VARIANT that is no object and a position in one that is no array.',
    examples: [
      ["ARRAY['a', 'b'][2]", 'b'],
      ["MAP['k', 1]['k']", '1'],
      ["PARSE_JSON('{\"a\": [10, 20]}')['a'][1]", '10'],
    ],
    resolve: resolveItem,
    nulls: 'strict',
    evaluate: ([value, index], site) => {
      const type = site.argTypes[0]!
      if (type.kind === 'ARRAY') return (index as number) < 1 ? null : ((value as ArrayValue)[(index as number) - 1] ?? null)
      if (type.kind === 'MAP') {
        const { keys, values } = value as SqlMap
        const at = keys.findIndex((key) => isSame(type.key, key, index!))
        return at < 0 ? null : (values[at] ?? null)
      }
      if (type.kind === 'ROW') return (value as ArrayValue)[fieldIndex(type, index!)] ?? null
      const { content } = value as Variant
      const wanted = typeof index === 'string' ? 'object' : 'array'
      if (content.kind !== wanted) {
        throw new EvaluationError(
          'data/variant',
          `Cannot read member "${String(index)}" of a VARIANT: it is of kind ${content.kind}, wanted is an ${wanted}`,
        )
      }
      const found = typeof index === 'string' ? variantField(content, index) : variantElement(content, index as number)
      return found === undefined ? null : new Variant(found)
    },
    sparkName: 'ELEMENT_AT',
  },
]

/** A position is an integer; a literal one below 1 is refused, for it can never name an element. */
function resolveItem(args: readonly ArgInfo[]): ResolvedCall | string {
  const [base, index] = args
  if (base === undefined || index === undefined || args.length !== 2) return 'count'
  const isPosition = isInteger(index.type) || index.type.kind === 'NULL'
  const position = types.integer(index.type.nullable)
  switch (base.type.kind) {
    case 'ARRAY':
      if (!isPosition) return 'an integer as argument 2'
      if ((typeof index.literal === 'number' || typeof index.literal === 'bigint') && index.literal < 1)
        return 'a position from 1 as argument 2'
      return { type: withNullability(base.type.element, true), argTypes: [base.type, position] }
    case 'MAP': {
      const { key } = base.type
      if (!canCast(index.type, key, 'implicit') && !(isInteger(index.type) && isInteger(key))) return 'a key of the map as argument 2'
      const type = isText(index.type) && isText(key) ? index.type : withNullability(key, index.type.nullable)
      return { type: withNullability(base.type.value, true), argTypes: [base.type, type] }
    }
    case 'ROW': {
      const at = fieldIndex(base.type, index.literal ?? null)
      const field = base.type.fields[at]
      if (field === undefined) return `the literal name of a field, or its position from 1 to ${base.type.fields.length}, as argument 2`
      const type = withNullability(field.type, base.type.nullable || field.type.nullable)
      return { type, argTypes: [base.type, index.type] }
    }
    case 'VARIANT':
      if (isText(index.type)) return { type: types.variant(), argTypes: [base.type, index.type] }
      return isPosition ? { type: types.variant(), argTypes: [base.type, position] } : 'a text or an integer as argument 2'
    default:
      return 'an array, map, row or VARIANT as argument 1'
  }
}

/** Of a literal name, or of a position from 1; -1 when there is no such field. */
function fieldIndex({ fields }: TypeOf<'ROW'>, index: SqlValue): number {
  if (typeof index === 'string') return fields.findIndex((field) => field.name === index)
  return typeof index === 'number' || typeof index === 'bigint' ? Number(index) - 1 : -1
}

/** Functions over arrays, maps, multisets and members of VARIANTs. */
export const collectionFunctions: readonly ScalarFunction[] = [...access, ...arrayFunctions, ...mapFunctions]

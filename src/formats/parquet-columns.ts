import type { SchemaElement } from 'hyparquet'
import { unreachable } from '../base/assert.ts'
import { userError } from '../base/errors.ts'
import type { RowField, SqlType } from '../data/types.ts'
import { formatType, types } from '../data/types.ts'

/** How TIMESTAMPs are written: as INT96, or as INT64 of a unit. */
export type ParquetTimestamps = 'INT96' | 'MILLIS' | 'MICROS' | 'NANOS'

/** A column of the file without children, as it is written. */
export interface WrittenLeaf {
  readonly path: readonly string[]
  readonly element: SchemaElement
  readonly type: SqlType
  readonly maxDefinition: number
  readonly maxRepetition: number
}

/** How a value is taken apart into the entries of leaves. */
export type WrittenNode =
  | { readonly kind: 'leaf'; readonly leaf: number; readonly definition: number; readonly isOptional: boolean; readonly name: string }
  | {
      readonly kind: 'row' | 'list' | 'map'
      readonly leaves: readonly number[]
      /** Where the node itself is there; an item of it one more. */
      readonly definition: number
      readonly isOptional: boolean
      /** Of items. */
      readonly repetition: number
      readonly children: readonly WrittenNode[]
      readonly name: string
    }

export interface WrittenSchema {
  readonly elements: readonly SchemaElement[]
  readonly leaves: readonly WrittenLeaf[]
  readonly nodes: readonly WrittenNode[]
}

/** The schema of a table's rows, as Flink derives it. @throws {RheoError} `sql/unsupported-type`. */
export function parquetSchemaOf(columns: readonly RowField[], timestamps: ParquetTimestamps): WrittenSchema {
  const elements: SchemaElement[] = [{ name: 'flink_schema', num_children: columns.length }]
  const leaves: WrittenLeaf[] = []
  const nodes = columns.map(({ name, type }) =>
    new SchemaWriter(elements, leaves, timestamps).node(name, type, { path: [], definition: 0, repetition: 0 }),
  )
  return { elements, leaves, nodes }
}

interface Place {
  readonly path: readonly string[]
  readonly definition: number
  readonly repetition: number
}

class SchemaWriter {
  readonly #elements: SchemaElement[]
  readonly #leaves: WrittenLeaf[]
  readonly #timestamps: ParquetTimestamps

  constructor(elements: SchemaElement[], leaves: WrittenLeaf[], timestamps: ParquetTimestamps) {
    this.#elements = elements
    this.#leaves = leaves
    this.#timestamps = timestamps
  }

  node(name: string, type: SqlType, above: Place): WrittenNode {
    const isOptional = type.nullable
    const here: Place = { path: [...above.path, name], definition: above.definition + (isOptional ? 1 : 0), repetition: above.repetition }
    const common = { name, repetition_type: isOptional ? ('OPTIONAL' as const) : ('REQUIRED' as const) }
    switch (type.kind) {
      case 'ROW': {
        this.#elements.push({ ...common, num_children: type.fields.length })
        return this.#group(
          'row',
          here,
          isOptional,
          type.fields.map((field) => () => this.node(field.name, field.type, here)),
        )
      }
      case 'ARRAY': {
        this.#elements.push({ ...common, num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } })
        const items = this.#repeated('list', here, 1)
        return this.#group('list', here, isOptional, [() => this.node('element', type.element, items)])
      }
      case 'MAP':
      case 'MULTISET': {
        this.#elements.push({ ...common, num_children: 1, converted_type: 'MAP', logical_type: { type: 'MAP' } })
        const key = type.kind === 'MAP' ? type.key : type.element
        const value = type.kind === 'MAP' ? type.value : types.integer(false)
        const items = this.#repeated('key_value', here, 2)
        return this.#group('map', here, isOptional, [
          () => this.node('key', { ...key, nullable: false }, items),
          () => this.node('value', value, items),
        ])
      }
      default: {
        const element: SchemaElement = { ...common, ...this.#primitive(type, here.path) }
        this.#elements.push(element)
        this.#leaves.push({ path: here.path, element, type, maxDefinition: here.definition, maxRepetition: here.repetition })
        return { kind: 'leaf', leaf: this.#leaves.length - 1, definition: here.definition, isOptional, name: here.path.join('.') }
      }
    }
  }

  #repeated(name: string, above: Place, childCount: number): Place {
    this.#elements.push({ name, repetition_type: 'REPEATED', num_children: childCount })
    return { path: [...above.path, name], definition: above.definition + 1, repetition: above.repetition + 1 }
  }

  #group(kind: 'row' | 'list' | 'map', here: Place, isOptional: boolean, makers: readonly (() => WrittenNode)[]): WrittenNode {
    const children = makers.map((make) => make())
    const leaves = children.flatMap((child) => (child.kind === 'leaf' ? [child.leaf] : child.leaves))
    return { kind, leaves, definition: here.definition, isOptional, repetition: here.repetition + 1, children, name: here.path.join('.') }
  }

  #primitive(type: SqlType, path: readonly string[]): Partial<SchemaElement> {
    switch (type.kind) {
      case 'BOOLEAN':
        return { type: 'BOOLEAN' }
      case 'TINYINT':
        return { type: 'INT32', converted_type: 'INT_8' }
      case 'SMALLINT':
        return { type: 'INT32', converted_type: 'INT_16' }
      case 'INTEGER':
        return { type: 'INT32' }
      case 'BIGINT':
        return { type: 'INT64' }
      case 'FLOAT':
        return { type: 'FLOAT' }
      case 'DOUBLE':
        return { type: 'DOUBLE' }
      case 'CHAR':
      case 'VARCHAR':
        return { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } }
      case 'BINARY':
      case 'VARBINARY':
        return { type: 'BYTE_ARRAY' }
      case 'DATE':
        return { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } }
      case 'TIME':
        return { type: 'INT32', converted_type: 'TIME_MILLIS', logical_type: { type: 'TIME', isAdjustedToUTC: true, unit: 'MILLIS' } }
      case 'DECIMAL': {
        const { precision, scale } = type
        const logical = { type: 'DECIMAL', precision, scale } as const
        return {
          type: 'FIXED_LEN_BYTE_ARRAY',
          type_length: decimalBytes(precision),
          converted_type: 'DECIMAL',
          precision,
          scale,
          logical_type: logical,
        }
      }
      case 'TIMESTAMP':
      case 'TIMESTAMP_LTZ': {
        const unit = this.#timestamps
        if (unit === 'INT96') return { type: 'INT96' }
        const logical = { type: 'TIMESTAMP', isAdjustedToUTC: type.kind === 'TIMESTAMP_LTZ', unit } as const
        return { type: 'INT64', logical_type: logical }
      }
      case 'ARRAY':
      case 'MAP':
      case 'MULTISET':
      case 'ROW':
      case 'NULL':
      case 'VARIANT':
      case 'BITMAP':
      case 'INTERVAL_YEAR_MONTH':
      case 'INTERVAL_DAY_TIME':
        throw userError(
          'sql/unsupported-type',
          `Cannot write column "${path.join('.')}" as parquet: its type is ${formatType(type)}, wanted a type that parquet has`,
        )
      default:
        return unreachable(type)
    }
  }
}

/** The fewest bytes that hold so many decimal digits and a sign. */
export function decimalBytes(precision: number): number {
  let bytes = 1
  while (2n ** BigInt(8 * bytes - 1) < 10n ** BigInt(precision)) bytes++
  return bytes
}

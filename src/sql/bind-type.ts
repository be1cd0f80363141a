import { unreachable } from '../base/assert.ts'
import { type Position, userError } from '../base/errors.ts'
import { MAX_DECIMAL_PRECISION, MAX_LENGTH, type RowField, type SqlType, types } from '../data/types.ts'
import type { FieldTypeNode, TypeNode } from './syntax-type.ts'

/** The type that a text names, with Flink's defaults: DECIMAL is DECIMAL(10, 0), CHAR is CHAR(1), VARCHAR is STRING, TIMESTAMP is TIMESTAMP(6). */
export function typeFromSyntax(node: TypeNode): SqlType {
  const { nullable, at } = node
  switch (node.kind) {
    case 'plain-type':
      return plainType(node.name, nullable, at)
    case 'length-type': {
      const length = inRange(
        node.length ?? (node.name === 'VARCHAR' || node.name === 'VARBINARY' ? MAX_LENGTH : 1),
        1,
        MAX_LENGTH,
        'length',
        at,
      )
      return { kind: node.name, length, nullable }
    }
    case 'decimal-type': {
      const precision = inRange(node.precision ?? 10, 1, MAX_DECIMAL_PRECISION, 'precision', at)
      return types.decimal(precision, inRange(node.scale ?? 0, 0, precision, 'scale', at), nullable)
    }
    case 'time-type':
      return timeType(node.name, node.precision, nullable, at)
    case 'interval-type':
      return node.qualifier.start === 'YEAR' || node.qualifier.start === 'MONTH' || node.qualifier.start === 'QUARTER'
        ? types.intervalYearMonth(nullable)
        : types.intervalDayTime(nullable)
    case 'array-type':
      return types.array(typeFromSyntax(node.element), nullable)
    case 'multiset-type':
      return types.multiset(typeFromSyntax(node.element), nullable)
    case 'map-type':
      return types.map(typeFromSyntax(node.key), typeFromSyntax(node.value), nullable)
    case 'row-type':
      return types.row(fieldsOf(node.fields), nullable)
    case 'raw-type':
      throw userError('unsupported/raw-type', 'Cannot use the type RAW: classes of Java do not exist here', at)
    case 'structured-type':
      throw userError('unsupported/structured-type', 'Cannot use the type STRUCTURED: classes of Java do not exist here; use ROW', at)
    default:
      return unreachable(node)
  }
}

function plainType(name: Extract<TypeNode, { kind: 'plain-type' }>['name'], nullable: boolean, at: Position): SqlType {
  switch (name) {
    case 'STRING':
      return types.string(nullable)
    case 'BYTES':
      return types.bytes(nullable)
    case 'ANY':
    case 'NULL':
      throw userError('sql/unknown-type', `Cannot use the type ${name} here: a type of values was wanted`, at)
    default:
      return { kind: name, nullable }
  }
}

function timeType(
  name: Extract<TypeNode, { kind: 'time-type' }>['name'],
  precision: number | undefined,
  nullable: boolean,
  at: Position,
): SqlType {
  switch (name) {
    case 'TIME':
      return types.time(inRange(precision ?? 0, 0, 9, 'precision', at), nullable)
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return { kind: name, precision: inRange(precision ?? 6, 0, 9, 'precision', at), nullable }
    case 'TIMESTAMP_TZ':
      throw userError('sql/unknown-type', 'Cannot use TIMESTAMP WITH TIME ZONE: no engine has it; use TIMESTAMP_LTZ', at)
    case 'TIME_LTZ':
      throw userError('sql/unknown-type', 'Cannot use TIME WITH LOCAL TIME ZONE: no engine has it; use TIME', at)
    default:
      return unreachable(name)
  }
}

function fieldsOf(fields: readonly FieldTypeNode[]): readonly RowField[] {
  return fields.map(({ name, type, comment }, i) => {
    if (fields.findIndex((other) => other.name.name === name.name) < i) {
      throw userError('sql/duplicate-column', `Cannot make a ROW: its field "${name.name}" is there twice`, name.at)
    }
    const field = { name: name.name, type: typeFromSyntax(type) }
    return comment === undefined ? field : { ...field, comment: comment.value }
  })
}

function inRange(value: number, least: number, most: number, what: string, at: Position): number {
  if (value >= least && value <= most) return value
  throw userError('sql/type-range', `Cannot use a ${what} of ${value}: it has to be from ${least} to ${most}`, at)
}

import { unreachable } from '../base/assert.ts'
import type { FieldTypeNode, IntervalQualifier, TypeNode } from './syntax-type.ts'

/** `name` in back quotes. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
}

/** 'text' with its quotes doubled. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

export function typeText(type: TypeNode): string {
  return type.nullable ? bareTypeText(type) : `${bareTypeText(type)} NOT NULL`
}

function bareTypeText(type: TypeNode): string {
  switch (type.kind) {
    case 'plain-type':
      return type.name
    case 'length-type':
      return type.length === undefined ? type.name : `${type.name}(${type.length})`
    case 'decimal-type':
      if (type.precision === undefined) return 'DECIMAL'
      return type.scale === undefined ? `DECIMAL(${type.precision})` : `DECIMAL(${type.precision}, ${type.scale})`
    case 'time-type':
      return timeTypeText(type.name, type.precision)
    case 'interval-type':
      return `INTERVAL ${qualifierText(type.qualifier)}`
    case 'array-type':
      return `ARRAY< ${typeText(type.element)} >`
    case 'multiset-type':
      return `MULTISET< ${typeText(type.element)} >`
    case 'map-type':
      return `MAP< ${typeText(type.key)}, ${typeText(type.value)} >`
    case 'row-type':
      return type.fields.length === 0 ? 'ROW<>' : `ROW< ${type.fields.map(fieldText).join(', ')} >`
    case 'raw-type':
      return `RAW(${quoteText(type.className.value)}, ${quoteText(type.serializer.value)})`
    case 'structured-type':
      return `STRUCTURED<${[quoteText(type.className.value), ...type.fields.map(fieldText)].join(', ')}>`
    default:
      return unreachable(type)
  }
}

function timeTypeText(name: 'TIME' | 'TIMESTAMP' | 'TIMESTAMP_LTZ' | 'TIMESTAMP_TZ' | 'TIME_LTZ', precision: number | undefined): string {
  const digits = precision === undefined ? '' : `(${precision})`
  switch (name) {
    case 'TIMESTAMP_TZ':
      return `TIMESTAMP${digits} WITH TIME ZONE`
    case 'TIME_LTZ':
      return `TIME${digits} WITH LOCAL TIME ZONE`
    default:
      return `${name}${digits}`
  }
}

function fieldText(field: FieldTypeNode): string {
  const comment = field.comment === undefined ? '' : ` ${quoteText(field.comment.value)}`
  return `${quoteName(field.name.name)} ${typeText(field.type)}${comment}`
}

/** `DAY(3) TO SECOND(2)`. */
export function qualifierText(qualifier: IntervalQualifier): string {
  const { start, startPrecision, end, fractionPrecision } = qualifier
  if (end === undefined && fractionPrecision !== undefined) return `${start}(${startPrecision ?? 2}, ${fractionPrecision})`
  const first = startPrecision === undefined ? start : `${start}(${startPrecision})`
  if (end === undefined) return first
  return fractionPrecision === undefined ? `${first} TO ${end}` : `${first} TO ${end}(${fractionPrecision})`
}

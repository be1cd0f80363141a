import { formatType, MAX_LENGTH, type SqlType } from './types.ts'

/** The text of a type as TYPEOF gives it: as `formatType`, but intervals are named by their least unit. */
export function summaryType(type: SqlType): string {
  return typeText(type, 'summary')
}

/** The text of a type that DDL reads back: STRING is `VARCHAR(2147483647)`. */
export function serializableType(type: SqlType): string {
  return typeText(type, 'serializable')
}

function typeText(type: SqlType, style: 'summary' | 'serializable'): string {
  const suffix = type.nullable ? '' : ' NOT NULL'
  switch (type.kind) {
    case 'INTERVAL_YEAR_MONTH':
      return `INTERVAL MONTH${suffix}`
    case 'INTERVAL_DAY_TIME':
      return `INTERVAL SECOND(3)${suffix}`
    case 'VARCHAR':
    case 'VARBINARY':
      if (style === 'serializable' && type.length === MAX_LENGTH) return `${type.kind}(${MAX_LENGTH})${suffix}`
      return formatType(type)
    case 'ARRAY':
    case 'MULTISET':
      return `${type.kind}<${typeText(type.element, style)}>${suffix}`
    case 'MAP':
      return `MAP<${typeText(type.key, style)}, ${typeText(type.value, style)}>${suffix}`
    case 'ROW': {
      const fields = type.fields.map((field) => `\`${field.name.replaceAll('`', '``')}\` ${typeText(field.type, style)}`).join(', ')
      return `${type.className === undefined ? `ROW<${fields}` : `STRUCTURED<'${type.className}', ${fields}`}>${suffix}`
    }
    default:
      return formatType(type)
  }
}

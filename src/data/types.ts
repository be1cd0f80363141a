import { unreachable } from '../base/assert.ts'

/** SQL types without parameters. */
export type SimpleKind =
  | 'BOOLEAN'
  | 'TINYINT'
  | 'SMALLINT'
  | 'INTEGER'
  | 'BIGINT'
  | 'FLOAT'
  | 'DOUBLE'
  | 'DATE'
  | 'VARIANT'
  | 'BITMAP'
  | 'NULL'
  /** Months. */
  | 'INTERVAL_YEAR_MONTH'
  /** Milliseconds. */
  | 'INTERVAL_DAY_TIME'

export interface RowField {
  readonly name: string
  readonly type: SqlType
  readonly comment?: string
}

/**
 * A SQL type of Flink's. Plain data. STRING is VARCHAR(2147483647), BYTES is VARBINARY(2147483647).
 *
 * `nullable` is part of every type, as in Flink: a column is nullable unless it says NOT NULL.
 */
export type SqlType =
  | { readonly kind: SimpleKind; readonly nullable: boolean }
  | { readonly kind: 'DECIMAL'; readonly precision: number; readonly scale: number; readonly nullable: boolean }
  | { readonly kind: 'CHAR' | 'VARCHAR' | 'BINARY' | 'VARBINARY'; readonly length: number; readonly nullable: boolean }
  | { readonly kind: 'TIME' | 'TIMESTAMP' | 'TIMESTAMP_LTZ'; readonly precision: number; readonly nullable: boolean }
  | { readonly kind: 'ARRAY' | 'MULTISET'; readonly element: SqlType; readonly nullable: boolean }
  | { readonly kind: 'MAP'; readonly key: SqlType; readonly value: SqlType; readonly nullable: boolean }
  /** With a class name it is one of Flink's structured types (OBJECT_OF), which differs from a plain row only in how it is shown. */
  | { readonly kind: 'ROW'; readonly fields: readonly RowField[]; readonly className?: string; readonly nullable: boolean }

export type SqlKind = SqlType['kind']
export type TypeOf<K extends SqlKind> = Extract<SqlType, { kind: K }>

export const MAX_LENGTH = 2147483647
export const MAX_DECIMAL_PRECISION = 38

const simple =
  (kind: SimpleKind) =>
  (nullable: boolean = true): SqlType => ({ kind, nullable })

/** Constructors of types; nullable unless told otherwise. */
export const types = {
  boolean: simple('BOOLEAN'),
  tinyint: simple('TINYINT'),
  smallint: simple('SMALLINT'),
  integer: simple('INTEGER'),
  bigint: simple('BIGINT'),
  float: simple('FLOAT'),
  double: simple('DOUBLE'),
  date: simple('DATE'),
  variant: simple('VARIANT'),
  bitmap: simple('BITMAP'),
  null: simple('NULL'),
  intervalYearMonth: simple('INTERVAL_YEAR_MONTH'),
  intervalDayTime: simple('INTERVAL_DAY_TIME'),
  decimal: (precision = 10, scale = 0, nullable = true): TypeOf<'DECIMAL'> => ({ kind: 'DECIMAL', precision, scale, nullable }),
  char: (length = 1, nullable = true): SqlType => ({ kind: 'CHAR', length, nullable }),
  varchar: (length: number, nullable = true): SqlType => ({ kind: 'VARCHAR', length, nullable }),
  string: (nullable = true): SqlType => ({ kind: 'VARCHAR', length: MAX_LENGTH, nullable }),
  binary: (length = 1, nullable = true): SqlType => ({ kind: 'BINARY', length, nullable }),
  varbinary: (length: number, nullable = true): SqlType => ({ kind: 'VARBINARY', length, nullable }),
  bytes: (nullable = true): SqlType => ({ kind: 'VARBINARY', length: MAX_LENGTH, nullable }),
  time: (precision = 0, nullable = true): SqlType => ({ kind: 'TIME', precision, nullable }),
  timestamp: (precision = 6, nullable = true): SqlType => ({ kind: 'TIMESTAMP', precision, nullable }),
  timestampLtz: (precision = 6, nullable = true): SqlType => ({ kind: 'TIMESTAMP_LTZ', precision, nullable }),
  array: (element: SqlType, nullable = true): SqlType => ({ kind: 'ARRAY', element, nullable }),
  multiset: (element: SqlType, nullable = true): SqlType => ({ kind: 'MULTISET', element, nullable }),
  map: (key: SqlType, value: SqlType, nullable = true): SqlType => ({ kind: 'MAP', key, value, nullable }),
  row: (fields: readonly RowField[], nullable = true): TypeOf<'ROW'> => ({ kind: 'ROW', fields, nullable }),
} as const

/** The same type with another nullability. */
export function withNullability<T extends SqlType>(type: T, nullable: boolean): T {
  return type.nullable === nullable ? type : { ...type, nullable }
}

/** The text of a type as Flink prints it: `DECIMAL(10, 2)`, `ROW<a INT, b STRING NOT NULL>`, with ` NOT NULL` where it is. */
export function formatType(type: SqlType): string {
  return type.nullable ? bareName(type) : `${bareName(type)} NOT NULL`
}

function bareName(type: SqlType): string {
  switch (type.kind) {
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'BIGINT':
    case 'FLOAT':
    case 'DOUBLE':
    case 'DATE':
    case 'VARIANT':
    case 'BITMAP':
    case 'NULL':
      return type.kind
    case 'INTEGER':
      return 'INT'
    case 'INTERVAL_YEAR_MONTH':
      return 'INTERVAL YEAR(4) TO MONTH'
    case 'INTERVAL_DAY_TIME':
      return 'INTERVAL DAY(2) TO SECOND(3)'
    case 'DECIMAL':
      return `DECIMAL(${type.precision}, ${type.scale})`
    case 'CHAR':
    case 'BINARY':
      return `${type.kind}(${type.length})`
    case 'VARCHAR':
      return type.length === MAX_LENGTH ? 'STRING' : `VARCHAR(${type.length})`
    case 'VARBINARY':
      return type.length === MAX_LENGTH ? 'BYTES' : `VARBINARY(${type.length})`
    case 'TIME':
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return `${type.kind}(${type.precision})`
    case 'ARRAY':
    case 'MULTISET':
      return `${type.kind}<${formatType(type.element)}>`
    case 'MAP':
      return `MAP<${formatType(type.key)}, ${formatType(type.value)}>`
    case 'ROW': {
      const fields = type.fields.map((field) => `\`${field.name}\` ${formatType(field.type)}`)
      return type.className === undefined ? `ROW<${fields.join(', ')}>` : `STRUCTURED<'${type.className}', ${fields.join(', ')}>`
    }
    default:
      return unreachable(type)
  }
}

/** Structural equality, nullability included. */
export function typesEqual(a: SqlType, b: SqlType): boolean {
  return formatType(a) === formatType(b)
}

import type { Position } from '../base/errors.ts'
import type { Identifier, IntervalQualifier, QualifiedName } from './syntax-type.ts'

// What an expression is made of at its leaves: literals, names, operators and words. None of it holds an expression.

interface NodeBase {
  readonly at: Position
}

export type UnaryOperator = '+' | '-' | 'NOT'

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '||'
  | '='
  | '<>'
  | '<'
  | '<='
  | '>'
  | '>='
  | 'AND'
  | 'OR'
  | PeriodOperator
  | MultisetOperator

/** Over periods, written as rows of two: `(a, b) OVERLAPS (c, d)`. */
export type PeriodOperator = 'OVERLAPS' | 'CONTAINS' | 'EQUALS' | 'PRECEDES' | 'SUCCEEDS' | 'IMMEDIATELY PRECEDES' | 'IMMEDIATELY SUCCEEDS'

export type MultisetOperator =
  | 'MEMBER OF'
  | 'SUBMULTISET OF'
  | 'MULTISET UNION ALL'
  | 'MULTISET UNION DISTINCT'
  | 'MULTISET INTERSECT ALL'
  | 'MULTISET INTERSECT DISTINCT'
  | 'MULTISET EXCEPT ALL'
  | 'MULTISET EXCEPT DISTINCT'

/** What IS [NOT] asks. `IS JSON` alone is 'JSON VALUE'. */
export type IsTest = 'NULL' | 'TRUE' | 'FALSE' | 'UNKNOWN' | 'JSON VALUE' | 'JSON OBJECT' | 'JSON ARRAY' | 'JSON SCALAR' | 'A SET' | 'EMPTY'

/** A word that is an argument of a special form: EXTRACT(`DAY` FROM x), FLOOR(x TO `HOUR`), TIMESTAMPADD(`MINUTE`, 1, x). */
export type TimeUnit =
  | 'YEAR'
  | 'QUARTER'
  | 'MONTH'
  | 'WEEK'
  | 'DAY'
  | 'HOUR'
  | 'MINUTE'
  | 'SECOND'
  | 'MILLISECOND'
  | 'MICROSECOND'
  | 'NANOSECOND'
  | 'DOW'
  | 'DOY'
  | 'ISODOW'
  | 'ISOYEAR'
  | 'EPOCH'
  | 'DECADE'
  | 'CENTURY'
  | 'MILLENNIUM'

export interface NullLiteral extends NodeBase {
  readonly kind: 'null'
}

/** TRUE, FALSE, or UNKNOWN, which is a BOOLEAN NULL. */
export interface BooleanLiteral extends NodeBase {
  readonly kind: 'boolean'
  readonly value: boolean | 'unknown'
}

/** `text` is exact, without sign: `1`, `1.50` (DECIMAL), `1e3` (DOUBLE). */
export interface NumberLiteral extends NodeBase {
  readonly kind: 'number'
  readonly form: 'integer' | 'decimal' | 'approximate'
  readonly text: string
}

/** 'text', U&'d\0061t\+000061', E'C\nstyle', _UTF8'text'; `value` has its escapes undone and continued parts joined. */
export interface StringLiteral extends NodeBase {
  readonly kind: 'string'
  readonly value: string
  readonly charset: string | undefined
}

/** X'0aFF'; `hex` has an even number of digits, in upper case. */
export interface BinaryLiteral extends NodeBase {
  readonly kind: 'binary-literal'
  readonly hex: string
}

/** DATE '2024-01-01'; the text is not yet checked. */
export interface DateTimeLiteral extends NodeBase {
  readonly kind: 'datetime'
  readonly type: 'DATE' | 'TIME' | 'TIMESTAMP' | 'TIMESTAMP_LTZ'
  readonly text: string
}

/** INTERVAL -'1 02' DAY TO HOUR; the text is not yet checked. */
export interface IntervalLiteral extends NodeBase {
  readonly kind: 'interval'
  readonly negative: boolean
  readonly text: string
  readonly qualifier: IntervalQualifier
}

/** `a`, `t.a`, `t.row.field`: which part is what is the binder's to find. */
export interface ColumnReference extends NodeBase {
  readonly kind: 'column'
  readonly parts: readonly Identifier[]
}

/** `*` or `t.*`; also the argument of COUNT(*). */
export interface Star extends NodeBase {
  readonly kind: 'star'
  readonly qualifier: readonly Identifier[]
}

/** `?`, counted from 0. */
export interface Parameter extends NodeBase {
  readonly kind: 'parameter'
  readonly index: number
}

export interface TimeUnitWord extends NodeBase {
  readonly kind: 'time-unit'
  readonly unit: TimeUnit
}

export interface TrimWord extends NodeBase {
  readonly kind: 'trim-word'
  readonly word: 'BOTH' | 'LEADING' | 'TRAILING'
}

/** DEFAULT, an argument left out, or a value of INSERT .. VALUES. */
export interface DefaultValue extends NodeBase {
  readonly kind: 'default'
}

/** `MODEL m`. */
export interface ModelArgument extends NodeBase {
  readonly kind: 'model-argument'
  readonly name: QualifiedName
}

/** `DESCRIPTOR(a, b)`. */
export interface Descriptor extends NodeBase {
  readonly kind: 'descriptor'
  readonly columns: readonly Identifier[]
}

export type JsonNullClause = 'NULL ON NULL' | 'ABSENT ON NULL'

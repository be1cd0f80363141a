import type { Position } from '../base/errors.ts'
import type { Hint } from './syntax-hint.ts'
import type {
  BinaryLiteral,
  BinaryOperator,
  BooleanLiteral,
  ColumnReference,
  DateTimeLiteral,
  DefaultValue,
  Descriptor,
  IntervalLiteral,
  IsTest,
  JsonNullClause,
  ModelArgument,
  NullLiteral,
  NumberLiteral,
  Parameter,
  Star,
  StringLiteral,
  TimeUnitWord,
  TrimWord,
  UnaryOperator,
} from './syntax-literal.ts'
import type { AfterMatch, Pattern, PatternSubset } from './syntax-pattern.ts'
import type { Identifier, IntervalQualifier, QualifiedName, StringNode, TypeNode } from './syntax-type.ts'

// Expressions and queries contain each other, so they share this file. Every node is plain readonly data; `at` covers its whole text.

interface NodeBase {
  readonly at: Position
}

// ---------------------------------------------------------------------------------------------------------------- expressions

export type Expression =
  | NullLiteral
  | BooleanLiteral
  | NumberLiteral
  | StringLiteral
  | BinaryLiteral
  | DateTimeLiteral
  | IntervalLiteral
  | ColumnReference
  | Star
  | Parameter
  | Unary
  | Binary
  | Is
  | IsDistinctFrom
  | Between
  | InList
  | InQuery
  | Like
  | Exists
  | ScalarQuery
  | Quantified
  | RowConstructor
  | CollectionConstructor
  | CollectionQuery
  | ElementAccess
  | FieldAccess
  | DateTimeDifference
  | Case
  | Cast
  | Call
  | TimeUnitWord
  | TrimWord
  | DefaultValue
  | TableArgument
  | ModelArgument
  | Descriptor
  | MatchModifier
  | JsonExists
  | JsonValue
  | JsonQuery
  | JsonObject
  | JsonArray
  | JsonArrayQuery
  | JsonObjectAggregate
  | JsonArrayAggregate

export type ExpressionKind = Expression['kind']
export type ExpressionOf<K extends ExpressionKind> = Extract<Expression, { kind: K }>

export interface Unary extends NodeBase {
  readonly kind: 'unary'
  readonly operator: UnaryOperator
  readonly operand: Expression
}

/** `!=` is `<>`. `operatorAt` is the operator's own place. */
export interface Binary extends NodeBase {
  readonly kind: 'binary'
  readonly operator: BinaryOperator
  readonly operatorAt: Position
  readonly left: Expression
  readonly right: Expression
}

export interface Is extends NodeBase {
  readonly kind: 'is'
  readonly operand: Expression
  readonly test: IsTest
  readonly negated: boolean
}

/** `a IS [NOT] DISTINCT FROM b`; negated where NOT is written. */
export interface IsDistinctFrom extends NodeBase {
  readonly kind: 'is-distinct-from'
  readonly left: Expression
  readonly right: Expression
  readonly negated: boolean
}

export interface Between extends NodeBase {
  readonly kind: 'between'
  readonly operand: Expression
  readonly low: Expression
  readonly high: Expression
  readonly negated: boolean
  readonly symmetric: boolean
}

export interface InList extends NodeBase {
  readonly kind: 'in-list'
  readonly operand: Expression
  readonly list: readonly Expression[]
  readonly negated: boolean
}

export interface InQuery extends NodeBase {
  readonly kind: 'in-query'
  readonly operand: Expression
  readonly query: Query
  readonly negated: boolean
}

export interface Like extends NodeBase {
  readonly kind: 'like'
  readonly operator: 'LIKE' | 'ILIKE' | 'RLIKE' | 'SIMILAR TO'
  readonly operand: Expression
  readonly pattern: Expression
  readonly escape: Expression | undefined
  readonly negated: boolean
}

export interface Exists extends NodeBase {
  readonly kind: 'exists'
  readonly query: Query
}

export interface ScalarQuery extends NodeBase {
  readonly kind: 'scalar-query'
  readonly query: Query
}

/** `a > ALL (SELECT ..)`, `a = ANY (1, 2)`; SOME is ANY. */
export interface Quantified extends NodeBase {
  readonly kind: 'quantified'
  readonly operator: '=' | '<>' | '<' | '<=' | '>' | '>='
  readonly quantifier: 'ANY' | 'ALL'
  readonly left: Expression
  readonly right: { readonly kind: 'query'; readonly query: Query } | { readonly kind: 'list'; readonly list: readonly Expression[] }
}

/** `ROW(a, b)`, `(a, b)`, or `PERIOD (a, b)`. */
export interface RowConstructor extends NodeBase {
  readonly kind: 'row'
  readonly form: 'ROW' | 'PARENTHESES' | 'PERIOD'
  readonly values: readonly Expression[]
}

/** ARRAY[..], MAP[k, v, ..], MULTISET[..]. A map's values are keys and values in turn. */
export interface CollectionConstructor extends NodeBase {
  readonly kind: 'collection'
  readonly type: 'ARRAY' | 'MAP' | 'MULTISET'
  readonly values: readonly Expression[]
}

/** ARRAY(SELECT ..), MAP(..), MULTISET(..). */
export interface CollectionQuery extends NodeBase {
  readonly kind: 'collection-query'
  readonly type: 'ARRAY' | 'MAP' | 'MULTISET'
  readonly query: Query
}

/** `a[i]` of an array or a map. */
export interface ElementAccess extends NodeBase {
  readonly kind: 'element'
  readonly operand: Expression
  readonly index: Expression
}

/** `x.field` where x is no plain name: `f(x).field`, `a[1].field`, `(t.a).field`. */
export interface FieldAccess extends NodeBase {
  readonly kind: 'field'
  readonly operand: Expression
  readonly field: Identifier
}

/** `(a - b) DAY`: the difference of two points in time as an interval. */
export interface DateTimeDifference extends NodeBase {
  readonly kind: 'datetime-difference'
  readonly left: Expression
  readonly right: Expression
  readonly qualifier: IntervalQualifier
}

export interface Case extends NodeBase {
  readonly kind: 'case'
  /** Of the simple form `CASE x WHEN 1 ..`. */
  readonly operand: Expression | undefined
  readonly branches: readonly CaseBranch[]
  readonly otherwise: Expression | undefined
}

/** Several `conditions` stand only in the simple form: `WHEN 1, 2 THEN`. */
export interface CaseBranch extends NodeBase {
  readonly conditions: readonly Expression[]
  readonly result: Expression
}

export interface Cast extends NodeBase {
  readonly kind: 'cast'
  readonly operand: Expression
  readonly type: TypeNode
  /** TRY_CAST. */
  readonly isTry: boolean
  readonly format: StringNode | undefined
}

/**
 * Any call of a function, scalar or aggregate or of a window.
 *
 * Special forms are calls by their plain name, arguments in this order: EXTRACT(unit, x); FLOOR(x, unit), CEIL(x, unit);
 * TRIM(word, characters, x); POSITION(a, b [, from]); SUBSTRING(x, from [, length]); OVERLAY(x, replacement, from [, length]);
 * TIMESTAMPADD(unit, n, x), TIMESTAMPDIFF(unit, a, b). CEILING is CEIL. A unit is a `time-unit`, TRIM's word a `trim-word`.
 */
export interface Call extends NodeBase {
  readonly kind: 'call'
  /** As written; functions are found without regard to case. Of special forms in upper case. */
  readonly name: QualifiedName
  readonly arguments: readonly Argument[]
  /** CURRENT_DATE and kin, written without parentheses. */
  readonly hasParentheses: boolean
  readonly quantifier: 'DISTINCT' | 'ALL' | undefined
  /** ORDER BY inside the parentheses: `ARRAY_AGG(x ORDER BY y)`. */
  readonly orderBy: readonly SortItem[]
  readonly nulls: 'IGNORE' | 'RESPECT' | undefined
  readonly withinGroup: readonly SortItem[] | undefined
  readonly filter: Expression | undefined
  readonly over: WindowName | WindowDefinition | undefined
}

/** `value` or `name => value`. */
export interface Argument extends NodeBase {
  readonly name: Identifier | undefined
  readonly value: Expression
}

/** `TABLE t`, `(SELECT ..)`, or `TABLE(SELECT ..)` as an argument, with how its rows are dealt out. */
export interface TableArgument extends NodeBase {
  readonly kind: 'table-argument'
  readonly query: Query
  readonly partitionBy: readonly Expression[]
  readonly orderBy: readonly SortItem[]
}

/** `FINAL x` and `RUNNING x` of MATCH_RECOGNIZE. */
export interface MatchModifier extends NodeBase {
  readonly kind: 'match-modifier'
  readonly modifier: 'FINAL' | 'RUNNING'
  readonly operand: Expression
}

/** What stands in for a missing or faulty JSON value. */
export type JsonBehavior =
  | { readonly kind: 'NULL' | 'ERROR' | 'EMPTY ARRAY' | 'EMPTY OBJECT'; readonly at: Position }
  | { readonly kind: 'DEFAULT'; readonly value: Expression; readonly at: Position }

export interface JsonExists extends NodeBase {
  readonly kind: 'json-exists'
  readonly input: Expression
  readonly path: Expression
  readonly onError: 'TRUE' | 'FALSE' | 'UNKNOWN' | 'ERROR' | undefined
}

export interface JsonValue extends NodeBase {
  readonly kind: 'json-value'
  readonly input: Expression
  readonly path: Expression
  readonly returning: TypeNode | undefined
  readonly onEmpty: JsonBehavior | undefined
  readonly onError: JsonBehavior | undefined
}

export interface JsonQuery extends NodeBase {
  readonly kind: 'json-query'
  readonly input: Expression
  readonly path: Expression
  readonly returning: TypeNode | undefined
  readonly wrapper: 'WITHOUT' | 'CONDITIONAL' | 'UNCONDITIONAL' | undefined
  readonly onEmpty: JsonBehavior | undefined
  readonly onError: JsonBehavior | undefined
}

/** `KEY k VALUE v`, `k VALUE v`, `k : v`; with FORMAT JSON the value is JSON text already. */
export interface JsonEntry extends NodeBase {
  readonly key: Expression
  readonly value: Expression
  readonly isJson: boolean
}

export interface JsonElement extends NodeBase {
  readonly value: Expression
  readonly isJson: boolean
}

export interface JsonObject extends NodeBase {
  readonly kind: 'json-object'
  readonly entries: readonly JsonEntry[]
  readonly onNull: JsonNullClause | undefined
}

export interface JsonArray extends NodeBase {
  readonly kind: 'json-array'
  readonly elements: readonly JsonElement[]
  readonly onNull: JsonNullClause | undefined
}

/** JSON_ARRAY(SELECT ..). */
export interface JsonArrayQuery extends NodeBase {
  readonly kind: 'json-array-query'
  readonly query: Query
  readonly onNull: JsonNullClause | undefined
}

export interface JsonObjectAggregate extends NodeBase {
  readonly kind: 'json-objectagg'
  readonly entry: JsonEntry
  readonly onNull: JsonNullClause | undefined
  readonly filter: Expression | undefined
  readonly over: WindowName | WindowDefinition | undefined
}

export interface JsonArrayAggregate extends NodeBase {
  readonly kind: 'json-arrayagg'
  readonly element: JsonElement
  readonly orderBy: readonly SortItem[]
  readonly onNull: JsonNullClause | undefined
  readonly filter: Expression | undefined
  readonly over: WindowName | WindowDefinition | undefined
}

// -------------------------------------------------------------------------------------------------------------------- windows

/** `OVER w`. */
export interface WindowName extends NodeBase {
  readonly kind: 'window-name'
  readonly name: Identifier
}

/** `OVER ([w] PARTITION BY .. ORDER BY .. ROWS ..)`. */
export interface WindowDefinition extends NodeBase {
  readonly kind: 'window-definition'
  readonly base: Identifier | undefined
  readonly partitionBy: readonly Expression[]
  readonly orderBy: readonly SortItem[]
  readonly frame: WindowFrame | undefined
}

export interface WindowFrame extends NodeBase {
  readonly unit: 'ROWS' | 'RANGE'
  readonly start: FrameBound
  /** Absent for the short form `ROWS 2 PRECEDING`, which ends at the current row. */
  readonly end: FrameBound | undefined
}

export type FrameBound =
  | { readonly kind: 'unbounded-preceding' | 'unbounded-following' | 'current-row'; readonly at: Position }
  | { readonly kind: 'preceding' | 'following'; readonly offset: Expression; readonly at: Position }

export interface SortItem extends NodeBase {
  readonly expression: Expression
  readonly direction: 'ASC' | 'DESC'
  /** As written; NULL is the smallest value where it is absent. */
  readonly nulls: 'FIRST' | 'LAST' | undefined
}

// -------------------------------------------------------------------------------------------------------------------- queries

/** A whole query. A parenthesised one is a Query too, as the body of another. */
export interface Query extends NodeBase {
  readonly kind: 'query'
  readonly with: With | undefined
  readonly body: QueryBody
  readonly orderBy: readonly SortItem[]
  readonly offset: Expression | undefined
  /** LIMIT n or FETCH FIRST n ROWS ONLY; LIMIT ALL is absent. `LIMIT start, count` sets the offset too. */
  readonly limit: Expression | undefined
}

export interface With extends NodeBase {
  readonly recursive: boolean
  readonly items: readonly WithItem[]
}

export interface WithItem extends NodeBase {
  readonly name: Identifier
  readonly columns: readonly Identifier[]
  readonly query: Query
}

export type QueryBody = Select | SetOperation | Values | TableQuery | Query

export interface SetOperation extends NodeBase {
  readonly kind: 'set-operation'
  readonly operator: 'UNION' | 'INTERSECT' | 'EXCEPT'
  readonly all: boolean
  readonly left: QueryBody
  readonly right: QueryBody
}

/** A row of one value may stand without parentheses: VALUES 1, 2. */
export interface Values extends NodeBase {
  readonly kind: 'values'
  readonly rows: readonly ValuesRow[]
}

export interface ValuesRow extends NodeBase {
  readonly values: readonly Expression[]
}

/** TABLE t. */
export interface TableQuery extends NodeBase {
  readonly kind: 'table'
  readonly name: QualifiedName
}

export interface Select extends NodeBase {
  readonly kind: 'select'
  readonly hints: readonly Hint[]
  readonly quantifier: 'DISTINCT' | 'ALL' | undefined
  readonly items: readonly SelectItem[]
  readonly from: FromItem | undefined
  readonly where: Expression | undefined
  readonly groupBy: GroupBy | undefined
  readonly having: Expression | undefined
  readonly windows: readonly NamedWindow[]
  readonly qualify: Expression | undefined
}

export interface SelectItem extends NodeBase {
  /** A Star for `*` and `t.*`. */
  readonly expression: Expression
  readonly alias: Identifier | undefined
}

export interface GroupBy extends NodeBase {
  readonly quantifier: 'DISTINCT' | 'ALL' | undefined
  readonly items: readonly GroupingItem[]
}

export type GroupingItem =
  | { readonly kind: 'expression'; readonly at: Position; readonly expression: Expression }
  /** `()` or `(a, b)`. */
  | { readonly kind: 'set'; readonly at: Position; readonly expressions: readonly Expression[] }
  | { readonly kind: 'grouping-sets' | 'rollup' | 'cube'; readonly at: Position; readonly items: readonly GroupingItem[] }

export interface NamedWindow extends NodeBase {
  readonly name: Identifier
  readonly window: WindowDefinition
}

// ----------------------------------------------------------------------------------------------------------------------- FROM

export type FromItem = NamedTable | DerivedTable | TableFunction | Unnest | Join | MatchRecognize | Pivot | Unpivot | Sample

export interface TableAlias extends NodeBase {
  readonly name: Identifier
  readonly columns: readonly Identifier[]
}

export interface NamedTable extends NodeBase {
  readonly kind: 'named-table'
  readonly name: QualifiedName
  readonly hints: readonly Hint[]
  /** FOR SYSTEM_TIME AS OF. */
  readonly asOf: Expression | undefined
  readonly alias: TableAlias | undefined
}

/** `(SELECT ..) AS t`, `(VALUES ..) AS t (a, b)`, `LATERAL (SELECT ..)`. */
export interface DerivedTable extends NodeBase {
  readonly kind: 'derived-table'
  readonly query: Query
  readonly lateral: boolean
  readonly alias: TableAlias | undefined
}

/** `TABLE(f(..))`, `LATERAL TABLE(f(..))`, or `f(..)` straight in FROM. */
export interface TableFunction extends NodeBase {
  readonly kind: 'table-function'
  readonly call: Call
  readonly lateral: boolean
  readonly alias: TableAlias | undefined
}

export interface Unnest extends NodeBase {
  readonly kind: 'unnest'
  readonly operands: readonly Expression[]
  readonly withOrdinality: boolean
  readonly lateral: boolean
  readonly alias: TableAlias | undefined
}

export type JoinCondition =
  | { readonly kind: 'on'; readonly at: Position; readonly condition: Expression }
  | { readonly kind: 'using'; readonly at: Position; readonly columns: readonly Identifier[] }

export interface Join extends NodeBase {
  readonly kind: 'join'
  /** `a, b` is COMMA; `JOIN` alone is INNER. */
  readonly type: 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS' | 'COMMA'
  readonly natural: boolean
  readonly left: FromItem
  readonly right: FromItem
  readonly condition: JoinCondition | undefined
}

export interface Pivot extends NodeBase {
  readonly kind: 'pivot'
  readonly input: FromItem
  readonly aggregates: readonly SelectItem[]
  readonly axes: readonly Identifier[]
  readonly values: readonly PivotValue[]
  readonly alias: TableAlias | undefined
}

export interface PivotValue extends NodeBase {
  readonly values: readonly Expression[]
  readonly alias: Identifier | undefined
}

export interface Unpivot extends NodeBase {
  readonly kind: 'unpivot'
  readonly input: FromItem
  readonly includeNulls: boolean
  readonly measures: readonly Identifier[]
  readonly axes: readonly Identifier[]
  readonly groups: readonly UnpivotGroup[]
  readonly alias: TableAlias | undefined
}

export interface UnpivotGroup extends NodeBase {
  readonly columns: readonly Identifier[]
  readonly values: readonly Expression[]
}

export interface Sample extends NodeBase {
  readonly kind: 'sample'
  readonly input: FromItem
  readonly method: 'BERNOULLI' | 'SYSTEM' | 'SUBSTITUTE'
  /** A percentage; of SUBSTITUTE the name of a sample that the system may have. */
  readonly size: Expression
  readonly seed: Expression | undefined
}

export interface MatchRecognize extends NodeBase {
  readonly kind: 'match-recognize'
  readonly input: FromItem
  readonly partitionBy: readonly Expression[]
  readonly orderBy: readonly SortItem[]
  readonly measures: readonly Measure[]
  readonly rowsPerMatch: 'ONE' | 'ALL' | undefined
  readonly afterMatch: AfterMatch | undefined
  readonly pattern: Pattern
  /** `^` before and `$` after the pattern. */
  readonly anchoredAtStart: boolean
  readonly anchoredAtEnd: boolean
  /** An interval. */
  readonly within: Expression | undefined
  readonly subsets: readonly PatternSubset[]
  readonly definitions: readonly PatternDefinition[]
  readonly alias: TableAlias | undefined
}

export interface Measure extends NodeBase {
  readonly expression: Expression
  readonly name: Identifier
}

export interface PatternDefinition extends NodeBase {
  readonly name: Identifier
  readonly condition: Expression
}

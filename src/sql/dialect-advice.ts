import { foreignTypes } from './foreign-words.ts'
import type { Token } from './lexer.ts'
import { RESERVED_WORDS } from './reserved-words.ts'

/** Where parsing failed, for rules that know what people write who come from elsewhere. */
export interface FailedPlace {
  /** The token that fits nothing is at 0, those before it have negative numbers. Beyond the statement there is none. */
  readonly at: (offset: number) => Token | undefined
  /** The words with which the statement begins. */
  readonly opening: readonly string[]
  readonly expected: readonly string[]
}

/** What was meant, and how Flink SQL says it; undefined where no rule knows. */
export function dialectAdvice(place: FailedPlace): string | undefined {
  const token = place.at(0)
  if (token === undefined) return undefined
  for (const rule of [...OPERATORS, ...QUERIES, ...DEFINITIONS, ...SHELL]) {
    const advice = rule(place, token)
    if (advice !== undefined) return advice
  }
  return undefined
}

type Rule = (place: FailedPlace, token: Token) => string | undefined

/** A sign or word, whatever stands around it. */
function instead(key: string, advice: string, kind: Token['kind'] = 'symbol'): Rule {
  return (_, token) => (token.key === key && token.kind === kind ? advice : undefined)
}

/** A token behind certain ones, the nearest last. */
function behind(keys: readonly string[], key: string, advice: string): Rule {
  return (place, token) => (token.key === key && keys.every((wanted, i) => isKey(place.at(i - keys.length), wanted)) ? advice : undefined)
}

function isKey(token: Token | undefined, key: string): boolean {
  return token !== undefined && (token.kind === 'word' || token.kind === 'symbol') && token.key === key
}

const isName = (token: Token | undefined): token is Token => token?.kind === 'word' || token?.kind === 'quoted'
const isValue = (token: Token | undefined): token is Token => token?.kind === 'string' || token?.kind === 'number'
const shown = (token: Token): string => (token.kind === 'string' ? `'${token.value.replaceAll("'", "''")}'` : token.value)

const OPERATORS: readonly Rule[] = [
  instead('=>', '=> is no comparison; write >= for "at least"'),
  behind(['='], '<', '=< is no comparison; write <= for "at most"'),
  instead('&', 'Flink SQL has no &&; write AND'),
  instead('~', 'Flink SQL has no ~; write REGEXP(text, pattern)'),
  instead('->', "Flink SQL has no ->; write JSON_VALUE(text, '$.name') for JSON, and row.field for a ROW"),
  (_, token) =>
    token.key === 'REGEXP' || token.key === 'RLIKE' ? `${token.key} is no operator in Flink SQL; write REGEXP(text, pattern)` : undefined,
  (place, token) => {
    const before = place.at(-1)
    return isKey(before, 'IN') && (isValue(token) || isName(token))
      ? `IN wants a list in parentheses; write IN (${shown(token)}${isKey(token, 'SELECT') ? ' ...' : ', ...'})`
      : undefined
  },
  (place, token) => (isKey(place.at(-1), 'IS') && isValue(token) ? `IS is for NULL, TRUE and FALSE; write = ${shown(token)}` : undefined),
  (place, token) =>
    isKey(token, ',') && place.expected.includes('AND') && !place.expected.includes(',')
      ? 'BETWEEN has no comma; write BETWEEN low AND high'
      : undefined,
  (place, token) =>
    isKey(token, ',') && place.expected.includes('AS') && !place.expected.includes(',')
      ? 'CAST has no comma; write CAST(value AS type)'
      : undefined,
  (place, token) =>
    isKey(token, 'AT') && isKey(place.at(1), 'TIME')
      ? 'Flink SQL has no AT TIME ZONE; write CAST(ts AS TIMESTAMP_LTZ(3)), or CONVERT_TZ(text, from, to)'
      : undefined,
  (place, token) =>
    isKey(token, '[') && place.expected.includes('an expression') ? 'an array has its word before it; write ARRAY[1, 2, 3]' : undefined,
  (place, token) => (isKey(token, 'ARRAY') && isKey(place.at(1), '(') ? 'an array has square brackets; write ARRAY[1, 2, 3]' : undefined),
  (place, token) => (isKey(token, 'MAP') && isKey(place.at(1), '(') ? "a map has square brackets; write MAP['key', 1]" : undefined),
  (place) => (isKey(place.at(-1), '{') ? "braces make no map in Flink SQL; write MAP['key', 1]" : undefined),
  (place, token) => {
    if (!place.expected.includes('a unit of time such as MINUTE')) return undefined
    const parts = /^\s*(\d+)\s*([a-z]+?)s?\s*$/i.exec(place.at(-1)?.kind === 'string' ? (place.at(-1)?.value ?? '') : '')
    if (parts !== null) return `the unit of an interval stands behind the quotes; write INTERVAL '${parts[1]}' ${parts[2]?.toUpperCase()}`
    return token.kind === 'string' ? `a unit of time has no quotes; write ${token.value.toUpperCase()}` : undefined
  },
]

/** The clauses of a query in their order. */
const CLAUSES: readonly string[] = ['FROM', 'WHERE', 'GROUP', 'HAVING', 'WINDOW', 'QUALIFY', 'ORDER', 'LIMIT']

const clauseText = (word = ''): string => (word === 'GROUP' || word === 'ORDER' ? `${word} BY` : word)

const QUERIES: readonly Rule[] = [
  (place, token) =>
    token.kind === 'word' &&
    RESERVED_WORDS.has(token.key) &&
    place.expected.includes('AS') &&
    (isKey(place.at(1), 'FROM') || isKey(place.at(1), ','))
      ? `"${token.value}" is a reserved word where an alias is wanted; put back quotes around it: \`${token.value}\``
      : undefined,
  behind(['ON'], 'DUPLICATE', 'Flink SQL has no ON DUPLICATE KEY; a table with a PRIMARY KEY keeps the last row of a key by itself'),
  behind(
    ['DISTINCT'],
    'ON',
    'Flink SQL has no DISTINCT ON; number the rows by ROW_NUMBER() OVER (PARTITION BY key ORDER BY ts) in a subquery and keep those with 1',
  ),
  behind([], 'ON', 'ON belongs to JOIN; write FROM a JOIN b ON ..., or put the condition into WHERE'),
  (place, token) =>
    isKey(token, 'OUTER') && isName(place.at(-1)) ? 'an outer join has a side; write LEFT JOIN, RIGHT JOIN or FULL JOIN' : undefined,
  (place, token) =>
    isKey(place.at(-1), 'USING') && isName(token) ? `USING wants its columns in parentheses; write USING (${token.value})` : undefined,
  behind(['*'], 'EXCLUDE', 'Flink SQL has no * EXCLUDE; name the columns'),
  (place, token) =>
    isName(token) && isKey(place.at(-1), '(') && isKey(place.at(-2), 'EXCEPT') && isKey(place.at(-3), '*')
      ? 'Flink SQL has no * EXCEPT; name the columns'
      : undefined,
  (place, token) =>
    isName(token) && ['UNION', 'EXCEPT', 'INTERSECT', 'ALL'].some((word) => isKey(place.at(-1), word)) && place.expected.includes('SELECT')
      ? `a query was wanted; write SELECT * FROM ${token.value}`
      : undefined,
  (place, token) =>
    isKey(token, 'INTO') && place.opening[0] === 'SELECT'
      ? 'SELECT writes nothing in Flink SQL; write INSERT INTO in front of it, or CREATE TABLE name AS SELECT'
      : undefined,
  (place, token) => {
    if (place.opening[0] !== 'WITH' || !isKey(token, 'SELECT')) return undefined
    if (isKey(place.at(-1), '(') && isName(place.at(-2))) return `AS is missing; write WITH ${place.at(-2)?.value} AS (SELECT ...)`
    return isKey(place.at(-1), 'AS') ? 'the query of WITH stands in parentheses; write AS (SELECT ...)' : undefined
  },
  (place, token) => {
    const clause = CLAUSES.indexOf(token.kind === 'word' ? token.key : '')
    if (clause < 0 || place.expected.includes(token.key)) return undefined
    let depth = 0
    for (let i = -1; place.at(i) !== undefined && depth >= 0; i--) {
      depth += isKey(place.at(i), ')') ? 1 : isKey(place.at(i), '(') ? -1 : 0
      if (depth !== 0) continue
      const earlier = CLAUSES.indexOf(place.at(i)?.kind === 'word' ? (place.at(i)?.key ?? '') : '')
      if (earlier > clause)
        return `${token.key} stands before ${clauseText(CLAUSES[earlier])}${token.key === 'WHERE' ? '; a condition on groups is HAVING' : ''}; the order is SELECT, FROM, WHERE, GROUP BY, HAVING, ORDER BY, LIMIT`
    }
    return undefined
  },
  (place, token) => {
    if (!isKey(token, ')') || place.expected.includes(')')) return undefined
    return !isInside(place) ? 'unexpected ")"; there is no "(" that it closes' : undefined
  },
]

const COLUMN_WORDS: ReadonlySet<string> = new Set(
  'AUTO_INCREMENT AUTOINCREMENT IDENTITY DEFAULT UNIQUE REFERENCES CHECK INDEX COLLATE CHARSET UNSIGNED GENERATED FOREIGN KEY'.split(' '),
)

const NO_OBJECTS: Readonly<Record<string, string>> = {
  INDEX: 'Flink SQL has no indexes; a table that is looked up says its PRIMARY KEY (...) NOT ENFORCED',
  SCHEMA: 'Flink SQL calls a schema a database; write CREATE DATABASE',
  SEQUENCE: "Flink SQL has no sequences; the connector datagen makes them, 'fields.id.kind' = 'sequence'",
  TRIGGER: 'Flink SQL has no triggers; an INSERT INTO ... SELECT that runs on does their work',
  PROCEDURE: 'Flink SQL makes no procedures; CREATE FUNCTION is for functions',
  TYPE: 'Flink SQL makes no types; write ROW<name type, ...> where it is used',
}

const TYPE_WORDS: ReadonlySet<string> = new Set(
  'INT INTEGER BIGINT SMALLINT TINYINT STRING VARCHAR CHAR BOOLEAN DOUBLE FLOAT DECIMAL DATE TIME TIMESTAMP TIMESTAMP_LTZ BYTES'.split(' '),
)

/** `(date DATE)` has a name that is a type too. */
function isTypeWord(token: Token): boolean {
  return token.kind === 'word' && (TYPE_WORDS.has(token.key) || foreignTypes.has(token.key) || RESERVED_WORDS.has(token.key))
}

/** Whether a parenthesis is open at the place. */
function isInside(place: FailedPlace): boolean {
  let depth = 0
  for (let i = -1; place.at(i) !== undefined; i--) depth += isKey(place.at(i), '(') ? 1 : isKey(place.at(i), ')') ? -1 : 0
  return depth > 0
}

const DEFINITIONS: readonly Rule[] = [
  (place, token) =>
    isKey(place.at(-1), 'CREATE') && token.kind === 'word' && Object.hasOwn(NO_OBJECTS, token.key) ? NO_OBJECTS[token.key] : undefined,
  behind(['IF'], 'NOT', 'unexpected "NOT" after "IF"; write IF NOT EXISTS'),
  (place, token) =>
    place.opening[0] === 'CREATE' &&
    isInside(place) &&
    token.kind === 'word' &&
    COLUMN_WORDS.has(token.key) &&
    (isName(place.at(-1)) || isKey(place.at(-1), ')'))
      ? `Flink SQL has no ${token.key} here; a column has a name, a type, NOT NULL and COMMENT`
      : undefined,
  (place, token) => {
    const next = place.at(1)
    const isPlace = isKey(place.at(-1), '(') || isKey(place.at(-1), ',')
    return place.opening[0] === 'CREATE' &&
      isPlace &&
      token.kind === 'word' &&
      TYPE_WORDS.has(token.key) &&
      isName(next) &&
      !isTypeWord(next)
      ? `the name of a column stands before its type; write ${next.value} ${token.value}`
      : undefined
  },
  (place, token) =>
    place.opening.includes('VIEW') && isKey(place.at(-1), '(') && isKey(token, 'SELECT') && isName(place.at(-2))
      ? `AS is missing; write CREATE VIEW ${place.at(-2)?.value} AS SELECT`
      : undefined,
  (place, token) =>
    isKey(place.at(-2), 'PRIMARY') &&
    isKey(place.at(-1), 'KEY') &&
    isName(token) &&
    !RESERVED_WORDS.has(token.key) &&
    token.key !== 'ENFORCED'
      ? `a key has its columns in parentheses; write PRIMARY KEY (${token.value}) NOT ENFORCED`
      : undefined,
  (place, token) =>
    token.key === 'MAX' && ['VARCHAR', 'CHAR', 'VARBINARY'].some((type) => isKey(place.at(-2), type))
      ? 'Flink SQL has no MAX; write STRING, or BYTES'
      : undefined,
  (_, token) => (token.key === 'TIMEZONE' ? 'unexpected "TIMEZONE"; write TIME ZONE, or TIMESTAMP_LTZ(3) for the whole' : undefined),
  (place, token) =>
    isKey(place.at(-3), 'WATERMARK') && isKey(place.at(-2), 'FOR') && isName(place.at(-1)) && !isKey(token, '.')
      ? `the expression of the watermark is missing; write WATERMARK FOR ${place.at(-1)?.value} AS ${place.at(-1)?.value} - INTERVAL '5' SECOND`
      : undefined,
  (place, token) => {
    const before = place.at(-1)
    return isKey(before, 'WATERMARK') && isName(token) ? `FOR is missing; write WATERMARK FOR ${token.value}` : undefined
  },
  (place, token) =>
    token.kind === 'string' && isKey(place.at(-1), 'WITH')
      ? `options stand in parentheses; write WITH (${shown(token)} = '...')`
      : undefined,
  (place, token) =>
    isKey(token, '(') && place.opening[0] === 'CREATE' && place.expected.includes('WITH') && place.at(1)?.kind === 'string'
      ? "WITH is missing; write WITH ('connector' = '...')"
      : undefined,
  (place, token) =>
    isKey(token, 'ENGINE') && isKey(place.at(-1), ')')
      ? "Flink SQL has no ENGINE; WITH ('connector' = '...') says where the rows are"
      : undefined,
  (place, token) =>
    place.opening[0] === 'CREATE' &&
    isKey(place.at(-2), 'TABLE') &&
    !isKey(place.at(-1), 'IF') &&
    isName(token) &&
    isName(place.at(1)) &&
    place.expected.includes('(')
      ? `the columns stand in parentheses; write (${token.value} ${place.at(1)?.value}, ...)`
      : undefined,
  (place, token) =>
    isKey(place.at(-1), 'INTO') && isKey(token, 'TABLE') && isName(place.at(1))
      ? `unexpected "TABLE"; write INSERT INTO ${place.at(1)?.value}`
      : undefined,
  (place, token) =>
    isKey(token, 'SET') && place.opening[0] === 'INSERT'
      ? 'INSERT has no SET in Flink SQL; write INSERT INTO table (column) VALUES (value)'
      : undefined,
  (place, token) =>
    isKey(place.at(-1), 'DROP') && isName(token) && place.opening[0] === 'DROP' && isEnd(place.at(1))
      ? `what is dropped stands before its name; write DROP TABLE ${token.value}`
      : undefined,
  (place, token) =>
    isKey(place.at(-1), 'ADD') && isKey(token, 'COLUMN')
      ? 'ADD has no COLUMN in Flink SQL; write ADD name type, or ADD (name type, ...)'
      : undefined,
]

const isEnd = (token: Token | undefined): boolean => token === undefined || token.kind === 'end' || isKey(token, ';')

const SHELL: readonly Rule[] = [
  (place, token) => {
    const plural = `${token.key}S`
    return token.kind === 'word' &&
      isKey(place.at(-1), 'SHOW') &&
      (place.expected.includes(plural) || plural === 'TABLES') &&
      isEnd(place.at(1))
      ? `unexpected "${token.value}"; did you mean "${plural}"?`
      : undefined
  },
  (place, token) =>
    (isKey(place.at(-1), 'DESC') || isKey(place.at(-1), 'DESCRIBE')) && isKey(token, 'TABLE') && isName(place.at(1))
      ? `DESCRIBE wants the name alone; write DESCRIBE ${place.at(1)?.value}`
      : undefined,
  (place, token) =>
    isKey(place.at(-2), 'USE') && isKey(place.at(-1), 'DATABASE') && isName(token)
      ? `USE wants the name alone; write USE ${token.value}`
      : undefined,
  (place, token) =>
    place.expected.includes('a value in quotes') && (token.kind === 'number' || isName(token))
      ? `a value stands in quotes; write '${token.value}'`
      : undefined,
  (place, token) =>
    place.expected.includes('an option in quotes') && isName(token)
      ? `an option stands in quotes; write '${token.value}' = '...'`
      : undefined,
  (place) =>
    isKey(place.at(-2), 'EXPLAIN') && isKey(place.at(-1), 'ANALYZE')
      ? 'EXPLAIN runs nothing, so it has no ANALYZE; write EXPLAIN alone'
      : undefined,
  (place, token) =>
    place.opening[0] === 'BEGIN' && isKey(place.at(-1), 'BEGIN') && isName(token)
      ? 'Flink SQL has no transactions; BEGIN STATEMENT SET; .. END; runs INSERTs together'
      : undefined,
]

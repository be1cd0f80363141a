import { normalizeJson, hasJsonForm, jsonObject, jsonText } from '../../data/json-text.ts'
import { parseJson, quoteJson, type JsonNode } from '../../data/json-tree.ts'
import { types } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { isText } from '../coercion.ts'
import { EvaluationError } from '../evaluation-error.ts'
import type { ArgInfo, ResolvedCall, ScalarFunction } from '../function.ts'
import { clause } from '../json-arguments.ts'
import { signature, text, type Parameter } from '../signature.ts'
import { jsonPathFunctions } from './json-query.ts'

/** IS JSON and its kin: never NULL, as in Flink a NULL is no JSON. */
function isJson(
  name: string,
  what: string,
  test: (node: JsonNode) => boolean,
  examples: ScalarFunction['examples'],
  aliases: readonly string[] = [],
): ScalarFunction {
  return {
    name,
    aliases,
    family: 'json',
    forms: [`text ${name}`],
    doc: `Whether a text is ${what}; FALSE for NULL.`,
    examples,
    resolve: signature({ parameters: [text], returns: types.boolean(false), nullable: 'own' }),
    nulls: 'custom',
    evaluate: ([value]) => {
      const node = value === null ? undefined : parseJson(value as string)
      return node !== undefined && test(node)
    },
    sparkName: null,
  }
}

const predicates: readonly ScalarFunction[] = [
  isJson(
    'IS JSON VALUE',
    'JSON',
    () => true,
    [
      ["'[]' IS JSON", 'TRUE'],
      ["'abc' IS JSON", 'FALSE'],
      ['CAST(NULL AS STRING) IS JSON', 'FALSE'],
    ],
    ['IS JSON'],
  ),
  isJson('IS JSON OBJECT', 'a JSON object', (node) => node instanceof Map, [["'{}' IS JSON OBJECT", 'TRUE']]),
  isJson('IS JSON ARRAY', 'a JSON array', (node) => Array.isArray(node), [["'{}' IS JSON ARRAY", 'FALSE']]),
  isJson('IS JSON SCALAR', 'a JSON number, text, boolean or null', (node) => !(node instanceof Map) && !Array.isArray(node), [
    ["'1' IS JSON SCALAR", 'TRUE'],
  ]),
]

// --- Constructors --------------------------------------------------------------------------------------------------------------------

/** Anything with a JSON form, as it is. */
const jsonable: Parameter = {
  wanted: 'a value that has a JSON form (no date, time, interval or bitmap)',
  accept: ({ type }) => (type.kind === 'NULL' ? types.string() : hasJsonForm(type) ? type : undefined),
}

/** A key: a literal text that is not NULL. */
const literalKey: Parameter = {
  wanted: 'a literal text',
  accept: ({ type, literal }) => (isText(type) && typeof literal === 'string' ? type : undefined),
}

const onNullClause = clause('NULL ON NULL', 'ABSENT ON NULL')

/** Types of a constructor's call: two texts for its clauses, then the arguments of each entry, of which the last is the value. */
function resolveConstructor(entry: readonly Parameter[]): (args: readonly ArgInfo[]) => ResolvedCall | string {
  return (args) => {
    const count = (args.length - 2) / entry.length
    if (count < 0 || !Number.isInteger(count)) return 'count'
    const forms = args[1]!.literal
    if (typeof forms !== 'string' || forms.length !== count || /[^jv]/.test(forms)) return 'a letter for each value as argument 2'
    const notJson = [...forms].findIndex((form, i) => form === 'j' && !isText(args[(i + 1) * entry.length + 1]!.type))
    if (notJson >= 0) return `a JSON text as argument ${(notJson + 1) * entry.length + 2}`
    const parameters = args.map((_, i) => (i === 0 ? onNullClause : i === 1 ? text : entry[(i - 2) % entry.length]!))
    return signature({ parameters, returns: types.string(false), nullable: 'own' })(args)
  }
}

/** The JSON of an entry's value; undefined where ABSENT ON NULL leaves it out. */
function entryJson(value: SqlValue, type: Parameters<typeof jsonText>[0], form: string | undefined, onNull: string): string | undefined {
  if (value === null) return onNull === 'ABSENT ON NULL' ? undefined : 'null'
  return form === 'j' ? (value as string) : jsonText(type, value)
}

const constructors: readonly ScalarFunction[] = [
  {
    name: 'JSON_OBJECT',
    family: 'json',
    forms: ['JSON_OBJECT([[KEY] key VALUE value, ...] [NULL ON NULL | ABSENT ON NULL])'],
    doc: 'A JSON object of keys and values, sorted by key; NULL values are kept unless ABSENT ON NULL.',
    examples: [
      ["JSON_OBJECT('b' VALUE 1, 'a' VALUE JSON_ARRAY('x'))", '{"a":["x"],"b":1}'],
      ["JSON_OBJECT(KEY 'k' VALUE CAST(NULL AS STRING) ABSENT ON NULL)", '{}'],
    ],
    resolve: resolveConstructor([literalKey, jsonable]),
    nulls: 'custom',
    evaluate: (args, site) => {
      const members: (readonly [string, string])[] = []
      for (let i = 2; i < args.length; i += 2) {
        const json = entryJson(args[i + 1]!, site.argTypes[i + 1]!, (args[1] as string)[(i - 2) / 2], args[0] as string)
        if (json !== undefined) members.push([args[i] as string, json])
      }
      return jsonObject(members)
    },
    sparkName: null,
  },
  {
    name: 'JSON_ARRAY',
    family: 'json',
    forms: ['JSON_ARRAY([value, ...] [NULL ON NULL | ABSENT ON NULL])'],
    doc: 'A JSON array of values; NULL values are left out unless NULL ON NULL.',
    examples: [
      ["JSON_ARRAY(1, 'x', CAST(NULL AS INT), 1.50)", '[1,"x",1.50]'],
      ['JSON_ARRAY(CAST(NULL AS INT) NULL ON NULL)', '[null]'],
    ],
    resolve: resolveConstructor([jsonable]),
    nulls: 'custom',
    evaluate: (args, site) => {
      const items: string[] = []
      for (let i = 2; i < args.length; i++) {
        const json = entryJson(args[i]!, site.argTypes[i]!, (args[1] as string)[i - 2], args[0] as string)
        if (json !== undefined) items.push(json)
      }
      return `[${items.join(',')}]`
    },
    sparkName: null,
  },
  {
    name: 'JSON',
    family: 'json',
    forms: ['JSON(text)'],
    doc: 'In JSON_OBJECT and JSON_ARRAY only: a text that is JSON already; NULL for an empty text.',
    examples: [['JSON_ARRAY(JSON(\'{"b": 1}\'))', '[{"b":1}]']],
    resolve: signature({ parameters: [text], returns: types.string(), nullable: 'always' }),
    nulls: 'strict',
    evaluate: ([value]) => {
      if ((value as string).trim() === '') return null
      const json = normalizeJson(value as string)
      if (json !== undefined) return json
      throw new EvaluationError('data/json', `Cannot read ${shown(value as string)} in "JSON": the text is no JSON`)
    },
    sparkName: null,
  },
  {
    name: 'JSON_STRING',
    family: 'json',
    forms: ['JSON_STRING(value)'],
    doc: 'A value as JSON, keys of rows and maps sorted; NULL for NULL.',
    examples: [
      ['JSON_STRING(\'say "hi"\')', '"say \\"hi\\""'],
      ['JSON_STRING(ARRAY[1, 2])', '[1,2]'],
      ["JSON_STRING(TIMESTAMP '2024-02-29 13:04:05.100')", '"2024-02-29T13:04:05.1"'],
    ],
    resolve: signature({ parameters: [jsonable], returns: types.string() }),
    nulls: 'strict',
    evaluate: ([value], site) => jsonText(site.argTypes[0]!, value!),
    sparkName: 'TO_JSON',
  },
]

// --- Quoting -------------------------------------------------------------------------------------------------------------------------

const quoting: readonly ScalarFunction[] = [
  {
    name: 'JSON_QUOTE',
    family: 'json',
    forms: ['JSON_QUOTE(text)'],
    doc: 'A text in quotes with JSON escapes, also for slashes and for characters that are not ASCII.',
    examples: [
      ['JSON_QUOTE(\'a/"b"\')', '"a\\/\\"b\\""'],
      ["JSON_QUOTE('é')", '"\\u00e9"'],
    ],
    resolve: signature({ parameters: [text], returns: types.string() }),
    nulls: 'strict',
    evaluate: ([value]) =>
      quoteJson(value as string)
        .replaceAll('/', '\\/')
        .replace(/[\u0080-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`),
    sparkName: null,
  },
  {
    name: 'JSON_UNQUOTE',
    family: 'json',
    forms: ['JSON_UNQUOTE(text)'],
    doc: 'A JSON text without its quotes and escapes; any other text as it is.',
    examples: [
      ['JSON_UNQUOTE(\'"a\\u00e9"\')', 'aé'],
      ["JSON_UNQUOTE('[1,2]')", '[1,2]'],
    ],
    resolve: signature({ parameters: [text], returns: types.string() }),
    nulls: 'strict',
    evaluate: ([value]) => unquote(value as string),
    sparkName: null,
  },
]

/** As Flink it takes the outermost quotes, also where the JSON text already ends before (`"["a"]"`), and gives back what has a false escape. */
function unquote(value: string): string {
  if (value.length < 2 || !value.startsWith('"') || !value.endsWith('"') || typeof parseJson(value) !== 'string') return value
  const content = value.slice(1, -1)
  if (!/^(?:[^\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*$/.test(content)) return value
  return content.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, code: string | undefined, letter: string) =>
    code === undefined ? (controls[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
  )
}

const controls: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

function shown(value: string): string {
  return `"${value.length > 100 ? `${value.slice(0, 100)}...` : value}"`
}

/** Functions over JSON in texts. */
export const jsonFunctions: readonly ScalarFunction[] = [...predicates, ...jsonPathFunctions, ...constructors, ...quoting]

import type { Position } from '../base/errors.ts'
import { RheoError, userError } from '../base/errors.ts'
import { nearest } from '../base/nearest.ts'
import { unreachable } from '../base/assert.ts'
import type { OptionDefinition, OptionType, OptionValue, OptionWarning } from './option.ts'
import type { Table } from './table.ts'

/** What an option is a part of, for messages: `connector "filesystem"`, `format "json"`, `statement SET`. */
export interface OptionOwner {
  readonly name: string
  readonly position?: Position | undefined
  /** Keys that are left out with a warning when they are unknown, where Flink ignores them. */
  readonly ignores?: ((key: string) => boolean) | undefined
}

/**
 * Checks the WITH options of a table against the definitions of its connector and format: every key known, every value of its type, every required
 * one there. `connector` itself and `property-version` are always allowed.
 *
 * @throws {RheoError} `sql/unknown-option`, `sql/option-value`, `sql/missing-option`, at the place of the table.
 */
export function checkTableOptions(
  table: Table,
  owner: OptionOwner,
  definitions: readonly OptionDefinition[],
  warn?: (warning: OptionWarning) => void,
): ReadonlyMap<string, OptionValue> {
  const given = new Map(table.options)
  given.delete('connector')
  given.delete('property-version')
  try {
    return checkOptions(given, definitions, owner, warn)
  } catch (error) {
    throw inTable(error, table)
  }
}

/** An error about a table, at the option that it names, or else at the table's definition. A better known place is kept. */
export function inTable(error: RheoError, table: Table): RheoError
export function inTable(error: unknown, table: Table): unknown
export function inTable(error: unknown, table: Table): unknown {
  if (!(error instanceof RheoError)) return error
  const option = /^Cannot set option "([^"]+)"/.exec(error.message)?.[1]
  const place = (option === undefined ? undefined : table.optionPlaces?.get(option)) ?? table.place
  return place === undefined ? error : error.at(place)
}

/**
 * Options by the definitions' own keys: another key of an option gives its value where the own one is absent. What was set by a deprecated key is told to `warn`.
 */
function byOwnKeys(
  given: ReadonlyMap<string, string>,
  definitions: readonly OptionDefinition[],
  warn: (warning: OptionWarning) => void,
): ReadonlyMap<string, { readonly text: string; readonly givenKey: string }> {
  const own = new Map([...given].map(([key, text]) => [key, { text, givenKey: key }]))
  for (const { key, otherKeys } of definitions) {
    for (const other of otherKeys ?? []) {
      const value = own.get(other.key)
      if (value === undefined) continue
      own.delete(other.key)
      if (!own.has(key)) own.set(key, value)
      if (other.deprecated === true) warn({ key: other.key, message: `Option "${other.key}" is deprecated: wanted is "${key}"` })
    }
  }
  return own
}

/** The values of options by key, typed by their definitions. Keys with `#` match any column path in its place. */
export function checkOptions(
  given: ReadonlyMap<string, string>,
  definitions: readonly OptionDefinition[],
  owner: OptionOwner,
  warn: (warning: OptionWarning) => void = () => undefined,
): ReadonlyMap<string, OptionValue> {
  const values = new Map<string, OptionValue>()
  const own = byOwnKeys(given, definitions, warn)
  for (const [key, { text, givenKey }] of own) {
    const definition = findDefinition(key, definitions)
    if (definition === undefined) {
      const message = unknownOption(key, definitions, owner)
      if (owner.ignores?.(key) !== true) throw userError('sql/unknown-option', `Cannot set option ${message}`, owner.position)
      warn({ key, message: `Ignored option ${message}` })
    } else values.set(key, parseOption(definition, givenKey, text, owner.position))
  }
  for (const { key, isRequired } of definitions) {
    if (isRequired === true && !own.has(key)) {
      throw userError('sql/missing-option', `Cannot use ${owner.name}: it needs the option "${key}"`, owner.position)
    }
  }
  return values
}

export function findDefinition(key: string, definitions: readonly OptionDefinition[]): OptionDefinition | undefined {
  return definitions.find((definition) => definition.key === key) ?? definitions.find((definition) => matchesPattern(key, definition.key))
}

function matchesPattern(key: string, pattern: string): boolean {
  const hash = pattern.indexOf('#')
  if (hash < 0) return false
  const before = pattern.slice(0, hash)
  const after = pattern.slice(hash + 1)
  return key.length > before.length + after.length && key.startsWith(before) && key.endsWith(after)
}

function unknownOption(key: string, definitions: readonly OptionDefinition[], owner: OptionOwner): string {
  const names = definitions.map((definition) => definition.key)
  const near = nearest(key, names)
  const hint =
    near !== undefined ? `; did you mean "${near}"?` : names.length <= 12 ? `; it has ${names.map((name) => `"${name}"`).join(', ')}` : ''
  return `"${key}": ${owner.name} has no such option${hint}`
}

/** The value of one option; `sql/option-value` when the text is not of the definition's type. */
export function parseOption(definition: OptionDefinition, key: string, text: string, position?: Position): OptionValue {
  const value = parseOptionValue(definition.type, text)
  if (value === undefined) {
    throw userError(
      'sql/option-value',
      `Cannot set option "${key}": found "${text}", wanted ${describeOptionType(definition.type)}`,
      position,
    )
  }
  return value
}

/** The value of a text of an option's type, or undefined when it is none. */
export function parseOptionValue(type: OptionType, text: string): OptionValue | undefined {
  if (typeof type === 'object') return type.oneOf.find((word) => word.toLowerCase() === text.toLowerCase())
  switch (type) {
    case 'string':
      return text
    case 'boolean':
      return text.toLowerCase() === 'true' ? true : text.toLowerCase() === 'false' ? false : undefined
    case 'int':
      return parseInteger(text, 2147483647n)
    case 'long': {
      const value = parseInteger(text, 9223372036854775807n)
      return value === undefined ? undefined : BigInt(text.trim())
    }
    case 'double': {
      const value = Number(text.trim())
      return text.trim() === '' || Number.isNaN(value) ? undefined : value
    }
    case 'duration':
      return parseDuration(text)
    case 'memory':
      return parseMemorySize(text)
    default:
      return unreachable(type)
  }
}

export function describeOptionType(type: OptionType): string {
  if (typeof type === 'object') return `one of ${type.oneOf.map((word) => `"${word}"`).join(', ')}`
  const texts = {
    string: 'a text',
    boolean: '"true" or "false"',
    int: 'a whole number',
    long: 'a whole number',
    double: 'a number',
    duration: 'a duration such as "5 s", "1 min" or "100 ms"',
    memory: 'a size such as "64 kb" or "128 mb"',
  } as const
  return texts[type]
}

function parseInteger(text: string, limit: bigint): number | undefined {
  if (!/^\s*[+-]?\d+\s*$/.test(text)) return undefined
  const value = BigInt(text.trim())
  return value > limit || value < -limit - 1n ? undefined : Number(value)
}

const durationUnits: readonly (readonly [readonly string[], number])[] = [
  [['d', 'day', 'days'], 86_400_000],
  [['h', 'hour', 'hours'], 3_600_000],
  [['m', 'min', 'minute', 'minutes'], 60_000],
  [['s', 'sec', 'secs', 'second', 'seconds'], 1000],
  [['ms', 'milli', 'millis', 'millisecond', 'milliseconds'], 1],
  [['us', 'µs', 'micro', 'micros', 'microsecond', 'microseconds'], 1 / 1000],
  [['ns', 'nano', 'nanos', 'nanosecond', 'nanoseconds'], 1 / 1_000_000],
]

/** Milliseconds of a duration as Flink writes it (`5 s`, `1 min`, `100`: milliseconds), or of ISO 8601 (`PT5S`); undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim()
  const parts = /^(\d+)\s*([a-zµ]*)$/i.exec(trimmed)
  if (parts === null) return parseIsoDuration(trimmed)
  const unit = (parts[2] ?? '').toLowerCase()
  if (unit === '') return Number(parts[1])
  const factor = durationUnits.find(([names]) => names.includes(unit))?.[1]
  return factor === undefined ? undefined : Math.floor(Number(parts[1]) * factor)
}

function parseIsoDuration(text: string): number | undefined {
  const parts = /^([+-]?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i.exec(text)
  if (parts === null || /^[+-]?PT?$/i.test(text)) return undefined
  const [days, hours, minutes, seconds] = parts.slice(2).map((part) => Number(part ?? 0))
  const ms = (days ?? 0) * 86_400_000 + (hours ?? 0) * 3_600_000 + (minutes ?? 0) * 60_000 + Math.round((seconds ?? 0) * 1000)
  return parts[1] === '-' ? -ms : ms
}

const memoryUnits: readonly (readonly [readonly string[], number])[] = [
  [['b', 'bytes'], 1],
  [['k', 'kb', 'kibibytes'], 1024],
  [['m', 'mb', 'mebibytes'], 1024 ** 2],
  [['g', 'gb', 'gibibytes'], 1024 ** 3],
  [['t', 'tb', 'tebibytes'], 1024 ** 4],
]

/** Bytes of a memory size as Flink writes it (`128 mb`, `1024`: bytes); undefined when it is none. */
export function parseMemorySize(text: string): number | undefined {
  const parts = /^(\d+)\s*([a-z]*)$/i.exec(text.trim())
  if (parts === null) return undefined
  const unit = (parts[2] ?? '').toLowerCase()
  if (unit === '') return Number(parts[1])
  const factor = memoryUnits.find(([names]) => names.includes(unit))?.[1]
  return factor === undefined ? undefined : Number(parts[1]) * factor
}

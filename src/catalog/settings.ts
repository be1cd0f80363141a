import type { Position } from '../base/errors.ts'
import { userError } from '../base/errors.ts'
import { nearest } from '../base/nearest.ts'
import { assert } from '../base/assert.ts'
import type { OptionDefinition, OptionValue } from './option.ts'
import { parseOption } from './options.ts'
import { settingDefinitions } from './setting-definitions.ts'

const definitions: ReadonlyMap<string, OptionDefinition> = new Map(settingDefinitions.map((definition) => [definition.key, definition]))

/**
 * What SET has set in a session. Known keys are checked when they are set; a key that nobody knows is kept, as Flink does, unless it is one of Rheo's
 * own or looks like a known key misspelt.
 */
export class Settings {
  readonly #texts = new Map<string, string>()
  readonly #initial: ReadonlyMap<string, string>

  /** @param initial Keys that RESET goes back to, such as those of `--set`. */
  constructor(initial: ReadonlyMap<string, string> = new Map()) {
    for (const [key, text] of initial) this.set(key, text)
    this.#initial = new Map(this.#texts)
  }

  set(key: string, text: string, position?: Position): void {
    const definition = definitions.get(key)
    if (definition === undefined) checkUnknownKey(key, position)
    else checkValue(definition, key, text, position)
    this.#texts.set(key, text)
  }

  reset(key: string, position?: Position): void {
    if (!definitions.has(key) && !this.#texts.has(key)) checkUnknownKey(key, position)
    const initial = this.#initial.get(key)
    if (initial === undefined) this.#texts.delete(key)
    else this.#texts.set(key, initial)
  }

  resetAll(): void {
    this.#texts.clear()
    for (const [key, text] of this.#initial) this.#texts.set(key, text)
  }

  /** The keys that were set with their texts, by key. */
  entries(): readonly (readonly [string, string])[] {
    return [...this.#texts].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  }

  /** The text of a key: as set, else its default. */
  text(key: string): string | undefined {
    return this.#texts.get(key) ?? definitions.get(key)?.default
  }

  /** The value of a known key; undefined when it is not set and has no default. */
  value(key: string): OptionValue | undefined {
    const definition = definitions.get(key)
    assert(definition !== undefined, `${key} is a known setting`)
    const text = this.text(key)
    return text === undefined ? undefined : parseOption(definition, key, text)
  }

  string(key: string): string {
    return String(this.value(key) ?? '')
  }

  /** Of durations milliseconds, of memory sizes bytes. */
  number(key: string): number {
    return Number(this.value(key) ?? 0)
  }

  boolean(key: string): boolean {
    return this.value(key) === true
  }

  get runtimeMode(): 'streaming' | 'batch' {
    return this.string('execution.runtime-mode') === 'batch' ? 'batch' : 'streaming'
  }

  get timeZone(): string {
    const zone = this.string('table.local-time-zone')
    return zone === 'default' ? 'UTC' : zone
  }

  /** Names of planner rules to leave out, or 'all'. */
  get disabledRules(): ReadonlySet<string> | 'all' {
    const names = this.string('rheo.rules.disabled')
      .split(/[,;\s]+/)
      .filter((name) => name !== '')
    return names.includes('all') ? 'all' : new Set(names)
  }
}

function checkValue(definition: OptionDefinition, key: string, text: string, position: Position | undefined): void {
  const value = parseOption(definition, key, text, position)
  if (key === 'table.local-time-zone') checkTimeZone(text, position)
  if (key === 'table.exec.legacy-cast-behaviour' && value === 'ENABLED') {
    throw userError('unsupported/legacy-cast', 'Cannot cast as Flink 1.14 did: only the present rules are known', position)
  }
  if (key === 'table.sql-dialect' && value === 'hive') {
    throw userError('sql/hive-dialect', 'Cannot read the dialect of Hive: only the default one is known', position)
  }
  if (key === 'rheo.batch.rows' && (Number(value) < 1 || Number(value) > 4096)) {
    throw userError('sql/option-value', `Cannot set option "${key}": found "${text}", wanted a whole number from 1 to 4096`, position)
  }
}

/** As far as Java's zones go. */
const MOST_OFFSET_MINUTES = 18 * 60

function checkTimeZone(text: string, position: Position | undefined): void {
  if (text === 'default') return
  const offset = /^GMT[+-](\d{1,2})(?::?([0-5]\d))?$/.exec(text)
  if (offset !== null && Number(offset[1]) * 60 + Number(offset[2] ?? 0) <= MOST_OFFSET_MINUTES) return
  try {
    // Abbreviations of three letters mean something else in each country; names are written as in the database of zones.
    if (!/^(?:[A-Z][\w+-]*\/|[A-Z]{3}\d|UTC$|GMT$|[CEMW]ET$|[A-Z][a-z])/.test(text)) throw new RangeError('no zone of the database')
    new Intl.DateTimeFormat('en', { timeZone: text })
  } catch (cause) {
    throw userError(
      'sql/option-value',
      `Cannot set option "table.local-time-zone": found "${text}", wanted a zone such as "Europe/Berlin" or "GMT+02:00"`,
      position,
      cause,
    )
  }
}

function checkUnknownKey(key: string, position: Position | undefined): void {
  const near = nearest(key, definitions.keys())
  const isOurs = key.startsWith('rheo.')
  if (!isOurs && (near === undefined || !isMisspelling(key, near))) return
  const hint = near === undefined ? '' : `; did you mean "${near}"?`
  throw userError('sql/unknown-option', `Cannot set option "${key}": there is no such option${hint}`, position)
}

/** Long keys of one family are near each other by chance, so only keys of the same length but for two letters count. */
function isMisspelling(key: string, near: string): boolean {
  if (Math.abs(key.length - near.length) > 2) return false
  let start = 0
  while (start < key.length && key[start] === near[start]) start += 1
  let end = 0
  while (end < key.length - start && end < near.length - start && key.at(-1 - end) === near.at(-1 - end)) end += 1
  return Math.max(key.length, near.length) - start - end <= 2
}

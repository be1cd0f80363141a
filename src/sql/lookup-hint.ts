import { userError } from '../base/errors.ts'
import type { OptionDefinition } from '../catalog/option.ts'
import { checkOptions } from '../catalog/options.ts'
import type { LookupOptions } from '../plan/physical.ts'
import type { BindContext } from './binder.ts'
import type { Hint } from './syntax-hint.ts'

const definitions: readonly OptionDefinition[] = [
  { key: 'table', type: 'string', isRequired: true, doc: 'The table, by its name in the query' },
  { key: 'async', type: 'boolean', doc: 'Several requests at a time' },
  { key: 'output-mode', type: { oneOf: ['ORDERED', 'ALLOW_UNORDERED'] }, doc: 'Order of the rows; here they always keep it' },
  { key: 'capacity', type: 'int', doc: 'Requests in flight at most' },
  { key: 'timeout', type: 'duration', doc: 'How long a request may take' },
  { key: 'retry-predicate', type: { oneOf: ['LOOKUP_MISS'] }, doc: 'When a key is asked for again: while it has no rows' },
  { key: 'retry-strategy', type: { oneOf: ['FIXED_DELAY'] }, doc: 'After which pause' },
  { key: 'fixed-delay', type: 'duration', doc: 'How long the pause is' },
  { key: 'max-attempts', type: 'int', doc: 'How often in all' },
  { key: 'shuffle', type: 'boolean', doc: 'Rows of one key come to one subtask' },
]

const retryKeys = ['retry-predicate', 'retry-strategy', 'fixed-delay', 'max-attempts']

/** How a table of FROM is looked up: as its hint LOOKUP says, else as the settings do. */
export function lookupOptionsOf(names: readonly (string | undefined)[], { env, lookupHints = [] }: BindContext): LookupOptions {
  const { settings } = env
  const hint = lookupHints.find(({ pairs }) => pairs.some(({ key, value }) => key.value === 'table' && names.includes(value.value)))
  const values = hint === undefined ? undefined : hintValues(hint)
  const isAsync = values?.get('async') !== false
  const capacity = Number(values?.get('capacity') ?? settings.number('table.exec.async-lookup.buffer-capacity'))
  const timeoutMs = Number(values?.get('timeout') ?? settings.number('table.exec.async-lookup.timeout'))
  const delayMs = values?.get('fixed-delay')
  return {
    capacity: isAsync ? capacity : 1,
    timeoutMs: isAsync ? timeoutMs : undefined,
    missing: delayMs === undefined ? undefined : { delayMs: Number(delayMs), maxAttempts: Number(values?.get('max-attempts')) },
    shuffles: values?.get('shuffle') === true,
  }
}

/** Refuses hints LOOKUP whose options are wrong, also where nothing is looked up. */
export function checkLookupHints(hints: readonly Hint[]): readonly Hint[] {
  const found = hints.filter((hint) => hint.name.name.toUpperCase() === 'LOOKUP')
  for (const hint of found) hintValues(hint)
  return found
}

function hintValues(hint: Hint): ReturnType<typeof checkOptions> {
  // Of an option that is there twice the last one counts.
  const given = new Map(hint.pairs.map(({ key, value }) => [key.value, value.value]))
  const values = checkOptions(given, definitions, { name: 'the hint LOOKUP', position: hint.at })
  const refuse = (why: string): never => {
    throw userError('sql/option-value', `Cannot use the hint LOOKUP: ${why}`, hint.at)
  }
  for (const key of ['capacity', 'max-attempts']) {
    if (values.has(key) && Number(values.get(key)) < 1) refuse(`"${key}" is ${String(values.get(key))}, a number from 1 was wanted`)
  }
  const retries = retryKeys.filter((key) => values.has(key))
  if (retries.length > 0 && retries.length < retryKeys.length)
    refuse(`found "${retries.join('", "')}", of ${retryKeys.map((key) => `"${key}"`).join(', ')} all or none were wanted`)
  return values
}

// Functions that cases of the corpus call.
import { scalarFunction, tableFunction } from '../../../src/api/functions.ts'

export const area = scalarFunction({ args: ['INT', 'INT'], returns: 'BIGINT' }, (a: number | null, b: number | null) =>
  a === null || b === null ? null : BigInt(a) * BigInt(b),
)

export const shout = scalarFunction({ args: ['STRING'], returns: 'STRING', nulls: 'strict' }, (text: string) => `${text.toUpperCase()}!`)

export const divisors = tableFunction(
  { args: ['INT'], returns: 'ROW<divisor INT NOT NULL, other STRING>', nulls: 'strict' },
  function* divisorsOf(number: number) {
    for (let divisor = 1; divisor <= number; divisor++) if (number % divisor === 0) yield { divisor, other: String(number / divisor) }
  },
)

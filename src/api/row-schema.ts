import { userError } from '../base/errors.ts'
import type { Schema } from '../catalog/schema.ts'
import { formatType, withNullability } from '../data/types.ts'
import { parseType } from '../sql/parser.ts'
import { typeFromSyntax } from '../sql/bind-type.ts'

/** Names of columns with their SQL types as text: `{ id: 'INT', name: 'STRING' }`. */
export type RowSchema = Readonly<Record<string, string>>

/** The TypeScript type of a SQL type's values, by its text; what the text does not tell is `unknown`. */
type ValueOf<T extends string> = T extends `${infer Bare} NOT NULL`
  ? NonNullable<ValueOf<Bare>>
  :
      | null
      | (Uppercase<T> extends 'INT' | 'INTEGER' | 'TINYINT' | 'SMALLINT' | 'FLOAT' | 'DOUBLE'
          ? number
          : Uppercase<T> extends 'BIGINT'
            ? bigint
            : Uppercase<T> extends 'BOOLEAN'
              ? boolean
              : Uppercase<T> extends 'BYTES' | `${'VAR' | ''}BINARY${string}`
                ? Uint8Array
                : Uppercase<T> extends `TIMESTAMP_LTZ(${0 | 1 | 2 | 3})`
                  ? Date
                  : Uppercase<T> extends 'STRING' | 'DATE' | `TIME${string}` | `DECIMAL${string}` | `${'VAR' | ''}CHAR${string}`
                    ? string
                    : unknown)

/** The row type of a schema value: `RowOf<{ id: 'INT NOT NULL' }>` is `{ id: number }`. */
export type RowOf<S extends RowSchema> = { readonly [K in keyof S]: ValueOf<S[K]> }

/**
 * Checks that a query gives the columns that a program expects: the same names in any order, the same types; NOT NULL is asked for only
 * where the expectation says it.
 *
 * @throws {RheoError} `plan/row-type` with both lists.
 */
export function checkRowSchema(expected: RowSchema, found: Schema): void {
  const differences: string[] = []
  for (const [name, text] of Object.entries(expected)) {
    const wanted = typeFromSyntax(parseType(text))
    const field = found.find((each) => each.name === name)
    if (field === undefined) differences.push(`"${name}" is missing`)
    else {
      const type = wanted.nullable ? withNullability(field.type, true) : field.type
      if (formatType(type) !== formatType(wanted))
        differences.push(`"${name}" is ${formatType(field.type)}, wanted is ${formatType(wanted)}`)
    }
  }
  for (const field of found) if (!(field.name in expected)) differences.push(`"${field.name}" is not expected`)
  if (differences.length === 0) return
  const columns = found.map((field) => `${field.name} ${formatType(field.type)}`).join(', ')
  throw userError('plan/row-type', `Cannot give rows of the expected type: ${differences.join('; ')}; the query has ${columns}`)
}

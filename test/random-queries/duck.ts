import {
  type DuckDBConnection,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBListValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api'
import { type SqlType, types } from '../../src/data/types.ts'
import type { SqlValue } from '../../src/data/value.ts'
import type { Row } from '../reference/evaluate.ts'
import { type ColumnType, type RandomTable, decimalText, finalRows, timestampText } from './tables.ts'

export interface DuckAnswer {
  readonly rows: readonly Row[]
  readonly types: readonly SqlType[]
  /** Rows of Rheo's types as values of those of DuckDB. */
  readonly fitted: (rows: readonly Row[]) => readonly Row[]
}

const typeNames: Readonly<Record<ColumnType, string>> = {
  INT: 'INTEGER',
  BIGINT: 'BIGINT',
  STRING: 'VARCHAR',
  DOUBLE: 'DOUBLE',
  DECIMAL: 'DECIMAL(10, 2)',
  BOOLEAN: 'BOOLEAN',
  TIMESTAMP: 'TIMESTAMP',
  ARRAY: 'INTEGER[]',
}

let connected: Promise<DuckDBConnection> | undefined

/** DuckDB's answer over what is in the tables in the end; undefined where it refuses the query. */
export async function duckAnswer(tables: readonly RandomTable[], sql: string): Promise<DuckAnswer | undefined> {
  connected ??= DuckDBInstance.create(':memory:', { threads: '1' }).then((instance) => instance.connect())
  const connection = await connected
  for (const table of tables) await fill(connection, table)
  let rows: readonly (readonly DuckDBValue[])[]
  try {
    rows = (await connection.runAndReadAll(sql)).getRows()
  } catch (error) {
    if (error instanceof Error && /Invalid Error|INTERNAL Error|FATAL Error/.test(error.message)) {
      // A fault of its own, behind which a database may take no more queries.
      connected = undefined
      return undefined
    }
    // Integers overflow there and wrap here; a BIGINT of texts has no sum there.
    if (error instanceof Error && /Overflow|Binder Error|Not implemented|Conversion Error|Out of Range/.test(error.message))
      return undefined
    throw error
  }
  const width = rows[0]?.length ?? 0
  const isDouble = Array.from({ length: width }, (_, i) => rows.some((row) => typeof row[i] === 'number'))
  return {
    rows: rows.map((row) => row.map(valueOf)),
    types: isDouble.map((is) => (is ? types.double() : types.string())),
    fitted: (ours) =>
      ours.map((row) => row.map((value) => (typeof value === 'bigint' || typeof value === 'number' ? Number(value) : value))),
  }
}

async function fill(connection: DuckDBConnection, table: RandomTable): Promise<void> {
  const { name, columns } = table
  await connection.run(
    `CREATE OR REPLACE TABLE ${name} (${columns.map((column) => `${column.name} ${typeNames[column.type]}`).join(', ')})`,
  )
  const rows = finalRows(table)
  if (rows.length === 0) return
  const texts = rows.map((row) => `(${columns.map(({ type }, i) => literalOf(type, row[i]!)).join(', ')})`)
  await connection.run(`INSERT INTO ${name} VALUES ${texts.join(', ')}`)
}

function literalOf(type: ColumnType, value: SqlValue): string {
  if (value === null) return 'NULL'
  switch (type) {
    case 'STRING':
      return `'${String(value).replaceAll("'", "''")}'`
    case 'DECIMAL':
      return decimalText(value as bigint)
    case 'TIMESTAMP':
      return `TIMESTAMP '${timestampText(value as bigint)}'`
    case 'ARRAY':
      return `[${(value as readonly SqlValue[]).map((element) => (element === null ? 'NULL' : String(element))).join(', ')}]`
    default:
      return String(value)
  }
}

/** Numbers of all kinds as a DOUBLE: small enough to be exact. */
function valueOf(value: DuckDBValue): SqlValue {
  if (value instanceof DuckDBDecimalValue) return Number(value.value)
  if (value instanceof DuckDBListValue) return value.items.map(valueOf)
  if (value instanceof DuckDBTimestampValue) return Number(value.micros * 1000n)
  if (typeof value === 'bigint') return Number(value)
  if (value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value
  throw new TypeError(`portable queries give no ${String(value)}`)
}

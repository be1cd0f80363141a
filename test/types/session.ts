// Goal: a program's rows have types, and a wrong one is a red line. Method: this file is only compiled; each @ts-expect-error must be one.
import { type Change, type Query, type RowOf, Session } from '../../src/api/index.ts'

export async function checks(): Promise<void> {
  const session = Session.local()

  // The row type that the program states.
  const stated = session.sql<{ id: number; name: string }>('SELECT id, name FROM t')
  for await (const change of stated) {
    const op: '+I' | '-U' | '+U' | '-D' = change.op
    const id: number = change.row.id
    // @ts-expect-error: a name is no number
    const wrong: number = change.row.name
    // @ts-expect-error: there is no such column
    void change.row.nam
    // @ts-expect-error: changes are not to be changed
    change.op = '+I'
    void [op, id, wrong]
  }

  // The row type of a schema value.
  const checked = session.sql('SELECT ...', {
    id: 'BIGINT NOT NULL',
    name: 'STRING',
    at: 'TIMESTAMP_LTZ(3)',
    price: 'DECIMAL(10, 2)',
    raw: 'BYTES',
  })
  for await (const { row } of checked) {
    const id: bigint = row.id
    const name: string | null = row.name
    const at: Date | null = row.at
    const price: string | null = row.price
    const raw: Uint8Array | null = row.raw
    // @ts-expect-error: a nullable column may be null
    const sure: string = row.name
    // @ts-expect-error: a BIGINT is a bigint
    const small: number = row.id
    void [id, name, at, price, raw, sure, small]
  }

  // Without either, columns are unknown.
  for await (const { row } of session.sql('SELECT 1 AS one')) {
    const one: unknown = row['one']
    // @ts-expect-error: unknown is no number
    const number: number = row['one']
    void [one, number]
  }

  type Row = RowOf<{ n: 'INT'; s: 'VARCHAR(3) NOT NULL' }>
  const row: Row = { n: null, s: 'abc' }
  // @ts-expect-error: s is NOT NULL
  const wrong: Row = { n: 1, s: null }
  const change: Change<Row> = { op: '+I', row }
  const query: Query<Row> = session.sql('SELECT 1 AS n', { n: 'INT', s: 'VARCHAR(3) NOT NULL' })
  // @ts-expect-error: settings are texts
  Session.local({ settings: { 'rheo.seed': 7 } })
  // @ts-expect-error: a session is made by Session.local()
  new Session()
  void [wrong, change, query]
  await session.sql('SELECT 1').execute().print()
  await session.close()
}

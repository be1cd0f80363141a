import { runScript } from '../../src/api/script.ts'
import type { RuntimeConnector } from '../../src/connectors/connector.ts'
import { connectorRegistry } from '../../src/connectors/registry.ts'
import { readCell } from '../../src/data/cells.ts'
import { type RowKind, rowKindSign } from '../../src/data/row-kind.ts'
import { type SqlType, formatType, types as sqlTypes, withNullability } from '../../src/data/types.ts'
import type { Row } from '../reference/evaluate.ts'
import { keyOfValues } from '../reference/key-of.ts'
import { inTime } from './run-script.ts'

export interface UpsertTarget {
  readonly types: readonly SqlType[]
  readonly key: readonly number[]
}

/** What a table has in the end that takes the changes of a query by its key: the rows whose key has no NULL. */
export async function upsertedRows(
  ddl: string,
  query: string,
  { types, key }: UpsertTarget,
  settings: Readonly<Record<string, string>>,
): Promise<readonly Row[]> {
  // A literal may have no length at all, which a table's column cannot have.
  const stored = types.map((type) => (type.kind === 'CHAR' ? sqlTypes.string() : type))
  const columns = stored.map((type, i) => `c${i} ${formatType(withNullability(type, !key.includes(i)))}`)
  const script = `${ddl}
CREATE TABLE upserted (${columns.join(', ')}, PRIMARY KEY (${key.map((column) => `c${column}`).join(', ')}) NOT ENFORCED) WITH ('connector' = 'upserts');
INSERT INTO upserted ${query};`
  const rows = new Map<string, Row>()
  const running = runScript(script, {
    source: 'upserts.sql',
    settings: new Map(Object.entries({ 'rheo.source.block': '256', 'table.exec.sink.not-null-enforcer': 'DROP', ...settings })),
    connectors: connectorRegistry([upserts(key, rows)]),
    output: () => undefined,
    writerOf: () => ({ write: () => undefined, finish: () => undefined }),
  })
  await inTime(running)
  return [...rows.values()]
}

/** Keeps the last row of each key, and of a row that is taken back reads the key only. */
function upserts(key: readonly number[], rows: Map<string, Row>): RuntimeConnector {
  return {
    name: 'upserts',
    doc: 'Keeps the last row of each key',
    options: [],
    sink: () => ({ accepts: 'upsert', canOverwrite: false, canPartition: false, metadata: [] }),
    createSink: () => ({
      open: ({ arena }) =>
        Promise.resolve({
          write({ columns, kinds, selection, selectedCount }) {
            for (let i = 0; i < selectedCount; i++) {
              const row = selection === 0 ? i : arena.i32[selection / 4 + i]!
              const values = columns.map((column) => readCell(arena, column, row))
              const id = keyOfValues(key.map((column) => values[column]!))
              const kind = (kinds === 0 ? 0 : arena.u8[kinds + row]!) as RowKind
              // A -U that comes at all may be the last that is heard of a row: a filter above an aggregate sends such.
              if (rowKindSign(kind) > 0) rows.set(id, values)
              else rows.delete(id)
            }
            return 'done'
          },
          flush: () => Promise.resolve(),
          finish: () => Promise.resolve(),
          close: () => Promise.resolve(),
        }),
    }),
  }
}

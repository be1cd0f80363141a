import type { Ports } from '../base/ports.ts'
import { arenaOfThread } from '../data/arena.ts'
import { readCell } from '../data/cells.ts'
import type { RowKind } from '../data/row-kind.ts'
import { rowKindSign, rowKindText } from '../data/row-kind.ts'
import { formatValue } from '../data/text.ts'
import type { SqlType } from '../data/types.ts'
import type { RuntimeConnector } from '../connectors/connector.ts'
import type { JobSettings, JobSummary } from '../engines/local/job.ts'
import { startJob } from '../engines/local/start-job.ts'
import type { PhysicalNode } from '../plan/physical.ts'
import type { Change } from './memory-connector.ts'

export interface PlanRun {
  readonly changes: readonly Change[]
  readonly summary: JobSummary
}

/** What a test says of how its plan runs; the rest has defaults. */
export type PlanSettings = Partial<JobSettings>

export interface RunPlanOptions {
  readonly connectors?: readonly RuntimeConnector[]
  readonly ports: Ports
  readonly settings?: PlanSettings
  /** Hears of each change as it comes. */
  readonly onChange?: (change: Change) => void
}

const defaults: JobSettings = {
  parallelism: 1,
  batchRows: 4096,
  blockBytes: 256,
  expressions: 'interpreted',
  seed: 1,
  maxRecordBytes: 1 << 20,
  timeZone: 'UTC',
}

/** Runs a plan, which gets a sink, and returns the changes that came out, in order. */
export async function runPlan(node: PhysicalNode, options: RunPlanOptions): Promise<PlanRun> {
  const changes: Change[] = []
  const arena = arenaOfThread()
  const { id: _id, kind: _kind, ...fields } = node
  const sink: PhysicalNode = {
    kind: 'sink',
    id: 'sink',
    input: node,
    target: undefined,
    overwrite: false,
    partition: {},
    schema: fields.schema,
    changes: fields.changes,
    uniqueKeys: fields.uniqueKeys,
    upsertKeys: fields.upsertKeys,
  }
  const job = startJob([sink], {
    connectors: (name) => options.connectors?.find((connector) => connector.name === name),
    ports: options.ports,
    settings: { ...defaults, ...options.settings },
    output: () => {},
    collect(batch) {
      for (let i = 0; i < batch.selectedCount; i++) {
        const row = batch.selection === 0 ? i : arena.i32[batch.selection / 4 + i]!
        const kind = (batch.kinds === 0 ? 0 : arena.u8[batch.kinds + row]!) as RowKind
        const change: Change = { kind, row: batch.columns.map((column) => readCell(arena, column, row)) }
        changes.push(change)
        options.onChange?.(change)
      }
      return 'done'
    },
  })
  return { summary: await job.done, changes }
}

/** A change as the corpus prints it: `+I[1, a, null]`. */
export function changeText(types: readonly SqlType[], { kind, row }: Change): string {
  return `${rowKindText(kind)}[${row.map((value, i) => (value === null ? 'null' : formatValue(types[i]!, value))).join(', ')}]`
}

/**
 * The rows that are left when all changes are applied in order, as sorted texts.
 *
 * @throws {Error} when a change takes back a row that is not there.
 */
export function foldChanges(types: readonly SqlType[], changes: readonly Change[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const change of changes) {
    const text = changeText(types, change).slice(2)
    const count = (counts.get(text) ?? 0) + rowKindSign(change.kind)
    if (count < 0) throw new RangeError(`${changeText(types, change)} takes back a row that is not there`)
    if (count === 0) counts.delete(text)
    else counts.set(text, count)
  }
  return [...counts].flatMap(([text, count]) => Array.from({ length: count }, () => text)).sort()
}

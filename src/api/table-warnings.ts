import { type RheoError, userError } from '../base/errors.ts'
import type { Table } from '../catalog/table.ts'
import type { RuntimeConnectorRegistry } from '../connectors/registry.ts'
import type { PhysicalNode } from '../plan/physical.ts'

/** What is odd in the options of the tables that a plan reads and writes, with its place; a table that was told once is left out. */
export function tableWarnings(plan: PhysicalNode, connectors: RuntimeConnectorRegistry): readonly RheoError[] {
  const warnings: RheoError[] = []
  for (const table of tablesOf(plan)) {
    if (told.has(table)) continue
    told.add(table)
    for (const { key, message } of connectors.get(table.options.get('connector') ?? '')?.warnings?.(table) ?? []) {
      warnings.push(userError('sql/ignored-option', message).at(table.optionPlaces?.get(key) ?? table.place ?? {}))
    }
  }
  return warnings
}

const told = new WeakSet<Table>()

function tablesOf(plan: PhysicalNode): readonly Table[] {
  const own = plan.kind === 'scan' || plan.kind === 'lookup-join' ? plan.source : plan.kind === 'sink' ? plan.target : undefined
  const below = 'inputs' in plan ? plan.inputs : 'input' in plan ? [plan.input] : []
  return [...(own === undefined ? [] : [own.table]), ...below.flatMap(tablesOf)]
}

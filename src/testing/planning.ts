import { Catalogs } from '../catalog/catalog.ts'
import type { ChangelogMode, Connector, ConnectorRegistry } from '../catalog/connector.ts'
import { Settings } from '../catalog/settings.ts'
import { types } from '../data/types.ts'
import type { LogicalNode } from '../plan/logical.ts'
import type { BindEnvironment, BoundStatement } from '../sql/bound-statement.ts'
import { bindStatement } from '../sql/bind.ts'
import { parseScript } from '../sql/parser.ts'

/**
 * A connector that nothing runs, for tests of plans: its options say what it can do. `changes`: append, upsert, retract; `bounded`; `projects`, `nested`, `limits`,
 * `partitions`: 'true' or 'false'; `sink`: append, upsert, retract.
 */
const planned: Connector = {
  name: 'planned',
  doc: 'Of tests of plans',
  options: [],
  source: ({ options }) => ({
    isBounded: options.get('bounded') !== 'false',
    changes: changesOf(options.get('changes')),
    canProject: options.get('projects') !== 'false',
    canProjectNested: options.get('nested') !== 'false',
    canLimit: options.get('limits') !== 'false',
    canPrunePartitions: options.get('partitions') !== 'false',
    metadata: [
      { key: 'origin', type: types.string(false) },
      { key: 'position', type: types.bigint(false) },
    ],
  }),
  sink: ({ options }) => ({
    accepts: changesOf(options.get('sink')),
    canOverwrite: true,
    canPartition: true,
    metadata: [{ key: 'origin', type: types.string() }],
  }),
}

function changesOf(text: string | undefined): ChangelogMode {
  return text === 'upsert' || text === 'retract' ? text : 'append'
}

const plannedConnectors: ConnectorRegistry = { get: (name) => (name === planned.name ? planned : undefined), names: () => [planned.name] }

/** A session without anything that runs. */
export function planningEnvironment(settings: Readonly<Record<string, string>> = {}): BindEnvironment {
  return { catalogs: new Catalogs(), connectors: plannedConnectors, settings: new Settings(new Map(Object.entries(settings))) }
}

/** Binds every statement of a script and gives what the last one is. */
export function bindScript(text: string, environment: BindEnvironment): BoundStatement {
  let last: BoundStatement = { kind: 'done' }
  for (const statement of parseScript(text).statements) last = bindStatement(statement, environment)
  return last
}

/** The plan of the query or INSERT at the end of a script. */
export function planOfScript(text: string, environment: BindEnvironment): LogicalNode {
  const bound = bindScript(text, environment)
  const plan = bound.kind === 'query' ? bound.plan : bound.kind === 'insert' ? bound.plans[0] : undefined
  if (plan === undefined) throw new TypeError('the script ends with a query or INSERT')
  return plan
}

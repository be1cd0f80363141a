import { Random } from '../../src/base/random.ts'
import { Catalogs } from '../../src/catalog/catalog.ts'
import { Settings } from '../../src/catalog/settings.ts'
import { connectorRegistry } from '../../src/connectors/registry.ts'
import type { EvaluationContext } from '../../src/expr/function.ts'
import { answerEmptyAggregates } from '../../src/plan/empty-aggregates.ts'
import { planOfScript } from '../../src/testing/planning.ts'
import { type Row, evaluate } from '../reference/evaluate.ts'
import { type RandomTable, finalRows } from './tables.ts'

function refuse(): never {
  throw new TypeError('random queries do not wait')
}

const evaluation: EvaluationContext = {
  // PROCTIME() is only what queries go by; all rows come at one moment.
  clock: { nowMs: () => 0, monotonicMs: refuse, schedule: refuse },
  random: new Random(0),
  timeZone: 'UTC',
  queryStartMs: undefined,
  currentCatalog: 'default_catalog',
  currentDatabase: 'default_database',
}

/** What the reference says of the query at the end of a script. */
export function referenceAnswer(script: string, tables: readonly RandomTable[], mode: 'streaming' | 'batch'): readonly Row[] {
  const bound = planOfScript(script, {
    catalogs: new Catalogs(),
    connectors: connectorRegistry(),
    settings: new Settings(new Map([['execution.runtime-mode', mode]])),
  })
  // Where the text of a query says that there are no rows, a stream answers an aggregate of them, other than where a table happens to be empty: that is no matter of data.
  const plan = mode === 'streaming' ? answerEmptyAggregates(bound, evaluation) : bound
  return evaluate(plan, {
    mode,
    evaluation,
    rowsOf({ path }, names) {
      const table = tables.find(({ name }) => name === path.name)
      if (table === undefined) throw new TypeError(`the case has a table "${path.name}"`)
      const places = names.map((name) => table.columns.findIndex((column) => column.name === name))
      return finalRows(table).map((row) => places.map((place) => row[place]!))
    },
  })
}

import { Catalogs } from '../../src/catalog/catalog.ts'
import { Settings } from '../../src/catalog/settings.ts'
import { connectorRegistry } from '../../src/connectors/registry.ts'
import { inputsOfStep } from '../../src/plan/physical-inputs.ts'
import type { PhysicalNode } from '../../src/plan/physical.ts'
import { planJob } from '../../src/plan/plan-job.ts'
import { planOfScript } from '../../src/testing/planning.ts'

/** Whether all state of the query at the end of a script is over when time is: something keeps rows, and nothing longer than the watermark says. */
export function endsWithTime(script: string, settings: Readonly<Record<string, string>>): boolean {
  const environment = {
    catalogs: new Catalogs(),
    connectors: connectorRegistry(),
    settings: new Settings(new Map(Object.entries(settings))),
  }
  const steps: PhysicalNode[] = [planJob(planOfScript(script, environment), environment)]
  for (let i = 0; i < steps.length; i++) steps.push(...inputsOfStep(steps[i]!))
  const spans = steps.map(spanOf)
  return spans.includes('time') && !spans.includes('ever')
}

function spanOf(node: PhysicalNode): 'nothing' | 'time' | 'ever' {
  switch (node.kind) {
    case 'scan':
    case 'values':
    case 'calc':
    case 'watermark':
    case 'current-watermark':
    case 'exchange':
    case 'union':
    case 'expand':
    case 'unnest':
    case 'window-table-function':
    case 'drop-update-before':
    case 'lookup-join':
    case 'sink':
      return 'nothing'
    case 'interval-join':
      return node.byClock === true ? 'ever' : 'time'
    case 'window-join':
    case 'window-aggregate':
    case 'window-rank':
    case 'time-sort':
      return 'time'
    case 'over-aggregate':
      return node.unit === 'RANGE' && node.preceding !== undefined ? 'time' : 'ever'
    case 'match':
      return node.spec.withinMs === undefined ? 'ever' : 'time'
    default:
      return 'ever'
  }
}

import type { Catalogs } from '../catalog/catalog.ts'
import type { ConnectorRegistry } from '../catalog/connector.ts'
import type { Settings } from '../catalog/settings.ts'
import { RheoError, userError } from '../base/errors.ts'
import type { Clock } from '../base/ports.ts'
import { Random } from '../base/random.ts'
import type { EvaluationContext } from '../expr/function.ts'
import { answerEmptyAggregates } from './empty-aggregates.ts'
import type { LogicalNode } from './logical.ts'
import type { AdaptiveSampling, PhysicalNode } from './physical.ts'
import { MERGE_CALCS, applyRules } from './rules.ts'
import { reduceOuterJoins } from './outer-joins.ts'
import { rankFilters } from './rank-filters.ts'
import { TWO_PHASE_AGGREGATES, twoPhaseAggregates } from './rules/two-phase-aggregates.ts'
import { SHARE_SUBPLANS, type SharingOptions, groupsOfSinks, shareSubplans } from './share-subplans.ts'
import { toPhysical } from './to-physical.ts'

/** What planning reads. */
export interface PlanEnvironment {
  readonly catalogs: Catalogs
  readonly connectors: ConnectorRegistry
  readonly settings: Settings
}

/** The physical plan of one query or INSERT: the rules, then the steps. A query without a sink gets one for whoever asked. */
export function planJob(plan: LogicalNode, environment: PlanEnvironment): PhysicalNode {
  const { connectors, settings } = environment
  const mode = settings.runtimeMode
  const evaluation = planningContext(environment)
  const disabled = settings.disabledRules
  const reduced = reduceOuterJoins(mode === 'streaming' ? answerEmptyAggregates(plan, evaluation) : plan)
  const optimized = applyRules(
    mode === 'streaming' ? rankFilters(reduced, evaluation) : reduced,
    { connectors, mode, evaluation },
    disabled,
  )
  const physical = toPhysical(optimized, {
    connectors,
    mode,
    evaluation,
    stateTtlMs: settings.number('table.exec.state.ttl'),
    watermarkIntervalMs: settings.number('pipeline.auto-watermark-interval'),
    repeatedChanges: settings.boolean('table.exec.source.cdc-events-duplicate'),
    upsertMaterialize: settings.string('table.exec.sink.upsert-materialize') as 'NONE' | 'AUTO' | 'FORCE',
    requiresOnConflict: settings.boolean('table.exec.sink.require-on-conflict'),
    mergesCalcs: disabled !== 'all' && !disabled.has(MERGE_CALCS),
  })
  if (mode === 'streaming') checkMiniBatch(physical, settings)
  const isTwoPhase = disabled !== 'all' && !disabled.has(TWO_PHASE_AGGREGATES) && wantsTwoPhases(settings)
  const phased = isTwoPhase ? twoPhaseAggregates(physical, adaptiveSampling(settings)) : physical
  const sharing = sharingOptions(settings)
  return sharing === undefined ? phased : shareSubplans([phased], sharing)[0]!
}

/** The jobs of sinks that run together: those that have parts in common are one. */
export function jobsOfSinks(sinks: readonly PhysicalNode[], settings: Settings): readonly (readonly PhysicalNode[])[] {
  const sharing = sharingOptions(settings)
  return sharing === undefined || sinks.length === 1 ? sinks.map((sink) => [sink]) : groupsOfSinks(sinks, sharing)
}

function sharingOptions(settings: Settings): SharingOptions | undefined {
  const disabled = settings.disabledRules
  if (disabled === 'all' || disabled.has(SHARE_SUBPLANS) || !settings.boolean('table.optimizer.reuse-sub-plan-enabled')) return undefined
  return { sources: settings.boolean('table.optimizer.reuse-source-enabled') }
}

function checkMiniBatch(plan: PhysicalNode, settings: Settings): void {
  if (!settings.boolean('table.exec.mini-batch.enabled')) return
  checkAboveZero('table.exec.mini-batch.allow-latency', settings)
  if (gathersRows(plan)) checkAboveZero('table.exec.mini-batch.size', settings)
}

function checkAboveZero(key: string, settings: Settings): void {
  if (settings.number(key) > 0) return
  throw userError('sql/option-value', `Cannot gather rows in mini-batches: "${key}" is "${settings.text(key)}", wanted is more than 0`)
}

/** Whether Flink gathers rows before an operator of the plan. */
function gathersRows(node: PhysicalNode): boolean {
  if (node.kind === 'group-aggregate' || node.kind === 'join') return true
  return 'inputs' in node ? node.inputs.some(gathersRows) : 'input' in node && gathersRows(node.input)
}

/** As in Flink, AUTO means two phases where rows are gathered first; asked for by name they need no gathering, for every batch is a small gathering. */
function wantsTwoPhases(settings: Settings): boolean {
  const strategy = settings.string('table.optimizer.agg-phase-strategy')
  return strategy === 'TWO_PHASE' || (strategy === 'AUTO' && settings.boolean('table.exec.mini-batch.enabled'))
}

function adaptiveSampling(settings: Settings): AdaptiveSampling | undefined {
  if (!settings.boolean('table.exec.local-hash-agg.adaptive.enabled')) return undefined
  return {
    rows: settings.number('table.exec.local-hash-agg.adaptive.sampling-threshold'),
    distinctRate: settings.number('table.exec.local-hash-agg.adaptive.distinct-value-rate-threshold'),
  }
}

/** A context for expressions that depend neither on time nor on chance. */
export function planningContext({ catalogs, settings }: Pick<PlanEnvironment, 'catalogs' | 'settings'>): EvaluationContext {
  return {
    clock: noClock,
    random: new Random(0),
    timeZone: settings.timeZone,
    queryStartMs: undefined,
    currentCatalog: catalogs.currentCatalog,
    currentDatabase: catalogs.currentDatabase,
  }
}

function refuse(): never {
  // A RheoError, so that folding leaves the expression as it is.
  throw new RheoError('Cannot read the clock while planning', { code: 'internal/clock', domain: 'internal' })
}

const noClock: Clock = { nowMs: refuse, monotonicMs: refuse, schedule: refuse }

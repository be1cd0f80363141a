import { userError } from '../base/errors.ts'
import type { TextFiles } from '../base/ports.ts'
import {
  type CompiledPlan,
  MODULE_FUNCTION,
  type RestoreTables,
  catalogOptionsOf,
  compiledPlanText,
  moduleFunctionsOf,
  readCompiledPlan,
  restoreTables,
} from '../plan/compiled-plan.ts'
import type { LogicalNode } from '../plan/logical.ts'
import type { PhysicalNode } from '../plan/physical.ts'
import { planJob } from '../plan/plan-job.ts'
import { loadModuleFunction } from './bind-function.ts'
import type { BindContext } from './binder.ts'
import type { BoundStatement } from './bound-statement.ts'
import type { CompilePlan, ExecutePlan } from './syntax-statement.ts'
import type { StringNode } from './syntax-type.ts'

/**
 * COMPILE PLAN, and COMPILE AND EXECUTE PLAN, which runs the plan of a file that is there already. `plansOf` binds the statement.
 *
 * @throws {RheoError} `plan/file-exists` where a file would be replaced.
 */
export function compilePlan(statement: CompilePlan, context: BindContext, plansOf: () => readonly LogicalNode[]): BoundStatement {
  const { env } = context
  const files = filesOf(statement.path, context)
  const path = localPath(statement.path)
  const replaces = env.settings.boolean('table.plan.force-recompile')
  if (!replaces && files.read(path) !== undefined) {
    if (statement.execute) return { kind: 'plan', plans: loadPlan(statement.path, context) }
    if (statement.ifNotExists) return { kind: 'done' }
    throw exists(statement.path)
  }
  const logical = plansOf()
  context.refusals.throwFirst()
  const plans = logical.map((plan) => planJob(plan, env))
  const compiled: CompiledPlan = { mode: env.settings.runtimeMode, plans, catalogOptions: catalogOptionsOf(plans, env.catalogs) }
  if (!files.write(path, compiledPlanText(compiled), replaces ? 'replace' : 'create')) throw exists(statement.path)
  return statement.execute ? { kind: 'plan', plans } : { kind: 'done' }
}

export function executePlan(statement: ExecutePlan, context: BindContext): BoundStatement {
  return { kind: 'plan', plans: loadPlan(statement.path, context) }
}

/** The plans of a file with the tables and functions of this session. */
export function loadPlan(node: StringNode, context: BindContext): readonly PhysicalNode[] {
  const { env } = context
  const text = filesOf(node, context).read(localPath(node))
  if (text === undefined)
    throw userError('plan/no-file', `Cannot run the plan "${node.value}": there is no such file; COMPILE PLAN makes it`, node.at)
  const compiled = readCompiledPlan(text, node.value)
  if (compiled.mode !== env.settings.runtimeMode) {
    throw userError(
      'plan/mode',
      `Cannot run the plan "${node.value}": it was compiled for ${compiled.mode} mode; SET 'execution.runtime-mode' = '${compiled.mode}'`,
      node.at,
    )
  }
  const plans = restoreTables(compiled, env.catalogs, env.settings.string('table.plan.restore.catalog-objects') as RestoreTables)
  for (const name of plans.flatMap(moduleFunctionsOf)) loadFunction(name, node, context)
  return plans
}

function loadFunction(name: string, { value, at }: StringNode, context: BindContext): void {
  const [, path = '', exportName = ''] = MODULE_FUNCTION.exec(name) ?? []
  const found = loadModuleFunction(path, exportName, at, context)
  if (found.name === name) return
  throw userError(
    'plan/function-changed',
    `Cannot run the plan "${value}": the module "${path}" of its function "${exportName}" has changed since it was compiled; compile it anew`,
    at,
  )
}

function exists({ value, at }: StringNode): Error {
  return userError(
    'plan/file-exists',
    `Cannot write the plan "${value}": the file is there; use IF NOT EXISTS, remove it, or SET 'table.plan.force-recompile' = 'true'`,
    at,
  )
}

function filesOf({ value, at }: StringNode, { env }: BindContext): TextFiles {
  if (env.textFiles === undefined) throw userError('plan/no-file', `Cannot use the plan "${value}": this session has no disk`, at)
  return env.textFiles
}

function localPath({ value }: StringNode): string {
  return value.replace(/^file:(?:\/\/(?=\/))?/, '')
}

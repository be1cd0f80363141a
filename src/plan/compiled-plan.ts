import { type RheoError, userError } from '../base/errors.ts'
import type { Catalogs } from '../catalog/catalog.ts'
import { formatPath } from '../catalog/catalog.ts'
import type { Table } from '../catalog/table.ts'
import { formatType } from '../data/types.ts'
import type { Json } from '../data/value-json.ts'
import { planFromJson, planToJson } from './json.ts'
import type { PhysicalNode, TableReference } from './physical.ts'

// What COMPILE PLAN stores, described in docs/compiled-plans.md. Golden files of each version are in test/plans/compiled.

/** A job as COMPILE PLAN stores it: the plans of its sinks. */
export interface CompiledPlan {
  readonly mode: 'streaming' | 'batch'
  readonly plans: readonly PhysicalNode[]
  /** By path, the options that a table had in its catalog: what a plan has besides came from hints. */
  readonly catalogOptions: ReadonlyMap<string, ReadonlyMap<string, string>>
}

/** How a plan finds its tables again: `table.plan.restore.catalog-objects`. */
export type RestoreTables = 'ALL' | 'ALL_ENFORCED' | 'IDENTIFIER'

/** The text of a plan's file. */
export function compiledPlanText({ mode, plans, catalogOptions }: CompiledPlan): string {
  const body = {
    mode,
    catalogOptions: Object.fromEntries(Array.from(catalogOptions, ([path, options]) => [path, Object.fromEntries(options)])),
    plans: plans.map((plan) => planToJson(plan)),
  }
  return `${JSON.stringify({ rheoCompiledPlan: COMPILED_PLAN_VERSION, digest: digestOf(body), ...body }, null, 1)}\n`
}

/** Raised when the form of the file changes; that of the plans in it has a version of its own. */
export const COMPILED_PLAN_VERSION = 1

/**
 * The plan that a file holds. A file without `digest` was changed by hand and is taken as it is.
 *
 * @throws {RheoError} `plan/damaged`, `plan/version`.
 */
export function readCompiledPlan(text: string, path: string): CompiledPlan {
  const damaged = (why: string, cause?: unknown): RheoError =>
    userError('plan/damaged', `Cannot read the plan "${path}": ${why}`, undefined, cause)
  let file: { readonly [key: string]: Json | undefined }
  try {
    const json = JSON.parse(text) as Json
    if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new SyntaxError('wanted is an object')
    file = json as typeof file
  } catch (error) {
    throw damaged(notJson(error))
  }
  const { rheoCompiledPlan: version, digest, ...body } = file
  if (typeof version !== 'number') throw damaged('it has no "rheoCompiledPlan", so it is no plan of COMPILE PLAN')
  if (version > COMPILED_PLAN_VERSION) {
    throw userError(
      'plan/version',
      `Cannot read the plan "${path}": found version ${version}, wanted is ${COMPILED_PLAN_VERSION} at most; a newer Rheo compiled it`,
    )
  }
  if (digest !== undefined && digest !== digestOf(body))
    throw damaged('it is not what was written; take out "digest" if you changed it on purpose')
  const { mode, plans, catalogOptions } = body
  if ((mode !== 'streaming' && mode !== 'batch') || !Array.isArray(plans) || plans.length === 0)
    throw damaged('"mode" or "plans" is missing')
  try {
    return {
      mode,
      plans: plans.map((plan: Json) => checkedPlan(planFromJson(plan))),
      catalogOptions: optionsByPath(catalogOptions ?? {}),
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'plan/version') throw error
    throw damaged(error instanceof Error ? error.message : String(error), error)
  }
}

/** What is wrong with a text that is no JSON, without a word of it: it may hold passwords. */
export function notJson(error: unknown): string {
  const place = /position \d+(?: \(line \d+ column \d+\))?/.exec(error instanceof Error ? error.message : '')
  return `it is no JSON object${place === null ? '' : ` (${place[0]})`}`
}

function optionsByPath(json: Json): CompiledPlan['catalogOptions'] {
  const entries = Object.entries(json as Readonly<Record<string, Readonly<Record<string, string>>>>)
  return new Map(entries.map(([path, options]) => [path, new Map(Object.entries(options))]))
}

/** FNV-1a of the text, 64 bits in hexadecimal: enough to see that a file was cut or changed, and no protection against a forger. */
function digestOf(body: object): string {
  let [high, low] = [0xcbf29ce4, 0x84222325]
  const text = JSON.stringify(body)
  for (let i = 0; i < text.length; i++) {
    low = (low ^ text.charCodeAt(i)) >>> 0
    // Times 2^40 + 0x1b3, modulo 2^64.
    const lowTimes = low * 0x1b3
    high = (high * 0x1b3 + Math.floor(lowTimes / 2 ** 32) + low * 0x100) % 2 ** 32
    low = lowTimes % 2 ** 32
  }
  return [high, low].map((half) => half.toString(16).padStart(8, '0')).join('')
}

/** Refuses what is no plan at all; of a file with its digest nothing else is to be feared. */
function checkedPlan(plan: PhysicalNode): PhysicalNode {
  if (plan.kind !== 'sink') throw new TypeError('a plan begins with its sink')
  const check = (node: PhysicalNode): void => {
    if (typeof node !== 'object' || node === null || typeof node.kind !== 'string' || !Array.isArray(node.schema))
      throw new TypeError('a step has no kind or schema')
    for (const field of node.schema) formatType(field.type)
    if ('input' in node) check(node.input)
    if ('inputs' in node) for (const input of node.inputs) check(input)
  }
  check(plan)
  return plan
}

/** Each table of a plan in another form; steps that are shared stay so. */
export function mapTables(plan: PhysicalNode, map: (table: TableReference) => TableReference): PhysicalNode {
  const done = new Map<object, object>()
  const rewrite = (data: unknown): unknown => {
    if (typeof data !== 'object' || data === null || data instanceof Map || ArrayBuffer.isView(data)) return data
    const known = done.get(data)
    if (known !== undefined) return known
    const result = Array.isArray(data)
      ? data.map(rewrite)
      : isTableReference(data)
        ? map(data)
        : Object.getPrototypeOf(data) === Object.prototype
          ? Object.fromEntries(Object.entries(data).map(([key, value]) => [key, rewrite(value)]))
          : data
    done.set(data, result)
    return result
  }
  return rewrite(plan) as PhysicalNode
}

function isTableReference(data: object): data is TableReference {
  return (
    'path' in data &&
    'table' in data &&
    typeof data.table === 'object' &&
    data.table !== null &&
    'kind' in data.table &&
    data.table.kind === 'table'
  )
}

/** What the catalog knows of the tables of plans. */
export function catalogOptionsOf(plans: readonly PhysicalNode[], catalogs: Catalogs): CompiledPlan['catalogOptions'] {
  const options = new Map<string, ReadonlyMap<string, string>>()
  for (const plan of plans) {
    mapTables(plan, (reference) => {
      const found = catalogs.find(reference.path)
      if (found?.kind === 'table') options.set(formatPath(reference.path), found.options)
      return reference
    })
  }
  return options
}

/**
 * The plans with the tables that the catalog has now, where it has them, and the hints of the query. Their columns have to be those of the plan.
 *
 * @throws {RheoError} `plan/table-changed`, `plan/unknown-table`.
 */
export function restoreTables(
  { plans, catalogOptions }: CompiledPlan,
  catalogs: Catalogs,
  restore: RestoreTables,
): readonly PhysicalNode[] {
  if (restore === 'ALL_ENFORCED') return plans
  const current = (reference: TableReference): TableReference => {
    const name = formatPath(reference.path)
    const found = catalogs.find(reference.path)
    if (found === undefined) {
      if (restore === 'ALL') return reference
      throw userError(
        'plan/unknown-table',
        `Cannot run the plan: there is no table "${name}"; 'table.plan.restore.catalog-objects' = 'IDENTIFIER' wants it`,
      )
    }
    if (found.kind === 'view' || columnsText(found) !== columnsText(reference.table))
      throw userError(
        'plan/table-changed',
        `Cannot run the plan: the columns of "${name}" have changed since it was compiled; compile it anew, or set 'table.plan.restore.catalog-objects' = 'ALL_ENFORCED'`,
      )
    const before = catalogOptions.get(name)
    const hints = Array.from(reference.table.options).filter(([key, value]) => before !== undefined && before.get(key) !== value)
    return { ...reference, table: { ...found, options: new Map([...found.options, ...hints]) } }
  }
  return plans.map((plan) => mapTables(plan, current))
}

function columnsText({ columns, watermark, primaryKey, partitionedBy }: Table): string {
  const texts = columns.map(({ comment: _, type, ...column }) => [formatType(type), column])
  return JSON.stringify([texts, watermark, primaryKey?.columns, partitionedBy])
}

/** The functions of modules that a plan calls, by the names that stand in it: `/path/module.ts#export@hash`. */
export function moduleFunctionsOf(plan: PhysicalNode): readonly string[] {
  const names = new Set<string>()
  const seen = new Set<object>()
  const look = (data: unknown): void => {
    if (typeof data !== 'object' || data === null || seen.has(data)) return
    seen.add(data)
    if ('kind' in data && data.kind === 'call' && 'name' in data && typeof data.name === 'string' && MODULE_FUNCTION.test(data.name))
      names.add(data.name)
    for (const value of Object.values(data)) look(value)
  }
  look(plan)
  return [...names]
}

/** Path, export and hash of a function's name in a plan. */
export const MODULE_FUNCTION: RegExp = /^(.+)#([^#@]+)@([0-9a-f]+)$/

import { type Position, type RheoError, userError } from '../base/errors.ts'
import type { ObjectPath } from '../catalog/table.ts'
import type { SqlType } from '../data/types.ts'
import type { LogicalNode } from '../plan/logical.ts'
import type { BindEnvironment } from './bound-statement.ts'
import type { Expansion } from './expansion.ts'
import type { Hint } from './syntax-hint.ts'
import type { QualifiedName } from './syntax-type.ts'

/** A WITH item by its name; the innermost one wins. */
export interface CommonTables {
  readonly name: string
  readonly plan: LogicalNode
  readonly outer: CommonTables | undefined
}

/**
 * What Flink can and Rheo cannot yet, found while a statement is bound. Binding goes on with a stand-in, so that the user's own mistakes (unknown names, wrong types)
 * are told first; the first refusal is thrown when the statement is bound.
 */
export class Refusals {
  #first: RheoError | undefined

  /** `feature` is the code after `unsupported/`. */
  add(feature: string, message: string, at?: Position): void {
    this.#first ??= userError(`unsupported/${feature}`, message, at)
  }

  /** A refusal of what Flink refuses too, which is told only when there is nothing worse. */
  addError(error: RheoError): void {
    this.#first ??= error
  }

  throwFirst(): void {
    if (this.#first !== undefined) throw this.#first
  }
}

/** What the parts of the binder hand to each other. */
export interface BindContext {
  readonly env: BindEnvironment
  readonly refusals: Refusals
  /** Where names without a catalog or database are looked up: of a view, where it was made. */
  readonly within: { readonly catalog: string; readonly database: string }
  readonly commonTables: CommonTables | undefined
  /** Types of the columns that INSERT writes, which a bare NULL of its query takes. */
  readonly expected?: readonly SqlType[] | undefined
  /** Gathers how the text of a view would be written with full names. */
  readonly expansion?: Expansion | undefined
  /** Of the SELECT at hand: its hints LOOKUP. */
  readonly lookupHints?: readonly Hint[]
  /** Views that are being expanded, outermost first, for messages and against endless recursion. */
  readonly views: readonly string[]
}

export function newContext(env: BindEnvironment): BindContext {
  const { currentCatalog: catalog, currentDatabase: database } = env.catalogs
  return { env, refusals: new Refusals(), within: { catalog, database }, commonTables: undefined, views: [] }
}

export function pathOf(name: QualifiedName, context: Pick<BindContext, 'env' | 'within'>): ObjectPath {
  if (name.parts.length > 3) {
    throw userError('sql/unknown-table', `Cannot use "${nameText(name)}": a name has at most catalog, database and table`, name.at)
  }
  return context.env.catalogs.path(
    name.parts.map((part) => part.name),
    context.within,
  )
}

export function nameText(name: QualifiedName): string {
  return name.parts.map((part) => part.name).join('.')
}

export function isBatch(context: BindContext): boolean {
  return context.env.settings.runtimeMode === 'batch'
}

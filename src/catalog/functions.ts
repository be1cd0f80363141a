import { type Position, userError } from '../base/errors.ts'
import type { ObjectPath } from './table.ts'

/** A function that a session defined: the name of what it calls, which only the language understands. */
export interface CatalogFunction {
  readonly language: 'TYPESCRIPT' | 'OTHER'
  /** As CREATE FUNCTION says it: a class, or `module.ts#export`. */
  readonly source: string
}

/** Where a function lives: in a database, over one while the session lasts, or beside the built-in ones. */
export type FunctionScope = 'permanent' | 'temporary' | 'temporary-system'

/** The functions of a session. Their names are not case-sensitive, as in Flink. */
export class FunctionCatalog {
  readonly #system = new Map<string, CatalogFunction>()
  readonly #byPath: Readonly<
    Record<'permanent' | 'temporary', Map<string, { readonly path: ObjectPath; readonly entry: CatalogFunction }>>
  > = {
    permanent: new Map(),
    temporary: new Map(),
  }

  /** @returns Whether it was added; false when the name is taken and `ifExists` is `keep`. */
  create(
    scope: FunctionScope,
    path: ObjectPath,
    entry: CatalogFunction,
    { ifExists, at }: { readonly ifExists: 'fail' | 'keep' | 'replace'; readonly at: Position },
  ): boolean {
    const isTaken = this.#has(scope, path)
    if (isTaken && ifExists === 'keep') return false
    if (isTaken && ifExists === 'fail')
      throw userError('sql/duplicate-function', `Cannot create function "${path.name}": there is one of that name already`, at)
    if (scope === 'temporary-system') this.#system.set(path.name.toLowerCase(), entry)
    else this.#byPath[scope].set(keyOf(path), { path: lowered(path), entry })
    return true
  }

  drop(scope: FunctionScope, path: ObjectPath, { ifExists, at }: { readonly ifExists: boolean; readonly at: Position }): void {
    if (scope === 'permanent' && this.#has('temporary', path)) {
      throw userError(
        'sql/unknown-function',
        `Cannot drop function "${path.name}": a temporary one hides it; DROP TEMPORARY FUNCTION comes first`,
        at,
      )
    }
    const isGone = scope === 'temporary-system' ? this.#system.delete(path.name.toLowerCase()) : this.#byPath[scope].delete(keyOf(path))
    if (isGone || ifExists) return
    const kind = { permanent: '', temporary: 'temporary ', 'temporary-system': 'temporary system ' }[scope]
    throw userError('sql/unknown-function', `Cannot drop function "${path.name}": there is no ${kind}function of that name`, at)
  }

  has(scope: FunctionScope, path: ObjectPath): boolean {
    return this.#has(scope, path)
  }

  #has(scope: FunctionScope, path: ObjectPath): boolean {
    return scope === 'temporary-system' ? this.#system.has(path.name.toLowerCase()) : this.#byPath[scope].has(keyOf(path))
  }

  /** One that takes the place of a built-in function. */
  system(name: string): CatalogFunction | undefined {
    return this.#system.get(name.toLowerCase())
  }

  find(path: ObjectPath): { readonly entry: CatalogFunction; readonly scope: 'permanent' | 'temporary' } | undefined {
    const temporary = this.#byPath.temporary.get(keyOf(path))
    if (temporary !== undefined) return { entry: temporary.entry, scope: 'temporary' }
    const permanent = this.#byPath.permanent.get(keyOf(path))
    return permanent === undefined ? undefined : { entry: permanent.entry, scope: 'permanent' }
  }

  /** How many stay in a database. */
  countIn(catalog: string, database: string): number {
    let count = 0
    for (const { path } of this.#byPath.permanent.values()) if (path.catalog === catalog && path.database === database) count++
    return count
  }

  /** Forgets those of a database, or of all databases of a catalog. */
  dropIn(catalog: string, database: string | undefined): void {
    const { permanent } = this.#byPath
    for (const [key, { path }] of permanent) {
      if (path.catalog === catalog && (database === undefined || path.database === database)) permanent.delete(key)
    }
  }

  /** Those that are visible in a database by their plain names. */
  names(catalog: string, database: string): readonly string[] {
    const found = new Set(this.#system.keys())
    for (const { path } of [...this.#byPath.permanent.values(), ...this.#byPath.temporary.values()])
      if (path.catalog === catalog && path.database === database) found.add(path.name)
    return [...found].sort()
  }
}

function lowered(path: ObjectPath): ObjectPath {
  return { ...path, name: path.name.toLowerCase() }
}

function keyOf(path: ObjectPath): string {
  return [path.catalog, path.database, path.name.toLowerCase()].join('\0')
}

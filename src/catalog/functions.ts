import { type Position, userError } from '../base/errors.ts'
import type { CatalogFunction } from './catalog-function.ts'
import type { CatalogStore } from './catalog-store.ts'
import type { ObjectPath } from './table.ts'

/** Where a function lives: in a database, over one while the session lasts, or beside the built-in ones. */
export type FunctionScope = 'permanent' | 'temporary' | 'temporary-system'

/** The functions of a session. Their names are not case-sensitive, as in Flink. */
export class FunctionCatalog {
  readonly #storeOf: (catalog: string) => CatalogStore | undefined
  readonly #system = new Map<string, CatalogFunction>()
  readonly #temporary = new Map<string, { readonly path: ObjectPath; readonly entry: CatalogFunction }>()

  /** @param storeOf Where a catalog keeps those that last. */
  constructor(storeOf: (catalog: string) => CatalogStore | undefined) {
    this.#storeOf = storeOf
  }

  /** @returns Whether it was added; false when the name is taken and `ifExists` is `keep`. */
  create(
    scope: FunctionScope,
    path: ObjectPath,
    entry: CatalogFunction,
    { ifExists, at }: { readonly ifExists: 'fail' | 'keep' | 'replace'; readonly at: Position },
  ): boolean {
    if (this.#write(scope, path, entry, ifExists === 'replace' ? 'replace' : 'create')) return true
    if (ifExists === 'keep') return false
    throw userError('sql/duplicate-function', `Cannot create function "${path.name}": there is one of that name already`, at)
  }

  #write(scope: FunctionScope, path: ObjectPath, entry: CatalogFunction, mode: 'create' | 'replace'): boolean {
    const name = path.name.toLowerCase()
    if (scope === 'permanent') return this.#storeOf(path.catalog)?.write('function', path.database, name, entry, mode) ?? false
    if (mode === 'create' && this.has(scope, path)) return false
    if (scope === 'temporary-system') this.#system.set(name, entry)
    else this.#temporary.set(keyOf(path), { path: { ...path, name }, entry })
    return true
  }

  drop(scope: FunctionScope, path: ObjectPath, { ifExists, at }: { readonly ifExists: boolean; readonly at: Position }): void {
    if (scope === 'permanent' && this.has('temporary', path)) {
      throw userError(
        'sql/unknown-function',
        `Cannot drop function "${path.name}": a temporary one hides it; DROP TEMPORARY FUNCTION comes first`,
        at,
      )
    }
    if (this.#remove(scope, path) || ifExists) return
    const kind = { permanent: '', temporary: 'temporary ', 'temporary-system': 'temporary system ' }[scope]
    throw userError('sql/unknown-function', `Cannot drop function "${path.name}": there is no ${kind}function of that name`, at)
  }

  #remove(scope: FunctionScope, path: ObjectPath): boolean {
    const name = path.name.toLowerCase()
    if (scope === 'temporary-system') return this.#system.delete(name)
    return scope === 'temporary'
      ? this.#temporary.delete(keyOf(path))
      : (this.#storeOf(path.catalog)?.remove('function', path.database, name) ?? false)
  }

  has(scope: FunctionScope, path: ObjectPath): boolean {
    if (scope === 'temporary-system') return this.#system.has(path.name.toLowerCase())
    return scope === 'temporary' ? this.#temporary.has(keyOf(path)) : this.#permanent(path) !== undefined
  }

  /** One that takes the place of a built-in function. */
  system(name: string): CatalogFunction | undefined {
    return this.#system.get(name.toLowerCase())
  }

  find(path: ObjectPath): { readonly entry: CatalogFunction; readonly scope: 'permanent' | 'temporary' } | undefined {
    const temporary = this.#temporary.get(keyOf(path))
    if (temporary !== undefined) return { entry: temporary.entry, scope: 'temporary' }
    const permanent = this.#permanent(path)
    return permanent === undefined ? undefined : { entry: permanent, scope: 'permanent' }
  }

  #permanent(path: ObjectPath): CatalogFunction | undefined {
    return this.#storeOf(path.catalog)?.read('function', path.database, path.name.toLowerCase())
  }

  /** Those that are visible in a database by their plain names. */
  names(catalog: string, database: string): readonly string[] {
    const found = new Set([...this.#system.keys(), ...(this.#storeOf(catalog)?.names('function', database) ?? [])])
    for (const { path } of this.#temporary.values()) if (path.catalog === catalog && path.database === database) found.add(path.name)
    return [...found].sort()
  }
}

function keyOf(path: ObjectPath): string {
  return [path.catalog, path.database, path.name.toLowerCase()].join('\0')
}

import { externalError } from './errors.ts'
import type { LoadedModule, Modules } from './ports.ts'

const loadedModules = new Map<string, LoadedModule>()

/**
 * The program's modules, TypeScript among them, whose types Node strips. A module is loaded once in the life of the process and then stays what it is.
 */
export const nodeModules: Modules = {
  load(path) {
    const { createRequire } = process.getBuiltinModule('node:module')
    const { resolve } = process.getBuiltinModule('node:path')
    const { readFileSync, existsSync } = process.getBuiltinModule('node:fs')
    const { createHash } = process.getBuiltinModule('node:crypto')
    const file = resolve(path)
    const known = loadedModules.get(file)
    if (known !== undefined) return known
    if (!existsSync(file)) throw externalError('file/not-found', `Cannot load the module "${path}": nothing is there`)
    try {
      const exports = createRequire(import.meta.url)(file) as Readonly<Record<string, unknown>>
      const hash = createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16)
      const loaded: LoadedModule = { path: file, exports, hash }
      loadedModules.set(file, loaded)
      return loaded
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw externalError('function/module', `Cannot load the module "${path}": ${reason.replace(/\.$/, '')}`, undefined, error)
    }
  },
}

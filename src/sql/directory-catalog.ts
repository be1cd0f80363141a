import type { CatalogStore } from '../catalog/catalog-store.ts'
import type { BindEnvironment } from './bound-statement.ts'

export function openDirectoryCatalog(_catalog: string, _path: string, _database: string, _env: BindEnvironment): CatalogStore {
  throw new Error('later')
}

import type { TextFiles } from './ports.ts'

/** Files over others that stay as they are: what is written and removed is only remembered. Of folders that are removed only their names are. */
export class OverlaidTextFiles implements TextFiles {
  readonly #base: TextFiles
  /** By path; undefined where a file was removed. */
  readonly #texts = new Map<string, string | undefined>()
  readonly #removedFolders = new Set<string>()

  constructor(base: TextFiles) {
    this.#base = base
  }

  list(path: string): ReturnType<TextFiles['list']> {
    const found = new Map<string, 'file' | 'folder'>()
    for (const { name, kind } of this.#isRemoved(path) ? [] : (this.#base.list(path) ?? [])) {
      if (!this.#isRemoved(`${path}/${name}`)) found.set(name, kind)
    }
    for (const [file, text] of this.#texts) {
      if (!file.startsWith(`${path}/`)) continue
      const [name = '', ...below] = file.slice(path.length + 1).split('/')
      if (below.length > 0) {
        if (text !== undefined) found.set(name, 'folder')
      } else if (text === undefined) found.delete(name)
      else found.set(name, 'file')
    }
    const isThere = found.size > 0 || (!this.#isRemoved(path) && this.#base.list(path) !== undefined)
    return isThere ? [...found].map(([name, kind]) => ({ name, kind })).sort((a, b) => (a.name < b.name ? -1 : 1)) : undefined
  }

  read(path: string): string | undefined {
    return this.#texts.has(path) ? this.#texts.get(path) : this.#isRemoved(path) ? undefined : this.#base.read(path)
  }

  write(path: string, text: string, mode: 'create' | 'replace'): boolean {
    if (mode === 'create' && this.read(path) !== undefined) return false
    this.#texts.set(path, text)
    return true
  }

  remove(path: string): boolean {
    const isFile = this.read(path) !== undefined
    if (!isFile && this.list(path) === undefined) return false
    for (const file of this.#texts.keys()) if (file === path || file.startsWith(`${path}/`)) this.#texts.delete(file)
    if (isFile) this.#texts.set(path, undefined)
    else this.#removedFolders.add(path)
    return true
  }

  /** What lay below a folder that was removed is gone, though not what was written there since. */
  #isRemoved(path: string): boolean {
    return [...this.#removedFolders].some((folder) => path === folder || path.startsWith(`${folder}/`))
  }
}

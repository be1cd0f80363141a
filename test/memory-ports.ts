import { externalError } from '../src/base/errors.ts'
import type { FileStatus, Ports } from '../src/base/ports.ts'
import { SimulatedClock } from '../src/testing/simulated-clock.ts'

/** Ports over memory: files by path, and a clock that moves when told. */
export class MemoryPorts implements Ports {
  /** A read gives so many bytes at most. */
  readBytes = Infinity
  readonly contents = new Map<string, Uint8Array>()
  readonly #modified = new Map<string, number>()

  put(path: string, content: string | Uint8Array): void {
    this.contents.set(path, typeof content === 'string' ? Buffer.from(content) : content)
    this.#modified.set(path, this.clock.nowMs())
  }

  /** Lets time pass; what is due is called. */
  pass(ms: number): void {
    this.clock.moveTo(this.clock.nowMs() + ms)
  }

  readonly clock = new SimulatedClock(1_700_000_000_000)

  readonly network = {
    connect: (): never => {
      throw externalError('network/failed', 'there is no network')
    },
  }

  /** The processes of which it is known how they are. */
  readonly processStates = new Map<string, 'running' | 'gone'>([['machine-1-1', 'running']])
  readonly processes = {
    self: 'machine-1-1',
    state: (id: string): 'running' | 'gone' | 'unknown' => this.processStates.get(id) ?? 'unknown',
  }

  /** Told of each change before it is made; may throw. */
  onChange: (verb: 'create' | 'write' | 'sync' | 'rename' | 'remove', path: string) => void = () => undefined
  openFiles = 0
  mostOpenFiles = 0

  readonly files = {
    status: async (path: string): Promise<FileStatus | undefined> => {
      await Promise.resolve()
      const content = this.contents.get(path)
      if (content !== undefined) return { path, kind: 'file', sizeBytes: content.length, modifiedMs: this.#modified.get(path) ?? 0 }
      const isFolder = [...this.contents.keys()].some((other) => other.startsWith(`${path}/`))
      return isFolder ? { path, kind: 'folder', sizeBytes: 0, modifiedMs: 0 } : undefined
    },
    list: async (path: string): Promise<readonly FileStatus[]> => {
      const names = new Set(
        [...this.contents.keys()]
          .filter((other) => other.startsWith(`${path}/`))
          .map((other) => other.slice(path.length + 1).split('/')[0]!),
      )
      const entries = await Promise.all([...names].sort().map((name) => this.files.status(`${path}/${name}`)))
      return entries.filter((entry) => entry !== undefined)
    },
    openRead: async (path: string) => {
      await Promise.resolve()
      const content = this.contents.get(path)
      if (content === undefined) throw externalError('file/not-found', `Cannot read "${path}": nothing is there`)
      return {
        read: async (target: Uint8Array, position: number): Promise<number> => {
          await Promise.resolve()
          const part = content.subarray(position, position + Math.min(target.length, this.readBytes))
          target.set(part)
          return part.length
        },
        close: () => Promise.resolve(),
      }
    },
    openWrite: async (path: string) => {
      await Promise.resolve()
      this.onChange('create', path)
      this.put(path, '')
      this.mostOpenFiles = Math.max(this.mostOpenFiles, ++this.openFiles)
      return {
        write: async (bytes: Uint8Array): Promise<void> => {
          await Promise.resolve()
          this.onChange('write', path)
          this.contents.set(path, Buffer.concat([this.contents.get(path)!, bytes]))
        },
        sync: async (): Promise<void> => {
          await Promise.resolve()
          this.onChange('sync', path)
        },
        close: (): Promise<void> => {
          this.openFiles--
          return Promise.resolve()
        },
      }
    },
    rename: async (from: string, to: string): Promise<void> => {
      await Promise.resolve()
      this.onChange('rename', to)
      if (!this.#move(from, to)) throw externalError('file/not-found', `Cannot rename "${from}": nothing is there`)
    },
    syncFolder: async (path: string): Promise<void> => {
      await Promise.resolve()
      this.onChange('sync', path)
    },
    remove: async (path: string): Promise<void> => {
      await Promise.resolve()
      this.onChange('remove', path)
      for (const other of this.contents.keys()) if (other === path || other.startsWith(`${path}/`)) this.contents.delete(other)
    },
  }

  /** A file, or all files of a folder. */
  #move(from: string, to: string): boolean {
    const moved = [...this.contents].filter(([path]) => path === from || path.startsWith(`${from}/`))
    for (const [path, bytes] of moved) {
      this.contents.delete(path)
      this.put(to + path.slice(from.length), bytes)
    }
    return moved.length > 0
  }
}

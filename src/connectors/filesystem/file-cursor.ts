import type { FileStatus } from '../../base/ports.ts'
import type { SourceOpen, SourcePosition } from '../../runtime/source.ts'
import type { FileList } from './file-list.ts'
import type { FileTable } from './options.ts'

/** Where the next block starts. */
export interface FilePosition extends SourcePosition {
  /** Files before the current one, in the order in which they were read; only of tables that are followed. */
  readonly done: readonly string[]
  readonly path: string
  /** Bytes from the start of the file, after decompression. */
  readonly offset: number
  readonly line: number
  /** What the format remembers between two records. */
  readonly state: number
  /** How many blocks came before it. */
  readonly block: number
}

/** Goes from file to file of a list, and from block to block; begins where a restored job stopped. */
export class FileCursor {
  /** The number of the current block in the table. */
  block: number
  readonly #list: FileList
  readonly #options: SourceOpen
  readonly #isFollowed: boolean
  #index = 0
  #resume: FilePosition | undefined

  constructor(table: FileTable, list: FileList, options: SourceOpen) {
    this.#list = list
    this.#options = options
    this.#isFollowed = table.monitorMs !== undefined
    this.#resume = options.position as FilePosition | undefined
    this.block = this.#resume?.block ?? 0
  }

  /** Whether the rows of the current block are this subtask's. */
  get isMine(): boolean {
    return this.block % this.#options.parallelism === this.#options.subtask
  }

  /** The current file; 'end' behind the last one; a promise while neither is known. */
  file(): FileStatus | 'end' | Promise<void> {
    if (this.#resume !== undefined) {
      const index = this.#list.indexOf(this.#resume.path)
      if (typeof index !== 'number') return index
      this.#index = index
    }
    return this.#list.at(this.#index)
  }

  /** Where to go on in the current file; undefined at its start. Answered once. */
  takeResume(): FilePosition | undefined {
    const resume = this.#resume
    this.#resume = undefined
    return resume
  }

  leaveFile(): void {
    this.#index++
  }

  position(within: Pick<FilePosition, 'path' | 'offset' | 'line' | 'state'>): FilePosition {
    const done = this.#isFollowed ? this.#list.files.slice(0, this.#index).map((file) => file.path) : []
    return { done, ...within, block: this.block }
  }

  close(): void {
    this.#list.close()
  }
}

import type { Readable } from 'node:stream'

/** Time as the job sees it. Nothing under `src` reads the machine's clock but the port's own implementation. */
export interface Clock {
  /** Milliseconds since the epoch. */
  nowMs(): number
  /** Milliseconds from an arbitrary start, for durations. */
  monotonicMs(): number
  /** Calls `callback` once after `delayMs`; the returned function cancels it. */
  schedule(delayMs: number, callback: () => void): () => void
}

export interface FileStatus {
  readonly path: string
  readonly kind: 'file' | 'folder'
  readonly sizeBytes: number
  readonly modifiedMs: number
}

/** A file opened for reading; positions are bytes from its start. */
export interface FileReader {
  /** Fills `target` from `position` and returns how many bytes were read; 0 at the end. */
  read(target: Uint8Array, position: number): Promise<number>
  close(): Promise<void>
}

/** A file opened for writing at its end. */
export interface FileWriter {
  /** Appends bytes, which stay as they are until the promise settles. May be called again before that: what is written first stands first. */
  write(bytes: Uint8Array): Promise<void>
  /** What was written survives a power cut. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** The file system as the job sees it. Failures are RheoErrors with codes `file/not-found`, `file/denied`, `file/disk-full`, `file/failed`. */
export interface Files {
  /** Undefined when nothing is there. */
  status(path: string): Promise<FileStatus | undefined>
  /** Entries of a folder, sorted by name in code units. */
  list(path: string): Promise<readonly FileStatus[]>
  openRead(path: string): Promise<FileReader>
  /** Creates the file and its folders, or empties it. */
  openWrite(path: string): Promise<FileWriter>
  /** Moves a file or folder in one step, within one file system; makes the folders above `to`, and replaces a file that is there. */
  rename(from: string, to: string): Promise<void>
  /** What was created, renamed or removed in a folder survives a power cut. */
  syncFolder(path: string): Promise<void>
  /** Removes a file, or a folder with all in it; nothing happens when it is absent. */
  remove(path: string): Promise<void>
}

/** Outgoing connections as the job sees them. */
export interface Network {
  connect(host: string, port: number): Promise<{ readonly input: Readable; write(bytes: Uint8Array): void; close(): void }>
}

/** A module of the user's program. */
export interface LoadedModule {
  /** Absolute. */
  readonly path: string
  readonly exports: Readonly<Record<string, unknown>>
  /** Of its text: what the module was when it was loaded. */
  readonly hash: string
}

/** The modules of the user's program, as the session sees them. Failures are RheoErrors with codes `file/not-found`, `function/module`. */
export interface Modules {
  load(path: string): LoadedModule
}

/** The processes that may share files. */
export interface Processes {
  /** Names this process among all that ever were, in letters, digits and dashes. */
  readonly self: string
  /** `unknown` of a process of another machine, and of a text that names none. */
  state(id: string): 'running' | 'gone' | 'unknown'
}

/**
 * Small files that are read and written at once, whole: those of a catalog, and compiled plans. Failures are RheoErrors as those of `Files`.
 */
export interface TextFiles {
  /** Names in a folder by code units, without hidden ones; undefined when nothing is there. */
  list(path: string): readonly { readonly name: string; readonly kind: 'file' | 'folder' }[] | undefined
  /** Undefined when nothing is there. */
  read(path: string): string | undefined
  /** Whoever reads sees all of the text or what was there before, also behind a crash. `create`: false where a file is already. */
  write(path: string, text: string, mode: 'create' | 'replace'): boolean
  /** A file, or a folder with all in it, at one moment; false when nothing is there. */
  remove(path: string): boolean
}

/** Everything outside that a job may touch. */
export interface Ports {
  readonly clock: Clock
  readonly files: Files
  readonly network: Network
  readonly processes: Processes
}

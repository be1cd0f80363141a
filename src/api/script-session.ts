import { endOfStatements, type OpenPart, openPartOf, type TextPiece, textPieces } from '../sql/statement-text.ts'
import { completeSql, type Completion } from './complete-sql.ts'
import type { ExecutionEnvironment } from './execute.ts'
import { functionDocs, type FunctionDoc } from './function-docs.ts'
import { type RunningScript, type RunOptions, runInSession, sessionEnvironment, type SessionSettings } from './script.ts'

/** A table or view as `\d` lists it. */
export interface ListedTable {
  readonly name: string
  readonly kind: 'table' | 'view'
  /** Empty for a view. */
  readonly connector: string
  readonly columns: readonly string[]
  readonly comment: string
}

/** Scripts one after another that share tables, views, functions and settings, and what a shell asks about texts that are still typed. */
export class ScriptSession {
  readonly #environment: ExecutionEnvironment

  constructor(settings: SessionSettings) {
    this.#environment = sessionEnvironment(settings)
  }

  run(text: string, options: RunOptions): RunningScript {
    return runInSession(() => this.#environment, text, options)
  }

  complete(text: string, offset: number): Completion {
    return completeSql(text, offset, this.#environment)
  }

  /** What keeps a text from being whole statements. */
  openPartOf(text: string): OpenPart | undefined {
    return openPartOf(text)
  }

  /** Where the whole statements of a text end. */
  endOfStatements(text: string): number {
    return endOfStatements(text)
  }

  piecesOf(text: string): readonly TextPiece[] {
    return textPieces(text)
  }

  functions(): readonly FunctionDoc[] {
    return functionDocs(this.#environment)
  }

  tables(): readonly ListedTable[] {
    return this.#environment.catalogs.objects().map(({ path, object }) => ({
      name: path.name,
      kind: object.kind,
      connector: object.kind === 'table' ? (object.options.get('connector') ?? '') : '',
      columns: object.columns.map((column) => column.name),
      comment: object.comment ?? '',
    }))
  }

  /** What SET gave a key, or its default. */
  setting(key: string): string | undefined {
    return this.#environment.settings.text(key)
  }
}

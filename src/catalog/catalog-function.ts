/** A function that a session defined: the name of what it calls, which only the language understands. */
export interface CatalogFunction {
  readonly language: 'TYPESCRIPT' | 'OTHER'
  /** As CREATE FUNCTION says it: a class, or `module.ts#export`. */
  readonly source: string
}

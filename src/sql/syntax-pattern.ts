import type { Position } from '../base/errors.ts'
import type { Identifier } from './syntax-type.ts'

interface NodeBase {
  readonly at: Position
}

export type AfterMatch =
  | { readonly kind: 'next-row' | 'past-last-row'; readonly at: Position }
  /** `SKIP TO x` is 'last'. */
  | { readonly kind: 'first' | 'last'; readonly variable: Identifier; readonly at: Position }

export type Pattern =
  | { readonly kind: 'variable'; readonly at: Position; readonly name: Identifier }
  | { readonly kind: 'sequence'; readonly at: Position; readonly parts: readonly Pattern[] }
  | { readonly kind: 'alternation'; readonly at: Position; readonly parts: readonly Pattern[] }
  | { readonly kind: 'permutation'; readonly at: Position; readonly parts: readonly Pattern[] }
  /** `{- x -}`. */
  | { readonly kind: 'exclusion'; readonly at: Position; readonly pattern: Pattern }
  /** `*` is 0 to undefined, `+` 1 to undefined, `?` 0 to 1, `{2}` 2 to 2, `{,3}` 0 to 3. */
  | {
      readonly kind: 'repetition'
      readonly at: Position
      readonly pattern: Pattern
      readonly least: number
      readonly most: number | undefined
      readonly reluctant: boolean
    }

export interface PatternSubset extends NodeBase {
  readonly name: Identifier
  readonly variables: readonly Identifier[]
}

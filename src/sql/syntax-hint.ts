import type { Position } from '../base/errors.ts'
import type { Identifier, StringNode } from './syntax-type.ts'

interface NodeBase {
  readonly at: Position
}

/** `OPTIONS('k' = 'v')`, `BROADCAST(a, b)`, `LOOKUP('table' = 'a', ..)`: pairs or plain items. */
export interface Hint extends NodeBase {
  readonly name: Identifier
  readonly pairs: readonly HintPair[]
  /** Names, strings and numbers without a value. */
  readonly items: readonly StringNode[]
}

export interface HintPair extends NodeBase {
  readonly key: StringNode
  readonly value: StringNode
}

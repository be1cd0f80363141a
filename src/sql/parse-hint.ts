import type { Hint, HintPair } from './syntax-hint.ts'
import type { StringNode } from './syntax-type.ts'
import type { TokenStream } from './token-stream.ts'

/** `/*+ NAME('key' = 'value'), OTHER(a, b)` up to the closing mark, or nothing. */
export function parseHints(stream: TokenStream): Hint[] {
  if (!stream.isSymbol('/*+')) return []
  stream.next()
  const hints = stream.commaSeparated(() => parseHint(stream))
  stream.expectSymbol('*/')
  return hints
}

function parseHint(stream: TokenStream): Hint {
  const name = stream.identifier('a hint')
  const pairs: HintPair[] = []
  const items: StringNode[] = []
  if (stream.acceptSymbol('(') && !stream.acceptSymbol(')')) {
    stream.commaSeparated(() => {
      const key = hintWord(stream)
      if (!stream.acceptSymbol('=')) return items.push(key)
      const value = stream.string('a string')
      return pairs.push({ key, value, at: stream.from(key.at) })
    })
    stream.expectSymbol(')')
  }
  return { name, pairs, items, at: stream.from(name.at) }
}

/** A name such as `a.b`, a string, or a number. */
function hintWord(stream: TokenStream): StringNode {
  const token = stream.peek()
  if (token.kind === 'string' || token.kind === 'number') {
    stream.next()
    return { value: token.value, at: token.at }
  }
  const name = stream.qualifiedName('an option')
  return { value: name.parts.map((part) => part.name).join('.'), at: name.at }
}

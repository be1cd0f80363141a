import { type Position, RheoError } from '../base/errors.ts'

const MAX_EXPRESSION_LENGTH = 120

/** What ran when an error came. */
export interface RunningStatement {
  readonly at: Position
  /** The whole text in which the statement stands. */
  readonly text: string
  readonly source: string | undefined
}

/** An error of planning or running a statement: in the user's own words, and at the statement when it names no place of its own. */
export function inStatement(error: unknown, { at, text, source }: RunningStatement): unknown {
  const told = withExpressionText(error, text)
  if (!(told instanceof RheoError) || told.place?.source !== undefined) return told
  // What planning knows is a place within this text.
  return told.at({ position: told.place?.position ?? told.place?.expression?.position ?? at, source })
}

/**
 * The failure of a row told with the user's own words: the expression as the script has it, its operands' values, and how to go on. Other errors are
 * given back as they are.
 */
export function withExpressionText(error: unknown, script: string): unknown {
  if (!(error instanceof RheoError)) return error
  const failed = error.place?.expression
  if (failed === undefined) return error
  const textAt = ({ offset, length }: { readonly offset: number; readonly length: number }): string =>
    script.slice(offset, offset + length).replace(/\s+/g, ' ')
  const expression = textAt(failed.position)
  if (expression === '' || expression.length > MAX_EXPRESSION_LENGTH) return error
  const operands = failed.operands
    .map(({ position, value }) => ({ text: textAt(position), value }))
    .filter(({ text }) => text !== expression)
  return new RheoError(messageOf(error, expression, operands), {
    code: error.code,
    domain: error.domain,
    cause: error.cause,
    place: error.place,
  })
}

interface Operand {
  readonly text: string
  readonly value: string
}

function messageOf({ code, message }: RheoError, expression: string, operands: readonly Operand[]): string {
  const divisor = operands.at(-1)
  if (code === 'data/division-by-zero') {
    const hint = divisor === undefined ? '' : `; write NULLIF(${divisor.text}, 0) to get NULL instead`
    return `Cannot evaluate "${expression}": the divisor is 0${valuesText(operands)}${hint}`
  }
  const cast = /^(Cannot cast (?:[^]*) to [^:]*): ([^]*?)(; TRY_CAST[^]*)?$/.exec(message)
  if (cast !== null) {
    const isWritten = /^(?:TRY_)?CAST\b/i.test(expression)
    const type = /^Cannot cast [^]* to ([^]*)$/.exec(cast[1] ?? '')?.[1] ?? ''
    const hint = isWritten ? '; TRY_CAST gives NULL instead' : `; TRY_CAST(... AS ${type}) gives NULL instead`
    return `${cast[1]} in "${expression}": ${cast[2]}${hint}`
  }
  const [head, rest] = splitOnce(message, ': ')
  const told = /^Cannot evaluate "[^"]*"$/.test(head) ? `Cannot evaluate "${expression}"` : `${head} in "${expression}"`
  return `${told}: ${rest}${valuesText(operands)}`
}

function valuesText(operands: readonly Operand[]): string {
  const known = operands.filter(({ value }) => value.length <= 40)
  return known.length === 0 ? '' : ` (${known.map(({ text, value }) => `${text} is ${value}`).join(', ')})`
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)]
}

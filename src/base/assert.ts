/** Thrown when Rheo itself is wrong; the user can do nothing about it. Printed with exit status 1. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError'
}

/** Throws when an invariant of Rheo does not hold. Always on; `message` says what should have been true. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(`Internal fault: ${message}`)
}

/** The `default` of a switch over a union: a forgotten case does not compile. */
export function unreachable(value: never): never {
  throw new AssertionError(`Internal fault: unexpected ${JSON.stringify(value) ?? String(value)}`)
}

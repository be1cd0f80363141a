/** Parts such as `["a"]`, each of at most one member, as one array. */
export function joinJsonArrays(parts: readonly string[]): string {
  return `[${parts.flatMap((part) => memberOfArray(part) ?? []).join(',')}]`
}

/** What is between the brackets of an array of at most one member. */
export function memberOfArray(part: string): string | undefined {
  return part.length > 2 ? part.slice(1, -1) : undefined
}

/**
 * Ids of physical nodes. An operator with state has an id made of the kinds and keys of the stateful operators from the sink down to it, so that rules which add, merge or remove
 * calcs and exchanges leave it alone, and so do changes of a query that keep its keys. Other nodes are numbered within that path.
 */
export class StableIds {
  readonly #used = new Map<string, number>()

  /** `path` is the text of the stateful operators above and the node itself. */
  next(kind: string, path: string): string {
    const id = `${kind}-${hash(path)}`
    const count = (this.#used.get(id) ?? 0) + 1
    this.#used.set(id, count)
    return count === 1 ? id : `${id}-${count}`
  }
}

/** FNV-1a of the text's code units, 52 bits in hexadecimal: enough for the nodes of one plan. */
function hash(text: string): string {
  let value = 0xcbf29ce484222325n
  for (let i = 0; i < text.length; i++) {
    value ^= BigInt(text.charCodeAt(i))
    value = BigInt.asUintN(64, value * 0x100000001b3n)
  }
  return (value >> 12n).toString(16).padStart(13, '0')
}

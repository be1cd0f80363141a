import type { ColumnReference, Star } from './syntax-literal.ts'
import type { Expression, NamedTable, Query, Select, SelectItem, SortItem } from './syntax-query.ts'
import type { Identifier, QualifiedName } from './syntax-type.ts'

/**
 * How a query would be written with full names: what the binder found for each node of its syntax tree. SHOW CREATE VIEW prints the tree with these nodes in the place of the user's.
 */
export class Expansion {
  readonly #replacements = new Map<object, object>()
  readonly #stars = new Map<object, readonly SelectItem[]>()

  column(node: ColumnReference, parts: readonly string[]): void {
    this.#replacements.set(node, { ...node, parts: parts.map((name) => identifier(name, node.at)) })
  }

  table(node: NamedTable, path: readonly string[]): void {
    const name: QualifiedName = { at: node.name.at, parts: path.map((part) => identifier(part, node.name.at)) }
    // Behind a hint Flink adds no alias.
    const own = { name: identifier(path.at(-1) ?? '', node.at), columns: [], at: node.at }
    const alias = node.alias ?? (node.hints.length === 0 ? own : undefined)
    this.#replacements.set(node, { ...node, name, alias })
  }

  star(node: Star, columns: readonly { readonly parts: readonly string[]; readonly name: string }[]): void {
    const items = columns.map(({ parts, name: shown }): SelectItem => {
      const expression: ColumnReference = { kind: 'column', parts: parts.map((name) => identifier(name, node.at)), at: node.at }
      return { expression, alias: shown === parts.at(-1) ? undefined : identifier(shown, node.at), at: node.at }
    })
    this.#stars.set(node, items)
  }

  /** The query with all that was found put in. */
  apply(query: Query): Query {
    return this.#rewrite(query) as Query
  }

  #rewrite(data: unknown): unknown {
    if (Array.isArray(data)) return data.map((item: unknown) => this.#rewrite(item))
    if (typeof data !== 'object' || data === null) return data
    const replaced = this.#replacements.get(data)
    if (replaced !== undefined) return replaced
    const entries = Object.entries(data).map(([key, value]: [string, unknown]) => [key, key === 'at' ? value : this.#rewrite(value)])
    const copy = Object.fromEntries(entries) as Record<string, unknown>
    if (copy['kind'] === 'query' && 'body' in copy) copy['orderBy'] = this.#sortItems(data as Query)
    if (copy['kind'] === 'select')
      copy['items'] = (data as Select).items.flatMap((item) => this.#stars.get(item.expression) ?? [this.#rewrite(item) as SelectItem])
    return copy
  }

  /** ORDER BY keeps the names of SELECT's columns. */
  #sortItems({ orderBy, body }: Query): readonly SortItem[] {
    const items = body.kind === 'select' ? body.items.flatMap((item) => this.#stars.get(item.expression) ?? [item]) : []
    const names = new Set(items.map(({ alias, expression }) => alias?.name ?? lastName(expression)))
    return orderBy.map((item) => {
      const isOutput = item.expression.kind === 'column' && item.expression.parts.length === 1 && names.has(lastName(item.expression))
      return isOutput ? item : (this.#rewrite(item) as SortItem)
    })
  }
}

function lastName(expression: Expression): string | undefined {
  return expression.kind === 'column' ? expression.parts.at(-1)?.name : undefined
}

function identifier(name: string, at: Identifier['at']): Identifier {
  return { name, at }
}

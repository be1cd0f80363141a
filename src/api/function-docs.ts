import { lookupAggregate, aggregateNames } from '../expr/aggregates.ts'
import { scalarFunctions } from '../expr/registry.ts'
import type { BindEnvironment } from '../sql/bound-statement.ts'

/** A function as help and completion show it. */
export interface FunctionDoc {
  readonly name: string
  /** `UPPER(text)`, one a form. */
  readonly forms: readonly string[]
  readonly doc: string
  /** The registry's family, or `aggregate`, `over`, `window`, `user`. */
  readonly family: string
  readonly examples: readonly (readonly [string, string | null])[]
}

const windowFunctions: readonly FunctionDoc[] = [
  { name: 'TUMBLE', forms: ["TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE[, offset])"], doc: 'Windows one behind the other' },
  {
    name: 'HOP',
    forms: ["HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '5' MINUTE[, offset])"],
    doc: 'Windows of the second length that begin at every first',
  },
  {
    name: 'CUMULATE',
    forms: ["CUMULATE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' HOUR, INTERVAL '1' DAY[, offset])"],
    doc: 'Windows that grow by the first length up to the second',
  },
  {
    name: 'SESSION',
    forms: ["SESSION(TABLE t [PARTITION BY key], DESCRIPTOR(ts), INTERVAL '10' MINUTE)"],
    doc: 'Windows that end when nothing came for so long',
  },
].map((entry) => ({ ...entry, family: 'window', examples: [] }))

/** Functions that only stand with OVER. */
const overForms: Readonly<Record<string, readonly [string, string]>> = {
  ROW_NUMBER: ['ROW_NUMBER() OVER (...)', 'The number of the row in its partition, from 1'],
  RANK: ['RANK() OVER (...)', 'The rank of the row; equal rows share one, and leave a gap'],
  DENSE_RANK: ['DENSE_RANK() OVER (...)', 'The rank of the row without gaps'],
  PERCENT_RANK: ['PERCENT_RANK() OVER (...)', 'The rank from 0 to 1'],
  CUME_DIST: ['CUME_DIST() OVER (...)', 'The part of the rows that stand before this one or beside it'],
  NTILE: ['NTILE(n) OVER (...)', 'The number of the bucket, of n, that the row is in'],
  LAG: ['LAG(value[, rows[, default]]) OVER (...)', 'The value of an earlier row'],
  LEAD: ['LEAD(value[, rows[, default]]) OVER (...)', 'The value of a later row'],
}

/** Every function that can be called: the built-in ones, aggregates, windows, and those of the session; by name. */
export function functionDocs({ catalogs }: Pick<BindEnvironment, 'catalogs'>): readonly FunctionDoc[] {
  const found = new Map<string, FunctionDoc>()
  for (const { name, aliases = [], forms, doc, family, examples } of scalarFunctions()) {
    for (const each of [name, ...aliases]) {
      const own = forms.map((form) => (form.startsWith(name) ? each + form.slice(name.length) : form))
      if (!/^[A-Z][A-Z0-9_]*$/.test(each) || !own.some((form) => form.startsWith(each))) continue
      found.set(each, { name: each, forms: own, doc: doc.replace(/\.$/, ''), family, examples: each === name ? examples : [] })
    }
  }
  for (const name of aggregateNames()) {
    const aggregate = lookupAggregate(name)
    const over = overForms[name]
    if (aggregate !== undefined) found.set(name, { name, forms: aggregate.forms, doc: aggregate.doc, family: 'aggregate', examples: [] })
    else if (over !== undefined) found.set(name, { name, forms: [over[0]], doc: over[1], family: 'over', examples: [] })
  }
  for (const entry of windowFunctions) found.set(entry.name, entry)
  for (const name of catalogs.functions.names(catalogs.currentCatalog, catalogs.currentDatabase))
    found.set(name, { name, forms: [`${name}(...)`], doc: 'Of this session', family: 'user', examples: [] })
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

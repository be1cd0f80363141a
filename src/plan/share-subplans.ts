import { lookupFunction } from '../expr/registry.ts'
import { encodePlanData } from './json.ts'
import type { PhysicalNode } from './physical.ts'
import { type StepPlace, inputsOfStep, isFlattened, placeBelow, withInputsOfStep } from './physical-inputs.ts'
import { widenScans } from './widen-scans.ts'

/** A rule of the physical plan: equal parts of it are one node that several read. */
export const SHARE_SUBPLANS = 'share-subplans'

export interface SharingOptions {
  /** `table.optimizer.reuse-source-enabled`: also a table alone is read once. */
  readonly sources: boolean
}

/**
 * Makes one node of parts that are equal but for their ids and the names of their columns, so that each of `roots` is a tree of which parts may be the same object as
 * others: a plan is then a graph.
 *
 * Only parts that meet without another meeting on the way are made one: between each of them and the join, union or set of sinks where their rows come together stand only steps
 * with one input. Such parts are wanted block by block in equal measure, so an engine that takes turns keeps at most a block for one while the other reads. Parts at
 * different depths of nested joins would be wanted at different paces, and one of them would have to be kept without bound.
 */
export function shareSubplans(roots: readonly PhysicalNode[], { sources }: SharingOptions): readonly PhysicalNode[] {
  const prepared = sources ? widenScans(roots) : roots
  return new Sharing(sources).share(prepared)
}

/** Sinks by what they read together: those of one group have parts in common and run as one job. */
export function groupsOfSinks(sinks: readonly PhysicalNode[], options: SharingOptions): readonly (readonly PhysicalNode[])[] {
  const groups: { readonly sinks: PhysicalNode[]; readonly steps: Set<PhysicalNode> }[] = []
  for (const sink of shareSubplans(sinks, options)) {
    const steps = stepsOf(sink)
    const touching = groups.filter((group) => [...steps].some((step) => group.steps.has(step)))
    const merged = { sinks: [...touching.flatMap((group) => group.sinks), sink], steps }
    for (const group of touching) {
      for (const step of group.steps) steps.add(step)
      groups.splice(groups.indexOf(group), 1)
    }
    groups.push(merged)
  }
  return groups.map((group) => (group.sinks.length === 1 ? group.sinks : withOwnIds(group.sinks)))
}

function stepsOf(root: PhysicalNode): Set<PhysicalNode> {
  const steps = new Set<PhysicalNode>()
  const visit = (node: PhysicalNode): void => {
    if (steps.has(node)) return
    steps.add(node)
    inputsOfStep(node).forEach(visit)
  }
  visit(root)
  return steps
}

/** Sinks that were planned one by one have steps of the same ids, which would have state in common: later ones are numbered. */
function withOwnIds(sinks: readonly PhysicalNode[]): readonly PhysicalNode[] {
  const made = new Map<PhysicalNode, PhysicalNode>()
  const uses = new Map<string, number>()
  const visit = (node: PhysicalNode): PhysicalNode => {
    const known = made.get(node)
    if (known !== undefined) return known
    const count = (uses.get(node.id) ?? 0) + 1
    uses.set(node.id, count)
    const below = withInputsOfStep(node, visit)
    const renamed = count === 1 ? below : { ...below, id: `${node.id}/sink-${count}` }
    made.set(node, renamed)
    return renamed
  }
  return sinks.map(visit)
}

type Reads = 'same rows' | 'constants' | 'other rows'

class Sharing {
  readonly #sources: boolean
  readonly #keys = new Map<PhysicalNode, number>()
  readonly #keyOfText = new Map<string, number>()
  readonly #readsOf = new Map<PhysicalNode, Reads>()
  /** By meeting, then key: the node that stands for all equal ones. */
  readonly #shared = new Map<PhysicalNode | undefined, Map<number, PhysicalNode>>()

  constructor(sources: boolean) {
    this.#sources = sources
  }

  share(roots: readonly PhysicalNode[]): readonly PhysicalNode[] {
    return roots.map((root) => this.#rebuilt(root, { parent: root, meeting: undefined }))
  }

  #visit(node: PhysicalNode, place: StepPlace): PhysicalNode {
    if (isFlattened(node, place) || !this.#isShareable(node)) return this.#rebuilt(node, place)
    const { meeting } = place
    let ofMeeting = this.#shared.get(meeting)
    if (ofMeeting === undefined) this.#shared.set(meeting, (ofMeeting = new Map()))
    const key = this.#keyOf(node)
    const known = ofMeeting.get(key)
    if (known !== undefined) return known
    const rebuilt = this.#rebuilt(node, place)
    ofMeeting.set(key, rebuilt)
    return rebuilt
  }

  #rebuilt(node: PhysicalNode, place: StepPlace): PhysicalNode {
    const below = placeBelow(node, place)
    return withInputsOfStep(node, (input) => this.#visit(input, below))
  }

  /** Whether it reads a table, gives the same rows each time, and is not left out by the options. */
  #isShareable(node: PhysicalNode): boolean {
    if (node.kind === 'scan') return this.#sources
    if (node.kind === 'exchange' && node.input.kind === 'scan' && !this.#sources) return false
    return this.#reads(node) === 'same rows'
  }

  /** What a part gives when it is run twice. */
  #reads(node: PhysicalNode): Reads {
    const known = this.#readsOf.get(node)
    if (known !== undefined) return known
    const inputs = inputsOfStep(node).map((input) => this.#reads(input))
    let result: Reads = node.kind === 'scan' || inputs.includes('same rows') ? 'same rows' : 'constants'
    if (inputs.includes('other rows') || !isDeterministicStep(node)) result = 'other rows'
    this.#readsOf.set(node, result)
    return result
  }

  /** Equal numbers are equal parts. */
  #keyOf(node: PhysicalNode): number {
    const known = this.#keys.get(node)
    if (known !== undefined) return known
    const inputs = inputsOfStep(node).map((input) => this.#keyOf(input))
    const schema = node.schema.map(({ type, timeAttribute }) => ({ type, timeAttribute }))
    const { id: _id, ...own } = { ...node, schema, input: undefined, inputs }
    const text = JSON.stringify(encodePlanData(own))
    const key = this.#keyOfText.get(text) ?? this.#keyOfText.size
    this.#keyOfText.set(text, key)
    this.#keys.set(node, key)
    return key
  }
}

/** Whether a step made twice over the same rows gives the same twice: it draws nothing, does not look at the clock, and asks nobody outside. */
function isDeterministicStep(node: PhysicalNode): boolean {
  if (node.kind === 'lookup-join' || ('byClock' in node && node.byClock === true)) return false
  if (node.kind === 'match' && node.time === 'proctime') return false
  if (node.kind === 'window-aggregate' && node.emit !== undefined) return false
  if (node.kind === 'scan') return true
  return Object.entries(node).every(([name, part]) => notOwn.has(name) || !callsChance(part))
}

const notOwn: ReadonlySet<string> = new Set(['input', 'inputs', 'schema', 'source', 'rows'])

/** Whether a call of a function whose answers differ stands anywhere within plain data. */
function callsChance(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false
  if (data instanceof Map) return [...(data as Map<unknown, unknown>).values()].some(callsChance)
  if (Array.isArray(data)) return data.some(callsChance)
  const object = data as Readonly<Record<string, unknown>>
  if (object['kind'] === 'call' && typeof object['name'] === 'string' && lookupFunction(object['name'])?.isDeterministic === false)
    return true
  return Object.values(object).some(callsChance)
}

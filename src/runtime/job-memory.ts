import { type Arena, ArenaOwner, MemoryExhaustedError } from '../data/arena.ts'

/** The memory of one job: owners for its operators, whose sum a budget bounds, and the most that was held at any time. */
export class JobMemory {
  readonly arena: Arena
  readonly #budgetBytes: number
  readonly #owners: ArenaOwner[] = []
  #usedBytes = 0
  #stateBytes = 0
  /** The most that state took at any time; buffers do not count. */
  peakStateBytes = 0

  constructor(arena: Arena, budgetBytes: number = Infinity) {
    this.arena = arena
    this.#budgetBytes = budgetBytes
  }

  /** @param use Whether it is state of keys, or buffers and the like. */
  owner(name: string, use: 'buffers' | 'state' = 'buffers'): ArenaOwner {
    const owner = new BudgetedOwner(this, name, use)
    this.#owners.push(owner)
    return owner
  }

  /** Called by owners before they take memory, and after they gave some back. */
  change(sizeBytes: number, name: string, use: 'buffers' | 'state'): void {
    if (sizeBytes > 0 && this.#usedBytes + sizeBytes > this.#budgetBytes) {
      throw new MemoryExhaustedError(name, sizeBytes, this.#usedBytes, this.#budgetBytes)
    }
    this.#usedBytes += sizeBytes
    if (use === 'buffers') return
    this.#stateBytes += sizeBytes
    if (this.#stateBytes > this.peakStateBytes) this.peakStateBytes = this.#stateBytes
  }

  /** Gives everything back that the operators have not given back themselves. */
  close(): void {
    for (const owner of this.#owners) owner.close()
  }
}

class BudgetedOwner extends ArenaOwner {
  readonly #memory: JobMemory
  readonly #use: 'buffers' | 'state'

  constructor(memory: JobMemory, name: string, use: 'buffers' | 'state') {
    super(memory.arena, name)
    this.#memory = memory
    this.#use = use
  }

  override allocate(sizeBytes: number): number {
    this.#memory.change(sizeBytes, this.name, this.#use)
    return super.allocate(sizeBytes)
  }

  override free(address: number): void {
    const before = this.usedBytes
    super.free(address)
    this.#memory.change(this.usedBytes - before, this.name, this.#use)
  }
}

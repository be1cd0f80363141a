import { type Arena, ArenaOwner, MemoryExhaustedError } from '../data/arena.ts'

/** The memory of one job: owners for its operators, whose sum a budget bounds, and the most that was held at any time. */
export class JobMemory {
  readonly arena: Arena
  readonly #budgetBytes: number
  readonly #owners: ArenaOwner[] = []
  usedBytes = 0
  peakBytes = 0

  constructor(arena: Arena, budgetBytes: number = Infinity) {
    this.arena = arena
    this.#budgetBytes = budgetBytes
  }

  owner(name: string): ArenaOwner {
    const owner = new BudgetedOwner(this, name)
    this.#owners.push(owner)
    return owner
  }

  /** Called by owners before they take memory. */
  reserve(sizeBytes: number, name: string): void {
    if (this.usedBytes + sizeBytes > this.#budgetBytes) {
      throw new MemoryExhaustedError(name, sizeBytes, this.usedBytes, this.#budgetBytes)
    }
    this.usedBytes += sizeBytes
    if (this.usedBytes > this.peakBytes) this.peakBytes = this.usedBytes
  }

  release(sizeBytes: number): void {
    this.usedBytes -= sizeBytes
  }

  /** Gives everything back that the operators have not given back themselves. */
  close(): void {
    for (const owner of this.#owners) owner.close()
  }
}

class BudgetedOwner extends ArenaOwner {
  readonly #memory: JobMemory

  constructor(memory: JobMemory, name: string) {
    super(memory.arena, name)
    this.#memory = memory
  }

  override allocate(sizeBytes: number): number {
    this.#memory.reserve(sizeBytes, this.name)
    return super.allocate(sizeBytes)
  }

  override free(address: number): void {
    const before = this.usedBytes
    super.free(address)
    this.#memory.release(before - this.usedBytes)
  }
}

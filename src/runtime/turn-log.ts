/**
 * Of which input each block of a union was, where the inputs take no turns: all subtasks of the union must choose alike, and the one that comes first chooses. Turns that
 * every subtask has passed are forgotten.
 */
export class TurnLog {
  readonly #inputs = new Map<number, number>()
  /** By subtask: how many blocks have gone through. */
  readonly #steps: number[]
  #first = 0

  constructor(subtasks: number) {
    this.#steps = new Array<number>(subtasks).fill(0)
  }

  /** How many turns are remembered. */
  get size(): number {
    return this.#inputs.size
  }

  /** The input that was chosen for a block; undefined: none yet. */
  inputAt(step: number): number | undefined {
    return this.#inputs.get(step)
  }

  choose(step: number, input: number): void {
    this.#inputs.set(step, input)
  }

  /** Says that `steps` blocks have gone through a subtask: it asks for none of these again. */
  pass(subtask: number, steps: number): void {
    this.#steps[subtask] = steps
    const end = Math.min(...this.#steps)
    while (this.#first < end) this.#inputs.delete(this.#first++)
  }
}

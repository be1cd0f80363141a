/** Where a subtask's input begins: a source reader, or the channels of an exchange. Pushes into the chain behind it. */
export interface Leaf {
  /** Whether `pull` has something to do now. */
  readonly isReady: boolean
  /** Asks whoever gives the events for one that waits for `pull`; false when there is none now. Absent where a leaf that is ready has one. */
  fetch?(): boolean
  /** True once the end went through; never ready again. */
  readonly hasEnded: boolean
  /** Sends the next event into the chain. True when the chain has worked it off; else `resume` until that is so. */
  pull(): boolean
  resume(): boolean
  /** True while the chain waits for something outside. */
  readonly isWaiting: boolean
  /** Ends the input without its end having been reached: at once (`now`), or after the current block. */
  stop(when: 'now' | 'block-end'): void
}

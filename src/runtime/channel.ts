import type { BatchBuffer } from '../data/batch-buffer.ts'
import type { Barrier } from './event.ts'

/** What goes from one subtask of a stage to one of the next, in order. */
export type Message =
  /** Rows of the block that the sender is in; the receiver gives the buffer back to the channel. */
  | { readonly kind: 'batch'; readonly buffer: BatchBuffer; readonly leaf: number }
  /** `isIdle`: the input became idle, or active, with this block. */
  | { readonly kind: 'block-end'; readonly leaf: number; readonly watermark: number; readonly isIdle?: boolean }
  | { readonly kind: 'barrier'; readonly barrier: Barrier }
  | { readonly kind: 'end'; readonly drained: boolean }

/**
 * A bounded queue between two subtasks of one thread, with the pool of the buffers that go through it.
 *
 * The bound holds for whoever runs ahead. Rows of the block that the receiver is at are always taken while it reads from
 * another sender: it cannot go on to this one before it has all rows of that one, and a sender that had to wait could be the very one
 * that the others wait for.
 */
export class Channel {
  readonly #limit: number
  readonly #takesWholeBlocks: boolean
  readonly #messages: Message[] = []
  #head = 0
  readonly #free: BatchBuffer[] = []
  readonly #createBuffer: () => BatchBuffer
  wakeReceiver: () => void = () => {}
  wakeSender: () => void = () => {}
  /** Blocks that the sender has ended, and that the receiver has left behind. */
  #sentBlocks = 0
  #receivedBlocks = 0
  /** Whether the receiver is reading from this sender. */
  isBeingRead = false

  /**
   * @param options.takesWholeBlocks The sender's rows go into other channels too, which are read in turn with this one, so a block that one of them waits for must
   * have room here, whoever is read.
   */
  constructor(options: { readonly limit: number; readonly createBuffer: () => BatchBuffer; readonly takesWholeBlocks: boolean }) {
    this.#limit = options.limit
    this.#takesWholeBlocks = options.takesWholeBlocks
    this.#createBuffer = options.createBuffer
  }

  get #length(): number {
    return this.#messages.length - this.#head
  }

  /** Whether the sender has to wait before it sends more. */
  get isFull(): boolean {
    return this.#length >= this.#limit && ((this.isBeingRead && !this.#takesWholeBlocks) || this.#sentBlocks > this.#receivedBlocks)
  }

  takeBuffer(): BatchBuffer {
    return this.#free.pop() ?? this.#createBuffer()
  }

  giveBack(buffer: BatchBuffer): void {
    this.#free.push(buffer)
  }

  send(message: Message): void {
    if (message.kind === 'block-end') this.#sentBlocks++
    this.#messages.push(message)
    if (this.#length === 1) this.wakeReceiver()
  }

  peek(): Message | undefined {
    return this.#messages[this.#head]
  }

  /** Removes the first message. */
  shift(): void {
    this.#messages[this.#head] = undefined as never
    this.#head++
    if (this.#head >= 32 && this.#head * 2 >= this.#messages.length) {
      this.#messages.splice(0, this.#head)
      this.#head = 0
    }
    if (!this.isFull) this.wakeSender()
  }

  /** The receiver goes on to the next block. */
  leaveBlock(): void {
    this.#receivedBlocks++
    if (!this.isFull) this.wakeSender()
  }
}

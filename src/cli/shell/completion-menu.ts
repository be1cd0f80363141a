import type { Candidate } from '../../api/complete-sql.ts'
import { cutTo, displayWidth, visible } from '../terminal-text.ts'

/** Cells that the texts of candidates take at most, before what they mean. */
const MAX_TEXT_WIDTH = 32

export interface MenuRow {
  readonly shown: string
  readonly isSelected: boolean
  readonly isNote: boolean
}

/** The candidates below the input, one of which may be selected. */
export class CompletionMenu {
  readonly #candidates: readonly Candidate[]
  /** Where the text begins that they take the place of. */
  readonly from: number
  #selected = -1

  constructor(candidates: readonly Candidate[], from: number) {
    this.#candidates = candidates
    this.from = from
  }

  get isSelected(): boolean {
    return this.#selected >= 0
  }

  /** Moves the selection, around the ends. */
  select(step: 1 | -1): Candidate {
    const count = this.#candidates.length
    this.#selected = this.#selected < 0 ? (step > 0 ? 0 : count - 1) : (this.#selected + step + count) % count
    return this.#candidates[this.#selected]!
  }

  /** Those around the selected one, with what they mean; at most so many rows. */
  rows(width: number, most: number): readonly MenuRow[] {
    const count = this.#candidates.length
    const room = count > most ? most - 1 : most
    const from = Math.max(0, Math.min(this.#selected - (room >> 1), count - room))
    const shown = this.#candidates.slice(from, from + room)
    const textWidth = Math.min(MAX_TEXT_WIDTH, Math.max(...shown.map((candidate) => displayWidth(candidate.text))))
    const rows: MenuRow[] = shown.map(({ text, detail }, i) => {
      const name = cutTo(visible(text), textWidth)
      const padded = `  ${name}${' '.repeat(Math.max(0, textWidth - displayWidth(name)))}  ${visible(detail)}`
      return { shown: cutTo(padded.trimEnd(), width - 1), isSelected: from + i === this.#selected, isNote: false }
    })
    if (count > room) rows.push({ shown: `  ${from + 1} to ${from + shown.length} of ${count}`, isSelected: false, isNote: true })
    return rows
  }
}

import { open } from 'node:fs/promises'

export interface FoldDifference {
  /** Changes of each file. */
  readonly left: number
  readonly right: number
  /** Rows that remain when all changes of the left file are applied. */
  readonly rows: number
  /** Rows that only one of the two folds has, each as often as it has it more than the other; at most `EXAMPLES` of each as texts. */
  readonly onlyLeft: readonly string[]
  readonly onlyRight: readonly string[]
  readonly differing: number
}

const EXAMPLES = 5

/**
 * Compares what remains of two files of changes, a line each (`+I[1, a]`), when all are applied: rows as multisets, in any order.
 * Both files are read in turn, so that rows which both have leave memory soon.
 */
export async function foldDifference(leftPath: string, rightPath: string): Promise<FoldDifference> {
  const counts = new Map<string, number>()
  let rows = 0
  const files = await Promise.all([open(leftPath), open(rightPath)])
  const changes = [0, 0]
  try {
    const lines = files.map((file) => file.readLines({ encoding: 'latin1' })[Symbol.asyncIterator]())
    const isOver = [false, false]
    while (isOver.includes(false)) {
      for (const [side, reader] of lines.entries()) {
        if (isOver[side] === true) continue
        const { value: line, done } = await reader.next()
        if (done === true) {
          isOver[side] = true
          continue
        }
        changes[side]! += 1
        const sign = signOf(line)
        if (side === 0) rows += sign
        const row = line.slice(2)
        const count = (counts.get(row) ?? 0) + (side === 0 ? sign : -sign)
        if (count === 0) counts.delete(row)
        else counts.set(row, count)
      }
    }
  } finally {
    await Promise.all(files.map((file) => file.close()))
  }
  const onlyLeft: string[] = []
  const onlyRight: string[] = []
  let differing = 0
  for (const [row, count] of counts) {
    differing += Math.abs(count)
    const examples = count > 0 ? onlyLeft : onlyRight
    if (examples.length < EXAMPLES) examples.push(row)
  }
  return { left: changes[0]!, right: changes[1]!, rows, onlyLeft, onlyRight, differing }
}

function signOf(line: string): 1 | -1 {
  const kind = line.slice(0, 2)
  if (kind === '+I' || kind === '+U') return 1
  if (kind === '-U' || kind === '-D') return -1
  throw new Error(`Cannot read a change: found "${line.slice(0, 80)}", wanted +I[...], -U[...], +U[...] or -D[...]`)
}

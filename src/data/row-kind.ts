/** What a change does to a table, with Flink's byte values: +I insert, -U and +U the old and new row of an update, -D delete. */
export const RowKind = { insert: 0, updateBefore: 1, updateAfter: 2, delete: 3 } as const
export type RowKind = (typeof RowKind)[keyof typeof RowKind]

const texts = ['+I', '-U', '+U', '-D'] as const
export type RowKindText = (typeof texts)[number]

/** `+I`, `-U`, `+U` or `-D`. */
export function rowKindText(kind: RowKind): RowKindText {
  return texts[kind]
}

/** +1 for a row that is added (+I, +U), -1 for one that is taken back (-U, -D). */
export function rowKindSign(kind: number): 1 | -1 {
  return kind === RowKind.insert || kind === RowKind.updateAfter ? 1 : -1
}

/** Copies `length` bytes from `source` to `target`; the ranges may overlap. */
export function copyBytes(target: usize, source: usize, length: usize): void {
  memory.copy(target, source, length)
}

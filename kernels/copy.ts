/** Copies `length` bytes from `source` to `target`; the ranges may overlap. */
export function copyBytes(target: usize, source: usize, length: usize): void {
  memory.copy(target, source, length)
}

/** Sets `length` bytes to 0. */
export function clearBytes(address: usize, length: usize): void {
  memory.fill(address, 0, length)
}

import type { Kernels } from './kernels.ts'

/** The plain form of the kernels in `kernels/text-scan.ts`, over the same bytes. */
export function textScanTwin(bytes: Uint8Array): Pick<Kernels, 'findByte' | 'countByte' | 'invalidUtf8'> {
  return {
    findByte(from, end, byte) {
      for (let at = from; at < end; at++) if (bytes[at] === byte) return at
      return end
    },
    countByte(from, end, byte) {
      let count = 0
      for (let at = from; at < end; at++) if (bytes[at] === byte) count++
      return count
    },
    invalidUtf8(from, end) {
      for (let at = from; at < end;) {
        const length = bytes[at]! < 0x80 ? 1 : characterLength(bytes, at, end)
        if (length === 0) return at
        at += length
      }
      return end
    },
  }
}

/** Bytes of the character that begins at `at`; 0 when none does, or it is cut. */
function characterLength(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at]!
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0
  if (length === 0 || at + length > end) return 0
  for (let i = at + 1; i < at + length; i++) if (bytes[i]! < 0x80 || bytes[i]! > 0xbf) return 0
  const second = bytes[at + 1]!
  const isOverlong = (first === 0xe0 && second < 0xa0) || (first === 0xf0 && second < 0x90)
  const isOutside = (first === 0xed && second > 0x9f) || (first === 0xf4 && second > 0x8f)
  return isOverlong || isOutside ? 0 : length
}

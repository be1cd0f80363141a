// What `kernels/text.ts` computes, with strings and code points. Undefined stands for what the kernel leaves to the slow way.

export function charLength(text: string): number {
  return [...text].length
}

export function upperAscii(text: string): string | undefined {
  return /^[\0-\x7f]*$/.test(text) ? text.toUpperCase() : undefined
}

export function lowerAscii(text: string): string | undefined {
  return /^[\0-\x7f]*$/.test(text) ? text.toLowerCase() : undefined
}

export function substring(text: string, position: number, count: number): string {
  const chars = [...text]
  const start = position > 0 ? position - 1 : position < 0 ? chars.length + position : 0
  return start < 0 ? '' : chars.slice(start, start + count).join('')
}

export function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

export function replace(text: string, part: string, by: string): string {
  return text.split(part).join(by)
}

export function trim(text: string, chars: string, sides: number): string {
  const set = new Set(chars)
  const all = [...text]
  let start = 0
  let end = all.length
  if ((sides & 1) !== 0) while (start < end && set.has(all[start]!)) start++
  if ((sides & 2) !== 0) while (start < end && set.has(all[end - 1]!)) end--
  return all.slice(start, end).join('')
}

export function splitPart(text: string, separator: string, index: number): string | null {
  return text === '' || index < 0 ? null : (text.split(separator)[index] ?? null)
}

export function likeMatch(text: string, pattern: string, escape: string): boolean {
  let source = ''
  const chars = [...pattern]
  for (let i = 0; i < chars.length; i++) {
    let char = chars[i]!
    if (char === escape) char = chars[++i]!
    else if (char === '%' || char === '_') {
      source += char === '%' ? '.*' : '.'
      continue
    }
    source += char.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&')
  }
  return new RegExp(`^${source}$`, 'su').test(text)
}

/** The number, or a status: 1 out of range, 2 malformed. */
export function parseInteger(text: string): bigint | 1 | 2 {
  const match = /^ *([+-]?)(\d*)(\.\d*)? *$/.exec(text)
  if (match === null || match[0].trim() === '') return 2
  const [, sign, digits, fraction] = match
  if (digits === '' && fraction === undefined) return 2
  const value = BigInt(digits === '' ? 0 : digits!) * (sign === '-' ? -1n : 1n)
  return value === BigInt.asIntN(64, value) ? value : 1
}

/** Milliseconds of a date and time of years 1 to 9999, or undefined. */
export function parseTimestamp(text: string): { readonly ms: bigint; readonly nanos: number } | undefined {
  const match = /^(\d{4}-\d\d-\d\d) ([01]\d|2[0-3])(:[0-5]\d:[0-5]\d)(?:\.(\d{1,9}))?$/.exec(text)
  if (match === null) return undefined
  const [, date, hour, rest, fraction = ''] = match
  const ms = Date.parse(`${date}T${hour}${rest}Z`)
  if (Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(date!) || date!.startsWith('0000')) return undefined
  const nanos = Number(fraction.padEnd(9, '0'))
  return { ms: BigInt(ms + Math.floor(nanos / 1e6)), nanos: nanos % 1e6 }
}

/** As `YYYY-MM-DD HH:MM:SS.fff`, or undefined outside the years 1 to 9999. */
export function formatTimestamp(ms: bigint, nanos: number, digits: number): string | undefined {
  const text = Math.abs(Number(ms)) > 8.64e15 ? '-' : new Date(Number(ms)).toISOString()
  if (text.startsWith('-') || text.startsWith('+') || text.startsWith('0000')) return undefined
  const fraction = text.slice(20, 23) + String(nanos).padStart(6, '0')
  return text.slice(0, 19).replace('T', ' ') + (digits > 0 ? `.${fraction.slice(0, digits)}` : '')
}

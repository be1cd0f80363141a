/** Text for a terminal: nothing in it moves the cursor, changes colours or rings; and how many cells it takes. */

// Control characters, those of the C1 set, which some terminals obey too, and marks that turn the direction of writing.
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** A text on one line: a line break is shown as `↵`, other control characters as their pictures (`␛`). */
export function visible(text: string): string {
  return text.replace(UNSAFE, pictureOf)
}

/** A text of several lines, tabs and line breaks as they are. */
export function visibleLines(text: string): string {
  return text.replace(UNSAFE, (character) => (character === '\n' || character === '\t' ? character : pictureOf(character)))
}

function pictureOf(character: string): string {
  const code = character.charCodeAt(0)
  if (code === 10) return '↵'
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  return code === 0x7f ? '␡' : '␦'
}

/** Bytes of results for a terminal; the same ones when there is nothing to hide. */
export function visibleBytes(bytes: Uint8Array): Uint8Array {
  return isSafe(bytes) ? bytes : Buffer.from(visibleLines(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()))
}

function isSafe(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!
    if (byte >= 0x20 && byte < 0x7f) continue
    if (byte === 0x0a || byte === 0x09) continue
    // 0xc2 begins the C1 set, 0xe2 the marks of direction; both begin harmless characters too, which the slow way keeps.
    if (byte < 0x20 || byte === 0x7f || byte === 0xc2 || byte === 0xe2) return false
  }
  return true
}

/** The beginning of a text that fits into so many cells; what is cut off leaves `…`. */
export function cutTo(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  let cut = ''
  let used = 0
  for (const character of text) {
    used += characterWidth(character)
    if (used > width - 1) break
    cut += character
  }
  return `${cut}…`
}

/** Cells of a terminal that a text takes: East Asian wide characters and emoji take two, combining marks none. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) width += characterWidth(character)
  return width
}

// The sets of characters take 15 ms to build, so only a text beyond Latin letters builds them.
let classes: { readonly combining: RegExp; readonly wide: RegExp } | undefined

function characterClasses(): { readonly combining: RegExp; readonly wide: RegExp } {
  return {
    combining: /^[\p{Mn}\p{Me}\p{Cf}]$/u,
    wide: /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u,
  }
}

/** Of one character. Lines, blocks and pictures of control characters are among those that take one cell. */
export function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x300 || (code >= 0x2400 && code < 0x25a0)) return 1
  classes ??= characterClasses()
  if (classes.combining.test(character)) return 0
  return classes.wide.test(character) ? 2 : 1
}

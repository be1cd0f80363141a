import { formatDate, floorDivBig, formatTime, NS_PER_DAY } from './datetime.ts'
import { formatDecimal, parseExactDecimal } from './decimal.ts'
import { JsonNumber, parseJson, quoteJson, type DuplicateKeys, type JsonNode } from './json-tree.ts'
import { formatDouble, formatFloat } from './number-text.ts'
import { Variant, type VariantContent } from './value.ts'

/*
 * VARIANT: a value that carries its own type. PARSE_JSON makes the least integer type that holds a number, a DECIMAL without trailing zeros for a number
 * with a point, a DOUBLE for one with an exponent; objects keep their keys sorted.
 */

/** A VARIANT of a JSON text; undefined when the text is no JSON or has a number that no type holds. */
export function parseVariant(text: string, duplicateKeys: DuplicateKeys): Variant | undefined {
  const node = parseJson(text, duplicateKeys)
  const content = node === undefined ? undefined : contentOf(node)
  return content === undefined ? undefined : new Variant(content)
}

function contentOf(node: JsonNode): VariantContent | undefined {
  if (node === null) return { kind: 'null' }
  if (typeof node === 'boolean') return { kind: 'boolean', value: node }
  if (typeof node === 'string') return { kind: 'string', value: node }
  if (node instanceof JsonNumber) return numberContent(node)
  if (Array.isArray(node)) {
    const items = node.map(contentOf)
    return items.includes(undefined) ? undefined : { kind: 'array', items: items as VariantContent[] }
  }
  const fields: (readonly [string, VariantContent])[] = []
  for (const [key, value] of node) {
    const content = contentOf(value)
    if (content === undefined) return undefined
    fields.push([key, content])
  }
  return objectContent(fields)
}

/** An object with its keys sorted by UTF-16 units. */
export function objectContent(fields: readonly (readonly [string, VariantContent])[]): VariantContent {
  return { kind: 'object', fields: new Map([...fields].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) }
}

function numberContent(number: JsonNumber): VariantContent | undefined {
  if (number.isInteger) {
    const value = BigInt(number.text)
    if (BigInt.asIntN(64, value) === value) return integerContent(value)
  }
  if (!/[eE]/.test(number.text)) {
    const decimal = decimalContent(number.text)
    if (decimal !== undefined) return decimal
  }
  const value = Number(number.text)
  return Number.isFinite(value) ? { kind: 'double', value } : undefined
}

/** The least integer type that holds the value. */
export function integerContent(value: bigint): VariantContent {
  if (value >= -128n && value <= 127n) return { kind: 'tinyint', value: Number(value) }
  if (value >= -32768n && value <= 32767n) return { kind: 'smallint', value: Number(value) }
  if (value >= -2147483648n && value <= 2147483647n) return { kind: 'integer', value: Number(value) }
  return { kind: 'bigint', value }
}

function decimalContent(text: string): VariantContent | undefined {
  const exact = parseExactDecimal(text)
  if (exact === undefined || exact.scale > 38 || String(exact.unscaled).replace('-', '').length > 38) return undefined
  let { unscaled, scale } = exact
  while (scale > 0 && unscaled % 10n === 0n) {
    unscaled /= 10n
    scale--
  }
  return { kind: 'decimal', value: unscaled, scale }
}

/** The JSON of a VARIANT: what CAST AS STRING and JSON_STRING give. Instants stand in UTC with `Z`. */
export function variantJson(content: VariantContent): string {
  switch (content.kind) {
    case 'null':
      return 'null'
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      return String(content.value)
    case 'float':
      return formatFloat(content.value)
    case 'double':
      return formatDouble(content.value)
    case 'decimal':
      return formatDecimal(content.value, content.scale)
    case 'string':
      return quoteJson(content.value)
    case 'bytes':
      return `"${Buffer.from(content.value.buffer, content.value.byteOffset, content.value.byteLength).toString('base64')}"`
    case 'date':
      return `"${formatDate(content.value)}"`
    case 'timestamp':
      return `"${isoTimestamp(content.value)}"`
    case 'timestamp_ltz':
      return `"${isoTimestamp(content.value)}Z"`
    case 'array':
      return `[${content.items.map(variantJson).join(',')}]`
    case 'object':
      return `{${[...content.fields].map(([key, value]) => `${quoteJson(key)}:${variantJson(value)}`).join(',')}}`
  }
}

/** `2024-02-29T13:04:05.1`: as many digits of a second as there are. */
export function isoTimestamp(ns: bigint): string {
  const days = floorDivBig(ns, NS_PER_DAY)
  const rest = ns - days * NS_PER_DAY
  const fraction = String(rest % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '')
  return `${formatDate(Number(days))}T${formatTime(Number(rest / 1_000_000n))}${fraction === '' ? '' : `.${fraction}`}`
}

/** A member of an object by its key; undefined when there is none, or the value is no object. */
export function variantField(content: VariantContent, key: string): VariantContent | undefined {
  return content.kind === 'object' ? content.fields.get(key) : undefined
}

/** An element of an array by its position from 1; undefined beyond the ends, or when the value is no array. */
export function variantElement(content: VariantContent, position: number): VariantContent | undefined {
  return content.kind === 'array' && position >= 1 ? content.items[position - 1] : undefined
}

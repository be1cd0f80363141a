import { types } from '../../data/types.ts'
import type { ScalarFunction } from '../function.ts'
import { parseJavaUrl } from '../java-url.ts'
import { formatPrintf } from '../printf.ts'
import { any, bigint, signature, text } from '../signature.ts'

function urlPart(url: string, part: string): string | null {
  const parsed = parseJavaUrl(url)
  if (parsed === undefined) return null
  switch (part) {
    case 'HOST':
      return parsed.host
    case 'PATH':
      return parsed.path
    case 'QUERY':
      return parsed.query
    case 'REF':
      return parsed.ref
    case 'PROTOCOL':
      return parsed.protocol
    case 'FILE':
      return parsed.query === null ? parsed.path : `${parsed.path}?${parsed.query}`
    case 'AUTHORITY':
      return parsed.authority
    case 'USERINFO':
      return parsed.userInfo
    default:
      return null
  }
}

function queryValue(url: string, part: string, key: string): string | null {
  const query = part === 'QUERY' ? urlPart(url, part) : null
  if (query === null) return null
  const start = `${key}=`
  const pair = query.split('&').find((candidate) => candidate.startsWith(start))
  return pair === undefined ? null : pair.slice(start.length)
}

/** As `application/x-www-form-urlencoded`: blanks are `+`; letters, digits and `.-*_` stay. */
function urlEncode(value: string): string {
  return encodeURIComponent(value.toWellFormed())
    .replace(/[!~'()]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}

/** Null for a `%` without two hexadecimal digits; bytes that are no UTF-8 become U+FFFD. */
function urlDecode(value: string): string | null {
  if (/%(?![0-9a-fA-F]{2})/.test(value)) return null
  return value
    .replaceAll('+', ' ')
    .replace(/(?:%[0-9a-fA-F]{2})+/g, (escaped) => Buffer.from(escaped.replaceAll('%', ''), 'hex').toString('utf8'))
}

function addressNumber(text: string): bigint | null {
  const parts = text.split('.')
  if (parts.length > 4 || !parts.every((part) => /^[0-9]{1,9}$/.test(part) && Number(part) <= 255)) return null
  const last = BigInt(parts.pop() ?? '0')
  return parts.reduce((sum, part, i) => sum + (BigInt(part) << BigInt(24 - 8 * i)), last)
}

function addressText(address: bigint): string | null {
  if (address < 0n || address > 0xffffffffn) return null
  return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join('.')
}

export const urlFunctions: readonly ScalarFunction[] = [
  {
    name: 'PARSE_URL',
    family: 'string',
    forms: ['PARSE_URL(url, part[, key])'],
    doc: 'A part of a URL: HOST, PATH, QUERY, REF, PROTOCOL, AUTHORITY, FILE or USERINFO; with a key its value in the QUERY. NULL where there is none.',
    examples: [
      ["PARSE_URL('http://facebook.com/path1/p.php?k1=v1&k2=v2#Ref1', 'HOST')", 'facebook.com'],
      ["PARSE_URL('http://facebook.com/path1/p.php?k1=v1&k2=v2#Ref1', 'QUERY', 'k1')", 'v1'],
    ],
    resolve: signature({ parameters: [text, text, text], optional: 1, returns: types.string(), nullable: 'always' }),
    nulls: 'strict',
    evaluate: ([url, part, key]) =>
      key === undefined ? urlPart(url as string, part as string) : queryValue(url as string, part as string, key as string),
  },
  {
    name: 'URL_ENCODE',
    family: 'string',
    forms: ['URL_ENCODE(text)'],
    doc: 'The text in the form of URL queries (application/x-www-form-urlencoded), in UTF-8.',
    examples: [["URL_ENCODE('a b&c')", 'a+b%26c']],
    resolve: signature({ parameters: [text], returns: types.string(), nullable: 'always' }),
    nulls: 'strict',
    evaluate: ([value]) => urlEncode(value as string),
  },
  {
    name: 'URL_DECODE',
    family: 'string',
    forms: ['URL_DECODE(text)'],
    doc: 'The text of a form of URL queries (application/x-www-form-urlencoded), in UTF-8; NULL for a malformed escape.',
    examples: [["URL_DECODE('a+b%26c')", 'a b&c']],
    resolve: signature({ parameters: [text], returns: types.string(), nullable: 'always' }),
    nulls: 'strict',
    evaluate: ([value]) => urlDecode(value as string),
  },
  {
    name: 'INET_ATON',
    family: 'string',
    forms: ['INET_ATON(text)'],
    doc: 'The number of an IPv4 address; of fewer than four parts the last is the lowest byte. NULL when the text is no address.',
    examples: [
      ["INET_ATON('127.0.0.1')", '2130706433'],
      ["INET_ATON('127.1')", '2130706433'],
      ["INET_ATON('256.1.1.1')", null],
    ],
    resolve: signature({ parameters: [text], returns: types.bigint(), nullable: 'always' }),
    nulls: 'strict',
    evaluate: ([value]) => addressNumber(value as string),
    sparkName: null,
  },
  {
    name: 'INET_NTOA',
    family: 'string',
    forms: ['INET_NTOA(number)'],
    doc: 'The IPv4 address of a number; NULL below 0 and above 4294967295.',
    examples: [
      ['INET_NTOA(2130706433)', '127.0.0.1'],
      ['INET_NTOA(-1)', null],
    ],
    resolve: signature({ parameters: [bigint], returns: types.string(), nullable: 'always' }),
    nulls: 'strict',
    evaluate: ([value]) => addressText(value as bigint),
    sparkName: null,
  },
  {
    name: 'PRINTF',
    family: 'string',
    forms: ['PRINTF(format, value, ...)'],
    doc: 'Values in a Java format string; a NULL value prints as "null". NULL for a format that is malformed or does not fit its values.',
    examples: [
      ["PRINTF('%05d|%s', 42, 'x')", '00042|x'],
      ["PRINTF('%.2f', 1.005e0)", '1.01'],
    ],
    resolve: signature({ parameters: [text, any], optional: 1, isVariadic: true, returns: types.string(), nullable: 'always' }),
    nulls: 'custom',
    evaluate: ([format, ...values], site) =>
      format === null ? null : formatPrintf(format as string, values, site.argTypes.slice(1), site.context.timeZone),
  },
]

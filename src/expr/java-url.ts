/** The parts of a URL as Java's `java.net.URL` finds them. */
export interface JavaUrl {
  readonly protocol: string
  readonly host: string
  readonly path: string
  readonly query: string | null
  readonly ref: string | null
  readonly authority: string | null
  readonly userInfo: string | null
}

const protocols = ['http', 'https', 'ftp', 'file', 'mailto', 'jar']

/** Reads a URL as Java does, which is more lenient than the URL standard; undefined for what Java refuses: no protocol, one that it does not know, a bad port. */
export function parseJavaUrl(text: string): JavaUrl | undefined {
  let spec = text.replace(/^[\0- ]+|[\0- ]+$/g, '')
  if (/^url:/i.test(spec)) spec = spec.slice(4)
  const colon = spec.indexOf(':')
  const slash = spec.indexOf('/')
  if (colon < 0 || (slash >= 0 && slash < colon)) return undefined
  const protocol = spec.slice(0, colon).toLowerCase()
  if (!protocols.includes(protocol)) return undefined
  let rest = spec.slice(colon + 1)

  const hash = rest.indexOf('#')
  const ref = hash < 0 ? null : rest.slice(hash + 1)
  if (hash >= 0) rest = rest.slice(0, hash)
  const mark = rest.indexOf('?')
  const query = mark < 0 ? null : rest.slice(mark + 1)
  if (mark >= 0) rest = rest.slice(0, mark)

  if (!rest.startsWith('//') || rest.startsWith('////')) {
    return { protocol, host: '', path: withoutDots(rest), query, ref, authority: null, userInfo: null }
  }
  const end = rest.indexOf('/', 2)
  const authority = rest.slice(2, end < 0 ? undefined : end)
  const place = readAuthority(authority)
  if (place === undefined) return undefined
  return { protocol, ...place, path: withoutDots(end < 0 ? '' : rest.slice(end)), query, ref, authority }
}

function readAuthority(authority: string): { readonly host: string; readonly userInfo: string | null } | undefined {
  const at = authority.indexOf('@')
  if (at >= 0 && at !== authority.lastIndexOf('@')) return { host: '', userInfo: null }
  const userInfo = at < 0 ? null : authority.slice(0, at)
  const place = authority.slice(at + 1)
  if (place.startsWith('[')) {
    const match = /^(\[[0-9a-fA-F:.%\w]*\])(?::(\d*))?$/.exec(place)
    return match === null ? undefined : { host: match[1]!, userInfo }
  }
  const colon = place.indexOf(':')
  if (colon < 0) return { host: place, userInfo }
  const port = place.slice(colon + 1)
  if (port !== '' && !(/^\+?\d+$/.test(port) && Number(port) <= 2147483647)) return undefined
  return { host: place.slice(0, colon), userInfo }
}

/** Without `/./` and `/../` segments. */
function withoutDots(path: string): string {
  if (!path.includes('/.') && !path.startsWith('./')) return path
  let result = path
  while (result.includes('/./')) result = result.replace('/./', '/')
  for (let i = result.indexOf('/../'); i >= 0; i = result.indexOf('/../', i)) {
    const before = i > 0 ? result.lastIndexOf('/', i - 1) : -1
    if (before >= 0 && result.indexOf('/../', before) !== 0) {
      result = result.slice(0, before) + result.slice(i + 3)
      i = 0
    } else {
      i += 3
    }
  }
  while (result.endsWith('/..')) {
    const before = result.lastIndexOf('/', result.indexOf('/..') - 1)
    if (before < 0) break
    result = result.slice(0, before + 1)
  }
  if (result.startsWith('./') && result.length > 2) result = result.slice(2)
  return result.endsWith('/.') ? result.slice(0, -1) : result
}

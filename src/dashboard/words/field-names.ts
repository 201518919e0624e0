/** Fields of phones, profiles and conversions by their JSON pointer, as the page calls them. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['/mac', 'MAC address'],
  ['/model', 'Model'],
  ['/label', 'Label'],
  ['/network', 'Network'],
  ['/profile', 'Profile'],
  ['/address', 'Fixed address'],
  ['/trustAddress', 'Trust in the fixed address'],
  ['/switchPort', 'Switch port'],
  ['/lines', 'SIP lines'],
  ['/settings', 'Settings'],
  ['/name', 'Name'],
  ['/protocol', 'Protocol'],
  ['/load', 'Load'],
  ['/sip', 'SIP settings'],
  ['/sccp/callManagers', 'Call managers'],
  ['/url', 'URL'],
  ['/events', 'Events'],
  ['/secret', 'Secret'],
  ['/to', 'Target load'],
  ['/from', 'Present load'],
  ['/acceptOneWay', 'Accept steps that cannot be undone'],
])

/** The fields of a line, as the page calls them. */
export const LINE_NAMES = {
  name: 'Name',
  authName: 'Authentication name',
  displayName: 'Display name',
  shortName: 'Short name',
  contact: 'Contact',
  password: 'Password',
} as const

/** What the page calls a field; the pointer itself where it has no such field. */
export function fieldName(pointer: string): string {
  const path = toPointer(pointer)
  const known = NAMES.get(path)
  if (known !== undefined) return known
  const [, line, field = ''] = /^\/lines\/(\d+)\/(\w+)$/.exec(path) ?? []
  if (line !== undefined) return `Line ${Number(line) + 1}, ${lineName(field)}`
  const [, manager] = /^\/sccp\/callManagers\/(\d+)$/.exec(path) ?? []
  if (manager !== undefined) return `Call manager ${Number(manager) + 1}`
  const [, event] = /^\/events\/(\d+)$/.exec(path) ?? []
  if (event !== undefined) return `Event ${Number(event) + 1}`
  const [, setting] = /^\/(?:settings|sip)\/([^/]+)$/.exec(path) ?? []
  // RFC 6901 section 3.
  return setting?.replaceAll('~1', '/').replaceAll('~0', '~') ?? pointer
}

/** Parts of a path are named without the slash of a pointer. */
export function toPointer(path: string): string {
  return path === '' || path.startsWith('/') ? path : `/${path}`
}

function lineName(field: string): string {
  const names: Readonly<Record<string, string>> = LINE_NAMES
  return (names[field] ?? field).toLowerCase()
}

import { type Ipv4, parseIpv4 } from '../../../net/ipv4.ts'
import { type Mac, parseMac } from '../../../net/mac.ts'

/** An address as logs write it, a port or the IPv6 form of it (`::ffff:10.0.0.1`) dropped. */
export function addressIn(text: string): Ipv4 | undefined {
  return parseIpv4(text.replace(/^::ffff:/i, '').replace(/[:#]\d{1,5}$/, ''))
}

/** The port after an address as logs write it (`10.0.0.1:50919`, `10.0.0.1#50919`). */
export function portIn(text: string): number | undefined {
  const port = Number(/[:#](\d{1,5})$/.exec(text)?.[1] ?? 0)
  return port >= 1 && port <= 65_535 ? port : undefined
}

/** A hardware address as logs write it. */
export function macIn(text: string): Mac | undefined {
  return parseMac(text)
}

/** The name that a phone asked for, out of the path of the file that was opened for it. */
export function nameInPath(path: string): string {
  return path.replace(/^.*[/\\]/, '')
}

/** The hardware address in the name of a phone's own file (`SEP000E84C060A6.cnf.xml`). */
export function macInName(name: string): Mac | undefined {
  return parseMac(/(?:SEP|SIP|MGC)([0-9A-F]{12})\.\w/i.exec(name)?.[1] ?? '')
}

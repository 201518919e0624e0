import { type Ipv4, parseIpv4 } from '../../net/ipv4.ts'
import { type Mac, parseMac } from '../../net/mac.ts'

/** An address as logs write it, a port or the IPv6 form of it (`::ffff:10.0.0.1`) dropped. */
export function addressIn(text: string): Ipv4 | undefined {
  return parseIpv4(text.replace(/^::ffff:/i, '').replace(/[:#]\d{1,5}$/, ''))
}

/** A hardware address as logs write it. */
export function macIn(text: string): Mac | undefined {
  return parseMac(text)
}

/** The name that a phone asked for, out of the path of the file that was opened for it. */
export function nameInPath(path: string): string {
  return path.replace(/^.*[/\\]/, '')
}

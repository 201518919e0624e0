import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * How the system has an interface: `down` was switched off here, `no-carrier` has nothing at the
 * other end, `unknown` is what this system does not tell.
 */
export type LinkState = 'up' | 'down' | 'no-carrier' | 'gone' | 'unknown'

/** Reads how an interface is now. */
export type ReadLinkState = (interfaceName: string) => LinkState

/** `IFF_UP` of Linux: the interface is enabled. */
const IFF_UP = 1

/**
 * Reads `/sys/class/net`: Node's own list leaves out interfaces that do not run, and with them their
 * addresses, so that it cannot tell a pulled cable from a removed address.
 *
 * @param root - Where `sys` and `proc` are, for tests.
 */
export function readLinkState(interfaceName: string, root = '/'): LinkState {
  const flags = contentOf(join(root, 'sys/class/net', interfaceName, 'flags'))
  // A process that has entered another network namespace may have the old one's /sys; /proc is its own.
  if (flags === null) return isKnown(interfaceName, root)
  if ((Number(flags) & IFF_UP) === 0) return 'down'
  const carrier = contentOf(join(root, 'sys/class/net', interfaceName, 'carrier'))
  return carrier?.trim() === '0' ? 'no-carrier' : 'up'
}

function isKnown(interfaceName: string, root: string): LinkState {
  const devices = contentOf(join(root, 'proc/net/dev'))
  if (devices === null) return 'unknown'
  const names = devices.split('\n').map((line) => line.split(':', 1)[0]?.trim())
  return names.includes(interfaceName) ? 'unknown' : 'gone'
}

/** Null for what cannot be read. */
function contentOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'
import type { Logger } from 'pino'
import { formatIpv4, type Ipv4 } from '../src/net/ipv4.ts'
import type { Check } from './readiness.ts'

/** How often the addresses are looked at, in milliseconds. */
const LOOK_MS = 5000

/** What the system has, as `os.networkInterfaces` tells it. */
export type ListInterfaces = () => NodeJS.Dict<NetworkInterfaceInfo[]>

/** Whether our addresses are there. */
export type AddressWatch = { readonly check: () => Check; readonly close: () => void }

/**
 * Says when an address of ours goes from this machine and when it comes back: meanwhile no file
 * leaves, and no socket tells of it. One that the system never listed (127.0.0.0/8, addresses that
 * are routed here) is not missed.
 */
export function watchAddresses(
  addresses: readonly Ipv4[],
  log: Pick<Logger, 'warn' | 'info'>,
  list: ListInterfaces = networkInterfaces,
): AddressWatch {
  const ours = addresses.map(formatIpv4)
  const known = new Map<string, 'there' | 'gone'>()
  const look = () => {
    const listed = new Set(Object.values(list()).flatMap((all) => all?.map((one) => one.address)))
    for (const address of ours) {
      const before = known.get(address)
      if (listed.has(address)) {
        if (before === 'gone') log.info({ event: 'address.back', address })
        known.set(address, 'there')
      } else if (before === 'there') {
        known.set(address, 'gone')
        const why = 'it is on no interface any more; TFTP and relay agents do not reach us there'
        log.warn({ event: 'address.gone', address, why })
      }
    }
    return [...known].filter(([, state]) => state === 'gone').map(([address]) => address)
  }
  look()
  const timer = setInterval(look, LOOK_MS)
  timer.unref()
  return {
    check: () => {
      const gone = look()
      const detail = gone.length === 0 ? 'all there' : `on no interface: ${gone.join(', ')}`
      return { name: 'addresses', ok: gone.length === 0, detail }
    },
    close: () => clearInterval(timer),
  }
}

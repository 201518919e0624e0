import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts'
import { parseMac } from '../../net/mac.ts'
import type { Neighbour } from './native/neighbour-message.ts'

/** Flag of an entry that has a hardware address (Linux, `linux/if_arp.h`). */
const ATF_COM = 0x02

/**
 * Finds an address in the text of `/proc/net/arp`:
 *
 *     IP address       HW type     Flags       HW address            Mask     Device
 *     10.20.0.50       0x1         0x2         00:0e:84:c0:60:a6     *        eth0
 */
export function findInArpFile(text: string, interfaceName: string, address: Ipv4): Neighbour {
  const wanted = `${formatIpv4(address)} `
  for (const line of text.split('\n')) {
    if (!line.startsWith(wanted)) continue
    const [, , flags = '', hardware = '', , device] = line.trim().split(/\s+/)
    if (device !== interfaceName) continue
    const mac = (Number(flags) & ATF_COM) === 0 ? undefined : parseMac(hardware)
    return mac === undefined ? { kind: 'incomplete' } : { kind: 'found', mac }
  }
  return { kind: 'absent' }
}

/*
 * Asks the kernel for entries of its neighbour table in both ways, `INTERFACE ADDRESS...`: a line of
 * JSON for each address, with the answer to SIOCGARP and that of rtnetlink.
 */

import { ArpSocket } from '../../../src/adapters/udp/native/arp-socket.ts'
import { loadLibc } from '../../../src/adapters/udp/native/libc.ts'
import { NeighbourSocket } from '../../../src/adapters/udp/native/neighbour-socket.ts'
import { type Ipv4, parseIpv4 } from '../../../src/net/ipv4.ts'

const [interfaceName = '', ...addresses] = process.argv.slice(2)
const loaded = await loadLibc()
if (loaded.kind === 'missing') throw new Error(loaded.reason)
const { libc } = loaded
const arp = ArpSocket.open(libc)
const rtnetlink = NeighbourSocket.open(libc)
const index = libc.interfaceIndex(interfaceName)
for (const text of addresses) {
  const address = parseIpv4(text) as Ipv4
  const answers = {
    address: text,
    arp: arp?.macOf(interfaceName, address) ?? null,
    rtnetlink: rtnetlink?.ask(index, address),
  }
  console.log(JSON.stringify(answers))
}
arp?.close()
rtnetlink?.close()

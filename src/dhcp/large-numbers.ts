import { LeaseTable } from '../leases/lease-table.ts'
import { type Ipv4, writeIpv4 } from '../net/ipv4.ts'
import { decodeMessage } from '../wire/dhcp/decode-message.ts'
import { COOKIE, END, Offset } from '../wire/dhcp/layout.ts'
import { BOOTREQUEST, MessageType } from '../wire/dhcp/message.ts'
import { writeUint32 } from '../wire/octets.ts'
import { DhcpServer } from './dhcp-server.ts'
import type { Arrival, DhcpEffect } from './effect.ts'
import { Option } from './option-codes.ts'
import type { Scope } from './scope.ts'

const address = (host: number) => (0xdf_ff_ff_00 + host) as Ipv4
const [OURS, RELAY, CLIENT] = [address(254), address(253), address(10)]
const XID = 0xffff_ffff

/**
 * Serves one made-up client on tables of its own: DISCOVER, REQUEST and a renewal, with the largest
 * transaction number and addresses of 223.255.255.0/24.
 *
 * V8 takes a field for a small integer until it first holds a number of 2^31 or more, and then discards
 * all code that it has optimised for such objects. Transaction numbers are random, and addresses from
 * 128.0.0.0 on are beside 0.0.0.0: that would come in the middle of the first storm, and costs a third of
 * its processor time. To be called before the first message.
 *
 * @returns What the client would have got.
 */
export function meetLargeNumbers(): readonly DhcpEffect[] {
  const always = () => true
  const nobody = () => undefined
  const none = { find: nobody, ownerOf: nobody }
  const server = new DhcpServer({
    scopes: [SCOPE],
    leaseTable: new LeaseTable([SCOPE], none),
    directory: none,
    isPhone: always,
    nextXid: () => XID,
    promises: { promiseOf: nobody, isFailing: () => false },
  })
  const say = (bytes: Uint8Array, sourceAddress: Ipv4) => {
    const arrival: Arrival = {
      interfaceName: null,
      localAddress: OURS,
      sourceAddress,
      sourcePort: 67,
    }
    return server.handle(decodeMessage(bytes), arrival, 0)
  }
  const relayed = { giaddr: RELAY, ciaddr: 0 as Ipv4 }
  const chosen = [Option.serverIdentifier, OURS, Option.requestedAddress, CLIENT] as const
  return [
    ...server.onWake(0),
    ...say(aMessage(MessageType.discover, relayed, []), RELAY),
    ...say(aMessage(MessageType.request, relayed, chosen), RELAY),
    ...say(aMessage(MessageType.request, { giaddr: 0 as Ipv4, ciaddr: CLIENT }, []), CLIENT),
  ]
}

const SCOPE: Scope = {
  name: 'large-numbers',
  subnet: { base: address(0), prefixLength: 24 },
  address: OURS,
  peers: [],
  pools: [{ first: CLIENT, last: CLIENT }],
  reservations: [],
  interfaceName: 'lo',
  admit: 'phones',
  leaseSeconds: XID,
  maxLeaseSeconds: XID,
  authoritative: true,
  rapidCommit: false,
  subnetSelection: false,
  probe: false,
  offerHoldMs: 1_000,
  declineHoldMs: 1_000,
  reclaim: 'never',
  onRogueServer: 'warn',
  siaddr: OURS,
  options: [],
  forcedCodes: [],
  classes: new Map(),
}

/** @param pairs - Codes of options, each with the address that it holds. */
function aMessage(
  type: number,
  { giaddr, ciaddr }: { readonly giaddr: Ipv4; readonly ciaddr: Ipv4 },
  pairs: readonly number[],
): Uint8Array {
  const bytes = new Uint8Array(Offset.options + 32)
  bytes[Offset.op] = BOOTREQUEST
  bytes[Offset.htype] = 1
  bytes[Offset.hlen] = 6
  writeUint32(XID, bytes, Offset.xid)
  writeIpv4(ciaddr, bytes, Offset.ciaddr)
  writeIpv4(giaddr, bytes, Offset.giaddr)
  bytes.fill(2, Offset.chaddr, Offset.chaddr + 6)
  writeUint32(COOKIE, bytes, Offset.cookie)
  bytes.set([Option.messageType, 1, type], Offset.options)
  let at = Offset.options + 3
  for (let index = 0; index < pairs.length; index += 2) {
    bytes.set([pairs[index] as number, 4], at)
    writeIpv4(pairs[index + 1] as Ipv4, bytes, at + 2)
    at += 6
  }
  bytes[at] = END
  return bytes
}

import type { Mac } from '../../net/mac.ts'
import { LinkType } from '../../wire/capture/captured-packet.ts'
import { encodeCaptureHead, encodePacket } from '../../wire/capture/encode-pcapng.ts'
import type { Captured } from './captured.ts'
import { MESSAGES_A_PHONE } from './dhcp-recording.ts'

/**
 * What a phone and the appliance have said to each other, as a pcapng file for Wireshark.
 *
 * @param here - The appliance that has recorded it, as `site/name`; empty where it is the only one.
 * @param packets - DHCP as recorded and TFTP as rebuilt, each oldest first.
 */
export function phoneCapture(
  mac: Mac,
  here: string,
  { dhcp, tftp }: { readonly dhcp: readonly Captured[]; readonly tftp: readonly Captured[] },
): Uint8Array {
  const head = encodeCaptureHead(
    [{ name: 'switchhook', linkType: LinkType.ipv4, resolution: 'us' }],
    aboutCapture(mac, here),
  )
  // Stable: what has the same time stays in its order, and an address comes before its use.
  const packets = [...dhcp, ...tftp].sort((a, b) => a.atMs - b.atMs)
  return Buffer.concat([head, ...packets.map(encode)])
}

function encode({ atMs, ...packet }: Captured): Uint8Array {
  const atNs = BigInt(Math.round(atMs * 1_000)) * 1_000n
  return encodePacket({ ...packet, interfaceIndex: 0, resolution: 'us', atNs })
}

/** What the reader of the file must know, or would take rebuilt packets for heard ones. */
function aboutCapture(mac: Mac, here: string): string {
  const alone =
    here === '' ? '' : `Appliance ${here}; what others said to the phone is in their own captures. `
  return (
    `Switchhook and phone ${mac}. ${alone}DHCP: the messages byte for byte as sent and received, since the ` +
    `appliance started, at most the newest ${MESSAGES_A_PHONE}; their IP headers are generated, ` +
    'because a socket does not show them. TFTP: rebuilt from recorded events, as the comment of each ' +
    'packet says: the request, the first and the last block of each transfer, and errors; ' +
    'repetitions and the source port of a transfer are not included. File contents are ' +
    'left out, and passwords with them: DATA packets are cut after the block number.'
  )
}

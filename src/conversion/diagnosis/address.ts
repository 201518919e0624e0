import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** DHCP is silent for a phone that asks and asks; one lost message is not worth a word. */
const MESSAGES = 3

/** The phone asks for an address and gets none. */
export function noAddress({ boot }: StepTrace): Diagnosis | null {
  if (boot === null) return null
  const { ignored, ignoredBecause, granted } = boot.address
  if (granted || ignored < MESSAGES) return null
  return {
    code: 'no-address',
    seen: `The phone asked for an address ${ignored} times and got none: ${ignoredBecause}.`,
    cause:
      'The network does not serve it: the pool is full, the phone is enrolled for another network ' +
      'or plugged into another VLAN, or another DHCP server keeps this one silent. On the ' +
      'display: "Configuring IP".',
    remedy:
      'Check the network (GET /v1/networks): enlarge its pool, correct the network of the phone, ' +
      'or switch the other server off.',
    source: 'RFC 2131 section 4.3.1; Cisco 7940 and 7960 display message "Configuring IP"',
  }
}

/** Once is an address configured by hand; three in a row are a network with two servers. */
const DECLINES = 3

/** The phone finds every offered address in use. */
export function addressDeclined({ boot }: StepTrace): Diagnosis | null {
  if (boot === null) return null
  const { declined, granted } = boot.address
  if (granted || declined < DECLINES) return null
  return {
    code: 'address-declined',
    seen: `The phone declined ${declined} addresses in a row as used by another device.`,
    cause:
      'Other devices hold addresses of the pool that were typed in, or a second DHCP server hands ' +
      'out the same ones; or something answers ARP for every address (a proxy on the router).',
    remedy:
      'Find the devices that answer for the addresses (the events dhcp.address.declined name them), give this ' +
      'network a pool of its own, and free them with DELETE /v1/leases/{address}.',
    source: 'RFC 2131 section 4.4.1 (DHCPDECLINE)',
  }
}

/** A phone repeats its DISCOVER at 4, 8, 16 and 32 s. */
const OFFERS = 4

/** The phone is offered an address repeatedly and never requests it. */
export function offerNotTaken({ boot }: StepTrace): Diagnosis | null {
  if (boot === null || boot.lastRequestAtMs !== null) return null
  if (boot.address.granted || boot.address.offers < OFFERS) return null
  return {
    code: 'offer-not-taken',
    seen: `The phone was offered an address ${boot.address.offers} times and did not ask for it.`,
    cause:
      'It takes the offer of another DHCP server, or the offers do not reach it: a relay agent ' +
      'that is not allowed to answer, a wrong VLAN on the way back, a firewall on UDP 68.',
    remedy:
      'Look for another DHCP server (GET /v1/networks names those that answered). Then watch the ' +
      'port of the phone with a sniffer: the offer must be there.',
    source: 'RFC 2131 section 3.1; Cisco document 5455, section "Troubleshooting Tips"',
  }
}

/** A phone asks for its first file within a second of its address; one that is deaf never does. */
const SILENCE_MS = 60_000

/** The phone has an address and requests no file. */
export function dhcpWithoutTftp({ step, boot, nowMs }: StepTrace): Diagnosis | null {
  if (step.stage !== 'booting' && step.stage !== 'rebooting') return null
  if (boot === null || boot.lastRequestAtMs !== null) return null
  if (nowMs - boot.startedAtMs < SILENCE_MS) return null
  return {
    code: 'dhcp-without-tftp',
    seen: 'The phone was given an address and then asked this server for no file.',
    cause:
      'It uses another TFTP server: one typed in at the phone (Alternate TFTP Server), or another ' +
      'DHCP server answered it; or a firewall drops UDP port 69 between the phone and this server. On the display: "TFTP ' +
      'Timeout", "Protocol Application Invalid", or W260, W261, W365 or W366.',
    remedy:
      'At the phone: Settings, **# to unlock, Network Configuration, set Alternate TFTP to No. ' +
      'Then check that no other DHCP server answers on this network and that UDP 69 and the ' +
      'transfer ports are open.',
    source: 'Cisco document 5455, section "TFTP Accessibility and Impact on Network"',
  }
}

/** One transfer without any acknowledgement may be a plug that was pulled; three are a firewall. */
const TRANSFERS = 3

/** The phone requests files, and no answer reaches it. */
export function repliesUnheard({ boot }: StepTrace): Diagnosis | null {
  if (boot === null || boot.unheardInARow < TRANSFERS) return null
  return {
    code: 'replies-unheard',
    seen: `The phone asked for files and acknowledged nothing of ${boot.unheardInARow} in a row.`,
    cause:
      'Data comes from another port than 69, and a firewall, an address translation without a ' +
      'TFTP helper or a container network drops it. On the display: "TFTP Timeout".',
    remedy:
      'Open the ports of tftp.transferPorts from this server to the phones; in a container use ' +
      'the host network.',
    source: 'RFC 1350 section 4; Cisco 7940 and 7960 display message "TFTP Timeout"',
  }
}

import type { AddressEvent } from '../../conversion/address-state.ts'
import type { TransferEnd } from '../../conversion/boot-state.ts'
import type { TransferEvent } from '../../conversion/conversion-job.ts'
import type { DhcpEvent } from '../../dhcp/events.ts'
import { readVendorClass } from '../../phones/vendor-class.ts'
import type { TftpEvent, TransferOutcome } from '../../tftp/events.ts'

/** Null where the end says nothing about the phone: it was ours, or another transfer follows. */
const WHAT_IT_MEANS: Readonly<Record<TransferOutcome, TransferEnd | null>> = {
  complete: 'completed',
  'timed-out': 'failed',
  'never-acknowledged': 'unheard',
  'client-error': 'failed',
  restarted: null,
  displaced: null,
  stopped: null,
}

/** What a DHCP event says about whether the phone gets an address; null if nothing. */
export function addressEventOf(event: DhcpEvent): AddressEvent | null {
  switch (event.event) {
    case 'dhcp.offer.sent':
      return { kind: 'offered' }
    case 'dhcp.ack.sent':
      return event.requestKind === 'inform' ? null : { kind: 'granted' }
    case 'dhcp.address.declined':
      return { kind: 'declined' }
    case 'dhcp.discover.ignored':
    case 'dhcp.request.ignored':
      return { kind: 'ignored', reason: event.reason }
    default:
      return null
  }
}

/** What a TFTP event says about a file on its way to the phone; null if nothing. */
export function transferEventOf(event: TftpEvent): TransferEvent | null {
  switch (event.event) {
    case 'tftp.transfer.started':
      return eventOf(event, 0, 'progress')
    case 'tftp.transfer.progress':
      return eventOf(event, event.bytes, 'progress')
    case 'tftp.transfer.ended': {
      const outcome = WHAT_IT_MEANS[event.outcome]
      if (outcome === null) return null
      return eventOf(event, outcome === 'completed' ? event.sizeBytes : event.bytes, outcome)
    }
    case 'tftp.request.absent':
    case 'tftp.request.refused':
    case 'tftp.request.ignored':
    case 'tftp.packet.dropped':
      return null
    /* c8 ignore next 2 -- the compiler proves that there is no other value */
    default:
      return event satisfies never
  }
}

/** Which of the two ways to load firmware a phone has, by option 60; null if that does not say. */
export function generationIn(vendorClass: string): 'pre-ual' | 'ual' | null {
  const read = readVendorClass(vendorClass)
  return read.kind === 'family' ? read.generation : null
}

function eventOf(
  { name, sizeBytes }: { readonly name: string; readonly sizeBytes: number },
  bytes: number,
  outcome: 'progress' | TransferEnd,
): TransferEvent {
  return { file: name, bytes, of: sizeBytes, outcome }
}

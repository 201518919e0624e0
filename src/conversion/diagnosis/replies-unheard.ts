import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** One transfer without any acknowledgement may be a plug that was pulled; three are a firewall. */
const TRANSFERS = 3

/** The phone asks for files, and nothing that is sent reaches it. */
export function repliesUnheard({ reading }: StepTrace): Diagnosis | null {
  if (reading === null || reading.unheardInARow < TRANSFERS) return null
  return {
    code: 'replies-unheard',
    seen: `The phone asked for files and acknowledged nothing of ${reading.unheardInARow} in a row.`,
    cause:
      'Data comes from another port than 69, and a firewall, an address translation without a ' +
      'TFTP helper or a container network drops it. On the display: "TFTP Timeout".',
    remedy:
      'Open the ports of tftp.transferPorts from this server to the phones; in a container use ' +
      'the network of the host.',
    source: 'RFC 1350 section 4; Cisco 7940 and 7960 display message "TFTP Timeout"',
  }
}

import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** A phone asks for its first file within a second of its address; one that is deaf never does. */
const SILENCE_MS = 60_000

/** The phone has an address and asks nobody for a file. */
export function dhcpWithoutTftp({ step, reading, nowMs }: StepTrace): Diagnosis | null {
  if (step.stage !== 'booting' && step.stage !== 'rebooting') return null
  if (reading === null || reading.lastRequestAtMs !== null) return null
  if (nowMs - reading.startedAtMs < SILENCE_MS) return null
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

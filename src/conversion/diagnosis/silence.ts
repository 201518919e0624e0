import type { Diagnosis } from '../conversion.ts'
import type { StepTrace } from './step-trace.ts'

/** A phone asks again 8 to 10 s after a failed image, three times; a minute is past that. */
const TRANSFER_SILENCE_MS = 60_000

/** The image was in transfer, and then the phone fell silent. */
export function transferSilent({
  step,
  target,
  lastEventAtMs,
  nowMs,
}: StepTrace): Diagnosis | null {
  if (step.stage !== 'fetching') return null
  if (nowMs - Math.max(step.stageSinceMs, lastEventAtMs ?? 0) < TRANSFER_SILENCE_MS) return null
  const got =
    step.progress === null ? '' : ` after ${step.progress.bytes} of ${step.progress.of} bytes`
  return {
    code: 'transfer-silent',
    seen: `The phone stopped fetching the image of ${target.load}${got}.`,
    cause: 'It lost power or its link, or a firewall drops packets to the transfer port.',
    remedy:
      'Check cable and power; the phone asks again when it starts. If it always stops at the same ' +
      'place, open the UDP ports of tftp.transferPorts in the firewall.',
    source: 'Cisco document 5455, section "Protocol Application Invalid Error" (TFTP errors)',
  }
}

/** A phone asks again after four seconds, four times, and then does something else. */
const SILENCE_MS = 90_000

/** The phone fell silent during its boot, with a file in transfer. */
export function wentSilent({ step, boot, lastEventAtMs, nowMs }: StepTrace): Diagnosis | null {
  if (step.stage !== 'booting' && step.stage !== 'rebooting') return null
  if (boot === null || boot.lastRequestAtMs === null) return null
  // A phone that goes its own way goes on asking; one that asks for its first file alone is gone.
  if (boot.unheardInARow === 0 && boot.asked.length > 1) return null
  if (nowMs - Math.max(boot.lastRequestAtMs, lastEventAtMs ?? 0) < SILENCE_MS) return null
  const file = boot.files.at(-1)?.file ?? boot.images.at(-1)?.file ?? 'its first file'
  return {
    code: 'went-silent',
    seen: `The phone asked for ${file}, and has been silent since.`,
    cause: 'It lost power or its link in mid-boot, or replies do not reach it any more.',
    remedy:
      'Check cable and power, and power-cycle the phone. If it stops at its first file each time, ' +
      'open the UDP ports of tftp.transferPorts in the firewall.',
    source: 'Cisco document 5455, section "Troubleshooting Tips"',
  }
}

/** Programming the flash and starting again takes a minute or two; some switches add two for CDP. */
const REBOOT_MS = 600_000

/** The image arrived, and the phone has not been heard of since. */
export function noReboot({ step, target, nowMs }: StepTrace): Diagnosis | null {
  if (step.stage !== 'flashing' || nowMs - step.stageSinceMs < REBOOT_MS) return null
  return {
    code: 'no-reboot',
    seen: `The image of ${target.load} arrived whole; for ten minutes the phone has not started again.`,
    cause: 'The phone lost power or its link while it programmed its flash, or was moved.',
    remedy:
      'Plug it in again on this network and leave it alone for five minutes. If the display stays ' +
      'dark, hold # while it gets power and press 1 2 3 4 5 6 7 8 9 * 0 # for a factory reset.',
    source: 'Cisco document 5455, section "Troubleshooting Tips"; Cisco factory reset procedure',
  }
}

/** A boot with a loader takes under a minute, and two more where a switch knows no CDP. */
const PROOF_MS = 600_000

/** The image arrived, the phone started again, and it never showed that it runs the load. */
export function notConfirmed({ step, target, nowMs }: StepTrace): Diagnosis | null {
  if (step.stage !== 'rebooting' || nowMs - step.stageSinceMs < PROOF_MS) return null
  return {
    code: 'not-confirmed',
    seen: `The phone fetched ${target.load} and started again; for ten minutes nothing showed that it runs it.`,
    cause:
      'It did not continue after its loader, another server gave it files of its own, or the load ' +
      'asks for nothing that would tell.',
    remedy:
      'Read the load at the phone (Settings, Status, Firmware Versions). If it is the target, ' +
      'power-cycle the phone once more here; otherwise start again with that load as "from".',
    source: 'Cisco document 5455, section "Troubleshooting Tips"',
  }
}

/** Once more may be a hand on the cable; three starts that lead nowhere are a loop. */
export const STARTS_OF_A_LOOP = 3

/** The phone starts again and again and gets no further. */
export function bootLoop({ step, target }: StepTrace): Diagnosis | null {
  const { starts, furthest } = step.facts
  if (starts < STARTS_OF_A_LOOP) return null
  return {
    code: 'boot-loop',
    seen: `The phone started ${starts} times without getting further on its way to ${target.load} (${FURTHEST[furthest]}).`,
    cause:
      'It restarts by itself: an application that reaches no call manager starts again about once a ' +
      'minute, and a loader that gets no usable load does so as well. Or its power is unsteady.',
    remedy:
      'Watch the display through one start. Check power and cable, the files that it gets ' +
      '(GET /v1/phones/{mac}/files) and the addresses that they name. Then read the load at the ' +
      'phone and start again with it as "from".',
    source:
      'field traces (github.com/julianhead/CiscoPhones, tftplog): whole starts every 66 to 80 s',
  }
}

const FURTHEST: Readonly<Record<StepTrace['step']['facts']['furthest'], string>> = {
  nothing: 'it has no address yet',
  address: 'it has an address',
  'first-file': 'it asks for its files',
  'load-named': 'it has read which load is wanted',
  'loader-asked': 'it asked for the loader',
  'loader-whole': 'it has the loader',
  'last-image-asked': 'it asked for the last image',
  'last-image-whole': 'it has the last image',
  'started-again': 'it started again after the last image',
}

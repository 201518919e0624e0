import type { Conversion, RestartMode } from './conversion.ts'

const READ_THE_VERSION = 'To read the load at the phone: Settings, Status, Firmware Versions.'
const READ_THE_MODEL =
  'Read the model on the back of the phone; a power-cycle or a reset helps nothing.'
const UNLOCK = 'Unlock the settings with **# (a padlock opens); **# again locks them.'
const FACTORY_RESET =
  'Factory reset: hold # while the phone gets power, then press 1 2 3 4 5 6 7 8 9 * 0 #; "keep ' +
  'network cfg?" is answered with 2 (no) within a minute.'
const CONSOLE =
  'If the display says nothing, the RS-232 port on the back of the phone shows what it does.'
const ALTERNATE_TFTP =
  'Settings, Network Configuration: Alternate TFTP must be No, or the phone asks another server.'
const POWER_CYCLE =
  'Pull the power cord, or the network cable of a phone that is powered over it, and plug it in again.'
const BY_ITSELF =
  'The appliance restarts the phone by itself; where it cannot, or does not come back within ten minutes, ' +
  'pull its power cord and plug it in again.'
const LEAVE_IT =
  'Leave the phone plugged in: it writes its flash, and a power cut now may cost it its image.'
const WIPES =
  'A new universal loader forgets what was typed in at the phone: addresses, Alternate TFTP and the ' +
  'password are back to their defaults, and DHCP must name the TFTP server. It does.'

/** Diagnoses that the phone's own settings may explain. */
const ABOUT_SETTINGS: ReadonlySet<string> = new Set([
  'dhcp-without-tftp',
  'misspelt-image',
  'image-absent',
  'offer-not-taken',
])

/** Diagnoses after which only what the phone says about itself helps on. */
const ABOUT_THE_LOAD: ReadonlySet<string> = new Set([
  'trigger-ignored',
  'image-refused',
  'old-application',
  'firmware-incomplete',
  'other-protocol',
  'other-generation',
  'not-confirmed',
  'name-too-long',
  'buffer-full',
])

/**
 * What an operator can do at the phone now, one sentence an entry; empty where there is nothing.
 *
 * @param restart - Who restarts the phone.
 * @see Cisco document 5455, sections "Manually Configure the Phone Network Settings" and
 *   "Troubleshooting Tips"
 */
export function atThePhone(
  { state, step, steps, from, diagnosis }: Conversion,
  restart: RestartMode = 'manual',
): readonly string[] {
  const now = steps[step]
  if (now === undefined || state === 'confirmed' || state === 'cancelled') return []
  const wipes = now.method === 'ual' ? [WIPES] : []
  switch (now.stage) {
    case 'waiting':
      return [
        restart === 'auto' ? BY_ITSELF : POWER_CYCLE,
        ...(from === null ? [READ_THE_VERSION] : []),
        ...wipes,
      ]
    case 'flashing':
      return [LEAVE_IT]
    case 'stalled':
      return afterStall(diagnosis?.code ?? '')
    case 'booting':
    case 'fetching':
    case 'rebooting':
      return wipes
    case 'confirmed':
      return []
    /* c8 ignore next 2 -- the compiler proves that there is no other value */
    default:
      return now.stage satisfies never
  }
}

function afterStall(code: string): readonly string[] {
  if (code === 'other-model') return [READ_THE_MODEL]
  if (ABOUT_SETTINGS.has(code)) return [UNLOCK, ALTERNATE_TFTP, POWER_CYCLE]
  if (ABOUT_THE_LOAD.has(code)) return [READ_THE_VERSION, POWER_CYCLE]
  return [POWER_CYCLE, FACTORY_RESET, CONSOLE]
}

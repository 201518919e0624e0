import type { BootState } from '../../../conversion/boot-state.ts'
import type { Diagnosis } from '../../../conversion/conversion.ts'

/**
 * A diagnosis in words for another server: what our own says of a conversion and of this
 * appliance's API would lead its operator nowhere.
 */
export function wordsElsewhere(
  diagnosis: Diagnosis,
  { load, boot }: { readonly load: string; readonly boot: BootState },
): Diagnosis {
  const words = WORDS[diagnosis.code]
  return words === undefined ? diagnosis : { ...diagnosis, ...words(load, boot) }
}

type Words = Partial<Pick<Diagnosis, 'seen' | 'cause' | 'remedy'>>

const WORDS: Readonly<Record<string, (load: string, boot: BootState) => Words>> = {
  'image-absent': imageMissing,
  'firmware-incomplete': imageMissing,
  'misspelt-image': () => ({
    cause:
      'A file of the TFTP server misspells the load, most likely OS79XX.TXT or SIPDefault.cnf: the ' +
      'second character is the digit zero, the name has no extension, and nothing follows it.',
    remedy: 'Put the name right; "switchhook lint" finds where it stands.',
  }),
  'replies-unheard': () => ({
    remedy:
      'Open the UDP ports from which the TFTP server sends; in a container use the host network.',
  }),
  'no-address': () => ({
    cause:
      'No DHCP server serves the VLAN of the phone, its pool is full, or it knows the phone from another ' +
      'network and is not authoritative. On the display: "Configuring IP".',
    remedy:
      'Widen the range (dnsmasq dhcp-range, ISC dhcpd range, Kea pools, the pool size of Tftpd64), make the ' +
      'server authoritative (dnsmasq dhcp-authoritative, "authoritative" of ISC dhcpd and Kea), and check ' +
      'the VLAN of the port.',
  }),
  'offer-not-taken': () => ({
    remedy:
      'Look for another DHCP server on this network (a capture shows who offers). Then capture at the port ' +
      'of the phone: the offer must be there.',
  }),
  'address-declined': () => ({
    remedy:
      'Find who answers ARP for the addresses of the range, and keep those that were typed in somewhere out ' +
      'of it (another dhcp-range in dnsmasq, range in ISC dhcpd, pool in Kea or Tftpd64).',
  }),
  'dhcp-without-tftp': () => ({
    seen: 'The phone was given an address, and no request for a file was seen after it.',
    cause:
      'DHCP names no TFTP server, or another one than this; one is typed in at the phone (Alternate TFTP ' +
      'Server); or a firewall drops UDP port 69; or the log leaves file requests out. On the display: "TFTP ' +
      'Timeout", "Protocol Application Invalid", or W260, W261, W365 or W366.',
    remedy:
      'Send option 150 and option 66, the latter as dotted quad, both with the address of the TFTP server: ' +
      'dnsmasq dhcp-option=150,ADDRESS and dhcp-option=66,ADDRESS; ISC dhcpd option tftp-server-name and an ' +
      'option of code 150; Kea option-data tftp-server-name and code 150; Tftpd64 additional options 66 and ' +
      '150. At the phone set Alternate TFTP to No.',
  }),
  'no-load-named': () => ({
    remedy:
      'Name the load in SEP<MAC>.cnf.xml (loadInformation) or as image_version in SIPDefault.cnf, and ' +
      'restart the phone.',
  }),
  unprovisioned: () => ({
    remedy: 'Write that file, with line1_name in it, under exactly this name.',
  }),
  'buffer-full': () => ({
    remedy:
      'Leave nothing but image_version in SIPDefault.cnf until the phone runs SIP 3.0 or later.',
  }),
  'configuration-cut': () => ({
    remedy: 'Take settings out of the file until it is small; many repeats tell of a lossy link.',
  }),
  'configuration-unusable': () => ({
    remedy:
      'Write a whole XML file, or remove it: an empty one is worse than none. Then restart the phone.',
  }),
  'not-confirmed': () => ({
    remedy:
      'Read the load at the phone (Settings, Status, Firmware Versions), and power-cycle it once more.',
  }),
  'image-refused': (load) => ({
    remedy:
      `Unzip the archive of ${load} again, without copying or renaming single files. If that changes ` +
      'nothing, read the load at the phone (Settings, Status, Firmware Versions) and look for the ' +
      'path with "switchhook plan".',
  }),
  'transfer-broken': () => ({
    remedy:
      'If the phone runs an old SCCP load, convert it to SIP 2.3 (P0S30203) first and go on from ' +
      'there. Otherwise look for a duplex mismatch or a firewall on the path.',
  }),
  'transfer-silent': (load) => ({
    seen: `The phone began to fetch the image of ${load} and stopped.`,
    remedy:
      'Check cable and power; the phone asks again when it starts. If it always stops at the same ' +
      'place, open the UDP ports from which the TFTP server sends.',
  }),
  'trigger-ignored': (load) => ({
    seen: `The phone read ${load}.loads, fetched nothing, and no application started after it.`,
    cause:
      'The application in its flash does not start, or another server serves what it asks for next; ' +
      'or the log leaves that out.',
    remedy:
      'Read the display. "Protocol Application Invalid": unzip the whole archive of that load into ' +
      'the root folder and restart the phone.',
  }),
}

function imageMissing(load: string, boot: BootState): Words {
  return {
    seen: `The phone asked for ${absentImage(boot, load)} and was told that there is no such file.`,
    cause:
      'The set is incomplete, renamed or in a sub-folder, or a file names a load that is not there. ' +
      'With no application in its flash the phone shows "Protocol Application Invalid".',
    remedy:
      `Unzip the whole archive of ${load} into the root folder of the TFTP server; "switchhook lint" ` +
      'looks through it.',
  }
}

function absentImage(boot: BootState, load: string): string {
  return boot.absent.find((name) => /\.(?:bin|sbn|sb2|loads)$/i.test(name)) ?? `an image of ${load}`
}

import type { Protocol } from '../phones/family/phone-family.ts'
import type { RequestedFile } from '../phones/requested-file.ts'
import { type SeenSoftware, seen } from '../phones/seen-software.ts'
import { type BootState, hintOf } from './boot-state.ts'

/**
 * What the files that a phone has asked for since its start tell of its software. They never name the
 * load: that of a `.loads` request is the one that the phone is to run.
 *
 * Sources: traces of nine phones (github.com/julianhead/CiscoPhones, `tftplog`) and of a 7960
 * (tdtemcerts.blogspot.com, 2020); strings of SCCP 8.1 for `RINGLIST.XML`; a 7940 with MGCP 7.7 asks
 * for `MGCDefault.cnf` at every start (frgtech1.rssing.com).
 */
export function seenOfBoot(boot: BootState, atMs: number): SeenSoftware {
  const { generation } = boot
  const protocol = generation === 'ual' ? applicationOf(boot.asked) : withoutLoader(boot)
  return seen({ protocol, generation }, 'requested-files', atMs)
}

function withoutLoader(boot: BootState): Protocol | null {
  if (boot.asked.includes('mgc-default')) return 'mgcp'
  switch (hintOf(boot)) {
    case 'pre-ual-sip':
      return 'sip'
    case 'pre-ual-sccp':
      return 'sccp'
    default:
      return null
  }
}

/** The application of a phone with a loader, by the last file that tells; null while a loader may run. */
function applicationOf(asked: readonly RequestedFile['kind'][]): Protocol | null {
  for (let at = asked.length - 1; at >= 0; at--) {
    switch (asked[at]) {
      case 'ringlist-dat':
      case 'dialplan':
        return 'sip'
      case 'ringlist-xml':
      case 'locale':
        return 'sccp'
      case 'mgc-default':
        return 'mgcp'
      case 'sip-default':
        // Cisco's guide ends the hunt of the loader with it, directly after the default of SCCP.
        return asked[at - 1] === 'xml-default' ? null : 'sip'
      // Of the loader alone: whatever ran before it is over.
      case 'loads':
      case 'image':
      case 'mgc-phone':
        return null
      default:
    }
  }
  return null
}

import type { CallControlHere } from '../../src/conversion/phone-files.ts'
import type { Ipv4 } from '../../src/net/ipv4.ts'
import type { Settings } from '../../src/settings/settings.ts'

/** The only port that the files of these phones name for a call manager. */
const SCCP_PORT = 2000

/** What phones can register with at an address of ours: null where its network has no call control. */
export function callControlAt(
  { callControl }: Pick<Settings, 'callControl'>,
  networks: () => readonly Pick<Settings['networks'][number], 'address' | 'callControl'>[],
): (serverAddress: Ipv4) => CallControlHere | null {
  return (serverAddress) => {
    const isOn = networks().some((one) => one.address === serverAddress && one.callControl)
    if (callControl === undefined || !isOn) return null
    return {
      sipPort: callControl.sip?.port ?? null,
      sccp: callControl.sccp?.port === SCCP_PORT,
    }
  }
}

import type { CallControlHere } from '../../conversion/phone-files.ts'
import type { Ipv4 } from '../../net/ipv4.ts'
import type { ServedNetwork } from '../served-network.ts'

/** The only port that the files of these phones name for a call manager. */
const SCCP_PORT = 2000

/** The ports of the configuration that phones register at; left out: that protocol is not served. */
export type CallControlPorts = {
  readonly sip?: { readonly port: number }
  readonly sccp?: { readonly port: number }
}

/** What phones can register with at an address of ours: null where its network has no call control. */
export function callControlAt(
  { callControl }: { readonly callControl?: CallControlPorts | undefined },
  networks: () => readonly Pick<ServedNetwork, 'address' | 'callControl'>[],
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

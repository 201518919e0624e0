import type { Mac } from '../net/mac.ts'
import type { Trace } from '../wire/trace/read-trace.ts'
import type { DhcpIdentity } from './phone-dhcp-message.ts'
import { flashRunning } from './phone-flash.ts'
import { dhcpIdentity } from './phone-identity.ts'
import { DEFAULT_QUIRKS } from './phone-quirks.ts'

/**
 * How the phone of a trace introduces itself to DHCP. Traces of file servers do not tell: a 7940 or 7960 does so by the
 * software that its trace names first, another model by the number in the trace.
 */
export function replayIdentity(trace: Trace, mac: Mac): DhcpIdentity {
  const { generation, phone } = trace.header
  const first = Array.isArray(generation) ? `${generation[0]}` : 'ual-loader'
  const model = /\d{4}/.exec(`${phone}`)?.[0] ?? '7960'
  const [supported] = (['7940', '7960'] as const).filter((one) => one === model)
  const identity = dhcpIdentity(
    mac,
    supported ?? '7960',
    flashRunning(LOADS[first] ?? UAL),
    DEFAULT_QUIRKS,
  )
  if (first !== 'other-model') return identity
  return { ...identity, vendorClass: `Cisco Systems, Inc. IP Phone CP-${model}G\0` }
}

const UAL = 'P00308000500'

/** A load of each software from before the universal loader, and of SIP with it. */
const LOADS: Readonly<Record<string, string>> = {
  'pre-ual-sccp': 'P00303010102',
  'pre-ual-sip': 'P0S3-06-3-00',
  'ual-sip': 'P0S3-8-12-00',
}

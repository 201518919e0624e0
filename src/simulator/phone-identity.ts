import type { Mac } from '../net/mac.ts'
import type { PhoneModel } from './named-load.ts'
import type { DhcpIdentity } from './phone-dhcp-message.ts'
import { type PhoneFlash, runsSip } from './phone-flash.ts'
import type { PhoneQuirks } from './phone-quirks.ts'

/**
 * How a phone with this flash introduces itself to DHCP: without its model before the universal loader, with
 * it from there on; its name after the protocol that it runs.
 */
export function dhcpIdentity(
  mac: Mac,
  model: PhoneModel,
  flash: PhoneFlash,
  quirks: Pick<PhoneQuirks, 'vendorClass' | 'endsClassWithNul' | 'requestedOptions'>,
): DhcpIdentity {
  const { vendorClass, endsClassWithNul, requestedOptions } = quirks
  const byGeneration = flash.generation === 'ual' ? 'CP-G' : 'bare'
  const ending = { bare: '', CP: ` CP-${model}`, 'CP-G': ` CP-${model}G` }
  const form = vendorClass === 'by-generation' ? byGeneration : vendorClass
  return {
    vendorClass: `Cisco Systems, Inc. IP Phone${ending[form]}${endsClassWithNul ? '\0' : ''}`,
    mac,
    hostName: `${runsSip(flash) ? 'SIP' : 'SEP'}${mac}`,
    requestedOptions,
  }
}

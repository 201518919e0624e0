import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'
import { readLoadName } from '../load-name.ts'
import type { PhoneModel } from '../named-load.ts'
import type { PseudoRandom } from '../pseudo-random.ts'

/** A SIP load: what it calls itself, and how it makes up the identifiers of its messages. */
export type SipIdentity = {
  readonly mac: Mac
  readonly model: PhoneModel
  /** 2 for SIP 2.x. */
  readonly major: number
  readonly address: Ipv4
}

/** Who a phone is that runs a load. */
export function sipIdentity(
  phone: { readonly mac: Mac; readonly model: PhoneModel; readonly address: Ipv4 },
  load: string,
): SipIdentity {
  const { mac, model, address } = phone
  return { mac, model, address, major: readLoadName(load)?.major ?? 8 }
}

/**
 * What the load calls itself: the generation, and the model from 8.0 on. Sources: VOCAL traces for 1.x and 2.x (one
 * source), lists of User-Agents and traces for the others; 3.x, of which there is no trace, is taken for 2.x.
 */
export function userAgent({ major, model }: SipIdentity): string {
  if (major < 4) return 'Cisco IP Phone/ Rev. 1/ SIP enabled'
  return major < 8 ? `CSCO/${major}` : `Cisco-CP${model}G/8.0`
}

/** Call-ID: the MAC address, then numbers (OpenSER `get_macid`, SIPCC); 2.x has its first bytes the other way round. */
export function newCallId(identity: SipIdentity, random: PseudoRandom): string {
  const { mac, major, address } = identity
  const rest = `${hex(random, 8)}-${hex(random, 8)}@${formatIpv4(address)}`
  const digits = mac.toLowerCase()
  if (major >= 4) return `${digits.slice(0, 8)}-${digits.slice(8)}${hex(random, 4)}-${rest}`
  // `c2943000-…` of 00:30:94:c2:… (VOCAL traces); where the other two bytes are is inferred.
  const octets = digits.match(/../g) ?? []
  const first = octets.slice(0, 4).reverse().join('')
  return `${first}-${octets.slice(4).reverse().join('')}-${rest}`
}

/** The tag of From: the MAC address, then numbers; null for 2.x, which knew RFC 2543 alone (inferred). */
export function newTag({ mac, major }: SipIdentity, random: PseudoRandom): string | null {
  if (major < 4) return null
  return `${mac.toLowerCase()}${hex(random, 4)}${hex(random, 8)}-${hex(random, 8)}`
}

/** The number by which CallManager knows the model. */
const MODEL_NUMBER: Readonly<Record<PhoneModel, string>> = { '7940': '8', '7960': '7' }

/** Contact of REGISTER; 8.x adds who it is (traces of 8.x). */
export function contactOf(identity: SipIdentity, line: string, port: number): string {
  const { mac, model, major, address } = identity
  const uri = `<sip:${line}@${formatIpv4(address)}:${port};user=phone;transport=udp>`
  if (major < 8) return uri
  const instance = `+sip.instance="<urn:uuid:00000000-0000-0000-0000-${mac.toLowerCase()}>"`
  return `${uri};${instance};+u.sip!model.ccm.cisco.com="${MODEL_NUMBER[model]}"`
}

/** Lower-case hexadecimal digits by chance. */
export function hex(random: PseudoRandom, digits: number): string {
  const high = random.next().toString(16).padStart(8, '0')
  return high.slice(0, digits)
}

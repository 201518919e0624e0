import { type Ipv4, parseIpv4 } from '../../net/ipv4.ts'
import type { PhoneModel } from '../named-load.ts'

/** A line of a SIP phone, and where it registers. */
export type SipLine = {
  readonly name: string
  /** Null where the phone is not to register it, or has no address of a proxy. */
  readonly proxy: { readonly address: Ipv4; readonly port: number } | null
}

/** What a SIP load has read of its configuration about lines and registration. */
export type SipSettings = {
  readonly lines: readonly SipLine[]
  /** Where it listens. */
  readonly port: number
  /** Seconds, as it asks for them. */
  readonly expires: number
  /** Seconds before the end at which it registers again. */
  readonly delta: number
  readonly telnetLevel: number
  readonly password: string
  readonly prompt: string
}

const LINE_KEYS: Readonly<Record<PhoneModel, number>> = { '7940': 2, '7960': 6 }

const SIP_PORT = 5060

/**
 * Reads the settings of `SIPDefault.cnf` and `SIP<MAC>.cnf` that lines and telnet go by. A line registers where
 * `proxy_register` is 1 and its proxy, or that of the first line, is an address: names need DNS, which is not here.
 *
 * Defaults: Cisco SIP IP phone administrator guide 7.5 and the comments of its `SIPDefault.cnf`.
 */
export function readSipSettings(
  parameters: ReadonlyMap<string, string>,
  model: PhoneModel,
): SipSettings {
  const lines: SipLine[] = []
  for (let number = 1; number <= LINE_KEYS[model]; number++) {
    const name = textOf(parameters, `line${number}_name`)
    if (name !== null) lines.push({ name, proxy: proxyOf(parameters, number) })
  }
  return {
    lines,
    port: numberOf(parameters, 'voip_control_port', SIP_PORT),
    expires: numberOf(parameters, 'timer_register_expires', 3600),
    delta: numberOf(parameters, 'timer_register_delta', 5),
    telnetLevel: numberOf(parameters, 'telnet_level', 0),
    password: textOf(parameters, 'phone_password') ?? 'cisco',
    prompt: textOf(parameters, 'phone_prompt') ?? 'SIP Phone',
  }
}

function proxyOf(parameters: ReadonlyMap<string, string>, line: number): SipLine['proxy'] {
  if (parameters.get('proxy_register') !== '1') return null
  const own = textOf(parameters, `proxy${line}_address`)
  const address = parseIpv4(own ?? textOf(parameters, 'proxy1_address') ?? '')
  if (address === undefined) return null
  const port = numberOf(parameters, `proxy${own === null ? 1 : line}_port`, SIP_PORT)
  return { address, port }
}

/** `UNPROVISIONED` stands in Cisco's own files for nothing. */
function textOf(parameters: ReadonlyMap<string, string>, name: string): string | null {
  const value = parameters.get(name) ?? ''
  return value === '' || value === 'UNPROVISIONED' ? null : value
}

function numberOf(parameters: ReadonlyMap<string, string>, name: string, otherwise: number) {
  const value = parameters.get(name) ?? ''
  return /^\d{1,7}$/.test(value) ? Number(value) : otherwise
}

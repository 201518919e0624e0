import type { EntryProblem } from '../../inventory/inventory-outcome.ts'
import type { Phone } from '../../inventory/phone.ts'
import type { LineDraft, PhoneDraft, PhonePatch } from '../../inventory/phone-draft.ts'
import type { Ipv4 } from '../../net/ipv4.ts'
import type { Mac } from '../../net/mac.ts'
import type { SwitchPort } from '../../net/switch-port.ts'
import { keepSecrets } from './keep-secrets.ts'
import { readIpv4, readMac, readSwitchPort } from './read-values.ts'
import type { PhoneBody, PhonePatchBody } from './schemas/phone.ts'

type Refused = { readonly kind: 'refused'; readonly problems: readonly EntryProblem[] }

/**
 * The phone that a PUT asks for. What the body leaves out is not there; a line's password stays
 * where it is left out, and secret settings that the body names are kept from `current`.
 *
 * @throws ProblemError 400 where the body's MAC address, address or switch port cannot be read.
 */
export function draftFromBody(
  mac: Mac,
  body: PhoneBody,
  current: Phone | undefined,
):
  | { readonly kind: 'draft'; readonly draft: PhoneDraft; readonly keepsSecrets: boolean }
  | Refused {
  const { kept, unknown } = keepSecrets(body.secretSettings, current?.settings ?? {})
  const problems = [...otherMacProblems(mac, body.mac), ...unknown]
  if (problems.length > 0) return { kind: 'refused', problems }
  const draft: PhoneDraft = {
    mac,
    model: body.model ?? null,
    label: body.label ?? null,
    network: body.network ?? null,
    profile: body.profile ?? null,
    address: readAddress(body.address) ?? null,
    trustAddress: body.trustAddress ?? false,
    switchPort: readPort(body.switchPort) ?? null,
    lines: (body.lines ?? []).map(lineOf),
    settings: { ...kept, ...body.settings },
  }
  return { kind: 'draft', draft, keepsSecrets: Object.keys(kept).length > 0 }
}

/**
 * The merge patch that a PATCH asks for (RFC 7396).
 *
 * @throws ProblemError 400 as `draftFromBody`.
 */
export function patchFromBody(
  mac: Mac,
  body: PhonePatchBody,
): { readonly kind: 'patch'; readonly patch: PhonePatch } | Refused {
  const problems = otherMacProblems(mac, body.mac)
  if (problems.length > 0) return { kind: 'refused', problems }
  const { model, label, network, profile, trustAddress, lines, settings } = body
  const address = readAddress(body.address)
  const switchPort = readPort(body.switchPort)
  const patch: PhonePatch = {
    ...(model === undefined ? {} : { model }),
    ...(label === undefined ? {} : { label }),
    ...(network === undefined ? {} : { network }),
    ...(profile === undefined ? {} : { profile }),
    ...(address === undefined ? {} : { address }),
    ...(trustAddress === undefined ? {} : { trustAddress }),
    ...(switchPort === undefined ? {} : { switchPort }),
    ...(lines === undefined ? {} : { lines: (lines ?? []).map(lineOf) }),
    ...(settings === undefined ? {} : { settings }),
  }
  return { kind: 'patch', patch }
}

function otherMacProblems(mac: Mac, inBody: string | undefined): EntryProblem[] {
  if (inBody === undefined || readMac(inBody, '/mac') === mac) return []
  const message = `differs from ${mac} in the path; make them equal or omit it`
  return [{ path: '/mac', message }]
}

function readAddress(text: string | null | undefined): Ipv4 | null | undefined {
  return typeof text === 'string' ? readIpv4(text, '/address') : text
}

function readPort(text: string | null | undefined): SwitchPort | null | undefined {
  return typeof text === 'string' ? readSwitchPort(text, '/switchPort') : text
}

/** A line as the inventory takes it: null takes the password away, and so does `hasPassword: false`. */
function lineOf({ hasPassword, ...line }: NonNullable<PhoneBody['lines']>[number]): LineDraft {
  return hasPassword === false && line.password === undefined ? { ...line, password: null } : line
}

import type { Phone, PhoneLine } from '../../inventory/phone.ts'
import type { Mac } from '../../net/mac.ts'
import type { FieldProblem } from './outcome.ts'
import { readIpv4, readMac } from './read-values.ts'
import type { PhoneBody, PhonePatch } from './schemas/phone.ts'
import { isSecretName } from './secrets.ts'
import type { PhoneDraft } from './services.ts'

/** A phone read from a request, or what in the request asks for something that is not there. */
export type DraftResult =
  | { readonly kind: 'draft'; readonly draft: PhoneDraft }
  | { readonly kind: 'refused'; readonly problems: readonly FieldProblem[] }

/**
 * The phone that a PUT asks for. What the body leaves out is not there; secrets that it names as
 * stored are kept from `current`, because a caller that read the phone could not read those.
 *
 * @throws ProblemError 400 where the body's MAC address or address cannot be read.
 */
export function draftFromBody(mac: Mac, body: PhoneBody, current: Phone | undefined): DraftResult {
  const problems = otherMacProblems(mac, body.mac)
  const lines = (body.lines ?? []).map((line, index) => {
    const kept = keepPassword(line, storedPassword(line.name, index, current))
    if (kept.kind === 'kept') return kept.line
    problems.push({ path: `/lines/${index}/hasPassword`, message: kept.message })
    return { name: line.name }
  })
  const { kept, unknown } = keepSettings(body.secretSettings, current)
  problems.push(...unknown)
  if (problems.length > 0) return { kind: 'refused', problems }
  const draft: PhoneDraft = {
    mac,
    model: body.model ?? null,
    label: body.label ?? null,
    network: body.network ?? null,
    profile: body.profile ?? null,
    address: readAddress(body.address),
    lines,
    settings: { ...kept, ...(body.settings as Record<string, string> | undefined) },
  }
  return { kind: 'draft', draft }
}

/**
 * The phone that a merge patch makes of `current` (RFC 7396): what is left out stays, null takes
 * away, settings are merged one by one, lines are replaced as a whole.
 *
 * @throws ProblemError 400 as `draftFromBody`.
 */
export function draftFromPatch(current: Phone, patch: PhonePatch): DraftResult {
  const { lines, settings, ...fields } = patch
  const body = { ...fields, ...(lines ? { lines: [...lines] } : {}) }
  const result = draftFromBody(current.mac, body, current)
  if (result.kind === 'refused') return result
  const { draft } = result
  return {
    kind: 'draft',
    draft: {
      mac: current.mac,
      model: patch.model === undefined ? current.model : draft.model,
      label: patch.label === undefined ? current.label : draft.label,
      network: patch.network === undefined ? current.network : draft.network,
      profile: patch.profile === undefined ? current.profile : draft.profile,
      address: patch.address === undefined ? current.address : draft.address,
      lines: lines === undefined ? current.lines : draft.lines,
      settings: mergeSettings(current.settings, settings),
    },
  }
}

function mergeSettings(
  current: Readonly<Record<string, string>>,
  patch: Readonly<Record<string, string | null>> | null | undefined,
): Record<string, string> {
  if (patch === null) return {}
  const merged = Object.entries({ ...current, ...patch })
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== null))
}

function otherMacProblems(mac: Mac, inBody: string | undefined): FieldProblem[] {
  if (inBody === undefined || readMac(inBody, '/mac') === mac) return []
  return [
    { path: '/mac', message: `is not that of the path, ${mac}; make them equal or leave it out` },
  ]
}

function readAddress(text: string | null | undefined): PhoneDraft['address'] {
  return text === null || text === undefined ? null : readIpv4(text, '/address')
}

type LineBody = NonNullable<PhoneBody['lines']>[number]

/** The line with the password that `hasPassword: true` stands for. */
function keepPassword(
  { hasPassword, ...line }: LineBody,
  stored: string | undefined,
): { kind: 'kept'; line: PhoneLine } | { kind: 'refused'; message: string } {
  if (hasPassword !== true || line.password !== undefined) return { kind: 'kept', line }
  if (stored !== undefined) return { kind: 'kept', line: { ...line, password: stored } }
  const message = `asks to keep a password, but none is stored for line ${line.name}; send password`
  return { kind: 'refused', message }
}

/** Of the line at the same place if it has the same name, else of the first one that has it. */
function storedPassword(
  name: string,
  index: number,
  current: Phone | undefined,
): string | undefined {
  const inPlace = current?.lines[index]
  const line =
    inPlace?.name === name ? inPlace : current?.lines.find((other) => other.name === name)
  return line?.password
}

function keepSettings(names: readonly string[] | undefined, current: Phone | undefined) {
  return keepSecrets(names, current?.settings ?? {})
}

/** The stored values of secrets that a request names, and a problem for each that is not stored. */
export function keepSecrets(
  names: readonly string[] | undefined,
  stored: Readonly<Record<string, string>>,
): { readonly kept: Record<string, string>; readonly unknown: FieldProblem[] } {
  const kept: Record<string, string> = {}
  const unknown: FieldProblem[] = []
  for (const [index, name] of (names ?? []).entries()) {
    const value = isSecretName(name) && Object.hasOwn(stored, name) ? stored[name] : undefined
    if (value !== undefined) kept[name] = value
    else
      unknown.push({
        path: `/secretSettings/${index}`,
        message: `${name} is not stored; send its value`,
      })
  }
  return { kept, unknown }
}

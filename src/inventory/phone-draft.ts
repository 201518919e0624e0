import type { Ipv4 } from '../net/ipv4.ts'
import type { Mac } from '../net/mac.ts'
import type { SwitchPort } from '../net/switch-port.ts'
import type { Phone, PhoneLine } from './phone.ts'

/** A line as a request describes it. A password that is left out stays, null takes it away. */
export type LineDraft = Omit<PhoneLine, 'password'> & { readonly password?: string | null }

/** A phone as a request describes it. What is left out is not set. */
export type PhoneDraft = { readonly mac: Mac } & {
  readonly [Field in keyof PhoneFields]?: PhoneFields[Field]
}

/**
 * Changes to a phone, as a merge patch (RFC 7396): what is left out stays, null takes away, settings are
 * merged one by one, lines are replaced as a whole.
 */
export type PhonePatch = {
  readonly [Field in Exclude<keyof PhoneFields, 'settings'>]?: PhoneFields[Field] | null
} & { readonly settings?: Readonly<Record<string, string | null>> | null }

type PhoneFields = {
  readonly model: Phone['model']
  readonly label: string | null
  readonly network: string | null
  readonly profile: string | null
  readonly address: Ipv4 | null
  readonly trustAddress: boolean
  readonly switchPort: SwitchPort | null
  readonly lines: readonly LineDraft[]
  readonly settings: Readonly<Record<string, string>>
}

/** The phone that a draft makes, at the revision after `current`. */
export function phoneFromDraft(draft: PhoneDraft, current: Phone | undefined): Phone {
  return {
    mac: draft.mac,
    model: draft.model ?? null,
    label: draft.label ?? null,
    network: draft.network ?? null,
    profile: draft.profile ?? null,
    address: draft.address ?? null,
    ...(draft.trustAddress ? { trustAddress: true } : {}),
    ...(draft.switchPort ? { switchPort: draft.switchPort } : {}),
    lines: (draft.lines ?? []).map((line, index) => withPassword(line, index, current)),
    settings: { ...draft.settings },
    revision: (current?.revision ?? 0) + 1,
  }
}

/** The draft that a patch makes of a phone. */
export function draftFromPatch(current: Phone, patch: PhonePatch): PhoneDraft {
  const { settings, lines, ...fields } = patch
  const given = Object.entries(fields).filter(([, value]) => value !== undefined)
  return {
    ...current,
    ...Object.fromEntries(given),
    lines: lines === undefined ? current.lines : (lines ?? []),
    settings: settings === null ? {} : mergeSettings(current.settings, settings ?? {}),
  }
}

/** Passwords never leave, so an entry that was read and is written back comes without them. */
function withPassword(draft: LineDraft, index: number, current: Phone | undefined): PhoneLine {
  const { password, ...line } = draft
  if (typeof password === 'string') return { ...line, password }
  const kept = password === null ? undefined : storedPassword(line.name, index, current)
  return kept === undefined ? line : { ...line, password: kept }
}

/** Of the line at the same place if it has the same name, else of the first one that has it. */
function storedPassword(name: string, index: number, current: Phone | undefined) {
  const inPlace = current?.lines[index]
  if (inPlace?.name === name) return inPlace.password
  return current?.lines.find((line) => line.name === name)?.password
}

function mergeSettings(
  current: Readonly<Record<string, string>>,
  patch: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const merged = Object.entries({ ...current, ...patch })
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== null))
}

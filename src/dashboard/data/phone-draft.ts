import type { Phone } from './types.ts'

/** A line as it is being filled in. */
export type LineDraft = {
  /** Tells rows apart while they are edited. */
  readonly key: number
  readonly name: string
  readonly authName: string
  readonly displayName: string
  readonly shortName: string
  readonly contact: string
  /** Empty: the stored one stays. It never comes out, so it is never here to begin with. */
  readonly password: string
  /** The name under which a password is stored; null where none is. */
  readonly passwordOf: string | null
  /** Takes the stored password away. */
  readonly dropsPassword: boolean
}

/** A parameter of the phone's configuration as it is being filled in. */
export type SettingDraft = {
  readonly key: number
  readonly name: string
  /** Empty for a stored secret: it stays. */
  readonly value: string
  readonly isStoredSecret: boolean
}

/** A phone as it is being filled in; empty text is what is not said. */
export type PhoneDraft = {
  readonly mac: string
  readonly model: string
  readonly label: string
  readonly network: string
  readonly profile: string
  readonly address: string
  /** Not edited here: it stays as it was stored. */
  readonly trustAddress: boolean
  readonly switchPort: string
  readonly lines: readonly LineDraft[]
  readonly settings: readonly SettingDraft[]
}

/** A phone of which nothing is said yet. */
export const EMPTY_PHONE: PhoneDraft = {
  mac: '',
  model: '',
  label: '',
  network: '',
  profile: '',
  address: '',
  trustAddress: false,
  switchPort: '',
  lines: [],
  settings: [],
}

/** The draft of a phone that is enrolled, without its secrets. */
export function draftOfPhone(phone: Phone): PhoneDraft {
  return {
    mac: phone.mac,
    model: phone.model ?? '',
    label: phone.label ?? '',
    network: phone.network ?? '',
    profile: phone.profile ?? '',
    address: phone.address ?? '',
    trustAddress: phone.trustAddress,
    switchPort: phone.switchPort ?? '',
    lines: phone.lines.map(({ hasPassword, ...line }, key) => ({
      ...emptyLine(key),
      ...line,
      passwordOf: hasPassword ? line.name : null,
    })),
    settings: settingDrafts(phone.settings, phone.secretSettings),
  }
}

/** Stored settings as they are edited; of a secret only the name is known. */
export function settingDrafts(
  shown: Readonly<Record<string, string>>,
  secrets: readonly string[],
): readonly SettingDraft[] {
  const rows = [
    ...Object.entries(shown).map(([name, value]) => ({ name, value, isStoredSecret: false })),
    ...secrets.map((name) => ({ name, value: '', isStoredSecret: true })),
  ]
  return rows.map((row, key) => ({ key, ...row }))
}

/** A further line, under a key that no other has. */
export function addLine(draft: PhoneDraft): PhoneDraft {
  return { ...draft, lines: [...draft.lines, emptyLine(nextKey(draft.lines))] }
}

/** The settings with one more, under a key that no other has. */
export function withSetting(settings: readonly SettingDraft[]): readonly SettingDraft[] {
  return [...settings, { key: nextKey(settings), name: '', value: '', isStoredSecret: false }]
}

/** Whether the stored password is lost unless it is typed in again: it is kept by the line's name. */
export function losesPassword({ name, password, passwordOf }: LineDraft): boolean {
  return passwordOf !== null && passwordOf !== name && password === ''
}

/** The body of `PUT /v1/phones/{mac}`: what is empty is left out, stored secrets stay by name. */
export function phoneBodyOf(draft: PhoneDraft): Readonly<Record<string, unknown>> {
  const { model, label, network, profile, address, trustAddress, switchPort } = draft
  const { lines, settings } = draft
  const { said, kept } = settingsBodyOf(settings)
  return {
    ...withoutEmpty({ model, label, network, profile, address, switchPort }),
    ...(trustAddress ? { trustAddress } : {}),
    lines: lines.map(lineBodyOf),
    settings: said,
    secretSettings: kept,
  }
}

/** Settings as the API takes them: what was said, and the stored secrets that stay, by name. */
export function settingsBodyOf(settings: readonly SettingDraft[]): {
  readonly said: Readonly<Record<string, string>>
  readonly kept: readonly string[]
} {
  const isKept = ({ isStoredSecret, value }: SettingDraft) => isStoredSecret && value === ''
  const said = settings.filter((one) => !isKept(one)).map(({ name, value }) => [name, value])
  return { said: Object.fromEntries(said), kept: settings.filter(isKept).map(({ name }) => name) }
}

function lineBodyOf(line: LineDraft): Readonly<Record<string, unknown>> {
  const { name, authName, displayName, shortName, contact, password, dropsPassword } = line
  return {
    name,
    ...withoutEmpty({ authName, displayName, shortName, contact, password }),
    ...(dropsPassword && password === '' ? { password: null } : {}),
  }
}

function withoutEmpty(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''))
}

function emptyLine(key: number): LineDraft {
  return {
    key,
    name: '',
    authName: '',
    displayName: '',
    shortName: '',
    contact: '',
    password: '',
    passwordOf: null,
    dropsPassword: false,
  }
}

function nextKey(rows: readonly { readonly key: number }[]): number {
  return Math.max(-1, ...rows.map(({ key }) => key)) + 1
}

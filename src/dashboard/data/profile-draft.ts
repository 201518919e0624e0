import { entriesIn } from './entries-in.ts'
import { type SettingDraft, settingDrafts, settingsBodyOf } from './phone-draft.ts'
import type { Profile } from './types.ts'

/** A profile as it is being filled in. */
export type ProfileDraft = {
  readonly name: string
  readonly protocol: Profile['protocol']
  readonly load: string
  readonly settings: readonly SettingDraft[]
  /** Hosts, one a line, the preferred one first. */
  readonly callManagers: string
}

/** A profile of which nothing is said yet. */
export const EMPTY_PROFILE: ProfileDraft = {
  name: '',
  protocol: 'sip',
  load: '',
  settings: [],
  callManagers: '',
}

/** The draft of a profile that is stored, without its secrets. */
export function draftOfProfile(profile: Profile): ProfileDraft {
  return {
    name: profile.name,
    protocol: profile.protocol,
    load: profile.load,
    settings: settingDrafts(profile.sip, profile.secretSettings),
    callManagers: profile.sccp.callManagers.join('\n'),
  }
}

/** The body of `PUT /v1/profiles/{name}`: stored secrets stay by name. */
export function profileBodyOf(draft: ProfileDraft): Readonly<Record<string, unknown>> {
  const { protocol, load, settings } = draft
  const { said, kept } = settingsBodyOf(settings)
  return {
    protocol,
    load,
    sip: said,
    secretSettings: kept,
    sccp: { callManagers: entriesIn(draft.callManagers) },
  }
}

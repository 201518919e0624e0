import type { Static } from 'typebox'
import type { EntryProblem } from '../../inventory/inventory-outcome.ts'
import type { Profile } from '../../inventory/phone.ts'
import type { ProfileDraft } from '../../inventory/profile-rules.ts'
import { keepSecrets } from './keep-secrets.ts'
import type { ProfileBody } from './schemas/profile.ts'

/**
 * The profile that a PUT asks for. What the body leaves out is not there; secrets that it names as
 * stored are kept from `current`.
 */
export function draftOfProfile(
  name: string,
  body: Static<typeof ProfileBody>,
  current: Profile | undefined,
):
  | { readonly kind: 'draft'; readonly draft: ProfileDraft; readonly keepsSecrets: boolean }
  | { readonly kind: 'refused'; readonly problems: readonly EntryProblem[] } {
  const { kept, unknown } = keepSecrets(body.secretSettings, current?.sip ?? {})
  if (body.name !== undefined && body.name !== name) {
    const message = `differs from ${name} in the path; make them equal or omit it`
    unknown.push({ path: '/name', message })
  }
  if (unknown.length > 0) return { kind: 'refused', problems: unknown }
  const draft: ProfileDraft = {
    name,
    protocol: body.protocol,
    load: body.load,
    sip: { ...kept, ...body.sip },
    sccp: { callManagers: body.sccp?.callManagers ?? [] },
  }
  return { kind: 'draft', draft, keepsSecrets: Object.keys(kept).length > 0 }
}

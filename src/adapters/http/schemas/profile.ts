import Type, { type Static } from 'typebox'
import type { Profile } from '../../../inventory/phone.ts'
import { partSecrets } from '../secrets.ts'
import { Load, Name, OneOf, Parameters, Revision } from './values.ts'

const Protocol = OneOf(['sip', 'sccp'])

const SecretSettings = Type.Array(Type.String({ maxLength: 64 }), {
  maxItems: 64,
  description:
    'Names of SIP parameters whose values are never returned. In a request: keep the stored values',
})

const CallManagers = Type.Array(Type.String({ minLength: 1, maxLength: 255 }), {
  maxItems: 16,
  description: 'Hosts, the preferred one first',
})

/** Body of `PUT /v1/profiles/{name}`. */
export const ProfileBody = Type.Object(
  {
    name: Type.Optional(Name),
    revision: Type.Optional(Revision),
    protocol: Protocol,
    load: Load,
    sip: Type.Optional(Parameters),
    secretSettings: Type.Optional(SecretSettings),
    sccp: Type.Optional(
      Type.Object({ callManagers: Type.Optional(CallManagers) }, { additionalProperties: false }),
    ),
  },
  { title: 'ProfileBody', additionalProperties: false },
)

/** A profile as it comes out. */
export const ProfileView = Type.Object(
  {
    name: Type.String(),
    protocol: Protocol,
    load: Load,
    sip: Type.Record(Type.String(), Type.String()),
    secretSettings: SecretSettings,
    sccp: Type.Object({ callManagers: CallManagers }),
    revision: Revision,
  },
  { title: 'Profile' },
)

/** A profile as JSON, without secrets. */
export function viewProfile(profile: Profile): Static<typeof ProfileView> {
  const { shown, secretNames } = partSecrets(profile.sip)
  return {
    name: profile.name,
    protocol: profile.protocol,
    load: profile.load,
    sip: shown,
    secretSettings: [...secretNames],
    sccp: { callManagers: [...profile.sccp.callManagers] },
    revision: profile.revision,
  }
}

import Type, { type Static } from 'typebox'
import type { Registration } from '../../../call-control/registration.ts'
import type { Phone, PhoneLine } from '../../../inventory/phone.ts'
import { formatIpv4 } from '../../../net/ipv4.ts'
import { PHONE_MODELS } from '../../../phones/family/family.ts'
import { SEEN_BY, type SeenSoftware } from '../../../phones/seen-software.ts'
import { isoTime } from '../api.ts'
import { partSecrets } from '../secrets.ts'
import {
  Address,
  MacIn,
  MacOut,
  Name,
  Nullable,
  NullableOneOf,
  OneOf,
  Parameters,
  ParametersPatch,
  Revision,
  Time,
} from './values.ts'

const LineText = Type.Optional(Type.String({ maxLength: 256 }))

const HasPassword = Type.Boolean({
  description: 'Whether a password is stored. In a request, false removes it',
})

const SecretSettings = Type.Array(Type.String({ maxLength: 64 }), {
  maxItems: 64,
  description:
    'Names of settings whose values are never returned. In a request: keep the stored values',
})

const LineBody = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 256 }),
    authName: LineText,
    password: Type.Optional(
      Nullable(
        Type.String({
          maxLength: 256,
          writeOnly: true,
          description: 'Never returned. Omitted: the stored one stays; null: removes it',
        }),
      ),
    ),
    hasPassword: Type.Optional(HasPassword),
    displayName: LineText,
    shortName: LineText,
    contact: LineText,
  },
  { title: 'PhoneLineBody', additionalProperties: false },
)

const TRUST_ADDRESS =
  'If the hardware address cannot be known and there is no lease: the fixed address alone identifies ' +
  'the phone for OS79XX.TXT'

const SWITCH_PORT =
  'Where the phone gets its power: a switch of the configuration and the port of its PoE table, ' +
  'such as sw1/7, or sw1/2.7 with its group'

const bodyFields = {
  mac: Type.Optional(MacIn),
  revision: Type.Optional(Revision),
  model: Type.Optional(NullableOneOf(PHONE_MODELS)),
  label: Type.Optional(Nullable(Type.String({ maxLength: 256 }))),
  network: Type.Optional(Nullable(Name)),
  profile: Type.Optional(Nullable(Name)),
  address: Type.Optional(Nullable(Address)),
  trustAddress: Type.Optional(Nullable(Type.Boolean({ description: TRUST_ADDRESS }))),
  switchPort: Type.Optional(Nullable(Type.String({ maxLength: 256, description: SWITCH_PORT }))),
  secretSettings: Type.Optional(SecretSettings),
  registration: Type.Optional(
    Type.Unknown({ description: 'Ignored: read-only, what was seen of the phone' }),
  ),
  seen: Type.Optional(
    Type.Unknown({ description: 'Not read: it says what was seen of the phone' }),
  ),
}

/** Body of `PUT /v1/phones/{mac}`. */
export const PhoneBody = Type.Object(
  {
    ...bodyFields,
    lines: Type.Optional(Type.Array(LineBody, { maxItems: 32 })),
    settings: Type.Optional(Parameters),
  },
  { title: 'PhoneBody', additionalProperties: false },
)

/** What `PUT /v1/phones/{mac}` takes. */
export type PhoneBody = Static<typeof PhoneBody>

/** What a merge patch of a phone may have. */
export const patchFields = {
  ...bodyFields,
  lines: Type.Optional(
    Type.Unsafe<readonly Static<typeof LineBody>[] | null>({
      type: ['array', 'null'],
      items: LineBody,
      maxItems: 32,
      description: 'Replaces all lines',
    }),
  ),
  settings: Type.Optional(ParametersPatch),
}

/** Body of `PATCH /v1/phones/{mac}`: a merge patch (RFC 7396); null takes away. */
export const PhonePatchBody = Type.Object(patchFields, {
  title: 'PhonePatchBody',
  additionalProperties: false,
})

/** What `PATCH /v1/phones/{mac}` takes. */
export type PhonePatchBody = Static<typeof PhonePatchBody>

/** That a phone is registered with this appliance. */
const RegistrationView = Type.Object(
  {
    protocol: Type.Enum(['sip', 'sccp']),
    version: Nullable(
      Type.String({
        description: 'SIP: the generation of the User-Agent; SCCP: the version of the Alarm',
      }),
    ),
    load: Nullable(Type.String({ description: 'Always null for SIP' })),
    userAgent: Nullable(Type.String()),
    address: Address,
    registeredAt: Time,
    expiresAt: Time,
    lastReset: Nullable(Type.String({ description: 'As the Alarm gives it, such as Reset-Reset' })),
    lastResetCode: Nullable(Type.Integer({ description: 'The number before the Alarm text' })),
  },
  { title: 'Registration' },
)

/** What a phone was seen to run. */
const SeenView = Type.Object(
  {
    load: Nullable(Type.String({ description: 'As the phone named it; it is never guessed' })),
    protocol: NullableOneOf(['sccp', 'sip', 'mgcp']),
    at: Time,
    by: OneOf([...SEEN_BY], 'How it became known'),
  },
  { title: 'Seen' },
)

/** A phone as it comes out. */
export const PhoneView = Type.Object(
  {
    mac: MacOut,
    model: NullableOneOf(PHONE_MODELS),
    label: Nullable(Type.String()),
    network: Nullable(Type.String()),
    profile: Nullable(Type.String()),
    address: Nullable(Address),
    trustAddress: Type.Boolean({ description: TRUST_ADDRESS }),
    switchPort: Nullable(Type.String({ description: SWITCH_PORT })),
    lines: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          authName: Type.Optional(Type.String()),
          hasPassword: HasPassword,
          displayName: Type.Optional(Type.String()),
          shortName: Type.Optional(Type.String()),
          contact: Type.Optional(Type.String()),
        },
        { title: 'PhoneLine' },
      ),
    ),
    settings: Type.Record(Type.String(), Type.String()),
    secretSettings: SecretSettings,
    registration: Nullable(RegistrationView),
    seen: Nullable(SeenView),
    revision: Revision,
  },
  { title: 'Phone' },
)

/** A phone as JSON: no password, no secret setting. */
export function viewPhone(
  phone: Phone,
  registration: Registration | undefined,
  seen: SeenSoftware | undefined,
): Static<typeof PhoneView> {
  const { shown, secretNames } = partSecrets(phone.settings)
  return {
    mac: phone.mac,
    model: phone.model,
    label: phone.label,
    network: phone.network,
    profile: phone.profile,
    address: phone.address === null ? null : formatIpv4(phone.address),
    trustAddress: phone.trustAddress === true,
    switchPort: phone.switchPort ?? null,
    lines: phone.lines.map(viewLine),
    settings: shown,
    secretSettings: [...secretNames],
    registration: registration === undefined ? null : viewRegistration(registration),
    seen: seen === undefined ? null : viewSeen(seen),
    revision: phone.revision,
  }
}

/** What a phone was seen to run, as JSON. */
export function viewSeen({ load, protocol, atMs, by }: SeenSoftware): Static<typeof SeenView> {
  return { load, protocol, at: isoTime(atMs), by }
}

function viewRegistration({ mac: _mac, ...registration }: Registration) {
  const { address, registeredAtMs, expiresAtMs, ...others } = registration
  return {
    ...others,
    address: formatIpv4(address),
    registeredAt: isoTime(registeredAtMs),
    expiresAt: isoTime(expiresAtMs),
  }
}

function viewLine({ password, ...line }: PhoneLine) {
  return { ...line, hasPassword: password !== undefined }
}

import Type, { type Static } from 'typebox'
import { patchFields } from './phone.ts'
import { Load, MacIn, MacOut, Nullable, OneOf } from './values.ts'

/** Phones of one list; more than the largest site has. */
export const MOST_LISTED = 10_000

/** Bytes of a list: 10,000 phones with six lines each take some 10 MiB. */
export const LIST_LIMIT_BYTES = 16 * 1024 * 1024

const PhoneListEntry = Type.Object(
  {
    ...patchFields,
    mac: MacIn,
    to: Type.Optional(Nullable(Load)),
    from: Type.Optional(Nullable(Load)),
  },
  {
    title: 'PhoneListEntry',
    additionalProperties: false,
    description:
      'A merge patch (RFC 7396) of the phone with this MAC address, which is enrolled where it is not; to and from start a conversion',
  },
)

/** One phone of a JSON list. */
export type PhoneListEntry = Static<typeof PhoneListEntry>

/** Phones as JSON. */
export const PhoneListBody = Type.Array(PhoneListEntry, { maxItems: MOST_LISTED })

const ImportedConversion = Type.Object(
  {
    to: Load,
    outcome: OneOf(
      ['starts', 'started', 'unchanged', 'refused'],
      'starts: in a dry run; refused: it could not be started any more once the phones were stored',
    ),
    message: Type.Optional(Type.String({ description: 'Why it was refused' })),
  },
  { title: 'ImportedConversion' },
)

const ImportedPhone = Type.Object(
  {
    row: Type.Integer({ description: 'Row of the list, as in problems' }),
    mac: MacOut,
    outcome: OneOf(['created', 'changed', 'unchanged']),
    fields: Type.Array(Type.String(), {
      description: 'Names of the fields that differ: label, line1_password, settings.phone_label',
    }),
    conversion: Type.Optional(ImportedConversion),
  },
  { title: 'ImportedPhone' },
)

/** What an import has done, or a dry run would do. */
export const ImportReport = Type.Object(
  {
    dryRun: Type.Boolean(),
    created: Type.Integer(),
    changed: Type.Integer(),
    unchanged: Type.Integer(),
    conversions: Type.Integer({ description: 'Conversions that start' }),
    phones: Type.Array(ImportedPhone, { description: 'In the order of the list' }),
  },
  { title: 'ImportReport' },
)

/** What an import has done, or would do. */
export type ImportReport = Static<typeof ImportReport>

/** One phone of a report. */
export type ImportedPhone = Static<typeof ImportedPhone>

/** Query of an import. */
export const ImportQuery = Type.Object(
  {
    dryRun: Type.Optional(
      OneOf(['true', 'false'], 'true: report what would change, store nothing'),
    ),
    acceptOneWay: Type.Optional(
      OneOf(['true', 'false'], 'true: conversions may have steps that cannot be undone'),
    ),
  },
  { additionalProperties: false },
)

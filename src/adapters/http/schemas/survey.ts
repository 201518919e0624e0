import Type, { type Static } from 'typebox'
import { formatIpv4 } from '../../../net/ipv4.ts'
import { csvRows } from '../../../phones/csv-field.ts'
import { SEEN_BY } from '../../../phones/seen-software.ts'
import type { Survey, SurveyRow } from '../../../services/services.ts'
import { Address, MacOut, Name, Nullable, NullableOneOf, OneOf } from './values.ts'

/** More than a survey takes: the refusal is to say how many were named, and how many may be. */
const MOST_NAMED = 16_384

/** Body of `POST /v1/surveys`. */
export const SurveyBody = Type.Object(
  {
    network: Type.Optional(Nullable(Name)),
    addresses: Type.Optional(
      Type.Unsafe<readonly string[] | null>({
        type: ['array', 'null'],
        items: { type: 'string', maxLength: 15 },
        maxItems: MOST_NAMED,
        description:
          'At most 4,096 addresses in configured networks; left out: those of all leases',
      }),
    ),
  },
  { title: 'SurveyBody', additionalProperties: false },
)

const SurveyedPhone = Type.Object(
  {
    mac: Nullable(MacOut),
    address: Address,
    model: Nullable(Type.String({ description: 'As it calls itself' })),
    protocol: NullableOneOf(['sccp', 'sip', 'mgcp']),
    load: Nullable(Type.String({ description: 'As the phone named it; it is never guessed' })),
    serial: Nullable(Type.String({ description: 'As its web page has it' })),
    by: NullableOneOf([...SEEN_BY], 'How it is known; null where nothing is'),
    enrolled: Type.Boolean(),
  },
  { title: 'SurveyedPhone' },
)

/** A survey as it comes out. */
export const SurveyView = Type.Object(
  {
    id: Type.String(),
    state: OneOf(['running', 'done', 'failed']),
    total: Type.Integer({ description: 'Addresses' }),
    done: Type.Integer({ description: 'Addresses that were asked, or must not be asked' }),
    phones: Type.Array(SurveyedPhone, {
      description: 'One for each address; what it did not tell is null',
    }),
  },
  { title: 'Survey' },
)

/** A survey as JSON. */
export function viewSurvey({ id, state, total, done, phones }: Survey): Static<typeof SurveyView> {
  return { id, state, total, done, phones: phones.map(viewRow) }
}

function viewRow(row: SurveyRow): Static<typeof SurveyedPhone> {
  return { ...row, address: formatIpv4(row.address) }
}

const COLUMNS = ['mac', 'address', 'model', 'protocol', 'load', 'serial', 'by', 'enrolled'] as const

/** The phones of a survey as CSV, with a heading; what is null is empty. */
export function surveyCsv({ phones }: Survey): string {
  const rows = phones.map(viewRow).map((row) => COLUMNS.map((column) => `${row[column] ?? ''}`))
  return csvRows([COLUMNS, ...rows])
}

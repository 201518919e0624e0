import Type, { type Static } from 'typebox'
import { PHONE_ORDERS } from '../../../services/phone-list/phone-order.ts'
import { LISTED_STATES } from '../../../services/phone-list/phone-row.ts'
import { ConversionView } from './conversion.ts'
import { PhoneView } from './phone.ts'
import { MOST_LISTED } from './phone-import.ts'
import { Load, MacIn, Name, OneOf } from './values.ts'

const ANY_STATE = LISTED_STATES.join('|')

const filterFields = {
  network: Type.Optional(Name),
  profile: Type.Optional(Name),
  state: Type.Optional(
    Type.String({
      pattern: `^(?:${ANY_STATE})(?:,(?:${ANY_STATE}))*$`,
      maxLength: 100,
      description: `State of the conversion: ${LISTED_STATES.join(', ')}, or several with commas`,
    }),
  ),
  load: Type.Optional(Load),
  registered: Type.Optional(
    OneOf(['true', 'false'], 'Whether it is registered with this appliance'),
  ),
  q: Type.Optional(
    Type.String({
      maxLength: 256,
      description:
        'Words that all fit: the beginning of a word of the label, a line, the model, network, profile, ' +
        'address, state or load; whole numbers; a MAC address, or four digits and more at one of its ends',
    }),
  ),
}

const orderFields = {
  sort: Type.Optional(
    OneOf(
      [...PHONE_ORDERS, ...PHONE_ORDERS.map((order) => `-${order}` as const)],
      'Default: mac. With - in front: descending. What a phone does not have comes last',
    ),
  ),
}

/** Query of a list of phones. */
export const PhoneListQuery = Type.Object(
  {
    ...filterFields,
    ...orderFields,
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MOST_LISTED, description: 'Left out: all phones' }),
    ),
    after: Type.Optional(MacIn),
    offset: Type.Optional(
      Type.Integer({ minimum: 0, description: 'So many phones are passed over' }),
    ),
    with: Type.Optional(OneOf(['conversion'], 'Each phone with its conversion')),
  },
  { additionalProperties: false },
)

/** Query of an export. */
export const PhoneExportQuery = Type.Object(
  { ...filterFields, ...orderFields },
  { additionalProperties: false },
)

/** Query of a count. */
export const PhoneCountQuery = Type.Object(filterFields, { additionalProperties: false })

/** What a list of phones is asked for. */
export type PhoneListQuery = Static<typeof PhoneListQuery>

/** Phones of a list; the conversion only where it was asked for and there is one. */
export const ListedPhone = Type.Object(
  {
    ...PhoneView.properties,
    conversion: Type.Optional(ConversionView),
  },
  { title: 'ListedPhone' },
)

/** How many phones stand where. */
export const PhoneCounts = Type.Object(
  {
    enrolled: Type.Integer({ description: 'All phones, whatever the filter is' }),
    total: Type.Integer({ description: 'Phones that fit the filter' }),
    ...(Object.fromEntries(LISTED_STATES.map((state) => [state, Type.Integer()])) as Record<
      (typeof LISTED_STATES)[number],
      ReturnType<typeof Type.Integer>
    >),
  },
  { title: 'PhoneCounts' },
)

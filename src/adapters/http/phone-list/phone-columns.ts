import { lineCountOf } from '../../../inventory/phone-rules.ts'

/** The most lines that a phone of the family has. */
export const MOST_LINES = lineCountOf(null)

/** What the columns of a line are about, as in `line1_name`. */
export const LINE_COLUMNS = ['name', 'authName', 'password', 'displayName'] as const

/** Columns that say what the phone is. */
export const PHONE_COLUMNS = [
  'mac',
  'model',
  'network',
  'profile',
  'label',
  'address',
  'switchPort',
] as const

/** Columns that an export has and an import passes over: what came of the phone's conversion. */
const SEEN_COLUMNS = ['state', 'evidence'] as const

/** The name of a column of a line, counted from 0. */
export function lineColumn(place: number, field: (typeof LINE_COLUMNS)[number]): string {
  return `line${place + 1}_${field}`
}

const PLACES = Array.from({ length: MOST_LINES }, (_, place) => place)

/** All columns of an export, in its order. */
export const EXPORT_COLUMNS: readonly string[] = [
  ...PHONE_COLUMNS,
  ...PLACES.flatMap((place) => LINE_COLUMNS.map((field) => lineColumn(place, field))),
  'to',
  'from',
  ...SEEN_COLUMNS,
]

/** The column that a problem of an entry is about, by its JSON pointer; undefined where there is none. */
export function columnOf(path: string): string | undefined {
  const [, first = '', place, field] = path.split('/')
  const column = first === 'lines' ? `line${Number(place) + 1}_${field}` : first
  return EXPORT_COLUMNS.includes(column) ? column : undefined
}

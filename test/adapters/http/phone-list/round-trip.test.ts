import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import t from 'tap'
import { phonesCsv } from '../../../../src/adapters/http/phone-list/phones-csv.ts'
import { readCsvList } from '../../../../src/adapters/http/phone-list/read-csv-list.ts'
import { readJsonList } from '../../../../src/adapters/http/phone-list/read-json-list.ts'
import { viewPhone } from '../../../../src/adapters/http/schemas/phone.ts'
import type { PhoneListEntry } from '../../../../src/adapters/http/schemas/phone-import.ts'
import type { PhoneDraft } from '../../../../src/inventory/phone-draft.ts'
import { parseIpv4 } from '../../../../src/net/ipv4.ts'
import { anInventory, macOf } from '../../../support/an-inventory.ts'

/** Texts as a phone may have them, those that trouble a table program above all. */
const text = fc.oneof(
  fc.constantFrom('-', "'-", '=1+1', "'=1", '@x', ';-1', ',', 'a,b', 'desk 12', '01201', ' x '),
  fc.string({
    unit: fc.constantFrom('=', "'", '-', ' ', ';', ',', '|', '+', 'ä', '1', 'E'),
    maxLength: 12,
  }),
)
const quotedText = fc.oneof(text, fc.constantFrom('7" wide', '"', '""'))
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })

const line = fc.record(
  {
    name: text.filter((one) => one !== ''),
    authName: text,
    displayName: text,
    password: text,
    shortName: text,
  },
  { requiredKeys: ['name'] },
)

const phones = fc.uniqueArray(
  fc.record({
    number: fc.integer({ min: 2, max: 250 }),
    model: fc.constantFrom('7960', null),
    label: maybe(quotedText),
    hasAddress: fc.boolean(),
    network: fc.constantFrom('bench', null),
    hasPort: fc.boolean(),
    lines: fc.array(line, { maxLength: 6 }),
    settings: fc.constantFrom({}, { phone_label: 'Lab', phone_password: 'hush' }),
  }),
  { selector: ({ number }) => number, maxLength: 6 },
)

type Made = (typeof phones extends fc.Arbitrary<infer List> ? List : never) extends (infer One)[]
  ? One
  : never

function draftOf({ number, hasAddress, hasPort, label, lines, ...phone }: Made): PhoneDraft {
  return {
    ...phone,
    mac: macOf(`0200000A${number.toString(16).padStart(4, '0')}`),
    label: label ?? null,
    address: hasAddress ? (parseIpv4(`10.20.0.${number}`) ?? null) : null,
    switchPort: hasPort ? (`sw1/${number}` as NonNullable<PhoneDraft['switchPort']>) : null,
    lines: lines as NonNullable<PhoneDraft['lines']>,
  } as PhoneDraft
}

/** As a spreadsheet of another country saves the same cells. */
function savedAgain(csv: string): string {
  const rows: string[][] = parse(csv, { relax_column_count: true })
  const quoted = (cell: string) =>
    /[";\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
  return `\ufeff${rows.map((row) => `${row.map(quoted).join(';')}\r\n`).join('')}`
}

t.test('an export that is imported again changes nothing, whatever its texts are', async (t) => {
  await fc.assert(
    fc.asyncProperty(phones, async (made) => {
      const { inventory, store } = await anInventory()
      for (const one of made) {
        const outcome = await inventory.putPhone(draftOf(one))
        fc.pre(outcome.kind !== 'refused')
      }
      const csv = phonesCsv(inventory.phones().map((phone) => ({ phone, conversion: undefined })))
      const json = JSON.parse(
        JSON.stringify(inventory.phones().map((phone) => viewPhone(phone, undefined, undefined))),
      ) as PhoneListEntry[]
      const octets = (text: string) => new TextEncoder().encode(text)
      const options = { acceptOneWay: false, mostRows: 100 }
      const stored = store.committed.length
      for (const list of [
        readCsvList(octets(csv), options),
        readCsvList(octets(savedAgain(csv)), options),
        readJsonList(json, false),
      ]) {
        t.same(list.problems, [])
        t.equal(list.rows.length, made.length)
        const outcome = await inventory.importPhones(
          list.rows.map(({ change }) => change),
          false,
        )
        t.match(outcome, { kind: 'imported' })
        const changed = outcome.kind === 'imported' ? outcome.changes : []
        t.same(
          changed.filter((one) => one.outcome !== 'unchanged'),
          [],
        )
      }
      t.equal(store.committed.length, stored, 'nothing is written')
    }),
    { numRuns: 60 },
  )
})

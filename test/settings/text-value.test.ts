import t from 'tap'
import { Check, Decode, Encode } from 'typebox/value'
import {
  addressRangeText,
  durationText,
  ipv4Text,
  listenText,
  macText,
  portRangeText,
  sizeText,
  subnetText,
  switchPortText,
} from '../../src/settings/text-value.ts'

t.test('a value that is written as text becomes a domain value, and text again', async (t) => {
  const cases = [
    { schema: ipv4Text(), text: '10.20.0.2', value: 0x0a140002 },
    { schema: subnetText(), text: '10.20.0.0/24', value: { base: 0x0a140000, prefixLength: 24 } },
    { schema: macText(), text: '000E84C060A6', value: '000E84C060A6' },
    {
      schema: addressRangeText(),
      text: '10.20.0.50-10.20.0.99',
      value: { first: 0x0a140032, last: 0x0a140063 },
    },
    { schema: durationText(), text: '5m', value: { seconds: 300 } },
    { schema: listenText(), text: '[::1]:8067', value: { host: '::1', port: 8067 } },
    { schema: sizeText(), text: '64MiB', value: 67_108_864 },
    { schema: switchPortText(), text: 'sw1/2.7', value: 'sw1/2.7' },
    { schema: portRangeText(), text: '40000-40999', value: { first: 40000, last: 40999 } },
  ]
  for (const { schema, text, value } of cases) {
    t.same(Decode(schema, text), value, text)
    t.equal(Encode(schema, value), text)
    for (const wrong of ['', 'x', 7, null, [text]]) t.equal(Check(schema, wrong), false)
  }
})

t.test('only a lease may be infinite', async (t) => {
  t.equal(Check(durationText(), 'infinite'), false)
  t.equal(Check(durationText({ infinite: true }), 'infinite'), true)
  t.match(durationText({ infinite: true }), { wanted: /, or infinite$/ })
})

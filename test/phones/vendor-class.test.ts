import t from 'tap'
import { readVendorClass } from '../../src/phones/vendor-class.ts'

t.test('RFC 2132 section 9.13: option 60 tells generation and model', async (t) => {
  const ual = (model: string) => ({ kind: 'family', model, generation: 'ual' })
  const bare = { kind: 'family', model: null, generation: 'pre-ual' }
  const cases = [
    { why: 'loads before the loader', text: 'Cisco Systems, Inc. IP Phone\0', said: bare },
    { why: 'the same without NUL', text: 'Cisco Systems, Inc. IP Phone', said: bare },
    { why: 'a blank before the NUL', text: 'Cisco Systems, Inc. IP Phone \0', said: bare },
    { why: '8.x', text: 'Cisco Systems, Inc. IP Phone CP-7940G\0', said: ual('7940') },
    { why: '8.x', text: 'Cisco Systems, Inc. IP Phone CP-7960G\0', said: ual('7960') },
    { why: 'without G', text: 'Cisco Systems, Inc. IP Phone CP-7960', said: ual('7960') },
    {
      why: 'taken for a 7940 by many',
      text: 'Cisco Systems, Inc. IP Phone CP-7941G\0',
      said: { kind: 'other-phone', model: '7941G' },
    },
    {
      why: 'gigabit',
      text: 'Cisco Systems, Inc. IP Phone CP-7941G-GE',
      said: { kind: 'other-phone', model: '7941G-GE' },
    },
  ]
  for (const { why, text, said } of cases) t.same(readVendorClass(text), said, why)
})

t.test('other vendors are no phones', async (t) => {
  const others = [
    '',
    '\0\0',
    'udhcp 1.36.1',
    'MSFT 5.0',
    'Cisco Systems, Inc. IP Phones',
    'Cisco Systems, Inc. IP Phone <script>',
    'cisco systems, inc. ip phone',
    `Cisco Systems, Inc. IP Phone ${'7'.repeat(40)}`,
  ]
  for (const text of others) t.same(readVendorClass(text), { kind: 'not-a-phone' }, text)
})

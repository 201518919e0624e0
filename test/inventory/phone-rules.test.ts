import t from 'tap'
import { type PhoneDraft, phoneFromDraft } from '../../src/inventory/phone-draft.ts'
import { findPhoneProblems, lineCountOf } from '../../src/inventory/phone-rules.ts'
import { parseSwitchPort, type SwitchPort } from '../../src/net/switch-port.ts'
import { ipOf, macOf, NETWORKS, SWITCHES } from '../support/an-inventory.ts'

const MAC = macOf('000E84C060A6')
const holder = phoneFromDraft({ mac: macOf('0015FA000001') }, undefined)
const around = {
  networks: NETWORKS,
  switches: SWITCHES,
  hasProfile: (name: string) => name === 'to-sip',
  phoneAt: (address: number) => (address === ipOf('10.20.0.99') ? holder : undefined),
  phoneOnPort: (port: string) => (['sw1/9', 'sw1/1.8'].includes(port) ? holder : undefined),
}
const problemsOf = (draft: Omit<PhoneDraft, 'mac'>) =>
  findPhoneProblems(phoneFromDraft({ mac: MAC, ...draft }, undefined), around)
const lines = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `${index}` }))

t.test('a phone that fits its surroundings has no problems', async (t) => {
  const good: Omit<PhoneDraft, 'mac'>[] = [
    {},
    { model: '7940', lines: lines(2) },
    { model: '7960', lines: lines(6) },
    { model: null, lines: lines(6) },
    { network: 'bench', profile: 'to-sip', address: ipOf('10.20.0.61'), label: 'Schreibtisch ü' },
    { network: null, address: ipOf('10.30.0.61') },
    { settings: { phone_label: 'Lab', preferred_codec: 'g711alaw' } },
  ]
  for (const draft of good) t.same(problemsOf(draft), [], JSON.stringify(draft))
})

t.test('each thing that does not fit is named by its place', async (t) => {
  const cases = [
    { draft: { model: '7940', lines: lines(3) }, path: '/lines', message: /3 lines.* has 2/ },
    { draft: { model: '7960', lines: lines(7) }, path: '/lines', message: /7 lines.* has 6/ },
    { draft: { model: null, lines: lines(7) }, path: '/lines', message: /7 lines.* has 6/ },
    { draft: { lines: [{ name: '' }] }, path: '/lines/0/name', message: /empty/ },
    {
      draft: { lines: [{ name: '1' }, { name: '2', password: 'a"\nproxy1_address: "evil' }] },
      path: '/lines/1/password',
      message: /quote/,
    },
    { draft: { settings: { no_such: '1' } }, path: '/settings/no_such', message: /no parameter/ },
    { draft: { settings: { 'a/b~': '1' } }, path: '/settings/a~1b~0', message: /no parameter/ },
    {
      draft: { model: '7940', settings: { line3_name: '1' } },
      path: '/settings/line3_name',
      message: /line 3/,
    },
    { draft: { label: 'x'.repeat(65) }, path: '/label', message: /at most 64/ },
    { draft: { label: 'a\u001b[31m' }, path: '/label', message: /control/ },
    { draft: { label: 'Ģirts' }, path: '/label', message: /^U\+0122 "Ģ" cannot be shown/ },
    {
      draft: { network: 'attic' },
      path: '/network',
      message: /no network attic; the networks are: bench, lab/,
    },
    { draft: { profile: 'none' }, path: '/profile', message: /no profile none/ },
    {
      draft: { network: 'lab', address: ipOf('10.20.0.61') },
      path: '/address',
      message: /10\.30\.0\.0\/24 \(lab\)$/,
    },
    {
      draft: { address: ipOf('192.0.2.1') },
      path: '/address',
      message: /10\.20\.0\.0\/24 \(bench\), 10\.30/,
    },
    {
      draft: { address: ipOf('10.20.0.255') },
      path: '/address',
      message: /is the broadcast address of 10\.20\.0\.0\/24 \(bench\), not a host address$/,
    },
    {
      draft: { network: 'lab', address: ipOf('10.30.0.0') },
      path: '/address',
      message: /is the network address of 10\.30\.0\.0\/24 \(lab\), not a host address$/,
    },
    { draft: { address: ipOf('10.20.0.1') }, path: '/address', message: /is the router/ },
    { draft: { address: ipOf('10.20.0.99') }, path: '/address', message: /phone 0015FA000001/ },
  ] satisfies { draft: Omit<PhoneDraft, 'mac'>; path: string; message: RegExp }[]
  for (const { draft, path, message } of cases) {
    t.match(problemsOf(draft), [{ path, message }], `${path} ${message}`)
    t.equal(problemsOf(draft).length, 1)
  }
})

t.test(
  'all problems are told at once, an unknown network without one of its address',
  async (t) => {
    const draft = { network: 'attic', profile: 'none', address: ipOf('192.0.2.1'), label: '\n' }
    t.same(
      problemsOf(draft).map(({ path }) => path),
      ['/label', '/network', '/profile'],
    )
  },
)

t.test('without any network there is no place for an address', async (t) => {
  const phone = phoneFromDraft({ mac: MAC, address: ipOf('10.20.0.61'), network: null }, undefined)
  const none = { ...around, networks: [] }
  t.match(findPhoneProblems(phone, none), [{ path: '/address', message: /of any network/ }])
  const named = phoneFromDraft({ mac: MAC, network: 'bench' }, undefined)
  t.match(findPhoneProblems(named, none), [
    { path: '/network', message: /no network .*, nor any other/ },
  ])
})

t.test('a switch port is one of a configured switch, and of one phone', async (t) => {
  const port = (text: string) => parseSwitchPort(text) as SwitchPort
  const cases = [
    { text: 'sw1/7', message: undefined },
    { text: 'sw1/2.9', message: undefined },
    { text: 'sw2/7', message: 'there is no switch sw2; there is sw1' },
    { text: 'sw1/9', message: 'sw1/9 is the port of phone 0015FA000001' },
    { text: 'sw1/1.9', message: 'sw1/1.9 is the port of phone 0015FA000001' },
    { text: 'sw1/8', message: 'sw1/8 is the port of phone 0015FA000001' },
  ]
  for (const { text, message } of cases) {
    const expected = message === undefined ? [] : [{ path: '/switchPort', message }]
    t.same(problemsOf({ switchPort: port(text) }), expected, text)
  }
  const own = phoneFromDraft({ mac: holder.mac, switchPort: port('sw1/9') }, holder)
  t.same(findPhoneProblems(own, around), [], 'a phone may keep its own')
  t.match(findPhoneProblems(own, { ...around, switches: [] }), [{ message: /there is none$/ }])
})

t.test('what no device can have is no MAC address of a phone', async (t) => {
  for (const text of ['01:00:5e:00:00:01', '00:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff']) {
    const phone = phoneFromDraft({ mac: macOf(text) }, undefined)
    t.match(findPhoneProblems(phone, around), [{ path: '/mac', message: /which no device has$/ }])
  }
})

t.test('a phone may keep its own address', async (t) => {
  const own = phoneFromDraft({ mac: holder.mac, address: ipOf('10.20.0.99') }, holder)
  t.same(findPhoneProblems(own, around), [])
})

t.test('line keys by model', async (t) => {
  t.equal(lineCountOf('7940'), 2)
  t.equal(lineCountOf('7960'), 6)
  t.equal(lineCountOf(null), 6)
})

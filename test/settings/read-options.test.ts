import t from 'tap'
import { hexOf } from '../../src/net/mac.ts'
import { readOptions } from '../../src/settings/read-options.ts'

const KEYS = new Map([[3, 'router']])

t.test('reads options by name and by number, each code once', async (t) => {
  const written = { ntpServers: ['10.20.0.1'], 43: { hex: '0104c0000201' }, 224: { hex: 'ff' } }
  const { options, findings } = readOptions(written, 'options', KEYS)
  t.same(findings, [])
  // Numbers come first: JavaScript orders keys that are numbers before the others.
  t.same(
    options.map(([code, bytes]) => [code, hexOf(bytes)]),
    [
      [43, '0104C0000201'],
      [224, 'FF'],
      [42, '0A140001'],
    ],
  )
})

t.test('reports what is no option, no value of it, or set elsewhere', async (t) => {
  const cases = [
    {
      written: { ntpServrs: ['10.20.0.1'] },
      message: 'unknown option, did you mean ntpServer?',
      path: 'options.ntpServrs',
    },
    {
      written: { coffee: true },
      message: 'unknown option, wanted a name of the catalogue such as ntpServers, or a number',
      path: 'options.coffee',
    },
    {
      written: { 255: { hex: '00' } },
      message: 'found option 255, wanted a number from 1 to 254',
      path: 'options.255',
    },
    {
      written: { 1000: { hex: '00' } },
      message: 'found option 1000, wanted a number from 1 to 254',
      path: 'options.1000',
    },
    {
      written: { ntpServers: 'clock.example' },
      message:
        'found "clock.example", wanted a list of IPv4 addresses, 1024 octets at most (option 42, Network Time Protocol Servers)',
      path: 'options.ntpServers',
    },
    {
      written: { hostname: 'Ģ' },
      message: 'U+0122 "Ģ" cannot be shown by the phone; wanted ISO 8859-1 (option 12, Host Name)',
      path: 'options.hostname',
    },
    {
      written: { hostname: 'Büro' },
      message: 'U+00FC "ü" is not ASCII; wanted ASCII (option 12, Host Name)',
      path: 'options.hostname',
    },
    {
      written: { leaseTime: 300 },
      message: 'option 51 cannot be set here: use leaseTime',
      path: 'options.leaseTime',
    },
    {
      written: { 3: ['10.20.0.1'] },
      message: 'option 3 has its own key: use router',
      path: 'options.3',
    },
    {
      written: { 42: ['10.20.0.1'], ntpServers: ['10.20.0.1'] },
      message: 'option 42 repeated under another name',
      path: 'options.ntpServers',
    },
  ]
  for (const { written, path, message } of cases) {
    const { findings } = readOptions(written, 'options', KEYS)
    t.same(findings, [{ kind: 'problem', path, message }], path)
  }
})

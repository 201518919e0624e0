import t from 'tap'
import type { Mac } from '../../../../src/net/mac.ts'
import { readDnsmasqLine } from '../../../../src/tools/explain/server-log/dnsmasq.ts'
import { readIscLine } from '../../../../src/tools/explain/server-log/isc-dhcpd.ts'
import {
  type DeviceEvent,
  Transactions,
} from '../../../../src/tools/explain/server-log/transactions.ts'

const mac = '000E84C060A6' as Mac
const PHONE = 'Cisco Systems, Inc. IP Phone'
const classOf = (vendorClass: string): DeviceEvent => ({ kind: 'class', vendorClass })
const boot: DeviceEvent = { kind: 'boot', mac, vendorClass: null }
const offered: DeviceEvent = { kind: 'dhcp', mac, outcome: 'offered', reason: '' }
const refused: DeviceEvent = { kind: 'dhcp', mac, outcome: 'refused', reason: 'x' }
const reply = (owner: Mac | null): DeviceEvent => ({ kind: 'reply', mac: owner, naming: {} })

t.test('what the lines of one exchange tell of its device', async (t) => {
  const started = { ...boot, vendorClass: PHONE }
  const cases: readonly {
    why: string
    id: string | null
    lines: readonly DeviceEvent[]
    wanted: readonly DeviceEvent[]
  }[] = [
    { why: 'class, then start', id: '7', lines: [classOf(PHONE), boot], wanted: [started] },
    { why: 'told once', id: '7', lines: [classOf(PHONE), boot, boot], wanted: [started, boot] },
    { why: 'a class of its own', id: '7', lines: [classOf('x'), started], wanted: [started] },
    { why: 'refused', id: '7', lines: [classOf(PHONE), refused], wanted: [started, refused] },
    { why: 'a renewal', id: '7', lines: [classOf(PHONE), offered], wanted: [offered] },
    {
      why: 'options behind',
      id: '7',
      lines: [offered, reply(null)],
      wanted: [offered, reply(mac)],
    },
    { why: 'options of nobody', id: '7', lines: [reply(null)], wanted: [] },
    { why: 'without a number', id: null, lines: [classOf(PHONE), boot], wanted: [boot] },
    {
      why: 'options without a number',
      id: null,
      lines: [reply(null), reply(mac)],
      wanted: [reply(mac)],
    },
  ]
  for (const { why, id, lines, wanted } of cases) {
    const transactions = new Transactions()
    const events = lines.flatMap((line) => transactions.complete(line, id))
    t.same(events, wanted, why)
  }
})

t.test('exchanges are told apart, and forgotten before they fill a table', async (t) => {
  const transactions = new Transactions()
  transactions.complete(offered, '0')
  t.same(transactions.complete(reply(null), '1'), [])
  t.same(transactions.complete(reply(null), '0'), [reply(mac)])
  for (let id = 1; id <= 4_096; id++) transactions.complete(boot, String(id))
  t.same(transactions.complete(reply(null), '0'), [])
})

t.test('single lines of options and choices', async (t) => {
  const sent = (text: string) => readDnsmasqLine(`7 sent size: ${text}`)
  const naming = (said: object) => [{ kind: 'reply', mac: null, naming: said }]
  t.same(sent(' 4 option:  6 dns-server  192.0.2.1'), naming({ namesDns: true }))
  t.same(sent(' 0 option:150 tftp-server-address  '), naming({ option150: 0 }))
  t.same(
    sent(' 8 option:150 tftp-server-address  192.0.2.1, 192.0.2.2'),
    naming({ option150: ['192.0.2.1', '192.0.2.2'] }),
  )
  t.same(readDnsmasqLine('7 server name: tftp.example'), naming({ serverName: 'tftp.example' }))
  t.same(readDnsmasqLine('7 bootfile name: OS79XX.TXT'), naming({ bootFile: 'OS79XX.TXT' }))
  t.same(sent(' 4 option: 51 lease-time  5m'), [], 'of no concern')
  t.equal(readDnsmasqLine('next server: 192.0.2.1'), null, 'without the number of an exchange')
  const request = (hardware: string) =>
    readIscLine(`DHCPREQUEST for 192.0.2.60 (192.0.2.9) from ${hardware} via eth0`)
  t.same(request('00:0e:84:c0:60:a6'), [{ kind: 'reply', mac, naming: { chosen: '192.0.2.9' } }])
  t.same(request('00:0e:84:c0:60:'), [], 'of nobody')
})

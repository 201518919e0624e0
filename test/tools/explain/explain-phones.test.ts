import t from 'tap'
import { type ExplainedPhone, explainPhones } from '../../../src/tools/explain/explain-phones.ts'
import { readServerLog } from '../../../src/tools/explain/server-log/read-server-log.ts'

const phones = (log: string) => explainPhones(readServerLog(log, 2020).events)
const tftp = (second: number, client: string, name: string) =>
  `Nov 24 18:00:${String(second).padStart(2, '0')} h in.tftpd[1]: RRQ from ${client} filename ${name}\n`

t.test('a phone is known by the names that it asks for, from its first request on', async (t) => {
  const log =
    tftp(0, '192.0.2.61', 'OS79XX.TXT') +
    tftp(1, '192.0.2.61', 'SIPDefault.cnf') +
    tftp(2, '192.0.2.61', 'SIP000E84C060A6.cnf')
  t.match(phones(log), [
    {
      mac: '000E84C060A6',
      address: '192.0.2.61',
      model: null,
      generation: 'pre-ual-sip',
      verdict: 'healthy',
      timeline: [{ text: 'asks for OS79XX.TXT' }, {}, {}],
    },
  ])
})

t.test('an address that two phones held one after the other is told apart', async (t) => {
  const log =
    tftp(0, '192.0.2.61', 'CTLSEP000E84C060A6.tlv') +
    tftp(1, '192.0.2.61', 'XMLDefault.cnf.xml') +
    tftp(30, '192.0.2.61', 'CTLSEP000E84C060A7.tlv') +
    tftp(31, '192.0.2.61', 'SIPDefault.cnf')
  const found = phones(log).map(({ mac, timeline }) => [mac, timeline.length])
  t.same(found, [
    ['000E84C060A6', 2],
    ['000E84C060A7', 2],
  ])
})

t.test('without any name of its own a phone is known by its address alone', async (t) => {
  t.match(phones(tftp(0, '192.0.2.61', 'OS79XX.TXT')), [{ mac: null, address: '192.0.2.61' }])
})

t.test('who is no phone is left out, another model is told to be one', async (t) => {
  t.same(phones(tftp(0, '192.0.2.9', 'pxelinux.0')), [])
  t.match(phones(tftp(0, '192.0.2.9', 'term41.default.loads')), [
    { model: '7941', verdict: 'other-device', diagnosis: { code: 'other-model' } },
  ])
  const boot = { event: 'dhcp.offer.sent', time: 1, mac: '000E84C060A6', isBoot: true }
  const vendorClass = 'Cisco Systems, Inc. IP Phone CP-7961G'
  t.match(phones(JSON.stringify({ ...boot, vendorClass })), [{ verdict: 'other-device' }])
})

t.test('an address and no file: a phone by its host name, whatever DHCP server', async (t) => {
  const log =
    'Nov 24 18:00:00 h dnsmasq-dhcp[1]: DHCPDISCOVER(eth0) 00:0e:84:c0:60:a6\n' +
    'Nov 24 18:00:00 h dnsmasq-dhcp[1]: DHCPACK(eth0) 192.0.2.61 00:0e:84:c0:60:a6 SEP000E84C060A6\n'
  t.match(phones(log), [{ verdict: 'stalled', diagnosis: { code: 'dhcp-without-tftp' } }])
})

t.test('a story without end is told up to its bound, and the rest counted', async (t) => {
  const [phone] = phones(tftp(0, '192.0.2.61', 'OS79XX.TXT').repeat(2_500))
  t.equal(phone?.timeline.length, 2_001)
  t.equal(phone?.timeline.at(-1)?.text, 'and 500 things more')
})

t.test('a phone that does not name itself is known by its vendor class in the log', async (t) => {
  const line = (text: string) => `Nov 24 18:00:00 h dnsmasq-dhcp[1]: 2227200166 ${text}\n`
  const vendorClass = line('vendor class: Cisco Systems, Inc. IP Phone CP-7960G')
  const refused =
    vendorClass + line('DHCPDISCOVER(eth0) 10.99.0.9 00:0e:84:c0:60:a6 no address available')
  const stalled = { mac: '000E84C060A6', model: '7960', diagnosis: { code: 'no-address' } }
  t.match(phones(refused.repeat(3)), [stalled])
  const nak = vendorClass + line('DHCPNAK(eth0) 10.99.0.9 00:0e:84:c0:60:a6 wrong network')
  t.match(phones(nak), [{ mac: '000E84C060A6', model: '7960', generation: 'ual' }])
  t.same(phones(refused.replace(/Cisco.*/, 'MSFT 5.0')), [], 'no phone')
})

t.test('what dnsmasq has sent is compared with what it should be', async (t) => {
  const line = (text: string) => `Nov 24 18:00:00 h dnsmasq-dhcp[1]: 7 ${text}\n`
  const log =
    line('vendor class: Cisco Systems, Inc. IP Phone') +
    line('DHCPDISCOVER(eth0) 00:0e:84:c0:60:a6 ') +
    line('DHCPACK(eth0) 192.0.2.61 00:0e:84:c0:60:a6') +
    line('sent size:  1 option: 53 message-type  5') +
    line('sent size:  4 option: 54 server-identifier  192.0.2.2') +
    line('sent size:  6 option:150 tftp-server-address  192.0.2.2')
  t.match(phones(log), [
    { diagnosis: { code: 'dhcp-without-tftp', seen: /Option 150 has 6 bytes/ } },
  ])
})

t.test('months of one boot are told as the last days of them are', async (t) => {
  const boot = (second: number) => {
    const line = (text: string, after: number) =>
      `${new Date(Date.UTC(2020, 0, 1) + (second + after) * 1_000).toISOString()} h in.tftpd[1]: ${text}\n`
    return [
      line('RRQ from 192.0.2.61 filename CTLSEP000E84C060A6.tlv', 0),
      line('sending NAK (1, File not found) to 192.0.2.61', 0),
      line('RRQ from 192.0.2.61 filename SEP000E84C060A6.cnf.xml', 1),
      line('RRQ from 192.0.2.61 filename SCCP-dictionary.xml', 20),
    ].join('')
  }
  const log = (boots: number) => Array.from({ length: boots }, (_, n) => boot(n * 80)).join('')
  const [short, long] = [phones(log(60)), phones(log(900))]
  const { timeline: _short, ...shortly } = short[0] as ExplainedPhone
  const { timeline, ...results } = long[0] as ExplainedPhone
  t.same(results, shortly)
  t.match(results, { verdict: 'stalled', diagnosis: { code: 'boot-loop' } })
  t.equal(timeline.at(-1)?.text, 'and 1600 things more')
})

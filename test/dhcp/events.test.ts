import t from 'tap'
import { eventFields } from '../../src/dhcp/events.ts'
import { aDiscover, aRequest, textOctets } from '../support/a-dhcp-message.ts'
import { DhcpLab } from '../support/dhcp-lab.ts'

t.test('an event is shown in the words of the field', async (t) => {
  const lab = new DhcpLab()
  const message = aDiscover({ giaddr: '0.0.0.0', options: [[12, textOctets('SEP000E84C060A6')]] })
  const [event] = lab.handle(message).events
  if (event === undefined) throw new Error('no event')
  t.same(eventFields(event), {
    event: 'dhcp.offer.sent',
    scope: 'bench',
    interfaceName: 'eth0.120',
    mac: '000E84C060A6',
    client: 'hw:01000E84C060A6',
    xid: '84c060a6',
    giaddr: '0.0.0.0',
    vendorClass: 'Cisco Systems, Inc. IP Phone CP-7960G',
    hostName: 'SEP000E84C060A6',
    isBoot: true,
    address: '10.20.0.50',
    leaseSeconds: 300,
    rule: 'free',
    omitted: [],
  })
})

t.test('nothing that a client sends gets into a log line unprintable', async (t) => {
  const lab = new DhcpLab()
  const hostile = '\x1b]0;x\x07\r\nfake: line\0\xff'
  const message = aDiscover({ vendorClass: hostile, options: [[12, textOctets(hostile)]] })
  const [event] = lab.handle(message).events
  if (event === undefined) throw new Error('no event')
  t.match(JSON.stringify(eventFields(event)), /^[\x20-\x7e]*$/)
})

t.test('a booting device is told from one that renews', async (t) => {
  const lab = new DhcpLab()
  const isBoot = (message: ReturnType<typeof aRequest>) => {
    const [event] = lab.handle(message).events
    return event !== undefined && 'isBoot' in event && event.isBoot
  }
  t.ok(isBoot(aDiscover()))
  t.ok(isBoot(aRequest({ requested: '10.20.0.50' })), 'INIT-REBOOT')
  t.notOk(isBoot(aRequest({ requested: '10.20.0.50', serverId: '10.20.0.2' })), 'SELECTING')
  t.notOk(isBoot(aRequest({ ciaddr: '10.20.0.50' })), 'RENEWING')
})

import t from 'tap'
import { Journal } from '../../../appliance/journal.ts'
import { traceService } from '../../../appliance/services/traces.ts'
import type { Mac } from '../../../src/net/mac.ts'
import { readCapture } from '../../../src/wire/capture/read-capture.ts'
import { ipOf } from '../../support/an-inventory.ts'
import { MAC } from '../../support/conversion-builders.ts'

const STRANGER = '020000000001' as Mac

function aService() {
  const journal = new Journal({ append: async () => undefined }, 0, () => undefined)
  const record = (event: string, fields = {}, mac: Mac | null = MAC) =>
    journal.record({ atMs: 5, event, mac, network: 'bench', fields })
  const parts = {
    recording: { of: () => [] },
    tftpOn: () => ({ address: ipOf('10.20.0.2'), port: 69 }),
  }
  return { record, service: traceService(journal, (mac) => mac === MAC, parts) }
}

t.test('a timeline joins what one phone did, oldest first, in words', async (t) => {
  const { record, service } = aService()
  record('dhcp.offer.sent', { address: '10.20.0.60' })
  record('dhcp.offer.sent', { address: '10.20.0.61' }, STRANGER)
  record('tftp.request.absent', { requestedName: 'x' })
  record('conversion.cancelled')
  record('dhcp.rogue.seen', {}, null)
  t.same(service.timeline(MAC), [
    {
      atMs: 5,
      source: 'dhcp',
      event: 'dhcp.offer.sent',
      text: 'was offered 10.20.0.60',
      fields: { address: '10.20.0.60' },
    },
    {
      atMs: 5,
      source: 'tftp',
      event: 'tftp.request.absent',
      text: 'asked for x: not found',
      fields: { requestedName: 'x' },
    },
    {
      atMs: 5,
      source: 'conversion',
      event: 'conversion.cancelled',
      text: 'conversion cancelled',
      fields: {},
    },
  ])
})

t.test('the boot log is that of the same phone', async (t) => {
  const { record, service } = aService()
  record('tftp.request.absent', { requestedName: 'mine', client: '10.20.0.60' })
  record('tftp.request.absent', { requestedName: 'other', client: '10.20.0.61' }, STRANGER)
  t.match(service.bootLog(MAC), "'mine' asked for by 10.20.0.60")
  t.notMatch(service.bootLog(MAC), 'other')
})

t.test('a phone that did nothing has empty ones, a stranger none', async (t) => {
  const { record, service } = aService()
  record('dhcp.offer.sent', {}, STRANGER)
  t.same(service.timeline(MAC), [])
  t.equal(service.bootLog(MAC), '')
  t.equal(service.timeline(STRANGER), undefined)
  t.equal(service.bootLog(STRANGER), undefined)
  t.equal(service.capture(STRANGER), undefined)
  t.same(readCapture(service.capture(MAC) ?? Buffer.alloc(0)).packets, [])
})

t.test('a timeline holds the newest two thousand entries', async (t) => {
  const { record, service } = aService()
  for (let nth = 1; nth <= 2_005; nth++) record('dhcp.offer.sent', { nth })
  const timeline = service.timeline(MAC)
  t.equal(timeline?.length, 2_000)
  t.match(timeline?.[0]?.fields, { nth: 6 })
})

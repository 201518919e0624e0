import t from 'tap'
import type { DhcpEvent } from '../../../src/dhcp/events.ts'
import {
  addressEventOf,
  generationIn,
  transferEventOf,
} from '../../../src/services/tracking/move-by-event.ts'
import type { TftpEvent } from '../../../src/tftp/events.ts'

const FILE = { name: 'P003-8-12-00.sbn', sizeBytes: 129_824 }

const dhcp = (event: string, fields: object = {}) => ({ event, ...fields }) as DhcpEvent
const tftp = (event: string, fields: object = {}) => ({ event, ...FILE, ...fields }) as TftpEvent

t.test('what DHCP did says whether the phone gets an address', async (t) => {
  const ignored = { kind: 'ignored', reason: 'pool-exhausted' }
  const cases: readonly [DhcpEvent, unknown][] = [
    [dhcp('dhcp.offer.sent'), { kind: 'offered' }],
    [dhcp('dhcp.ack.sent', { requestKind: 'selecting' }), { kind: 'granted' }],
    [dhcp('dhcp.ack.sent', { requestKind: 'inform' }), null],
    [dhcp('dhcp.address.declined'), { kind: 'declined' }],
    [dhcp('dhcp.discover.ignored', { reason: 'pool-exhausted' }), ignored],
    [dhcp('dhcp.request.ignored', { reason: 'pool-exhausted' }), ignored],
    [dhcp('dhcp.nak.sent'), null],
    [dhcp('dhcp.lease.released'), null],
  ]
  for (const [event, meaning] of cases) t.same(addressEventOf(event), meaning, event.event)
})

t.test('a transfer says how far a file has come', async (t) => {
  const of = { file: FILE.name, of: FILE.sizeBytes }
  t.same(transferEventOf(tftp('tftp.transfer.started')), { ...of, bytes: 0, outcome: 'progress' })
  t.same(transferEventOf(tftp('tftp.transfer.progress', { bytes: 512 })), {
    ...of,
    bytes: 512,
    outcome: 'progress',
  })
})

t.test('the end of a transfer says whether the phone has the file', async (t) => {
  const end = (outcome: string) =>
    transferEventOf(tftp('tftp.transfer.ended', { outcome, bytes: 512 }))
  t.match(end('complete'), { outcome: 'completed', bytes: FILE.sizeBytes })
  t.match(end('timed-out'), { outcome: 'failed', bytes: 512 })
  t.match(end('client-error'), { outcome: 'failed', bytes: 512 })
  t.match(end('never-acknowledged'), { outcome: 'unheard' })
  for (const outcome of ['restarted', 'displaced', 'stopped']) {
    t.equal(end(outcome), null, `${outcome}: another transfer follows, or the end was ours`)
  }
})

t.test('a request without a transfer moves no file', async (t) => {
  for (const event of ['request.absent', 'request.refused', 'request.ignored', 'packet.dropped']) {
    t.equal(transferEventOf(tftp(`tftp.${event}`)), null, event)
  }
})

t.test('option 60 tells the two ways to load firmware apart', async (t) => {
  t.equal(generationIn('Cisco Systems, Inc. IP Phone CP-7960G'), 'ual')
  t.equal(generationIn('Cisco Systems, Inc. IP Phone'), 'pre-ual')
  t.equal(generationIn('Cisco Systems, Inc. IP Phone CP-7975G'), null, 'another model')
  t.equal(generationIn('udhcp 1.36'), null)
})

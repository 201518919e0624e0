import t from 'tap'
import type { RecordedEvent } from '../../../src/services/events/journal.ts'
import { inWords } from '../../../src/services/events/words.ts'

const said = (event: string, fields: RecordedEvent['fields'] = {}) =>
  inWords({ id: 1, atMs: 0, event, mac: null, network: null, fields })

const ended = { name: 'a.bin', outcome: 'complete', bytes: 10, ms: 20, repeats: 0 }

t.test('each event that a phone can have is a sentence with its facts', async (t) => {
  const cases: readonly [event: string, fields: RecordedEvent['fields'], words: string][] = [
    ['phone.seen', { load: 'P00308010200', by: 'web-page' }, 'runs P00308010200, by its web-page'],
    ['phone.seen', { load: null, protocol: 'sip', by: 'options' }, 'runs (sip), by its options'],
    ['dhcp.offer.sent', { address: '10.0.0.1' }, 'was offered 10.0.0.1'],
    ['dhcp.ack.sent', { address: '10.0.0.1', requestKind: 'renewing' }, 'has 10.0.0.1 (renewing)'],
    ['dhcp.nak.sent', { address: '10.0.0.1', reason: 'taken' }, 'was refused 10.0.0.1: taken'],
    ['dhcp.discover.probing', { address: '10.0.0.1' }, 'waits while 10.0.0.1 is probed'],
    ['dhcp.lease.released', { address: '10.0.0.1' }, 'released 10.0.0.1'],
    ['dhcp.address.declined', { address: '10.0.0.1' }, 'found 10.0.0.1 in use'],
    ['dhcp.address.conflict', { address: '10.0.0.1' }, '10.0.0.1 is in use'],
    ['dhcp.lease.reclaimed', { address: '10.0.0.1' }, 'got 10.0.0.1, whose holder'],
    ['dhcp.message.ignored', { reason: 'no-message-type' }, 'was ignored: no-message-type'],
    ['dhcp.discover.ignored', { reason: 'pool-exhausted' }, 'got none: pool-exhausted'],
    ['dhcp.request.ignored', { reason: 'other-server' }, 'got no answer: other-server'],
    [
      'dhcp.decline.ignored',
      { address: '10.0.0.1', reason: 'not-the-holder' },
      'DECLINE of 10.0.0.1 ignored: not-the-holder',
    ],
    [
      'dhcp.release.ignored',
      { address: '10.0.0.1', reason: 'not-the-holder' },
      'RELEASE of 10.0.0.1 ignored',
    ],
    ['dhcp.inform.ignored', { reason: 'wrong-network' }, 'got none: wrong-network'],
    ['tftp.transfer.started', { name: 'a.bin', sizeBytes: 10 }, 'fetches a.bin (10 bytes)'],
    ['tftp.transfer.ended', ended, 'transfer of a.bin: complete, 10 bytes in 20 ms'],
    ['tftp.transfer.ended', { ...ended, repeats: 2 }, '10 bytes in 20 ms, 2 retransmissions'],
    [
      'tftp.transfer.ended',
      { ...ended, outcome: 'timed-out' },
      'transfer of a.bin: timed-out, 10 bytes in 20 ms',
    ],
    ['tftp.request.absent', { requestedName: 'b' }, 'requested b: not found'],
    ['tftp.request.refused', { requestedName: 'b', reason: 'write' }, 'b refused: write'],
    ['tftp.request.ignored', { reason: 'silenced' }, 'was ignored: silenced'],
    ['tftp.packet.dropped', { reason: 'stale-ack' }, 'TFTP packet ignored: stale-ack'],
    ['conversion.started', { from: 'A', to: 'B' }, 'conversion from A to B'],
    ['conversion.started', { from: null, to: 'B' }, 'conversion to B'],
    ['conversion.stage.changed', { load: 'B', stage: 'fetching' }, 'B: fetching'],
    ['conversion.step.confirmed', { load: 'B' }, 'B runs'],
    ['conversion.confirmed', { to: 'B', seconds: 90 }, 'B has booted, 90 s after the start'],
    ['conversion.stalled', { diagnosis: { seen: 'it loops' } }, 'stalled: it loops'],
    ['conversion.stalled', { diagnosis: null }, 'stalled: unknown'],
    ['conversion.resumed', { load: 'B' }, 'continues towards B'],
    ['conversion.cancelled', {}, 'conversion cancelled'],
  ]
  for (const [event, fields, words] of cases) {
    t.ok(said(event, fields).includes(words), `${event}: ${said(event, fields)}`)
  }
})

t.test('an event that is not in the table keeps its name', async (t) => {
  t.equal(said('no.such.event'), 'no.such.event')
})

t.test('what a phone calls a file steers no terminal', async (t) => {
  const requestedName = 'x\x1b]0;owned\x07\n\x9b31m'
  t.equal(said('tftp.request.absent', { requestedName }), 'requested x?]0;owned???31m: not found')
})

t.test('lists, parts that are left out, and objects without a sentence', async (t) => {
  const refused = { refused: 'A', steps: ['B', 'C'] }
  t.equal(
    said('conversion.replanned', refused),
    'refuses A; new path: B, C. Power-cycle it once more',
  )
  const phone = { rollout: 'r', state: 'failed', reason: null }
  t.equal(said('rollout.phone.changed', phone), 'roll-out r: failed')
  t.equal(said('rollout.phone.changed', { ...phone, reason: 'why' }), 'roll-out r: failed (why)')
  t.equal(said('conversion.stalled', { diagnosis: {} }), 'stalled: {}')
})

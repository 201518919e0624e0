import t from 'tap'
import type { RecordedEvent } from '../../../src/services/events/journal.ts'
import { inWords } from '../../../src/services/events/words.ts'

const said = (event: string, fields: RecordedEvent['fields'] = {}) =>
  inWords({ id: 1, atMs: 0, event, mac: null, network: null, fields })

const ended = { name: 'a.bin', outcome: 'complete', bytes: 10, ms: 20, repeats: 0 }

t.test('each event that a phone can have is a sentence with its facts', async (t) => {
  const cases: readonly [event: string, fields: RecordedEvent['fields'], words: string][] = [
    ['phone.seen', { load: 'P00308010200', by: 'web-page' }, 'runs P00308010200, by its web-page'],
    ['phone.seen', { load: null, protocol: 'sip', by: 'options' }, 'runs a load of SIP, by its'],
    ['dhcp.offer.sent', { address: '10.0.0.1' }, 'was offered 10.0.0.1'],
    ['dhcp.ack.sent', { address: '10.0.0.1', requestKind: 'renewing' }, 'has 10.0.0.1 (renewing)'],
    ['dhcp.nak.sent', { address: '10.0.0.1', reason: 'taken' }, 'was refused 10.0.0.1: taken'],
    ['dhcp.discover.probing', { address: '10.0.0.1' }, 'waits while 10.0.0.1 is looked for'],
    ['dhcp.lease.released', { address: '10.0.0.1' }, 'gave 10.0.0.1 back'],
    ['dhcp.address.declined', { address: '10.0.0.1' }, 'found 10.0.0.1 in use'],
    ['dhcp.address.conflict', { address: '10.0.0.1' }, '10.0.0.1 is in use'],
    ['dhcp.lease.reclaimed', { address: '10.0.0.1' }, 'got 10.0.0.1, whose holder'],
    ['dhcp.message.ignored', { reason: 'no-message-type' }, 'nobody understands: no-message-type'],
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
    ['tftp.transfer.ended', ended, 'has a.bin: 10 bytes in 20 ms'],
    ['tftp.transfer.ended', { ...ended, repeats: 2 }, '10 bytes in 20 ms, 2 repeats'],
    [
      'tftp.transfer.ended',
      { ...ended, outcome: 'timed-out' },
      'broke off a.bin at 10 bytes: timed-out',
    ],
    ['tftp.request.absent', { requestedName: 'b' }, 'asked for b: not found'],
    ['tftp.request.refused', { requestedName: 'b', reason: 'write' }, 'b refused: write'],
    ['tftp.request.ignored', { reason: 'silenced' }, 'got no answer: silenced'],
    ['tftp.packet.dropped', { reason: 'stale-ack' }, 'moved nothing: stale-ack'],
    ['conversion.started', { from: 'A', to: 'B' }, 'conversion from A to B'],
    ['conversion.started', { from: null, to: 'B' }, 'conversion from an unknown load to B'],
    ['conversion.stage.changed', { load: 'B', stage: 'fetching' }, 'B: fetching'],
    ['conversion.step.confirmed', { load: 'B' }, 'B runs'],
    ['conversion.confirmed', { to: 'B', seconds: 90 }, 'B has booted, 90 s after the start'],
    ['conversion.stalled', { diagnosis: { seen: 'it loops' } }, 'stalled: it loops'],
    ['conversion.stalled', { diagnosis: null }, 'stalled: no diagnosis'],
    ['conversion.resumed', { load: 'B' }, 'goes on towards B'],
    ['conversion.cancelled', {}, 'conversion cancelled'],
  ]
  for (const [event, fields, words] of cases) {
    t.ok(said(event, fields).includes(words), `${event}: ${said(event, fields)}`)
  }
})

t.test('an event without a sentence keeps its name', async (t) => {
  t.equal(said('dhcp.rogue.seen'), 'dhcp.rogue.seen')
})

t.test('what a phone calls a file steers no terminal', async (t) => {
  const requestedName = 'x\x1b]0;owned\x07\n\x9b31m'
  t.equal(said('tftp.request.absent', { requestedName }), 'asked for x?]0;owned???31m: not found')
})

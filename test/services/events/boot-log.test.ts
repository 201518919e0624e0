import t from 'tap'
import { bootLog } from '../../../src/services/events/boot-log.ts'
import type { RecordedEvent } from '../../../src/services/events/journal.ts'

// The time of the first line of the log in Cisco document 5455.
const AT_MS = Date.UTC(2000, 8, 11, 15, 24, 53)

const anEvent = (event: string, fields: RecordedEvent['fields']): RecordedEvent => ({
  id: 1,
  atMs: AT_MS,
  event,
  mac: null,
  network: null,
  fields: { client: '10.1.1.10', ...fields },
})

const ended = (bytes: unknown, outcome = 'complete') =>
  bootLog([anEvent('tftp.transfer.ended', { bytes, outcome })])

t.test(
  'Cisco document 5455, "TFTP Server Log of a Phone Booting Up": the same lines',
  async (t) => {
    const log = bootLog([
      anEvent('tftp.transfer.started', { name: 'OS79XX.TXT', mode: 'octet' }),
      anEvent('tftp.transfer.ended', { bytes: 12, outcome: 'complete' }),
      anEvent('tftp.transfer.started', { name: 'P0S30100.bin', mode: 'octet' }),
    ])
    t.equal(
      log,
      "Mon Sep 11 15:24:53 2000: Sending 'OS79XX.TXT' file to 10.1.1.10\n" +
        'in binary mode\n' +
        '#\n' +
        'Mon Sep 11 15:24:53 2000: Successful.\n' +
        "Mon Sep 11 15:24:53 2000: Sending 'P0S30100.bin' file to 10.1.1.10\n" +
        'in binary mode\n',
    )
  },
)

t.test('a failure carries its reason in brackets, as there', async (t) => {
  t.equal(ended(3, 'timed-out'), '#\nMon Sep 11 15:24:53 2000: Failed ( timed-out ).\n')
})

t.test('what does not exist, and netascii, are said', async (t) => {
  t.equal(
    bootLog([anEvent('tftp.request.absent', { requestedName: 'CTLSEP.tlv' })]),
    "Mon Sep 11 15:24:53 2000: 'CTLSEP.tlv' asked for by 10.1.1.10\n" +
      'Mon Sep 11 15:24:53 2000: Failed ( File not found ).\n',
  )
  t.match(
    bootLog([anEvent('tftp.transfer.started', { name: 'x', mode: 'netascii' })]),
    '\nin ascii mode\n',
  )
})

t.test('marks are broken into lines, and bounded whatever the number', async (t) => {
  const marks = (bytes: unknown) => ended(bytes).split('Mon')[0]
  t.equal(marks(0), '#\n')
  t.equal(marks(10_240), '#\n')
  t.equal(marks(10_241), '##\n')
  t.equal(marks(65 * 10_240), `${'#'.repeat(64)}\n#\n`)
  for (const wild of [1e300, Number.POSITIVE_INFINITY, Number.NaN, -7, 'x', undefined]) {
    t.ok((marks(wild) ?? '').length < 5_000, `${wild}`)
    t.match(marks(wild), /^#/, `${wild}`)
  }
})

t.test('a requested name cannot write lines of its own', async (t) => {
  const requestedName = "x'\n\u001b[2JMon Sep 11 15:24:53 2000: Successful.\u2028"
  const log = bootLog([anEvent('tftp.request.absent', { requestedName })])
  t.equal(log.split('\n').length, 3)
  t.notOk(log.includes('\u001b') || log.includes('\u2028'))
})

t.test('other events are no lines', async (t) => {
  t.equal(bootLog([anEvent('dhcp.ack.sent', {}), anEvent('conversion.started', {})]), '')
})

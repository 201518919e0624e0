import t, { type Test } from 'tap'
import type { Ipv4 } from '../../src/net/ipv4.ts'
import type { Mac } from '../../src/net/mac.ts'
import type { TftpPacket } from '../../src/wire/tftp/packet.ts'
import {
  anRrq,
  CLIENT,
  CLIENT_PORT,
  expectAnswer,
  expectList,
  FOREIGNER,
  LISTENER,
  numbered,
  OTHER_CLIENT,
  TftpLab,
} from '../support/tftp-lab.ts'
import { bytes } from '../support/vector.ts'

const FILES = {
  'OS79XX.TXT': new TextEncoder().encode('P003-8-12-00'),
  'P0S3-8-12-00.sb2': numbered(5000),
}
const SILENCE = { packets: [] }

t.test(
  'RFC 1350 section 4: the answer comes from a socket of its own, to the port that asked',
  async (t) => {
    const lab = new TftpLab(FILES)
    const { packets, sent } = lab.request(anRrq('OS79XX.TXT'), 0)
    expectList(t, packets, [{ kind: 'data', block: 1, payload: FILES['OS79XX.TXT'] }])
    t.same(sent, [{ client: CLIENT, clientPort: CLIENT_PORT, channel: 100 }])
    expectAnswer(t, lab.request(anRrq('OS79XX.TXT'), 0, { clientPort: 2 }), {
      sent: [{ channel: 101 }],
    })
  },
)

t.test('edited subnets hold for requests; a transfer that runs goes on', async (t) => {
  const lab = new TftpLab(FILES)
  lab.request(anRrq('P0S3-8-12-00.sb2'), 0)
  lab.server.replaceClientSubnets([])
  expectAnswer(t, lab.ack(1, 5), {
    packets: [{ kind: 'data', block: 2 }],
  })
  expectAnswer(t, lab.request(anRrq('OS79XX.TXT'), 10, { clientPort: 7 }), SILENCE)
})

t.test('RFC 1350 section 5: the mode may be in any case', async (t) => {
  const lab = new TftpLab(FILES)
  expectAnswer(
    t,
    lab.request({ kind: 'read', name: 'OS79XX.TXT', mode: 'OcTeT', options: new Map() }, 0),
    { packets: [{ kind: 'data' }] },
  )
})

t.test('RFC 1350 appendix: a file that does not exist is ERROR 1, at once', async (t) => {
  const lab = new TftpLab(FILES)
  const { packets, sent, events } = lab.request(anRrq('CTLSEP000E84C060A6.tlv'), 5)
  expectList(t, packets, [{ kind: 'error', code: 1 }])
  expectList(t, sent, [{ channel: 99 }], 'not from the listening port')
  t.same(events, [
    {
      event: 'tftp.request.absent',
      client: CLIENT,
      clientTid: CLIENT_PORT,
      atMs: 5,
      mac: null,
      requestedName: 'CTLSEP000E84C060A6.tlv',
    },
  ])
  t.match(lab.server.counters(), { absent: 1, running: 0 })
})

t.test('RFC 1123 section 4.2.3.4: what could point outside does not exist', async (t) => {
  const lab = new TftpLab(FILES)
  for (const name of [
    '../OS79XX.TXT',
    '..\\OS79XX.TXT',
    'C:\\OS79XX.TXT',
    '/etc/passwd',
    'a'.repeat(490),
  ]) {
    expectAnswer(t, lab.request(anRrq(name), 0), { packets: [{ kind: 'error', code: 1 }] }, name)
  }
  expectLife(t, lab)
})

t.test(
  'RFC 1350 sections 4 and 7: a write is refused with ERROR 2 and leaves nothing behind',
  async (t) => {
    const lab = new TftpLab(FILES)
    const write = { kind: 'write', name: 'OS79XX.TXT', mode: 'octet', options: new Map() } as const
    const { packets, events } = lab.request(write, 0)
    expectList(t, packets, [{ kind: 'error', code: 2 }])
    expectList(t, events, [
      { event: 'tftp.request.refused', reason: 'write', requestedName: 'OS79XX.TXT' },
    ])
    t.match(lab.server.counters(), { running: 0, refused: 1 })
    t.same(lab.asked, [])
    expectLife(t, lab)
  },
)

t.test('RFC 1123 section 4.2.2.1: mail and unknown modes are ERROR 4', async (t) => {
  for (const mode of ['mail', 'binary', '']) {
    const lab = new TftpLab(FILES)
    const { packets, events } = lab.request(
      { kind: 'read', name: 'x', mode, options: new Map() },
      0,
    )
    expectList(t, packets, [{ kind: 'error', code: 4 }], mode)
    expectList(t, events, [{ event: 'tftp.request.refused', reason: 'mode' }], mode)
    expectLife(t, lab)
  }
})

t.test(
  'RFC 1350 section 5: a request that is malformed is ERROR 4, what is no request is silence',
  async (t) => {
    const cases = [
      { why: 'no final NUL', hex: '0001 61 00 6f', code: 4, reason: 'malformed-request' },
      { why: 'no mode', hex: '0001 6100', code: 4, reason: 'malformed-request' },
      { why: 'empty name', hex: '0001 00 6f6374657400', code: 4, reason: 'malformed-request' },
      {
        why: 'above 512 octets',
        hex: `0001${'61'.repeat(600)}`,
        code: 4,
        reason: 'malformed-request',
      },
      {
        why: '10000 NULs',
        hex: `0001${'00'.repeat(10_000)}`,
        code: 4,
        reason: 'malformed-request',
      },
      {
        why: 'odd options',
        hex: '0001 6100 6f6374657400 6100 31',
        code: 4,
        reason: 'malformed-request',
      },
      { why: 'write without mode', hex: '0002 6100', code: 4, reason: 'malformed-request' },
      { why: 'only the opcode of a read', hex: '0001', code: 4, reason: 'malformed-request' },
      { why: 'empty', hex: '', code: null, reason: 'not-a-packet' },
      { why: 'one octet', hex: '00', code: null, reason: 'not-a-packet' },
      { why: 'three octets', hex: '000400', code: null, reason: 'not-a-packet' },
      { why: 'opcode 0', hex: '0000 0000', code: null, reason: 'not-a-packet' },
      { why: 'opcode 255', hex: '00ff 0000', code: null, reason: 'not-a-packet' },
      { why: 'opcode 257', hex: '0101 6100 6f00', code: null, reason: 'not-a-packet' },
      { why: 'ACK', hex: '0004 0001', code: 4, reason: 'not-a-request' },
      { why: 'DATA', hex: '0003 0001 61', code: 4, reason: 'not-a-request' },
      { why: 'OACK', hex: '0006 6100 3100', code: 4, reason: 'not-a-request' },
      { why: 'ERROR is never answered', hex: '0005 0001 00', code: null, reason: 'error' },
    ] as const
    for (const { why, hex, code, reason } of cases) {
      const lab = new TftpLab(FILES)
      const { packets, events } = lab.request(bytes(hex), 0)
      expectList(t, packets, code === null ? [] : [{ kind: 'error', code }], why)
      t.equal(packets.length, code === null ? 0 : 1, why)
      expectList(t, events, [{ event: 'tftp.request.ignored', reason }], why)
      t.equal(lab.server.counters().drops[reason], 1, why)
      expectLife(t, lab)
    }
  },
)

t.test('a flood of nonsense provokes a few replies, and then nothing', async (t) => {
  const lab = new TftpLab(FILES)
  let replies = 0
  for (let packet = 0; packet < 100_000; packet++) {
    replies += lab.request(bytes('0001 6100'), packet / 100).packets.length
  }
  t.equal(replies, 10 + 9, 'ten at once and ten a second')
  t.match(lab.server.counters(), { errorsWithheld: 100_000 - replies, running: 0 })
  t.equal(lab.server.counters().drops['malformed-request'], 100_000)
  expectLife(t, lab)
})

t.test('who is no client of ours hears nothing at all', async (t) => {
  const lab = new TftpLab(FILES)
  const requests: readonly TftpPacket[] = [
    anRrq('OS79XX.TXT'),
    anRrq('absent'),
    { kind: 'write', name: 'x', mode: 'octet', options: new Map() },
    { kind: 'ack', block: 1 },
  ]
  for (const request of requests)
    expectAnswer(t, lab.request(request, 0, { client: FOREIGNER }), SILENCE)
  expectAnswer(t, lab.packet({ kind: 'ack', block: 1 }, 0, { client: FOREIGNER }), SILENCE)
  t.equal(lab.server.counters().drops['not-a-client'], 4)
  lab.silent.add(OTHER_CLIENT)
  expectAnswer(t, lab.request(anRrq('OS79XX.TXT'), 0, { client: OTHER_CLIENT }), SILENCE)
  t.equal(lab.server.counters().drops.silenced, 1)
  t.same(lab.asked, ['OS79XX.TXT'], 'only of clients is anything asked')
  expectLife(t, lab)
})

t.test(
  'a client of another appliance gets no answer, not even an ERROR; transfers go on',
  async (t) => {
    const lab = new TftpLab(FILES)
    lab.request(anRrq('P0S3-8-12-00.sb2'), 0)
    lab.left.add(CLIENT)
    const requests: readonly (TftpPacket | Uint8Array)[] = [
      anRrq('OS79XX.TXT'),
      anRrq('absent'),
      { kind: 'write', name: 'x', mode: 'octet', options: new Map() },
      { kind: 'read', name: 'x', mode: 'mail', options: new Map() },
      { kind: 'ack', block: 1 },
      bytes('0001 6100'),
    ]
    for (const request of requests) expectAnswer(t, lab.request(request, 1), SILENCE)
    t.same(lab.asked, ['P0S3-8-12-00.sb2'], 'and moves nothing')
    t.equal(lab.server.counters().drops['left-to-owner'], requests.length)
    expectAnswer(t, lab.packet({ kind: 'ack', block: 1 }, 1, { clientPort: 9 }), { packets: [] })
    expectAnswer(t, lab.ack(1, 1), { packets: [{ kind: 'data', block: 2 }] })
  },
)

t.test(
  'RFC 2347: options are agreed on by an OACK from the transfer port, ACK 0 starts DATA 1',
  async (t) => {
    const lab = new TftpLab(FILES)
    const first = lab.request(anRrq('P0S3-8-12-00.sb2', { blksize: '1428', tsize: '0', x: 'y' }), 0)
    const options = new Map([
      ['blksize', '1428'],
      ['tsize', '5000'],
    ])
    t.same(first.packets, [{ kind: 'options-ack', options }])
    expectAnswer(t, first, { sent: [{ channel: 100 }] })
    expectAnswer(t, lab.ack(0, 1), {
      packets: [{ kind: 'data', block: 1, payload: { length: 1428 } }],
    })
  },
)

t.test('RFC 2347: ERROR 8 to an OACK ends the transfer without an answer', async (t) => {
  const lab = new TftpLab(FILES)
  lab.request(anRrq('P0S3-8-12-00.sb2', { blksize: '8' }), 0)
  const { packets, events } = lab.packet({ kind: 'error', code: 8, message: 'too small' }, 3)
  t.same(packets, [])
  expectList(t, events, [
    { outcome: 'client-error', clientError: { code: 8, message: 'too small' } },
  ])
  t.match(lab.server.counters(), { running: 0, outcomes: { 'client-error': 1 } })
})

t.test(
  'RFC 1350 section 7: an ERROR ends the transfer at once and is never answered',
  async (t) => {
    const lab = new TftpLab(FILES)
    lab.request(anRrq('P0S3-8-12-00.sb2'), 0)
    lab.ack(1, 1)
    expectAnswer(t, lab.packet({ kind: 'error', code: 3, message: 'flash full' }, 2), {
      packets: [],
      events: [{ outcome: 'client-error', bytes: 512, clientError: { code: 3 } }],
    })
    expectAnswer(t, lab.ack(2, 3), SILENCE)
    t.equal(lab.server.nextWakeAtMs === undefined || lab.wake(100_000).packets.length === 0, true)
    expectLife(t, lab)
  },
)

t.test('a packet to a sender that is neither ACK nor ERROR moves nothing', async (t) => {
  const lab = new TftpLab(FILES)
  lab.request(anRrq('P0S3-8-12-00.sb2'), 0)
  const others = [
    '0003 0001 61',
    '0006 6100 3100',
    '00',
    '000400',
    '0000 0000',
    '0001 6100 6f6374657400',
  ]
  for (const hex of others) expectAnswer(t, lab.packet(bytes(hex), 1), SILENCE, hex)
  t.equal(lab.server.counters().drops['not-an-ack'], others.length)
  expectAnswer(t, lab.ack(1, 2), { packets: [{ block: 2 }] })
})

t.test('old and future ACKs and a flood of them move nothing', async (t) => {
  const lab = new TftpLab(FILES)
  lab.request(anRrq('P0S3-8-12-00.sb2'), 0)
  lab.ack(1, 1)
  for (let packet = 0; packet < 10_000; packet++) {
    for (const block of [0, 1, 3, 40_000]) t.ok(lab.ack(block, 2).packets.length === 0)
  }
  const { drops } = lab.server.counters()
  t.match(drops, { 'stale-ack': 30_000, 'future-ack': 10_000 })
  expectAnswer(t, lab.ack(2, 3), { packets: [{ block: 3 }] })
})

t.test(
  'RFC 1350 section 4: a wrong TID gets ERROR 5 and does not disturb the transfer',
  async (t) => {
    const lab = new TftpLab(FILES)
    lab.request(anRrq('P0S3-8-12-00.sb2'), 0)
    const others = [
      { why: 'another port', from: { clientPort: 2 } },
      { why: 'another address', from: { client: OTHER_CLIENT } },
      { why: 'another socket of ours', from: { channel: 101 } },
    ]
    for (const { why, from } of others) {
      const { packets, sent } = lab.ack(1, 1, from)
      expectList(t, packets, [{ kind: 'error', code: 5 }], why)
      expectList(t, sent, [{ channel: from.channel ?? 100 }], why)
    }
    expectAnswer(
      t,
      lab.packet({ kind: 'error', code: 0, message: '' }, 1, { clientPort: 2 }),
      SILENCE,
    )
    expectAnswer(t, lab.packet(bytes('00'), 1, { clientPort: 2 }), SILENCE)
    t.equal(lab.server.counters().drops['unknown-tid'], 5)
    expectAnswer(t, lab.ack(1, 2), { packets: [{ block: 2 }] })
  },
)

t.test('wrong TIDs at a high rate provoke a few errors a second', async (t) => {
  const lab = new TftpLab(FILES)
  lab.request(anRrq('P0S3-8-12-00.sb2'), 0)
  let replies = 0
  for (let packet = 0; packet < 10_000; packet++) {
    replies += lab.ack(1, packet / 10, { clientPort: 2 + (packet % 60_000) }).packets.length
  }
  t.equal(replies, 10 + 9)
  expectAnswer(t, lab.ack(1, 1000), { packets: [{ block: 2 }] })
})

t.test(
  'packets of a transfer that has just ended get no ERROR: the port may ask again',
  async (t) => {
    const lab = new TftpLab(FILES)
    lab.request(anRrq('OS79XX.TXT'), 0)
    lab.ack(1, 1)
    expectAnswer(t, lab.ack(1, 2), SILENCE)
    t.equal(lab.server.counters().drops.late, 1)
    expectAnswer(
      t,
      lab.ack(1, 6000),
      { packets: [{ kind: 'error', code: 5 }] },
      'later it is an unknown device',
    )
  },
)

t.test('RFC 1350 section 4: a request that came twice is one transfer', async (t) => {
  const lab = new TftpLab(FILES)
  lab.request(anRrq('OS79XX.TXT'), 0)
  expectAnswer(t, lab.request(anRrq('OS79XX.TXT'), 999), SILENCE, 'within a retransmission time')
  expectAnswer(t, lab.request(anRrq('OS79XX.TXT'), 1000), { packets: [{ kind: 'data', block: 1 }] })
  expectAnswer(
    t,
    lab.request(anRrq('OS79XX.TXT'), 2000),
    { sent: [{ channel: 100 }] },
    'from the same port',
  )
  expectAnswer(t, lab.request(anRrq('OS79XX.TXT'), 3000), SILENCE, 'not beyond the bound')
  t.match(lab.server.counters(), { running: 1, drops: { 'repeated-request': 4 } })
  expectAnswer(t, lab.ack(1, 3001), { events: [{ outcome: 'complete' }] })
})

t.test('a transfer is not repeated to another phone that has taken the address', async (t) => {
  const lab = new TftpLab(FILES)
  const [first, second] = ['000E84C060A6' as Mac, '000E84C060A7' as Mac]
  lab.owners.set(CLIENT, first)
  const begun = lab.request(anRrq('P0S3-8-12-00.sb2'), 0)
  expectAnswer(t, begun, { events: [{ event: 'tftp.transfer.started', mac: first }] })
  lab.owners.set(CLIENT, second)
  const swapped = lab.request(anRrq('P0S3-8-12-00.sb2'), 10)
  expectAnswer(t, swapped, {
    events: [
      { outcome: 'restarted', mac: first },
      { event: 'tftp.transfer.started', mac: second },
    ],
    sent: [{ channel: 101 }],
  })
  t.same(lab.asked, ['P0S3-8-12-00.sb2', 'P0S3-8-12-00.sb2'])
})

t.test('events are of the phone that asked, even if its address has moved', async (t) => {
  const lab = new TftpLab(FILES)
  lab.owners.set(CLIENT, '000E84C060A6' as Mac)
  lab.request(anRrq('OS79XX.TXT'), 0)
  expectAnswer(t, lab.request(anRrq('none'), 1, { clientPort: 9 }), {
    events: [{ event: 'tftp.request.absent', mac: '000E84C060A6' }],
  })
  lab.owners.delete(CLIENT)
  expectAnswer(t, lab.ack(1, 2), { events: [{ outcome: 'complete', mac: '000E84C060A6' }] })
  expectAnswer(t, lab.request(anRrq('none'), 3, { clientPort: 9 }), {
    events: [{ event: 'tftp.request.absent', mac: null }],
  })
})

t.test('a client that begins again from the same port gives up the earlier transfer', async (t) => {
  const lab = new TftpLab(FILES)
  lab.request(anRrq('P0S3-8-12-00.sb2'), 0)
  const other = lab.request(anRrq('OS79XX.TXT'), 1)
  expectAnswer(t, other, { events: [{ outcome: 'restarted' }, { event: 'tftp.transfer.started' }] })
  expectAnswer(t, other, { sent: [{ channel: 101 }] })
  expectAnswer(t, lab.ack(1, 2, { channel: 100 }), SILENCE, 'a late packet of the earlier one')
  expectAnswer(t, lab.ack(1, 3, { channel: 101 }), { events: [{ outcome: 'complete' }] })
  t.match(lab.server.counters(), { running: 0, outcomes: { restarted: 1, complete: 1 } })
})

t.test(
  'the same name again is a new transfer once the earlier one had been acknowledged',
  async (t) => {
    const lab = new TftpLab(FILES)
    lab.request(anRrq('P0S3-8-12-00.sb2'), 0)
    lab.ack(1, 1)
    expectAnswer(t, lab.request(anRrq('P0S3-8-12-00.sb2'), 500), SILENCE, 'a duplicate on the way')
    expectAnswer(t, lab.request(anRrq('P0S3-8-12-00.sb2'), 5000), {
      packets: [{ block: 1 }],
      sent: [{ channel: 101 }],
      events: [{ outcome: 'restarted' }, { event: 'tftp.transfer.started' }],
    })
    lab.names = new TftpLab({}).names
    expectAnswer(t, lab.request(anRrq('absent'), 6000), {
      events: [{ outcome: 'restarted' }, { event: 'tftp.request.absent' }],
    })
  },
)

t.test('a client that runs too many transfers is met with silence, and asks again', async (t) => {
  const lab = new TftpLab(FILES)
  for (let port = 1; port <= 3; port++)
    lab.request(anRrq('P0S3-8-12-00.sb2'), 0, { clientPort: port })
  expectAnswer(t, lab.request(anRrq('OS79XX.TXT'), 0, { clientPort: 4 }), SILENCE)
  t.equal(lab.server.counters().drops['too-many-transfers'], 1)
  expectAnswer(t, lab.request(anRrq('OS79XX.TXT'), 0, { client: OTHER_CLIENT }), {
    packets: [{ kind: 'data' }],
  })
  lab.packet({ kind: 'error', code: 0, message: '' }, 1, { clientPort: 1 })
  expectAnswer(t, lab.request(anRrq('OS79XX.TXT'), 2, { clientPort: 4 }), {
    packets: [{ kind: 'data' }],
  })
})

t.test(
  'open and abandon: a full table lets a phone in, and transfers that run go on',
  async (t) => {
    const lab = new TftpLab(FILES, { maxTransfersPerClient: 1 })
    lab.request(anRrq('P0S3-8-12-00.sb2'), 0)
    lab.ack(1, 1)
    let displaced = 0
    for (let flood = 20; flood < 220; flood++) {
      const client = (CLIENT + flood) as Ipv4
      const { events } = lab.request(anRrq('OS79XX.TXT'), 2, { client })
      displaced += events.filter(
        (event) => 'outcome' in event && event.outcome === 'displaced',
      ).length
      t.ok(lab.server.counters().running <= 5)
    }
    t.equal(displaced, 200 - 4)
    expectAnswer(t, lab.ack(2, 3), { packets: [{ block: 3 }] })
    expectAnswer(t, lab.request(anRrq('OS79XX.TXT'), 4, { client: OTHER_CLIENT }), {
      packets: [{ kind: 'data' }],
    })
    t.equal(lab.tids.open.size, 5, 'no socket is left behind')
  },
)

t.test('boot code that sends a structure of fixed size is served', async (t) => {
  const name = Buffer.from('OS79XX.TXT').toString('hex')
  const request = (options: string, octets: number) => {
    const content = bytes(`0001 ${name} 00 6f63746574 00 ${options}`)
    return Buffer.concat([content, Buffer.alloc(Math.max(0, octets - content.length))])
  }
  for (const options of ['', '31303234 00']) {
    for (const octets of [0, 128, 512, 514, 516, 1024, 1432]) {
      const lab = new TftpLab(FILES)
      const answer = lab.request(request(options, octets), 0)
      expectAnswer(t, answer, { packets: [{ kind: 'data', block: 1 }] })
    }
  }
})

t.test('ten thousand half-open transfers leave nothing behind', async (t) => {
  const lab = new TftpLab(FILES, { maxTransfers: 4096, maxTransfersPerClient: 16 })
  for (let request = 0; request < 10_000; request++) {
    const client = (CLIENT - 9 + (request % 250)) as Ipv4
    lab.request(anRrq('OS79XX.TXT'), 0, { client, clientPort: 1024 + request })
  }
  t.equal(lab.server.counters().running, 4000)
  let packets = 4000
  for (let nowMs = 0; nowMs < 10_000; nowMs += 100) packets += lab.wake(nowMs).packets.length
  t.equal(packets, 4000 * 3, 'three for each at most')
  t.match(lab.server.counters(), { running: 0, outcomes: { 'never-acknowledged': 4000 } })
  t.equal(lab.tids.open.size, 0)
  expectLife(t, lab)
})

t.test(
  'a request for a thousand unknown options is too long, one with many is answered without',
  async (t) => {
    const lab = new TftpLab(FILES)
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`x${at}`, '1']))
    expectAnswer(t, lab.request(anRrq('OS79XX.TXT', many(1000)), 0), {
      packets: [{ kind: 'error', code: 4 }],
    })
    expectAnswer(t, lab.request(anRrq('OS79XX.TXT', many(80)), 0), {
      packets: [{ kind: 'data', block: 1 }],
    })
  },
)

/** After whatever came, a phone is served. */
function expectLife(t: Test, lab: TftpLab): void {
  const client = (CLIENT + 100) as Ipv4
  const { packets, sent } = lab.request(anRrq('OS79XX.TXT'), 1_000_000, { client })
  expectList(t, packets, [{ kind: 'data', block: 1 }], 'a phone is served')
  const { channel = LISTENER } = sent[0] ?? {}
  expectAnswer(t, lab.ack(1, 1_000_001, { client, channel }), { events: [{ outcome: 'complete' }] })
}

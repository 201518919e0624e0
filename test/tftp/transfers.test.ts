import t from 'tap'
import {
  anRrq,
  CLIENT,
  CLIENT_PORT,
  expectAnswer,
  expectList,
  numbered,
  OTHER_CLIENT,
  TftpLab,
} from '../support/tftp-lab.ts'

const SHA256_OF_ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
const ABC = new TextEncoder().encode('abc')

t.test('a transfer is told of when it begins and when it ends', async (t) => {
  const lab = new TftpLab({ 'RINGLIST.DAT': ABC })
  const from = { client: CLIENT, clientTid: CLIENT_PORT, mac: null }
  const about = { ...from, name: 'RINGLIST.DAT', sizeBytes: 3 }
  const { events } = lab.request(anRrq('/ringlist.dat'), 1000)
  const terms = { mode: 'octet', blockSize: 512, windowSize: 1 }
  t.same(events, [
    {
      event: 'tftp.transfer.started',
      ...about,
      atMs: 1000,
      requestedName: '/ringlist.dat',
      sha256: SHA256_OF_ABC,
      ...terms,
    },
  ])
  const ended = { outcome: 'complete', bytes: 3, ms: 20, repeats: 0, clientError: null }
  t.same(lab.ack(1, 1020).events, [
    { event: 'tftp.transfer.ended', ...about, atMs: 1020, ...ended },
  ])
  t.match(lab.server.counters(), { running: 0, outcomes: { complete: 1 }, acknowledgedBytes: 3 })
})

t.test('progress is told of four times a second at most', async (t) => {
  const lab = new TftpLab({ large: numbered(512 * 2000) })
  lab.request(anRrq('large'), 0)
  const reported: number[] = []
  for (let block = 1; block <= 1000; block++) {
    for (const event of lab.ack(block, block * 2).events) {
      if (event.event === 'tftp.transfer.progress') reported.push(event.bytes)
    }
  }
  t.equal(reported.length, 8)
  t.equal(reported[0], 512 * 125)
})

t.test('bytes are held while a transfer runs, and its socket is given back', async (t) => {
  const lab = new TftpLab({ a: ABC })
  lab.request(anRrq('a'), 0)
  t.same([...lab.tids.open], [100])
  lab.cache.put(new Uint8Array(1 << 28).subarray(0, (1 << 28) - 3))
  t.ok(lab.cache.get(SHA256_OF_ABC), 'no room was made of it')
  lab.ack(1, 1)
  t.same([...lab.tids.open], [])
  lab.cache.put(Uint8Array.of(1, 2, 3, 4))
  t.match(lab.cache.counters(), { evictions: 1 })
})

t.test('a transfer finishes with the bytes that it began with', async (t) => {
  const lab = new TftpLab({ a: new Uint8Array(600).fill(1) })
  lab.request(anRrq('a'), 0)
  lab.names = new TftpLab({ a: new Uint8Array(600).fill(2) }).names
  expectAnswer(t, lab.ack(1, 1), {
    packets: [{ kind: 'data', block: 2, payload: new Uint8Array(88).fill(1) }],
  })
})

t.test('RFC 1123 section 4.2.4: netascii is cut into blocks after it was made', async (t) => {
  const lab = new TftpLab({ text: new Uint8Array(511).fill(10) })
  const request = { kind: 'read', name: 'text', mode: 'netascii', options: new Map() } as const
  const first = lab.request(request, 0)
  expectAnswer(t, first, { packets: [{ payload: Buffer.from('\r\n'.repeat(256)) }] })
  expectAnswer(t, first, { events: [{ mode: 'netascii', sizeBytes: 1022 }] })
  expectAnswer(t, lab.ack(1, 1), { packets: [{ payload: Buffer.from('\r\n'.repeat(255)) }] })
})

t.test('waiting packets are sent again when their time has come, ten looks a second', async (t) => {
  const lab = new TftpLab({ a: ABC, b: numbered(2000) })
  t.equal(lab.server.nextWakeAtMs, undefined)
  t.same(lab.wake(0).packets, [])
  lab.request(anRrq('a'), 0)
  lab.request(anRrq('b'), 500, { client: OTHER_CLIENT })
  t.equal(lab.server.nextWakeAtMs, 100)
  t.same(lab.wake(99).packets, [], 'too early')
  t.same(lab.wake(100).packets, [])
  t.equal(lab.server.nextWakeAtMs, 200)
  expectAnswer(t, lab.wake(1000), {
    packets: [{ block: 1 }],
    sent: [{ client: CLIENT, channel: 100 }],
  })
  expectAnswer(t, lab.wake(1500), {
    packets: [{ block: 1 }],
    sent: [{ client: OTHER_CLIENT, channel: 101 }],
  })
})

t.test('a transfer without acknowledgements ends, and then nothing runs', async (t) => {
  const lab = new TftpLab({ a: ABC })
  lab.request(anRrq('a'), 0)
  const events = []
  for (let nowMs = 0; lab.server.nextWakeAtMs !== undefined && nowMs < 60_000; nowMs += 100) {
    events.push(...lab.wake(nowMs).events)
  }
  expectList(t, events, [
    { event: 'tftp.transfer.ended', outcome: 'never-acknowledged', bytes: 0, repeats: 2, ms: 7000 },
  ])
  t.match(lab.server.counters(), { running: 0, repeats: 2, outcomes: { 'never-acknowledged': 1 } })
})

t.test('stopping ends every transfer', async (t) => {
  const lab = new TftpLab({ a: ABC })
  lab.request(anRrq('a'), 0)
  lab.request(anRrq('a'), 0, { clientPort: 2 })
  t.match(
    lab.server.stop(5).map((effect) => effect.kind),
    ['event', 'event'],
  )
  t.match(lab.server.counters(), { running: 0, outcomes: { stopped: 2 } })
  t.equal(lab.server.nextWakeAtMs, undefined)
})

import t from 'tap'
import type { Ipv4 } from '../../src/net/ipv4.ts'
import type { Mac } from '../../src/net/mac.ts'
import { parseSubnet, type Subnet } from '../../src/net/subnet.ts'
import { HallLab } from '../support/hall-lab.ts'
import {
  anRrq,
  CLIENT,
  CLIENT_PORT,
  expectAnswer,
  FOREIGNER,
  numbered,
  OTHER_CLIENT,
  TftpLab,
} from '../support/tftp-lab.ts'

const IMAGE = numbered(8192)
const LAST_BLOCK = 17
const FILES = { image: IMAGE, other: numbered(9000), small: numbered(8191) }
const HALL = 7

/** An image under way in a hall, to which the client has acknowledged so many blocks. */
function aTransfer(acknowledged: number, settings = {}) {
  const lab = new TftpLab(FILES, settings)
  const hall = new HallLab(lab, HALL)
  const asked = lab.request(anRrq('image'), 0)
  const first = hall.obey(asked, 0)
  for (let block = 1; block <= acknowledged; block++) hall.ack(block, block)
  return { lab, hall, asked, first, begun: hall.report(acknowledged) }
}

t.test('a larger file is sent by a hall, a smaller one here', async (t) => {
  const { lab, asked, first, begun } = aTransfer(0)
  expectAnswer(t, asked, { packets: [], events: [], orders: [{ hall: HALL }] })
  expectAnswer(t, first, {
    packets: [{ kind: 'data', block: 1, payload: IMAGE.subarray(0, 512) }],
    sent: [{ client: CLIENT, clientPort: CLIENT_PORT, channel: 100 }],
  })
  expectAnswer(t, begun, { events: [{ event: 'tftp.transfer.started', name: 'image' }] })
  expectAnswer(t, lab.request(anRrq('small'), 1, { client: OTHER_CLIENT }), {
    packets: [{ kind: 'data', block: 1 }],
    orders: [],
  })
  t.match(lab.server.counters(), { running: 2 })
})

t.test('without a hall everything is sent here', async (t) => {
  const lab = new TftpLab(FILES)
  expectAnswer(t, lab.request(anRrq('image'), 0), { packets: [{ block: 1 }], orders: [] })
})

t.test('what a hall reports is told and counted like what happens here', async (t) => {
  const { lab, hall } = aTransfer(LAST_BLOCK)
  t.match(lab.server.counters(), {
    running: 0,
    outcomes: { complete: 1 },
    acknowledgedBytes: 8192,
    repeats: 0,
  })
  t.equal(hall.hall.takeReport(), undefined, 'nothing is told twice')
  lab.cache.put(new Uint8Array((1 << 28) - 8191))
  t.match(lab.cache.counters(), { evictions: 1 }, 'the file is held no longer')
})

t.test('a file is held as long as a hall sends it', async (t) => {
  const { lab } = aTransfer(3)
  t.throws(() => lab.cache.put(new Uint8Array((1 << 28) - 8191)), { message: /: 8192 of/ })
})

t.test(
  'a request waits until its client has been seen to have received the last file',
  async (t) => {
    const { lab, hall } = aTransfer(LAST_BLOCK - 1)
    // The last ACK is on its way to the other thread while the next request is here.
    const held = lab.request(anRrq('small'), 100, { clientPort: 5 })
    expectAnswer(t, held, { packets: [], orders: [{ hall: HALL, order: { kind: 'fence' } }] })
    t.equal(lab.server.hallAskedAtMs(HALL), 100)
    hall.ack(LAST_BLOCK, 101)
    hall.obey(held, 101)
    const answer = hall.report(102)
    expectAnswer(t, answer, {
      events: [
        { event: 'tftp.transfer.ended', outcome: 'complete' },
        { event: 'tftp.transfer.started', name: 'small', atMs: 102 },
      ],
      packets: [{ kind: 'data', block: 1 }],
    })
    t.equal(lab.server.hallAskedAtMs(HALL), undefined)
    t.same(lab.asked, ['image', 'small'])
  },
)

t.test('requests of one client do not overtake each other', async (t) => {
  const { lab, hall } = aTransfer(LAST_BLOCK - 1)
  const first = lab.request(anRrq('small'), 100, { clientPort: 5 })
  hall.ack(LAST_BLOCK, 101)
  // Its transfer is over, and yet the one before it still waits.
  expectAnswer(t, hall.report(101), { events: [{ outcome: 'complete' }] })
  const second = lab.request(anRrq('other'), 102, { clientPort: 6 })
  const stranger = lab.request(anRrq('small'), 102, { client: OTHER_CLIENT })
  expectAnswer(t, stranger, { packets: [{ block: 1 }] })
  expectAnswer(t, second, { orders: [{ hall: HALL, order: { kind: 'fence' } }] })
  hall.obey(first, 103)
  hall.obey(second, 103)
  hall.report(103)
  t.same(lab.asked, ['image', 'small', 'small', 'other'])
  t.equal(lab.server.hallAskedAtMs(HALL), undefined)
  t.equal(lab.server.hallAskedAtMs(HALL + 1), undefined)
})

/** A request of the client, and what comes of it behind the fence. */
function askAgain({ lab, hall }: ReturnType<typeof aTransfer>, name: string, nowMs: number) {
  hall.obey(lab.request(anRrq(name), nowMs), nowMs)
  const answer = hall.report(nowMs)
  return { answer, sent: hall.obey(answer, nowMs) }
}

t.test('the same request within a retransmission interval is the same packet twice', async (t) => {
  const under = aTransfer(0)
  const { answer } = askAgain(under, 'image', 999)
  expectAnswer(t, answer, { packets: [], orders: [], events: [{ reason: 'repeated-request' }] })
  t.same(under.lab.asked, ['image'])
})

t.test('later the client has not seen the first packet, which goes out once more', async (t) => {
  const { answer, sent } = askAgain(aTransfer(0), 'image', 1000)
  expectAnswer(t, answer, { packets: [], orders: [{ order: { kind: 'repeat' } }] })
  expectAnswer(t, sent, { packets: [{ kind: 'data', block: 1 }] })
})

t.test('one that had acknowledged something begins anew', async (t) => {
  const under = aTransfer(3)
  const { answer, sent } = askAgain(under, 'image', 2000)
  expectAnswer(t, answer, {
    orders: [{ order: { kind: 'end', outcome: 'restarted' } }, { order: { kind: 'begin' } }],
  })
  expectAnswer(t, sent, { packets: [{ block: 1 }], sent: [{ channel: 101 }] })
  expectAnswer(t, under.hall.report(2000), {
    events: [
      { event: 'tftp.transfer.ended', outcome: 'restarted', bytes: 1536 },
      { event: 'tftp.transfer.started' },
    ],
  })
  t.match(under.lab.server.counters(), { running: 1, outcomes: { restarted: 1 } })
})

t.test('RFC 1350 section 4: another file from the same port ends the first', async (t) => {
  const { answer } = askAgain(aTransfer(0), 'small', 5)
  expectAnswer(t, answer, {
    orders: [{ order: { kind: 'end', outcome: 'restarted' } }],
    packets: [{ kind: 'data', block: 1 }],
  })
})

t.test('a transfer is not repeated to another phone that has taken the address', async (t) => {
  const under = aTransfer(0)
  under.lab.owners.set(CLIENT, '000E84C060A6' as Mac)
  const { answer } = askAgain(under, 'image', 1000)
  expectAnswer(t, answer, {
    orders: [{ order: { kind: 'end', outcome: 'restarted' } }, { order: { kind: 'begin' } }],
  })
  t.same(under.lab.asked, ['image', 'image'], 'what it gets is looked up for it')
})

t.test('an order about a transfer that has ended meanwhile changes nothing', async (t) => {
  const { hall } = aTransfer(LAST_BLOCK)
  for (const order of [{ kind: 'repeat' }, { kind: 'end', outcome: 'displaced' }] as const) {
    t.same(hall.hall.onOrder({ ...order, id: 1 }, 5), [])
  }
})

t.test('a repeated request is not sent again for ever', async (t) => {
  const { hall } = aTransfer(3)
  // It had acknowledged; the listener's side did not know that yet.
  t.same(hall.hall.onOrder({ kind: 'repeat', id: 1 }, 5000), [])
})

t.test('a client has as many transfers as it may, here and in halls together', async (t) => {
  const { lab, hall } = aTransfer(0, { maxTransfersPerClient: 2 })
  for (const clientPort of [5, 6]) hall.obey(lab.request(anRrq('small'), 1, { clientPort }), 1)
  expectAnswer(t, hall.report(1), {
    packets: [{ block: 1 }],
    events: [{ name: 'small' }, { reason: 'too-many-transfers' }],
  })
})

t.test(
  'a full server gives up the oldest that nobody acknowledged, wherever it runs',
  async (t) => {
    const limits = { maxTransfers: 2 }
    const third = { client: (OTHER_CLIENT + 1) as Ipv4 }
    const fourth = { client: (OTHER_CLIENT + 2) as Ipv4 }
    t.test('in a hall', async (t) => {
      const { lab, hall } = aTransfer(0, limits)
      lab.request(anRrq('small'), 1, { client: OTHER_CLIENT })
      const answer = lab.request(anRrq('small'), 2, third)
      expectAnswer(t, answer, {
        orders: [{ order: { kind: 'end', outcome: 'displaced' } }],
        packets: [{ block: 1 }],
      })
      hall.obey(answer, 2)
      expectAnswer(t, hall.report(2), { events: [{ outcome: 'displaced' }] })
      expectAnswer(t, lab.request(anRrq('image'), 3, fourth), {
        events: [{ client: OTHER_CLIENT, outcome: 'displaced' }],
        orders: [{ order: { kind: 'begin' } }],
      })
    })
    t.test('here, where the one in the hall is younger', async (t) => {
      const lab = new TftpLab(FILES, limits)
      new HallLab(lab, HALL)
      lab.request(anRrq('small'), 0, { client: OTHER_CLIENT })
      lab.request(anRrq('image'), 1)
      expectAnswer(t, lab.request(anRrq('small'), 2, third), {
        events: [{ client: OTHER_CLIENT, outcome: 'displaced' }, { name: 'small' }],
        orders: [],
      })
    })
    t.test('none that was acknowledged', async (t) => {
      const { lab, hall } = aTransfer(1, { maxTransfers: 1 })
      expectAnswer(t, lab.request(anRrq('small'), 2, third), {
        packets: [],
        events: [{ reason: 'too-many-transfers' }],
      })
      hall.ack(2, 3)
      t.equal(hall.hall.takeReport(), undefined, 'an ACK like others is not told of')
    })
  },
)

t.test('of several halls the least busy one is taken, and one for all of a client', async (t) => {
  const lab = new TftpLab(FILES)
  for (const number of [1, 2]) new HallLab(lab, number)
  const [first] = lab.request(anRrq('image'), 0).orders
  const [second] = lab.request(anRrq('image'), 0, { client: OTHER_CLIENT }).orders
  t.same([first?.hall, second?.hall], [1, 2])
  lab.server.onHallLost(1, 5)
  const [third] = lab.request(anRrq('image'), 6).orders
  t.equal(third?.hall, 2)
  const answer = lab.server.onHallReport(
    2,
    { notes: [], drops: lab.server.counters().drops, errorsWithheld: 0, fences: [] },
    7,
  )
  t.same(answer, [])
})

t.test('all files of a client are sent by one hall', async (t) => {
  const { lab, hall } = aTransfer(1)
  new HallLab(lab, HALL + 1)
  hall.obey(lab.request(anRrq('other'), 1, { clientPort: 5 }), 1)
  expectAnswer(t, hall.report(1), { orders: [{ hall: HALL, order: { kind: 'begin' } }] })
})

t.test('a hall that is lost loses its transfers, and nobody waits for it', async (t) => {
  const { lab, hall } = aTransfer(3)
  const progress = {
    event: 'tftp.transfer.progress',
    client: CLIENT,
    clientTid: CLIENT_PORT,
  } as const
  const told = { ...progress, atMs: 9, mac: null, name: 'image', sizeBytes: 8192, bytes: 1536 }
  const strange = { ...told, clientTid: 1 }
  lab.server.onHallReport(
    HALL,
    {
      notes: [
        { kind: 'event', event: told },
        { kind: 'event', event: strange },
      ],
      drops: lab.server.counters().drops,
      errorsWithheld: 0,
      fences: [77],
    },
    9,
  )
  lab.request(anRrq('other'), 50, { clientPort: 5 })
  const effects = lab.server.onHallLost(HALL, 60)
  t.match(effects, [
    {
      event: { event: 'tftp.transfer.ended', outcome: 'lost', bytes: 1536, ms: 60, name: 'image' },
    },
    { event: { event: 'tftp.transfer.started', name: 'other' } },
    { kind: 'send-blocks' },
  ])
  t.match(lab.server.counters(), { running: 1, outcomes: { lost: 1 } })
  t.equal(lab.server.hallAskedAtMs(HALL), undefined)
  // What it had still said arrives, or does not: it concerns nobody any more.
  hall.ack(4, 61)
  hall.ack(5, 62)
  expectAnswer(t, hall.report(63), { packets: [], orders: [] })
  t.match(lab.server.counters(), { running: 1 })
})

t.test('the server ends, and with it what runs in halls', async (t) => {
  const { lab } = aTransfer(3)
  t.match(lab.server.stop(40), [{ event: { outcome: 'stopped', ms: 40 } }])
  t.match(lab.server.counters(), { running: 0, outcomes: { stopped: 1 } })
})

t.test('what a hall sends again and gives up is told', async (t) => {
  const { lab, hall } = aTransfer(1)
  for (let nowMs = 100; nowMs < 120_000; nowMs += 100) hall.hall.onWake(nowMs)
  t.equal(hall.hall.nextWakeAtMs, undefined)
  hall.report(120_000)
  const { outcomes, repeats } = lab.server.counters()
  t.equal(outcomes['timed-out'], 1)
  t.ok(repeats > 0)
})

t.test('packets that move nothing are counted wherever they come in', async (t) => {
  const { lab, hall } = aTransfer(1)
  hall.ack(1, 5)
  expectAnswer(t, hall.ack(1, 5, { client: FOREIGNER }), { packets: [] })
  hall.hall.replaceClientSubnets([parseSubnet('198.51.100.0/24') as Subnet])
  for (let count = 0; count < 50; count++) hall.ack(1, 6, { client: FOREIGNER })
  hall.report(7)
  const { drops, errorsWithheld } = lab.server.counters()
  t.equal(drops['stale-ack'], 1)
  t.equal(drops['unknown-tid'], 51)
  t.ok(errorsWithheld > 0 && errorsWithheld < 50)
})

t.test('so many requests may wait, and no more', async (t) => {
  const { lab } = aTransfer(1)
  for (let count = 0; count < 4096; count++) lab.request(anRrq('small'), 5, { clientPort: count })
  expectAnswer(t, lab.request(anRrq('small'), 5, { clientPort: 5000 }), {
    events: [{ event: 'tftp.request.ignored', reason: 'too-many-held' }],
    orders: [],
  })
})

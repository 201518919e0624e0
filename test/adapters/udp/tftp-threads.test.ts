import { setTimeout } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { parseSubnet, type Subnet } from '../../../src/net/subnet.ts'
import { DEFAULT_RETRY_POLICY } from '../../../src/tftp/retransmission-timer.ts'
import { anOpenTftpEndpoint } from '../../support/a-tftp-endpoint.ts'
import { anRrq, numbered } from '../../support/tftp-lab.ts'
import { TftpReader } from '../../support/tftp-reader.ts'

const FILES = { small: numbered(300), image: numbered(100_000), config: numbered(2000) }
const SUBNET = parseSubnet('127.0.0.0/8') as Subnet
/** Nothing is sent again by itself, however slow the machine. */
const PATIENT = { ...DEFAULT_RETRY_POLICY, baseMs: 60_000, minMs: 60_000, maxMs: 60_000 }

async function anEndpointWithThreads(t: Test, count: number, sockets: 'auto' | 'plain' = 'auto') {
  const settings = {
    clientSubnets: [SUBNET],
    retry: PATIENT,
    maxBlockSize: 65_464,
    maxWindowSize: 64,
  }
  const opened: number[] = []
  const waiting: (() => void)[] = []
  const made = await anOpenTftpEndpoint(
    t,
    FILES,
    { sockets, retry: PATIENT, threads: { count, settings } },
    (thread) => {
      opened.push(thread)
      for (const go of waiting.splice(0)) go()
    },
  )
  const untilOpened = async (wanted: number) => {
    while (opened.length < wanted) await new Promise<void>((resolve) => waiting.push(resolve))
  }
  // Its socket keeps the process alive; threads do not.
  const reader = await TftpReader.open(made.listener)
  t.teardown(() => reader.close())
  await untilOpened(count)
  return { ...made, reader, opened, untilOpened }
}

for (const sockets of ['auto', 'plain'] as const) {
  t.test(`a larger file arrives whole from a thread of its own (${sockets})`, async (t) => {
    const { reader, events, faults, endpoint } = await anEndpointWithThreads(t, 2, sockets)
    for (const name of ['image', 'small', 'image', 'config'] as const) {
      const { bytes } = await reader.read(anRrq(name))
      t.ok(Buffer.from(bytes).equals(Buffer.from(FILES[name])), name)
    }
    await reader.settle()
    t.same(
      events.flatMap((event) =>
        'name' in event && event.event !== 'tftp.transfer.progress'
          ? [`${event.event} ${event.name}`]
          : [],
      ),
      ['image', 'small', 'image', 'config'].flatMap((name) => [
        `tftp.transfer.started ${name}`,
        `tftp.transfer.ended ${name}`,
      ]),
      'in the order in which the client saw it, though threads are in between',
    )
    t.match(endpoint.server.counters(), { running: 0, outcomes: { complete: 4 } })
    t.same(faults, [])
  })
}

t.test(
  'a thread that dies takes its transfers along, and no other; another takes its place',
  async (t) => {
    const under = await anEndpointWithThreads(t, 1)
    const { reader, endpoint, events, faults, opened } = under
    reader.send(anRrq('image'))
    const first = await reader.next()
    t.match(first.packet, { kind: 'data', block: 1 })
    const other = await TftpReader.open(under.listener)
    t.teardown(() => other.close())
    endpoint.endThread(1)
    await under.untilOpened(2)
    t.same(opened, [1, 2])
    t.match(
      events.filter(({ event }) => event === 'tftp.transfer.ended'),
      [{ outcome: 'lost', name: 'image' }],
    )
    t.match(faults, [/a thread that sends TFTP files ended/])
    for (const name of ['small', 'image'] as const) {
      const { bytes } = await other.read(anRrq(name))
      t.ok(Buffer.from(bytes).equals(Buffer.from(FILES[name])), `${name}, from whatever is there`)
    }
  },
)

t.test('while there is no thread, larger files are sent all the same', async (t) => {
  const { reader, endpoint, untilOpened, faults } = await anEndpointWithThreads(t, 1)
  endpoint.endThread(1)
  while (faults.length === 0) await setTimeout(1)
  const { bytes } = await reader.read(anRrq('image'))
  t.ok(Buffer.from(bytes).equals(Buffer.from(FILES.image)))
  await untilOpened(2)
})

t.test('edited subnets hold in threads, too', async (t) => {
  const { reader, endpoint, events } = await anEndpointWithThreads(t, 1)
  reader.send(anRrq('image'))
  const { from } = await reader.next()
  endpoint.replaceClientSubnets([])
  const { port } = from
  reader.send({ kind: 'ack', block: 1 }, port)
  t.match((await reader.next()).packet, { kind: 'data', block: 2 }, 'what runs goes on')
  t.match(events, [{ event: 'tftp.transfer.started' }])
})

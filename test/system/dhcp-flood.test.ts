import { randomBytes } from 'node:crypto'
import t from 'tap'
import { dhcpBytes } from '../support/dhcp-bytes.ts'
import { aLoopbackBench } from './support/loopback-bench.ts'
import { ASK_FOR_PORT, LoopbackClients } from './support/loopback-clients.ts'
import { residentKib } from './support/resident-memory.ts'

const DATAGRAMS = 100_000

/** How many go out before a good one must be answered: less than the server's socket buffers. */
const BURST = 250

/** How often a good one is sent before the server counts as dead, and how long each time waits. */
const PATIENT = { tries: 20, eachMs: 500 }

/**
 * What the resident memory may grow by between the second and the last fifth of the datagrams.
 * A leak of one message each would be 90 MiB; the collector's own to and fro stays below this.
 */
const GROWTH_KIB = 12 * 1024

t.setTimeout(300_000)

/** One octet as hex. */
const octet = (value: number) => (value & 255).toString(16).padStart(2, '0')

/** A DISCOVER through the relay agent that the bench is, with these octets for options. */
function relayedDiscover(options: string, hlen = '06'): Uint8Array {
  const datagram = dhcpBytes({ options, hlen })
  datagram.set([127, 84, 0, 1], 24)
  return datagram
}

const GOOD = relayedDiscover(`350101 ${ASK_FOR_PORT} ff`)

/** Malformed datagrams, each kind in turn; `index` makes each one different. */
const KINDS: readonly ((index: number) => Uint8Array)[] = [
  (index) => randomBytes(index % 1472),
  (index) => GOOD.subarray(0, index % 240),
  (index) => relayedDiscover(`350101 ${octet(1 + (index % 254))} ff 00`),
  (index) => relayedDiscover('350101 ff', octet(17 + (index % 239))),
  (index) => relayedDiscover(`${`${octet(1 + (index % 52))}00`.repeat(600)}ff`),
  (index) => relayedDiscover(`3501${octet(9 + (index % 247))} ff`),
  (index) => relayedDiscover(`350101 5203 01${octet(2 + (index % 250))}00 ff`),
  (index) => relayedDiscover(`350101 52${octet(index)} 0105 ff`),
  (index) => relayedDiscover(`350101 3401${octet(index)} ${'52ff'.repeat(20)}`),
  (index) => relayedDiscover(`${'350101'.repeat(1 + (index % 300))} 3dff`),
]

/** The kinds take turns. */
function malformed(index: number): Uint8Array {
  const kind = KINDS[index % KINDS.length]
  return kind?.(Math.floor(index / KINDS.length)) ?? new Uint8Array()
}

t.test('100,000 malformed datagrams: good ones are answered in between, no growth', async (t) => {
  const { appliance, apiUrl, dhcpPort } = await aLoopbackBench(t, { loads: [], admit: 'anyone' })
  const { relay } = await LoopbackClients.behindRelay(t, dhcpPort)
  const memory: number[] = []
  let unanswered = 0
  for (let sent = 0; sent < DATAGRAMS; sent += BURST) {
    const burst = Array.from({ length: BURST }, (_, index) => malformed(sent + index))
    await Promise.all(burst.map((datagram) => relay.send(datagram)))
    // Also says that the burst was worked off: sockets are emptied in order.
    if ((await relay.relay(GOOD, PATIENT)) === undefined) unanswered++
    memory.push(residentKib(appliance.pid))
  }
  t.equal(unanswered, 0, 'each burst was followed by a DISCOVER that was answered')
  const base = median(memory.slice(memory.length * 0.2, memory.length * 0.4))
  const end = median(memory.slice(memory.length * 0.8))
  t.comment(`${base} KiB resident after ${DATAGRAMS * 0.3} datagrams, ${end} KiB at the end`)
  t.ok(end - base < GROWTH_KIB, `grown by ${end - base} KiB`)
  const metrics = await (await fetch(`${apiUrl}/metrics`)).text()
  const seen = (pattern: RegExp) =>
    Array.from(metrics.matchAll(pattern), ([, count]) => Number(count)).reduce((a, b) => a + b, 0)
  const dropped = seen(/^switchhook_dhcp_faults_total\{.*malformed.*\} (\d+)$/gm)
  const explained = seen(/^switchhook_dhcp_events_total\{.*\} (\d+)$/gm)
  t.comment(`${dropped} dropped as malformed, ${explained} read and explained by an event`)
  t.ok(dropped > DATAGRAMS / 4, 'the decoder refused what cannot be read')
  t.ok(dropped + explained >= DATAGRAMS * 0.99, 'and hardly any was lost before it got there')
  const [op] = (await relay.relay(GOOD, PATIENT)) ?? []
  t.equal(op, 2, 'a good one gets its OFFER at the end too')
  t.equal(await appliance.stop(), 0, 'and it ends as it should')
})

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}

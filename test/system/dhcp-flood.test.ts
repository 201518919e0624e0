import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { dhcpBytes } from '../support/dhcp-bytes.ts'
import { aLoopbackBench } from './support/loopback-bench.ts'

const DATAGRAMS = 100_000

/** Sending stops here at the latest, so that a busy machine makes the test smaller and not longer. */
const FLOOD_MS = 20_000

/** How many go out before a good one must be answered: about as many as a socket buffers. */
const BURST = 50

/** How often a good one is sent before the server counts as dead, and how long each time waits. */
const TRIES = 20
const ANSWER_WITHIN_MS = 500

/** After this many its memory is looked at for the first time. */
const WARM_UP = 5000

/** What the process may grow by; its caches and its counters of faults are bounded. */
const GROWTH_KIB = 64 * 1024

t.setTimeout(300_000)

/** One octet as hex. */
const octet = (value: number) => (value & 255).toString(16).padStart(2, '0')

/** A DISCOVER through the relay agent that the bench is, with these octets for options. */
function relayedDiscover(options: string, hlen = '06'): Uint8Array {
  const datagram = dhcpBytes({ options, hlen })
  datagram.set([127, 84, 0, 1], 24)
  return datagram
}

/** RFC 8357: sub-option 19 asks for the answer at the port that it came from. */
const GOOD = relayedDiscover('350101 5202 1300 ff')

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

/** The resident memory of a process, in KiB. */
function residentKib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1])
}

/** The relay agent of the bench: sends to the server, and hears what it answers. */
async function aRelayAgent(t: Test, port: number) {
  const socket = createSocket('udp4')
  t.teardown(() => socket.close())
  socket.bind(0, '127.84.0.1')
  await once(socket, 'listening')
  const answered = new Set<string>()
  socket.on('message', (bytes) => {
    if (bytes[0] === 2) answered.add(bytes.toString('hex', 4, 8))
  })
  const send = (datagram: Uint8Array) =>
    new Promise((resolve) => socket.send(datagram, port, '127.0.0.1', resolve))
  const isAnswered = async () => {
    const xid = randomBytes(4)
    const good = Buffer.from(GOOD)
    good.set(xid, 4)
    for (let tries = 0; tries < TRIES; tries++) {
      await send(good)
      const until = Date.now() + ANSWER_WITHIN_MS
      do {
        await pause(1)
        if (answered.delete(xid.toString('hex'))) return true
      } while (Date.now() < until)
    }
    return false
  }
  return { send, isAnswered }
}

t.test(
  'a flood of malformed datagrams: good ones are answered in between, no growth',
  async (t) => {
    const { appliance, apiUrl, dhcpPort } = await aLoopbackBench(t, { loads: [], admit: 'anyone' })
    const { send, isAnswered } = await aRelayAgent(t, dhcpPort)
    const until = Date.now() + FLOOD_MS
    let before = 0
    let sent = 0
    let unanswered = 0
    while (sent < DATAGRAMS && unanswered === 0 && Date.now() < until) {
      const burst = Array.from({ length: BURST }, (_, index) => malformed(sent + index))
      await Promise.all(burst.map(send))
      sent += BURST
      if (!(await isAnswered())) unanswered++
      // What it needs to run at all it has taken by now.
      if (sent === WARM_UP) before = residentKib(appliance.pid)
    }
    const grown = residentKib(appliance.pid) - before
    t.equal(unanswered, 0, 'each burst was followed by a DISCOVER that was answered')
    t.ok(sent > 2 * WARM_UP, `${sent} datagrams`)
    t.ok(grown < GROWTH_KIB, `grown by ${grown} KiB`)
    const metrics = await (await fetch(`${apiUrl}/metrics`)).text()
    const counts = metrics.matchAll(/^switchhook_dhcp_faults_total\{.*malformed.*\} (\d+)$/gm)
    const counted = Array.from(counts, ([, count]) => Number(count)).reduce((a, b) => a + b, 0)
    t.ok(counted > sent / 4, `${counted} of ${sent} were counted as malformed`)
    t.equal(await appliance.stop(), 0, 'and it ends as it should')
  },
)

import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import t, { type Test } from 'tap'
import {
  DhcpEndpoint,
  type DhcpEndpointPorts,
  type DhcpEngine,
  type DhcpWatcher,
} from '../../../src/adapters/udp/dhcp-endpoint.ts'
import type { DhcpListenSettings } from '../../../src/adapters/udp/dhcp-sockets.ts'
import { type Libc, type LoadedLibc, loadLibc } from '../../../src/adapters/udp/native/libc.ts'
import { SystemCallError } from '../../../src/adapters/udp/native/system-call-error.ts'
import type { Arrival, DhcpEffect, ReplyDestination } from '../../../src/dhcp/effect.ts'
import type { LeaseChange } from '../../../src/leases/binding.ts'
import { type Ipv4, parseIpv4 } from '../../../src/net/ipv4.ts'
import type { DhcpMessage } from '../../../src/wire/dhcp/message.ts'
import { dhcpBytes } from '../../support/dhcp-bytes.ts'

const loopback = parseIpv4('127.0.0.1') as Ipv4
const relayed: DhcpListenSettings = { interfaces: [], relayedAddresses: [loopback], port: 0 }
const onLoopback: DhcpListenSettings = {
  interfaces: [{ interfaceName: 'lo', localAddress: loopback }],
  relayedAddresses: [loopback],
  port: 0,
}
const plain: LoadedLibc = { kind: 'missing', reason: 'a test says so' }
const commitEffect: DhcpEffect = {
  kind: 'commit',
  changes: [{ kind: 'delete', scope: 'bench', address: loopback }],
}

/** An engine whose answers are the test's. */
type Answers = {
  onMessage?: (message: DhcpMessage, arrival: Arrival) => readonly DhcpEffect[]
  onWake?: () => readonly DhcpEffect[]
  onProbeResult?: (inUse: boolean | null) => readonly DhcpEffect[]
}

/** An endpoint, a client on loopback, and a list of what the endpoint told. */
async function aLab(
  t: Test,
  answers: Answers,
  {
    settings = relayed,
    loaded = plain,
    commit = async () => {},
    watcher,
  }: {
    settings?: DhcpListenSettings
    loaded?: LoadedLibc
    commit?: (changes: readonly LeaseChange[]) => Promise<void>
    watcher?: DhcpWatcher
  } = {},
) {
  const reported: string[] = []
  const engine: DhcpEngine = {
    handle: (message, arrival) => answers.onMessage?.(message, arrival) ?? [],
    onWake: () => answers.onWake?.() ?? [],
    onProbeResult: (_address, _interface, inUse) => answers.onProbeResult?.(inUse) ?? [],
  }
  const ports: DhcpEndpointPorts = {
    commit,
    onEvent: ({ event }) => reported.push(event),
    onDropped: (dropped, { sourcePort }) => {
      const why = dropped.reason === 'malformed' ? dropped.error.code : dropped.reason
      reported.push(`dropped ${why} ${sourcePort > 0}`)
    },
    onSendFailed: (code, interfaceName) => reported.push(`send failed ${code} ${interfaceName}`),
    onCommitFailed: (error, lost) =>
      reported.push(`commit failed ${(error as Error).message} ${lost}`),
    onFault: (error) => reported.push(`fault ${error}`),
    ...(watcher === undefined ? {} : { watcher }),
    clockMs: Date.now,
  }
  const endpoint = new DhcpEndpoint(engine, ports)
  const { port, missing } = await endpoint.open(settings, { loaded })
  const client = createSocket('udp4').bind(0, '127.0.0.1')
  await once(client, 'listening')
  t.teardown(async () => {
    client.close()
    await endpoint.close()
  })
  const send = (bytes: Uint8Array) => client.send(bytes, port, '127.0.0.1')
  return { endpoint, client, port, missing, reported, send }
}

const replyTo = (
  client: Socket,
  parts: Partial<ReplyDestination> = {},
): Extract<DhcpEffect, { kind: 'send' }> => ({
  kind: 'send',
  bytes: Uint8Array.of(7),
  destination: {
    interfaceName: null,
    localAddress: loopback,
    address: loopback,
    port: client.address().port,
    hardwareAddress: null,
    ...parts,
  },
})

const discover = dhcpBytes({ options: '350101 ff' })

t.test('a datagram reaches the engine with how it came in, and the reply its sender', async (t) => {
  const arrivals: Arrival[] = []
  const xids: number[] = []
  const lab = await aLab(t, {
    onMessage: ({ xid }, arrival) => {
      arrivals.push(arrival)
      xids.push(xid)
      return [replyTo(lab.client)]
    },
  })
  lab.send(discover)
  const [bytes, from] = await once(lab.client, 'message')
  t.same([...bytes], [7])
  t.equal(from.port, lab.port)
  t.same(xids, [0x84c060a6])
  const sourcePort = lab.client.address().port
  const arrival = {
    interfaceName: null,
    localAddress: loopback,
    sourceAddress: loopback,
    sourcePort,
  }
  t.same(arrivals, [arrival])
})

t.test('a watcher sees what was understood and what leaves, as octets', async (t) => {
  const seen: string[] = []
  const watcher: DhcpWatcher = {
    onReceived: (bytes, { localAddress }) =>
      seen.push(`> ${bytes.length} ${localAddress === loopback}`),
    onSent: (bytes, { port }) => seen.push(`< ${bytes.length} ${port > 0}`),
  }
  const lab = await aLab(t, { onMessage: () => [replyTo(lab.client)] }, { watcher })
  lab.send(Uint8Array.of(1, 2, 3))
  lab.send(discover)
  await once(lab.client, 'message')
  t.same(seen, [`> ${discover.length} true`, '< 1 true'])
})

t.test('what is no DHCP message is told by its code, and the next one is served', async (t) => {
  const lab = await aLab(t, { onMessage: () => [replyTo(lab.client)] })
  lab.send(Buffer.alloc(0))
  lab.send(discover.subarray(0, 239))
  lab.send(Buffer.alloc(300))
  lab.send(dhcpBytes({ options: '35ff' }))
  lab.send(discover)
  await once(lab.client, 'message')
  t.same(lab.reported, [
    'dropped TRUNCATED true',
    'dropped TRUNCATED true',
    'dropped BAD_MAGIC true',
    'dropped BAD_LENGTH true',
  ])
  t.match(lab.endpoint.traffic(), [{ interfaceName: null, received: 5, dropped: 4 }])
})

t.test('RFC 2131 section 3.1 step 4: a reply waits for the disk, also at the end', async (t) => {
  let commits = 0
  let finishCommit: () => void = () => {}
  const lab = await aLab(
    t,
    { onMessage: () => [commitEffect, replyTo(lab.client)] },
    {
      commit: () => {
        commits++
        return new Promise((resolve) => (finishCommit = resolve))
      },
    },
  )
  const replies: unknown[] = []
  lab.client.on('message', (bytes) => replies.push(bytes))
  lab.send(discover)
  while (commits === 0) await new Promise((resolve) => setImmediate(resolve))
  t.equal(replies.length, 0)
  const closed = lab.endpoint.close()
  const answered = once(lab.client, 'message')
  finishCommit()
  await closed
  await answered
  t.equal(replies.length, 1)
})

t.test('messages beyond what may wait for the disk are dropped before the engine', async (t) => {
  let handled = 0
  let finishCommit: () => void = () => {}
  const lab = await aLab(
    t,
    {
      onMessage: () => {
        handled++
        return [commitEffect]
      },
    },
    { commit: () => new Promise((resolve) => (finishCommit = resolve)) },
  )
  while (lab.reported.length === 0) {
    for (let count = 0; count < 50; count++) lab.send(discover)
    await new Promise((resolve) => setImmediate(resolve))
  }
  t.equal(handled, 4096)
  t.equal(lab.reported[0], 'dropped queue-full true')
  const ending = setInterval(() => finishCommit(), 1)
  await lab.endpoint.close()
  clearInterval(ending)
})

t.test('the engine is woken at the start, and whenever it asks for it', async (t) => {
  let wakes = 0
  const lab = await aLab(t, {
    onWake: () => {
      wakes++
      return wakes < 3 ? [{ kind: 'wake', atMs: Date.now() }] : [replyTo(lab.client)]
    },
  })
  t.equal(wakes, 1)
  await once(lab.client, 'message')
  t.equal(wakes, 3)
})

t.test('without rights a probe is answered with unknown, and the start says so', async (t) => {
  const results: (boolean | null)[] = []
  const lab = await aLab(t, {
    onMessage: () => [{ kind: 'probe', address: loopback, interfaceName: null, waitMs: 60_000 }],
    onProbeResult: (inUse) => {
      results.push(inUse)
      return [replyTo(lab.client)]
    },
  })
  lab.send(discover)
  await once(lab.client, 'message')
  t.same(results, [null])
  t.match(lab.missing, [/a test says so/])
})

t.test('a reply that cannot be sent is reported and does no harm', async (t) => {
  const nowhere = parseIpv4('192.0.2.1') as Ipv4
  const reserved = parseIpv4('240.0.0.1') as Ipv4
  const lab = await aLab(t, {
    onMessage: () => [
      replyTo(lab.client, { localAddress: nowhere }),
      replyTo(lab.client, { port: 0 }),
      replyTo(lab.client, { address: reserved }),
      replyTo(lab.client),
    ],
  })
  lab.send(discover)
  await once(lab.client, 'message')
  while (lab.reported.length < 3) await new Promise((resolve) => setImmediate(resolve))
  t.same(lab.reported.slice(0, 2), ['send failed NO_SOCKET null', 'send failed EINVAL null'])
  t.match(lab.reported[2], /^send failed E[A-Z]+ null$/)
  t.match(lab.endpoint.traffic(), [{ sendFailures: 3 }])
})

t.test('an interface has sockets of its own, on one port', async (t) => {
  const loaded = await loadLibc()
  const arrivals: Arrival[] = []
  const answers: Answers = {
    onMessage: (_message, arrival) => {
      arrivals.push(arrival)
      return [replyTo(lab.client, { interfaceName: 'lo' }), replyTo(lab.client)]
    },
  }
  const lab = await aLab(t, answers, { settings: onLoopback, loaded })
  const replies: unknown[] = []
  lab.client.on('message', (bytes) => replies.push(bytes))
  lab.send(discover)
  while (replies.length < 2) await once(lab.client, 'message')
  t.match(arrivals, [{ interfaceName: 'lo', localAddress: loopback }])
  t.match(lab.endpoint.traffic(), [{ interfaceName: 'lo', received: 1 }, { interfaceName: null }])
})

t.test('a port that another program has is told, though our own sockets share it', async (t) => {
  const loaded = await loadLibc()
  const other = createSocket({ type: 'udp4', reuseAddr: true }).bind(0, '0.0.0.0')
  await once(other, 'listening')
  const endpoint = new DhcpEndpoint(
    { handle: () => [], onWake: () => [], onProbeResult: () => [] },
    {
      commit: async () => {},
      onEvent: () => {},
      onDropped: () => {},
      onSendFailed: () => {},
      onCommitFailed: () => {},
      onFault: () => {},
      clockMs: Date.now,
    },
  )
  const settings = { ...onLoopback, port: other.address().port }
  await t.rejects(endpoint.open(settings, { loaded }), {
    code: 'EADDRINUSE',
    message: /interface lo/,
  })
  await endpoint.close()
  other.close()
})

t.test(
  'RFC 2131 section 4.1: a broadcast where a frame to the client cannot be sent',
  async (t) => {
    const loaded = await loadLibc()
    if (loaded.kind === 'missing') throw new Error(loaded.reason)
    const sent: string[] = []
    const withoutRaw: Libc = {
      ...loaded.libc,
      socket: (domain, type, protocol) => {
        if (domain === 17) throw new SystemCallError('socket', 'EPERM')
        return loaded.libc.socket(domain, type, protocol)
      },
    }
    const hearing = createSocket({ type: 'udp4', reuseAddr: true }).bind(0, '0.0.0.0')
    await once(hearing, 'listening')
    hearing.on('message', (_bytes, { address }) => sent.push(address))
    const answers: Answers = {
      onMessage: () => [
        replyTo(hearing, {
          interfaceName: 'lo',
          address: parseIpv4('192.0.2.50') as Ipv4,
          hardwareAddress: Uint8Array.of(0, 14, 132, 192, 96, 166),
        }),
      ],
    }
    const lab = await aLab(t, answers, {
      settings: onLoopback,
      loaded: { kind: 'ok', libc: withoutRaw },
    })
    t.match(lab.missing[0], /CAP_NET_RAW/)
    lab.send(discover)
    await once(hearing, 'message')
    t.same(sent, ['127.0.0.1'], 'from our address on the interface')
    hearing.close()
  },
)

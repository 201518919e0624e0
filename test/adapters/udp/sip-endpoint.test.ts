import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import t, { type Test } from 'tap'
import { SipEndpoint, type SipEndpointParts } from '../../../src/adapters/udp/sip-endpoint.ts'
import type { SipEffect } from '../../../src/call-control/effect.ts'
import { type Ipv4, parseIpv4 } from '../../../src/net/ipv4.ts'

const ip = (text: string) => parseIpv4(text) as Ipv4
const US = ip('127.0.0.1')
const OTHER = ip('127.0.0.2')

function anEndpoint(t: Test, parts: Partial<SipEndpointParts> = {}) {
  const kept: SipEffect[] = []
  const faults: unknown[] = []
  const endpoint = new SipEndpoint({
    onDatagram: ({ bytes, client, clientPort, local }) => [
      { kind: 'send-datagram', bytes: Uint8Array.from(bytes), local, client, clientPort },
    ],
    onEffects: (effects) => kept.push(...effects),
    onFault: (fault) => faults.push(fault),
    ...parts,
  })
  t.teardown(() => endpoint.closeAll())
  return { endpoint, kept, faults }
}

async function aClient(t: Test) {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  t.teardown(() => socket.close())
  return socket
}

t.test('what comes to an address is answered from that address', async (t) => {
  const { endpoint, kept } = anEndpoint(t)
  await endpoint.open(US, 0)
  await endpoint.open(OTHER, 0)
  const client = await aClient(t)
  for (const { address, port } of endpoint.listeners) {
    const text = address === US ? '127.0.0.1' : '127.0.0.2'
    client.send('OPTIONS', port, text)
    const [bytes, from] = (await once(client, 'message')) as [Buffer, RemoteInfo]
    t.equal(bytes.toString(), 'OPTIONS')
    t.match(from, { address: text, port })
  }
  t.equal(kept.length, 2)
})

t.test('an address that is closed is heard no more, and nothing leaves from it', async (t) => {
  const { endpoint } = anEndpoint(t)
  await endpoint.open(US, 0)
  endpoint.close(US)
  endpoint.close(US)
  t.same(endpoint.listeners, [])
  const bytes = Buffer.from('x')
  endpoint.run([{ kind: 'send-datagram', bytes, local: US, client: US, clientPort: 9 }])
})

t.test('a port that is taken says so', async (t) => {
  const first = anEndpoint(t).endpoint
  await first.open(US, 0)
  const port = first.listeners[0]?.port ?? 0
  await t.rejects(anEndpoint(t).endpoint.open(US, port), { code: 'EADDRINUSE' })
})

t.test('what cannot leave is told, and the others go', async (t) => {
  const { endpoint, faults } = anEndpoint(t)
  await endpoint.open(US, 0)
  const bytes = Buffer.from('x')
  endpoint.run([
    // From loopback there is no way out.
    { kind: 'send-datagram', bytes, local: US, client: ip('192.0.2.50'), clientPort: 5060 },
  ])
  for (let turn = 0; turn < 100 && faults.length === 0; turn++) {
    await new Promise((resolve) => setImmediate(resolve))
  }
  t.equal(faults.length, 1)
})

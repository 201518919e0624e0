import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { SccpEndpoint, type SccpEndpointParts } from '../../../src/adapters/tcp/sccp-endpoint.ts'
import type { SccpEffect } from '../../../src/call-control/effect.ts'
import { type Ipv4, parseIpv4 } from '../../../src/net/ipv4.ts'

const US = parseIpv4('127.0.0.1') as Ipv4

async function anEndpoint(t: Test, parts: Partial<SccpEndpointParts> = {}) {
  const closed: number[] = []
  const kept: SccpEffect[] = []
  const endpoint = new SccpEndpoint({
    onConnect: () => [],
    onBytes: (session, bytes) => [{ kind: 'send', session, bytes: Uint8Array.from(bytes) }],
    onClose: (session) => {
      closed.push(session)
      return []
    },
    onEffects: (effects) => kept.push(...effects),
    onFault: () => {},
    ...parts,
  })
  await endpoint.open(US, 0)
  t.teardown(() => endpoint.closeAll())
  return { endpoint, closed, kept, port: endpoint.listeners[0]?.port ?? 0 }
}

async function aClient(t: Test, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  t.teardown(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}

async function until(isSo: () => boolean): Promise<boolean> {
  for (let turn = 0; turn < 500 && !isSo(); turn++) await pause(10)
  return isSo()
}

t.test('bytes go in and come out, and the end of a connection is told', async (t) => {
  const { endpoint, closed, kept, port } = await anEndpoint(t)
  const client = await aClient(t, port)
  client.write('abc')
  const [bytes] = (await once(client, 'data')) as [Buffer]
  t.equal(bytes.toString(), 'abc')
  t.match(kept, [{ kind: 'send', session: 1 }])
  client.end()
  t.ok(await until(() => closed.length === 1))
  t.same(closed, [1])
  t.equal(endpoint.connectionCount, 0)
})

t.test('a connection that the engine closes is gone for the client', async (t) => {
  const places: unknown[] = []
  const { port } = await anEndpoint(t, {
    onConnect: ({ session, client, local }) => {
      places.push(client, local)
      return [{ kind: 'close', session }]
    },
  })
  const client = connect(port, '127.0.0.1')
  client.on('error', () => {})
  await once(client, 'close')
  t.same(places, [US, US])
})

t.test('a client that asks and never reads is cut off within bounds', async (t) => {
  const { endpoint, closed, port } = await anEndpoint(t, {
    onBytes: (session) => [{ kind: 'send', session, bytes: new Uint8Array(300_000) }],
  })
  const client = await aClient(t, port)
  client.pause()
  const asking = setInterval(() => client.write('x'), 5)
  t.teardown(() => clearInterval(asking))
  t.ok(await until(() => closed.length === 1))
  t.equal(endpoint.connectionCount, 0)
})

t.test('a reset by the client is one more way to end', async (t) => {
  const { closed, port } = await anEndpoint(t)
  const client = await aClient(t, port)
  client.resetAndDestroy()
  t.ok(await until(() => closed.length === 1))
})

t.test('when everything is closed, no phone is said to have left', async (t) => {
  const { endpoint, closed, port } = await anEndpoint(t)
  const client = await aClient(t, port)
  t.ok(await until(() => endpoint.connectionCount === 1))
  endpoint.closeAll()
  await once(client, 'close')
  await pause(20)
  t.same(closed, [])
  t.same(endpoint.listeners, [])
  endpoint.run([{ kind: 'send', session: 1, bytes: new Uint8Array(1) }])
  endpoint.run([{ kind: 'close', session: 1 }])
})

t.test('a port that is taken says so', async (t) => {
  const { endpoint, port } = await anEndpoint(t)
  await t.rejects(endpoint.open(US, port), { code: 'EADDRINUSE' })
})

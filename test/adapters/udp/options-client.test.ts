import { createSocket, type Socket } from 'node:dgram'
import type { Test } from 'tap'
import t from 'tap'
import { OptionsClient, type OptionsSocket } from '../../../src/adapters/udp/options-client.ts'
import { ipv4 } from '../../support/values.ts'

const HERE = ipv4('127.0.0.1')
const PLACE = { client: HERE, local: HERE, interfaceName: null }

/** A phone that answers each OPTIONS as it is told to. */
async function aPhone(t: Test, answer: (request: string, count: number) => readonly string[]) {
  const socket = createSocket('udp4')
  const requests: string[] = []
  socket.on('message', (bytes, from) => {
    requests.push(bytes.toString('latin1'))
    for (const text of answer(requests.at(-1) as string, requests.length)) {
      socket.send(text, from.port, from.address)
    }
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  t.teardown(() => socket.close())
  return { port: socket.address().port, requests }
}

function reply(request: string, status: string): string {
  const kept = request.split('\r\n').filter((line) => /^(?:via|from|to|call-id|cseq):/i.test(line))
  const lines = [`SIP/2.0 ${status}`, ...kept, 'Server: Cisco-CP7960G/8.0', 'Content-Length: 0']
  return [...lines, '', ''].join('\r\n')
}

t.test('a phone is asked once, and its answer is read', async (t) => {
  const { port, requests } = await aPhone(t, (request) => [
    'noise',
    reply(request, '100 Trying'),
    reply(request, '200 OK'),
  ])
  const answer = await new OptionsClient(() => null, port).ask(PLACE)
  t.same(answer, { cisco: { version: '8.0', model: '7960' } })
  t.equal(requests.length, 1)
})

t.test('the same octets go out again, twice at most', async (t) => {
  const { port, requests } = await aPhone(t, (request, count) =>
    count < 3 ? [] : [reply(request, '404 Not Found')],
  )
  const answer = await new OptionsClient(() => null, port).ask(PLACE)
  t.match(answer, { cisco: { version: '8.0' } })
  t.equal(requests.length, 3)
  t.equal(new Set(requests).size, 1)
})

t.test('who does not answer is asked three times, and then left', async (t) => {
  const { port, requests } = await aPhone(t, () => [])
  t.equal(await new OptionsClient(() => null, port).ask(PLACE), null)
  t.equal(requests.length, 3)
})

t.test('an address that is not ours sends nothing', async (t) => {
  const place = { ...PLACE, local: ipv4('192.0.2.1') }
  t.equal(await new OptionsClient(() => null, 1).ask(place), null)
})

t.test('our SIP socket is used where there is one, and its other datagrams are left', async (t) => {
  const { port } = await aPhone(t, (request) => [reply(request, '200 OK')])
  const ours: Socket = createSocket('udp4')
  await new Promise<void>((resolve) => ours.bind(0, '127.0.0.1', resolve))
  const taken: boolean[] = []
  let isOpen = true
  const shared = (): OptionsSocket => ({
    port: ours.address().port,
    send: (bytes, _client, clientPort) => ours.send(bytes, clientPort, '127.0.0.1'),
    listen: (onDatagram) =>
      void ours.on('message', (bytes) => {
        taken.push(onDatagram(new Uint8Array(Buffer.from('REGISTER')), HERE))
        taken.push(onDatagram(bytes, ipv4('127.0.0.2')))
        taken.push(onDatagram(bytes, HERE))
      }),
    close: () => {
      isOpen = false
    },
  })
  const answer = await new OptionsClient(shared, port).ask(PLACE)
  t.match(answer, { cisco: { model: '7960' } })
  t.same(taken, [false, false, true])
  t.notOk(isOpen)
  ours.close()
})

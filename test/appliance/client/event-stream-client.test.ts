import t from 'tap'
import { followStream, type StreamMessage } from '../../../appliance/client/event-stream-client.ts'

/** A source whose connections give these texts one after the other; each asked with what it was opened with. */
function aSource(connections: readonly (string | Error)[]) {
  const asked: (string | null)[] = []
  let lost = 0
  const open = async (lastEventId: string | null) => {
    asked.push(lastEventId)
    const text = connections[asked.length - 1]
    if (text === undefined || text instanceof Error) throw text ?? new Error('no more connections')
    return inPieces(text)
  }
  const mayPass = (error: unknown) => error instanceof TypeError
  return { asked, lost: () => lost, source: { open, mayPass, onLost: () => void lost++ } }
}

/** Byte by byte, so that every line end and every character of two bytes is cut once. */
async function* inPieces(text: string): AsyncGenerator<Uint8Array> {
  for (const byte of new TextEncoder().encode(text)) yield Uint8Array.of(byte)
}

async function take(count: number, stream: AsyncIterable<StreamMessage>) {
  const messages: StreamMessage[] = []
  for await (const message of stream) if (messages.push(message) === count) break
  return messages
}

t.test('WHATWG HTML section 9.2: names, data, ids and comments in any pieces', async (t) => {
  const { source } = aSource([
    ': hello\n\nevent: gap\ndata: {}\n\nid: 1\ndata: ä\ndata: b\n\ndata: c\r\n\r\ndata: d\r\rx: y\n\n',
  ])
  t.same(await take(4, followStream(source, null)), [
    { event: 'gap', data: '{}' },
    { event: 'message', data: 'ä\nb' },
    { event: 'message', data: 'c' },
    { event: 'message', data: 'd' },
  ])
})

t.test('after a lost connection it asks for what follows the last complete event', async (t) => {
  const { source, asked, lost } = aSource([
    'retry: 0\nid: 7\ndata: a\n\nid: 8\ndata: half',
    new TypeError('fetch failed'),
    'id: 8\ndata: b\n\n',
  ])
  t.same(
    (await take(2, followStream(source, '3'))).map(({ data }) => data),
    ['a', 'b'],
  )
  t.same(asked, ['3', '7', '7'], 'half an event is asked for again')
  t.equal(lost(), 1, 'a connection that was not made is not lost')
})

t.test('an error that does not pass by itself ends it', async (t) => {
  const refused = new Error('401')
  await t.rejects(take(1, followStream(aSource([refused]).source, null)), refused)
})

t.test('a message without an end is not kept', async (t) => {
  const chunk = new TextEncoder().encode(`data: ${'x'.repeat(100_000)}\n`)
  const open = async function* () {
    for (let sent = 0; sent < 20; sent++) yield chunk
  }
  const source = { open: async () => open(), mayPass: () => false, onLost: () => undefined }
  await t.rejects(take(1, followStream(source, null)), { message: /has no end/ })
})

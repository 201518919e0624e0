import t from 'tap'
import { TftpClient, type TftpClientEffect } from '../../src/simulator/tftp-client.ts'

const TID = 50_000
const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))
const shown = (effects: readonly TftpClientEffect[]) =>
  effects.map((effect) => {
    if (effect.kind === 'send')
      return `${Buffer.from(effect.bytes).toString('hex')} to ${effect.port}`
    return effect.kind === 'outcome' ? `${effect.reply.kind}: ${effect.detail}` : effect.kind
  })
const data = (block: number, length: number, fill = block) => {
  const bytes = new Uint8Array(4 + length).fill(fill)
  bytes.set([0, 3, block >> 8, block])
  return bytes
}
const ack = (block: number) => `0004${block.toString(16).padStart(4, '0')} to ${TID}`

const aClient = (maxBytes = 2_000, name = 'OS79XX.TXT', waitsWhenBusy = false, blockMs = 0) => {
  const client = new TftpClient({
    name,
    maxBytes,
    retriesMs: [4_000, 4_000, 4_000, 4_000],
    blockMs,
    waitsWhenBusy,
  })
  return { client, first: client.begin(0) }
}

t.test('RFC 1350 section 5: a read request is octet, without options', async (t) => {
  t.same(shown(aClient().first), ['00014f53373958582e545854006f6374657400 to null'])
  const { first } = aClient(2_000, 'CTLSEP0006537B84EF.tlv')
  const [request] = first
  // A published capture: frames of 73 octets, of which 42 are headers of Ethernet, IP and UDP.
  t.equal(request?.kind === 'send' ? request.bytes.length : 0, 73 - 42)
})

t.test('RFC 1350 section 6: a block below 512 octets ends the file', async (t) => {
  const { client } = aClient()
  t.same(shown(client.onDatagram(data(1, 512), TID, 1)), [ack(1)])
  t.same(shown(client.onDatagram(data(2, 512), TID, 2)), [ack(2)])
  const last = client.onDatagram(data(3, 0), TID, 3)
  t.same(shown(last), [ack(3), 'file: complete'])
  const outcome = last.find((effect) => effect.kind === 'outcome')
  const bytes = outcome?.reply.kind === 'file' ? outcome.reply.bytes : new Uint8Array(0)
  t.same(bytes, Uint8Array.of(...new Array(512).fill(1), ...new Array(512).fill(2)))
})

t.test('an empty file is one empty block', async (t) => {
  const { client } = aClient()
  t.same(shown(client.onDatagram(data(1, 0), TID, 1)), [ack(1), 'file: complete'])
})

t.test('a duplicate DATA is acknowledged again, an older or later one is not', async (t) => {
  const { client } = aClient()
  t.same(shown(client.onDatagram(data(2, 512), TID, 1)), [], 'later than the first')
  client.onDatagram(data(1, 512), TID, 1)
  t.same(shown(client.onDatagram(data(1, 512), TID, 2)), [ack(1)])
  client.onDatagram(data(2, 512), TID, 3)
  t.same(shown(client.onDatagram(data(1, 512), TID, 4)), [], 'older')
  t.same(shown(client.onDatagram(data(9, 512), TID, 4)), [], 'later')
})

t.test('RFC 1350 section 6: the end is acknowledged again while the socket lingers', async (t) => {
  const { client } = aClient()
  client.onDatagram(data(1, 5), TID, 100)
  t.same(shown(client.onDatagram(data(1, 5), TID, 200)), [ack(1)])
  t.same(shown(client.onDatagram(data(2, 5), TID, 300)), [])
  t.same(shown(client.onDatagram(hex('0006 00'), TID, 300)), [])
  t.equal(client.wakeAtMs, 4_100)
  t.same(shown(client.onWake(4_100)), ['close'])
  t.equal(client.wakeAtMs, Number.POSITIVE_INFINITY)
  t.same(shown(client.onDatagram(data(1, 5), TID, 5_000)), [])
  t.same(shown(client.onWake(1e9)), [])
})

t.test('an ERROR while the socket lingers closes it without another outcome', async (t) => {
  const { client } = aClient()
  client.onDatagram(data(1, 5), TID, 100)
  t.same(shown(client.onDatagram(hex('0005 0000 00'), TID, 200)), ['close'])
})

t.test('RFC 5859 section 3: four requests, four seconds apart, then silence', async (t) => {
  const { client, first } = aClient()
  t.equal(client.wakeAtMs, 4_000)
  t.same(client.onWake(3_999), [])
  for (const atMs of [4_000, 8_000, 12_000]) t.same(client.onWake(atMs), first, `${atMs}`)
  t.same(shown(client.onWake(16_000)), ['failed: no answer', 'close'])
})

t.test(
  'a lost block is asked for by the last ACK, and each block has four tries of its own',
  async (t) => {
    const { client } = aClient()
    client.onDatagram(data(1, 512), TID, 0)
    for (const atMs of [4_000, 8_000, 12_000]) t.same(shown(client.onWake(atMs)), [ack(1)])
    client.onDatagram(data(2, 512), TID, 13_000)
    t.same(shown(client.onWake(17_000)), [ack(2)])
  },
)

t.test('RFC 1350 section 4: another port gets ERROR 5 and disturbs nothing', async (t) => {
  const { client } = aClient()
  client.onDatagram(data(1, 512), TID, 1)
  const reply = client.onDatagram(data(2, 512, 9), 666, 2)
  t.same(shown(reply), ['00050005556e6b6e6f776e2054494400 to 666'])
  t.same(shown(client.onDatagram(data(2, 4), TID, 3)), [ack(2), 'file: complete'])
})

t.test(
  'ERROR 1 means that there is no such file, any other one that something is wrong',
  async (t) => {
    const absent = aClient().client.onDatagram(hex('0005 0001 6e6f 00'), TID, 1)
    t.same(shown(absent), ['absent: ERROR 1 no', 'close'])
    const busy = aClient().client.onDatagram(hex('0005 0003 00'), TID, 1)
    t.same(shown(busy), ['failed: ERROR 3 ', 'close'])
  },
)

t.test('RFC 2347: options that were not requested end the transfer', async (t) => {
  const reply = aClient().client.onDatagram(hex('0006 7473697a65 00 35 00'), TID, 1)
  t.match(shown(reply), [/^00050004.* to 50000$/, 'failed: Illegal Operation', 'close'])
})

t.test('a block of more than 512 octets ends the transfer', async (t) => {
  const reply = aClient().client.onDatagram(data(1, 513), TID, 1)
  t.match(shown(reply), [/^00050004.* to 50000$/, 'failed: Data block exceeds 512', 'close'])
})

t.test('a file that finds no room is given up with ERROR 3', async (t) => {
  const { client } = aClient(600)
  client.onDatagram(data(1, 512), TID, 1)
  const reply = client.onDatagram(data(2, 512), TID, 2)
  t.match(shown(reply), [/^00050003.* to 50000$/, 'failed: Buffer Full', 'close'])
})

t.test('what is no reply is dropped', async (t) => {
  const { client } = aClient()
  for (const text of [
    '',
    '0009 0001',
    '0004 0001',
    '0001 61 00 6f63746574 00',
    '0002 61 00 6f63746574 00',
  ]) {
    t.same(client.onDatagram(hex(text), TID, 1), [], text)
  }
})

t.test(
  'ERROR 3 ends a request, or is waited for by a phone that takes it for "busy"',
  async (t) => {
    const busy = hex('0005 0003 62757379 00')
    t.same(shown(aClient().client.onDatagram(busy, TID, 1)), ['failed: ERROR 3 busy', 'close'])
    const { client, first } = aClient(2_000, 'OS79XX.TXT', true)
    for (const atMs of [4_000, 8_000, 12_000]) {
      t.same(client.onDatagram(busy, TID, atMs - 1), [], 'it waits')
      t.same(shown(client.onWake(atMs)), shown(first), 'and asks again')
    }
    t.same(shown(client.onDatagram(busy, TID, 12_001)), ['failed: ERROR 3 busy', 'close'])
    const other = aClient(2_000, 'OS79XX.TXT', true).client
    other.onDatagram(data(1, 512), TID, 1)
    t.same(shown(other.onDatagram(busy, TID, 2)), ['failed: ERROR 3 busy', 'close'], 'in mid-file')
    const absent = aClient(2_000, 'OS79XX.TXT', true).client
    t.match(shown(absent.onDatagram(hex('0005 0001 00'), TID, 1)), [/^absent/, 'close'])
  },
)

t.test(
  'a phone takes its time for a block; the block comes twice meanwhile, and nothing is repeated',
  async (t) => {
    const { client } = aClient(2_000, 'x', false, 9)
    t.same(client.onDatagram(data(1, 512), TID, 3_999), [])
    t.equal(client.wakeAtMs, 4_008)
    t.same(client.onDatagram(data(1, 512), TID, 4_001), [])
    t.same(client.onWake(4_007), [])
    t.same(shown(client.onWake(4_008)), [ack(1)])
    t.same(client.onDatagram(data(2, 10), TID, 4_010), [])
    t.same(shown(client.onWake(4_019)), [ack(2), 'file: complete'])
    const gone = aClient(2_000, 'x', false, 9).client
    gone.onDatagram(data(1, 512), TID, 0)
    gone.onDatagram(Uint8Array.of(0, 5, 0, 0, 0), TID, 1)
    t.equal(gone.wakeAtMs, Number.POSITIVE_INFINITY)
  },
)

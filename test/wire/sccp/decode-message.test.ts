import t from 'tap'
import { formatIpv4, type Ipv4 } from '../../../src/net/ipv4.ts'
import { decodeMessage } from '../../../src/wire/sccp/decode-message.ts'
import { encodeMessage } from '../../../src/wire/sccp/encode-message.ts'
import { MESSAGE } from '../../../src/wire/sccp/layout.ts'
import type { SccpMessage } from '../../../src/wire/sccp/message.ts'
import { holdCodecToLaws } from '../../support/codec-laws.ts'
import { bytes, readVectors } from '../../support/vector.ts'

holdCodecToLaws(t, {
  vectors: 'sccp',
  decode: decodeMessage,
  describe,
  encode: encodeMessage,
})

t.test('there is a vector for every message of the table', async (t) => {
  const seen = new Set(readVectors('sccp').map(({ values }) => values['kind']))
  t.same(
    Object.keys(MESSAGE).filter((kind) => !seen.has(kind)),
    [],
  )
})

t.test('rejects what is not a message', async (t) => {
  const malformed = [
    { why: 'empty', hex: '', code: 'TRUNCATED' },
    { why: 'header cut', hex: '04000000 00000000 0000', code: 'TRUNCATED' },
    { why: 'length of another frame', hex: '08000000 00000000 00000000', code: 'BAD_LENGTH' },
    { why: 'Register without its name', hex: '04000000 00000000 01000000', code: 'TRUNCATED' },
    {
      why: 'a template of 43 buttons',
      hex: '10000000 00000000 97000000 00000000 2b000000 2b000000',
      code: 'BAD_VALUE',
    },
    {
      why: 'four milliards of soft keys',
      hex: '10000000 00000000 08010000 00000000 ffffffff ffffffff',
      code: 'BAD_VALUE',
    },
    {
      why: 'one set that did not come',
      hex: '10000000 00000000 09010000 00000000 01000000 01000000',
      code: 'BAD_VALUE',
    },
  ]
  for (const { why, hex, code } of malformed) {
    t.throws(() => decodeMessage(bytes(hex)), { name: 'WireError', code }, why)
  }
})

t.test('an Alarm that ends within its text or after it is read', async (t) => {
  const short = decodeMessage(bytes('0c000000 00000000 20000000 02000000 41423a20'))
  t.same(short, { kind: 'alarm', severity: 2, text: 'AB: ', parameter1: 0, parameter2: 0 })
})

t.test('CapabilitiesRes holds what came, whatever its count says', async (t) => {
  const message = decodeMessage(bytes('18000000 00000000 10000000 ffffffff 01*16'))
  t.match(message, { kind: 'capabilities', count: 0xffffffff })
  t.equal(message.kind === 'capabilities' && message.entries.length, 16)
})

t.test('a text that is too long is cut so that a NUL ends it', async (t) => {
  const frame = encodeMessage({ kind: 'version', load: 'P0030801020012345678' })
  t.equal(frame.length, 28)
  t.same(decodeMessage(frame), { kind: 'version', load: 'P00308010200123' })
})

t.test('messages to a phone have exactly the size that it expects', async (t) => {
  const sizes: Readonly<Record<string, number>> = {
    'register-ack': 24,
    'forward-stat': 96,
    'speed-dial-stat': 72,
    'line-stat': 116,
    'config-stat': 116,
    'time-date': 40,
    'button-template': 100,
    servers: 284,
    reset: 8,
    'keep-alive-ack': 4,
    'capabilities-request': 4,
    'unregister-ack': 8,
  }
  for (const { values, bytes } of readVectors('sccp')) {
    const wanted = sizes[values['kind'] ?? '']
    if (wanted === undefined) continue
    const length = encodeMessage(decodeMessage(bytes)).length - 8
    t.equal(length, wanted, values['kind'] ?? '')
  }
})

function describe(message: SccpMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(message).map(([name, value]) => [name, describeValue(name, value)]),
  )
}

function describeValue(name: string, value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (name === 'address') return formatIpv4(value as Ipv4)
  return Array.isArray(value) ? value.map(describeItem).join(', ') : String(value)
}

type Item = {
  readonly active?: number
  readonly number?: string
  readonly instance?: number
  readonly type?: number
  readonly label?: string
  readonly event?: number
  readonly keys?: readonly number[]
  readonly infos?: readonly number[]
  readonly name?: string
  readonly port?: number
  readonly address?: Ipv4
}

function describeItem(item: Item): string {
  if ('active' in item) return `${item.active} "${item.number}"`
  if ('type' in item) return `${item.instance}/${item.type}`
  if ('event' in item)
    return `${Buffer.from(String(item.label), 'latin1').toString('hex')} ${item.event}`
  if ('keys' in item) return `${item.keys} ${item.infos}`
  return `${item.name} ${item.port} ${formatIpv4(item.address as Ipv4)}`
}

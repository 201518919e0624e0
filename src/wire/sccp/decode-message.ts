import { WireError } from '../wire-error.ts'
import { FieldReader } from './field-reader.ts'
import { COUNTED_FROM, HEADER_BYTES, MESSAGE, uint32LeAt } from './layout.ts'
import type { NumberedRequest, PlainRequest, Register, SccpMessage } from './message.ts'

/**
 * Decodes one whole frame, header included; the layout of the header is drawn in `layout.ts`.
 *
 * Bytes after the last field that we know are ignored: later loads say more. The version of the
 * header is not looked at.
 *
 * @throws {@link WireError} `TRUNCATED` where the frame ends before a field, `BAD_LENGTH` where the
 *   length field is not that of the frame, `BAD_VALUE` where a count is above what fits.
 */
export function decodeMessage(frame: Uint8Array): SccpMessage {
  if (frame.length < HEADER_BYTES) {
    throw new WireError('TRUNCATED', frame.length, `${frame.length} octets, a header has 12`)
  }
  const length = uint32LeAt(frame, 0)
  if (length !== frame.length - COUNTED_FROM) {
    throw new WireError('BAD_LENGTH', 0, `length ${length} in a frame of ${frame.length}`)
  }
  const number = uint32LeAt(frame, 8)
  const decode = DECODERS.get(number)
  if (decode !== undefined) return decode(new FieldReader(frame, HEADER_BYTES))
  return { kind: 'other', number, payload: frame.subarray(HEADER_BYTES) }
}

type Decoder = (fields: FieldReader) => SccpMessage

const plain =
  (
    kind: PlainRequest | 'capabilities-request' | 'keep-alive-ack' | 'register-token-ack',
  ): Decoder =>
  () => ({ kind })

const numbered =
  (kind: NumberedRequest): Decoder =>
  (fields) => ({ kind, number: fields.uint32() })

/** Bytes of one entry of CapabilitiesRes. */
const CAPABILITY_BYTES = 16

const DECODERS: ReadonlyMap<number, Decoder> = new Map<number, Decoder>([
  [MESSAGE['keep-alive'], plain('keep-alive')],
  [MESSAGE.register, register],
  [MESSAGE['ip-port'], (fields) => ({ kind: 'ip-port', port: fields.uint32() })],
  [MESSAGE['forward-stat-request'], numbered('forward-stat-request')],
  [MESSAGE['speed-dial-stat-request'], numbered('speed-dial-stat-request')],
  [MESSAGE['line-stat-request'], numbered('line-stat-request')],
  [MESSAGE['config-stat-request'], plain('config-stat-request')],
  [MESSAGE['time-date-request'], plain('time-date-request')],
  [MESSAGE['button-template-request'], plain('button-template-request')],
  [MESSAGE['version-request'], plain('version-request')],
  [MESSAGE.capabilities, capabilities],
  [MESSAGE['server-request'], plain('server-request')],
  [MESSAGE.alarm, alarm],
  [MESSAGE['soft-key-set-request'], plain('soft-key-set-request')],
  [MESSAGE.unregister, plain('unregister')],
  [MESSAGE['soft-key-template-request'], plain('soft-key-template-request')],
  [MESSAGE['register-token-request'], registerToken],
  [MESSAGE['register-available-lines'], numbered('register-available-lines')],
  [MESSAGE['register-ack'], registerAck],
  [MESSAGE['forward-stat'], forwardStat],
  [MESSAGE['speed-dial-stat'], speedDialStat],
  [MESSAGE['line-stat'], lineStat],
  [MESSAGE['config-stat'], configStat],
  [MESSAGE['time-date'], timeDate],
  [MESSAGE['button-template'], buttonTemplate],
  [MESSAGE.version, (fields) => ({ kind: 'version', load: fields.text(16) })],
  [MESSAGE['capabilities-request'], plain('capabilities-request')],
  [MESSAGE['register-reject'], (fields) => ({ kind: 'register-reject', text: fields.text(32) })],
  [MESSAGE.servers, servers],
  [MESSAGE.reset, (fields) => ({ kind: 'reset', type: fields.uint32() })],
  [MESSAGE['keep-alive-ack'], plain('keep-alive-ack')],
  [MESSAGE['soft-key-template'], softKeyTemplate],
  [MESSAGE['soft-key-set'], softKeySet],
  [MESSAGE['unregister-ack'], (fields) => ({ kind: 'unregister-ack', status: fields.uint32() })],
  [MESSAGE['register-token-ack'], plain('register-token-ack')],
  [
    MESSAGE['register-token-reject'],
    (fields) => ({ kind: 'register-token-reject', waitSeconds: fields.uint32() }),
  ],
])

/** Phones of protocol version 4 and older end it after the protocol word, 44 bytes in (7936). */
function register(fields: FieldReader): Register {
  return {
    kind: 'register',
    deviceName: fields.text(16),
    userId: fields.uint32(),
    instance: fields.uint32(),
    address: fields.ipv4(),
    deviceType: fields.uint32(),
    maxStreams: fields.uint32(),
    activeStreams: fields.uint32(),
    protocolVersion: fields.octets(1)[0] as number,
    features: fields.octets(3),
    rest: fields.rest(),
  }
}

/** Some phones end it after the text, or within it. */
function alarm(fields: FieldReader): SccpMessage {
  return {
    kind: 'alarm',
    severity: fields.uint32(),
    text: fields.text(Math.min(80, fields.left)),
    parameter1: fields.left < 4 ? 0 : fields.uint32(),
    parameter2: fields.left < 4 ? 0 : fields.uint32(),
  }
}

function capabilities(fields: FieldReader): SccpMessage {
  const count = fields.uint32()
  // More than came are not there, whatever the count says.
  const entries = fields.octets(Math.min(count * CAPABILITY_BYTES, fields.left))
  return { kind: 'capabilities', count, entries }
}

function registerToken(fields: FieldReader): SccpMessage {
  return { kind: 'register-token-request', deviceName: fields.text(16), rest: fields.rest() }
}

function registerAck(fields: FieldReader): SccpMessage {
  const keepAliveSeconds = fields.uint32()
  const dateTemplate = fields.text(6)
  fields.octets(2)
  return {
    kind: 'register-ack',
    keepAliveSeconds,
    dateTemplate,
    secondaryKeepAliveSeconds: fields.uint32(),
    protocolVersion: fields.octets(1)[0] as number,
    features: fields.octets(3),
  }
}

function forwardStat(fields: FieldReader): SccpMessage {
  const forward = () => ({ active: fields.uint32(), number: fields.text(24) })
  return {
    kind: 'forward-stat',
    status: fields.uint32(),
    line: fields.uint32(),
    forwards: [forward(), forward(), forward()],
  }
}

function speedDialStat(fields: FieldReader): SccpMessage {
  return {
    kind: 'speed-dial-stat',
    number: fields.uint32(),
    dial: fields.text(24),
    label: fields.text(40),
  }
}

function lineStat(fields: FieldReader): SccpMessage {
  return {
    kind: 'line-stat',
    line: fields.uint32(),
    directoryNumber: fields.text(24),
    name: fields.text(40),
    alias: fields.text(44),
  }
}

function configStat(fields: FieldReader): SccpMessage {
  return {
    kind: 'config-stat',
    deviceName: fields.text(16),
    userId: fields.uint32(),
    instance: fields.uint32(),
    userName: fields.text(40),
    serverName: fields.text(40),
    lines: fields.uint32(),
    speedDials: fields.uint32(),
  }
}

function timeDate(fields: FieldReader): SccpMessage {
  return {
    kind: 'time-date',
    year: fields.uint32(),
    month: fields.uint32(),
    weekday: fields.uint32(),
    day: fields.uint32(),
    hour: fields.uint32(),
    minute: fields.uint32(),
    second: fields.uint32(),
    millisecond: fields.uint32(),
    unixSeconds: fields.uint32(),
  }
}

/** A template has room for this many buttons, used or not. */
export const TEMPLATE_BUTTONS = 42

function buttonTemplate(fields: FieldReader): SccpMessage {
  const offset = fields.uint32()
  const count = countUpTo(TEMPLATE_BUTTONS, fields)
  const total = fields.uint32()
  const buttons = Array.from({ length: count }, () => {
    const [instance = 0, type = 0] = fields.octets(2)
    return { instance, type }
  })
  return { kind: 'button-template', offset, total, buttons }
}

/** A call manager names up to five. */
export const MOST_SERVERS = 5

function servers(fields: FieldReader): SccpMessage {
  const names = Array.from({ length: MOST_SERVERS }, () => fields.text(48))
  const ports = names.map(() => fields.uint32())
  const addresses = names.map(() => fields.ipv4())
  const listed = names.map((name, index) => ({
    name,
    port: ports[index] as number,
    address: addresses[index] as (typeof addresses)[number],
  }))
  return { kind: 'servers', servers: listed.filter(({ name, port }) => name !== '' || port !== 0) }
}

function softKeyTemplate(fields: FieldReader): SccpMessage {
  const offset = fields.uint32()
  const count = countUpTo(Math.floor(fields.left / 20), fields)
  const total = fields.uint32()
  const keys = Array.from({ length: count }, () => ({
    label: fields.text(16),
    event: fields.uint32(),
  }))
  return { kind: 'soft-key-template', offset, total, keys }
}

function softKeySet(fields: FieldReader): SccpMessage {
  const offset = fields.uint32()
  const count = countUpTo(Math.floor(fields.left / 48), fields)
  const total = fields.uint32()
  const sets = Array.from({ length: count }, () => {
    const keys = [...fields.octets(16)]
    const infos = Array.from({ length: 16 }, () => {
      const [low = 0, high = 0] = fields.octets(2)
      return low + high * 256
    })
    return { keys, infos }
  })
  return { kind: 'soft-key-set', offset, total, sets }
}

/** A count comes from the network: it is checked against what the message can hold before anything is allocated. */
function countUpTo(most: number, fields: FieldReader): number {
  const count = fields.uint32()
  if (count > most)
    throw new WireError('BAD_VALUE', HEADER_BYTES + 4, `${count} entries of ${most}`)
  return count
}

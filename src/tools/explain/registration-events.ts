import type { Mac } from '../../net/mac.ts'
import { parseMac } from '../../net/mac.ts'
import type { TcpSegment } from '../../wire/capture/read-tcp.ts'
import type { UdpDatagram } from '../../wire/capture/read-udp.ts'
import type { ServerEvent } from './server-log/server-event.ts'

type Registration = ServerEvent & { readonly kind: 'registration' }

/** Where call managers of SCCP listen. */
const SCCP_PORT = 2_000
const SCCP_HEADER_BYTES = 12
/** Longer messages are none of a phone's. */
const LONGEST_MESSAGE = 4_096

/** Numbers of SCCP messages. */
const Sccp = {
  register: 0x0001,
  alarm: 0x0020,
  unregister: 0x0027,
  registerAck: 0x0081,
  registerReject: 0x009d,
  reset: 0x009f,
} as const

/** What a SIP message in a capture says of a registration; null for all others. */
export function sipRegistration(datagram: UdpDatagram, atMs: number): Registration | null {
  const { source, destination, payload } = datagram
  const head = Buffer.from(payload.subarray(0, 2_048)).toString('latin1')
  if (!/^CSeq: {0,4}\d{1,10} REGISTER\s*$/im.test(head)) return null
  const base = { kind: 'registration', mac: macInSip(head), protocol: 'sip', atMs } as const
  if (head.startsWith('REGISTER sip')) {
    const isGoodbye = /^Expires: {0,4}0\s*$/im.test(head)
    const step = isGoodbye ? 'gone' : 'asked'
    return { ...base, client: source, step, load: null, model: modelIn(head) }
  }
  const status = Number(/^SIP\/2\.0 (\d{3}) /.exec(head)?.[1] ?? 0)
  if (status < 200) return null
  // A challenge is part of every registration with a password.
  const step = status < 300 ? 'accepted' : status === 401 || status === 407 ? 'asked' : 'refused'
  return { ...base, client: destination, step, load: null, model: null }
}

/** `User-Agent: Cisco-CP7960G/8.0`. */
function modelIn(head: string): string | null {
  return /^User-Agent: {0,4}Cisco-CP(79\d\d)/im.exec(head)?.[1] ?? null
}

/** A 7940 or 7960 ends the Call-ID with its address, and begins it with its MAC. */
function macInSip(head: string): Mac | null {
  const [, first = '', second = ''] =
    /^Call-ID: {0,4}([0-9a-f]{8})-([0-9a-f]{4})[0-9a-f]{4}-/im.exec(head) ?? []
  return parseMac(`${first}${second}`.toUpperCase()) ?? null
}

/** What SCCP messages in a segment say of a registration. */
export function sccpRegistrations(segment: TcpSegment, atMs: number): readonly Registration[] {
  const { sourcePort, destinationPort } = segment
  if (sourcePort !== SCCP_PORT && destinationPort !== SCCP_PORT) return []
  const client = sourcePort === SCCP_PORT ? segment.destination : segment.source
  return [...messagesIn(segment.payload)].flatMap(({ id, body }) => {
    const message = readMessage(id, body)
    if (message === null) return []
    return [
      { kind: 'registration', client, protocol: 'sccp', model: null, atMs, ...message } as const,
    ]
  })
}

function* messagesIn(payload: Uint8Array) {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
  for (let at = 0; at + SCCP_HEADER_BYTES <= payload.length; ) {
    // The length counts from the number of the message on.
    const length = view.getUint32(at, true)
    if (length < 4 || length > LONGEST_MESSAGE) return
    const end = Math.min(at + 8 + length, payload.length)
    yield { id: view.getUint32(at + 8, true), body: payload.subarray(at + 12, end) }
    at += 8 + length
  }
}

function readMessage(
  id: number,
  body: Uint8Array,
): Pick<Registration, 'step' | 'mac' | 'load'> | null {
  switch (id) {
    case Sccp.register:
      return { step: 'asked', mac: macIn(textIn(body, 0, 16)), load: null }
    case Sccp.alarm: {
      const load = /\bLoad= ?([\w.()-]{3,32})/.exec(textIn(body, 4, 80))?.[1] ?? null
      return { step: 'asked', mac: macIn(textIn(body, 4, 80)), load }
    }
    case Sccp.registerAck:
      return { step: 'accepted', mac: null, load: null }
    case Sccp.registerReject:
      return { step: 'refused', mac: null, load: null }
    case Sccp.reset:
      return { step: 'reset', mac: null, load: null }
    case Sccp.unregister:
      return { step: 'gone', mac: null, load: null }
    default:
      return null
  }
}

function macIn(text: string): Mac | null {
  const name = /\bSEP([0-9A-F]{12})\b/.exec(text)?.[1]
  return name === undefined ? null : (parseMac(name) ?? null)
}

function textIn(body: Uint8Array, at: number, length: number): string {
  const text = Buffer.from(body.subarray(at, at + length)).toString('latin1')
  return text.replace(/\0.*$/s, '')
}

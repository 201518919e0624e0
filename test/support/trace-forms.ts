import { ipv4FromBytes, parseIpv4 } from '../../src/net/ipv4.ts'
import { encodeUdpFrame, type FrameEnd } from '../../src/wire/frame/udp-frame.ts'
import type { Trace, TraceEvent } from '../../src/wire/trace/read-trace.ts'

/** When the traces are taken to have happened: a day in the year of most of them. */
const BEGAN_AT_MS = Date.UTC(2021, 6, 6, 5, 15, 49)
const SERVER = '192.0.2.2'
const PHONE = '192.0.2.61'

/** How a server answered a request, as far as the trace tells. */
type Answer = 'none' | 'absent' | 'whole' | 'broken' | 'timed-out'

type Asked = { readonly event: TraceEvent; readonly answer: Answer; readonly answeredAt: number }

/**
 * The log that in.tftpd of tftpd-hpa 5.2 writes by syslog with `-v` (its own words; one process for each
 * request; it never says how a transfer ended).
 */
export function asTftpdHpa(trace: Trace): string {
  const lines = asked(trace).flatMap(({ event, answer }, index) => {
    const head = `${syslogTime(event.t)} srv in.tftpd[${1000 + index}]:`
    const request = `${head} RRQ from ${addressOf(event)} filename ${event.name}`
    if (answer !== 'absent') return [request]
    return [request, `${head} sending NAK (1, File not found) to ${addressOf(event)}`]
  })
  return lines.map((line) => `${line}\n`).join('')
}

/**
 * The log of dnsmasq 2.90: one line for a file, when the transfer is over; "not found" at once. A transfer
 * that it waits for says nothing.
 */
export function asDnsmasq(trace: Trace): string {
  const lines = asked(trace).flatMap(({ event, answer, answeredAt }) => {
    const head = `${syslogTime(answeredAt)} srv dnsmasq-tftp[700]:`
    const path = `/srv/tftp/${event.name.replace(/^\/+/, '')}`
    const to = addressOf(event)
    switch (answer) {
      case 'absent':
        return [{ at: answeredAt, text: `${head} file ${path} not found for ${to}` }]
      case 'whole':
        return [{ at: answeredAt, text: `${head} sent ${path} to ${to}` }]
      case 'broken':
        return [
          { at: answeredAt, text: `${head} error 0 State Error received from ${to}` },
          { at: answeredAt, text: `${head} failed sending ${path} to ${to}` },
        ]
      case 'timed-out':
        return [{ at: answeredAt, text: `${head} failed sending ${path} to ${to}` }]
      case 'none':
        return []
      default:
        return answer satisfies never
    }
  })
  return lines
    .sort((a, b) => a.at - b.at)
    .map(({ text }) => `${text}\n`)
    .join('')
}

/** The log of PumpKIN, which says "finished" of everything (form: field trace `jh-…`). */
export function asPumpkin(trace: Trace): string {
  const lines = trace.events.flatMap((event) => {
    const at = new Date(BEGAN_AT_MS + event.t * 1_000).toISOString().slice(0, 19).replace('T', ' ')
    const head = `[${at} +0000]`
    const from = `${addressOf(event)}:${event.port ?? 50_000}`
    switch (event.kind) {
      case 'rrq':
        return event.note?.includes('busy') === true
          ? [`${head} I'm already processing the request from ${from}`]
          : [`${head} '${event.name}' of type 'octet' is requested from ${from}`]
      case 'done':
      case 'answered':
        return [`${head} ⬆ Transfer of '${event.name}' finished.`]
      case 'server-timeout':
        return [
          `${head} Connection timeout for '${event.name}'`,
          `${head} ⬆ Transfer of '${event.name}' finished.`,
        ]
      default:
        return []
    }
  })
  return lines.map((line) => `${line}\n`).join('')
}

/** A capture (pcap, Ethernet) of what went over the wire at the server. */
export function asCapture(trace: Trace): Uint8Array {
  const packets: { readonly at: number; readonly frame: Uint8Array }[] = []
  for (const [index, one] of asked(trace).entries()) {
    for (const { after, frame } of transfer(one, 40_000 + (index % 20_000))) {
      packets.push({ at: one.event.t + after, frame })
    }
  }
  for (const event of trace.events) {
    for (const frame of callFrames(event)) packets.push({ at: event.t, frame })
  }
  packets.sort((a, b) => a.at - b.at)
  return Buffer.concat([pcapHead(), ...packets.map(({ at, frame }) => pcapRecord(at, frame))])
}

/** All requests, each with what came of it: the next answer for its name and port. */
function asked(trace: Trace): readonly Asked[] {
  const isServed = /SEP file was served|stopped its hunt/.test(String(trace.header['note'] ?? ''))
  const { events } = withPorts(trace)
  return events.flatMap((event, index) => {
    if (event.kind !== 'rrq') return isAnswerAlone(events, index) ? [alone(event)] : []
    const after = events.slice(index + 1)
    const isOurs = (one: TraceEvent) =>
      one.name === event.name && (one.port === event.port || one.port === null)
    const end = after.findIndex((one) => one.kind === 'rrq' && isOurs(one))
    const answer = after
      .slice(0, end === -1 ? undefined : end)
      .find((one) => one.kind !== 'rrq' && isOurs(one))
    return [{ event, answer: meaning(answer, isServed), answeredAt: answer?.t ?? event.t }]
  })
}

/** Servers that log only what came of a request. */
function isAnswerAlone(events: readonly TraceEvent[], index: number): boolean {
  const { kind } = events[index] as TraceEvent
  return (kind === 'done' || kind === 'error') && !events.some((one) => one.kind === 'rrq')
}

function alone(event: TraceEvent): Asked {
  return { event, answer: meaning(event, false), answeredAt: event.t }
}

function meaning(answer: TraceEvent | undefined, isServed: boolean): Answer {
  switch (answer?.kind) {
    case 'done':
      return 'whole'
    case 'error':
      return answer.note === 'State Error' ? 'broken' : 'absent'
    case 'server-timeout':
      return 'timed-out'
    case 'answered':
      // What a server without a call manager has not; the trace says where its SEP file was there.
      return isServed && answer.name.startsWith('SEP') ? 'whole' : 'absent'
    default:
      return 'none'
  }
}

/** A capture needs ports: where the source tells none, each request has the next one. */
function withPorts({ events }: Trace): { readonly events: readonly TraceEvent[] } {
  let port = 50_000
  return {
    events: events.map((event) => {
      if (event.port !== null) return event
      // An answer without a port is told by its name.
      if (event.kind !== 'rrq' && events.some((one) => one.kind === 'rrq')) return event
      port++
      return { ...event, port }
    }),
  }
}

function addressOf({ ip }: TraceEvent): string {
  return ip ?? PHONE
}

function syslogTime(t: number): string {
  const at = new Date(BEGAN_AT_MS + t * 1_000)
  const month = at.toLocaleString('en', { month: 'short', timeZone: 'UTC' })
  const day = String(at.getUTCDate()).padStart(2, ' ')
  return `${month} ${day} ${at.toISOString().slice(11, 19)}`
}

/** The packets of a transfer, with seconds behind the request. */
function transfer({ event, answer, answeredAt }: Asked, serverPort: number) {
  const phone = { ...PHONE_END, address: ip(addressOf(event)), port: event.port ?? 50_000 }
  const server = { ...SERVER_END, port: serverPort }
  const up = (payload: Uint8Array, to = server) => encodeUdpFrame(phone, to, payload)
  const down = (payload: Uint8Array) => encodeUdpFrame(server, phone, payload)
  const took = Math.max(0.01, answeredAt - event.t - 0.01)
  const request = { after: 0, frame: up(rrq(event.name), { ...SERVER_END, port: 69 }) }
  switch (answer) {
    case 'absent':
      return [request, { after: 0.005, frame: down(tftpError(1, 'File not found')) }]
    case 'whole':
      return [
        request,
        { after: 0.001, frame: down(data(1, 512)) },
        { after: 0.002, frame: up(ack(1)) },
        { after: took, frame: down(data(2, 100)) },
        { after: took + 0.001, frame: up(ack(2)) },
      ]
    case 'broken':
      return [
        request,
        { after: 0.001, frame: down(data(1, 512)) },
        { after: 0.002, frame: up(ack(1)) },
        { after: took, frame: up(tftpError(0, 'State Error')) },
      ]
    case 'none':
    case 'timed-out':
      // It sends, and nothing comes back.
      return [request, { after: 0.001, frame: down(data(1, 512)) }]
    default:
      return answer satisfies never
  }
}

const PHONE_END: FrameEnd = {
  hardwareAddress: Uint8Array.of(0x02, 0, 0, 0, 0, 0x61),
  address: ip(PHONE),
  port: 0,
}
const SERVER_END: FrameEnd = {
  hardwareAddress: Uint8Array.of(0x02, 0, 0, 0, 0, 0x02),
  address: ip(SERVER),
  port: 0,
}

function ip(text: string) {
  return parseIpv4(text) ?? ipv4FromBytes(Uint8Array.of(0, 0, 0, 0), 0)
}

function rrq(name: string): Uint8Array {
  return Buffer.concat([Uint8Array.of(0, 1), Buffer.from(`${name}\0octet\0`, 'latin1')])
}

function data(block: number, length: number): Uint8Array {
  return Buffer.concat([Uint8Array.of(0, 3, block >> 8, block & 0xff), Buffer.alloc(length, 0x20)])
}

function ack(block: number): Uint8Array {
  return Uint8Array.of(0, 4, block >> 8, block & 0xff)
}

function tftpError(code: number, message: string): Uint8Array {
  return Buffer.concat([Uint8Array.of(0, 5, 0, code), Buffer.from(`${message}\0`, 'latin1')])
}

/** What passed between the phone and its call manager. */
function callFrames(event: TraceEvent): readonly Uint8Array[] {
  const phone = { ...PHONE_END, port: 5_060 }
  const server = { ...SERVER_END, port: 5_060 }
  const callId = 'Call-ID: 000e840a-00100002-1a2b3c4d-5e6f7a8b@192.0.2.61\r\n'
  const head = `${callId}CSeq: 101 REGISTER\r\n`
  switch (event.kind) {
    case 'sip-register': {
      const said = `REGISTER sip:${SERVER} SIP/2.0\r\n${head}User-Agent: Cisco-CP7960G/8.0\r\nExpires: 3600\r\n\r\n`
      return [encodeUdpFrame(phone, server, Buffer.from(said))]
    }
    case 'sip-401':
    case 'sip-200': {
      const status = event.kind === 'sip-200' ? '200 OK' : '401 Unauthorized'
      return [encodeUdpFrame(server, phone, Buffer.from(`SIP/2.0 ${status}\r\n${head}\r\n`))]
    }
    case 'sccp-alarm':
      return [tcpFrame(51_000, 2_000, sccp(0x20, alarm(event.name)))]
    case 'sccp-register':
      return [tcpFrame(51_000, 2_000, sccp(1, Buffer.from(event.name.padEnd(16, '\0'))))]
    case 'sccp-unregister':
      return [tcpFrame(51_000, 2_000, sccp(0x27, new Uint8Array(0)))]
    case 'sccp-restart-sent':
      return [tcpFrame(2_000, 51_000, sccp(0x9f, Uint8Array.of(2, 0, 0, 0)))]
    default:
      return []
  }
}

function alarm(text: string): Uint8Array {
  return Buffer.concat([Uint8Array.of(2, 0, 0, 0), Buffer.from(text.padEnd(80, '\0'))])
}

function sccp(id: number, body: Uint8Array): Uint8Array {
  const head = Buffer.alloc(12)
  head.writeUInt32LE(4 + body.length, 0)
  head.writeUInt32LE(id, 8)
  return Buffer.concat([head, body])
}

/** A frame of a TCP segment, of phone or server by its port; checksums are left out. */
function tcpFrame(fromPort: number, toPort: number, payload: Uint8Array): Uint8Array {
  const [from, to] = toPort === 2_000 ? [PHONE, SERVER] : [SERVER, PHONE]
  const bytes = Buffer.alloc(14 + 20 + 20 + payload.length)
  bytes.set(Uint8Array.of(0x02, 0, 0, 0, 0, 0x02, 0x02, 0, 0, 0, 0, 0x61), 0)
  bytes.writeUInt16BE(0x0800, 12)
  bytes[14] = 0x45
  bytes.writeUInt16BE(40 + payload.length, 16)
  bytes[22] = 64
  bytes[23] = 6
  bytes.writeUInt32BE(ip(from), 26)
  bytes.writeUInt32BE(ip(to), 30)
  bytes.writeUInt16BE(fromPort, 34)
  bytes.writeUInt16BE(toPort, 36)
  bytes[46] = 0x50
  bytes[47] = 0x18
  bytes.set(payload, 54)
  return bytes
}

function pcapHead(): Uint8Array {
  const head = Buffer.alloc(24)
  head.writeUInt32LE(0xa1b2c3d4, 0)
  head.writeUInt16LE(2, 4)
  head.writeUInt16LE(4, 6)
  head.writeUInt32LE(65_535, 16)
  head.writeUInt32LE(1, 20)
  return head
}

function pcapRecord(t: number, frame: Uint8Array): Uint8Array {
  const microseconds = Math.round(BEGAN_AT_MS * 1_000 + t * 1e6)
  const head = Buffer.alloc(16)
  head.writeUInt32LE(Math.floor(microseconds / 1e6), 0)
  head.writeUInt32LE(microseconds % 1e6, 4)
  head.writeUInt32LE(frame.length, 8)
  head.writeUInt32LE(frame.length, 12)
  return Buffer.concat([head, frame])
}

import { UNSPECIFIED } from '../../net/ipv4.ts'
import { MOST_SERVERS, TEMPLATE_BUTTONS } from './decode-message.ts'
import { FieldWriter } from './field-writer.ts'
import { MESSAGE } from './layout.ts'
import type { FromPhone, FromServer, SccpMessage } from './message.ts'

/**
 * Encodes a message as one frame, freshly allocated. Every message of a call manager has exactly the
 * size that phones of protocol version 11 and older expect: a 7960 restarts for ever over a wrong one
 * (chan-sccp issue 412). Texts that are too long are cut, and lists hold what their field can.
 */
export function encodeMessage(message: SccpMessage): Uint8Array {
  const fields = new FieldWriter()
  if (message.kind === 'other') return fields.octets(message.payload).frame(message.number)
  if (isFromPhone(message)) writeFromPhone(message, fields)
  else writeFromServer(message, fields)
  return fields.frame(MESSAGE[message.kind])
}

/** The numbers of what a phone says are below those of what it is told. */
function isFromPhone(message: FromPhone | FromServer): message is FromPhone {
  return MESSAGE[message.kind] < MESSAGE['register-ack']
}

function writeFromPhone(message: FromPhone, fields: FieldWriter): void {
  switch (message.kind) {
    case 'register':
      fields.text(message.deviceName, 16).uint32(message.userId, message.instance)
      fields.ipv4(message.address)
      fields.uint32(message.deviceType, message.maxStreams, message.activeStreams)
      fields.octets(Uint8Array.of(message.protocolVersion, ...message.features))
      fields.octets(message.rest)
      return
    case 'alarm':
      fields.uint32(message.severity).text(message.text, 80)
      fields.uint32(message.parameter1, message.parameter2)
      return
    case 'ip-port':
      fields.uint32(message.port)
      return
    case 'capabilities':
      fields.uint32(message.count).octets(message.entries)
      return
    case 'register-token-request':
      fields.text(message.deviceName, 16).octets(message.rest)
      return
    case 'forward-stat-request':
    case 'speed-dial-stat-request':
    case 'line-stat-request':
    case 'register-available-lines':
      fields.uint32(message.number)
      return
    default:
      // The rest are their number alone.
      message satisfies { readonly kind: string }
  }
}

function writeFromServer(message: FromServer, fields: FieldWriter): void {
  switch (message.kind) {
    case 'register-ack':
      fields.uint32(message.keepAliveSeconds).text(message.dateTemplate, 6)
      fields.octets(new Uint8Array(2)).uint32(message.secondaryKeepAliveSeconds)
      fields.octets(Uint8Array.of(message.protocolVersion, ...message.features))
      return
    case 'time-date':
      fields.uint32(message.year, message.month, message.weekday, message.day, message.hour)
      fields.uint32(message.minute, message.second, message.millisecond, message.unixSeconds)
      return
    case 'version':
      fields.text(message.load, 16)
      return
    case 'register-reject':
      fields.text(message.text, 32)
      return
    case 'reset':
      fields.uint32(message.type)
      return
    case 'unregister-ack':
      fields.uint32(message.status)
      return
    case 'register-token-reject':
      fields.uint32(message.waitSeconds)
      return
    case 'capabilities-request':
    case 'keep-alive-ack':
    case 'register-token-ack':
      return
    default:
      writeTable(message, fields)
  }
}

type Table = Extract<
  FromServer,
  {
    readonly kind:
      | 'forward-stat'
      | 'speed-dial-stat'
      | 'line-stat'
      | 'config-stat'
      | 'button-template'
      | 'servers'
      | 'soft-key-template'
      | 'soft-key-set'
  }
>

/** What tells the phone its lines, buttons and keys. */
function writeTable(message: Table, fields: FieldWriter): void {
  switch (message.kind) {
    case 'forward-stat':
      fields.uint32(message.status, message.line)
      for (const { active, number } of message.forwards) fields.uint32(active).text(number, 24)
      return
    case 'speed-dial-stat':
      fields.uint32(message.number).text(message.dial, 24).text(message.label, 40)
      return
    case 'line-stat':
      fields.uint32(message.line).text(message.directoryNumber, 24)
      fields.text(message.name, 40).text(message.alias, 44)
      return
    case 'config-stat':
      fields.text(message.deviceName, 16).uint32(message.userId, message.instance)
      fields.text(message.userName, 40).text(message.serverName, 40)
      fields.uint32(message.lines, message.speedDials)
      return
    case 'button-template':
      writeButtons(message, fields)
      return
    case 'servers':
      writeServers(message, fields)
      return
    case 'soft-key-template':
      fields.uint32(message.offset, message.keys.length, message.total)
      for (const { label, event } of message.keys) fields.text(label, 16).uint32(event)
      return
    case 'soft-key-set':
      fields.uint32(message.offset, message.sets.length, message.total)
      for (const { keys, infos } of message.sets) {
        fields.octets(Uint8Array.from(keys))
        fields.octets(Uint8Array.from(infos.flatMap((info) => [info, info >>> 8])))
      }
      return
    /* c8 ignore next 2 -- the compiler proves that nothing comes here */
    default:
      message satisfies never
  }
}

/** What chan-sccp writes for a button that is not used (`SKINNY_BUTTONTYPE_UNDEFINED`). */
const UNUSED_BUTTON = 0xff

function writeButtons(
  message: Extract<Table, { readonly kind: 'button-template' }>,
  fields: FieldWriter,
): void {
  fields.uint32(message.offset, message.buttons.length, message.total)
  for (let index = 0; index < TEMPLATE_BUTTONS; index++) {
    const { instance, type } = message.buttons[index] ?? { instance: 0, type: UNUSED_BUTTON }
    fields.octets(Uint8Array.of(instance, type))
  }
}

function writeServers(
  { servers }: Extract<Table, { readonly kind: 'servers' }>,
  fields: FieldWriter,
): void {
  const places = Array.from(
    { length: MOST_SERVERS },
    (_, index) => servers[index] ?? { name: '', port: 0, address: UNSPECIFIED },
  )
  for (const { name } of places) fields.text(name, 48)
  for (const { port } of places) fields.uint32(port)
  for (const { address } of places) fields.ipv4(address)
}

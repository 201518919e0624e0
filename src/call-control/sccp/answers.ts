import type { Ipv4 } from '../../net/ipv4.ts'
import { formatIpv4 } from '../../net/ipv4.ts'
import type { Register, SccpMessage } from '../../wire/sccp/message.ts'
import { civilTimeOf } from '../civil-time.ts'

/** How often a phone is to say that it is there, in seconds. */
export const KEEP_ALIVE_SECONDS = 30

/** Twice as long where a call manager is the second one, as call managers do. */
const SECONDARY_KEEP_ALIVE_SECONDS = 60

/** The newest version that we speak: that of a 7960 with SCCP 8.1. */
const MAX_PROTOCOL_VERSION = 11

/** What answers are made of. */
export type AnswerContext = {
  /** As the phone named itself; empty before its Register. */
  readonly deviceName: string
  readonly instance: number
  readonly local: Ipv4
  readonly localPort: number
  /** What VersionReq is answered with; null: it is not, because a wrong text could start a hunt for a load. */
  readonly load: string | null
  readonly nowMs: number
}

/**
 * What a phone is answered: what it asked for and nothing else, because a 7960 restarts over a
 * message that it does not expect (chan-sccp issues 412 and 424). There is one line, without a number
 * and of no use: a phone without any hangs before it is registered (chan-sccp issue 564).
 */
export function answersTo(message: SccpMessage, context: AnswerContext): readonly SccpMessage[] {
  switch (message.kind) {
    case 'register':
      return [registerAck(message), { kind: 'capabilities-request' }]
    case 'keep-alive':
      return [{ kind: 'keep-alive-ack' }]
    case 'unregister':
      return [{ kind: 'unregister-ack', status: 0 }]
    case 'register-token-request':
      return [{ kind: 'register-token-ack' }]
    case 'version-request':
      return context.load === null ? [] : [{ kind: 'version', load: context.load }]
    case 'time-date-request':
      return [
        {
          kind: 'time-date',
          ...civilTimeOf(context.nowMs),
          unixSeconds: Math.floor(context.nowMs / 1000),
        },
      ]
    default:
      return tablesFor(message, context)
  }
}

/** The tables that a phone asks for between its Register and its TimeDateReq. */
function tablesFor(message: SccpMessage, context: AnswerContext): readonly SccpMessage[] {
  switch (message.kind) {
    case 'button-template-request':
      return [{ kind: 'button-template', offset: 0, total: 1, buttons: [LINE_BUTTON] }]
    case 'soft-key-template-request':
      return [{ kind: 'soft-key-template', offset: 0, total: 1, keys: [NEW_CALL] }]
    case 'soft-key-set-request':
      return [{ kind: 'soft-key-set', offset: 0, total: 1, sets: [NO_KEYS] }]
    case 'config-stat-request':
      return [configStat(context)]
    case 'line-stat-request':
      return [{ kind: 'line-stat', line: message.number, directoryNumber: '', name: '', alias: '' }]
    case 'speed-dial-stat-request':
      return [{ kind: 'speed-dial-stat', number: message.number, dial: '', label: '' }]
    case 'forward-stat-request':
      return [{ kind: 'forward-stat', status: 0, line: message.number, forwards: NOT_FORWARDED }]
    case 'server-request':
      return [{ kind: 'servers', servers: [serverOf(context)] }]
    default:
      return []
  }
}

/** chan-sccp `sccp_enum.in`: 9 is a line. */
const LINE_BUTTON = { instance: 1, type: 9 } as const

/** A label that the phone has in its own language (chan-sccp `sccp_labels.h`), and its event. */
const NEW_CALL = { label: '\x80\x02', event: 2 } as const

/** A phone that is not to call shows no key. That phones accept such a set is inferred. */
const NO_KEYS = { keys: Array<number>(16).fill(0), infos: Array<number>(16).fill(0) } as const

const NOT_FORWARDED = Array.from({ length: 3 }, () => ({ active: 0, number: '' }))

function registerAck({ protocolVersion }: Register): SccpMessage {
  const agreed = Math.min(protocolVersion, MAX_PROTOCOL_VERSION)
  return {
    kind: 'register-ack',
    keepAliveSeconds: KEEP_ALIVE_SECONDS,
    dateTemplate: 'M/D/Y',
    secondaryKeepAliveSeconds: SECONDARY_KEEP_ALIVE_SECONDS,
    protocolVersion: agreed,
    features: featuresOf(agreed),
  }
}

/** The three forms of chan-sccp `sccp_protocol.c`. */
function featuresOf(protocolVersion: number): Uint8Array {
  if (protocolVersion <= 3) return Uint8Array.of(0, 0, 0)
  return Uint8Array.of(0x20, 0xf1, protocolVersion <= 10 ? 0xfe : 0xff)
}

function configStat({ deviceName, instance }: AnswerContext): SccpMessage {
  return {
    kind: 'config-stat',
    deviceName,
    userId: 0,
    instance,
    userName: '',
    serverName: '',
    lines: 1,
    speedDials: 0,
  }
}

function serverOf({ local, localPort }: AnswerContext) {
  return { name: formatIpv4(local), port: localPort, address: local }
}

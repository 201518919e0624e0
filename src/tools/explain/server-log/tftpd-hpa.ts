import { addressIn, portIn } from './addresses.ts'
import type { LineEvent } from './server-event.ts'

/**
 * tftpd-hpa, which logs what is asked for and what is not there; how a transfer ends it never says,
 * but as Red Hat, CentOS and FreePBX build it.
 *
 *     RRQ from 10.20.0.61 filename SIPDefault.cnf
 *     sending NAK (1, File not found) to 10.20.0.61
 *     Client 10.20.0.61 File not found CTLSEP000E84C060A6.tlv
 *     Client 10.20.0.61 finished SIPDefault.cnf
 *     tftpd: write: Operation not permitted
 */
export function readTftpdHpaLine(message: string): readonly LineEvent[] | null {
  const results = readRequest(message) ?? readRefusal(message) ?? readClient(message)
  return results ?? readBsd(message) ?? readFault(message)
}

/**
 * The tftpd of FreeBSD and macOS says how a request was answered, and no more.
 *
 *     10.20.0.61: read request for OS79XX.TXT: success
 */
function readBsd(message: string): readonly LineEvent[] | null {
  const match = /^(?:tftpd: )?(\S{1,64}): read request for (\S.{0,511}?): (\S.{0,100}?)\s*$/.exec(
    message,
  )
  if (match === null) return null
  const [, from = '', name = '', answer = ''] = match
  const client = addressIn(from)
  if (client === undefined) return null
  const request = { kind: 'request', client, name } as const
  if (/^success/i.test(answer)) return [request]
  if (/not found|no such/i.test(answer)) return [request, { kind: 'absent', client, name }]
  return [request, { kind: 'ended', client, name, outcome: 'failed', bytes: null }]
}

function readRequest(message: string): readonly LineEvent[] | null {
  const match = /^RRQ from (\S{1,64}) filename (\S.*?)(?: remapped to .*)?\s*$/.exec(message)
  if (match === null) return null
  const [, from = '', name = ''] = match
  const client = addressIn(from)
  if (client === undefined) return null
  const port = portIn(from)
  return [{ kind: 'request', client, name, ...(port === undefined ? {} : { port }) }]
}

function readRefusal(message: string): readonly LineEvent[] | null {
  const match = /^sending NAK \((\d{1,5}), [^)]*\) to (\S{1,64})\s*$/.exec(message)
  if (match === null) return null
  const [, code, to = ''] = match
  const client = addressIn(to)
  if (client === undefined) return null
  if (code === '1') return [{ kind: 'absent', client, name: null }]
  return [{ kind: 'ended', client, name: null, outcome: 'failed', bytes: null }]
}

function readClient(message: string): readonly LineEvent[] | null {
  const match =
    /^Client (\S{1,64}) (finished|File not found|timed out|failed)(?: (\S.*?))?\s*$/i.exec(message)
  if (match === null) return null
  const [, from = '', said = '', name = null] = match
  const client = addressIn(from)
  if (client === undefined) return null
  if (/^file/i.test(said)) return [{ kind: 'absent', client, name }]
  const outcome = OUTCOMES[said.toLowerCase()] ?? 'failed'
  return [{ kind: 'ended', client, name, outcome, bytes: null }]
}

const OUTCOMES: Readonly<Record<string, 'completed' | 'unheard'>> = {
  finished: 'completed',
  'timed out': 'unheard',
}

/** The program prints its own name before what the system said of a packet. */
function readFault(message: string): readonly LineEvent[] | null {
  const said = /^tftpd: (?:write|oack)(?:\(ack\))?: (\S.{0,100}?)\s*$/.exec(message)?.[1]
  if (said !== undefined)
    return [{ kind: 'blocked', client: null, name: null, by: 'filter', reason: said }]
  return SAYS_NOTHING.test(message) ? [] : null
}

const SAYS_NOTHING =
  /^(?:tftpd: read|cannot set groups|(?:START|EXIT): tftp |tftp: client does not accept options|connect from |remap: |(?:WRQ|OACK) )/

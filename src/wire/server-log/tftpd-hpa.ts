import { addressIn } from './addresses.ts'
import type { LineEvent } from './server-event.ts'

/**
 * tftpd-hpa, which logs what is asked for and what is not there; how a transfer ends it never says.
 *
 *     RRQ from 10.20.0.61 filename SIPDefault.cnf
 *     sending NAK (1, File not found) to 10.20.0.61
 */
export function readTftpdHpaLine(message: string): readonly LineEvent[] | null {
  const request = /^RRQ from (\S{1,64}) filename (\S.*?)(?: remapped to .*)?\s*$/.exec(message)
  if (request !== null) {
    const [, from = '', name = ''] = request
    const client = addressIn(from)
    return client === undefined ? null : [{ kind: 'request', client, name }]
  }
  const refusal = /^sending NAK \((\d{1,5}), [^)]*\) to (\S{1,64})\s*$/.exec(message)
  if (refusal === null) return null
  const [, code, to = ''] = refusal
  const client = addressIn(to)
  if (client === undefined) return null
  if (code === '1') return [{ kind: 'absent', client, name: null }]
  return [{ kind: 'ended', client, name: null, outcome: 'failed', bytes: null }]
}
